/* The algebra against numbers: for formulas thrown at random, the derivative that the
 * algebraic method writes is worth what backpropagation says, and so is what it prints,
 * typed in again; multiplied out it is worth the same. */
#include "typed.h"

#include <math.h>

#include "base/random.h"
#include "explain/derive.h"

static const char board[] =
    "param w = 0.7; x = 1.3; y = -0.4; param v = [0.5, -1.25, 2]; u = [1, 2, -0.5]";

static struct dice dice;

static int roll(int n) { return (int)(dice_uniform(&dice) * n); }

static void add_one(struct buf *b, const char *words) {
    int n = 1;
    for (const char *c = words; *c; c++) n += *c == '|';
    for (n = roll(n); n; n--) words = strchr(words, '|') + 1;
    buf_add_n(b, words, strcspn(words, "|"));
}

static void add_formula(struct buf *b, int depth, const char *leaves) {
    switch (depth <= 0 ? 0 : roll(8)) {
        case 0:
        case 1: add_one(b, leaves); break;
        case 2:
        case 3:
        case 4:
            buf_add(b, "(");
            add_formula(b, depth - 1, leaves);
            add_one(b, " + | - |*|*|/");
            add_formula(b, depth - 1, leaves);
            buf_add(b, ")");
            break;
        case 5:
            buf_add(b, "(");
            add_formula(b, depth - 1, leaves);
            add_one(b, ")^2|)^3|)^-1|)^2");
            break;
        default:
            add_one(b, "sin(|cos(|exp(|tanh(|sigmoid(|relu(|abs(|-(|sqrt(|log(");
            add_formula(b, depth - 1, leaves);
            buf_add(b, ")");
    }
}

static bool is_near(double a, double b) {
    return fabs(a - b) <= 1e-9 * fmax(1, fmax(fabs(a), fabs(b)));
}

static bool tensor_is_near(const struct tensor *t, const struct node *w) {
    for (size_t i = 0; t && i < w->size; i++) {
        if (!is_near(t->data[t->size == 1 ? 0 : i], w->grad[i])) return false;
    }
    return t && (t->size == w->size || t->size == 1);
}

/* Printed with its names and typed in again. */
static void check_printed(const char *text, const struct derived *d,
                          const struct node *w) {
    struct buf printed = {0};
    struct program *p;
    sym_print(&printed, d->formula, SYM_NAMES, 17);
    struct expr *e = typed_formula(buf_text(&printed), &p);
    ck_assert_msg(e, "%s: d/d%s is printed %s, which is none", text, w->name,
                  buf_text(&printed));
    struct tensor *t = NULL;
    error_free(compile_value(s->board, e, &t));
    ck_assert_msg(tensor_is_near(t, w), "%s: d/d%s is printed %s", text, w->name,
                  buf_text(&printed));
    tensor_unref(t);
    program_free(p);
    buf_free(&printed);
}

/* True where there is a formula of d text / d wrt to compare. */
static bool check_derivative(const char *text, const char *wrt) {
    struct program *p;
    struct expr *e = typed_formula(text, &p);
    struct compiled c;
    struct derived d = {0};
    ck_assert_msg(e, "%s", text);
    struct error *error = compile_open(&c, s->board, e);
    ck_assert_msg(!error, "%s: %s", text, error ? error->key : "");
    struct node *w = compile_find(&c, wrt);
    bool there = w && c.root->size == 1 && !graph_want(c.graph, c.root, &w, 1);
    if (there) {
        graph_forward(c.graph);
        graph_backward(c.graph, c.root);
        there = isfinite(c.root->value[0]) && fabs(c.root->value[0]) < 1e6;
        for (size_t i = 0; i < w->size; i++) there = there && fabs(w->grad[i]) < 1e6;
        there = there && derive_formula(&d, c.graph, c.root, w);
    }
    if (there) {
        struct tensor *expanded = sym_value(sym_expand(d.arena, d.formula));
        ck_assert_msg(tensor_is_near(d.value, w), "%s: d/d%s", text, wrt);
        ck_assert_msg(tensor_is_near(expanded, w), "%s: d/d%s expanded", text, wrt);
        check_printed(text, &d, w);
        tensor_unref(expanded);
    }
    if (d.arena) derive_free(&d);
    compile_close(&c);
    program_free(p);
    return there;
}

START_TEST(test_scalars) {
    int there = 0;
    type(board);
    dice = dice_for(11, "algebra", (uint64_t)_i);
    for (int i = 0; i < 300; i++) {
        struct buf b = {0};
        add_formula(&b, 4, "w|w|x|y|2|0.5|3|1");
        there += check_derivative(buf_text(&b), "w");
        buf_free(&b);
    }
    ck_assert_msg(there > 100, "%d", there);
}
END_TEST

START_TEST(test_vectors) {
    int there = 0;
    type(board);
    dice = dice_for(12, "algebra", (uint64_t)_i);
    for (int i = 0; i < 300; i++) {
        struct buf b = {0};
        bool loss = roll(3) == 0;
        add_one(&b, loss ? "l1(|l2(|hinge(" : "sum(|mean(");
        add_formula(&b, 3, "v|v|u|w|x|2");
        buf_add(&b, loss ? ", u)" : ")");
        there += check_derivative(buf_text(&b), roll(2) ? "v" : "w");
        buf_free(&b);
    }
    ck_assert_msg(there > 60, "%d", there);
}
END_TEST

/* What it writes, letter by letter. */
static const struct {
    const char *text, *wrt, *formula;
} rows[] = {
    {"(w*x - y)^2", "w", "2·(w·x − y)·x"},
    {"w^3", "w", "3·w²"},
    {"1/w", "w", "−1 / w²"},
    {"x*w + w*x", "w", "2·x"},
    {"w - w", "w", "0"},
    {"exp(2*w)", "w", "2·exp(2·w)"},
};

START_TEST(test_row) {
    struct program *p;
    struct compiled c;
    struct derived d;
    type(board);
    ck_assert_ptr_null(compile_open(&c, s->board, typed_formula(rows[_i].text, &p)));
    graph_forward(c.graph);
    struct node *w = compile_find(&c, rows[_i].wrt);
    ck_assert(derive_formula(&d, c.graph, c.root, w));
    struct buf b = {0};
    sym_print(&b, d.formula, SYM_NAMES, 6);
    ck_assert_str_eq(buf_text(&b), rows[_i].formula);
    buf_free(&b);
    derive_free(&d);
    compile_close(&c);
    program_free(p);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("algebra");
    TCase *c = tcase_create("rows");
    tcase_set_timeout(c, 300);
    tcase_add_checked_fixture(c, typed_open, typed_close);
    tcase_add_loop_test(c, test_scalars, 0, 5);
    tcase_add_loop_test(c, test_vectors, 0, 5);
    tcase_add_loop_test(c, test_row, 0, ROWS(rows));
    suite_add_tcase(suite, c);
    return typed_run(suite);
}
