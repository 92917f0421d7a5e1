#include "board/rewrite.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/compile.h"
#include "board/functions.h"

static int add(struct expr *to, struct expr_node x) {
    to->nodes = mem_grow(to->nodes, (size_t)to->n + 1, sizeof *to->nodes);
    to->nodes[to->n] = x;
    return to->n++;
}

static const struct call *frozen(const struct expr_node *x) {
    const struct call *row = x->kind == EXPR_CALL ? call_find(x->name) : NULL;
    return row && row->frozen ? row : NULL;
}

static struct expr *expr_new(void) {
    struct expr *e = mem_alloc(1, sizeof *e);
    e->refs = 1;
    return e;
}

struct inside { /* the `at` that a node stands in, and those around that */
    int i;
    const struct inside *outer;
};

static struct error *copy_inside(struct board *b, const struct draft *draft,
                                 struct expr *to, const struct expr *from, int i,
                                 const struct inside *in, int *out);

static struct error *copy(struct board *b, const struct draft *draft, struct expr *to,
                          const struct expr *from, int i, int *out) {
    return copy_inside(b, draft, to, from, i, NULL, out);
}

/* Node i by itself, with all that is bound around it. */
static struct expr *part_inside(const struct expr *from, int i,
                                const struct inside *in) {
    struct expr *part = rewrite_part(from, i);
    for (int root = part->n - 1, at; in; in = in->outer, root = at) {
        copy(NULL, NULL, part, from, in->i, &at);
        part->nodes[at].kids[0] = root;
    }
    return part;
}

/* Copies the tree below node i of `from`; with a board, now(…) becomes its value. */
static struct error *copy_inside(struct board *b, const struct draft *draft,
                                 struct expr *to, const struct expr *from, int i,
                                 const struct inside *in, int *out) {
    const struct expr_node *x = &from->nodes[i];
    const struct call *row = b && x->n_kids == 1 ? frozen(x) : NULL;
    if (row) {
        struct expr_node v = {.kind = EXPR_VALUE, .at = x->at, .axis = -1, .height = 1};
        struct expr *part =
            row->of_name ? rewrite_part(from, i) : part_inside(from, x->kids[0], in);
        struct compile_order o = {.expr = part, .draft = draft};
        struct error *e =
            draft ? compile_drawn(b, &o, &v.tensor) : compile_value(b, part, &v.tensor);
        expr_unref(part);
        if (!e) *out = add(to, v);
        return e;
    }
    struct expr_node mine = *x;
    mine.kids = mem_alloc((size_t)x->n_kids + 1, sizeof *mine.kids);
    mine.binds = mem_alloc((size_t)x->n_binds + 1, sizeof *mine.binds);
    struct error *e = NULL;
    const struct inside here = {i, in}, *within = x->kind == EXPR_AT ? &here : in;
    for (int k = 0; k < x->n_kids && !e; k++)
        e = copy_inside(b, draft, to, from, x->kids[k], within, &mine.kids[k]);
    if (!e && x->axis >= 0)
        e = copy_inside(b, draft, to, from, x->axis, in, &mine.axis);
    mine.n_binds = 0;
    for (int k = 0; k < x->n_binds && !e; k++) {
        mine.binds[k] = x->binds[k];
        e = copy_inside(b, draft, to, from, x->binds[k].value, in,
                        &mine.binds[k].value);
        mine.binds[k].name = mem_copy(x->binds[k].name);
        mine.n_binds++;
    }
    mine.words = x->n_words ? mem_alloc((size_t)x->n_words, sizeof *mine.words) : NULL;
    for (int k = 0; k < x->n_words; k++) mine.words[k] = mem_copy(x->words[k]);
    mine.name = x->name ? mem_copy(x->name) : NULL;
    mine.wrt = x->wrt ? mem_copy(x->wrt) : NULL;
    if (x->tensor) tensor_ref(x->tensor);
    int at = add(to, mine); /* on an error too: `to` owns it and frees it */
    *out = at;
    return e;
}

struct expr *rewrite_part(const struct expr *e, int i) {
    struct expr *part = expr_new();
    int root;
    copy(NULL, NULL, part, e, i, &root); /* without a board nothing can fail */
    return part;
}

struct error *rewrite_now(struct board *b, const struct draft *draft, struct expr *e,
                          struct expr **out) {
    bool any = false;
    for (int i = 0; i < e->n; i++) {
        any |= frozen(&e->nodes[i]) != NULL;
    }
    *out = any ? expr_new() : expr_ref(e);
    if (!any) return NULL;
    int root;
    struct error *err = copy(b, draft, *out, e, e->n - 1, &root);
    if (err) expr_unref(*out);
    return err;
}

struct expr *rewrite_update(const struct ref *r, char op, struct expr *e) {
    struct expr *sum = expr_new();
    struct expr_node left = {.kind = EXPR_NAME,
                             .at = r->at,
                             .axis = -1,
                             .height = 1,
                             .name = mem_copy(r->name)};
    int kids[2];
    kids[0] = add(sum, left);
    if (r->n_index) {
        struct expr_node ix = {.kind = EXPR_INDEX,
                               .at = r->at,
                               .axis = -1,
                               .height = 2,
                               .n_kids = r->n_index + 1};
        ix.kids = mem_alloc((size_t)ix.n_kids, sizeof *ix.kids);
        ix.kids[0] = kids[0];
        for (int k = 0; k < r->n_index; k++) {
            copy(NULL, NULL, sum, r->index[k], r->index[k]->n - 1, &ix.kids[k + 1]);
        }
        kids[0] = add(sum, ix);
    }
    copy(NULL, NULL, sum, e, e->n - 1, &kids[1]);
    struct expr_node root = {.kind = EXPR_GATE,
                             .at = r->at,
                             .axis = -1,
                             .n_kids = 2,
                             .height = e->nodes[e->n - 1].height + 1,
                             .name = mem_copy(op == '-' ? "sub" : "add")};
    root.kids = mem_alloc(2, sizeof *root.kids);
    memcpy(root.kids, kids, sizeof kids);
    add(sum, root);
    return sum;
}
