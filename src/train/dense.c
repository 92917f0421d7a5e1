/* Dense layers and losses as steps. */
#define ENGINE_FLOAT
#include <math.h>
#include <string.h>

#include "train/fuse.h"

struct dense {
    enum activation act;
    float *turned; /* Wᵀ, where the layer before learns too */
};

struct head {
    bool entropy;
    size_t y_row; /* of probabilities; 0: class numbers, or as many as the rows have */
    const struct node *y;
};

/* ---- products in pieces ---- */

/* Below this many multiplications waking another thread costs more than it saves. */
enum { WORTH_SHARING = 100000 };

/* A product in a piece for each thread: strips of columns, or rows where there are few
 * strips. Each number is summed in one order, however the product is cut. */
struct cut {
    const struct kernels *kernels;
    struct dense_product whole;
    bool strips;
    size_t each; /* strips or rows of a piece */
};

static void do_piece(void *context, size_t piece) {
    const struct cut *cut = context;
    struct dense_product p = cut->whole;
    size_t from = piece * cut->each;
    if (cut->strips) {
        p.vectors = p.vectors - from < cut->each ? p.vectors - from : cut->each;
        p.b += from * p.b_strip;
        p.c += from * p.c_strip;
        if (p.start) p.start += from * LANES;
    } else {
        p.rows = p.rows - from < cut->each ? p.rows - from : cut->each;
        p.a += from * p.a_row;
        p.c += from * p.c_row;
    }
    cut->kernels->product(&p);
}

void dense_product(struct train *t, const struct dense_product *p) {
    size_t threads = (size_t)t->how.threads;
    if (threads < 2 || p->rows * p->inner * p->vectors * LANES < WORTH_SHARING) {
        t->kernels->product(p);
        return;
    }
    bool strips = p->vectors >= 2 * threads;
    size_t n = strips ? p->vectors : p->rows, each = (n + threads - 1) / threads;
    struct cut cut = {t->kernels, *p, strips, each};
    team_do(t->team, (n + each - 1) / each, do_piece, &cut);
}

/* ---- a dense layer ---- */

static void dense_forward(struct train *t, struct step *s) {
    const struct dense *d = s->more;
    rows_come_in(t, s);
    dense_product(t, &(struct dense_product){.rows = t->rows,
                                             .inner = s->in.columns,
                                             .vectors = s->out.ld / LANES,
                                             .a = s->in.value,
                                             .a_row = s->in.ld,
                                             .a_inner = 1,
                                             .b = s->weights->value,
                                             .b_row = LANES,
                                             .b_strip = s->in.columns * LANES,
                                             .c = s->out.value,
                                             .c_row = s->out.ld,
                                             .c_strip = LANES,
                                             .start = s->bias ? s->bias->value : NULL});
    t->kernels->activate(d->act, s->out.value, t->rows * s->out.ld);
    rows_go_out(t, s);
}

void dense_turn(const struct train *t, const struct param *w, size_t rows, float *to) {
    for (size_t i = 0; i < rows; i += LANES) {
        size_t n = rows - i < LANES ? rows - i : LANES;
        for (size_t o = 0; o < w->columns; o += LANES) {
            t->kernels->transpose(w->value + o * rows + i * LANES, n,
                                  w->columns - o < LANES ? w->columns - o : LANES,
                                  LANES, to + i * w->columns + o * LANES, LANES);
        }
    }
}

/* dX = slope @ Wᵀ */
static void slopes_down(struct train *t, struct step *s) {
    const struct dense *d = s->more;
    size_t inputs = s->in.columns, ld = LANES_FOR(inputs);
    dense_turn(t, s->weights, inputs, d->turned);
    dense_product(t, &(struct dense_product){.rows = t->rows,
                                             .inner = s->out.columns,
                                             .vectors = ld / LANES,
                                             .a = s->out.grad,
                                             .a_row = s->out.ld,
                                             .a_inner = 1,
                                             .b = d->turned,
                                             .b_row = LANES,
                                             .b_strip = s->out.columns * LANES,
                                             .c = s->in.grad,
                                             .c_row = ld,
                                             .c_strip = LANES});
    rows_slopes_out(t, s);
}

static void dense_backward(struct train *t, struct step *s) {
    const struct dense *d = s->more;
    struct param *w = s->weights, *b = s->bias;
    rows_slopes_in(t, s);
    t->kernels->deactivate(d->act, s->out.value, s->out.grad, t->rows * s->out.ld);
    if (d->turned) slopes_down(t, s);
    float scale = w->fused ? -(float)t->how.rule.rate : 1;
    if (b) {
        t->kernels->sum_rows(s->out.grad, t->rows, s->out.ld / LANES, s->out.ld, scale,
                             b->fused ? train_keep(t, b) : 0,
                             b->fused ? b->value : b->grad);
    } else {
        for (size_t i = 0; i < t->rows * s->out.ld; i++) s->out.grad[i] *= scale;
    }
    dense_product(t, &(struct dense_product){.rows = s->in.columns,
                                             .inner = t->rows,
                                             .vectors = s->out.ld / LANES,
                                             .a = s->in.value,
                                             .a_row = 1,
                                             .a_inner = s->in.ld,
                                             .b = s->out.grad,
                                             .b_row = s->out.ld,
                                             .b_strip = LANES,
                                             .c = w->fused ? w->value : w->grad,
                                             .c_row = LANES,
                                             .c_strip = s->in.columns * LANES,
                                             .keep = w->fused ? train_keep(t, w) : 0});
}

void dense_own(struct param *p, size_t columns, bool fused) {
    p->columns = columns;
    p->owned = true;
    p->fused = fused;
}

/* The bias added to a product: the operand beside it. */
static struct node *added(const struct node *sum, const struct node *product) {
    return sum->in[sum->in[0] == product];
}

static enum activation activation_of(const struct node *n) {
    if (fuse_is(n, KERNEL_RELU)) return ACT_RELU;
    if (fuse_is(n, KERNEL_TANH)) return ACT_TANH;
    if (fuse_is(n, KERNEL_SIGMOID)) return ACT_SIGMOID;
    return ACT_NONE;
}

void fuse_dense(struct train *t, struct fusion *f, struct node *n) {
    if (!fuse_is(n, KERNEL_PRODUCT) || n->in[0]->shape.n != 2 || n->in[1]->shape.n != 2)
        return;
    struct param *w = fuse_param(t, f, n->in[1]), *b = NULL;
    bool batch = f->varies[n->in[0]->id] && n->in[0]->shape.dim[0] == t->how.batch;
    if (!w || !batch || !f->learns[n->id]) return;
    struct step *s = arena_alloc(t->arena, 1, sizeof *s);
    struct dense *d = s->more = arena_alloc(t->arena, 1, sizeof *d);
    size_t inputs = n->in[1]->shape.dim[0], outputs = n->in[1]->shape.dim[1];
    struct node *end = n, *next = fuse_next(f, end);
    if (fuse_is(next, KERNEL_BIAS) && next->n_in == 2)
        b = fuse_param(t, f, added(next, n));
    if (b && b->leaf->shape.n == 1 && b->leaf->size == outputs) {
        f->inside[end->id] = true;
        end = next;
        next = fuse_next(f, end);
    } else {
        b = NULL;
    }
    d->act = activation_of(next);
    if (d->act != ACT_NONE) {
        f->inside[end->id] = true;
        end = next;
    }
    bool fused = train_fuses(t);
    dense_own(s->weights = w, outputs, fused);
    if ((s->bias = b)) dense_own(b, outputs, fused);
    struct node *from = fuse_source(f, n->in[0]);
    if (f->learns[from->id]) {
        d->turned = arena_alloc(t->arena, outputs * LANES_FOR(inputs), sizeof(float));
    }
    s->forward = dense_forward;
    s->backward = dense_backward;
    fuse_begin(t, f, s, from, inputs);
    fuse_end(t, f, s, end, outputs);
}

/* ---- a loss at the end ---- */

static void head_forward(struct train *t, struct step *s) {
    const struct head *h = s->more;
    s->to->value[0] = h->entropy ? t->kernels->cross_entropy(
                                       s->in.value, t->rows, s->in.columns, s->in.ld,
                                       h->y->value, h->y_row, s->in.grad)
                                 : t->kernels->l2(s->in.value, t->rows, s->in.columns,
                                                  s->in.ld, h->y->value, s->in.grad);
}

/* The slopes were made on the way forward. */
static void head_backward(struct train *t, struct step *s) { (void)t, (void)s; }

void fuse_head(struct train *t, struct fusion *f, struct node *n) {
    bool entropy = fuse_is(n, KERNEL_ENTROPY);
    if (n != t->loss || (!entropy && !fuse_is(n, KERNEL_SQUARES))) return;
    struct node *o = n->in[0], *y = n->in[1];
    struct step *before = f->ends[o->id];
    bool same = shape_equal(&o->shape, &y->shape);
    if (!before || f->uses[o->id] != 1 || f->learns[y->id] || o->shape.n != 2) return;
    if (!same && (!entropy || y->size != t->how.batch)) return;
    if (entropy && o->shape.dim[1] == 1) return; /* one class: as the gate has it */
    struct step *s = arena_alloc(t->arena, 1, sizeof *s);
    struct head *h = s->more = arena_alloc(t->arena, 1, sizeof *h);
    *h = (struct head){entropy, same ? o->shape.dim[1] : 0, y};
    s->forward = head_forward;
    s->backward = head_backward;
    fuse_begin(t, f, s, o, o->shape.dim[1]);
    s->to = n;
    f->ends[n->id] = s;
}
