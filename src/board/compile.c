#include "board/compile.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/map.h"
#include "base/memory.h"
#include "board/builder.h"
#include "board/chunks.h"
#include "board/names.h"

static struct error *build(struct builder *b, const struct compile_order *o,
                           struct node **root) {
    struct scope s = {0};
    struct error *e = NULL;
    const struct expr *const *exprs = o->expr ? &o->expr : o->exprs;
    for (int i = 0; i < o->n_instead; i++) {
        struct compile_instead *x = &o->instead[i];
        x->leaf = graph_leaf_shape(b->graph, &x->shape, x->name, false);
        scope_put(&s, x->name, x->leaf);
    }
    for (int i = 0; i < (o->expr ? 1 : o->n) && !e; i++) {
        e = build_expr(b, exprs[i], exprs[i]->n - 1, &s, NULL, root);
        if (!e && o->roots) o->roots[i] = *root;
    }
    scope_free(&s);
    return e ? e : graph_refused(b->graph);
}

struct error *compile(struct compiled *c, struct board *board,
                      const struct compile_order *o) {
    struct builder b = {.board = board,
                        .draft = o->draft,
                        .graph = o->shapes ? graph_new_shapes() : graph_new(),
                        .dice = o->dice,
                        .owner = o->owner,
                        .shapes = o->shapes,
                        .shallow = o->shallow};
    if (o->most) graph_set_most(b.graph, o->most);
    *c = (struct compiled){.graph = b.graph};
    struct error *e = build(&b, o, &c->root);
    c->sized = b.sized;
    if (e) compile_close(c);
    return e;
}

struct error *compile_open(struct compiled *c, struct board *b, const struct expr *e) {
    return compile(c, b, &(struct compile_order){.expr = e});
}

struct error *compile_name(struct compiled *c, struct board *b, const char *name,
                           size_t shapes) {
    struct expr_node self = {
        .kind = EXPR_NAME, .name = (char *)(uintptr_t)name, .axis = -1};
    struct expr e = {1, &self, 1};
    struct compile_order o = {.expr = &e, .shapes = shapes > 0, .most = shapes};
    return compile(c, b, &o);
}

void compile_close(struct compiled *c) {
    graph_free(c->graph);
    *c = (struct compiled){0};
}

struct node *compile_find(const struct compiled *c, const char *name) {
    for (int i = 0; i < graph_count(c->graph); i++) {
        struct node *n = graph_node(c->graph, i);
        if (n->name && strcmp(n->name, name) == 0) return n;
    }
    return NULL;
}

size_t compile_params(const struct compiled *c, struct board *b, struct node ***out) {
    int nodes = graph_count(c->graph);
    struct map at = {0};
    for (int i = 0; i < nodes; i++) {
        struct node *n = graph_node(c->graph, i);
        if (n->param && n->name) map_set(&at, n->name, i);
    }
    *out = arena_alloc(graph_arena(c->graph), at.count + 1, sizeof **out);
    size_t found = 0;
    for (size_t i = 0; i < board_count(b) && found < at.count; i++) {
        int id = map_get(&at, board_at(b, i)->name);
        if (id >= 0) (*out)[found++] = graph_node(c->graph, id);
    }
    map_free(&at);
    return found;
}

size_t compile_averages(const struct compiled *c, struct node ***out) {
    size_t nodes = (size_t)graph_count(c->graph), found = 0;
    *out = arena_alloc(graph_arena(c->graph), nodes, sizeof **out);
    for (size_t i = 0; i < nodes; i++) {
        struct node *n = graph_node(c->graph, (int)i);
        if (n->average && n->name) (*out)[found++] = n;
    }
    return found;
}

struct error *compile_keep(struct board *b, size_t n, struct node *const *params) {
    const char **names = mem_alloc(n, sizeof *names);
    const real **numbers = mem_alloc(n, sizeof *numbers);
    for (size_t i = 0; i < n; i++) {
        names[i] = params[i]->name;
        numbers[i] = params[i]->value;
    }
    struct error *e = names_set_numbers(b, n, names, numbers);
    free(names);
    free(numbers);
    return e;
}

/* ---- answers ---- */

struct error *compile_shape(struct board *b, const struct expr *e, struct shape *out) {
    struct compiled c;
    struct compile_order o = {.expr = e, .shapes = true, .shallow = true};
    struct error *err = compile(&c, b, &o);
    if (err) return err;
    *out = c.root->shape;
    compile_close(&c);
    return NULL;
}

struct error *compile_drawn(struct board *b, const struct compile_order *o,
                            struct tensor **out) {
    struct compiled c;
    *out = NULL;
    struct error *e = compile(&c, b, o);
    if (e) return e;
    e = tensor_new(c.root->shape, out);
    if (!e && !graph_forward(c.graph)) {
        tensor_unref(*out);
        *out = NULL;
        e = interrupt_stopped();
    }
    if (!e) memcpy((*out)->data, c.root->value, c.root->size * sizeof(real));
    compile_close(&c);
    return e;
}

struct error *compile_value(struct board *b, const struct expr *e,
                            struct tensor **out) {
    struct error *err = chunks_value(b, e, out);
    if (err || *out) return err;
    return compile_drawn(b, &(struct compile_order){.expr = e}, out);
}

struct error *compile_number(struct board *b, const struct expr *expr, double *out) {
    struct tensor *t;
    struct error *e = compile_value(b, expr, &t);
    if (e) return e;
    if (t->size == 1) *out = t->data[0];
    else e = error_at(error_new("not-a-number", NULL), expr->nodes[expr->n - 1].at);
    tensor_unref(t);
    return e;
}

struct error *compile_range(struct board *b, const struct expr *e, int i, size_t dim,
                            size_t *from, size_t *to) {
    struct builder builder = {.board = b};
    bool single;
    return error_at(
        build_range(&builder, e, &e->nodes[i], NULL, dim, from, to, &single),
        e->nodes[i].at);
}
