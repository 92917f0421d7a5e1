/* What is printed reads back as what it was: the same text, the same tree, the same
 * value, bit for bit, for 10,000 formulas thrown from the grammar; and rows of those
 * that once did not. `save` and lessons left in the middle stand on this. */
#include "typed.h"

#include "base/random.h"
#include "session/files.h"

static const char board[] =
    "x = 1.5; y = -2; param w = 3; v = [1, -2, 0.5]; M = [[1, 2, -1], [0.25, -3, 2]]\n"
    "dx = 7; dq = 2; C.W = 4; h = w*x; E = (h - y)^2; f(a) = a^2 - a";

static void open_board(void) {
    typed_open();
    type(board);
}

/* ---- formulas from the grammar ---- */

static struct dice dice;

static int roll(int n) { return (int)(dice_uniform(&dice) * n); }

/* One of the words between the bars. */
static void add_one(struct buf *b, const char *words) {
    int n = 1;
    for (const char *c = words; *c; c++) n += *c == '|';
    for (n = roll(n); n; n--) words = strchr(words, '|') + 1;
    buf_add_n(b, words, strcspn(words, "|"));
}

static void add_formula(struct buf *b, int depth);

static void add_operand(struct buf *b, int depth) {
    bool brackets = roll(2);
    if (brackets) buf_add(b, "(");
    add_formula(b, depth - 1);
    if (brackets && roll(8) == 0) {
        buf_add(b, " at ");
        add_one(b, "x|w");
        buf_add(b, " = ");
        add_formula(b, depth - 2);
        if (roll(2)) buf_add(b, ", y = 2");
    }
    if (brackets) buf_add(b, ")");
}

static void add_listed(struct buf *b, int depth, int n) {
    for (int i = 0; i < n; i++) {
        if (i) buf_add(b, ", ");
        add_operand(b, depth);
    }
}

static void add_formula(struct buf *b, int depth) {
    switch (depth <= 0 ? roll(4) : roll(14)) {
        case 0:
            add_one(b,
                    "0|1|2|10|0.1|1e-7|12345678.9|2.5e300|-3|-0|0.30000000000000004");
            break;
        case 1: add_one(b, "x|y|w|v|M|pi|dx|dq|C.W|h|E"); break;
        case 2: add_one(b, "dE/dw|∂E/∂x|x|2"); break;
        case 3: add_one(b, "v[0]|M[1, 0..1]|M[0]|v[0..1]|[1, 2, 3]|[[1], [2]]"); break;
        case 4:
        case 5:
        case 6:
        case 7: /* spaces, for dx / dq is no derivative */
            add_operand(b, depth);
            add_one(b, " + | - | * | / | / |^|**| @ | < | <= | == | != | ~= ");
            add_operand(b, depth);
            break;
        case 8:
            add_one(b, "-|+");
            add_operand(b, depth);
            break;
        case 9:
            add_one(b, "sin(|exp(|relu(|sigmoid(|f(");
            add_operand(b, depth);
            buf_add(b, ")");
            break;
        case 10:
            add_one(b, "max(|mse(|zeros(|ones(");
            add_listed(b, depth, 1 + roll(2));
            buf_add(b, ")");
            break;
        case 11:
            add_one(b, "sum(|mean(|std(");
            add_operand(b, depth);
            add_one(b, ", axis=0)|, axis=1)|)");
            break;
        case 12:
            buf_add(b, "[");
            add_listed(b, depth, 1 + roll(3));
            buf_add(b, "]");
            break;
        default:
            buf_add(b, "(");
            add_formula(b, depth - 1);
            add_one(b, ")[0]|)[0..1]|)[w - 3]");
    }
}

/* ---- and back ---- */

static bool same_text(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

static bool same_tree(const struct expr *a, int i, const struct expr *b, int j) {
    if (i < 0 || j < 0) return i == j;
    const struct expr_node *n = &a->nodes[i], *m = &b->nodes[j];
    bool same = n->kind == m->kind && same_bits(n->number, m->number) &&
                same_text(n->name, m->name) && same_text(n->wrt, m->wrt) &&
                n->n_kids == m->n_kids && n->n_words == m->n_words &&
                n->n_binds == m->n_binds && same_tree(a, n->axis, b, m->axis);
    for (int k = 0; same && k < n->n_kids; k++)
        same = same_tree(a, n->kids[k], b, m->kids[k]);
    for (int k = 0; same && k < n->n_words; k++)
        same = same_text(n->words[k], m->words[k]);
    for (int k = 0; same && k < n->n_binds; k++) {
        const struct expr_bind *p = &n->binds[k], *q = &m->binds[k];
        same = same_text(p->name, q->name) && p->n_index == q->n_index &&
               same_tree(a, p->value, b, q->value);
    }
    return same;
}

/* Both refused, or the same numbers: what is none (NaN) has a sign of no meaning. */
static bool same_value(const struct expr *a, const struct expr *b) {
    struct tensor *t = NULL, *u = NULL;
    error_free(compile_value(s->board, a, &t));
    error_free(compile_value(s->board, b, &u));
    bool same = t && u ? shape_equal(&t->shape, &u->shape) : t == u;
    for (size_t i = 0; same && t && i < t->size; i++) {
        bool none = t->data[i] != t->data[i] && u->data[i] != u->data[i];
        same = none || same_bits(t->data[i], u->data[i]);
    }
    tensor_unref(t);
    tensor_unref(u);
    return same;
}

/* Prints what text became, reads that, prints it again. */
static void check_there_and_back(const char *text, const struct expr *e, bool tree) {
    struct buf once = {0}, twice = {0};
    expr_print(&once, e);
    struct program *p;
    struct expr *again = typed_formula(buf_text(&once), &p);
    ck_assert_msg(again, "%s is printed as %s, which is none", text, buf_text(&once));
    expr_print(&twice, again);
    ck_assert_str_eq(buf_text(&once), buf_text(&twice));
    bool same = !tree || same_tree(e, e->n - 1, again, again->n - 1);
    ck_assert_msg(same, "%s is printed as %s: another tree", text, buf_text(&once));
    ck_assert_msg(same_value(e, again), "%s is printed as %s: another value", text,
                  buf_text(&once));
    program_free(p);
    buf_free(&once);
    buf_free(&twice);
}

START_TEST(test_generated) {
    int read = 0;
    dice = dice_for(11, "syntax", (uint64_t)_i);
    for (int i = 0; i < 1000; i++) {
        struct buf b = {0};
        add_formula(&b, 4);
        struct program *p;
        struct expr *e = typed_formula(buf_text(&b), &p);
        if (e) check_there_and_back(buf_text(&b), e, true);
        read += e != NULL;
        program_free(p);
        buf_free(&b);
    }
    ck_assert_msg(read > 800, "%d of 1000 can be read", read);
}
END_TEST

/* ---- rows ---- */

static const struct {
    const char *text, *printed; /* NULL: as it stands */
} rows[] = {
    {"(w*x - y)^2", NULL},
    {"-x^2", NULL},
    {"(-x)^2", NULL},
    {"(-3)^2", NULL},
    {"(-0)^2", NULL},
    {"2^-3^2", NULL},
    {"(2^3)^2", NULL},
    {"2^(3^2)", "2^3^2"},
    {"x - (y - w)", NULL},
    {"x*(y/w)", NULL},
    {"(x < y) < w", NULL},
    {"dx / dq", NULL},
    {"w*dx / dq", NULL},
    {"-dx / dq", NULL},
    {"sin(x)/dq", NULL},
    {"x/dE/dw", NULL},
    {"dE/dw/dq", NULL},
    {"∂E/∂x/dq", NULL}, /* dx is a name of its own */
    {"∂E/∂w", "dE/dw"},
    {"sin((x at x = 3))", NULL},
    {"[(x at x = 3), 2]", NULL},
    {"v[(x at x = 1)]", NULL},
    {"(x at x = 3) + 1", NULL},
    {"(x at x = 3) at w = 2", NULL},
    {"x at w = (x at x = 2), y = 3", NULL},
    {"sum(M, axis=(x at x = 1))", NULL},
    {"M[0..1, -1]", NULL},
    {"(x < y)[0]", NULL},
    {"0.1 + 0.2 ~= 0.3", NULL},
};

START_TEST(test_row) {
    struct program *p;
    struct expr *e = typed_formula(rows[_i].text, &p);
    ck_assert_msg(e, "%s", rows[_i].text);
    struct buf b = {0};
    expr_print(&b, e);
    ck_assert_str_eq(buf_text(&b), rows[_i].printed ? rows[_i].printed : rows[_i].text);
    check_there_and_back(rows[_i].text, e, true);
    buf_free(&b);
    program_free(p);
}
END_TEST

/* Numbers that now(…) left behind, as `save` writes them. */
static const struct {
    const char *text, *printed;
} kept[] = {
    {"now(y)^2", "(-2)^2"},         {"2^now(y)", "2^-2"},
    {"now(v)^2", "[1, -2, 0.5]^2"}, {"now(v)[1]", "[1, -2, 0.5][1]"},
    {"now(y)*x", "-2*x"},           {"x - now(y)", "x - -2"},
    {"now(0/0)*x", "0/0*x"},        {"now(1/0) < x", "1/0 < x"},
    {"now(-1/0)^2", "(-1/0)^2"},    {"now([1/0, 2])[0]", "[1/0, 2][0]"},
    {"now(-0)^3", "(-0)^3"},
};

START_TEST(test_kept) {
    struct buf line = {0}, printed = {0};
    buf_printf(&line, "kept = %s", kept[_i].text);
    ck_assert(session_run(s, buf_text(&line), NULL));
    const struct expr *e = board_get(s->board, "kept")->expr;
    if (e) { /* one that names nothing is a value */
        expr_print(&printed, e);
        ck_assert_str_eq(buf_text(&printed), kept[_i].printed);
        check_there_and_back(kept[_i].text, e, false);
    }
    buf_free(&line);
    buf_free(&printed);
}
END_TEST

/* Numbers of every kind, saved and read again. */
START_TEST(test_saved) {
    static const double numbers[] = {0.1,  1.0 / 3, 1e300 * 1e300, -1e300 * 1e300,
                                     -0.0, 5e-324,  1e22,          123456789.125};
    enum { N = sizeof numbers / sizeof *numbers };
    struct tensor *t = tensor_zeros((struct shape){1, {N + 1}});
    memcpy(t->data, numbers, sizeof numbers);
    t->data[N] = 0.0 / 0.0;
    board_set(s->board, "many", def_value(DEF_VALUE, tensor_ref(t)));
    struct buf text = {0};
    files_write_board(&text, s->board, NULL);
    ck_assert(session_run(s, "reset", NULL));
    ck_assert(session_run(s, buf_text(&text), NULL));
    const struct tensor *back = def_tensor(board_get(s->board, "many"));
    for (int i = 0; i < N; i++) ck_assert(same_bits(back->data[i], numbers[i]));
    ck_assert(back->data[N] != back->data[N]);
    tensor_unref(t);
    buf_free(&text);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("syntax");
    TCase *c = tcase_create("there and back");
    tcase_set_timeout(c, 300);
    tcase_add_checked_fixture(c, open_board, typed_close);
    tcase_add_loop_test(c, test_generated, 0, 10);
    tcase_add_loop_test(c, test_row, 0, ROWS(rows));
    tcase_add_loop_test(c, test_kept, 0, ROWS(kept));
    tcase_add_test(c, test_saved);
    suite_add_tcase(suite, c);
    return typed_run(suite);
}
