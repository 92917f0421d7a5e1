#define ENGINE_FLOAT
#include "train/fuse.h"

#include <string.h>

#include "base/interrupt.h"

bool fuse_is(const struct node *n, enum gate_kernel kernel) {
    return n && n->gate && n->gate->kernel == kernel;
}

struct node *fuse_next(const struct fusion *f, const struct node *n) {
    return f->uses[n->id] == 1 && !f->kept[n->id] ? f->user[n->id] : NULL;
}

struct param *fuse_param(struct train *t, const struct fusion *f,
                         const struct node *n) {
    for (size_t i = 0; i < t->how.n_params; i++) {
        if (t->params[i].node == n && f->uses[n->id] == 1) return &t->params[i];
    }
    return NULL;
}

struct node *fuse_source(struct fusion *f, struct node *n) {
    while (fuse_is(n, KERNEL_FLATTEN) && fuse_next(f, n) && f->varies[n->in[0]->id]) {
        f->inside[n->id] = true;
        n = n->in[0];
    }
    return n;
}

void fuse_end(struct train *t, struct fusion *f, struct step *s, struct node *end,
              size_t columns) {
    size_t n = t->how.batch * LANES_FOR(columns);
    s->to = end;
    s->out = (struct rows){arena_alloc(t->arena, n, sizeof(float)),
                           arena_alloc(t->arena, n, sizeof(float)), columns,
                           LANES_FOR(columns)};
    f->ends[end->id] = s;
}

void fuse_begin(struct train *t, struct fusion *f, struct step *s, struct node *from,
                size_t columns) {
    struct step *before = f->ends[from->id];
    if (before && f->uses[from->id] == 1) {
        s->in = before->out;
        before->joined = true;
        f->inside[from->id] = true;
        return;
    }
    s->from = from;
    s->in = (struct rows){.columns = columns, .ld = columns};
    if (f->learns[from->id]) {
        s->in.grad =
            arena_alloc(t->arena, t->how.batch * LANES_FOR(columns), sizeof(float));
    }
}

/* ---- rows and nodes ---- */

void rows_come_in(struct train *t, struct step *s) {
    (void)t;
    if (s->from) s->in.value = s->from->value;
}

void rows_go_out(struct train *t, struct step *s) {
    size_t n = s->out.columns;
    for (size_t r = 0; r < t->rows && !s->joined && !interrupt_flag; r++) {
        memcpy(s->to->value + r * n, s->out.value + r * s->out.ld, n * sizeof(float));
    }
}

void rows_slopes_in(struct train *t, struct step *s) {
    size_t n = s->out.columns;
    for (size_t r = 0; r < t->rows && !s->joined && !interrupt_flag; r++) {
        memcpy(s->out.grad + r * s->out.ld, s->to->grad + r * n, n * sizeof(float));
    }
}

void rows_slopes_out(struct train *t, struct step *s) {
    if (!s->from) return;
    size_t n = s->in.columns, ld = LANES_FOR(n);
    for (size_t r = 0; r < t->rows && !interrupt_flag; r++) {
        for (size_t c = 0; c < n; c++)
            s->from->grad[r * n + c] += s->in.grad[r * ld + c];
    }
}

/* ---- finding them ---- */

static void count_uses(struct train *t, struct fusion *f) {
    f->varies[t->x->id] = true;
    for (int i = 0; i < t->n_copies; i++) {
        struct node *n = t->copies[i];
        for (int k = 0; n && k < n->n_in; k++) {
            int in = n->in[k]->id;
            f->uses[in]++;
            f->user[in] = n;
            f->varies[i] = f->varies[i] || f->varies[in];
        }
    }
    if (t->output) f->kept[t->output->id] = true;
    f->kept[t->loss->id] = true;
}

struct fusion *fuse(struct train *t, const bool *learns) {
    size_t n = (size_t)t->n_copies;
    struct fusion *f = arena_alloc(t->arena, 1, sizeof *f);
    *f = (struct fusion){learns,
                         arena_alloc(t->arena, n, sizeof(bool)),
                         arena_alloc(t->arena, n, sizeof(bool)),
                         arena_alloc(t->arena, n, sizeof(int)),
                         arena_alloc(t->arena, n, sizeof(struct node *)),
                         arena_alloc(t->arena, n, sizeof(struct step *)),
                         arena_alloc(t->arena, n, sizeof(bool))};
    count_uses(t, f);
    for (int i = 0; i < t->n_copies; i++) {
        struct node *node = t->copies[i];
        if (!node || !node->gate || f->ends[i] || f->inside[i]) continue;
        fuse_dense(t, f, node);
        fuse_conv(t, f, node);
        fuse_recurrent(t, f, node);
        fuse_head(t, f, node);
    }
    return f;
}

void fuse_finish(struct train *t, struct fusion *f) {
    if (!t->output) return;
    struct step *s = f->ends[t->output->id];
    if (s && s->joined) t->seen = &s->out;
}
