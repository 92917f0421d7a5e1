#include "board/params.h"

#include <stdlib.h>
#include <string.h>

#include "board/builder.h"
#include "board/define.h"
#include "board/functions.h"
#include "board/names.h"
#include "board/rewrite.h"

/* The row of how a parameter is drawn: xavier, normal(0, 1); NULL: e is a value. */
static const struct call *initialiser_of(const struct expr *e) {
    if (!e) return call_find("normal");
    const struct expr_node *root = &e->nodes[e->n - 1];
    bool called = root->kind == EXPR_CALL;
    if (root->kind != EXPR_NAME && !called) return NULL;
    const struct call *row = call_find(root->name);
    if (!row || !row->draw) return NULL;
    bool fits =
        called ? row->settings && root->n_kids == row->settings : !row->settings;
    return fits ? row : NULL;
}

enum { DRAWN_AT_ONCE = 100000 }; /* more numbers wait until somebody looks */

/* Fills a value: 3, [1, 2], normal(0, 1, 3): in the parameter's shape, where it has
 * one. */
static struct error *draw_value(struct session *s, const char *name, struct dice *dice,
                                const struct draft *draft, struct def *d) {
    struct tensor *v;
    struct compile_order o = {.expr = d->expr, .draft = draft, .dice = dice};
    struct error *e = compile_drawn(s->board, &o, &v);
    if (e) return e;
    d->value = v;
    if (!d->shape.n) d->shape = v->shape;
    if (shape_equal(&d->shape, &v->shape)) return NULL;
    d->value = NULL;
    if (v->size != 1) e = define_shape_differs(name, &d->shape, &v->shape);
    if (!e) e = tensor_new(d->shape, &d->value);
    for (size_t i = 0; !e && i < d->value->size; i++) d->value->data[i] = v->data[0];
    tensor_unref(v);
    return e;
}

/* Draws d afresh, by its expression, which may name what is drafted; its shape is
 * set. */
static struct error *draw(struct session *s, const char *name,
                          const struct draft *draft, struct def *d) {
    const struct expr *how = d->expr;
    const struct shape *shape = &d->shape;
    const struct call *init = initialiser_of(how);
    struct dice dice = dice_for(board_state(s->board)->seed, name, d->draws++);
    tensor_unref(d->value);
    d->value = NULL;
    if (!init) return draw_value(s, name, &dice, draft, d);
    double setting[2] = {0, 1};
    struct builder b = {.board = s->board, .draft = draft};
    for (int k = 0; how && k < init->settings; k++) {
        struct error *e =
            build_number(&b, how, how->nodes[how->n - 1].kids[k], NULL, &setting[k]);
        if (e) return e;
    }
    /* dense W is [in, out]; conv W is [filters, channels, rows, columns] */
    struct undrawn *u = &d->undrawn;
    double field = 1;
    for (int k = 2; k < shape->n; k++) field *= (double)shape->dim[k];
    *u = (struct undrawn){.draw = init->draw, .dice = dice, .in = 1, .out = 1};
    memcpy(u->setting, setting, sizeof setting);
    if (shape->n == 1) u->in = (double)shape->dim[0];
    if (shape->n == 2) u->in = (double)shape->dim[0], u->out = (double)shape->dim[1];
    if (shape->n > 2) {
        u->in = (double)shape->dim[1] * field;
        u->out = (double)shape->dim[0] * field;
    }
    struct error *e = shape_check(shape);
    if (!e && shape_size(shape) <= DRAWN_AT_ONCE) def_tensor(d);
    return e;
}

struct error *params_draft(struct session *s, const char *name,
                           const struct shape *shape, struct expr *how,
                           struct draft *to) {
    const struct def *old = board_get(s->board, name);
    struct def *d = def_new(DEF_PARAM);
    d->shape = *shape;
    d->expr = how;
    d->draws = old ? old->draws : 0;
    struct error *e = draw(s, name, to, d);
    if (e) def_unref(d);
    else draft_add(to, name, d);
    return e;
}

static struct error *read_shape(struct session *s, const struct pdef *p,
                                const struct draft *draft, struct shape *shape) {
    struct builder b = {.board = s->board, .draft = draft};
    *shape = (struct shape){.n = p->n_dims};
    if (p->n_dims > MAX_DIMS) return error_new("too-many-dims", NULL);
    for (int k = 0; k < p->n_dims; k++) {
        double size;
        const struct expr *d = p->dims[k];
        struct error *e = build_whole(&b, d, d->n - 1, NULL, &size);
        if (!e && size < 1) e = error_new("size-below-1", NULL);
        if (e) return e;
        shape->dim[k] = (size_t)size;
    }
    return shape_check(shape);
}

/* param n = 3, W[n]: each may name those before it. */
static struct error *draft_param(struct session *s, const struct pdef *p,
                                 struct draft *to) {
    struct shape shape;
    struct expr *how = NULL;
    struct error *e = read_shape(s, p, to, &shape);
    if (!e && p->value) e = rewrite_now(s->board, to, p->value, &how);
    if (!e) e = params_draft(s, p->name, &shape, how, to);
    return error_at(e, p->at);
}

struct error *params_define(struct session *s, const struct stmt *st) {
    struct draft d = {0};
    struct error *e = NULL;
    for (int i = 0; i < st->n_pdefs && !e; i++) e = draft_param(s, &st->pdefs[i], &d);
    if (e) draft_drop(&d);
    else define_set(s, &d);
    return e;
}

bool params_can_draw(struct board *b, const struct def *d) {
    const struct call *init = initialiser_of(d->expr);
    struct error *e = NULL;
    bool fits = true;
    if (init) {
        struct builder k = {.board = b};
        const struct expr_node *root = d->expr ? &d->expr->nodes[d->expr->n - 1] : NULL;
        double setting;
        for (int i = 0; root && i < init->settings && !e; i++)
            e = build_number(&k, d->expr, root->kids[i], NULL, &setting);
    } else {
        struct tensor *t = NULL;
        struct dice dice = {0};
        struct compile_order o = {.expr = d->expr, .dice = &dice};
        e = compile_drawn(b, &o, &t);
        fits = t && (shape_equal(&t->shape, &d->shape) || (d->shape.n && t->size == 1));
        tensor_unref(t);
    }
    bool can = !e && fits;
    error_free(e);
    return can;
}

struct error *params_init(struct session *s, size_t n, struct node *const *params) {
    struct draft to = {0};
    struct error *e = NULL;
    for (size_t i = 0; i < n && !e; i++) {
        const char *name = params[i]->name;
        struct def *d = def_copy(board_get(s->board, name));
        e = draw(s, name, &to, d);
        draft_add(&to, name, d);
        if (!e) e = def_hold(d);
    }
    if (!e) names_set(s->board, &to, NULL);
    draft_drop(&to);
    return e;
}
