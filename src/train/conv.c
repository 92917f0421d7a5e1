/* A stack of convolutions as one step: each with its relu and its 2 × 2 pool. The batch
 * goes through in groups of as many examples as a register has lanes, side by side; a
 * group is a thread's piece of work, with buffers and gradients of its own, which are
 * then added group by group. */
#define ENGINE_FLOAT
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "train/fuse.h"

enum { DEEPEST = 8 };

struct group { /* a block's buffers for its examples */
    float *in; /* with its border */
    int *chosen;
    float *slope;     /* of what comes out */
    float *scattered; /* the same where it came from, with a border; NULL: not wanted */
    float *weights, *bias; /* gradients */
    float *work;
};

struct block {
    struct conv conv;
    struct param *weights, *bias;
    size_t pad, size, out;        /* numbers of an example: in (a channel), out */
    float *laid, *start, *turned; /* weights and bias as the kernels want them */
    struct conv back;
    struct group *groups;
};

struct stack {
    struct block blocks[DEEPEST];
    size_t n;
    size_t columns; /* of a picture */
    float *last;    /* what comes out, for each group, example beside example */
    struct train *train;
    struct step *step;
};

static size_t group_rows(const struct train *t, size_t group) {
    size_t lanes = t->kernels->lanes, left = t->rows - group * lanes;
    return left < lanes ? left : lanes;
}

static size_t groups_of(const struct train *t, size_t rows) {
    return (rows + t->kernels->lanes - 1) / t->kernels->lanes;
}

/* Where the numbers of a block's input begin, inside its border. */
static float *inside(const struct block *b, size_t group, size_t lanes) {
    return b->groups[group].in + (b->pad * b->conv.in_row + b->pad) * lanes;
}

/* ---- forward ---- */

static void group_forward(void *context, size_t group) {
    struct stack *s = context;
    const struct kernels *k = s->train->kernels;
    size_t lanes = k->lanes;
    struct step *step = s->step;
    size_t rows = group_rows(s->train, group), first = group * lanes;
    struct block *b = &s->blocks[0];
    if (interrupt_flag) return;
    size_t high = b->size / s->columns;
    for (size_t i = 0; i < b->conv.channels * high; i++) {
        float *to = inside(b, group, lanes) +
                    (i / high * b->conv.in_plane + i % high * b->conv.in_row) * lanes;
        k->transpose(step->in.value + first * step->in.ld + i * s->columns, rows,
                     s->columns, step->in.ld, to, lanes);
    }
    float *last = s->last + group * s->blocks[s->n - 1].out * lanes;
    for (; b < s->blocks + s->n; b++) {
        if (interrupt_flag) return;
        struct group *g = &b->groups[group];
        bool ends = b + 1 == s->blocks + s->n;
        k->conv(&b->conv, g->in, ends ? last : inside(b + 1, group, lanes), g->chosen);
    }
    k->transpose(last, b[-1].out, rows, lanes, step->out.value + first * step->out.ld,
                 step->out.ld);
}

static void stack_forward(struct train *t, struct step *s) {
    struct stack *stack = s->more;
    stack->step = s;
    rows_come_in(t, s);
    for (struct block *b = stack->blocks; b < stack->blocks + stack->n; b++) {
        struct conv *c = &b->conv;
        t->kernels->conv_weights(b->weights->value, c->filters, c->channels, c->side,
                                 false, b->laid);
        if (b->bias) memcpy(b->start, b->bias->value, c->filters * sizeof(float));
    }
    team_do(t->team, groups_of(t, t->rows), group_forward, stack);
    rows_go_out(t, s);
}

/* ---- backward ---- */

static void group_backward(void *context, size_t group) {
    struct stack *s = context;
    const struct kernels *k = s->train->kernels;
    size_t lanes = k->lanes;
    struct step *step = s->step;
    size_t rows = group_rows(s->train, group), first = group * lanes;
    struct block *b = &s->blocks[s->n - 1];
    if (interrupt_flag) return;
    k->transpose(step->out.grad + first * step->out.ld, rows, b->out, step->out.ld,
                 b->groups[group].slope, lanes);
    for (;; b--) {
        struct group *g = &b->groups[group];
        k->conv_slopes(&b->conv, g->in, g->slope, g->chosen, g->work, g->weights,
                       g->bias);
        if (!g->scattered) return;
        size_t border = b->conv.side - 1 - b->pad;
        k->conv_scatter(&b->conv, g->slope, g->chosen,
                        g->scattered + (border * b->back.in_row + border) * lanes,
                        b->back.in_row, b->back.in_plane);
        if (interrupt_flag) return;
        if (b == s->blocks) break;
        k->conv(&b->back, g->scattered, b[-1].groups[group].slope, NULL);
    }
    size_t numbers = b->size * b->conv.channels; /* the pictures learn too */
    float *slope = b->groups[group].in;          /* not needed any more */
    k->conv(&b->back, b->groups[group].scattered, slope, NULL);
    k->transpose(slope, numbers, rows, lanes,
                 step->in.grad + first * LANES_FOR(numbers), LANES_FOR(numbers));
    memset(slope, 0, b->conv.channels * b->conv.in_plane * lanes * sizeof *slope);
}

/* Adds the groups' gradients in their order; the plain update is done at once. */
static void add_groups(struct train *t, struct param *p, const struct block *b,
                       bool bias) {
    size_t n = p->leaf->size, groups = groups_of(t, t->rows);
    float rate = (float)t->how.rule.rate;
    float keep = train_keep(t, p);
    for (size_t i = 0; i < n; i++) {
        float sum = 0;
        for (size_t g = 0; g < groups; g++) {
            sum += bias ? b->groups[g].bias[i] : b->groups[g].weights[i];
        }
        if (p->fused) p->value[i] = keep * p->value[i] - rate * sum;
        else p->grad[i] = sum;
    }
}

static void stack_backward(struct train *t, struct step *s) {
    struct stack *stack = s->more;
    stack->step = s;
    rows_slopes_in(t, s);
    for (struct block *b = stack->blocks; b < stack->blocks + stack->n; b++) {
        struct conv *c = &b->conv;
        if (!b->turned) continue;
        t->kernels->conv_weights(b->weights->value, c->filters, c->channels, c->side,
                                 true, b->turned);
    }
    team_do(t->team, groups_of(t, t->rows), group_backward, stack);
    if (interrupt_flag) return; /* half a gradient teaches nothing */
    for (struct block *b = stack->blocks; b < stack->blocks + stack->n; b++) {
        add_groups(t, b->weights, b, false);
        if (b->bias) add_groups(t, b->bias, b, true);
    }
    if (stack->blocks[0].turned) rows_slopes_out(t, s);
}

/* ---- making a stack ---- */

static float *vectors(struct train *t, size_t n) {
    return arena_alloc(t->arena, n * t->kernels->lanes, sizeof(float));
}

static void open_groups(struct train *t, struct block *b) {
    const struct conv *c = &b->conv;
    size_t groups = groups_of(t, t->how.batch),
           kernel = c->channels * c->side * c->side;
    b->groups = arena_alloc(t->arena, groups, sizeof *b->groups);
    for (struct group *g = b->groups; g < b->groups + groups; g++) {
        g->in = vectors(t, c->channels * c->in_plane);
        g->chosen =
            arena_alloc(t->arena, b->out * t->kernels->lanes, sizeof *g->chosen);
        g->slope = vectors(t, b->out);
        if (b->turned) g->scattered = vectors(t, c->filters * b->back.in_plane);
        g->weights = arena_alloc(t->arena, c->filters * kernel, sizeof *g->weights);
        g->bias = arena_alloc(t->arena, c->filters, sizeof *g->bias);
        g->work = arena_alloc(t->arena, t->kernels->conv_work(c), sizeof *g->work);
    }
}

static void open_block(struct train *t, struct block *b, const struct node *n,
                       bool back) {
    const size_t *in = n->in[0]->shape.dim, *out = n->shape.dim;
    struct conv *c = &b->conv;
    size_t pad = b->pad = (size_t)n->attr.pad, step = c->pool ? 2 : 1;
    c->channels = in[1], c->filters = out[1], c->side = n->in[1]->shape.dim[2];
    c->high = out[2], c->wide = out[3];
    c->in_row = in[3] + 2 * pad, c->in_plane = (in[2] + 2 * pad) * c->in_row;
    c->out_row = c->wide / step, c->out_plane = c->high / step * c->out_row;
    b->size = in[2] * in[3], b->out = c->filters * c->out_plane;
    size_t kernel = c->side * c->side;
    c->weights = b->laid =
        arena_alloc(t->arena, c->filters * c->channels * kernel, sizeof *b->laid);
    c->bias = b->start = arena_alloc(t->arena, c->filters, sizeof *b->start);
    if (back) {
        size_t border = c->side - 1 - pad, row = c->wide + 2 * border;
        b->turned =
            arena_alloc(t->arena, c->channels * c->filters * kernel, sizeof *b->turned);
        b->back = (struct conv){.channels = c->filters,
                                .filters = c->channels,
                                .side = c->side,
                                .high = in[2],
                                .wide = in[3],
                                .in_row = row,
                                .in_plane = (c->high + 2 * border) * row,
                                .out_row = in[3],
                                .out_plane = in[2] * in[3],
                                .weights = b->turned};
    }
    open_groups(t, b);
}

/* Takes one convolution with its relu and pool into the stack; moves *end to the last
 * gate of them. */
static bool take_block(struct train *t, struct fusion *f, struct stack *s,
                       struct node *n, struct node **end) {
    if (!fuse_is(n, KERNEL_CONV) || n->attr.stride != 1 || s->n == DEEPEST)
        return false;
    const size_t *kernel = n->in[1]->shape.dim;
    struct param *w = fuse_param(t, f, n->in[1]);
    struct param *bias = n->n_in == 3 ? fuse_param(t, f, n->in[2]) : NULL;
    if (!w || (n->n_in == 3 && !bias) || kernel[2] != kernel[3]) return false;
    if ((size_t)n->attr.pad >= kernel[2]) return false;
    struct block *b = &s->blocks[s->n];
    struct node *next = fuse_next(f, *end = n);
    *b = (struct block){.weights = w, .bias = bias};
    if (fuse_is(next, KERNEL_RELU)) {
        f->inside[(*end)->id] = b->conv.relu = true;
        next = fuse_next(f, *end = next);
    }
    if (fuse_is(next, KERNEL_MAXPOOL) && next->attr.count == 2 &&
        next->attr.stride == 2 && !next->attr.pad && n->shape.dim[2] % 2 == 0 &&
        n->shape.dim[3] % 2 == 0) {
        f->inside[(*end)->id] = b->conv.pool = true;
        *end = next;
    }
    open_block(t, b, n, s->n > 0 || f->learns[n->in[0]->id]);
    if (s->n > 0) { /* the block before writes inside this one's border */
        s->blocks[s->n - 1].conv.out_row = b->conv.in_row;
        s->blocks[s->n - 1].conv.out_plane = b->conv.in_plane;
    }
    s->n++;
    w->owned = true;
    w->fused = train_fuses(t);
    if (bias) bias->owned = true, bias->fused = w->fused;
    return true;
}

void fuse_conv(struct train *t, struct fusion *f, struct node *n) {
    if (!fuse_is(n, KERNEL_CONV) || !f->varies[n->in[0]->id] || !f->learns[n->id])
        return;
    if (n->in[0]->shape.dim[0] != t->how.batch || f->varies[n->in[1]->id]) return;
    struct step *step = arena_alloc(t->arena, 1, sizeof *step);
    struct stack *s = arena_alloc(t->arena, 1, sizeof *s);
    struct node *end, *from = n->in[0];
    if (!take_block(t, f, s, n, &end)) return;
    for (struct node *next = fuse_next(f, end);
         next && take_block(t, f, s, next, &n);) {
        f->inside[end->id] = true;
        end = n;
        next = fuse_next(f, end);
    }
    const struct block *last = &s->blocks[s->n - 1];
    s->columns = from->shape.dim[3];
    s->train = t;
    s->step = step;
    s->last = vectors(t, groups_of(t, t->how.batch) * last->out);
    step->more = s;
    step->forward = stack_forward;
    step->backward = stack_backward;
    fuse_begin(t, f, step, from,
               from->shape.dim[1] * from->shape.dim[2] * from->shape.dim[3]);
    fuse_end(t, f, step, end, last->out);
}
