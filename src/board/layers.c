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
#include "engine/norms.h"
#include "engine/recurrent.h"

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

/* all=1, bias=0: yes or no. */
static struct error *flag(struct builder *b, const struct expr *e,
                          const struct expr_node *x, const char *word, int otherwise,
                          const struct locals *l, int *out) {
    struct error *err = setting(b, e, x, word, 0, otherwise, l, out);
    if (err || *out < 2) return err;
    return error_at(error_new("layer-flag", "word", word, NULL),
                    e->nodes[word_of(x, word)].at);
}

bool layer_is_word(const struct expr *e, int i) {
    for (int n = 0; n < e->n; n++) {
        if (e->nodes[n].n_words && word_of(&e->nodes[n], "init") == i) return true;
    }
    return false;
}

/* A kernel that was asked about: one made by a kernel made by … would be built twice at
 * every level. */
struct asked {
    const struct expr_node *kernel;
    bool counts;
    struct asked *before;
    struct arena *arena; /* of the first, which stands for none */
};

/* Is it a number, so that it says how many? */
static bool counts_filters(struct builder *b, const struct expr *e, int kernel) {
    const struct expr_node *x = &e->nodes[kernel];
    if (x->kind == EXPR_NUMBER) return true;
    if (!b->asked) {
        b->asked = arena_alloc(graph_arena(b->graph), 1, sizeof *b->asked);
        *b->asked = (struct asked){.arena = graph_arena(b->graph)};
    }
    for (const struct asked *a = b->asked; a; a = a->before) {
        if (a->kernel == x) return a->counts;
    }
    struct builder inner = build_inside(b, graph_new_shapes());
    struct scope s = {0};
    struct node *n;
    inner.shallow = inner.shapes = true;
    inner.asked = b->asked;
    struct error *err = build_expr(&inner, e, kernel, &s, NULL, &n);
    bool counts = !err && !n->shape.n;
    error_free(err); /* said where the kernel is built */
    scope_free(&s);
    build_inside_end(&inner);
    struct asked *a = arena_alloc(b->asked->arena, 1, sizeof *a);
    *a = (struct asked){.kernel = x, .counts = counts, .before = b->asked->before};
    b->asked->before = a;
    return counts;
}

/* conv(X, 8) has filters of its own; conv(X, K), conv(X, K/9) and conv(X, [[…]]) are
 * given them, and so is the conv of a function of one's own, whose arguments (l) the
 * board does not know. */
static bool owns_weights(struct builder *b, const struct expr *e,
                         const struct expr_node *x, const struct locals *l) {
    const struct call *row = x->kind == EXPR_CALL ? call_find(x->name) : NULL;
    if (!row || !row->parts || x->n_kids - x->n_words < row->min) return false;
    if (!row->or_given) return true;
    const char *name = e->nodes[x->kids[1]].name;
    for (int k = 0; l && name && k < l->n; k++) {
        if (strcmp(l->names[k], name) == 0) return l->nodes[k] && !l->nodes[k]->shape.n;
    }
    return counts_filters(b, e, x->kids[1]);
}

/* ---- the graph of a layer ---- */

/* Inside a function of one's own (l) a layer has no name that could own its weights,
 * unless whoever calls it has made them. */
static struct error *owned(struct builder *b, const char *part, struct scope *s,
                           const struct locals *l, struct node **out) {
    if (!b->owner) return error_new("layer-name", NULL);
    struct buf name = {0};
    buf_printf(&name, "%s.%s", b->owner, part);
    const char *kept = arena_copy(graph_arena(b->graph), buf_text(&name));
    buf_free(&name);
    if (l && !build_find(b, kept))
        return error_new("layer-in-function", "name", b->owner, NULL);
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
    if (!err) err = owned(b, "W", s, l, &in[1]);
    if (!err) err = graph_gate(b->graph, gate_find("matmul"), in, 2, NULL, &product);
    if (!err) err = flag(b, e, x, "bias", 1, l, &bias);
    *out = err ? NULL : product;
    if (err || !bias) return err;
    sum[0] = product;
    err = owned(b, "b", s, l, &sum[1]);
    return err ? err : graph_gate(b->graph, gate_find("add"), sum, 2, NULL, out);
}

/* pad=same: as many places as the stride leaves of the picture. Windows of an odd side
 * stand in the middle of a border of half of them; of an even one a border as wide on
 * both sides must do. */
static bool same_pad(size_t size, size_t window, size_t stride, size_t *pad) {
    size_t reach = (size - 1) / stride * stride + window;
    size_t border = window % 2 ? window - 1 : reach > size ? reach - size : 0;
    *pad = border / 2;
    return border % 2 == 0;
}

/* pad=, a number or `same`, and floor=1. */
static struct error *read_border(struct builder *b, const struct expr *e,
                                 const struct expr_node *x, const struct locals *l,
                                 const struct shape *in, size_t high, size_t wide,
                                 struct attr *a) {
    int kid = word_of(x, "pad"), drops;
    const struct expr_node *word = kid < 0 ? NULL : &e->nodes[kid];
    bool same = word && word->kind == EXPR_NAME && strcmp(word->name, "same") == 0;
    struct error *err = flag(b, e, x, "floor", 0, l, &drops);
    if (err) return err;
    a->drops = drops || same;
    if (!same) return setting(b, e, x, "pad", 0, 0, l, &a->pad);
    size_t rows = 0, columns = 0, stride = (size_t)a->stride;
    if (in->n != 4) return NULL; /* said by the gate */
    bool even = same_pad(in->dim[2], high, stride, &rows) &&
                same_pad(in->dim[3], wide, stride, &columns);
    a->pad = (int)rows;
    return even && rows == columns ? NULL
                                   : error_at(error_new("pad-same", NULL), word->at);
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
        err = own ? owned(b, "W", s, l, &in[1])
                  : build_expr(b, e, x->kids[1], s, l, &in[1]);
    if (!err) err = flag(b, e, x, "bias", own, l, &bias);
    if (!err) err = setting(b, e, x, "stride", 1, 1, l, &a.stride);
    if (!err) {
        const struct shape *kernel = &in[1]->shape;
        bool square = kernel->n == 4;
        err = read_border(b, e, x, l, &in[0]->shape, square ? kernel->dim[2] : 1,
                          square ? kernel->dim[3] : 1, &a);
    }
    if (!err && given) err = build_expr(b, e, x->kids[2], s, l, &in[2]);
    else if (!err && bias) err = owned(b, "b", s, l, &in[2]);
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
    if (!err) err = read_border(b, e, x, l, &in->shape, (size_t)side, (size_t)side, &a);
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

/* A number that is not whole: eps=1e-5. */
static struct error *small_setting(struct builder *b, const struct expr *e,
                                   const struct expr_node *x, const char *word,
                                   double otherwise, const struct locals *l,
                                   double *out) {
    int kid = word_of(x, word);
    *out = otherwise;
    struct error *err = kid < 0 ? NULL : build_number(b, e, kid, l, out);
    if (err || (isfinite(*out) && *out >= 0)) return err;
    return error_at(error_new("layer-small", "word", word, NULL), e->nodes[kid].at);
}

/* Have the averages moved from where they begin? */
static bool is_settled(const struct builder *b, const struct node *mean,
                       const struct node *var) {
    const struct node *of[] = {mean, var};
    for (int k = 0; k < 2; k++) {
        const struct def *d = build_find(b, of[k]->name);
        const struct tensor *t = d && d->kind == DEF_VALUE ? def_tensor(d) : NULL;
        if (t && norm_moved(k ? NORM_VAR : NORM_MEAN, t->data, t->size)) return true;
    }
    return false;
}

struct error *layer_norm(struct builder *b, const struct expr *e,
                         const struct expr_node *x, const struct call *row,
                         struct scope *s, const struct locals *l, struct node **out) {
    static const char *const parts[] = {"W", "b", "mean", "var"};
    const struct gate *gate = gate_find(row->name);
    struct node *in[5];
    struct attr a = {0};
    struct error *err = build_expr(b, e, x->kids[0], s, l, &in[0]);
    if (!err) err = small_setting(b, e, x, "eps", 1e-5, l, &a.epsilon);
    for (int k = 1; k < gate->min_in && !err; k++)
        err = owned(b, parts[k - 1], s, l, &in[k]);
    if (err) return err;
    for (int k = 3; k < gate->min_in; k++) in[k]->average = true;
    a.settled = gate->settle && is_settled(b, in[3], in[4]);
    return graph_gate(b->graph, gate, in, gate->min_in, &a, out);
}

struct error *layer_embedding(struct builder *b, const struct expr *e,
                              const struct expr_node *x, const struct call *row,
                              struct scope *s, const struct locals *l,
                              struct node **out) {
    struct node *in[2];
    struct error *err = build_expr(b, e, x->kids[0], s, l, &in[0]);
    if (!err) err = owned(b, "W", s, l, &in[1]);
    return err ? err : graph_gate(b->graph, gate_find(row->name), in, 2, NULL, out);
}

struct error *layer_recurrent(struct builder *b, const struct expr *e,
                              const struct expr_node *x, const struct call *row,
                              struct scope *s, const struct locals *l,
                              struct node **out) {
    static const char *const parts[] = {"Wx", "Wh", "b"};
    struct node *in[4];
    struct attr a = {0};
    int all = 0;
    struct error *err = build_expr(b, e, x->kids[0], s, l, &in[0]);
    for (int k = 1; k < 4 && !err; k++) err = owned(b, parts[k - 1], s, l, &in[k]);
    if (!err) err = flag(b, e, x, "all", 0, l, &all);
    a.all = all;
    return err ? err : graph_gate(b->graph, gate_find(row->name), in, 4, &a, out);
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

/* What was drawn becomes a plain value. */
static void as_average(struct def *d) {
    d->kind = DEF_VALUE;
    expr_unref(d->expr);
    d->expr = NULL;
}

/* Drafts a part, unless it is there in that shape: its numbers stay. */
static struct error *draft_part(struct session *s, const char *owner,
                                const struct layer_parts *parts, int i,
                                struct expr *init, struct draft *to) {
    struct buf name = {0}, text = {0};
    const struct shape *shape = &parts->part[i].shape;
    bool average = parts->part[i].average;
    buf_printf(&name, "%s.%s", owner, parts->part[i].name);
    const struct def *old = board_get(s->board, buf_text(&name));
    bool keep = old && old->kind == (average ? DEF_VALUE : DEF_PARAM) &&
                shape_equal(&old->shape, shape);
    struct error *e = shape_check(shape);
    struct expr *how = NULL;
    if (!e && !keep) {
        if (parts->part[i].told && init) {
            how = expr_ref(init);
        } else {
            double spread = parts->part[i].spread;
            buf_printf(&text, "uniform(%.17g, %.17g)", -spread, spread);
            const char *drawn = parts->part[i].drawn;
            e = typed(s, drawn ? drawn : buf_text(&text), &how);
        }
        if (!e) e = params_draft(s, buf_text(&name), shape, how, to);
        if (!e && average) as_average(to->at[to->n - 1].def);
    }
    buf_free(&name);
    buf_free(&text);
    return e;
}

#define ADD_PART(to, ...) \
    ((to)->part[(to)->n++] = (__typeof__((to)->part[0])){__VA_ARGS__})

/* The W and b of a layer that multiplies: each output has so many inputs. */
static struct error *add_product(struct builder *b, const struct expr *e,
                                 const struct expr_node *x, const struct shape *w,
                                 size_t outputs, double in, struct layer_parts *to) {
    int bias;
    ADD_PART(to, .name = "W", .shape = *w, .drawn = "xavier", .told = true);
    struct error *err = flag(b, e, x, "bias", 1, NULL, &bias);
    if (!err && bias)
        ADD_PART(to, .name = "b", .shape = {1, {outputs}}, .spread = 1 / sqrt(in));
    return err;
}

LAYER_PARTS(layer_dense_parts) {
    if (given->n < 1 || given->n > 2)
        return error_at(error_new("dense-flat", NULL), x->at);
    size_t in = given->dim[given->n - 1];
    struct shape w = {2, {in, units}};
    return add_product(b, e, x, &w, units, (double)in, to);
}

LAYER_PARTS(layer_conv_parts) {
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
    struct shape w = {4, {units, given->dim[1], (size_t)side, (size_t)side}};
    return add_product(b, e, x, &w, units, (double)given->dim[1] * side * side, to);
}

static void add_norm(size_t features, struct layer_parts *to) {
    struct shape s = {1, {features}};
    ADD_PART(to, .name = "W", .shape = s, .drawn = "ones");
    ADD_PART(to, .name = "b", .shape = s, .drawn = "zeros");
}

LAYER_PARTS(layer_layernorm_parts) {
    (void)b, (void)e, (void)x, (void)units;
    add_norm(norm_last(given), to);
    return NULL;
}

LAYER_PARTS(layer_batchnorm_parts) {
    (void)b, (void)e, (void)x, (void)units;
    struct shape s = {1, {norm_features(given)}};
    add_norm(s.dim[0], to);
    ADD_PART(to, .name = "mean", .shape = s, .drawn = "zeros", .average = true);
    ADD_PART(to, .name = "var", .shape = s, .drawn = "ones", .average = true);
    return NULL;
}

LAYER_PARTS(layer_embedding_parts) {
    double width;
    (void)given;
    struct error *err = build_whole(b, e, x->kids[2], NULL, &width);
    if (!err && (width < 1 || width > 1e9))
        err = error_at(error_new("size-below-1", NULL), e->nodes[x->kids[2]].at);
    if (err) return err;
    struct shape w = {2, {units, (size_t)width}};
    ADD_PART(to, .name = "W", .shape = w, .drawn = "normal(0, 1)", .told = true);
    return NULL;
}

/* As PyTorch draws them: within ±1/√units. */
LAYER_PARTS(layer_recurrent_parts) {
    size_t gates = recurrent_gates_of(gate_find(x->name));
    double spread = 1 / sqrt((double)units);
    (void)b, (void)e;
    if (given->n != 3) {
        struct buf shape = {0};
        shape_print(&shape, given);
        struct error *err =
            error_at(error_new("sequence-dims", "a", buf_text(&shape), NULL), x->at);
        buf_free(&shape);
        return err;
    }
    struct shape wx = {2, {given->dim[2], gates * units}};
    struct shape wh = {2, {units, gates * units}}, one = {1, {gates * units}};
    ADD_PART(to, .name = "Wx", .shape = wx, .spread = spread, .told = true);
    ADD_PART(to, .name = "Wh", .shape = wh, .spread = spread, .told = true);
    ADD_PART(to, .name = "b", .shape = one, .spread = spread);
    return NULL;
}

static struct error *parts_of(struct builder *b, const struct expr *e,
                              const struct expr_node *x, const struct shape *given,
                              struct layer_parts *to) {
    double units = 1; /* dense(X, 10) has 10; a layer that is told of none, one */
    bool told = x->n_kids - x->n_words > 1;
    struct error *err = told ? build_whole(b, e, x->kids[1], NULL, &units) : NULL;
    if (!err && (units < 1 || units > 1e9)) {
        err = error_at(error_new("size-below-1", NULL), e->nodes[x->kids[1]].at);
    }
    if (err) return err;
    return call_find(x->name)->parts(b, e, x, given, (size_t)units, to);
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
    struct layer_parts parts = {0};
    struct shape given;
    int told = word_of(x, "init");
    struct expr *init = told < 0 ? NULL : rewrite_part(e, told);
    struct error *err = input_shape(s->board, name, e, x, &given);
    if (!err) err = parts_of(&b, e, x, &given, &parts);
    for (int i = 0; i < parts.n && !err; i++)
        err = draft_part(s, name, &parts, i, init, to);
    if (init) expr_unref(init);
    return err;
}

struct error *layers_draft(struct session *s, const char *name, const struct expr *e,
                           struct draft *to) {
    struct builder b = {.board = s->board, .graph = graph_new_shapes()};
    const struct expr_node *layer = NULL;
    struct error *err = NULL;
    for (int i = 0; i < e->n && !err; i++) {
        if (!owns_weights(&b, e, &e->nodes[i], NULL)) continue;
        if (layer) err = error_at(error_new("layer-one", NULL), e->nodes[i].at);
        layer = &e->nodes[i];
    }
    build_inside_end(&b);
    return err || !layer ? err : draft_parts(s, name, e, layer, to);
}
