/* slide C: a window on its way over a picture, a place at a time: the picture with the
 * window in brackets, beside it what has come out so far, below it the products and the
 * sum. Works for convolutions and pools, on any terminal. */
#include "explain/slide.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "explain/summary.h"
#include "explain/trace.h"
#include "text/number.h"

enum { FIGURES = 3, GAP = 4, ROWS_MOST = 12, SUMS_MOST = 6, UNASKED = 12 };

/* ---- where the window stands ---- */

struct spot {
    const struct node *root, *layer; /* what was named; the convolution or pool in it */
    size_t cell;                     /* of root and of layer */
    size_t example, filter, row, column; /* in the output */
    /* the window, in the picture with its border */
    size_t top, left, high, wide;
    size_t rows, columns; /* of that picture */
    int rows_printed;
};

static struct spot spot_of(const struct node *root, const struct node *layer,
                           size_t cell) {
    const size_t *out = layer->shape.dim, *in = layer->in[0]->shape.dim;
    bool kernel = layer->n_in > 1;
    size_t side = (size_t)layer->attr.count, pad = (size_t)layer->attr.pad;
    size_t stride = (size_t)layer->attr.stride;
    struct spot p = {.root = root, .layer = layer, .cell = cell};
    p.column = cell % out[3];
    p.row = cell / out[3] % out[2];
    p.filter = cell / out[3] / out[2] % out[1];
    p.example = cell / out[3] / out[2] / out[1];
    p.top = p.row * stride;
    p.left = p.column * stride;
    p.high = kernel ? layer->in[1]->shape.dim[2] : side;
    p.wide = kernel ? layer->in[1]->shape.dim[3] : side;
    p.rows = in[2] + 2 * pad;
    p.columns = in[3] + 2 * pad;
    return p;
}

/* The picture's number at a place that counts the border of zeros. */
static real pixel(const struct spot *p, size_t channel, size_t y, size_t x) {
    const size_t *in = p->layer->in[0]->shape.dim;
    size_t r = y - (size_t)p->layer->attr.pad, c = x - (size_t)p->layer->attr.pad;
    if (r >= in[2] || c >= in[3]) return 0;
    return p->layer->in[0]
        ->value[((p->example * in[1] + channel) * in[2] + r) * in[3] + c];
}

static bool on_border(const struct spot *p, size_t y, size_t x) {
    const size_t *in = p->layer->in[0]->shape.dim;
    size_t pad = (size_t)p->layer->attr.pad;
    return y - pad >= in[2] || x - pad >= in[3];
}

/* ---- a grid of numbers with a part of it in brackets ---- */

struct grid {
    size_t rows, columns;                   /* of all of it */
    size_t y, x, shown_rows, shown_columns; /* the part that is shown */
    size_t top, left, high, wide;           /* in brackets */
    int cell;                               /* width of a number */
};

/* So much of n that fits, with the part from..from + size in the middle. */
static size_t crop(size_t n, size_t fits, size_t from, size_t size, size_t *start) {
    *start = 0;
    if (n <= fits) return n;
    if (fits < size) fits = size;
    size_t before = (fits - size) / 2;
    *start = from > before ? from - before : 0;
    if (*start + fits > n) *start = n - fits;
    return fits;
}

static void crop_grid(struct grid *g, int width) {
    size_t fits = width > g->cell + 1 ? (size_t)(width - 1) / (size_t)(g->cell + 1) : 1;
    g->shown_columns = crop(g->columns, fits, g->left, g->wide, &g->x);
    g->shown_rows = crop(g->rows, ROWS_MOST, g->top, g->high, &g->y);
}

static void say_number(struct out *o, const char *text, int width, enum out_colour c) {
    out_puts(o, out_ink(o, c));
    out_pad(o, text, width, true);
    if (c != OUT_PLAIN) out_puts(o, out_ink(o, OUT_PLAIN));
}

/* What stands between two numbers of a row, or at its ends. */
static const char *between(const struct grid *g, size_t y, size_t x) {
    bool beside = y >= g->top && y < g->top + g->high;
    if (beside && x == g->left) return "[";
    return beside && x == g->left + g->wide ? "]" : " ";
}

static bool inside(const struct grid *g, size_t y, size_t x) {
    return y >= g->top && y < g->top + g->high && x >= g->left && x < g->left + g->wide;
}

static int grid_width(const struct grid *g) {
    return (int)g->shown_columns * (g->cell + 1) + 1;
}

static void say_picture_row(struct out *o, const struct spot *p, const struct grid *g,
                            size_t channel, size_t y, bool last) {
    for (size_t x = g->x; x < g->x + g->shown_columns; x++) {
        enum out_colour c = inside(g, y, x)      ? OUT_PARAM
                            : on_border(p, y, x) ? OUT_DIM
                                                 : OUT_PLAIN;
        char number[NUM_SIZE];
        out_puts(o, between(g, y, x));
        say_number(o, num_format(number, pixel(p, channel, y, x), FIGURES), g->cell, c);
    }
    const char *end = between(g, y, g->x + g->shown_columns);
    out_puts(o, last && *end == ' ' ? "" : end);
}

/* What came out up to this place; what is still to come is a dot. */
static void say_output_row(struct out *o, const struct spot *p, const struct grid *g,
                           size_t y) {
    size_t first = p->cell - p->row * g->columns - p->column; /* of this map */
    for (size_t x = g->x; x < g->x + g->shown_columns; x++) {
        size_t at = first + y * g->columns + x;
        char number[NUM_SIZE];
        out_puts(o, between(g, y, x));
        say_number(
            o, at <= p->cell ? num_format(number, p->root->value[at], FIGURES) : "·",
            g->cell,
            inside(g, y, x) ? OUT_VALUE
            : at < p->cell  ? OUT_PLAIN
                            : OUT_DIM);
    }
    if (*between(g, y, g->x + g->shown_columns) == ']') out_puts(o, "]");
}

static int number_width(real v, int most) {
    char number[NUM_SIZE];
    int w = utf8_width(num_format(number, v, FIGURES));
    return w > most ? w : most;
}

/* The picture, and beside it the output. Returns the lines. */
static int say_grids(struct out *o, const struct spot *p) {
    const size_t *out = p->layer->shape.dim;
    struct grid in = {p->rows, p->columns, 0,       0,       0, 0,
                      p->top,  p->left,    p->high, p->wide, 2};
    struct grid to = {out[2], out[3], 0, 0, 0, 0, p->row, p->column, 1, 1, 2};
    bool kernel = p->layer->n_in > 1;
    size_t channel = kernel ? 0 : p->filter,
           map = p->cell - p->row * out[3] - p->column;
    for (size_t y = 0; y < in.rows; y++) {
        for (size_t x = 0; x < in.columns; x++)
            in.cell = number_width(pixel(p, channel, y, x), in.cell);
    }
    for (size_t i = 0; i < out[2] * out[3]; i++)
        to.cell = number_width(p->root->value[map + i], to.cell);
    crop_grid(&to, o->width / 2 - GAP);
    crop_grid(&in, o->width - GAP - grid_width(&to));
    size_t lines = in.shown_rows > to.shown_rows ? in.shown_rows : to.shown_rows;
    for (size_t i = 0; i < lines; i++) {
        bool more = i < to.shown_rows;
        if (i < in.shown_rows) say_picture_row(o, p, &in, channel, in.y + i, !more);
        else if (more) out_printf(o, "%*s", grid_width(&in), "");
        if (more) {
            out_printf(o, "%*s", GAP, "");
            say_output_row(o, p, &to, to.y + i);
        }
        out_puts(o, "\n");
    }
    return (int)lines;
}

/* ---- the products ---- */

static void add_factor(struct buf *b, real v) {
    char number[NUM_SIZE];
    num_format(number, v, FIGURES);
    buf_printf(b, v < 0 ? "(%s)" : "%s", number);
}

static real weight(const struct spot *p, size_t channel, size_t y, size_t x) {
    size_t channels = p->layer->in[0]->shape.dim[1];
    return p->layer->in[1]
        ->value[((p->filter * channels + channel) * p->high + y) * p->wide + x];
}

/* A row of the window times the kernel's, as it is written on the board. */
static void say_products(struct out *o, const struct spot *p, size_t y) {
    struct buf b = {0};
    real sum = 0;
    char number[NUM_SIZE];
    for (size_t x = 0; x < p->wide; x++) {
        real v = pixel(p, 0, p->top + y, p->left + x), w = weight(p, 0, y, x);
        if (x) buf_add(&b, " + ");
        add_factor(&b, v);
        buf_add(&b, "·");
        add_factor(&b, w);
        sum += v * w;
    }
    buf_printf(&b, " = %s", num_format(number, sum, FIGURES));
    out_wrap(o, buf_text(&b), 2);
    buf_free(&b);
}

static real channel_sum(const struct spot *p, size_t channel, size_t from, size_t to) {
    real sum = 0;
    for (size_t y = from; y < to; y++) {
        for (size_t x = 0; x < p->wide; x++)
            sum +=
                pixel(p, channel, p->top + y, p->left + x) * weight(p, channel, y, x);
    }
    return sum;
}

/* The rows' sums of one channel, or the channels' sums, and the bias. */
static void say_sum(struct out *o, const struct spot *p) {
    struct buf b = {0};
    size_t channels = p->layer->in[0]->shape.dim[1],
           n = channels > 1 ? channels : p->high;
    for (size_t i = 0; i < n && i < SUMS_MOST; i++) {
        if (i) buf_add(&b, " + ");
        add_factor(&b, channels > 1 ? channel_sum(p, i, 0, p->high)
                                    : channel_sum(p, 0, i, i + 1));
    }
    if (n > SUMS_MOST) buf_printf(&b, " + … (%zu)", n);
    if (p->layer->n_in > 2) {
        buf_add(&b, " + ");
        add_factor(&b, p->layer->in[2]->value[p->filter]);
    }
    char number[NUM_SIZE];
    num_format(number, p->layer->value[p->cell], FIGURES);
    const char *key = channels > 1         ? "slide.channels"
                      : p->layer->n_in > 2 ? "slide.bias"
                                           : "slide.sum";
    char *line = out_sentence(o, key, "sums", buf_text(&b), "value", number, NULL);
    out_wrap(o, line, 2);
    free(line);
    buf_free(&b);
}

/* max(1, 3, 4, 2) = 4 */
static void say_pool(struct out *o, const struct spot *p) {
    struct buf b = {0};
    char number[NUM_SIZE];
    bool max = p->layer->gate->pool == FOLD_MOST;
    for (size_t i = 0; i < p->high * p->wide; i++) {
        real v = pixel(p, p->filter, p->top + i / p->wide, p->left + i % p->wide);
        buf_printf(&b, "%s%s", i ? ", " : "", num_format(number, v, FIGURES));
    }
    out_printf(o, "  %s(%s) = %s\n", max ? "max" : "mean", buf_text(&b),
               num_format(number, p->layer->value[p->cell], FIGURES));
    buf_free(&b);
}

/* relu(-1) = 0, for what is wrapped around the layer, from the inside out. */
static void say_wraps(struct out *o, const struct spot *p, const struct node *n) {
    if (n == p->layer) return;
    say_wraps(o, p, n->in[0]);
    char in[NUM_SIZE], value[NUM_SIZE];
    if (gate_is(n, ROLE_SAME)) return;
    out_printf(o, "  %s(%s) = %s\n", n->gate->name,
               num_format(in, n->in[0]->value[p->cell], FIGURES),
               num_format(value, n->value[p->cell], FIGURES));
}

static void say_place(struct out *o, const struct spot *p) {
    say_grids(o, p);
    if (p->layer->n_in > 1) {
        for (size_t y = 0; y < p->high; y++) say_products(o, p, y);
        say_sum(o, p);
    } else {
        say_pool(o, p);
    }
    say_wraps(o, p, p->root);
}

/* ---- the command ---- */

/* The convolution or pool that a formula is, with functions of one number around it. */
static const struct node *layer_in(const struct node *n) {
    while (n->gate && !n->attr.stride && n->n_in == 1 &&
           n->gate->flags & GATE_ELEMENTWISE)
        n = n->in[0];
    return n->gate && n->attr.stride ? n : NULL;
}

/* Waits for Enter; false: something else was typed, or Ctrl-C. */
static bool goes_on(struct session *s) {
    char byte = 0, first = '\n';
    out_say(s->out, "slide.key", NULL);
    out_flush(s->out);
    while (!session_stopped(s) && read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
        first = byte;
    return byte == '\n' && first == '\n';
}

static void say_head(struct out *o, const struct spot *p, const char *title) {
    char at[2][NUM_SIZE], n[NUM_SIZE], all[NUM_SIZE];
    const size_t *out = p->layer->shape.dim;
    num_format(n, (double)(p->row * out[3] + p->column + 1), 15);
    num_format(all, (double)(out[2] * out[3]), 15);
    num_format(at[0], (double)p->row, 15);
    num_format(at[1], (double)p->column, 15);
    out_say(o, "slide.head", "name", title, "n", n, "all", all, "row", at[0], "column",
            at[1], NULL);
}

/* One map's places from the first on: a key each at a terminal, else the first few. */
static void walk(struct session *s, const struct node *root, const struct node *layer,
                 const char *title) {
    struct out *o = s->out;
    size_t places = layer->shape.dim[2] * layer->shape.dim[3];
    bool asks = o->terminal && isatty(STDIN_FILENO);
    for (size_t i = 0; i < places && !session_stopped(s); i++) {
        struct spot p = spot_of(root, layer, i);
        say_head(o, &p, title);
        say_place(o, &p);
        if (i + 1 == places) break;
        if (asks ? !goes_on(s) : i + 1 == UNASKED) {
            if (!asks)
                out_say(o, "slide.more", "n", NUM(o, (double)(places - UNASKED)), NULL);
            break;
        }
    }
}

struct error *slide_command(struct session *s, const struct stmt *c) {
    const struct expr *x;
    struct compiled k;
    size_t cell = 0;
    struct error *e = stmt_expr(c, &x);
    if (e) return e;
    const struct expr_node *top = &x->nodes[x->n - 1];
    bool one = top->kind == EXPR_INDEX;
    struct expr base = {
        .refs = 1, .nodes = x->nodes, .n = one ? top->kids[0] + 1 : x->n};
    if ((e = compile_open(&k, s->board, &base))) return e;
    if (one) e = trace_read_cell(s, x, &k.root->shape, &cell);
    const struct node *layer = layer_in(k.root);
    if (!e && !layer) e = error_at(error_new("slide-what", NULL), top->at);
    if (!e) {
        char *title = stmt_title(&base);
        graph_forward(k.graph);
        struct spot p = spot_of(k.root, layer, cell);
        if (one) say_head(s->out, &p, title);
        if (one) say_place(s->out, &p);
        else walk(s, k.root, layer, title);
        free(title);
    }
    compile_close(&k);
    return e;
}
