#include "board/layers.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "board/compile.h"
#include "board/define.h"
#include "board/params.h"
#include "board/rewrite.h"
#include "engine/gates.h"

/* ---- size=3, stride=1 … ---- */

/* The kid after a word, or -1. */
static int word_of(const struct expr_node *x, const char *word) {
    for (int k = 0; k < x->n_words; k++) {
        if (strcmp(x->words[k], word) == 0) return x->kids[x->n_kids - x->n_words + k];
    }
    return -1;
}

static struct error *setting(struct builder *b, const struct expr *e,
                             const struct expr_node *x, const char *word, int least,
                             int otherwise, const struct locals *l, int *out) {
    int kid = word_of(x, word);
    double v = otherwise;
    struct error *err = kid < 0 ? NULL : build_whole(b, e, kid, l, &v);
    if (!err && (v < least || v > 1e6)) {
        err =
            error_at(error_new("layer-setting", "word", word, NULL), e->nodes[kid].at);
    }
    if (!err) *out = (int)v;
    return err;
}

bool layer_is_word(const struct expr *e, int i) {
    for (int n = 0; n < e->n; n++) {
        if (e->nodes[n].n_words && word_of(&e->nodes[n], "init") == i) return true;
    }
    return false;
}

/* Is it a layer, whose numbers are never one? (Told without building it: a kernel made
 * by a kernel made by … would be built twice at every level.) relu of one is one. */
static bool is_layer(const struct expr *e, int i) {
    for (const struct expr_node *x = &e->nodes[i]; x->kind == EXPR_CALL && x->n_kids;) {
        const struct call *row = call_find(x->name);
        const struct gate *gate = gate_find(x->name);
        if (row && row->weights) return true;
        if (!gate || !(gate->flags & GATE_ELEMENTWISE)) return false;
        x = &e->nodes[x->kids[0]];
    }
    return false;
}

/* conv(X, 8) has filters of its own; conv(X, K), conv(X, K/9) and conv(X, [[…]]) are
 * given them, and so is the conv of a function of one's own, whose arguments (l) the
 * board does not know. */
static bool owns_weights(struct builder *b, const struct expr *e,
                         const struct expr_node *x, const struct locals *l) {
    const struct call *row = x->kind == EXPR_CALL ? call_find(x->name) : NULL;
    if (!row || !row->weights || x->n_kids - x->n_words < row->min) return false;
    if (!row->or_given) return true;
    if (is_layer(e, x->kids[1])) return false;
    const char *name = e->nodes[x->kids[1]].name;
    for (int k = 0; l && name && k < l->n; k++) {
        if (strcmp(l->names[k], name) == 0) return l->nodes[k] && !l->nodes[k]->shape.n;
    }
    struct builder inner = build_inside(b, graph_new_shapes());
    struct scope s = {0};
    struct node *second;
    inner.shallow = inner.shapes = true;
    struct error *err = build_expr(&inner, e, x->kids[1], &s, NULL, &second);
    bool count = !err && !second->shape.n;
    error_free(err); /* said where the kernel is built */
    scope_free(&s);
    build_inside_end(&inner);
    return count;
}

/* ---- the graph of a layer ---- */

static struct error *owned(struct builder *b, const char *part, struct scope *s,
                           struct node **out) {
    if (!b->owner) return error_new("layer-name", NULL);
    struct buf name = {0};
    buf_printf(&name, "%s.%s", b->owner, part);
    const char *kept = arena_copy(graph_arena(b->graph), buf_text(&name));
    buf_free(&name);
    return build_name(b, kept, s, NULL, out);
}

struct error *layer_dense(struct builder *b, const struct expr *e,
                          const struct expr_node *x, const struct call *row,
                          struct scope *s, const struct locals *l, struct node **out) {
    struct node *in[2], *product, *sum[2];
    int bias;
    (void)row;
    struct error *err = build_expr(b, e, x->kids[0], s, l, &in[0]);
    if (!err && in[0]->shape.n > 2) err = error_new("dense-flat", NULL);
    if (!err) err = owned(b, "W", s, &in[1]);
    if (!err) err = graph_gate(b->graph, gate_find("matmul"), in, 2, NULL, &product);
    if (!err) err = setting(b, e, x, "bias", 0, 1, l, &bias);
    *out = err ? NULL : product;
    if (err || !bias) return err;
    sum[0] = product;
    err = owned(b, "b", s, &sum[1]);
    return err ? err : graph_gate(b->graph, gate_find("add"), sum, 2, NULL, out);
}

struct error *layer_conv(struct builder *b, const struct expr *e,
                         const struct expr_node *x, const struct call *row,
                         struct scope *s, const struct locals *l, struct node **out) {
    struct node *in[3];
    struct attr a = {0};
    bool own = owns_weights(b, e, x, l), given = x->n_kids - x->n_words > 2;
    int bias = 0;
    (void)row;
    if (own && given) {
        return error_at(error_new("conv-third", NULL), e->nodes[x->kids[2]].at);
    }
    struct error *err = build_expr(b, e, x->kids[0], s, l, &in[0]);
    if (!err)
        err =
            own ? owned(b, "W", s, &in[1]) : build_expr(b, e, x->kids[1], s, l, &in[1]);
    if (!err) err = setting(b, e, x, "bias", 0, own, l, &bias);
    if (!err) err = setting(b, e, x, "stride", 1, 1, l, &a.stride);
    if (!err) err = setting(b, e, x, "pad", 0, 0, l, &a.pad);
    if (!err && given) err = build_expr(b, e, x->kids[2], s, l, &in[2]);
    else if (!err && bias) err = owned(b, "b", s, &in[2]);
    if (err) return err;
    return graph_gate(b->graph, gate_find("conv"), in, given || bias ? 3 : 2, &a, out);
}

struct error *layer_pool(struct builder *b, const struct expr *e,
                         const struct expr_node *x, const struct call *row,
                         struct scope *s, const struct locals *l, struct node **out) {
    struct node *in;
    struct attr a = {0};
    double side;
    struct error *err = build_expr(b, e, x->kids[0], s, l, &in);
    if (!err) err = build_whole(b, e, x->kids[1], l, &side);
    if (!err && (side < 1 || side > 1e6))
        err = error_new("layer-setting", "word", "size", NULL);
    if (!err) err = setting(b, e, x, "stride", 1, (int)side, l, &a.stride);
    if (err) return err;
    a.count = (int)side;
    return graph_gate(b->graph, gate_find(row->name), &in, 1, &a, out);
}

struct error *layer_reshape(struct builder *b, const struct expr *e,
                            const struct expr_node *x, const struct call *row,
                            struct scope *s, const struct locals *l,
                            struct node **out) {
    struct node *in;
    struct attr a = {.shape.n = x->n_kids - 1};
    int open = 0;
    struct error *err = build_expr(b, e, x->kids[0], s, l, &in);
    for (int k = 1; k < x->n_kids && !err; k++) {
        double size;
        err = build_whole(b, e, x->kids[k], l, &size);
        if (!err && ((size < 1 && size != -1) || (size == -1 && open++))) {
            err = error_at(error_new("size-below-1", NULL), e->nodes[x->kids[k]].at);
        }
        if (!err) a.shape.dim[k - 1] = size == -1 ? SIZE_MAX : (size_t)size;
    }
    return err ? err : graph_gate(b->graph, gate_find(row->name), &in, 1, &a, out);
}

struct error *layer_dropout(struct builder *b, const struct expr *e,
                            const struct expr_node *x, const struct call *row,
                            struct scope *s, const struct locals *l,
                            struct node **out) {
    struct node *in;
    struct attr a = {0};
    struct error *err = build_expr(b, e, x->kids[0], s, l, &in);
    if (!err) err = build_number(b, e, x->kids[1], l, &a.share);
    if (!err && !(a.share >= 0 && a.share < 1)) {
        err = error_at(error_new("dropout-share", NULL), e->nodes[x->kids[1]].at);
    }
    return err ? err : graph_gate(b->graph, gate_find(row->name), &in, 1, &a, out);
}

/* ---- the parameters of a layer ---- */

/* A word of our own, as if it had been typed: xavier. */
static struct error *typed(struct session *s, const char *text, struct expr **out) {
    struct program *p;
    struct error *e = session_parse(s, text, &p);
    if (e) return e;
    *out = expr_ref(p->stmts[0].items[0].expr);
    program_free(p);
    return NULL;
}

/* Drafts a part, unless it is there in that shape: its numbers stay. */
static struct error *draft_part(struct session *s, const char *owner, const char *part,
                                const struct shape *shape, struct expr *how,
                                struct draft *to) {
    struct buf name = {0};
    buf_printf(&name, "%s.%s", owner, part);
    const struct def *old = board_get(s->board, buf_text(&name));
    bool keep = old && old->kind == DEF_PARAM && shape_equal(&old->shape, shape);
    struct error *e = shape_check(shape);
    if (e || keep) expr_unref(how);
    else e = params_draft(s, buf_text(&name), shape, how, to);
    buf_free(&name);
    return e;
}

struct error *layer_dense_weights(struct builder *b, const struct expr *e,
                                  const struct expr_node *x, const struct shape *given,
                                  size_t units, struct shape *w, double *in) {
    (void)b, (void)e;
    if (given->n < 1 || given->n > 2)
        return error_at(error_new("dense-flat", NULL), x->at);
    *in = (double)given->dim[given->n - 1];
    *w = (struct shape){2, {given->dim[given->n - 1], units}};
    return NULL;
}

struct error *layer_conv_weights(struct builder *b, const struct expr *e,
                                 const struct expr_node *x, const struct shape *given,
                                 size_t units, struct shape *w, double *in) {
    int side;
    if (given->n != 4) {
        struct buf shape = {0};
        shape_print(&shape, given);
        struct error *err =
            error_at(error_new("picture-dims", "a", buf_text(&shape), NULL), x->at);
        buf_free(&shape);
        return err;
    }
    struct error *err = setting(b, e, x, "size", 1, 3, NULL, &side);
    if (err) return err;
    *w = (struct shape){4, {units, given->dim[1], (size_t)side, (size_t)side}};
    *in = (double)given->dim[1] * side * side;
    return NULL;
}

/* The shape of W; *in: how many inputs each of its outputs has. */
static struct error *weight_shape(struct builder *b, const struct expr *e,
                                  const struct expr_node *x, const struct shape *given,
                                  struct shape *w, double *in) {
    double units = 1; /* dense(X, 10) has 10; a layer that is told of none, one */
    bool told = x->n_kids - x->n_words > 1;
    struct error *err = told ? build_whole(b, e, x->kids[1], NULL, &units) : NULL;
    if (!err && (units < 1 || units > 1e9)) {
        err = error_at(error_new("size-below-1", NULL), e->nodes[x->kids[1]].at);
    }
    if (err) return err;
    return call_find(x->name)->weights(b, e, x, given, (size_t)units, w, in);
}

static struct error *input_shape(struct board *b, const char *name,
                                 const struct expr *e, const struct expr_node *x,
                                 struct shape *out) {
    struct expr *input = rewrite_part(e, x->kids[0]);
    struct compiled c;
    struct compile_order o = {
        .expr = input, .owner = name, .shapes = true, .shallow = true};
    struct error *err = compile(&c, b, &o);
    if (!err) *out = c.root->shape;
    if (!err) compile_close(&c);
    expr_unref(input);
    return err;
}

static struct error *draft_parts(struct session *s, const char *name,
                                 const struct expr *e, const struct expr_node *x,
                                 struct draft *to) {
    struct builder b = {.board = s->board};
    struct shape given, w;
    struct expr *how = NULL, *how_bias = NULL;
    double in = 1;
    int bias, init = word_of(x, "init");
    struct error *err = input_shape(s->board, name, e, x, &given);
    if (!err) err = weight_shape(&b, e, x, &given, &w, &in);
    if (!err) err = setting(&b, e, x, "bias", 0, 1, NULL, &bias);
    const struct call *row = call_find(x->name);
    if (!err && init < 0) err = typed(s, row->init, &how);
    if (!err && init >= 0) how = rewrite_part(e, init);
    if (!err) err = draft_part(s, name, "W", &w, how, to);
    if (err || !bias) return err;
    struct shape one = {1, {w.dim[row->outputs]}};
    struct buf text = {0};
    buf_printf(&text, "uniform(%.17g, %.17g)", -1 / sqrt(in), 1 / sqrt(in));
    err = typed(s, buf_text(&text), &how_bias);
    buf_free(&text);
    return err ? err : draft_part(s, name, "b", &one, how_bias, to);
}

struct error *layers_draft(struct session *s, const char *name, const struct expr *e,
                           struct draft *to) {
    struct builder b = {.board = s->board};
    const struct expr_node *layer = NULL;
    for (int i = 0; i < e->n; i++) {
        if (!owns_weights(&b, e, &e->nodes[i], NULL)) continue;
        if (layer) return error_at(error_new("layer-one", NULL), e->nodes[i].at);
        layer = &e->nodes[i];
    }
    return layer ? draft_parts(s, name, e, layer, to) : NULL;
}
