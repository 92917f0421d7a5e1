/* The engine: the lecture's numbers, optimisers, runs, and what a loop may not do. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/descent.h"
#include "engine/gates.h"

/* E = (w·x − y)^2, or the mean of it where x and y are vectors. */
struct neuron {
    struct graph *g;
    struct node *x, *y, *w, *h, *e, *loss;
};

static struct node *leaf(struct graph *g, const char *name, size_t n, const real *v,
                         bool param) {
    struct tensor *t;
    struct shape s = {n > 1, {n}};
    ck_assert_ptr_null(tensor_new(s, &t));
    memcpy(t->data, v, n * sizeof *v);
    struct node *node = graph_leaf(g, t, name, param);
    tensor_unref(t);
    return node;
}

static struct node *gate(struct graph *g, const char *name, struct node *a,
                         struct node *b) {
    struct node *out, *in[] = {a, b};
    ck_assert_ptr_null(graph_gate(g, gate_find(name), in, b ? 2 : 1, NULL, &out));
    return out;
}

static struct neuron neuron_new(size_t n, const real *x, real w) {
    struct neuron a = {.g = graph_new()};
    a.x = leaf(a.g, "x", n, x, false);
    a.y = leaf(a.g, "y", n, x, false);
    a.w = leaf(a.g, "w", 1, &w, true);
    a.h = gate(a.g, "mul", a.w, a.x);
    a.e = gate(a.g, "sub", a.h, a.y);
    a.loss = gate(a.g, "pow", a.e, graph_constant(a.g, 2));
    if (n > 1) a.loss = gate(a.g, "mean", a.loss, NULL);
    return a;
}

/* ---- where an operand's element stands ---- */

static const struct {
    struct shape a, b, to;
} stretched[] = {
    {{0, {0}}, {0, {0}}, {0, {0}}},
    {{1, {3}}, {0, {0}}, {1, {3}}},
    {{2, {2, 3}}, {1, {3}}, {2, {2, 3}}},
    {{2, {2, 1}}, {2, {2, 3}}, {2, {2, 3}}},
    {{3, {2, 1, 1}}, {4, {2, 2, 3, 2}}, {4, {2, 2, 3, 2}}},
    {{3, {2, 2, 3}}, {3, {2, 1, 3}}, {3, {2, 2, 3}}},
};

/* The number at [i, j] is ij. */
static struct node *digits(struct graph *g, const struct shape *s) {
    struct node *n = graph_leaf_shape(g, s, NULL, false);
    for (size_t i = 0; i < n->size; i++) {
        size_t left = i;
        real place = 1;
        for (int d = s->n - 1; d >= 0; d--, place *= 10) {
            n->value[i] += (real)(left % s->dim[d]) * place;
            left /= s->dim[d];
        }
    }
    return n;
}

START_TEST(test_operand_at) {
    struct graph *g = graph_new();
    struct node *a = digits(g, &stretched[_i].a), *b = digits(g, &stretched[_i].b);
    struct node *n = gate(g, "sub", a, b);
    const struct shape *to = &stretched[_i].to;
    const struct shape *own[] = {&a->shape, &b->shape};
    ck_assert(shape_equal(&n->shape, to));
    graph_forward(g);
    for (size_t i = 0; i < n->size; i++) {
        real want[2] = {0, 0};
        for (int k = 0; k < 2; k++) {
            size_t left = i;
            real place = 1;
            for (int d = to->n - 1; d >= 0; d--, place *= 10) {
                int at = d - (to->n - own[k]->n);
                if (at >= 0 && own[k]->dim[at] > 1)
                    want[k] += (real)(left % to->dim[d]) * place;
                left /= to->dim[d];
            }
            ck_assert_double_eq(n->in[k]->value[graph_operand_at(n, k, i)], want[k]);
        }
        ck_assert_double_eq(n->value[i], want[0] - want[1]);
    }
    graph_free(g);
}
END_TEST

/* ---- the lecture's numbers ---- */

static const struct {
    real w, h, e, loss, slope;
} lecture[] = {{3, 3, 2, 4, 4}, {2, 2, 1, 1, 2}, {-2, -2, -3, 9, -6}, {1, 1, 0, 0, 0}};

START_TEST(test_lecture) {
    struct neuron a = neuron_new(1, (real[]){1}, lecture[_i].w);
    struct node *wrt[] = {a.w, a.h, a.e};
    ck_assert_ptr_null(graph_want(a.g, a.loss, wrt, 3));
    graph_forward(a.g);
    graph_backward(a.g, a.loss);
    ck_assert_double_eq(a.h->value[0], lecture[_i].h);
    ck_assert_double_eq(a.e->value[0], lecture[_i].e);
    ck_assert_double_eq(a.loss->value[0], lecture[_i].loss);
    ck_assert_double_eq(a.w->grad[0], lecture[_i].slope);
    ck_assert_double_eq(a.e->grad[0], 2 * lecture[_i].e);
    graph_free(a.g);
}
END_TEST

START_TEST(test_several_data) { /* 56/3, and so is the slope */
    struct neuron a = neuron_new(3, (real[]){1, 2, 3}, 3);
    ck_assert_ptr_null(graph_want(a.g, a.loss, &a.w, 1));
    graph_forward(a.g);
    graph_backward(a.g, a.loss);
    ck_assert_double_eq_tol(a.loss->value[0], 56.0 / 3, 1e-14);
    ck_assert_double_eq_tol(a.w->grad[0], 56.0 / 3, 1e-14);
    graph_free(a.g);
}
END_TEST

START_TEST(test_jacobian) { /* d(v·v)/dv is a diagonal of 2v */
    struct graph *g = graph_new();
    struct node *v = leaf(g, "v", 3, (real[]){1, 2, 3}, true);
    struct node *q = gate(g, "mul", v, v), *j;
    ck_assert_ptr_null(graph_derivative(g, q, v, &j));
    graph_forward(g);
    for (int r = 0; r < 3; r++) {
        for (int c = 0; c < 3; c++) {
            ck_assert_double_eq(j->value[3 * r + c], r == c ? 2 * v->value[r] : 0);
        }
    }
    struct node *sum = gate(g, "sum", j, NULL);
    struct error *e = graph_want(g, sum, &v, 1);
    ck_assert_str_eq(e->key, "derivative-twice");
    error_free(e);
    graph_free(g);
}
END_TEST

/* ---- descents ---- */

static const struct {
    const char *optimiser;
    real rate;
    real w[4];
} descents[] = {
    {"sgd", 0.1, {3, 2.6, 2.28, 2.024}},
    {"momentum", 0.1, {3, 2.6, 1.92, 1.124}},       /* v = 4, 6.8, 7.96 */
    {"nesterov", 0.1, {3, 2.24, 1.4448, 0.783296}}, /* v = 4, 6.08, 6.3616 */
};

START_TEST(test_descent) {
    struct neuron a = neuron_new(1, (real[]){1}, 3);
    const struct optimiser *o = optimiser_find(descents[_i].optimiser);
    struct descent d;
    ck_assert_ptr_null(descent_open(
        &d, a.g, a.loss, &a.w, 1,
        (struct rule){
            .optimiser = o, .rate = descents[_i].rate, .setting = o->setting}));
    descent_look(&d);
    for (int i = 0; i < 4; i++) {
        ck_assert_double_eq_tol(a.w->value[0], descents[_i].w[i], 1e-12);
        ck_assert(descent_step(&d));
    }
    descent_close(&d);
    graph_free(a.g);
}
END_TEST

START_TEST(test_adam_by_hand) { /* any gradient 1: −0.1, −0.2, −0.3 */
    real w = 0, g = 1, state[2] = {0};
    for (size_t t = 1; t <= 3; t++) {
        optimiser_find("adam")->update(1, &w, &g, state, 0.1, 0, t);
        ck_assert_double_eq_tol(w, -0.1 * (real)t, 1e-8);
    }
}
END_TEST

/* Gradients 1, −2, 0: m = 0.1, −0.11, −0.099; v = 0.001, 0.004999, 0.004994001; each
 * over 1 − β^t, then 0.1·m/√v. β1 = 0.9, β2 = 0.999. */
START_TEST(test_adam_uneven) {
    const real gradients[] = {1, -2, 0};
    const real m[] = {0.1, -0.11, -0.099}, v[] = {0.001, 0.004999, 0.004994001};
    real w = 0, should = 0, state[2] = {0};
    for (size_t t = 1; t <= 3; t++) {
        optimiser_find("adam")->update(1, &w, &gradients[t - 1], state, 0.1, 0, t);
        real grown = 1 - pow(0.9, (real)t), spread = 1 - pow(0.999, (real)t);
        should -= 0.1 * (m[t - 1] / grown) / sqrt(v[t - 1] / spread);
        ck_assert_double_eq_tol(w, should, 1e-8);
    }
}
END_TEST

START_TEST(test_no_allocation) {
    struct neuron a = neuron_new(3, (real[]){1, 2, 3}, 3);
    struct descent d;
    const struct optimiser *o = optimiser_find("adam");
    ck_assert_ptr_null(
        descent_open(&d, a.g, a.loss, &a.w, 1,
                     (struct rule){.optimiser = o, .rate = 0.01, .setting = 0}));
    descent_look(&d);
    size_t before = mem_allocations();
    for (int i = 0; i < 1000; i++) ck_assert(descent_step(&d));
    ck_assert_uint_eq(mem_allocations(), before);
    ck_assert(fabs(a.w->value[0] - 1) < 0.1);
    descent_close(&d);
    graph_free(a.g);
}
END_TEST

START_TEST(test_explosion_is_put_back) {
    struct neuron a = neuron_new(1, (real[]){1}, 3);
    struct descent d;
    const struct optimiser *o = optimiser_find("sgd");
    ck_assert_ptr_null(
        descent_open(&d, a.g, a.loss, &a.w, 1,
                     (struct rule){.optimiser = o, .rate = 1e200, .setting = 0}));
    descent_look(&d);
    while (descent_step(&d)) {}
    ck_assert(isfinite(a.w->value[0]));
    ck_assert(isfinite(a.loss->value[0]));
    ck_assert_double_eq(a.w->value[0], d.numbers[0]);
    descent_close(&d);
    graph_free(a.g);
}
END_TEST

/* ---- runs ---- */

START_TEST(test_run_is_thinned) { /* a row as large as an eighth of the budget */
    size_t n = RUN_BUDGET / sizeof(real) / 8;
    struct node param = {.name = "w", .size = n, .shape = {1, {n}}},
                *params[] = {&param};
    struct run *r = run_new("E", 1, params, 0, false);
    real *numbers = mem_alloc(n, sizeof *numbers);
    run_rule(r, (struct rule){
                    .optimiser = optimiser_find("sgd"), .rate = 0.1, .setting = 0});
    for (size_t step = 0; step <= 41; step++) {
        numbers[0] = (real)step;
        run_add(r, step, (real)step, numbers);
        ck_assert_uint_eq(run_at(r, r->n_rows - 1).step, step);
        ck_assert_uint_eq(run_at(r, 0).step, 0);
    }
    ck_assert_uint_lt(r->n_rows, 9);
    ck_assert_uint_le(r->n_rows * r->width * sizeof(real), RUN_BUDGET);
    for (size_t i = 0; i < r->n_rows; i++) {
        ck_assert_double_eq(run_at(r, i).numbers[0], (real)run_at(r, i).step);
        ck_assert_double_eq(run_at(r, i).loss, (real)run_at(r, i).step);
    }
    for (size_t step = 0; step <= 41; step++) {
        size_t near = run_at(r, run_find(r, step)).step;
        ck_assert(near <= step && near + r->stride > step);
    }
    struct run *copy = run_copy(r, 3);
    run_unref(r);
    ck_assert_uint_eq(copy->n_rows, 3);
    ck_assert_double_eq(run_at(copy, 2).numbers[0], (real)run_at(copy, 2).step);
    run_unref(copy);
    free(numbers);
}
END_TEST

/* Undo keeps a run as it was while another goes on from it, in the same book. */
START_TEST(test_run_is_shared) {
    struct node param = {.name = "w", .size = 1}, *params[] = {&param};
    struct run *was = run_new("E", 1, params, 0, false);
    for (size_t step = 0; step < 100; step++) {
        run_add(was, step, (real)step, &(real){(real)step});
    }
    struct run *now = run_copy(was, was->n_rows);
    run_rule(now, (struct rule){0});
    run_add(now, 100, 1, &(real){-1});
    ck_assert_uint_eq(was->n_rows, 100);
    ck_assert_uint_eq(was->n_rules, 0);
    ck_assert_double_eq(run_at(now, 100).numbers[0], -1);
    ck_assert_uint_lt(run_bytes(was, now), 2 * sizeof *was);
    /* from where another went on: a way of its own, and neither sees the other's */
    run_add(was, 100, 2, &(real){-2});
    ck_assert_double_eq(run_at(was, 100).numbers[0], -2);
    ck_assert_double_eq(run_at(now, 100).numbers[0], -1);
    ck_assert_double_eq(run_at(was, 99).numbers[0], 99);
    ck_assert_uint_gt(run_bytes(was, now), 100 * 2 * sizeof(real));
    struct run *early = run_copy(now, 50);
    run_add(early, 50, 3, &(real){-3});
    ck_assert_double_eq(run_at(early, 50).numbers[0], -3);
    ck_assert_double_eq(run_at(now, 50).numbers[0], 50);
    run_unref(was);
    run_unref(early);
    ck_assert_double_eq(run_at(now, 99).loss, 99);
    run_unref(now);
}
END_TEST

START_TEST(test_run_rules) {
    struct node param = {.name = "w", .size = 1}, *params[] = {&param};
    const struct optimiser *sgd = optimiser_find("sgd");
    struct run *r = run_new("E", 1, params, 0, false);
    for (size_t step = 0; step <= 30; step++) { /* 0.1 ten times, by hand, then 0.2 */
        run_add(r, step, 0, &(real){0});
        run_rule(r, step == 10 ? (struct rule){0}
                    : step < 10
                        ? (struct rule){.optimiser = sgd, .rate = 0.1, .setting = 0}
                        : (struct rule){.optimiser = sgd, .rate = 0.2, .setting = 0});
    }
    ck_assert_uint_eq(r->n_rules, 3);
    ck_assert_double_eq(run_rule_at(r, 9).rate, 0.1);
    ck_assert_ptr_null(run_rule_at(r, 10).optimiser);
    ck_assert_double_eq(run_rule_at(r, 11).rate, 0.2);
    struct run *copy = run_copy(r, 6);
    ck_assert_uint_eq(copy->n_rules, 1);
    run_unref(copy);
    run_unref(r);
}
END_TEST

/* ---- size ---- */

START_TEST(test_hundred_thousand_gates) {
    struct graph *g = graph_new();
    struct node *w = leaf(g, "w", 1, (real[]){1}, true), *n = w;
    for (int i = 0; i < 100000; i++) n = gate(g, "add", n, w);
    ck_assert_ptr_null(graph_want(g, n, &w, 1));
    graph_forward(g);
    graph_backward(g, n);
    ck_assert_double_eq(n->value[0], 100001);
    ck_assert_double_eq(w->grad[0], 100001);
    graph_free(g);
}
END_TEST

static const struct {
    struct shape shape;
    const char *key, *memory;
} too_large[] = {
    {{2, {1000000, 1000000}}, "too-large", "7.28 TiB"},
    {{4, {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX}}, "too-large", NULL},
    {{2, {3, 0}}, "empty-shape", NULL},
};

START_TEST(test_too_large) {
    struct tensor *t;
    struct error *e = tensor_new(too_large[_i].shape, &t);
    ck_assert_str_eq(e->key, too_large[_i].key);
    if (too_large[_i].memory) {
        ck_assert_str_eq(error_value(e, "memory"), too_large[_i].memory);
    }
    error_free(e);
}
END_TEST

static const struct {
    struct shape shape;
    size_t most;
    const char *shown;
} shown[] = {
    {{0, {0}}, 6, "0"},
    {{1, {3}}, 6, "[0, 1, 2]"},
    {{2, {2, 2}}, 6, "[[0, 1], [2, 3]]"},
    {{1, {100}}, 6, "[0, 1, 2, …, 97, 98, 99]"},
    {{2, {3, 1}}, 6, "[[0], [1], [2]]"},
};

static const struct {
    struct shape shape;
    size_t most;
    int indent, width;
    const char *shown;
} rows_shown[] = {
    {{1, {3}}, 100, 4, 80, "[0, 1, 2]"},
    {{2, {3, 4}},
     100,
     4,
     24,
     "[[ 0,  1,  2,  3],\n     [ 4,  5,  6,  7],\n"
     "     [ 8,  9, 10, 11]]"},
    {{1, {12}}, 100, 2, 22, "[ 0,  1,  2,  3,  4,\n    5,  6,  7,  8,  9,\n   10, 11]"},
    {{2, {5, 1}}, 100, 0, 14, "[[0], [1],\n [2], [3],\n [4]]"},
    {{2, {50, 2}}, 4, 0, 10, "[[ 0,  1],\n …,\n [98, 99]]"},
};

START_TEST(test_tensor_print_rows) {
    real v[100];
    struct buf b = {0};
    for (int i = 0; i < 100; i++) v[i] = i;
    tensor_print_rows(&b, &rows_shown[_i].shape, v, 6, rows_shown[_i].most,
                      rows_shown[_i].indent, rows_shown[_i].width);
    ck_assert_str_eq(buf_text(&b), rows_shown[_i].shown);
    buf_free(&b);
}
END_TEST

START_TEST(test_tensor_print) {
    real v[100];
    struct buf b = {0};
    for (int i = 0; i < 100; i++) v[i] = i;
    tensor_print(&b, &shown[_i].shape, v, 6, shown[_i].most);
    ck_assert_str_eq(buf_text(&b), shown[_i].shown);
    buf_free(&b);
}
END_TEST

/* One result for each row of a table. */
#define ADD_ROWS(c, test, table) \
    tcase_add_loop_test(c, test, 0, (int)(sizeof table / sizeof *table))

int main(void) {
    Suite *s = suite_create("engine");
    TCase *c = tcase_create("numbers");
    ADD_ROWS(c, test_operand_at, stretched);
    ADD_ROWS(c, test_lecture, lecture);
    tcase_add_test(c, test_several_data);
    tcase_add_test(c, test_jacobian);
    ADD_ROWS(c, test_descent, descents);
    tcase_add_test(c, test_adam_by_hand);
    tcase_add_test(c, test_adam_uneven);
    tcase_add_test(c, test_no_allocation);
    tcase_add_test(c, test_explosion_is_put_back);
    tcase_add_test(c, test_run_is_thinned);
    tcase_add_test(c, test_run_is_shared);
    tcase_add_test(c, test_run_rules);
    tcase_add_test(c, test_hundred_thousand_gates);
    ADD_ROWS(c, test_too_large, too_large);
    ADD_ROWS(c, test_tensor_print, shown);
    ADD_ROWS(c, test_tensor_print_rows, rows_shown);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
