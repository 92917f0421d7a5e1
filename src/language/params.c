#include "language/params.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "language/builder.h"
#include "language/define.h"
#include "language/freeze.h"

/* How a parameter may be drawn. fans: what comes in and goes out of each of its numbers. */
struct initialiser {
    const char *name;
    int settings;
    double (*draw)(struct dice *d, const double *setting, double in, double out);
};

static double init_zeros(struct dice *d, const double *x, double in, double out) {
    (void)d, (void)x, (void)in, (void)out;
    return 0;
}

static double init_normal(struct dice *d, const double *x, double in, double out) {
    (void)in, (void)out;
    return x[0] + x[1] * dice_normal(d);
}

static double init_uniform(struct dice *d, const double *x, double in, double out) {
    (void)in, (void)out;
    return x[0] + (x[1] - x[0]) * dice_uniform(d);
}

/* Glorot and Bengio 2010 */
static double init_xavier(struct dice *d, const double *x, double in, double out) {
    (void)x;
    return sqrt(6 / (in + out)) * (2 * dice_uniform(d) - 1);
}

/* He et al. 2015 */
static double init_he(struct dice *d, const double *x, double in, double out) {
    (void)x, (void)out;
    return sqrt(2 / in) * dice_normal(d);
}

/* To add one: a row and a function. */
static const struct initialiser initialisers[] = {
    {"normal", 2, init_normal}, {"uniform", 2, init_uniform}, {"zeros", 0, init_zeros},
    {"xavier", 0, init_xavier}, {"he", 0, init_he},
};

static const struct initialiser *initialiser_of(const struct expr *e) {
    if (!e) return &initialisers[0];
    const struct expr_node *root = &e->nodes[e->n - 1];
    if (root->kind != EXPR_NAME && root->kind != EXPR_CALL) return NULL;
    for (size_t i = 0; i < sizeof initialisers / sizeof *initialisers; i++) {
        bool called = root->kind == EXPR_CALL;
        if (strcmp(initialisers[i].name, root->name) == 0 &&
            (called ? root->n_kids == initialisers[i].settings && root->n_kids
                    : !initialisers[i].settings)) {
            return &initialisers[i];
        }
    }
    return NULL;
}

static struct error *draw(struct session *s, const char *name, const struct expr *how,
                          const struct shape *shape, uint64_t throw_, struct tensor **out) {
    const struct initialiser *init = initialiser_of(how);
    struct dice dice = dice_for(board_state(s->board)->seed, name, throw_);
    if (!init) { /* a value: 3, [1, 2], normal(0, 1, 3) */
        struct tensor *v;
        struct error *e = compile_drawn(s->board, how, &dice, &v);
        if (e || !shape->n || shape_equal(shape, &v->shape)) {
            if (!e) *out = v;
            return e;
        }
        if (v->size != 1) e = define_shape_differs(name, shape, &v->shape);
        if (!e) e = tensor_new(*shape, out);
        for (size_t i = 0; !e && i < (*out)->size; i++) (*out)->data[i] = v->data[0];
        tensor_unref(v);
        return e;
    }
    double setting[2] = {0, 1};
    struct builder b = {.board = s->board};
    for (int k = 0; how && k < init->settings; k++) {
        struct error *e =
            build_number(&b, how, how->nodes[how->n - 1].kids[k], NULL, &setting[k]);
        if (e) return e;
    }
    struct error *e = tensor_new(*shape, out);
    if (e) return e;
    /* dense W is [in, out]; conv W is [filters, channels, rows, columns] */
    double field = 1, in = 1, fan_out = 1;
    for (int k = 2; k < shape->n; k++) field *= (double)shape->dim[k];
    if (shape->n == 1) in = (double)shape->dim[0];
    if (shape->n == 2) in = (double)shape->dim[0], fan_out = (double)shape->dim[1];
    if (shape->n > 2) {
        in = (double)shape->dim[1] * field;
        fan_out = (double)shape->dim[0] * field;
    }
    for (size_t i = 0; i < (*out)->size; i++) {
        (*out)->data[i] = init->draw(&dice, setting, in, fan_out);
    }
    return NULL;
}

struct error *params_make(struct session *s, const char *name, const struct shape *shape,
                          struct expr *how) {
    const struct def *old = board_get(s->board, name);
    uint64_t draws = old ? old->draws : 0;
    struct tensor *t;
    struct error *e = draw(s, name, how, shape, draws, &t);
    if (e) {
        expr_unref(how);
        return e;
    }
    struct def *d = def_value(DEF_PARAM, t);
    d->expr = how;
    d->draws = draws + 1;
    define_put(s, name, d);
    return NULL;
}

static struct error *read_shape(struct session *s, const struct pdef *p,
                                struct shape *shape) {
    struct builder b = {.board = s->board};
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

static struct error *define_param(struct session *s, const struct pdef *p) {
    struct shape shape;
    struct expr *how = NULL;
    struct error *e = define_check_name(s, p->name, p->at);
    if (!e) e = read_shape(s, p, &shape);
    if (!e && p->value) e = freeze_now(s->board, p->value, &how);
    if (!e) e = params_make(s, p->name, &shape, how);
    return error_at(e, p->at);
}

struct error *params_define(struct session *s, const struct stmt *st) {
    struct error *e = NULL;
    for (int i = 0; i < st->n_pdefs && !e; i++) e = define_param(s, &st->pdefs[i]);
    return e;
}

struct error *params_init(struct session *s, const char *name) {
    const struct def *old = board_get(s->board, name);
    struct tensor *t;
    struct error *e = draw(s, name, old->expr, &old->shape, old->draws, &t);
    if (e) return e;
    struct def *d = def_copy(old);
    tensor_unref(d->value);
    d->value = t;
    d->draws++;
    board_set(s->board, name, d);
    return NULL;
}
