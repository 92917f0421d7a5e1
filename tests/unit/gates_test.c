/* Every gate's row against finite differences: what backward(n, k, …) adds for operand
 * k must be what nudging operand k does, measured from both sides. And against its
 * float kernel, of every set of instructions that this machine runs. A new row takes
 * the cases of "*"; where they do not fit it, the test fails until it has cases of its
 * own. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "engine/gates.h"
#include "engine/graph.h"
#include "engine/smooth.h"
#include "export/torch.h"
#include "train/kernels.h"

/* Shapes each gate is tried with: one line a case, operands in order. A gate that is
 * not named here takes every line of "*" that has its number of operands. */
enum { OPERANDS = 5 };
static const struct {
    const char *gate;
    int n_in;
    struct shape in[OPERANDS];
    struct attr attr;
} cases[] = {
    {"*", 1, {{0, {0}}}, {0}},
    {"*", 1, {{1, {3}}}, {0}},
    {"*", 1, {{3, {2, 3, 2}}}, {0}},
    {"*", 2, {{0, {0}}, {0, {0}}}, {0}},
    {"*", 2, {{1, {3}}, {1, {3}}}, {0}},
    {"*", 2, {{2, {2, 3}}, {1, {3}}}, {0}},
    {"*", 2, {{1, {3}}, {2, {2, 3}}}, {0}},
    {"*", 2, {{3, {2, 2, 3}}, {3, {2, 1, 3}}}, {0}},
    {"*", 2, {{0, {0}}, {2, {2, 2}}}, {0}},
    {"*", 3, {{1, {3}}, {1, {3}}, {0, {0}}}, {0}},
    {"*", 3, {{2, {2, 3}}, {1, {3}}, {2, {2, 1}}}, {0}},
    {"sum", 1, {{2, {2, 3}}}, {.has_axis = true, .axis = 1}},
    {"sum", 1, {{3, {2, 3, 2}}}, {.has_axis = true, .axis = 0}},
    {"mean", 1, {{3, {2, 3, 2}}}, {.has_axis = true, .axis = 1}},
    {"std", 1, {{1, {4}}}, {0}},
    {"std", 1, {{3, {2, 3, 2}}}, {.has_axis = true, .axis = 1}},
    {"var", 1, {{1, {4}}}, {0}},
    {"var", 1, {{3, {2, 3, 2}}}, {.has_axis = true, .axis = 1}},
    {"norm", 1, {{3, {2, 3, 2}}}, {0}},
    {"norm", 1, {{3, {2, 3, 2}}}, {.has_axis = true, .axis = 0}},
    {"prod", 1, {{1, {4}}}, {0}},
    {"prod", 1, {{3, {2, 3, 2}}}, {.has_axis = true, .axis = 2}},
    {"softmax", 1, {{0, {0}}}, {0}},
    {"softmax", 1, {{3, {2, 3, 2}}}, {0}},
    {"softmax", 1, {{2, {3, 4}}}, {.has_axis = true, .axis = 0}},
    {"softmax", 1, {{3, {2, 3, 2}}}, {.has_axis = true, .axis = 1}},
    {"solve", 2, {{2, {1, 1}}, {1, {1}}}, {0}},
    {"solve", 2, {{2, {3, 3}}, {1, {3}}}, {0}},
    {"solve", 2, {{2, {4, 4}}, {2, {4, 2}}}, {0}},
    {"max", 1, {{3, {2, 3, 2}}}, {.has_axis = true, .axis = 2}},
    {"max", 2, {{1, {3}}, {1, {3}}}, {0}},
    {"min", 1, {{1, {5}}}, {0}},
    {"min", 2, {{2, {2, 3}}, {1, {3}}}, {0}},
    {"matmul", 2, {{1, {3}}, {1, {3}}}, {0}},
    {"matmul", 2, {{2, {2, 3}}, {1, {3}}}, {0}},
    {"matmul", 2, {{1, {3}}, {2, {3, 2}}}, {0}},
    {"matmul", 2, {{2, {4, 3}}, {2, {3, 2}}}, {0}},
    {"list", 3, {{1, {2}}, {1, {2}}, {1, {2}}}, {0}},
    {"index", 1, {{2, {4, 3}}}, {.n_index = 1, .index = {{1, 2, false}}}},
    {"index", 1, {{2, {4, 3}}}, {.n_index = 2, .index = {{1, 3, false}, {2, 2, true}}}},
    {"conv", 2, {{4, {2, 2, 5, 5}}, {4, {3, 2, 3, 3}}}, {.stride = 1, .pad = 1}},
    {"conv", 3, {{4, {1, 1, 5, 7}}, {4, {2, 1, 3, 3}}, {1, {2}}}, {.stride = 2}},
    {"conv",
     3,
     {{4, {2, 2, 4, 4}}, {4, {2, 2, 1, 3}}, {1, {2}}},
     {.stride = 1, .pad = 1}},
    {"conv",
     3,
     {{4, {2, 3, 7, 5}}, {4, {2, 3, 3, 3}}, {1, {2}}},
     {.stride = 2, .pad = 1}},
    {"conv", 2, {{4, {1, 2, 7, 4}}, {4, {3, 2, 2, 2}}}, {.stride = 3, .pad = 2}},
    {"conv", 2, {{4, {3, 4, 3, 3}}, {4, {5, 4, 1, 1}}}, {.stride = 1}},
    {"conv", 3, {{4, {2, 1, 4, 4}}, {4, {6, 1, 4, 4}}, {1, {6}}}, {.stride = 1}},
    {"maxpool", 1, {{4, {2, 2, 4, 4}}}, {.count = 2, .stride = 2}},
    {"maxpool", 1, {{4, {1, 2, 5, 5}}}, {.count = 3, .stride = 1}},
    {"maxpool", 1, {{4, {2, 3, 7, 5}}}, {.count = 3, .stride = 2}},
    {"maxpool", 1, {{4, {1, 1, 5, 8}}}, {.count = 2, .stride = 3}},
    {"avgpool", 1, {{4, {2, 1, 5, 5}}}, {.count = 3, .stride = 2}},
    {"avgpool", 1, {{4, {2, 2, 4, 6}}}, {.count = 2, .stride = 2}},
    {"avgpool", 1, {{4, {1, 2, 4, 4}}}, {.count = 3, .stride = 1}},
    {"conv", 2, {{4, {1, 2, 6, 5}}, {4, {2, 2, 3, 3}}}, {.stride = 2, .drops = true}},
    {"maxpool",
     1,
     {{4, {1, 2, 6, 5}}},
     {.count = 3, .stride = 2, .pad = 1, .drops = true}},
    {"maxpool", 1, {{4, {2, 1, 5, 5}}}, {.count = 2, .stride = 2, .drops = true}},
    {"avgpool", 1, {{4, {1, 2, 5, 5}}}, {.count = 3, .stride = 2, .pad = 1}},
    {"flatten", 1, {{3, {2, 3, 2}}}, {0}},
    {"reshape", 1, {{2, {3, 4}}}, {.shape = {2, {SIZE_MAX, 6}}}},
    {"transpose", 1, {{2, {3, 4}}}, {0}},
    {"transpose", 1, {{3, {2, 3, 4}}}, {0}},
    {"concat", 2, {{2, {2, 3}}, {2, {2, 4}}}, {0}},
    {"concat",
     3,
     {{3, {2, 1, 2}}, {3, {2, 2, 2}}, {3, {2, 1, 2}}},
     {.has_axis = true, .axis = 1}},
    {"cross_entropy", 2, {{2, {3, 4}}, {2, {3, 4}}}, {0}},
    {"cross_entropy", 2, {{1, {4}}, {1, {4}}}, {0}},
    {"cross_entropy", 2, {{2, {5, 3}}, {1, {5}}}, {0}},
    {"cross_entropy", 2, {{2, {4, 7}}, {2, {4, 1}}}, {0}},
    {"cross_entropy", 2, {{1, {3}}, {0, {0}}}, {0}},
    {"accuracy", 2, {{2, {5, 3}}, {1, {5}}}, {0}},
    {"accuracy", 2, {{2, {4, 7}}, {2, {4, 7}}}, {0}},
    {"one_hot", 1, {{1, {4}}}, {.count = 3}},
    {"one_hot", 1, {{2, {4, 1}}}, {.count = 5}},
    {"layernorm", 3, {{2, {3, 4}}, {1, {4}}, {1, {4}}}, {.epsilon = 1e-5}},
    {"layernorm", 3, {{3, {2, 2, 3}}, {1, {3}}, {1, {3}}}, {.epsilon = 0.1}},
    {"batchnorm",
     5,
     {{2, {4, 3}}, {1, {3}}, {1, {3}}, {1, {3}}, {1, {3}}},
     {.epsilon = 1e-5}},
    {"batchnorm",
     5,
     {{4, {2, 3, 2, 2}}, {1, {3}}, {1, {3}}, {1, {3}}, {1, {3}}},
     {.epsilon = 1e-5}},
    {"batchnorm",
     5,
     {{3, {2, 3, 2}}, {1, {2}}, {1, {2}}, {1, {2}}, {1, {2}}},
     {.epsilon = 1e-5}},
    {"batchnorm",
     5,
     {{1, {5}}, {1, {1}}, {1, {1}}, {1, {1}}, {1, {1}}},
     {.epsilon = 1e-5}},
    {"embedding", 2, {{2, {3, 2}}, {2, {4, 3}}}, {0}},
    {"embedding", 2, {{1, {5}}, {2, {3, 2}}}, {0}},
    {"rnn", 4, {{3, {2, 3, 2}}, {2, {2, 3}}, {2, {3, 3}}, {1, {3}}}, {0}},
    {"rnn", 4, {{3, {2, 1, 1}}, {2, {1, 2}}, {2, {2, 2}}, {1, {2}}}, {.all = true}},
    {"lstm", 4, {{3, {2, 3, 2}}, {2, {2, 12}}, {2, {3, 12}}, {1, {12}}}, {0}},
    {"lstm", 4, {{3, {1, 4, 3}}, {2, {3, 8}}, {2, {2, 8}}, {1, {8}}}, {.all = true}},
    {"gru", 4, {{3, {2, 3, 2}}, {2, {2, 9}}, {2, {3, 9}}, {1, {9}}}, {0}},
    {"gru", 4, {{3, {1, 4, 3}}, {2, {3, 6}}, {2, {2, 6}}, {1, {6}}}, {.all = true}},
};
enum { CASES = sizeof cases / sizeof *cases };

static bool has_own_cases(const char *gate) {
    for (int i = 0; i < CASES; i++) {
        if (strcmp(cases[i].gate, gate) == 0) return true;
    }
    return false;
}

/* Classes where operand k of a case holds class numbers, which have no slope; else
 * 0. */
static size_t classes_in(int c, int k) {
    const struct shape *first = &cases[c].in[0];
    if (strcmp(cases[c].gate, "one_hot") == 0) return (size_t)cases[c].attr.count;
    if (strcmp(cases[c].gate, "embedding") == 0) return k ? 0 : cases[c].in[1].dim[0];
    bool rows = strcmp(cases[c].gate, "cross_entropy") == 0 ||
                strcmp(cases[c].gate, "accuracy") == 0;
    bool numbers = rows && k == 1 && !shape_equal(first, &cases[c].in[1]);
    return numbers ? first->dim[first->n - 1] : 0;
}

struct trial { /* one gate on operands of its own, the result summed with weights */
    struct graph *g;
    struct node *in[OPERANDS], *n;
    real weights[256];
};

static bool open_trial(struct trial *t, const struct gate *gate, int c) {
    struct dice d = dice_for(1, gate->name, (uint64_t)c);
    *t = (struct trial){.g = graph_new()};
    for (int k = 0; k < cases[c].n_in; k++) {
        struct tensor *v;
        ck_assert_ptr_null(tensor_new(cases[c].in[k], &v));
        double from = gate->test_from, to = gate->test_to;
        if (from == to) from = -2, to = 2;
        for (size_t i = 0; i < v->size; i++) {
            v->data[i] = from + (to - from) * dice_uniform(&d);
            size_t classes = classes_in(c, k);
            if (classes) v->data[i] = floor(dice_uniform(&d) * (double)classes);
        }
        t->in[k] = graph_leaf(t->g, v, "operand", true);
        tensor_unref(v);
    }
    struct error *e =
        graph_gate(t->g, gate, t->in, cases[c].n_in, &cases[c].attr, &t->n);
    bool slopes = !(gate->flags & GATE_NO_GRADIENT);
    if (!e && slopes) e = graph_want(t->g, t->n, t->in, cases[c].n_in);
    for (int i = 0; i < 256; i++) t->weights[i] = dice_uniform(&d) + 0.5;
    graph_set_step(t->g, 1, 1); /* dropout drops */
    bool ok = !e && t->n->size <= 256;
    error_free(e);
    return ok;
}

static real weighted(struct trial *t) {
    real sum = 0;
    graph_forward(t->g);
    for (size_t i = 0; i < t->n->size; i++) sum += t->weights[i] * t->n->value[i];
    return sum;
}

static int try_case(const struct gate *gate, int c) {
    struct trial t;
    int tried = 0;
    ck_assert_msg(open_trial(&t, gate, c), "%s refuses case %d", gate->name, c);
    weighted(&t);
    graph_backward_from(t.g, t.n, t.weights);
    for (int k = 0; k < cases[c].n_in; k++) {
        for (size_t i = 0; !classes_in(c, k) && i < t.in[k]->size; i++, tried++) {
            const real nudge = 1e-5;
            real *v = &t.in[k]->value[i], was = *v;
            *v = was + nudge;
            real up = weighted(&t);
            *v = was - nudge;
            real down = weighted(&t);
            *v = was;
            ck_assert_msg(
                fabs((up - down) / (2 * nudge) - t.in[k]->grad[i]) <
                    1e-6 * fmax(1, fabs(t.in[k]->grad[i])),
                "%s, case %d, operand %d [%zu]: %.9g by nudging, %.9g backward",
                gate->name, c, k, i, (up - down) / (2 * nudge), t.in[k]->grad[i]);
        }
    }
    graph_free(t.g);
    return tried;
}

/* Runs try on the row's own cases, or on those of "*"; returns what they add up to. */
static int try_cases(const struct gate *gate, int (*try)(const struct gate *, int)) {
    bool own = has_own_cases(gate->name);
    int tried = 0;
    for (int c = 0; c < CASES; c++) {
        bool mine = strcmp(cases[c].gate, own ? gate->name : "*") == 0;
        bool fits = cases[c].n_in >= gate->min_in &&
                    (gate->max_in == GATE_ANY || cases[c].n_in <= gate->max_in);
        if (mine && fits) tried += try(gate, c);
    }
    return tried;
}

START_TEST(test_differences) {
    const struct gate *gate = gate_at((size_t)_i);
    if (gate->flags & (GATE_NO_GRADIENT | GATE_FLAT)) return;
    if (gate_find(gate->name) != gate) return; /* tried by the row above */
    ck_assert_msg(try_cases(gate, try_case) > 0, "no case for %s", gate->name);
}
END_TEST

/* ---- the same row in float ---- */

/* A copy of n whose numbers are floats: float kernels are given nodes like it. */
static struct node floats_of(const struct node *n) {
    struct node f = *n;
    float *v = calloc(n->size + 1, sizeof *v);
    for (size_t i = 0; i < n->size; i++) v[i] = (float)n->value[i];
    f.value = (real *)(void *)v;
    f.grad = NULL;
    f.room = NULL;
    if (n->gate && n->gate->room) f.room = calloc(n->gate->room(n), sizeof(float));
    return f;
}

static void same(const struct gate *gate, int c, const char *what, const float *is,
                 const real *should, size_t n) {
    for (size_t i = 0; i < n; i++) {
        double room = 1e-5 * (1 + fabs(should[i]));
        ck_assert_msg(fabs((double)is[i] - should[i]) < room,
                      "%s, case %d, %s [%zu]: %.9g in float, %.9g in double",
                      gate->name, c, what, i, (double)is[i], should[i]);
    }
}

static int try_float_of(const struct gate *gate, int c, struct trial *t,
                        const struct kernels *set) {
    const struct gate *row = set->gate(gate_place(t->n->gate));
    struct node in[OPERANDS], *operands[OPERANDS], n = floats_of(t->n);
    float up[256];
    ck_assert_ptr_nonnull(row);
    for (int k = 0; k < cases[c].n_in; k++) {
        in[k] = floats_of(t->in[k]);
        operands[k] = &in[k];
    }
    for (int i = 0; i < 256; i++) up[i] = (float)t->weights[i];
    memset(n.value, 0xff, n.size * sizeof(float)); /* nan: all of it must be written */
    n.in = operands;
    n.gate = row;
    row->forward(&n);
    same(gate, c, "forward", (float *)(void *)n.value, t->n->value, n.size);
    for (int k = 0; k < cases[c].n_in && t->in[k]->grad; k++) {
        float *out = calloc(in[k].size + 1, sizeof *out);
        row->backward(&n, k, (real *)(void *)up, (real *)(void *)out);
        same(gate, c, "backward", out, t->in[k]->grad, in[k].size);
        free(out);
    }
    for (int k = 0; k < cases[c].n_in; k++) free(in[k].value);
    free(n.value);
    free(n.room);
    return 1;
}

static int try_float(const struct gate *gate, int c) {
    struct trial t;
    int tried = 0;
    ck_assert_msg(open_trial(&t, gate, c), "%s refuses case %d", gate->name, c);
    weighted(&t);
    if (!(gate->flags & GATE_NO_GRADIENT)) graph_backward_from(t.g, t.n, t.weights);
    for (size_t i = 0; kernels_at(i); i++) {
        tried += try_float_of(gate, c, &t, kernels_at(i));
    }
    graph_free(t.g);
    return tried;
}

/* ---- values by hand: kinks, ties, holes, strides ---- */

/* What a gate must give, and what each operand must get for 1 on every number out.
 * Here finite differences have nothing to say, or would agree with a fault that forward
 * and backward share. */
static const struct {
    const char *gate;
    struct attr attr;
    int n_in;
    struct {
        struct shape shape;
        real v[12], slope[12];
    } in[OPERANDS];
    real value[12];
} by_hand[] = {
    /* at 0: relu passes, the absolute value and l1 are flat */
    {"relu", {0}, 1, {{{1, {3}}, {-1, 0, 2}, {0, 1, 1}}}, {0, 0, 2}},
    {"abs", {0}, 1, {{{1, {3}}, {-1, 0, 2}, {-1, 0, 1}}}, {1, 0, 2}},
    /* a tie is the first's */
    {"max",
     {0},
     2,
     {{{1, {3}}, {1, 2, 3}, {0, 1, 1}}, {{1, {3}}, {2, 2, 1}, {1, 0, 0}}},
     {2, 2, 3}},
    {"min",
     {0},
     2,
     {{{1, {3}}, {1, 2, 3}, {1, 1, 0}}, {{1, {3}}, {2, 2, 1}, {0, 0, 1}}},
     {1, 2, 1}},
    {"max", {0}, 1, {{{1, {4}}, {1, 3, 3, 2}, {0, 1, 0, 0}}}, {3}},
    {"min", {0}, 1, {{{1, {4}}, {2, 1, 3, 1}, {0, 1, 0, 0}}}, {1}},
    {"argmax", {0}, 1, {{{1, {4}}, {1, 3, 3, 2}, {0}}}, {1}},
    {"maxpool",
     {.count = 2, .stride = 2},
     1,
     {{{4, {1, 1, 2, 4}}, {5, 5, 1, 4, 5, 5, 4, 4}, {1, 0, 0, 1}}},
     {5, 4}},
    /* the deviation divides by n: off −2, −1, 0, 3; √(14/4) */
    {"std",
     {0},
     1,
     {{{1, {4}},
       {1, 2, 3, 6},
       {-0.26726124191242440, -0.13363062095621220, 0, 0.40089186286863660}}},
     {1.8708286933869707}},
    {"std", {0}, 1, {{{1, {3}}, {2, 2, 2}, {0, 0, 0}}}, {0}},
    /* a^b where a is 0: 2, 0 and −1 as exponents */
    {"pow",
     {0},
     2,
     {{{1, {3}}, {0, 1, 2}, {0, 2, 4}}, {{0, {0}}, {2}, {2.7725887222397811}}},
     {0, 1, 4}},
    {"pow",
     {0},
     2,
     {{{1, {2}}, {0, 2}, {0, 0}}, {{0, {0}}, {0}, {0.69314718055994529}}},
     {1, 1}},
    {"pow",
     {0},
     2,
     {{{0, {0}}, {0}, {-INFINITY}}, {{0, {0}}, {-1}, {-INFINITY}}},
     {INFINITY}},
    /* a truth that is sure, an answer that is */
    {"binary_cross_entropy",
     {0},
     2,
     {{{1, {3}}, {0, 1, 0.5}, {1.0 / 3, -1.0 / 3, 2.0 / 3}},
      {{1, {3}}, {0, 1, 0}, {INFINITY, -INFINITY, 0}}},
     {0.23104906018664842}},
    /* a stride of 2: the corners */
    {"conv",
     {.stride = 2},
     2,
     {{{4, {1, 1, 3, 3}}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {2, 0, 2, 0, 0, 0, 2, 0, 2}},
      {{4, {1, 1, 1, 1}}, {2}, {20}}},
     {2, 6, 14, 18}},
    /* a border of zeros: the window's middle walks over 1 and 2 */
    {"conv",
     {.stride = 1, .pad = 1},
     3,
     {{{4, {1, 1, 1, 2}}, {1, 2}, {1, 3}},
      {{4, {1, 1, 3, 3}}, {0, 0, 0, 0, 1, 2, 0, 0, 0}, {0, 0, 0, 1, 3, 2, 0, 0, 0}},
      {{1, {1}}, {10}, {2}}},
     {15, 12}},
    /* a border is nothing to a maximum, zeros to a mean */
    {"maxpool",
     {.count = 2, .stride = 2, .pad = 1},
     1,
     {{{4, {1, 1, 2, 2}}, {-1, -2, -3, -4}, {1, 1, 1, 1}}},
     {-1, -2, -3, -4}},
    {"avgpool",
     {.count = 2, .stride = 2, .pad = 1},
     1,
     {{{4, {1, 1, 2, 2}}, {-1, -2, -3, -4}, {.25, .25, .25, .25}}},
     {-.25, -.5, -.75, -1}},
    {"avgpool",
     {.count = 2, .stride = 2},
     1,
     {{{4, {1, 1, 2, 4}},
       {1, 3, 5, 5, 3, 1, 5, 9},
       {.25, .25, .25, .25, .25, .25, .25, .25}}},
     {2, 6}},
    /* of the batch, as its averages have not moved: √1.25 is the deviation */
    {"batchnorm",
     {0},
     5,
     {{{1, {4}}, {1, 2, 3, 4}, {0, 0, 0, 0}},
      {{1, {1}}, {1}, {0}},
      {{1, {1}}, {0}, {4}},
      {{1, {1}}, {0}, {0}},
      {{1, {1}}, {1}, {0}}},
     {-1.3416407864998738, -0.44721359549995793, 0.44721359549995793,
      1.3416407864998738}},
    /* at rest, of the averages 1 and 4 */
    {"batchnorm",
     {0},
     5,
     {{{2, {2, 1}}, {1, 3}, {1, 1}},
      {{1, {1}}, {2}, {1}},
      {{1, {1}}, {1}, {2}},
      {{1, {1}}, {1}, {-2}},
      {{1, {1}}, {4}, {-0.25}}},
     {1, 3}},
    {"layernorm",
     {.epsilon = 0},
     3,
     {{{2, {2, 2}}, {3, 5, -1, -9}, {0}},
      {{1, {2}}, {1, 1}, {0, 0}},
      {{1, {2}}, {0, 10}, {2, 2}}},
     {-1, 11, 1, 9}},
    /* one unit, two steps: h = tanh(0.5·1 + 0.25), then tanh(0.5·2 + 0.8·h + 0.25) */
    {"rnn",
     {0},
     4,
     {{{3, {1, 2, 1}}, {1, 2}, {0.026747260356467167, 0.056042358000271908}},
      {{2, {1, 1}}, {0.5}, {0.27766395271402194}},
      {{2, {1, 1}}, {0.8}, {0.071190489946372018}},
      {{1, {1}}, {0.25}, {0.16557923671347816}}},
     {0.94229256815463436}},
    {"embedding",
     {0},
     2,
     {{{1, {3}}, {2, 0, 2}, {0, 0, 0}},
      {{2, {3, 2}}, {1, 2, 3, 4, 5, 6}, {1, 1, 0, 0, 2, 2}}},
     {5, 6, 1, 2, 5, 6}},
};
enum { BY_HAND = sizeof by_hand / sizeof *by_hand };

static void same_numbers(int row, const char *what, const real *is, const real *should,
                         size_t n, real room) {
    for (size_t i = 0; i < n; i++) {
        bool same = is[i] == should[i] || fabs(is[i] - should[i]) < room;
        ck_assert_msg(same, "%s, row %d, %s [%zu] is %.17g, not %.17g",
                      by_hand[row].gate, row, what, i, is[i], should[i]);
    }
}

static void by_hand_float(int row, const struct node *n, const struct kernels *set) {
    const struct gate *gate = set->gate(gate_place(n->gate));
    struct node in[OPERANDS], *operands[OPERANDS], f = floats_of(n);
    float up[12], out[12];
    real wide[12];
    for (int k = 0; k < n->n_in; k++) in[k] = floats_of(n->in[k]), operands[k] = &in[k];
    f.in = operands;
    f.gate = gate;
    gate->forward(&f);
    for (size_t i = 0; i < n->size; i++) wide[i] = ((float *)(void *)f.value)[i];
    same_numbers(row, set->name, wide, by_hand[row].value, n->size, 1e-5);
    for (size_t i = 0; i < 12; i++) up[i] = 1;
    for (int k = 0; k < n->n_in && gate->backward; k++) {
        memset(out, 0, sizeof out);
        gate->backward(&f, k, (real *)(void *)up, (real *)(void *)out);
        for (size_t i = 0; i < 12; i++) wide[i] = out[i];
        same_numbers(row, set->name, wide, by_hand[row].in[k].slope, in[k].size, 1e-5);
    }
    for (int k = 0; k < n->n_in; k++) free(in[k].value);
    free(f.value);
    free(f.room);
}

START_TEST(test_by_hand) {
    struct graph *g = graph_new();
    struct node *in[OPERANDS], *n;
    int n_in = by_hand[_i].n_in;
    for (int k = 0; k < n_in; k++) {
        struct tensor *t;
        ck_assert_ptr_null(tensor_new(by_hand[_i].in[k].shape, &t));
        memcpy(t->data, by_hand[_i].in[k].v, t->size * sizeof(real));
        in[k] = graph_leaf(g, t, NULL, true);
        tensor_unref(t);
    }
    ck_assert_ptr_null(
        graph_gate(g, gate_find(by_hand[_i].gate), in, n_in, &by_hand[_i].attr, &n));
    bool slopes = !(n->gate->flags & GATE_NO_GRADIENT);
    if (slopes) ck_assert_ptr_null(graph_want(g, n, in, n_in));
    graph_forward(g);
    same_numbers(_i, "value", n->value, by_hand[_i].value, n->size, 1e-14);
    if (slopes) graph_backward(g, n);
    for (int k = 0; k < n_in && slopes; k++) {
        same_numbers(_i, "slope", in[k]->grad, by_hand[_i].in[k].slope, in[k]->size,
                     1e-14);
    }
    for (size_t i = 0; kernels_at(i); i++) by_hand_float(_i, n, kernels_at(i));
    graph_free(g);
}
END_TEST

/* Averages go a tenth of the way to each batch, the variance to n/(n − 1) of its own,
 * and back to where they began. */
START_TEST(test_settle) {
    static const real v[][4] = {{1, 2, 3, 4}, {1}, {0}, {0}, {1}};
    struct graph *g = graph_new();
    struct node *in[5], *n;
    for (int k = 0; k < 5; k++) {
        struct tensor *t;
        ck_assert_ptr_null(tensor_new((struct shape){1, {k ? 1 : 4}}, &t));
        memcpy(t->data, v[k], t->size * sizeof(real));
        in[k] = graph_leaf(g, t, NULL, true);
        tensor_unref(t);
    }
    ck_assert_ptr_null(graph_gate(g, gate_find("batchnorm"), in, 5, NULL, &n));
    n->gate->settle(n, false);
    ck_assert_double_eq_tol(in[3]->value[0], 0.25, 1e-15);
    ck_assert_double_eq_tol(in[4]->value[0], 1 + 0.1 * (5.0 / 3 - 1), 1e-15);
    graph_forward(g); /* at rest now */
    ck_assert_double_eq_tol(n->value[0], 0.75 / sqrt(in[4]->value[0]), 1e-15);
    graph_set_step(g, 1, 1);
    graph_forward(g);
    ck_assert_double_eq_tol(n->value[0], -1.5 / sqrt(1.25), 1e-15);
    n->gate->settle(n, true);
    ck_assert(in[3]->value[0] == 0 && in[4]->value[0] == 1);
    graph_free(g);
}
END_TEST

/* A quarter stays, four times as large, and hands down four times what it gets; looked
 * at, nothing happens. */
START_TEST(test_dropout) {
    struct graph *g = graph_new();
    struct tensor *t;
    struct node *x, *n;
    struct attr share = {.share = 0.75};
    ck_assert_ptr_null(tensor_new((struct shape){1, {4000}}, &t));
    for (size_t i = 0; i < t->size; i++) t->data[i] = 1;
    x = graph_leaf(g, t, "x", true);
    tensor_unref(t);
    ck_assert_ptr_null(graph_gate(g, gate_find("dropout"), &x, 1, &share, &n));
    ck_assert_ptr_null(graph_want(g, n, &x, 1));
    graph_set_step(g, 1, 1);
    graph_forward(g);
    graph_backward(g, n);
    size_t kept = 0;
    for (size_t i = 0; i < n->size; i++) {
        ck_assert(n->value[i] == 0 || n->value[i] == 4);
        ck_assert_double_eq(x->grad[i], n->value[i]);
        kept += n->value[i] != 0;
    }
    ck_assert_msg(kept > 900 && kept < 1100, "%zu of 4000 kept", kept);
    graph_set_step(g, 1, 0);
    graph_forward(g);
    for (size_t i = 0; i < n->size; i++) ck_assert_double_eq(n->value[i], 1);
    graph_free(g);
}
END_TEST

START_TEST(test_float) {
    const struct gate *gate = gate_at((size_t)_i);
    if (gate_find(gate->name) != gate) return; /* tried by the row above */
    ck_assert_msg(try_cases(gate, try_float) > 0, "no case for %s", gate->name);
}
END_TEST

/* ---- the same row elsewhere ---- */

/* Each operand by its name, and every bracket closed. */
static void check_python(const char *text, const struct gate *gate, int c) {
    int depth = 0;
    for (const char *at = text; *at; at++) {
        depth += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
        ck_assert_msg(depth >= 0, "%s, case %d: %s", gate->name, c, text);
    }
    ck_assert_msg(depth == 0, "%s, case %d: %s", gate->name, c, text);
    for (int k = 0; k < cases[c].n_in; k++) {
        char name[16];
        snprintf(name, sizeof name, k ? "operand_%d" : "operand", k + 1);
        ck_assert_msg(strstr(text, name), "%s, case %d: no %s in %s", gate->name, c,
                      name, text);
    }
}

/* Both exporters read what the row says. A letter without an operand, or what ONNX's
 * calls within calls are not made of, ends there in an assertion. */
static int try_export(const struct gate *gate, int c) {
    static const char path[] = "/tmp/learn-test-gate.onnx";
    struct out out = {.file = fopen("/dev/null", "w"), .text = text_open(TEXT_EN)};
    struct session s = {.out = &out};
    struct trial t;
    struct python p;
    struct buf text = {0};
    ck_assert(open_trial(&t, gate, c));
    struct exported x = {.c = {t.g, t.n}};
    python_open(&p, &x);
    ck_assert_ptr_null(python_formulas(&p, &text));
    check_python(buf_text(&text), gate, c);
    struct error *e = export_onnx(&s, &x, path);
    ck_assert(!e || !(gate->onnx || gate->forms)); /* solve: PyTorch's alone */
    error_free(e);
    remove(path);
    buf_free(&text);
    python_close(&p);
    graph_free(t.g);
    text_close(out.text);
    fclose(out.file);
    return 1;
}

START_TEST(test_export) {
    const struct gate *gate = gate_at((size_t)_i);
    if (gate_find(gate->name) != gate) return; /* tried by the row above */
    ck_assert_msg(try_cases(gate, try_export) > 0, "no case for %s", gate->name);
}
END_TEST

/* A row is whole: what help and drawing need is there. */
START_TEST(test_row) {
    const struct gate *g = gate_at((size_t)_i);
    bool called = g->flags & GATE_CALL;
    ck_assert_ptr_nonnull(g->sign);
    ck_assert_ptr_nonnull(g->shape);
    ck_assert_ptr_nonnull(g->forward);
    ck_assert(!called || g->example);
    ck_assert_msg(g->flags & GATE_NO_GRADIENT || g->backward, "%s", g->name);
    /* found by its name, or what the row above becomes */
    const struct gate *found = gate_find(g->name);
    ck_assert(found == g || (found == g - 1 && !called));
    ck_assert_ptr_eq(gate_at(gate_place(g)), g);
    if (g->flags & GATE_NO_GRADIENT || strcmp(g->name, "list") == 0 ||
        strcmp(g->name, "index") == 0) {
        return;
    }
    for (int k = 0; k < g->min_in && k < 2; k++) {
        ck_assert_msg(g->local[k] || g->rule[k] || k, "%s: operand %d", g->name, k);
    }
}
END_TEST

/* e^x and tanh of our own against the library's in long double, in units of the last
 * place. */
static double units_off(real is, long double should) {
    real near = (real)should, unit = nextafter(fabs(near), INFINITY) - fabs(near);
    return (double)(fabsl((long double)is - should) / (long double)unit);
}

START_TEST(test_smooth) {
    struct dice d = dice_for(1, "smooth", 0);
    for (int i = 0; i < 300000; i++) {
        real x = (dice_uniform(&d) - 0.5) * (i % 2 ? 1400 : 20);
        ck_assert_msg(units_off(smooth_exp(x), expl((long double)x)) < 1, "e^%.17g", x);
        x = i % 2 ? exp(-40 * dice_uniform(&d)) : x / 2;
        ck_assert_msg(units_off(smooth_tanh(x), tanhl((long double)x)) < 3,
                      "tanh %.17g", x);
    }
    ck_assert_double_eq(smooth_exp(0), 1);
    ck_assert_double_eq(smooth_exp(-INFINITY), 0);
    ck_assert_double_infinite(smooth_exp(INFINITY));
    ck_assert_double_nan(smooth_exp((real)NAN));
    ck_assert_double_eq(smooth_tanh(INFINITY), 1);
    ck_assert_double_eq(smooth_tanh(-INFINITY), -1);
    ck_assert_double_nan(smooth_tanh((real)NAN));
    ck_assert(signbit(smooth_tanh(-0.0)));
}
END_TEST

int main(void) {
    Suite *s = suite_create("gates");
    TCase *c = tcase_create("rows");
    tcase_add_loop_test(c, test_differences, 0, (int)gate_count());
    tcase_add_loop_test(c, test_float, 0, (int)gate_count());
    tcase_add_loop_test(c, test_export, 0, (int)gate_count());
    tcase_add_test(c, test_settle);
    tcase_add_loop_test(c, test_row, 0, (int)gate_count());
    tcase_add_loop_test(c, test_by_hand, 0, BY_HAND);
    tcase_add_test(c, test_dropout);
    tcase_add_test(c, test_smooth);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
