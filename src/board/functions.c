/* functions: functions that are no gates: one's own, and those that make a tensor now. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board/builder.h"
#include "board/functions.h"
#include "board/layers.h"
#include "engine/gates.h"

void locals_put(struct locals *l, const char *name, struct node *n) {
    l->names = mem_grow(l->names, (size_t)l->n + 1, sizeof *l->names);
    l->nodes = mem_grow(l->nodes, (size_t)l->n + 1, sizeof *l->nodes);
    l->names[l->n] = name;
    l->nodes[l->n++] = n;
}

/* In a graph of their own the arguments that are single numbers by now are known; what
 * gates would have to work out first is not, and is refused (build_name). */
bool locals_known(struct locals *to, const struct locals *from, struct graph *g) {
    bool given = false;
    for (int k = 0; from && k < from->n; k++) {
        const struct node *n = from->nodes[k];
        bool known = n && !n->gate && n->size == 1 && n->value;
        locals_put(to, from->names[k], known ? graph_constant(g, n->value[0]) : NULL);
        given |= n && !n->constant;
    }
    return given;
}

void locals_free(struct locals *l) {
    free(l->names);
    free(l->nodes);
    *l = (struct locals){0};
}

static struct error *wrong_count(const char *name, int wants, int got) {
    char w[NUM_TEXT], g[NUM_TEXT];
    snprintf(w, sizeof w, "%d", wants);
    snprintf(g, sizeof g, "%d", got);
    return error_new("arity", "name", name, "wants", w, "got", g, NULL);
}

static struct error *call_own(struct builder *b, const struct expr *e,
                              const struct expr_node *x, const struct def *f,
                              struct scope *s, const struct locals *l,
                              struct node **out) {
    if (x->n_kids != f->n_args) return wrong_count(x->name, f->n_args, x->n_kids);
    struct locals args = {0};
    struct error *err = NULL;
    for (int k = 0; k < f->n_args && !err; k++) {
        struct node *n = NULL;
        err = build_expr(b, e, x->kids[k], s, l, &n);
        locals_put(&args, f->args[k], n);
    }
    if (!err) {
        err = build_expr(b, f->expr, f->expr->n - 1, s, &args, out);
        if (err && err->at.line > 0) err->at = x->at; /* where it was called */
    }
    locals_free(&args);
    return err;
}

/* now(E): today's value, with no gradient and no dependence. */
static struct error *call_now(struct builder *b, const struct expr *e,
                              const struct expr_node *x, const struct call *row,
                              struct scope *outer, const struct locals *l,
                              struct node **out) {
    (void)row, (void)outer;
    struct builder inner = build_inside(b, graph_new());
    inner.shallow = b->shallow;
    struct scope s = {0};
    struct locals known = {0};
    locals_known(&known, l, inner.graph);
    struct node *n;
    struct tensor *t;
    struct error *err = build_expr(&inner, e, x->kids[0], &s, &known, &n);
    if (!err) err = tensor_new(n->shape, &t);
    if (!err) {
        graph_forward(inner.graph);
        memcpy(t->data, n->value, n->size * sizeof(real));
        *out = graph_leaf(b->graph, t, NULL, false);
        tensor_unref(t);
    }
    locals_free(&known);
    scope_free(&s);
    build_inside_end(b, &inner);
    return err;
}

/* The kids from `first` on as a shape. */
static struct error *shape_of(struct builder *b, const struct expr *e,
                              const struct expr_node *x, int first,
                              const struct locals *l, struct shape *out) {
    *out = (struct shape){.n = x->n_kids - first};
    for (int k = first; k < x->n_kids; k++) {
        double size;
        struct error *err = build_whole(b, e, x->kids[k], l, &size);
        if (!err && size < 1)
            err = error_at(error_new("size-below-1", NULL), e->nodes[x->kids[k]].at);
        if (err) return err;
        out->dim[k - first] = (size_t)size;
    }
    return shape_check(out);
}

static double draw_normal(struct dice *d, double mean, double deviation) {
    return mean + deviation * dice_normal(d);
}

static double draw_uniform(struct dice *d, double from, double to) {
    return from + (to - from) * dice_uniform(d);
}

static double draw_zero(struct dice *d, double a, double b) {
    (void)d, (void)a, (void)b;
    return 0;
}

static double draw_one(struct dice *d, double a, double b) {
    (void)d, (void)a, (void)b;
    return 1;
}

/* zeros(2, 3) … normal(0, 1, 2, 3): settings first, then the shape. */
static struct error *call_filled(struct builder *b, const struct expr *e,
                                 const struct expr_node *x, const struct call *row,
                                 struct scope *s, const struct locals *l,
                                 struct node **out) {
    (void)s;
    double setting[2] = {0};
    struct shape shape;
    struct error *err = NULL;
    for (int k = 0; k < row->settings && !err; k++) {
        err = build_number(b, e, x->kids[k], l, &setting[k]);
    }
    if (!err) err = shape_of(b, e, x, row->settings, l, &shape);
    struct tensor *t;
    if (!err) err = tensor_new(shape, &t);
    if (err) return err;
    struct dice own, *dice = b->dice;
    if (row->draws && !dice) {
        struct board_state *state = board_change_state(b->board);
        own = dice_for(state->seed, "", state->draws++);
        dice = &own;
    }
    for (size_t i = 0; i < t->size; i++) {
        t->data[i] = row->value(dice, setting[0], setting[1]);
    }
    *out = graph_leaf(b->graph, t, NULL, false);
    tensor_unref(t);
    return NULL;
}

/* To add one: a row, and what it does with each element. */
static const struct call calls[] = {
    {"now", "now(E)", 1, 1, 0, false, call_now, NULL, NULL, NULL, 0, false},
    {"zeros", "zeros(2, 3)", 0, MAX_DIMS, 0, false, call_filled, draw_zero, NULL, NULL,
     0, false},
    {"ones", "ones(2, 3)", 0, MAX_DIMS, 0, false, call_filled, draw_one, NULL, NULL, 0,
     false},
    {"normal", "normal(0, 1, 2, 3)", 2, 2 + MAX_DIMS, 2, true, call_filled, draw_normal,
     NULL, NULL, 0, false},
    {"uniform", "uniform(-1, 1, 2, 3)", 2, 2 + MAX_DIMS, 2, true, call_filled,
     draw_uniform, NULL, NULL, 0, false},
    {"dense", "O = dense([[1, 2]], 3)", 2, 2, 0, false, layer_dense, NULL, "bias init",
     layer_dense_weights, 1, false},
    {"conv", "C = conv(ones(1, 1, 5, 5), 2, size=3)", 2, 3, 0, false, layer_conv, NULL,
     "size stride pad bias init", layer_conv_weights, 0, true},
    {"maxpool", "maxpool(ones(1, 1, 4, 4), 2)", 2, 2, 0, false, layer_pool, NULL,
     "stride", NULL, 0, false},
    {"avgpool", "avgpool(ones(1, 1, 4, 4), 2)", 2, 2, 0, false, layer_pool, NULL,
     "stride", NULL, 0, false},
    {"reshape", "reshape([1, 2, 3, 4], 2, 2)", 2, 1 + MAX_DIMS, 0, false, layer_reshape,
     NULL, NULL, NULL, 0, false},
    {"dropout", "dropout([1, 2, 3], 0.5)", 2, 2, 0, false, layer_dropout, NULL, NULL,
     NULL, 0, false},
};

size_t call_count(void) { return sizeof calls / sizeof *calls; }
const struct call *call_at(size_t i) { return &calls[i]; }

const struct call *call_find(const char *name) {
    for (size_t i = 0; i < call_count(); i++) {
        if (strcmp(calls[i].name, name) == 0) return &calls[i];
    }
    return NULL;
}

bool call_draws(const struct expr *e) {
    for (int i = 0; i < e->n; i++) {
        const struct call *row =
            e->nodes[i].kind == EXPR_CALL ? call_find(e->nodes[i].name) : NULL;
        if (row && row->draws && !layer_is_word(e, i)) return true;
    }
    return false;
}

struct error *build_call(struct builder *b, const struct expr *e,
                         const struct expr_node *x, struct scope *s,
                         const struct locals *l, struct node **out) {
    const struct def *f = build_find(b, x->name);
    if (f && f->kind == DEF_FUNCTION) return call_own(b, e, x, f, s, l, out);
    if (f) return error_new("not-function", "name", x->name, NULL);
    const struct call *row = call_find(x->name);
    if (row) {
        int given = x->n_kids - x->n_words;
        if (given < row->min) return wrong_count(x->name, row->min, given);
        if (given > row->max) return wrong_count(x->name, row->max, given);
        return row->build(b, e, x, row, s, l, out);
    }
    const char *near = board_near(b->board, x->name);
    return near
               ? error_new("unknown-function-near", "name", x->name, "near", near, NULL)
               : error_new("unknown-function", "name", x->name, NULL);
}

bool function_takes_word(const char *function, const char *word) {
    const struct gate *gate = gate_find(function);
    const struct call *call = call_find(function);
    if (strcmp(word, "axis") == 0 && gate && gate->flags & GATE_AXIS) return true;
    const char *at = call && call->words ? call->words : "";
    for (size_t n; *at; at += n + (at[n] == ' ')) {
        n = strcspn(at, " ");
        if (strncmp(at, word, n) == 0 && !word[n]) return true;
    }
    return false;
}
