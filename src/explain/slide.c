#include "explain/slide.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "engine/window.h"
#include "explain/explain_inside.h"
#include "explain/trace.h"
#include "text/number.h"

enum { FIGURES = 3, GAP = 4, ROWS_MOST = 12, SUMS_MOST = 6, UNASKED = 12 };

/* ---- where the window stands ---- */

struct spot {
    const struct node *root, *layer; /* what was named; the convolution or pool in it */
    size_t cell;                     /* the element of both */
    struct window window;
};

static struct spot spot_of(const struct node *root, const struct node *layer,
                           size_t cell) {
    return (struct spot){root, layer, cell, window_at(layer, cell)};
}

static size_t first_of_map(const struct spot *p) {
    const struct window *w = &p->window;
    return p->cell - w->row * w->out_columns - w->column;
}

/* The picture's number at a place that counts the border of zeros. */
static real pixel(const struct window *w, size_t y, size_t x) {
    size_t at = window_element(w, w->channel, y, x);
    return at == WINDOW_BORDER ? 0 : w->layer->in[0]->value[at];
}

/* A maximum is of what the picture has; the border is nothing in it, not a 0. */
static bool is_max(const struct window *w) { return w->layer->gate->pool == FOLD_MOST; }

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

static void say_picture_row(struct out *o, const struct window *w, const struct grid *g,
                            size_t y, bool last) {
    for (size_t x = g->x; x < g->x + g->shown_columns; x++) {
        bool border = window_element(w, w->channel, y, x) == WINDOW_BORDER;
        enum out_colour c = inside(g, y, x) ? OUT_PARAM : border ? OUT_DIM : OUT_PLAIN;
        char number[NUM_SIZE];
        num_format(number, pixel(w, y, x), FIGURES);
        out_puts(o, between(g, y, x));
        say_number(o, border && is_max(w) ? "" : number, g->cell, c);
    }
    const char *end = between(g, y, g->x + g->shown_columns);
    out_puts(o, last && *end == ' ' ? "" : end);
}

/* What came out up to this place; what is still to come is a dot. */
static void say_output_row(struct out *o, const struct spot *p, const struct grid *g,
                           size_t y) {
    for (size_t x = g->x; x < g->x + g->shown_columns; x++) {
        size_t at = first_of_map(p) + y * g->columns + x;
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

/* The picture, and beside it the output. */
static void say_grids(struct out *o, const struct spot *p) {
    const struct window *w = &p->window;
    struct grid in = {.rows = w->rows + 2 * w->pad,
                      .columns = w->columns + 2 * w->pad,
                      .top = w->top,
                      .left = w->left,
                      .high = w->high,
                      .wide = w->wide,
                      .cell = 2};
    struct grid to = {.rows = w->out_rows,
                      .columns = w->out_columns,
                      .top = w->row,
                      .left = w->column,
                      .high = 1,
                      .wide = 1,
                      .cell = 2};
    for (size_t y = 0; y < in.rows; y++) {
        for (size_t x = 0; x < in.columns; x++)
            in.cell = number_width(pixel(w, y, x), in.cell);
    }
    for (size_t i = 0; i < to.rows * to.columns; i++)
        to.cell = number_width(p->root->value[first_of_map(p) + i], to.cell);
    crop_grid(&to, o->width / 2 - GAP);
    crop_grid(&in, o->width - GAP - grid_width(&to));
    size_t lines = in.shown_rows > to.shown_rows ? in.shown_rows : to.shown_rows;
    for (size_t i = 0; i < lines; i++) {
        bool more = i < to.shown_rows;
        if (i < in.shown_rows) say_picture_row(o, w, &in, in.y + i, !more);
        else if (more) out_printf(o, "%*s", grid_width(&in), "");
        if (more) {
            out_printf(o, "%*s", GAP, "");
            say_output_row(o, p, &to, to.y + i);
        }
        out_puts(o, "\n");
    }
}

/* ---- the products ---- */

static void add_factor(struct buf *b, real v) {
    char number[NUM_SIZE];
    num_format(number, v, FIGURES);
    buf_printf(b, v < 0 ? "(%s)" : "%s", number);
}

/* A row of the window times the kernel's, as it is written on the board. */
static void say_products(struct out *o, const struct window *w, size_t y) {
    struct buf b = {0};
    real sum = 0;
    char number[NUM_SIZE];
    for (size_t x = 0; x < w->wide; x++) {
        real seen = window_pixel(w, 0, y, x), weight = window_weight(w, 0, y, x);
        if (x) buf_add(&b, " + ");
        add_factor(&b, seen);
        buf_add(&b, "·");
        add_factor(&b, weight);
        sum += seen * weight;
    }
    buf_printf(&b, " = %s", num_format(number, sum, FIGURES));
    out_wrap(o, buf_text(&b), 2);
    buf_free(&b);
}

static real channel_sum(const struct window *w, size_t channel, size_t from,
                        size_t to) {
    real sum = 0;
    for (size_t y = from; y < to; y++) {
        for (size_t x = 0; x < w->wide; x++)
            sum += window_pixel(w, channel, y, x) * window_weight(w, channel, y, x);
    }
    return sum;
}

/* The rows' sums of one channel, or the channels' sums, and the bias. */
static void say_sum(struct out *o, const struct spot *p) {
    struct buf b = {0};
    const struct window *w = &p->window;
    size_t n = w->deep > 1 ? w->deep : w->high;
    for (size_t i = 0; i < n && i < SUMS_MOST; i++) {
        if (i) buf_add(&b, " + ");
        add_factor(&b, w->deep > 1 ? channel_sum(w, i, 0, w->high)
                                   : channel_sum(w, 0, i, i + 1));
    }
    real rest = 0;
    for (size_t i = SUMS_MOST; i < n; i++)
        rest +=
            w->deep > 1 ? channel_sum(w, i, 0, w->high) : channel_sum(w, 0, i, i + 1);
    if (n > SUMS_MOST) explain_rest(&b, n - SUMS_MOST, rest, FIGURES);
    if (p->layer->n_in > 2) {
        buf_add(&b, " + ");
        add_factor(&b, p->layer->in[2]->value[w->map]);
    }
    char number[NUM_SIZE];
    num_format(number, p->layer->value[p->cell], FIGURES);
    const char *key = w->deep > 1          ? "slide.channels"
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
    const struct window *w = &p->window;
    bool max = is_max(w);
    for (size_t i = 0; i < w->high * w->wide; i++) {
        size_t y = i / w->wide, x = i % w->wide;
        if (max && window_border(w, 0, y, x)) continue;
        buf_printf(&b, "%s%s", b.len ? ", " : "",
                   num_format(number, window_pixel(w, 0, y, x), FIGURES));
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
        for (size_t y = 0; y < p->window.high; y++) say_products(o, &p->window, y);
        say_sum(o, p);
    } else {
        say_pool(o, p);
    }
    say_wraps(o, p, p->root);
}

/* ---- the command ---- */

/* The convolution or pool that a formula is, with functions of one number around it. */
static const struct node *layer_in(const struct node *n) {
    while (n->gate && n->n_in == 1 && n->gate->flags & GATE_ELEMENTWISE) n = n->in[0];
    return window_is(n) ? n : NULL;
}

/* Waits for a key; false: it was q, or Ctrl-C. */
static bool goes_on(struct session *s) {
    char *words = out_sentence(s->out, "slide.key", NULL);
    int key = out_ask_key(s->out, words);
    free(words);
    return key != KEY_STOP && key != 'q';
}

static void say_head(struct out *o, const struct spot *p, const char *title) {
    char at[2][NUM_SIZE], n[NUM_SIZE], all[NUM_SIZE];
    const struct window *w = &p->window;
    num_format(n, (double)(w->row * w->out_columns + w->column + 1), 15);
    num_format(all, (double)(w->out_rows * w->out_columns), 15);
    num_format(at[0], (double)w->row, 15);
    num_format(at[1], (double)w->column, 15);
    out_say(o, "slide.head", "name", title, "n", n, "all", all, "row", at[0], "column",
            at[1], NULL);
}

/* One map's places from the first on: a key each at a terminal, else the first few. */
static void walk(struct session *s, const struct node *root, const struct node *layer,
                 const char *title) {
    struct out *o = s->out;
    size_t places = layer->shape.dim[2] * layer->shape.dim[3];
    bool asks = o->key;
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
