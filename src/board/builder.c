#include "board/builder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/random.h"
#include "base/whole.h"
#include "board/chunks.h"
#include "board/functions.h"
#include "engine/gates.h"

/* ---- scopes ---- */

struct node *scope_find(const struct scope *s, const char *name) {
    int i = map_get(&s->memo, name);
    return i < 0 ? NULL : s->nodes[i];
}

void scope_put(struct scope *s, const char *name, struct node *n) {
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 16;
        s->nodes = mem_grow(s->nodes, s->cap, sizeof *s->nodes);
    }
    s->nodes[s->n] = n;
    map_set(&s->memo, name, (int)s->n++);
}

void scope_free(struct scope *s) {
    map_free(&s->memo);
    free(s->nodes);
    *s = (struct scope){0};
}

const struct def *build_find(const struct builder *b, const char *name) {
    const struct def *d = draft_find(b->draft, name);
    return d ? d : board_get(b->board, name);
}

struct builder build_inside(const struct builder *b, struct graph *own) {
    return (struct builder){.board = b->board,
                            .draft = b->draft,
                            .graph = own,
                            .depth = b->depth,
                            .dice = b->dice};
}

void build_inside_end(struct builder *inner) { graph_free(inner->graph); }

/* ---- the names an expression stands on ---- */

/* The i-th name that node x refers to, or NULL: a derivative refers to two. */
static const char *name_of(const struct expr_node *x, int i) {
    switch (x->kind) {
        case EXPR_NAME:
        case EXPR_CALL: return i == 0 ? x->name : NULL;
        case EXPR_DERIVATIVE: return i == 0 ? x->name : i == 1 ? x->wrt : NULL;
        default: return NULL;
    }
}

/* ---- definitions into nodes, without recursion along a chain of them ---- */

static struct error *leaf_of(struct builder *b, const char *name, const struct def *d,
                             struct node **out) {
    bool param = d->kind == DEF_PARAM;
    if ((*out = chunk_leaf(b, name, d))) return NULL;
    /* a single number may be a size or an index */
    bool large = shape_size(&d->shape) > 1;
    if (d->kind == DEF_FORMULA || d->packed || (b->shapes && large)) {
        *out = graph_leaf_shape(b->graph, &d->shape, name, param);
        bool read = d->packed && (*out)->value;
        if (read) def_read(d, 0, d->shape.dim[0], (*out)->value);
        return NULL;
    }
    struct error *e = def_hold(d);
    if (!e) *out = graph_leaf(b->graph, def_tensor(d), name, param);
    return e;
}

static struct error *named(struct builder *b, const char *name, struct node *n,
                           struct node **out) {
    *out = n;
    if (n->name || !n->gate) { /* h2 = h: a node of its own, seen in forward */
        struct error *e = graph_gate(b->graph, gate_find("identity"), &n, 1, NULL, out);
        if (e) return e;
    }
    graph_name(b->graph, *out, name);
    return NULL;
}

struct pending { /* definitions waiting for what they stand on */
    const char **names;
    size_t n, cap;
};

static void pending_push(struct pending *p, const char *name) {
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 16;
        p->names = mem_grow(p->names, p->cap, sizeof *p->names);
    }
    p->names[p->n++] = name;
}

/* Marks what stands in an index: it is worked out in a graph of its own (build_number),
 * so that this one has no need of it. */
static void mark_indices(const struct expr *e, bool *inside) {
    for (int i = e->n - 1; i >= 0; i--) { /* a node stands behind its kids */
        const struct expr_node *x = &e->nodes[i];
        for (int k = 0; k < x->n_kids; k++) {
            inside[x->kids[k]] = inside[i] || (x->kind == EXPR_INDEX && k > 0);
        }
    }
}

/* Pushes the formulas that e needs and that have no node in this scope yet. */
static bool push_needs(struct builder *b, struct scope *s, const struct expr *e,
                       struct pending *p) {
    size_t before = p->n;
    for (int i = 0; i < e->n; i++) { /* under an `at` names mean something else */
        if (e->nodes[i].kind == EXPR_AT) return false;
    }
    bool *inside = mem_alloc((size_t)e->n, sizeof *inside);
    mark_indices(e, inside);
    for (int i = 0; i < e->n; i++) {
        const char *name;
        for (int k = 0; !inside[i] && (name = name_of(&e->nodes[i], k)); k++) {
            if (scope_find(s, name)) continue;
            const struct def *d = build_find(b, name);
            if (d && d->kind == DEF_FORMULA) pending_push(p, name);
        }
    }
    free(inside);
    return p->n > before;
}

static struct error *define(struct builder *b, struct scope *s, const char *name) {
    const struct def *d = build_find(b, name);
    struct node *n;
    struct error *e = NULL;
    if (d->kind == DEF_FORMULA && !b->shallow) {
        const char *outer = b->owner;
        b->owner = name;
        e = build_expr(b, d->expr, d->expr->n - 1, s, NULL, &n);
        b->owner = outer;
        if (!e) e = named(b, name, n, &n);
        if (e) e->at.line = -1; /* the place is in another line than the one typed */
    } else {
        e = leaf_of(b, name, d, &n);
    }
    if (!e) scope_put(s, name, n);
    return e;
}

static struct error *resolve(struct builder *b, struct scope *s, const char *name,
                             struct node **out) {
    if ((*out = scope_find(s, name))) return NULL;
    const struct def *d = build_find(b, name);
    double constant;
    if (!d && call_constant(name, &constant)) {
        *out = graph_constant(b->graph, constant);
        return NULL;
    }
    if (!d && !call_find(name)) return name_unknown(b->board, name);
    if (!d || d->kind == DEF_FUNCTION)
        return error_new("is-function", "name", name, NULL);
    struct pending p = {0};
    struct error *e = NULL;
    pending_push(&p, name);
    while (p.n && !e) {
        const char *top = p.names[p.n - 1];
        const struct def *t = build_find(b, top);
        if (scope_find(s, top)) {
            p.n--;
        } else if (t->kind != DEF_FORMULA || b->shallow ||
                   !push_needs(b, s, t->expr, &p)) {
            e = define(b, s, top);
            p.n--;
        }
    }
    free(p.names);
    if (!e) *out = scope_find(s, name);
    return e;
}

/* ---- expressions into nodes ---- */

struct error *build_name(struct builder *b, const char *name, struct scope *s,
                         const struct locals *l, struct node **out) {
    for (int i = 0; l && i < l->n; i++) {
        if (strcmp(l->names[i], name) == 0) {
            *out = l->nodes[i];
            return *out ? NULL : error_new("argument-not-known", "name", name, NULL);
        }
    }
    return resolve(b, s, name, out);
}

/* Does it stand on more than numbers that are written there? */
static bool has_leaves(const struct graph *g) {
    for (int i = 0; i < graph_count(g); i++) {
        if (!graph_node(g, i)->gate && !graph_node(g, i)->constant) return true;
    }
    return false;
}

/* A number known while building, worked out in a graph of its own. */
struct error *build_number(struct builder *b, const struct expr *e, int i,
                           const struct locals *l, double *out) {
    const struct expr_node *x = &e->nodes[i];
    if (x->kind == EXPR_NUMBER) {
        *out = x->number;
        return NULL;
    }
    struct builder inner = build_inside(b, graph_new());
    struct scope s = {0};
    struct locals known = {0};
    bool given = locals_known(&known, l, inner.graph); /* f(i) = X[i], called as f(2) */
    struct node *n;
    struct error *err = build_expr(&inner, e, i, &s, &known, &n);
    b->sized |= given || has_leaves(inner.graph);
    if (!err && n->size != 1) err = error_new("not-a-number", NULL);
    if (!err && !graph_forward(inner.graph)) err = interrupt_stopped();
    if (!err) *out = n->value[0];
    locals_free(&known);
    scope_free(&s);
    build_inside_end(&inner);
    return error_at(err, x->at);
}

/* An index, a size, an axis. */
struct error *build_whole(struct builder *b, const struct expr *e, int i,
                          const struct locals *l, double *out) {
    struct error *err = build_number(b, e, i, l, out);
    if (err) return err;
    if (*out == floor(*out) && fabs(*out) < 9e15) return NULL;
    char shown[NUM_TEXT];
    snprintf(shown, sizeof shown, "%.6g", *out);
    return error_at(error_new("not-whole", "value", shown, NULL), e->nodes[i].at);
}

static struct error *build_index(struct builder *b, const struct expr *e,
                                 const struct expr_node *x, struct node *base,
                                 const struct locals *l, struct node **out) {
    struct attr a = {0};
    int given = x->n_kids - 1;
    if (given > base->shape.n) {
        struct buf shape = {0};
        shape_print(&shape, &base->shape);
        struct error *err =
            error_new("too-many-indices", "shape", buf_text(&shape), NULL);
        buf_free(&shape);
        return err;
    }
    a.n_index = given;
    for (int k = 0; k < given; k++) {
        const struct expr_node *ix = &e->nodes[x->kids[k + 1]];
        size_t *from = &a.index[k].from, *to = &a.index[k].to;
        a.index[k].all = ix->kind == EXPR_RANGE && !ix->n_kids;
        bool rows = !k && !a.index[k].all; /* which may be elsewhere than at hand */
        size_t dim = rows ? chunk_rows(b, base) : base->shape.dim[k];
        struct error *err = build_range(b, e, ix, l, dim, from, to, &a.index[k].single);
        if (err) return error_at(err, ix->at);
        if (rows) chunk_index(b, base, from, to);
    }
    return graph_gate(b->graph, gate_find("index"), &base, 1, &a, out);
}

/* One index or range against a dimension, for reading and for writing. */
struct error *build_range(struct builder *b, const struct expr *e,
                          const struct expr_node *ix, const struct locals *l,
                          size_t dim, size_t *from, size_t *to, bool *single) {
    double ends[2] = {0};
    *single = ix->kind != EXPR_RANGE;
    int self = (int)(ix - e->nodes);
    *from = 0;
    *to = dim - 1;
    if (!*single && !ix->n_kids) return NULL;
    for (int k = 0; k < 2; k++) {
        struct error *err = NULL;
        if (k && *single) ends[1] = ends[0];
        else err = build_whole(b, e, *single ? self : ix->kids[k], l, &ends[k]);
        if (err) return err;
        if (ends[k] < 0 || ends[k] >= (double)dim || ends[k] < ends[0]) {
            char got[40], last[40];
            snprintf(got, sizeof got, "%.0f", ends[k]);
            return error_new("index-out", "value", got, "last",
                             whole_text(last, dim - 1), NULL);
        }
    }
    *from = (size_t)ends[0];
    *to = (size_t)ends[1];
    return NULL;
}

static struct error *bind_value(struct builder *b, const struct expr *e,
                                const struct expr_bind *x, struct scope *s,
                                const struct locals *l, struct node **out) {
    const struct def *d = build_find(b, x->name);
    if (!d) return error_at(name_unknown(b->board, x->name), x->at);
    struct error *err = build_expr(b, e, x->value, s, l, out);
    if (err) return err;
    if ((*out)->constant) { /* a leaf of its own, so that d/dw means this w */
        struct tensor *t = tensor_scalar((*out)->value[0]);
        *out = graph_leaf(b->graph, t, x->name, d->kind == DEF_PARAM);
        tensor_unref(t);
        return NULL;
    }
    struct node *n = *out;
    err = graph_gate(b->graph, gate_find("identity"), &n, 1, NULL, out);
    if (!err) graph_name(b->graph, *out, x->name);
    return err;
}

/* W[0, 0] is one; W, W[0] or a formula's is none. */
static struct error *no_element(const struct expr_bind *x, const struct shape *s) {
    struct buf one = {0};
    for (int k = 0; k < s->n; k++) buf_add(&one, k ? ", 0" : "0");
    struct error *e = error_new("at-element", "name", x->name, "place",
                                s->n ? buf_text(&one) : "0", NULL);
    buf_free(&one);
    return error_at(e, x->at);
}

/* at w[0] = 2: today's w with one place changed. */
static struct error *bind_element(struct builder *b, const struct expr *e,
                                  const struct expr_node *at, const struct expr_bind *x,
                                  struct scope *s, const struct locals *l,
                                  struct node **out) {
    struct node *base;
    struct error *err = resolve(b, s, x->name, &base);
    if (err) return error_at(err, x->at);
    if (base->gate) return no_element(x, &base->shape);
    double v = 0;
    size_t offset = 0;
    for (int k = 0; k < base->shape.n; k++) {
        size_t from = 0, to;
        bool single = false;
        if (k < x->n_index) {
            const struct expr_node *ix = &e->nodes[at->kids[x->first_index + k]];
            err = build_range(b, e, ix, l, base->shape.dim[k], &from, &to, &single);
            if (err) return error_at(err, ix->at);
        }
        if (!single) return no_element(x, &base->shape);
        offset = offset * base->shape.dim[k] + from;
    }
    if ((err = build_number(b, e, x->value, l, &v))) return err;
    struct tensor *t;
    if ((err = tensor_new(base->shape, &t))) return err;
    if (base->value) memcpy(t->data, base->value, base->size * sizeof(real));
    t->data[offset] = v;
    *out = graph_leaf(b->graph, t, x->name, base->param);
    tensor_unref(t);
    return NULL;
}

static struct error *build_at(struct builder *b, const struct expr *e,
                              const struct expr_node *x, struct scope *s,
                              const struct locals *l, struct node **out) {
    struct scope inner = {0};
    struct error *err = NULL;
    /* formulas below must see what is bound here, but for their shapes: another number
     * matters to those only where one hangs on it */
    bool shallow = b->shallow, alike = !board_has(b->board, HAS_SIZED);
    for (size_t i = 0; i < s->n_over; i++) { /* what is bound outside stays bound */
        scope_put(&inner, s->over[i], scope_find(s, s->over[i]));
    }
    inner.n_over = s->n_over + (size_t)x->n_binds;
    inner.over = arena_alloc(graph_arena(b->graph), inner.n_over, sizeof *inner.over);
    for (size_t i = 0; i < s->n_over; i++) inner.over[i] = s->over[i];
    for (int i = 0; i < x->n_binds && !err; i++) {
        const struct expr_bind *bind = &x->binds[i];
        struct node *n;
        err = bind->n_index ? bind_element(b, e, x, bind, s, l, &n)
                            : bind_value(b, e, bind, s, l, &n);
        if (err) break;
        alike = alike && shape_equal(&n->shape, &build_find(b, bind->name)->shape);
        inner.over[s->n_over + (size_t)i] =
            arena_copy(graph_arena(b->graph), bind->name);
        scope_put(&inner, inner.over[s->n_over + (size_t)i], n);
    }
    b->shallow = shallow && alike;
    if (!err) err = build_expr(b, e, x->kids[0], &inner, l, out);
    b->shallow = shallow;
    scope_free(&inner);
    return err;
}

static struct error *build_derivative(struct builder *b, const struct expr_node *x,
                                      struct scope *s, const struct locals *l,
                                      struct node **out) {
    struct node *of, *wrt;
    struct error *err = build_name(b, x->name, s, l, &of);
    if (!err) err = build_name(b, x->wrt, s, l, &wrt);
    if (!err) err = graph_derivative(b->graph, of, wrt, out);
    return err;
}

static struct error *build_gate(struct builder *b, const struct expr *e,
                                const struct expr_node *x, struct scope *s,
                                const struct locals *l, struct node **out) {
    const struct gate *gate = gate_find(x->kind == EXPR_LIST ? "list" : x->name);
    struct attr a = {0};
    int n = x->n_kids;
    if (gate->flags & GATE_COUNT) { /* one_hot(y, 10): the 10 is a size */
        double classes = 0;
        struct error *err =
            n == 2 ? build_whole(b, e, x->kids[1], l, &classes)
                   : error_new("arity", "name", gate->name, "wants", "2", NULL);
        if (!err && (classes < 1 || classes > 1e6))
            err = error_new("one-hot-size", NULL);
        if (err) return err;
        a.count = (int)classes;
        n = 1;
    }
    if (n < gate->min_in || (gate->max_in != GATE_ANY && n > gate->max_in)) {
        char wants[NUM_TEXT], got[NUM_TEXT];
        snprintf(wants, sizeof wants, "%d",
                 n < gate->min_in ? gate->min_in : gate->max_in);
        snprintf(got, sizeof got, "%d", x->n_kids);
        return error_new("arity", "name", gate->name, "wants", wants, "got", got, NULL);
    }
    if (x->axis >= 0) {
        double axis;
        if (!(gate->flags & GATE_AXIS))
            return error_new("no-axis", "name", gate->name, NULL);
        struct error *err = build_whole(b, e, x->axis, l, &axis);
        if (err) return err;
        if (axis < 0 || axis >= MAX_DIMS) {
            char got[NUM_TEXT];
            snprintf(got, sizeof got, "%.0f", axis);
            return error_new("axis-out", "axis", got, NULL);
        }
        a.has_axis = true;
        a.axis = (int)axis;
    }
    struct node **in = mem_alloc((size_t)n, sizeof *in);
    struct error *err = NULL;
    for (int k = 0; k < n && !err; k++)
        err = build_expr(b, e, x->kids[k], s, l, &in[k]);
    if (!err) err = graph_gate(b->graph, gate, in, n, &a, out);
    free(in);
    return err;
}

struct error *build_expr(struct builder *b, const struct expr *e, int i,
                         struct scope *s, const struct locals *l, struct node **out) {
    const struct expr_node *x = &e->nodes[i];
    struct error *err = NULL;
    struct node *base;
    if (b->depth >= BUILD_DEPTH) return error_at(error_new("too-deep", NULL), x->at);
    if (interrupt_flag) return interrupt_error();
    b->depth++;
    switch (x->kind) {
        case EXPR_NUMBER: *out = graph_constant(b->graph, x->number); break;
        case EXPR_VALUE: *out = graph_leaf(b->graph, x->tensor, NULL, false); break;
        case EXPR_NAME: err = build_name(b, x->name, s, l, out); break;
        case EXPR_DERIVATIVE: err = build_derivative(b, x, s, l, out); break;
        case EXPR_AT: err = build_at(b, e, x, s, l, out); break;
        case EXPR_CALL: err = build_call(b, e, x, s, l, out); break;
        case EXPR_GATE:
        case EXPR_LIST: err = build_gate(b, e, x, s, l, out); break;
        case EXPR_INDEX:
            err = build_expr(b, e, x->kids[0], s, l, &base);
            if (!err) err = build_index(b, e, x, base, l, out);
            break;
        case EXPR_RANGE: err = error_new("range-outside-index", NULL); break;
    }
    b->depth--;
    return error_at(err, x->at);
}
