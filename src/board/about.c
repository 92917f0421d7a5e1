/* about: what may be asked of a name itself, and not of its numbers: is_param(w),
 * is_formula(h), learned(E), parameters(O). */
#include "board/about.h"

#include <math.h>
#include <string.h>

#include "board/compile.h"

static struct error *told(struct builder *b, double v, struct node **out) {
    *out = graph_constant(b->graph, v);
    return NULL;
}

/* What the name stands for; the argument must be one. */
static struct error *asked(const struct builder *b, const struct expr *e,
                           const struct expr_node *x, const struct call *row,
                           const char **name, const struct def **d) {
    const struct expr_node *kid = &e->nodes[x->kids[0]];
    if (kid->kind != EXPR_NAME) {
        return error_at(error_new("about-name", "example", row->example, NULL),
                        kid->at);
    }
    *name = kid->name;
    *d = build_find(b, kid->name);
    return *d ? NULL : error_at(name_unknown(b->board, kid->name), kid->at);
}

struct error *about_is(struct builder *b, const struct expr *e,
                       const struct expr_node *x, const struct call *row,
                       struct scope *s, const struct locals *l, struct node **out) {
    const char *name = NULL;
    const struct def *d;
    struct error *err = asked(b, e, x, row, &name, &d);
    (void)s, (void)l;
    return err ? err : told(b, d->kind == row->kind, out);
}

/* Do the parameters stand where the run left them? One that was let go when the record
 * was thinned is believed. */
static bool stands(const struct board *b, const struct run *r, size_t step) {
    const struct run_row row = run_at(r, run_find(r, step));
    const real *v = row.numbers;
    for (size_t i = 0; i < r->n_params; i++) {
        const struct def *d = board_get(b, r->names[i]);
        size_t n = shape_size(&r->shapes[i]);
        bool is = d && d->kind <= DEF_PARAM && shape_equal(&d->shape, &r->shapes[i]);
        if (!is || (row.step == step && memcmp(def_tensor(d)->data, v, n * sizeof *v)))
            return false;
        v += n;
    }
    return true;
}

struct error *about_learned(struct builder *b, const struct expr *e,
                            const struct expr_node *x, const struct call *row,
                            struct scope *s, const struct locals *l,
                            struct node **out) {
    const struct board_state *state = board_state(b->board);
    const char *name = NULL;
    const struct def *d;
    struct error *err = asked(b, e, x, row, &name, &d);
    (void)s, (void)l;
    if (err) return err;
    const struct run *r = state->run;
    bool is = r && strcmp(r->loss_name, name) == 0 && r->n_rows &&
              stands(b->board, r, state->run_step);
    return told(b, is ? (double)state->run_step : 0, out);
}

struct error *about_parameters(struct builder *b, const struct expr *e,
                               const struct expr_node *x, const struct call *row,
                               struct scope *s, const struct locals *l,
                               struct node **out) {
    enum { MOST_NODES = 1000000 };
    struct compiled c = {0};
    const char *name = NULL;
    const struct def *d;
    struct node **params;
    double n = 0;
    struct error *err = asked(b, e, x, row, &name, &d);
    (void)s, (void)l;
    if (!err) err = compile_name(&c, b->board, name, MOST_NODES);
    if (err) return err;
    size_t n_params = compile_params(&c, b->board, &params);
    for (size_t i = 0; i < n_params; i++) n += (double)shape_size(&params[i]->shape);
    compile_close(&c);
    return told(b, n, out);
}
