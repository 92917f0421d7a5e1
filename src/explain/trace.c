#include "explain/trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "engine/recurrent.h"
#include "engine/window.h"
#include "explain/explain_inside.h"
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

/* Shows one channel; returns the sum of its products. */
static real say_channel(struct out *o, const struct window *w, size_t channel) {
    bool kernel = w->layer->n_in > 1;
    struct blocks b = {.high = w->high, .wide = w->wide};
    real sum = 0;
    for (int k = 0; k < 3; k++) b.rows[k] = mem_alloc(w->high, sizeof *b.rows[k]);
    for (size_t i = 0; i < w->high * w->wide; i++) {
        size_t y = i / w->wide, x = i % w->wide;
        real seen = window_pixel(w, channel, y, x);
        bool nothing =
            w->layer->gate->pool == FOLD_MOST && window_border(w, channel, y, x);
        if (nothing) buf_printf(&b.rows[0][y], "%*s", CELL, "");
        else print_number(o, &b.rows[0][y], seen);
        if (!kernel) continue;
        real weight = window_weight(w, channel, y, x);
        print_number(o, &b.rows[1][y], weight);
        print_number(o, &b.rows[2][y], seen * weight);
        sum += seen * weight;
    }
    print_blocks(o, &b, kernel);
    for (int k = 0; k < 3; k++) {
        for (size_t y = 0; y < w->high; y++) buf_free(&b.rows[k][y]);
        free(b.rows[k]);
    }
    return sum;
}

static void say_window(struct out *o, const struct node *n, size_t cell) {
    bool kernel = n->n_in > 1;
    struct window w = window_at(n, cell);
    struct buf sums = {0};
    for (size_t ch = 0; ch < w.deep; ch++) {
        char number[NUM_SIZE];
        if (w.deep > 1) {
            out_say(o, "trace.channel", "channel", num_format(number, (double)ch, 6),
                    NULL);
        }
        real sum = say_channel(o, &w, ch);
        buf_printf(&sums, "%s%s", ch ? " + " : "", NUM(o, sum));
    }
    if (n->n_in > 2) {
        out_say(o, "trace.sum-bias", "sums", buf_text(&sums), "bias",
                NUM(o, n->in[2]->value[w.map]), "value", NUM(o, n->value[cell]), NULL);
    } else if (kernel) {
        out_say(o, w.deep > 1 ? "trace.sums" : "trace.sum", "sums", buf_text(&sums),
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
    double rest = 0;
    for (size_t i = 0; i < inner; i++) {
        real w = b->value[i * columns + column];
        if (i >= WRITTEN) rest += a->value[row * inner + i] * w;
        if (i >= WRITTEN) continue;
        buf_printf(&sum, w < 0 ? "%s%s·(%s)" : "%s%s·%s", i ? " + " : "",
                   NUM(o, a->value[row * inner + i]), NUM(o, w));
    }
    if (inner > WRITTEN) explain_rest(&sum, inner - WRITTEN, rest, o->digits);
    out_say(o, "trace.product", "sums", buf_text(&sum), "value", NUM(o, n->value[cell]),
            NULL);
    buf_free(&sum);
}

static bool is_layer(const struct node *n) {
    return window_is(n) || recurrent_is(n) || gate_is(n, ROLE_MATMUL);
}

/* One number of a gate that works element by element: each operand's at its own
 * place. */
static void say_element(struct out *o, const struct node *n, size_t cell) {
    const char *infix = n->n_in > 1 ? n->gate->infix : NULL;
    struct buf b = {0};
    if (!infix) {
        buf_printf(&b, "%s(", gate_is(n, ROLE_NEGATIVE) ? "-" : n->gate->name);
    }
    for (int k = 0; k < n->n_in; k++) {
        real v = n->in[k]->value[graph_operand_at(n, k, cell)];
        bool factor = infix && v < 0 && (k || n->gate->precedence >= HOLDS_POWER);
        if (k) buf_add(&b, infix ? infix : ", ");
        buf_printf(&b, factor ? "(%s)" : "%s", NUM(o, v));
    }
    buf_printf(&b, infix ? " = %s" : ") = %s", NUM(o, n->value[cell]));
    out_printf(o, "%s\n", buf_text(&b));
    buf_free(&b);
}

/* An element on the way from what was named down to the layer that made it. */
struct stage {
    const struct node *node;
    size_t cell;
};

/* The layer, then what the gates behind it make of its number. False: there is none, or
 * something between that is not element by element. */
static bool say_cell(struct out *o, const struct compiled *c, size_t cell) {
    size_t count = (size_t)graph_count(c->graph), depth = 0;
    bool *made = arena_alloc(graph_arena(c->graph), count, sizeof *made);
    struct stage *way = arena_alloc(graph_arena(c->graph), count, sizeof *way);
    for (size_t i = 0; i < count; i++) {
        const struct node *n = graph_node(c->graph, (int)i);
        made[i] = is_layer(n);
        if (!n->gate || !(n->gate->flags & GATE_ELEMENTWISE)) continue;
        for (int k = 0; k < n->n_in; k++) made[i] |= made[n->in[k]->id];
    }
    const struct node *n = c->root;
    if (!made[n->id]) return false;
    while (!is_layer(n)) {
        int k = 0;
        while (!made[n->in[k]->id]) k++;
        way[depth++] = (struct stage){n, cell};
        cell = graph_operand_at(n, k, cell);
        n = n->in[k];
    }
    if (window_is(n)) say_window(o, n, cell);
    else if (recurrent_is(n)) explain_cell(o, n, cell);
    else say_product(o, n, cell);
    while (depth--) {
        n = way[depth].node;
        if (!gate_is(n, ROLE_SAME)) say_element(o, n, way[depth].cell);
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
        if (!say_cell(s->out, &k, cell))
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
