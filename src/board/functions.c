/* functions: functions that are no gates: one's own, and those that make a tensor
 * now. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/utf8.h"
#include "board/about.h"
#include "board/builder.h"
#include "board/functions.h"
#include "board/layers.h"
#include "engine/gates.h"
#include "syntax/habits.h"

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

/* What `at` binds outside now(…) is bound inside it too, to its value. */
static struct error *bind_now(struct builder *b, const struct scope *outer,
                              struct builder *inner, struct scope *to) {
    struct error *err = NULL;
    bool known = true;
    to->over = arena_alloc(graph_arena(inner->graph), outer->n_over, sizeof *to->over);
    for (size_t i = 0; i < outer->n_over; i++)
        known &= !scope_find(outer, outer->over[i])->gate;
    if (!known && !graph_forward(b->graph)) return interrupt_stopped();
    for (size_t i = 0; i < outer->n_over && !err; i++) {
        const struct node *n = scope_find(outer, outer->over[i]);
        struct tensor *t;
        if ((err = tensor_new(n->shape, &t))) break;
        if (n->value) memcpy(t->data, n->value, n->size * sizeof(real));
        to->over[to->n_over] = arena_copy(graph_arena(inner->graph), outer->over[i]);
        scope_put(to, to->over[to->n_over++],
                  graph_leaf(inner->graph, t, outer->over[i], false));
        tensor_unref(t);
    }
    return err;
}

/* now(E): today's value, with no gradient and no dependence. */
static struct error *call_now(struct builder *b, const struct expr *e,
                              const struct expr_node *x, const struct call *row,
                              struct scope *outer, const struct locals *l,
                              struct node **out) {
    (void)row;
    struct builder inner = build_inside(b, graph_new());
    inner.shallow = b->shallow;
    struct scope s = {0};
    struct locals known = {0};
    locals_known(&known, l, inner.graph);
    struct node *n;
    struct tensor *t;
    struct error *err = bind_now(b, outer, &inner, &s);
    if (!err) err = build_expr(&inner, e, x->kids[0], &s, &known, &n);
    if (!err) err = graph_refused(inner.graph);
    if (!err && !graph_forward(inner.graph)) err = interrupt_stopped();
    if (!err) err = tensor_new(n->shape, &t);
    if (!err) {
        memcpy(t->data, n->value, n->size * sizeof(real));
        *out = graph_leaf(b->graph, t, NULL, false);
        tensor_unref(t);
    }
    locals_free(&known);
    scope_free(&s);
    build_inside_end(&inner);
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

/* ---- what an element is, or how it is drawn ---- */

static double draw_zero(struct dice *d, const double *x, double in, double out) {
    (void)d, (void)x, (void)in, (void)out;
    return 0;
}

static double draw_one(struct dice *d, const double *x, double in, double out) {
    (void)d, (void)x, (void)in, (void)out;
    return 1;
}

static double draw_normal(struct dice *d, const double *x, double in, double out) {
    (void)in, (void)out;
    return x[0] + x[1] * dice_normal(d);
}

static double draw_uniform(struct dice *d, const double *x, double in, double out) {
    (void)in, (void)out;
    return x[0] + (x[1] - x[0]) * dice_uniform(d);
}

/* Glorot and Bengio 2010 */
static double draw_xavier(struct dice *d, const double *x, double in, double out) {
    (void)x;
    return sqrt(6 / (in + out)) * (2 * dice_uniform(d) - 1);
}

/* He et al. 2015 */
static double draw_he(struct dice *d, const double *x, double in, double out) {
    (void)x, (void)out;
    return sqrt(2 / in) * dice_normal(d);
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
    /* here, in the graph, and what comes of it: told before it is filled */
    if (!err) err = memory_left_for(3.0 * sizeof(real) * (double)shape_size(&shape));
    if (!err) err = tensor_new(shape, &t);
    if (err) return err;
    struct undrawn u = {row->draw, {0}, {setting[0], setting[1]}, 1, 1};
    struct board_state *state =
        row->draws && !b->dice ? board_change_state(b->board) : NULL;
    if (b->dice) u.dice = *b->dice;
    else if (state) u.dice = dice_for(state->seed, "", state->draws);
    if (!undrawn_draw(&u, t->data, t->size)) err = interrupt_stopped();
    if (!err && state) state->draws++;
    if (b->dice) *b->dice = u.dice;
    if (!err) *out = graph_leaf(b->graph, t, NULL, false);
    tensor_unref(t);
    return err;
}

/* linspace(0, 1, 5): so many numbers, evenly, both ends in. */
static struct error *call_linspace(struct builder *b, const struct expr *e,
                                   const struct expr_node *x, const struct call *row,
                                   struct scope *s, const struct locals *l,
                                   struct node **out) {
    double from, to, n;
    struct tensor *t;
    (void)row, (void)s;
    struct error *err = build_number(b, e, x->kids[0], l, &from);
    if (!err) err = build_number(b, e, x->kids[1], l, &to);
    if (!err) err = build_whole(b, e, x->kids[2], l, &n);
    if (!err && n < 1)
        err = error_at(error_new("size-below-1", NULL), e->nodes[x->kids[2]].at);
    struct shape shape = {.n = 1, .dim = {err ? 1 : (size_t)n}};
    if (!err) err = shape_check(&shape);
    if (!err) err = memory_left_for(3.0 * sizeof(real) * n);
    if (!err) err = tensor_new(shape, &t);
    if (err) return err;
    for (size_t i = 0; i < t->size && !interrupt_flag; i++) {
        double part = t->size > 1 ? (double)i / (double)(t->size - 1) : 0;
        t->data[i] = from * (1 - part) + to * part;
    }
    err = interrupt_error();
    if (!err) *out = graph_leaf(b->graph, t, NULL, false);
    tensor_unref(t);
    return err;
}

/* eye(3): 1 on the diagonal, 0 beside it. */
static struct error *call_eye(struct builder *b, const struct expr *e,
                              const struct expr_node *x, const struct call *row,
                              struct scope *s, const struct locals *l,
                              struct node **out) {
    struct shape shape;
    struct tensor *t;
    (void)row, (void)s;
    struct error *err = shape_of(b, e, x, 0, l, &shape);
    if (err) return err;
    shape = (struct shape){2, {shape.dim[0], shape.dim[0]}};
    err = shape_check(&shape);
    if (!err) err = memory_left_for(3.0 * sizeof(real) * (double)shape_size(&shape));
    if (!err) err = tensor_new(shape, &t);
    if (err) return err;
    for (size_t i = 0; i < shape.dim[0]; i++) t->data[i * shape.dim[0] + i] = 1;
    *out = graph_leaf(b->graph, t, NULL, false);
    tensor_unref(t);
    return NULL;
}

/* clip(x, a, b): the larger of x and a, and of that and b the smaller. */
static struct error *call_clip(struct builder *b, const struct expr *e,
                               const struct expr_node *x, const struct call *row,
                               struct scope *s, const struct locals *l,
                               struct node **out) {
    struct node *in[2], *other;
    (void)row;
    struct error *err = build_expr(b, e, x->kids[0], s, l, &in[0]);
    for (int k = 1; k < 3 && !err; k++) {
        const struct gate *gate = gate_find(k == 1 ? "max" : "min");
        err = build_expr(b, e, x->kids[k], s, l, &other);
        in[1] = other;
        if (!err) err = graph_gate(b->graph, gate, in, 2, NULL, &in[0]);
    }
    *out = err ? NULL : in[0];
    return err;
}

/* xavier and he hang on how many numbers go in and out, which a parameter has. */
static struct error *call_weights_alone(struct builder *b, const struct expr *e,
                                        const struct expr_node *x,
                                        const struct call *row, struct scope *s,
                                        const struct locals *l, struct node **out) {
    (void)b, (void)e, (void)s, (void)l, (void)out;
    return error_at(
        error_new("draws-weights", "name", row->name, "example", row->example, NULL),
        x->at);
}

#define ABOUT .min = 1, .max = 1, .value = true, .frozen = true, .of_name = true
#define FILLED .max = MAX_DIMS, .build = call_filled, .value = true
#define DRAWN                                                                          \
    .min = 2, .max = 2 + MAX_DIMS, .settings = 2, .build = call_filled, .value = true, \
    .draws = true

#define RECURRENT                                                      \
    .min = 2, .max = 2, .build = layer_recurrent, .words = "all init", \
    .parts = layer_recurrent_parts, .owns = "Wx Wh b"

/* To add one: a row, and what it does: with each element, or in the graph. */
// clang-format off
static const struct call calls[] = {
    {.name = "now", .example = "now(E)", .min = 1, .max = 1, .build = call_now,
     .value = true, .frozen = true},
    {.name = "is_param", .example = "is_param(w)", ABOUT, .build = about_is,
     .kind = DEF_PARAM},
    {.name = "is_formula", .example = "is_formula(h)", ABOUT, .build = about_is,
     .kind = DEF_FORMULA},
    {.name = "learned", .example = "step E rate 0.1; learned(E)", ABOUT,
     .build = about_learned},
    {.name = "parameters", .example = "parameters(E)", ABOUT, .build = about_parameters},
    {.name = "pi", .example = "sin(pi/2)", .constant = 3.14159265358979323846},
    {.name = "zeros", .example = "zeros(2, 3)", FILLED, .draw = draw_zero},
    {.name = "ones", .example = "ones(2, 3)", FILLED, .draw = draw_one},
    {.name = "linspace", .example = "linspace(0, 1, 5)", .min = 3, .max = 3,
     .build = call_linspace, .value = true},
    {.name = "eye", .example = "eye(3)", .min = 1, .max = 1, .build = call_eye,
     .value = true},
    {.name = "clip", .example = "clip([-2, 0.5, 3], 0, 1)", .min = 3, .max = 3,
     .build = call_clip},
    {.name = "normal", .example = "normal(0, 1, 2, 3)", DRAWN, .draw = draw_normal},
    {.name = "uniform", .example = "uniform(-1, 1, 2, 3)", DRAWN, .draw = draw_uniform},
    {.name = "xavier", .example = "param W[2, 3] = xavier", .max = MAX_DIMS,
     .build = call_weights_alone, .draw = draw_xavier},
    {.name = "he", .example = "param W[2, 3] = he", .max = MAX_DIMS,
     .build = call_weights_alone, .draw = draw_he},
    {.name = "dense", .example = "O = dense([[1, 2]], 3)", .min = 2, .max = 2,
     .build = layer_dense, .words = "bias init",
     .parts = layer_dense_parts},
    {.name = "conv", .example = "C = conv(ones(1, 1, 5, 5), 2, size=3)", .min = 2, .max = 3,
     .build = layer_conv, .words = "size stride pad floor bias init",
     .parts = layer_conv_parts, .owns = "W b", .or_given = true},
    {.name = "maxpool", .example = "maxpool(ones(1, 1, 4, 4), 2)", .min = 2, .max = 2,
     .build = layer_pool, .words = "stride pad floor"},
    {.name = "avgpool", .example = "avgpool(ones(1, 1, 4, 4), 2)", .min = 2, .max = 2,
     .build = layer_pool, .words = "stride pad floor"},
    {.name = "reshape", .example = "reshape([1, 2, 3, 4], 2, 2)", .min = 2,
     .max = 1 + MAX_DIMS, .build = layer_reshape},
    {.name = "layernorm", .example = "L = layernorm([[1, 2, 3], [2, 2, 8]]); L", .min = 1,
     .max = 1, .build = layer_norm, .words = "eps", .parts = layer_layernorm_parts,
     .owns = "W b"},
    {.name = "batchnorm", .example = "L = batchnorm([1, 2, 3, 4]); L", .min = 1, .max = 1,
     .build = layer_norm, .words = "eps", .parts = layer_batchnorm_parts,
     .owns = "W b mean var"},
    {.name = "embedding", .example = "V = embedding([[0, 2], [1, 1]], 3, 2); V", .min = 3,
     .max = 3, .build = layer_embedding, .words = "init",
     .parts = layer_embedding_parts, .owns = "W"},
    {.name = "rnn", .example = "H = rnn(ones(1, 3, 2), 2); H", RECURRENT},
    {.name = "lstm", .example = "H = lstm(ones(1, 3, 2), 2); H", RECURRENT},
    {.name = "gru", .example = "H = gru(ones(1, 3, 2), 2, all=1); H", RECURRENT},
    {.name = "dropout", .example = "dropout([1, 2, 3], 0.5)", .min = 2, .max = 2,
     .build = layer_dropout},
};
// clang-format on

size_t call_count(void) { return sizeof calls / sizeof *calls; }
const struct call *call_at(size_t i) { return &calls[i]; }

const struct call *call_find(const char *name) {
    for (size_t i = 0; i < call_count(); i++) {
        if (strcmp(calls[i].name, name) == 0) return &calls[i];
    }
    return NULL;
}

bool call_constant(const char *name, double *out) {
    const struct call *row = call_find(name);
    if (!row || row->build) return false;
    *out = row->constant;
    return true;
}

bool function_is(const char *name) {
    const struct gate *gate = gate_find(name);
    return (gate && (gate->flags & GATE_CALL)) || call_find(name);
}

const char *function_next(size_t *at) {
    for (; *at < gate_count(); ++*at) {
        if (gate_at(*at)->flags & GATE_CALL) return gate_at((*at)++)->name;
    }
    for (; *at < gate_count() + call_count(); ++*at) {
        const struct gate *gate = gate_find(call_at(*at - gate_count())->name);
        if (gate && gate->flags & GATE_CALL) continue;
        return call_at((*at)++ - gate_count())->name;
    }
    return NULL;
}

static bool same(const char *a, const char *name) {
    return a && (!name || strcmp(a, name) == 0);
}

static bool node_names(const struct expr_node *n, const char *name) {
    const struct call *row = n->name ? call_find(n->name) : NULL;
    switch (n->kind) {
        case EXPR_NAME: return !(row && !row->build) && same(n->name, name);
        case EXPR_CALL: return !(row && row->value) && same(n->name, name);
        case EXPR_DERIVATIVE: return same(n->name, name) || same(n->wrt, name);
        default: break;
    }
    for (int i = 0; i < n->n_binds; i++) {
        if (same(n->binds[i].name, name)) return true;
    }
    return false;
}

bool function_names(const struct expr *e, const char *name) {
    for (int i = 0; i < e->n; i++) {
        if (node_names(&e->nodes[i], name)) return true;
    }
    return false;
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
    if (row && row->build) {
        int given = x->n_kids - x->n_words;
        if (given < row->min) return wrong_count(x->name, row->min, given);
        if (given > row->max) return wrong_count(x->name, row->max, given);
        return row->build(b, e, x, row, s, l, out);
    }
    struct near n = {.word = x->name};
    if (habit_word(x->name)) near_meant(&n, habit_word(x->name));
    else name_near(b->board, &n);
    return near_tell(&n, error_new("unknown-function", "name", x->name, NULL));
}

struct error *function_check_word(const char *function, const char *word) {
    const struct gate *gate = gate_find(function);
    const struct call *call = call_find(function);
    struct buf known = {0};
    if (gate && gate->flags & GATE_AXIS) buf_add(&known, "axis");
    bool found = known.len && strcmp(word, "axis") == 0;
    const char *at = call ? call->words : NULL;
    for (size_t n; at && *at; at += n + (at[n] == ' ')) {
        n = strcspn(at, " ");
        buf_add_listed(&known, "%.*s", (int)n, at);
        found |= strncmp(at, word, n) == 0 && !word[n];
    }
    struct error *e = found ? NULL
                            : error_new("unknown-keyword", "function", function, "name",
                                        word, "known", buf_text(&known), NULL);
    buf_free(&known);
    return e;
}

void name_near(const struct board *b, struct near *n) {
    for (size_t i = 0; i < board_count(b); i++) {
        if (board_at(b, i)->def) near_try(n, board_at(b, i)->name);
    }
    size_t at = 0;
    for (const char *name; (name = function_next(&at));) near_try(n, name);
}

/* wx, where w and x are there: the books write w*x so. */
static bool is_product(const struct board *b, const char *name, struct buf *product) {
    size_t len, n = strlen(name);
    for (size_t cut = 0; utf8_decode(name + cut, &len), cut += len, cut < n;) {
        char *left = mem_copy_n(name, cut);
        bool both = board_get(b, left) && board_get(b, name + cut);
        if (both) buf_printf(product, "%s*%s", left, name + cut);
        free(left);
        if (both) return true;
    }
    return false;
}

/* What people call the error that is made smaller: the last formula of one number. */
static const char *loss_meant(const struct board *b, const char *name) {
    static const char *const words[] = {"오류", "오차",  "손실", "비용",
                                        "loss", "error", "err",  "cost"};
    bool is = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        is |= strcmp(words[i], name) == 0;
    for (size_t i = is ? board_count(b) : 0; i-- > 0;) {
        const struct slot *at = board_at(b, i);
        bool one = at->def && at->def->kind == DEF_FORMULA && !at->def->broken &&
                   shape_size(&at->def->shape) == 1;
        if (one) return at->name;
    }
    return NULL;
}

struct error *name_unknown(const struct board *b, const char *name) {
    if (function_is(name)) return error_new("is-function", "name", name, NULL);
    struct error *e = error_new("unknown-name", "name", name, NULL);
    const char *here = loss_meant(b, name);
    struct buf product = {0};
    if (!here) here = habit_word(name);
    if (!here && is_product(b, name, &product)) here = buf_text(&product);
    struct near n = {.word = name};
    if (here) near_meant(&n, here);
    else name_near(b, &n);
    e = near_tell(&n, e);
    buf_free(&product);
    return e;
}
