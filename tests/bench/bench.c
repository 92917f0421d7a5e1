/* What `make bench` times: one net, by name, on data and weights that bench.py has
 * written (raw floats: every parameter in order, then x, then y). Prints the loss after
 * 20 steps from there, then, for each line it is sent, examples a second in a slice.
 *
 *     bench NET BATCH THREADS FILE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "engine/gates.h"
#include "train/train.h"

struct net {
    struct graph *g;
    struct node *x, *y, *loss, *params[8];
    size_t n_params;
};

static struct node *gate(struct net *n, const char *name, struct node **in, int n_in,
                         struct attr attr) {
    struct node *out = NULL;
    struct error *e = graph_gate(n->g, gate_find(name), in, n_in, &attr, &out);
    if (e) {
        fprintf(stderr, "bench: %s: %s\n", name, e->key);
        exit(1);
    }
    return out;
}

static struct node *param(struct net *n, struct shape s) {
    return n->params[n->n_params++] = graph_leaf_shape(n->g, &s, "w", true);
}

static struct node *one(struct net *n, const char *name, struct node *a) {
    return name ? gate(n, name, &a, 1, (struct attr){0}) : a;
}

static struct node *two(struct net *n, const char *name, struct node *a,
                        struct node *b) {
    return gate(n, name, (struct node *[]){a, b}, 2, (struct attr){0});
}

static struct node *dense(struct net *n, struct node *x, size_t units,
                          const char *act) {
    struct node *w = param(n, (struct shape){2, {x->shape.dim[1], units}});
    struct node *product = two(n, "matmul", x, w);
    return one(n, act, two(n, "add", product, param(n, (struct shape){1, {units}})));
}

static struct node *conv(struct net *n, struct node *x, size_t filters) {
    struct node *w = param(n, (struct shape){4, {filters, x->shape.dim[1], 3, 3}});
    struct node *in[] = {x, w, param(n, (struct shape){1, {filters}})};
    struct node *c =
        one(n, "relu", gate(n, "conv", in, 3, (struct attr){.stride = 1, .pad = 1}));
    return gate(n, "maxpool", &c, 1, (struct attr){.count = 2, .stride = 2});
}

static struct node *lstm(struct net *n, struct node *x, size_t units) {
    size_t wide = 4 * units;
    struct node *in[] = {x, param(n, (struct shape){2, {x->shape.dim[2], wide}}),
                         param(n, (struct shape){2, {units, wide}}),
                         param(n, (struct shape){1, {wide}})};
    return gate(n, "lstm", in, 4, (struct attr){0});
}

static void build(struct net *n, const char *name, size_t batch) {
    size_t side = strcmp(name, "cnn8") == 0 ? 8 : 28;
    struct shape flat = {2, {batch, 784}}, picture = {4, {batch, 1, side, side}};
    struct shape series = {3, {batch, 32, 8}};
    bool pictures = strncmp(name, "cnn", 3) == 0, in_time = strcmp(name, "lstm") == 0;
    n->g = graph_new();
    n->x = graph_leaf_shape(n->g,
                            pictures  ? &picture
                            : in_time ? &series
                                      : &flat,
                            "x", false);
    n->y = graph_leaf_shape(n->g, &(struct shape){2, {batch, 1}}, "y", false);
    if (strcmp(name, "slim") == 0) {
        struct node *h = dense(n, dense(n, n->x, 16, "sigmoid"), 16, "sigmoid");
        struct node *hot = gate(n, "one_hot", &n->y, 1, (struct attr){.count = 10});
        n->loss = two(n, "l2", dense(n, h, 10, "sigmoid"), hot);
        return;
    }
    struct node *h = n->x;
    if (in_time) {
        h = lstm(n, h, 32);
    } else if (pictures) {
        h = conv(n, h, 8);
        if (side == 28) h = conv(n, h, 16);
        h = one(n, "flatten", h);
    } else {
        h = dense(n, h, 128, "relu");
    }
    n->loss = two(n, "cross_entropy", dense(n, h, 10, NULL), n->y);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float *read_floats(FILE *f, size_t n) {
    float *v = mem_alloc(n, sizeof *v);
    if (fread(v, sizeof *v, n, f) == n) return v;
    fprintf(stderr, "bench: the file is too short\n");
    exit(1);
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    size_t batch = (size_t)strtoul(argv[2], NULL, 10);
    struct net n = {0};
    build(&n, argv[1], batch);
    FILE *f = fopen(argv[4], "rb");
    if (!f) return 2;
    for (size_t p = 0; p < n.n_params; p++) {
        float *v = read_floats(f, n.params[p]->size);
        for (size_t i = 0; i < n.params[p]->size; i++)
            n.params[p]->value[i] = (double)v[i];
        free(v);
    }
    float *x = read_floats(f, n.x->size), *y = read_floats(f, batch);
    fclose(f);
    struct train_how how = {.graph = n.g,
                            .loss = n.loss,
                            .x = n.x,
                            .y = n.y,
                            .params = n.params,
                            .n_params = n.n_params,
                            .batch = batch,
                            .rule = {optimiser_find("sgd"), 0.01, 0},
                            .threads = (int)strtol(argv[3], NULL, 10)};
    struct train *t;
    if (train_open(&t, &how)) return 1;
    for (int i = 0; i < 20; i++) train_batch(t, x, y, batch);
    printf("%.6f\n", (double)train_look(t, x, y, batch, NULL));
    for (fflush(stdout); getchar() == '\n'; fflush(stdout)) {
        size_t steps = 0;
        double start = now(), end;
        do {
            for (int i = 0; i < 20; i++, steps++) train_batch(t, x, y, batch);
        } while ((end = now()) - start < 0.15);
        printf("%.0f\n", (double)(steps * batch) / (end - start));
    }
    train_close(t);
    free(x);
    free(y);
    graph_free(n.g);
    return 0;
}
