/* A board thrown from the grammar, saved, and run on an empty one: every name stands
 * for the same again, bit for bit, and is shown by the same text. Ten thousand boards,
 * as each is saved after every line; and rows that once did not come back. */
#include "typed.h"

#include "base/random.h"
#include "session/files.h"

static struct session *back; /* where it is run */
static struct dice dice;

static void open_both(void) {
    typed_open();
    back = session_open(&out, tables);
}

static void close_both(void) {
    session_close(back);
    typed_close();
}

/* ---- lines from the grammar ---- */

static int roll(int n) { return (int)(dice_uniform(&dice) * n); }

/* One of the words between the bars. */
static void add_one(struct buf *b, const char *words) {
    int n = 1;
    for (const char *c = words; *c; c++) n += *c == '|';
    for (n = roll(n); n; n--) words = strchr(words, '|') + 1;
    buf_add_n(b, words, strcspn(words, "|"));
}

static const char numbers[] =
    "0|1|2|3|-1|-8|0.1|1/3|-0|-0.0|1/0|-1/0|0/0|-(0/"
    "0)|5e-324|-5e-324|2.2250738585072e-308|"
    "1e308|-1e308|1.7976931348623157e308|1e22|123456789.125|0.30000000000000004|4e-320";
static const char names[] = "x|y|w|v|가설|오차.b|α|_a|E|h|M|d";
static const char shapes[] = "|[1]|[2]|[3]|[2, 3]|[1, 1, 3]|[2, 1]|[1, 3]|[1, 2, 3, 4]";

static void add_formula(struct buf *b, int depth);

static void add_list(struct buf *b, int depth) {
    int n = 1 + roll(3), nested = roll(3) == 0;
    buf_add(b, "[");
    for (int i = 0; i < n; i++) {
        if (i) buf_add(b, ", ");
        if (nested) buf_add(b, "[");
        if (roll(3)) add_one(b, numbers);
        else add_formula(b, depth - 1);
        if (nested) buf_add(b, ", "), add_one(b, numbers), buf_add(b, "]");
    }
    buf_add(b, "]");
}

static void add_call(struct buf *b, int depth, const char *words) {
    add_one(b, words);
    buf_add(b, "(");
    add_formula(b, depth - 1);
    if (roll(3) == 0) buf_add(b, ", "), add_formula(b, depth - 1);
    buf_add(b, ")");
}

static void add_formula(struct buf *b, int depth) {
    switch (depth <= 0 ? roll(3) : roll(16)) {
        case 0: add_one(b, numbers); break;
        case 1:
        case 2: add_one(b, names); break;
        case 3: add_one(b, "dE/dw|∂E/∂x|d가설/dx|∂h/∂α"); break;
        case 4:
            add_one(b, "x[0]|M[0, 0]|v[0..1]|M[.., 0]|W[1]|M[0]|w[.., .., 0]");
            break;
        case 5:
        case 6:
        case 7:
        case 8:
            buf_add(b, "(");
            add_formula(b, depth - 1);
            buf_add(b, ")");
            add_one(b, " + | - | * | / |^|^|^|**| @ | < | >= | == | ~= ");
            buf_add(b, "(");
            add_formula(b, depth - 1);
            buf_add(b, ")");
            break;
        case 9:
            add_one(b, "-|+|-");
            add_formula(b, depth - 1);
            break;
        case 10:
        case 11:
            add_call(b, depth,
                     "now|now|now|sin|exp|relu|sigmoid|abs|round|sum|mean|max|softmax|"
                     "f|제곱");
            break;
        case 12:
            add_call(b, depth, "max|zeros|ones|mse|f|제곱|clip|where|one_hot|argmax");
            break;
        case 13: add_list(b, depth); break;
        default:
            buf_add(b, "((");
            add_formula(b, depth - 1);
            buf_add(b, ") at ");
            add_one(b, names);
            buf_add(b, " = ");
            add_formula(b, depth - 2);
            buf_add(b, ")");
    }
}

static void add_line(struct buf *b) {
    switch (roll(16)) {
        case 0:
        case 1:
            add_one(b, names);
            buf_add(b, " = ");
            add_one(b, numbers);
            break;
        case 2:
        case 3:
            add_one(b, names);
            buf_add(b, " = ");
            add_list(b, 0);
            break;
        case 4:
        case 5:
            buf_add(b, "param ");
            add_one(b, names);
            add_one(b, shapes);
            add_one(b,
                    "| = xavier| = zeros| = normal(0, 0.1)| = uniform(-1, 1)| = 3| = "
                    "f(2)| = now(x)| = [1/0, -8]| = x*2");
            break;
        case 6:
            add_one(b, "f(a) = |f(a, b) = |제곱(수) = |f(α, x, 나) = ");
            add_formula(b, 2);
            add_one(b, "|*a|^a|+ 수| - b");
            break;
        case 7:
            add_one(b, "x[0] = |v[1] = |M[0, 0] = |w -= |w += |α -= "),
                add_one(b, numbers);
            break;
        case 8:
            add_one(
                b,
                "use xor|use or|use X, y|seed 7|seed 3|undo|init E|step E rate 0.1|"
                "descend E rate 0.1 steps 3 every 0|O = dense(X, 2)|O = dense(M, 3)|"
                "X = normal(0, 1, 2, 3)|X = ones(1, 1, 4, 4)|C = conv(X, 2, size=3, "
                "pad=1)|"
                "C = relu(conv(X, 2))|P = maxpool(X, 2)|L = layernorm(M)|D = "
                "dropout(M, 0.3)|"
                "R = lstm(X, 2)|B = batchnorm(M)|T = embedding(X, 3, 2)|net 2-3-1 tanh|"
                "train E epochs 1 batch 2 rate 0.1|reset|w = w - 0.1*dE/dw|X[0, 0] = "
                "1/0");
            break;
        default:
            add_one(b, names);
            buf_add(b, " = ");
            add_formula(b, 3);
    }
}

/* ---- and back ---- */

static bool same_numbers(const struct tensor *t, const struct tensor *u) {
    bool same = t && u ? shape_equal(&t->shape, &u->shape) : t == u;
    for (size_t i = 0; same && t && i < t->size; i++) {
        bool none = t->data[i] != t->data[i] && u->data[i] != u->data[i];
        same = none || memcmp(&t->data[i], &u->data[i], sizeof(real)) == 0;
    }
    return same;
}

static struct tensor *value_of(struct session *of, const char *name) {
    struct compiled c;
    struct tensor *t = NULL;
    struct error *e = compile_name(&c, of->board, name, 0);
    if (!e) {
        graph_forward(c.graph);
        t = tensor_zeros(c.root->shape);
        memcpy(t->data, c.root->value, t->size * sizeof(real));
        compile_close(&c);
    }
    error_free(e);
    return t;
}

static bool same_value(const char *name, const struct def *d) {
    if (d->kind == DEF_FUNCTION) return true;
    struct tensor *t = value_of(s, name), *u = value_of(back, name);
    bool same = same_numbers(t, u);
    tensor_unref(t);
    tensor_unref(u);
    return same;
}

/* As shown: ∂E/∂w is dE/dw, where that is no quotient. */
static void show(struct buf *b, const struct expr *e) {
    struct buf text = {0};
    if (e) expr_print(&text, e);
    for (const char *c = buf_text(&text); *c; c++) {
        bool partial = strncmp(c, "∂", strlen("∂")) == 0;
        buf_add_n(b, partial ? "d" : c, 1);
        if (partial) c += strlen("∂") - 1;
    }
    buf_free(&text);
}

static bool same_text(const struct expr *a, const struct expr *b) {
    struct buf x = {0}, y = {0};
    show(&x, a);
    show(&y, b);
    bool same = strcmp(buf_text(&x), buf_text(&y)) == 0;
    buf_free(&x);
    buf_free(&y);
    return same;
}

/* What is not the same, or NULL. */
static const char *differs(const char *name, const struct def *d, const struct def *e) {
    if (!e) { /* what is broken, or stands on what is, became a comment */
        struct tensor *t = d->kind == DEF_FORMULA ? value_of(s, name) : NULL;
        bool works = t != NULL;
        tensor_unref(t);
        return works || d->kind < DEF_FORMULA ? "is not there" : NULL;
    }
    if (d->broken) return "was broken";
    if (d->kind != e->kind) return "is of another kind";
    if (!shape_equal(&d->shape, &e->shape)) return "has another shape";
    if (d->n_args != e->n_args) return "has other arguments";
    for (int i = 0; i < d->n_args; i++)
        if (strcmp(d->args[i], e->args[i]) != 0) return "has other arguments";
    if (d->kind != DEF_PARAM && !same_text(d->expr, e->expr))
        return "is shown otherwise";
    if (e->broken) return "is broken";
    return same_value(name, d) ? NULL : "has another value";
}

/* How many names there were. */
static int check_saved(const char *typed) {
    struct buf text = {0};
    int n = 0;
    files_write_board(&text, s->board, NULL);
    struct error *e = session_try(back, buf_text(&text), NULL);
    ck_assert_msg(!e, "%s\nis saved as\n%s\nwhich is refused: %s: %s", typed,
                  buf_text(&text), e ? e->key : "", e && e->line ? e->line : "");
    ck_assert_msg(board_state(s->board)->seed == board_state(back->board)->seed,
                  "%s\n%s", typed, buf_text(&text));
    for (size_t i = 0; i < board_count(s->board); i++) {
        const struct slot *slot = board_at(s->board, i);
        if (!slot->def) continue;
        const char *how =
            differs(slot->name, slot->def, board_get(back->board, slot->name));
        ck_assert_msg(!how, "%s\nis saved as\n%s\nwhere %s %s", typed, buf_text(&text),
                      slot->name, how ? how : "");
        n++;
    }
    buf_free(&text);
    return n;
}

START_TEST(test_generated) {
    int saved = 0, programs = 0;
    dice = dice_for(12, "saved", (uint64_t)_i);
    while (programs < 1000) {
        struct buf typed = {0};
        type("reset");
        for (int k = 2 + roll(16); k; k--) {
            struct buf line = {0};
            add_line(&line);
            struct error *e = session_try(s, buf_text(&line), NULL);
            if (!e) buf_printf(&typed, "%s\n", buf_text(&line));
            bool took = !e;
            error_free(e);
            buf_free(&line);
            if (!took) continue;
            board_reset(back->board);
            saved += check_saved(buf_text(&typed));
            programs++;
        }
        buf_free(&typed);
    }
    ck_assert_int_ge(saved, 1000);
}
END_TEST

/* ---- rows ---- */

static const char *const rows[] = {
    "x = 1; o = -8; s = x + now(o)^2",
    "param w = 2; s = sin((w at w = 3)); m = max((w at w = 3), 2); l = [(w at w = 3), "
    "1]; "
    "v = [1, 2, w]; i = v[(w at w = 1)]; t = sum(([w, 1] at w = 3))",
    "a = 1/0; b = -a; c = 0/0; d = now(c)*a; l = [1/0, 0/0, -1/0]; param p = 1/0; f(x) "
    "= x*(1/0)",
    "z = -0; y = 1/z; e = 5e-324; m = [[-0, 5e-324], [1e308, 2]]",
    "x = [1, 2]; h = x @ x; x = [[1, 2, 3]]",
    "f(x) = x^2; param w = f(3); f(x, y) = x*y",
    "가 = 1; 나.다 = 가*2; 함수(수, 또) = 수 + 또; 라 = 함수(가, 나.다)",
    "use xor; param w[2, 1]; O = X @ w; X = X*2",
    "seed 7; use moons; seed 3; param w[2, 2]",
    "a = [[[1, 2, 3]]]; b = ones(1, 1, 1, 3)*2; c = [[1]]; d = [1]",
    "n = 2; A = zeros(n, 3); param w[n] = n; B = w + n",
};

START_TEST(test_row) {
    type(rows[_i]);
    ck_assert_int_gt(check_saved(rows[_i]), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("saved");
    TCase *c = tcase_create("there and back");
    tcase_set_timeout(c, 300);
    tcase_add_checked_fixture(c, open_both, close_both);
    tcase_add_loop_test(c, test_row, 0, ROWS(rows));
    tcase_add_loop_test(c, test_generated, 0, 10);
    suite_add_tcase(suite, c);
    return typed_run(suite);
}
