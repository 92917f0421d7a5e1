/* plot X[7], plot C[7], plot C.W: pictures: an input, feature maps, filters. The last
 * two dimensions are rows and columns; all before are pictures of their own, side by
 * side. plot h1.W of a layer that looks at whole pictures X: a picture of weights for
 * each of its neurons. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/compile.h"
#include "plot/plots.h"
#include "text/number.h"
#include "text/picture.h"

enum { FILE_COLUMNS = 320, PICTURES = 256, SCREEN_LINES = 40, SMALLEST = 8 };

bool plot_is_picture(const struct plot_request *r) {
    struct shape shape;
    if (r->n != 1 || r->n_axes || r->range || plot_is_function(r)) return false;
    const struct run *run = board_state(r->s->board)->run;
    if (run && strcmp(run->loss_name, r->titles[0]) == 0) return false;
    struct error *e = compile_shape(r->s->board, r->exprs[0], &shape);
    bool is = !e && shape.n >= 2;
    error_free(e);
    return is;
}

static size_t lines_of(const struct out *o) {
    return (size_t)chart_rows(o, 1, SCREEN_LINES);
}

/* How the pictures are laid out: a line of empty cells between them. */
struct mosaic {
    size_t rows, columns, n; /* of one picture, as much as is shown; how many are */
    size_t across, high, wide;
};

/* Leaves out what would scroll away. */
static void cut(struct mosaic *m, const struct out *o, size_t scale) {
    struct picture two = {2, 1, NULL, scale};
    size_t most = lines_of(o) * 2 / picture_lines(o, &two);
    size_t below = (most + 1) / (m->rows + 1);
    if (!below) m->rows = most, below = 1;
    if (m->n > below * m->across) m->n = below * m->across;
    m->high = (m->n + m->across - 1) / m->across * (m->rows + 1) - 1;
}

static struct mosaic lay_out(const struct plot_request *r, const struct shape *s,
                             size_t scale) {
    struct mosaic m = {.rows = s->dim[s->n - 2], .columns = s->dim[s->n - 1], .n = 1};
    for (int d = 0; d < s->n - 2; d++) m.n *= s->dim[d];
    if (m.n > PICTURES) m.n = PICTURES;
    struct picture one = {1, 1, NULL, scale};
    size_t room = (size_t)(r->s->out->width / picture_width(r->s->out, &one));
    if (r->file) room = FILE_COLUMNS;
    m.across = (room + 1) / (m.columns + 1);
    if (m.across < 1) m.across = 1;
    if (r->file && m.across * m.across > m.n)
        m.across = (size_t)ceil(sqrt((double)m.n));
    if (m.across > m.n) m.across = m.n;
    m.wide = m.across * (m.columns + 1) - 1;
    m.high = (m.n + m.across - 1) / m.across * (m.rows + 1) - 1;
    return m;
}

/* A weight for each pixel of X, in columns: t, as pictures. Takes t; another comes
 * back. Whatever else has as many rows as X has pixels is as good: dE/dh1.W. */
static struct tensor *as_seen(const struct board *b, struct tensor *t) {
    const struct def *x = board_get(b, "X");
    if (t->shape.n != 2 || !x || x->shape.n != 4) return t;
    const size_t *dim = x->shape.dim, pixels = dim[1] * dim[2] * dim[3];
    size_t n = t->shape.dim[1];
    if (t->shape.dim[0] != pixels) return t;
    struct tensor *seen = tensor_zeros((struct shape){4, {n, dim[1], dim[2], dim[3]}});
    for (size_t i = 0; i < pixels; i++) {
        for (size_t k = 0; k < n; k++) seen->data[k * pixels + i] = t->data[i * n + k];
    }
    tensor_unref(t);
    return seen;
}

/* Half as wide and high: each cell the mean of four. Takes t. */
static struct tensor *halved(struct tensor *t) {
    struct shape s = t->shape;
    size_t high = s.dim[s.n - 2] / 2, wide = s.dim[s.n - 1] / 2;
    s.dim[s.n - 2] = high;
    s.dim[s.n - 1] = wide;
    struct tensor *half = tensor_zeros(s);
    for (size_t i = 0; i < shape_size(&s); i++) {
        /* row: of all pictures below each other */
        size_t row = i / wide, column = i % wide;
        const real *at = t->data + row * 2 * wide * 2 + column * 2;
        half->data[i] = (at[0] + at[1] + at[2 * wide] + at[2 * wide + 1]) / 4;
    }
    tensor_unref(t);
    return half;
}

static bool fits(const struct plot_request *r, const struct shape *s, size_t scale) {
    struct mosaic m = lay_out(r, s, scale);
    struct picture all = {m.high, m.wide, NULL, scale};
    return picture_lines(r->s->out, &all) <= lines_of(r->s->out) &&
           picture_width(r->s->out, &all) <= r->s->out->width;
}

/* Many large pictures are drawn smaller, until they are seen together. */
static struct tensor *fitted(const struct plot_request *r, struct tensor *t) {
    for (;;) {
        size_t rows = t->shape.dim[t->shape.n - 2], wide = t->shape.dim[t->shape.n - 1];
        bool small = rows < 2 * SMALLEST || wide < 2 * SMALLEST || rows % 2 || wide % 2;
        if (r->file || small || fits(r, &t->shape, 1)) return t;
        t = halved(t);
    }
}

/* Small ones are drawn larger, as long as those are seen together that can be. */
static size_t scale_for(const struct plot_request *r, const struct shape *s) {
    struct picture one = {s->dim[s->n - 2], s->dim[s->n - 1], NULL, 0};
    picture_enlarge(r->s->out, &one, lines_of(r->s->out));
    while (one.scale > 1 && fits(r, s, 1) && !fits(r, s, one.scale)) one.scale--;
    return r->file ? 1 : one.scale;
}

struct error *plot_picture(const struct plot_request *r, struct chart *c) {
    struct tensor *t;
    struct error *e = compile_value(r->s->board, r->exprs[0], &t);
    if (e) return e;
    t = as_seen(r->s->board, t);
    size_t all_rows = t->shape.dim[t->shape.n - 2];
    t = fitted(r, t);
    c->scale = scale_for(r, &t->shape);
    struct mosaic m = lay_out(r, &t->shape, c->scale), all = m;
    double low = INFINITY, high = -INFINITY;
    size_t size = m.rows * m.columns;
    all.n = t->size / size;
    if (!r->file) cut(&m, r->s->out, c->scale);
    for (size_t i = 0; i < m.n * size; i++) {
        low = fmin(low, t->data[i]);
        high = fmax(high, t->data[i]);
    }
    c->kind = CHART_IMAGE;
    c->columns = m.wide;
    struct out *o = r->s->out;
    bool rows = m.rows < all.rows;
    const char *key = rows          ? "plot.picture.rows"
                      : m.n < all.n ? "plot.pictures.first"
                      : m.n > 1     ? "plot.pictures.title"
                                    : "plot.picture.title";
    /* as they were before they were halved */
    size_t first = m.rows * (all_rows / all.rows);
    char shown[NUM_SIZE], of[NUM_SIZE];
    c->title = out_sentence(o, key, "name", r->titles[0], "n",
                            num_format(shown, (double)(rows ? first : m.n), 6), "all",
                            num_format(of, (double)(rows ? all_rows : all.n), 6), "low",
                            NUM(o, low), "high", NUM(o, high), NULL);
    struct series *s =
        chart_add(c, SERIES_GRID, HUE_DATA, mem_copy(""), m.high * m.wide);
    for (size_t i = 0; i < s->n; i++) {
        size_t y = i / m.wide, x = i % m.wide;
        size_t row = y % (m.rows + 1), column = x % (m.columns + 1);
        size_t which = y / (m.rows + 1) * m.across + x / (m.columns + 1);
        bool inside = row < m.rows && column < m.columns && which < m.n;
        double v = inside ? t->data[which * size + row * m.columns + column] : NAN;
        s->x[i] = (double)x;
        s->y[i] = (double)y;
        s->z[i] = high > low ? (v - low) / (high - low) : v;
    }
    tensor_unref(t);
    return NULL;
}

int plot_picture_print(struct out *o, const struct chart *c) {
    const struct series *grid = &c->series[0];
    struct picture image = {grid->n / c->columns, c->columns, grid->z, c->scale};
    out_printf(o, "%s\n", c->title);
    picture_print(o, &image);
    return 1 + (int)picture_lines(o, &image);
}
