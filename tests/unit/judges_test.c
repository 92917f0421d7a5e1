/* What judges is judged: comparisons, expect, and check, which must find the gate that
 * lies. */
#include "typed.h"

#include "engine/gates.h"
#include "explain/explain.h"

static const struct {
    const char *text;
    double is;
} comparisons[] = {
    {"1 ~= 1", 1},
    {"1 ~= 1.0000005", 1},
    {"1 ~= 1.000002", 0},
    {"1.000002 ~= 1", 0},
    {"1 ~= 1.05", 0},
    {"0 ~= 1e-5", 0},
    {"0 ~= -5e-7", 1},
    {"-2 ~= 2", 0},
    {"1000 ~= 1000.01", 0},
    {"0/0 ~= 0/0", 0},
    {"1/0 ~= 1", 0},
    {"min([1, 2, 3] ~= [1, 2.1, 3])", 0},
    {"0.1 + 0.2 == 0.3", 0},
    {"0.1 + 0.2 != 0.3", 1},
    {"2 == 2", 1},
    {"2 != 2", 0},
    {"2 <= 2", 1},
    {"2 >= 2", 1},
    {"2 < 2", 0},
    {"2 > 2", 0},
    {"1 < 2", 1},
    {"2 > 1", 1},
    {"2 <= 1", 0},
    {"1 >= 2", 0},
};

START_TEST(test_comparison) {
    ck_assert_msg(typed_number(comparisons[_i].text) == comparisons[_i].is, "%s",
                  comparisons[_i].text);
}
END_TEST

static const struct {
    const char *text, *error; /* NULL: it holds */
} expectations[] = {
    {"expect 1 ~= 1.0000005", NULL},
    {"expect 1 ~= 1.05", "expect-is"},
    {"expect 1 == 1, 2 == 3", "expect-is"},
    {"expect [1, 2] == [1, 2]", NULL},
    {"expect [1, 2] == [1, 3]", "expect-is"},
    {"expect 0", "expect"},
    {"expect 0/0", "expect-is"},
    {"expect 2", NULL},
};

START_TEST(test_expect) {
    struct error *e = session_try(s, expectations[_i].text, NULL);
    ck_assert_msg(!e == !expectations[_i].error, "%s", expectations[_i].text);
    if (e) ck_assert_str_eq(e->key, expectations[_i].error);
    error_free(e);
}
END_TEST

/* ---- check and grad ---- */

static double liar_share;
static const struct gate *truth;

static void liar_backward(const struct node *n, int k, const real *upstream,
                          real *out_grad) {
    real part[8];
    for (size_t i = 0; i < n->size; i++) part[i] = upstream[i] * liar_share;
    truth->backward(n, k, part, out_grad);
}

/* Says what check (grad: of w) says of E with that share of its product's gradients. */
static const char *judged(double share, bool grad) {
    struct compiled c;
    type("param w = 3; x = 2; y = 1; h = w*x; E = (h - y)^2");
    ck_assert_ptr_null(compile_name(&c, s->board, "E", 0));
    struct node *h = compile_find(&c, "h");
    struct gate liar = *h->gate;
    truth = h->gate;
    liar_share = share;
    liar.backward = liar_backward;
    h->gate = &liar;
    graph_forward(c.graph);
    struct error *e = grad ? explain_grad(&out, &c, compile_find(&c, "w"))
                           : explain_check(&out, &c, s->board);
    ck_assert_ptr_null(e);
    compile_close(&c);
    fflush(out.file);
    return said;
}

static const struct {
    double share;
    bool grad;
    const char *verdict;
} lies[] = {
    {1, false, "check.agree"},
    {1, true, "grad.agree"},
    {-1, false, "check.has-difference"},
    {-1, true, "grad.differ"},
    {0, false, "check.has-difference"},
    {2, false, "check.has-difference"},
    {1.001, false, "check.has-difference"},
    {1.001, true, "grad.differ"},
};

START_TEST(test_lie) {
    char *verdict = out_sentence(&out, lies[_i].verdict, NULL);
    const char *all = judged(lies[_i].share, lies[_i].grad);
    size_t n = strcspn(verdict, " "); /* a long one is broken into lines */
    char *start = strndup(verdict, n + strcspn(verdict + n + 1, " ") + 1);
    ck_assert_msg(strstr(all, start), "%g: no “%s” in\n%s", lies[_i].share, start, all);
    free(start);
    free(verdict);
}
END_TEST

/* Typed: a gradient that is right, and a kink, which is no mistake but is said. */
static const struct {
    const char *line, *verdict;
} looks[] = {
    {"w = 1; check L", "check.has-kink"},
    {"w = 1.000004; check L", "check.has-kink"}, /* right beside it */
    {"w = 1.5; check L", "check.agree"},
    {"w = 1; check E", "check.agree"},
    {"w = 1; grad dE/dw", "grad.agree"},
};

START_TEST(test_look) {
    char *verdict = out_sentence(&out, looks[_i].verdict, NULL);
    type("param w = 3; E = (w - 2)^2; L = abs(w - 1)");
    type(looks[_i].line);
    fflush(out.file);
    verdict[strcspn(verdict, "(,.")] = '\0';
    ck_assert_msg(strstr(said, verdict), "%s: no “%s” in\n%s", looks[_i].line, verdict,
                  said);
    free(verdict);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("judges");
    TCase *c = tcase_create("rows");
    tcase_add_checked_fixture(c, typed_open, typed_close);
    tcase_add_loop_test(c, test_comparison, 0, ROWS(comparisons));
    tcase_add_loop_test(c, test_expect, 0, ROWS(expectations));
    tcase_add_loop_test(c, test_lie, 0, ROWS(lies));
    tcase_add_loop_test(c, test_look, 0, ROWS(looks));
    suite_add_tcase(suite, c);
    return typed_run(suite);
}
