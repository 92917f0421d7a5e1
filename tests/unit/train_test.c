/* Training in float: every net takes the same steps as its graph in double; one thread
 * and two give the same bits; the loop allocates nothing. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/random.h"
#include "engine/gates.h"
#include "train/kernels.h"
#include "train/team.h"
#include "train/train.h"

enum { MOST = 16, STEPS = 12 };

struct net {
    struct graph *g;
    struct node *x, *y, *loss, *output, *params[MOST];
    size_t n_params, batch;
    struct dice dice;
};

/* ---- building nets ---- */

static struct node *leaf(struct net *n, struct shape s, bool param, double scale) {
    struct tensor *t = tensor_zeros(s);
    for (size_t i = 0; i < t->size; i++) t->data[i] = scale * dice_normal(&n->dice);
    struct node *node = graph_leaf(n->g, t, param ? "w" : "x", param);
    tensor_unref(t);
    if (param) n->params[n->n_params++] = node;
    return node;
}

static struct node *gate(struct net *n, const char *name, struct node *a,
                         struct node *b, struct node *c, struct attr attr) {
    struct node *out, *in[] = {a, b, c};
    ck_assert_ptr_null(graph_gate(n->g, gate_find(name), in,
                                  c   ? 3
                                  : b ? 2
                                      : 1,
                                  &attr, &out));
    return out;
}

static struct node *one(struct net *n, const char *name, struct node *a) {
    return name ? gate(n, name, a, NULL, NULL, (struct attr){0}) : a;
}

static struct node *two(struct net *n, const char *name, struct node *a,
                        struct node *b) {
    return gate(n, name, a, b, NULL, (struct attr){0});
}

static struct node *dense(struct net *n, struct node *x, size_t units,
                          const char *act) {
    size_t in = x->shape.dim[1];
    struct node *w =
        leaf(n, (struct shape){2, {in, units}}, true, 1 / sqrt((double)in));
    struct node *b = leaf(n, (struct shape){1, {units}}, true, 0.1);
    return one(n, act, two(n, "add", two(n, "matmul", x, w), b));
}

static struct node *conv(struct net *n, struct node *x, size_t filters, size_t side,
                         int pad, const char *act, int pool) {
    size_t in = x->shape.dim[1] * side * side;
    struct node *w = leaf(n, (struct shape){4, {filters, x->shape.dim[1], side, side}},
                          true, 1 / sqrt((double)in));
    struct node *b = leaf(n, (struct shape){1, {filters}}, true, 0.1);
    struct node *c = gate(n, "conv", x, w, b, (struct attr){.stride = 1, .pad = pad});
    c = one(n, act, c);
    if (!pool) return c;
    return gate(n, "maxpool", c, NULL, NULL,
                (struct attr){.count = pool, .stride = pool});
}

static void inputs(struct net *n, size_t batch, size_t classes, struct shape x) {
    n->batch = batch;
    n->x = leaf(n, x, false, 1);
    n->y = leaf(n, (struct shape){2, {batch, 1}}, false, 0);
    for (size_t i = 0; i < batch; i++) n->y->value[i] = (double)(i * 7 % classes);
}

static struct node *one_hot(struct net *n, int classes) {
    return gate(n, "one_hot", n->y, NULL, NULL, (struct attr){.count = classes});
}

static void relu_net(struct net *n) {
    inputs(n, 32, 10, (struct shape){2, {32, 50}});
    n->output = dense(n, dense(n, n->x, 70, "relu"), 10, NULL);
    n->loss = two(n, "cross_entropy", n->output, n->y);
}

static void wide_net(struct net *n) { /* large enough to be shared between threads */
    inputs(n, 24, 10, (struct shape){2, {24, 200}});
    n->output = dense(n, dense(n, n->x, 130, "tanh"), 10, NULL);
    n->loss = two(n, "cross_entropy", n->output, one_hot(n, 10));
}

static void slim_net(struct net *n) {
    inputs(n, 10, 10, (struct shape){3, {10, 14, 14}});
    struct node *h = dense(n, one(n, "flatten", n->x), 16, "sigmoid");
    n->output = dense(n, dense(n, h, 16, "sigmoid"), 10, "sigmoid");
    n->loss = two(n, "l2", n->output, one_hot(n, 10));
}

static void gates_net(struct net *n) { /* what no kernel is for */
    inputs(n, 7, 2, (struct shape){2, {7, 5}});
    struct node *h = dense(n, n->x, 6, "arctan"),
                *scale = leaf(n, (struct shape){0}, true, 1);
    h = two(n, "mul", two(n, "add", h, dense(n, h, 6, "softsign")), scale);
    n->output = dense(n, h, 1, "sigmoid");
    n->loss = two(n, "binary_cross_entropy", n->output, n->y);
}

static void drop_net(struct net *n) {
    inputs(n, 16, 4, (struct shape){2, {16, 9}});
    struct node *h = dense(n, n->x, 20, "relu");
    h = gate(n, "dropout", h, NULL, NULL, (struct attr){.share = 0.3});
    n->output = dense(n, h, 4, NULL);
    n->loss = two(n, "cross_entropy", n->output, n->y);
}

static void picture_net(struct net *n) {
    inputs(n, 20, 10, (struct shape){4, {20, 1, 8, 8}});
    struct node *c = conv(n, n->x, 8, 3, 1, "relu", 2);
    n->output = dense(n, one(n, "flatten", c), 10, NULL);
    n->loss = two(n, "cross_entropy", n->output, n->y);
}

static void deep_picture_net(struct net *n) {
    inputs(n, 33, 10, (struct shape){4, {33, 2, 12, 12}});
    struct node *c = conv(n, n->x, 5, 3, 1, "relu", 2);
    c = conv(n, c, 6, 3, 0, "relu", 0);
    c = conv(n, c, 3, 3, 1, NULL, 2);
    n->output = dense(n, one(n, "flatten", c), 10, NULL);
    n->loss = two(n, "cross_entropy", n->output, n->y);
}

static void window_net(struct net *n) { /* 5 × 5 windows, after a gate that learns */
    inputs(n, 6, 3, (struct shape){4, {6, 1, 12, 12}});
    struct node *scale = leaf(n, (struct shape){0}, true, 1);
    struct node *c = conv(n, two(n, "mul", n->x, scale), 3, 5, 2, "relu", 2);
    c = conv(n, c, 4, 3, 1, "tanh", 2);
    n->output = dense(n, one(n, "flatten", c), 3, NULL);
    n->loss = two(n, "cross_entropy", n->output, n->y);
}

static struct node *recurrent(struct net *n, const char *name, struct node *x,
                              size_t gates, size_t units, bool all) {
    size_t columns = x->shape.dim[2], wide = gates * units;
    double scale = 1 / sqrt((double)units);
    struct node *in[4] = {x}, *out;
    struct attr a = {.all = all};
    in[1] = leaf(n, (struct shape){2, {columns, wide}}, true, scale);
    in[2] = leaf(n, (struct shape){2, {units, wide}}, true, scale);
    in[3] = leaf(n, (struct shape){1, {wide}}, true, 0.1);
    ck_assert_ptr_null(graph_gate(n->g, gate_find(name), in, 4, &a, &out));
    return out;
}

static void cells_net(struct net *n) { /* units that fill a vector and that don't */
    inputs(n, 12, 3, (struct shape){3, {12, 5, 3}});
    struct node *h = recurrent(n, "lstm", n->x, 4, 7, true);
    h = recurrent(n, "rnn", recurrent(n, "gru", h, 3, 16, true), 1, 20, false);
    n->output = dense(n, h, 3, NULL);
    n->loss = two(n, "cross_entropy", n->output, n->y);
}

static void words_net(struct net *n) {
    inputs(n, 16, 4, (struct shape){2, {16, 6}});
    for (size_t i = 0; i < n->x->size; i++) n->x->value[i] = (double)(i * 5 % 11);
    struct node *w = leaf(n, (struct shape){2, {11, 5}}, true, 1);
    struct node *h = recurrent(n, "lstm", two(n, "embedding", n->x, w), 4, 32, false);
    n->output = dense(n, h, 4, NULL);
    n->loss = two(n, "cross_entropy", n->output, n->y);
}

static void norm_net(struct net *n) {
    inputs(n, 16, 4, (struct shape){2, {16, 9}});
    struct node *h = dense(n, n->x, 20, NULL), *in[5] = {h}, *b;
    struct attr a = {.epsilon = 1e-5};
    for (int k = 1; k < 5; k++) {
        in[k] = leaf(n, (struct shape){1, {20}}, true, 0);
        for (size_t i = 0; i < 20; i++) in[k]->value[i] = k == 1 || k == 4;
    }
    n->n_params -= 2; /* the averages stand last */
    ck_assert_ptr_null(graph_gate(n->g, gate_find("batchnorm"), in, 5, &a, &b));
    struct node *l[3] = {one(n, "tanh", b)}, *m;
    for (int k = 1; k < 3; k++) l[k] = leaf(n, (struct shape){1, {20}}, true, 1);
    ck_assert_ptr_null(graph_gate(n->g, gate_find("layernorm"), l, 3, &a, &m));
    n->output = dense(n, m, 4, NULL);
    n->loss = two(n, "cross_entropy", n->output, n->y);
    for (int k = 3; k < 5; k++) {
        in[k]->average = true;
        n->params[n->n_params++] = in[k];
    }
}

static const struct {
    const char *name;
    void (*build)(struct net *n);
    const char *optimiser;
    double rate, penalty;
} nets[] = {
    {"relu", relu_net, "sgd", 0.1, 0},
    {"relu, penalty", relu_net, "sgd", 0.1, 0.01},
    {"relu, momentum", relu_net, "momentum", 0.02, 0.01},
    {"relu, adam", relu_net, "adam", 0.003, 0},
    {"wide", wide_net, "sgd", 0.1, 0},
    {"slim", slim_net, "sgd", 0.5, 0},
    {"slim, adam", slim_net, "adam", 0.003, 0.001},
    {"gates", gates_net, "sgd", 0.3, 0.01},
    {"gates, momentum", gates_net, "momentum", 0.05, 0.01},
    {"gates, adam", gates_net, "adam", 0.003, 0},
    {"dropout", drop_net, "sgd", 0.1, 0},
    {"dropout, adam", drop_net, "adam", 0.003, 0},
    {"picture", picture_net, "sgd", 0.1, 0},
    {"picture, momentum", picture_net, "momentum", 0.02, 0.01},
    {"deep picture", deep_picture_net, "sgd", 0.1, 0},
    {"windows", window_net, "sgd", 0.1, 0},
    {"cells", cells_net, "sgd", 0.2, 0},
    {"cells, adam", cells_net, "adam", 0.003, 0.01},
    {"words", words_net, "sgd", 0.2, 0.01},
    {"words, momentum", words_net, "momentum", 0.05, 0},
    {"norms", norm_net, "sgd", 0.1, 0},
    {"norms, adam", norm_net, "adam", 0.003, 0},
};
enum { NETS = sizeof nets / sizeof *nets };

static struct net net_new(int i) {
    struct net n = {.g = graph_new(), .dice = dice_for(5, "net", (uint64_t)i)};
    nets[i].build(&n);
    return n;
}

static struct rule rule_of(int i) {
    const struct optimiser *o = optimiser_find(nets[i].optimiser);
    return (struct rule){.optimiser = o, .rate = nets[i].rate, .setting = o->setting};
}

static struct train *open_net(struct net *n, int i, int threads) {
    struct train *t;
    struct train_how how = {.graph = n->g,
                            .loss = n->loss,
                            .output = n->output,
                            .x = n->x,
                            .y = n->y,
                            .params = n->params,
                            .n_params = n->n_params,
                            .batch = n->batch,
                            .rule = rule_of(i),
                            .penalty = nets[i].penalty,
                            .seed = 3,
                            .threads = threads};
    ck_assert_ptr_null(train_open(&t, &how));
    return t;
}

static float *floats(const struct node *n) {
    float *f = mem_alloc(n->size, sizeof *f);
    for (size_t i = 0; i < n->size; i++) f[i] = (float)n->value[i];
    for (size_t i = 0; i < n->size; i++) n->value[i] = (double)f[i];
    return f;
}

/* ---- every set of instructions takes the same steps as in double ---- */

static double double_step(struct net *n, int i, double *state, size_t step) {
    struct rule r = rule_of(i);
    graph_set_step(n->g, 3, step);
    graph_forward(n->g);
    graph_backward(n->g, n->loss);
    for (int k = 0; k < graph_count(n->g); k++) {
        const struct node *node = graph_node(n->g, k);
        if (node->gate && node->gate->settle) node->gate->settle(node, false);
    }
    for (size_t p = 0, at = 0; p < n->n_params; at += n->params[p++]->size) {
        struct node *w = n->params[p];
        if (w->average) continue;
        for (size_t k = 0; w->shape.n > 1 && k < w->size; k++) {
            w->grad[k] += nets[i].penalty * w->value[k];
        }
        r.optimiser->update(w->size, w->value, w->grad, state + at * r.optimiser->state,
                            r.rate, r.setting, step);
    }
    return n->loss->value[0];
}

static void steps_as_in_double(int _i) {
    struct net n = net_new(_i);
    size_t numbers = 0;
    for (size_t p = 0; p < n.n_params; p++) numbers += n.params[p]->size;
    double *state = mem_alloc(2 * numbers, sizeof *state);
    float *x = floats(n.x), *y = floats(n.y);
    struct train *t = open_net(&n, _i, 1);
    ck_assert_ptr_null(graph_want(n.g, n.loss, n.params, (int)n.n_params));
    float *output = mem_alloc(n.output->size, sizeof *output);
    train_look(t, x, y, n.batch, output);
    graph_forward(n.g);
    for (size_t k = 0; k < n.output->size; k++) {
        ck_assert_double_eq_tol((double)output[k], n.output->value[k], 1e-4);
    }
    for (size_t step = 1; step <= STEPS; step++) {
        double is = (double)train_batch(t, x, y, n.batch);
        double should = double_step(&n, _i, state, step);
        ck_assert_msg(fabs(is - should) < 1e-4 * fabs(should),
                      "%s, step %zu: %.9g, not %.9g", nets[_i].name, step, is, should);
    }
    free(output);
    free(state);
    free(x);
    free(y);
    train_close(t);
    graph_free(n.g);
}

START_TEST(test_as_in_double) {
    const struct kernels *k;
    for (size_t i = 0; (k = kernels_at(i)); i++) {
        setenv("LEARN_KERNELS", k->name, 1);
        steps_as_in_double(_i);
    }
    unsetenv("LEARN_KERNELS");
}
END_TEST

/* ---- a shorter last batch is a mean over its own rows ---- */

START_TEST(test_short_batch) {
    struct net a = net_new(_i), b = net_new(_i);
    float *x = floats(a.x), *y = floats(a.y);
    size_t rows = a.batch / 2, row = a.x->size / a.batch;
    float *twice = mem_alloc(a.x->size, sizeof *twice),
          *y2 = mem_alloc(a.batch, sizeof *y2);
    for (size_t i = 0; i < a.batch; i++) { /* each of the first rows twice */
        size_t from = i % rows;
        memcpy(twice + i * row, x + from * row, row * sizeof *x);
        y2[i] = y[from];
    }
    struct train *s = open_net(&a, _i, 1), *t = open_net(&b, _i, 1);
    for (int step = 0; step < 5 && strncmp(nets[_i].name, "dropout", 7) != 0; step++) {
        double is = (double)train_batch(s, x, y, rows);
        double should = (double)train_batch(t, twice, y2, 2 * rows);
        ck_assert_msg(fabs(is - should) < 1e-4 * should, "%s: %.9g, not %.9g",
                      nets[_i].name, is, should);
        train_look(s, x, y, a.batch, NULL);
    }
    train_close(s);
    train_close(t);
    free(x);
    free(y);
    free(twice);
    free(y2);
    graph_free(a.g);
    graph_free(b.g);
}
END_TEST

/* ---- threads, memory, going back ---- */

/* The linker sends the program's own calls here (--wrap, in tests/unit.sh): nothing may
 * be asked of the system inside the loop, whoever asks. */
static size_t asked;
#define WRAP(type, name, params, args) \
    type __real_##name params;         \
    type __wrap_##name params;         \
    type __wrap_##name params {        \
        asked++;                       \
        return __real_##name args;     \
    }
WRAP(void *, malloc, (size_t n), (n))
WRAP(void *, calloc, (size_t n, size_t size), (n, size))
WRAP(void *, realloc, (void *p, size_t n), (p, n))
WRAP(void *, aligned_alloc, (size_t to, size_t n), (to, n))

static void ask_for(size_t n) {
    void *volatile p = malloc(n);
    free(p);
}

START_TEST(test_threads_and_memory) {
    struct net a = net_new(_i), b = net_new(_i);
    float *x = floats(a.x), *y = floats(a.y);
    struct train *s = open_net(&a, _i, 1), *t = open_net(&b, _i, 2);
    float one[STEPS], two[STEPS];
    size_t n = train_state_size(s), before = asked;
    for (int step = 0; step < STEPS; step++) {
        one[step] = train_batch(s, x, y, a.batch);
        two[step] = train_batch(t, x, y, a.batch);
    }
    train_batch(s, x, y, a.batch / 2); /* and a shorter one, a look, and back */
    train_batch(t, x, y, a.batch / 2);
    train_look(s, x, y, a.batch, NULL);
    size_t in_loop = asked - before;
    ask_for(1);
    size_t with_one = asked - before; /* Check asks for memory as well */
    ck_assert_uint_eq(with_one, in_loop + 1);
    ck_assert_uint_eq(in_loop, 0);
    for (int step = 0; step < STEPS; step++) {
        ck_assert_msg(memcmp(&one[step], &two[step], sizeof *one) == 0,
                      "%s: %.9g and %.9g", nets[_i].name, (double)one[step],
                      (double)two[step]);
    }
    float *first = mem_alloc(n, sizeof *first), *second = mem_alloc(n, sizeof *second);
    train_save_state(s, first);
    train_save_state(t, second);
    ck_assert_int_eq(memcmp(first, second, n * sizeof *first), 0);
    float next = train_batch(s, x, y, a.batch); /* and back, and the same again */
    train_batch(s, x, y, a.batch);
    train_load_state(s, first);
    float again = train_batch(s, x, y, a.batch);
    ck_assert_int_eq(memcmp(&next, &again, sizeof next), 0);
    train_store(s);
    train_load(s);
    ck_assert(isfinite(train_look(s, x, y, a.batch, NULL)));
    train_close(s);
    train_close(t);
    free(first);
    free(second);
    free(x);
    free(y);
    graph_free(a.g);
    graph_free(b.g);
}
END_TEST

/* Each piece of each task is done once, whoever comes when: tasks that take no time,
 * and pauses in which everybody falls asleep. */
enum { PIECES = 13 };

static void count_piece(void *counts, size_t piece) { ((int *)counts)[piece]++; }

START_TEST(test_team) {
    struct team *t = team_new(1 + _i);
    for (int task = 0; task < 20000; task++) {
        int counts[PIECES] = {0};
        size_t pieces = 1 + (size_t)task % PIECES;
        if (task % 1000 == 999) nanosleep(&(struct timespec){0, 2000000}, NULL);
        team_do(t, pieces, count_piece, counts);
        for (size_t p = 0; p < PIECES; p++) ck_assert_int_eq(counts[p], p < pieces);
    }
    team_free(t);
}
END_TEST

START_TEST(test_explosion_changes_nothing) {
    struct net n = net_new(0);
    float *x = floats(n.x), *y = floats(n.y);
    struct train *t = open_net(&n, 0, 1);
    size_t size = train_state_size(t);
    float *before = mem_alloc(size, sizeof *before),
          *after = mem_alloc(size, sizeof *after);
    train_save_state(t, before);
    y[0] = 99; /* no such class */
    ck_assert(!isfinite(train_batch(t, x, y, n.batch)));
    train_save_state(t, after);
    ck_assert_int_eq(memcmp(before, after, size * sizeof *before), 0);
    train_close(t);
    free(before);
    free(after);
    free(x);
    free(y);
    graph_free(n.g);
}
END_TEST

START_TEST(test_refused) { /* a gradient inside what is trained */
    struct net n = net_new(0);
    struct node *slope, *sum;
    struct train *t;
    ck_assert_ptr_null(graph_derivative(n.g, n.loss, n.params[0], &slope));
    sum = two(&n, "add", n.loss, one(&n, "mean", slope));
    struct train_how how = {.graph = n.g,
                            .loss = sum,
                            .x = n.x,
                            .y = n.y,
                            .params = n.params,
                            .n_params = n.n_params,
                            .batch = n.batch,
                            .rule = rule_of(0),
                            .threads = 1};
    struct error *e = train_open(&t, &how);
    ck_assert_str_eq(e->key, "no-float");
    error_free(e);
    graph_free(n.g);
}
END_TEST

START_TEST(test_sets_of_instructions) {
    const struct kernels *k;
    unsetenv("LEARN_KERNELS");
    ck_assert_ptr_null(kernels_choose(&k));
    ck_assert_ptr_eq(k, kernels_at(0));
    setenv("LEARN_KERNELS", "baseline", 1);
    ck_assert_ptr_null(kernels_choose(&k));
    ck_assert_str_eq(k->name, "baseline");
    setenv("LEARN_KERNELS", "abacus", 1);
    struct error *e = kernels_choose(&k);
    ck_assert_str_eq(e->key, "no-kernels");
    error_free(e);
    unsetenv("LEARN_KERNELS");
}
END_TEST

int main(void) {
    Suite *s = suite_create("train");
    TCase *c = tcase_create("nets");
    tcase_set_timeout(c, 300);
    tcase_add_loop_test(c, test_as_in_double, 0, NETS);
    tcase_add_loop_test(c, test_short_batch, 0, NETS);
    tcase_add_loop_test(c, test_threads_and_memory, 0, NETS);
    tcase_add_loop_test(c, test_team, 0, 4);
    tcase_add_test(c, test_explosion_changes_nothing);
    tcase_add_test(c, test_refused);
    tcase_add_test(c, test_sets_of_instructions);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
