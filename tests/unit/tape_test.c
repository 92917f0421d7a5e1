/* The tape against the graph's own walk: every formula, with every optimiser, gives the
 * same bits after every step; no step allocates; what is kept of a run is what was. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/compile.h"
#include "board/session.h"
#include "engine/descent.h"
#include "engine/gates.h"
#include "session/run.h"

/* Each defines E. */
static const char *const formulas[] = {
    "x = 1; y = 1; param w = 3; E = (w*x - y)^2",
    "x = [1, 2, 3]; y = x; param w = 3; E = mean((w*x - y)^2)",
    "param w = 3; E = w",
    "param w = -0.5; E = -w * w",
    "param w = 0.5, b = -1; E = (w*b + w/b - b^3 + 2^w)^2",
    "param w = 0.5, b = -1; E = max(w, b) - min(w^2, b^2) + abs(w*b) + prelu(b, w) "
    "+ elu(b, 1) + where(w < b, w, b)",
    "param w = 0.5; E = exp(w) + log(w + 9) + sqrt(w + 9) + sin(w) * cos(w) + "
    "w*tanh(w)",
    "param w = 2; E = sigmoid(w)*tanh(w) + arctan(w) + softsign(w) + relu(w) "
    "+ leaky_relu(-w) + rrelu(-w) + binary_step(w)",
    "param W[3, 2], b[2]; X = [[1, 2, 3], [4, 5, 6]]; E = mean((sigmoid(X @ W + b) - "
    "0.5)^2)",
    "param W[2, 4], b[4], V[4, 1], c[1]; X = [[0,0],[0,1],[1,0],[1,1]]; "
    "y = [[0],[1],[1],[0]]; h = tanh(X @ W + b); E = l2(tanh(h @ V + c), y)",
    "param W[2, 3]; v = [1, -2]; y = [1, 0, 1]; s = sigmoid(v @ W); "
    "E = binary_cross_entropy(s, y) + sum(s) / 7 + l1(s, y) + hinge(v @ W, y)",
    "param W[2, 3]; E = cross_entropy(softmax([[1, 2], [3, 4]] @ W), [2, 0]) + std(W)",
    "param W[40, 5]; c = W[0..39, 0..0]; E = mean((W * c - 1)^2) + sum(W[0..1])^2",
    "param w = 3; x = 2; k = x^2 + 1; unused = w * 5; E = (k*w - x)^2 + k",
};
enum { FORMULAS = sizeof formulas / sizeof *formulas, STEPS = 40 };

struct trial {
    struct out out;
    struct session *s;
    struct compiled c;
    struct node **params;
    size_t n_params;
};

static const struct command *const tables[] = {session_commands, NULL};

static void trial_open(struct trial *t, int i) {
    *t = (struct trial){.out = {.digits = 6, .width = 80}};
    t->s = session_open(&t->out, tables);
    ck_assert_ptr_null(session_try(t->s, formulas[i], NULL));
    ck_assert_ptr_null(compile_name(&t->c, t->s->board, "E", 0));
    t->n_params = compile_params(&t->c, t->s->board, &t->params);
}

static void trial_close(struct trial *t) {
    compile_close(&t->c);
    session_close(t->s);
}

static struct rule rule_of(size_t i) {
    const struct optimiser *o = optimiser_at(i);
    return (struct rule){.optimiser = o, .rate = 0.01, .setting = o->setting};
}

/* One step as the graph walks it, a parameter at a time. */
static void walk(struct trial *t, struct rule rule, real *state, size_t step) {
    for (size_t i = 0; i < t->n_params; i++) {
        struct node *p = t->params[i];
        rule.optimiser->update(p->size, p->value, p->grad, state, rule.rate,
                               rule.setting, step);
        state += p->size * rule.optimiser->state;
    }
    graph_forward(t->c.graph);
    graph_backward(t->c.graph, t->c.root);
}

static void same(const real *a, const real *b, size_t n, int formula, size_t step) {
    ck_assert_msg(memcmp(a, b, n * sizeof *a) == 0, "%s: step %zu: %.17g, not %.17g",
                  formulas[formula], step, a[0], b[0]);
}

START_TEST(test_same_bits) {
    for (size_t o = 0; o < optimiser_count(); o++) {
        struct trial a, b;
        struct descent d;
        real state[1000] = {0};
        trial_open(&a, _i);
        trial_open(&b, _i);
        ck_assert_ptr_null(graph_want(b.c.graph, b.c.root, b.params, (int)b.n_params));
        graph_forward(b.c.graph);
        graph_backward(b.c.graph, b.c.root);
        ck_assert_ptr_null(
            descent_open(&d, a.c.graph, a.c.root, a.params, a.n_params, rule_of(o)));
        descent_look(&d);
        for (size_t step = 1; step <= STEPS; step++) {
            walk(&b, rule_of(o), state, step);
            size_t before = mem_allocations();
            ck_assert(descent_step(&d));
            ck_assert_uint_eq(mem_allocations(), before);
            same(a.c.root->value, b.c.root->value, 1, _i, step);
            for (size_t i = 0; i < a.n_params; i++) {
                const struct node *p = a.params[i], *q = b.params[i];
                same(p->value, q->value, p->size, _i, step);
                same(p->grad, q->grad, p->size, _i, step);
            }
        }
        descent_close(&d);
        trial_close(&a);
        trial_close(&b);
    }
}
END_TEST

/* descent_go takes the same steps, keeps each, and allocates nothing once there is
 * room. */
START_TEST(test_go) {
    struct trial a, b;
    struct descent d, e;
    trial_open(&a, _i);
    trial_open(&b, _i);
    struct rule rule = rule_of(1);
    ck_assert_ptr_null(
        descent_open(&d, a.c.graph, a.c.root, a.params, a.n_params, rule));
    ck_assert_ptr_null(
        descent_open(&e, b.c.graph, b.c.root, b.params, b.n_params, rule));
    descent_look(&d);
    descent_look(&e);
    struct run *r = run_new("E", a.n_params, a.params, d.n_state, false);
    run_rule(r, rule);
    run_add(r, 0, d.loss->value[0], d.numbers);
    run_reserve(r, STEPS);
    struct descent_how how = {.run = r, .most = INFINITY};
    size_t before = mem_allocations(), all = d.n_numbers + d.n_state;
    ck_assert_int_eq(descent_go(&d, STEPS, &how), DESCENT_ENDED);
    ck_assert_uint_eq(mem_allocations(), before);
    ck_assert_uint_eq(r->n_rows, STEPS + 1);
    for (size_t step = 0; step <= STEPS; step++) {
        struct run_row row = run_at(r, run_find(r, step));
        ck_assert_uint_eq(row.step, step);
        same(row.numbers, e.numbers, all, _i, step);
        same(&row.loss, e.loss->value, 1, _i, step);
        ck_assert(descent_step(&e));
    }
    descent_load(&d, run_at(r, 7));
    ck_assert_int_eq(descent_go(&d, 1, &(struct descent_how){.run = r, .most = 0}),
                     d.loss->value[0] != 0 ? DESCENT_EXPLODED : DESCENT_ENDED);
    same(d.numbers, run_at(r, 8).numbers, all, _i, 8);
    run_unref(r);
    trial_close(&a);
    trial_close(&b);
}
END_TEST

int main(void) {
    Suite *s = suite_create("tape");
    TCase *c = tcase_create("formulas");
    tcase_add_loop_test(c, test_same_bits, 0, FORMULAS);
    tcase_add_loop_test(c, test_go, 0, FORMULAS);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
