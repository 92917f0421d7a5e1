#include "explain/trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "text/number.h"

static struct error *no_cell(const struct shape *shape, struct place at) {
    struct buf b = {0};
    shape_print(&b, shape);
    struct error *e = error_new("trace-cell", "shape", buf_text(&b), NULL);
    buf_free(&b);
    return error_at(e, at);
}

/* The index of trace C[0, 2, 3, 4], worked out against the shape of C. */
struct error *trace_read_cell(struct session *s, const struct expr *x,
                              const struct shape *shape, size_t *cell) {
    const struct expr_node *root = &x->nodes[x->n - 1];
    *cell = 0;
    if (root->n_kids - 1 != shape->n) return no_cell(shape, root->at);
    for (int d = 0; d < shape->n; d++) {
        int i = root->kids[d + 1];
        size_t at, to;
        struct error *e = compile_range(s->board, x, i, shape->dim[d], &at, &to);
        if (!e && to != at) e = no_cell(shape, x->nodes[i].at);
        if (e) return e;
        *cell = *cell * shape->dim[d] + at;
    }
    return NULL;
}

enum { CELL = 8 }; /* columns of a number in a window */

static void print_number(struct out *o, struct buf *b, real v) {
    char number[NUM_SIZE];
    num_format(number, v, o->digits < 3 ? o->digits : 3);
    size_t n = strlen(number);
    buf_printf(b, "%*s%s", (int)(n < CELL ? CELL - n : 1), "", number);
}

/* One channel's window, kernel and products: side by side where they fit, a row of the
 * window a line, else one under another. */
struct blocks {
    struct buf *rows[3];
    size_t high, wide;
};

static void print_blocks(struct out *o, const struct blocks *b, bool kernel) {
    static const char *const signs[] = {"", " × ", " = "};
    int n = kernel ? 3 : 1;
    bool beside = n * (int)b->wide * CELL + 6 <= o->width;
    for (size_t y = 0; y < b->high && beside; y++) {
        for (int k = 0; k < n; k++) {
            const char *sign = y == b->high / 2 || !k ? signs[k] : "   ";
            out_printf(o, "%s%s", sign, buf_text(&b->rows[k][y]));
        }
        out_puts(o, "\n");
    }
    for (int k = 0; k < n && !beside; k++) {
        for (size_t y = 0; y < b->high; y++) {
            out_printf(o, "%s%s\n",
                       !k  ? ""
                       : y ? "   "
                           : signs[k],
                       buf_text(&b->rows[k][y]));
        }
    }
}

struct window { /* where an output number looks */
    size_t example, filter, row, column, high, wide;
};

static struct window window_of(const struct node *n, size_t cell) {
    const size_t *shape = n->shape.dim;
    bool kernel = n->n_in > 1;
    size_t side = (size_t)n->attr.count;
    return (struct window){cell / shape[3] / shape[2] / shape[1],
                           cell / shape[3] / shape[2] % shape[1],
                           cell / shape[3] % shape[2] * (size_t)n->attr.stride,
                           cell % shape[3] * (size_t)n->attr.stride,
                           kernel ? n->in[1]->shape.dim[2] : side,
                           kernel ? n->in[1]->shape.dim[3] : side};
}

/* Shows one channel; returns the sum of its products. */
static real say_channel(struct out *o, const struct node *n, const struct window *w,
                        size_t channel) {
    const struct node *in = n->in[0], *kernel = n->n_in > 1 ? n->in[1] : NULL;
    const size_t *is = in->shape.dim;
    size_t pad = (size_t)n->attr.pad, from = kernel ? channel : w->filter;
    struct blocks b = {.high = w->high, .wide = w->wide};
    real sum = 0;
    for (int k = 0; k < 3; k++) b.rows[k] = mem_alloc(w->high, sizeof *b.rows[k]);
    for (size_t y = 0; y < w->high; y++) {
        for (size_t x = 0; x < w->wide; x++) {
            size_t r = w->row + y - pad, c = w->column + x - pad;
            bool inside = r < is[2] && c < is[3]; /* else the border of zeros */
            size_t plane = w->example * is[1] + from;
            real v = inside ? in->value[(plane * is[2] + r) * is[3] + c] : 0;
            print_number(o, &b.rows[0][y], v);
            if (!kernel) continue;
            size_t at = ((w->filter * is[1] + channel) * w->high + y) * w->wide + x;
            print_number(o, &b.rows[1][y], kernel->value[at]);
            print_number(o, &b.rows[2][y], v * kernel->value[at]);
            sum += v * kernel->value[at];
        }
    }
    print_blocks(o, &b, kernel);
    for (int k = 0; k < 3; k++) {
        for (size_t y = 0; y < w->high; y++) buf_free(&b.rows[k][y]);
        free(b.rows[k]);
    }
    return sum;
}

static void say_windows(struct out *o, const struct node *n, size_t cell) {
    const struct node *kernel = n->n_in > 1 ? n->in[1] : NULL;
    struct window w = window_of(n, cell);
    size_t channels = kernel ? n->in[0]->shape.dim[1] : 1;
    struct buf sums = {0};
    for (size_t ch = 0; ch < channels; ch++) {
        char number[NUM_SIZE];
        if (channels > 1) {
            out_say(o, "trace.channel", "channel", num_format(number, (double)ch, 6),
                    NULL);
        }
        real sum = say_channel(o, n, &w, ch);
        buf_printf(&sums, "%s%s", ch ? " + " : "", NUM(o, sum));
    }
    if (kernel && n->n_in > 2) {
        out_say(o, "trace.sum-bias", "sums", buf_text(&sums), "bias",
                NUM(o, n->in[2]->value[w.filter]), "value", NUM(o, n->value[cell]),
                NULL);
    } else if (kernel) {
        out_say(o, channels > 1 ? "trace.sums" : "trace.sum", "sums", buf_text(&sums),
                "value", NUM(o, n->value[cell]), NULL);
    } else {
        out_say(o, n->gate->pool == FOLD_MOST ? "trace.max" : "trace.mean", "value",
                NUM(o, n->value[cell]), NULL);
    }
    buf_free(&sums);
}

/* One number of x @ W: row times column. */
static void say_product(struct out *o, const struct node *n, size_t cell) {
    enum { WRITTEN = 8 };
    const struct node *a = n->in[0], *b = n->in[1];
    size_t inner = a->shape.dim[a->shape.n - 1];
    size_t columns = b->shape.n == 2 ? b->shape.dim[1] : 1;
    size_t row = cell / columns, column = cell % columns;
    struct buf sum = {0};
    for (size_t i = 0; i < inner && i < WRITTEN; i++) {
        real w = b->value[i * columns + column];
        buf_printf(&sum, w < 0 ? "%s%s·(%s)" : "%s%s·%s", i ? " + " : "",
                   NUM(o, a->value[row * inner + i]), NUM(o, w));
    }
    if (inner > WRITTEN) buf_printf(&sum, " + … (%zu)", inner);
    out_say(o, "trace.product", "sums", buf_text(&sum), "value", NUM(o, n->value[cell]),
            NULL);
    buf_free(&sum);
}

/* Follows one cell from the named formula down to the layer that made it. */
static bool say_cell(struct out *o, const struct node *n, size_t cell) {
    if (n->attr.stride) {
        say_windows(o, n, cell);
    } else if (gate_is(n, ROLE_MATMUL)) {
        say_product(o, n, cell);
    } else if (n->gate && n->gate->flags & GATE_ELEMENTWISE &&
               n->in[0]->size == n->size) {
        if (!n->in[0]->gate || !say_cell(o, n->in[0], cell)) return false;
        if (gate_is(n, ROLE_SAME)) return true;
        struct buf b = {0};
        const struct node *other = n->n_in > 1 ? n->in[1] : NULL;
        if (other) {
            size_t at = other->size == n->size ? cell : cell % other->size;
            buf_printf(&b, "%s%s%s", NUM(o, n->in[0]->value[cell]),
                       n->gate->infix ? n->gate->infix : ", ",
                       NUM(o, other->value[at]));
        } else {
            buf_printf(&b, "%s(%s)", n->gate->name, NUM(o, n->in[0]->value[cell]));
        }
        out_printf(o, "%s = %s\n", buf_text(&b), NUM(o, n->value[cell]));
        buf_free(&b);
    } else {
        return false;
    }
    return true;
}

struct error *trace_command(struct session *s, const struct stmt *c) {
    const struct expr *x;
    struct compiled k;
    size_t cell;
    struct error *e = stmt_expr(c, &x);
    if (e) return e;
    const struct expr_node *root = &x->nodes[x->n - 1];
    if (root->kind != EXPR_INDEX)
        return error_at(error_new("trace-index", NULL), root->at);
    struct expr base = {.refs = 1, .nodes = x->nodes, .n = root->kids[0] + 1};
    if ((e = compile_open(&k, s->board, &base))) return e;
    e = trace_read_cell(s, x, &k.root->shape, &cell);
    if (!e) {
        graph_forward(k.graph);
        if (!say_cell(s->out, k.root, cell))
            e = error_at(error_new("trace-what", NULL), root->at);
    }
    if (!e) {
        struct buf b = {0};
        expr_print(&b, x);
        out_printf(s->out, "%s = %s\n", buf_text(&b), NUM(s->out, k.root->value[cell]));
        buf_free(&b);
    }
    compile_close(&k);
    return e;
}
