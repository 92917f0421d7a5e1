/* Kernels of dense layers: the product, and what is done to its rows. */
#include <math.h>
#include <string.h>

#include "train/kernel_inside.h"

/* ---- the product ---- */

/* R rows of some strips, kept in registers while k runs. across: A's numbers of a
 * column stand side by side. */
#pragma GCC diagnostic push
#ifndef __clang__                                      /* which has no such warning */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized" /* each sum is set first */
#endif
INLINE void tile(const struct dense_product *p, size_t row, size_t strip, int R,
                 int strips, bool across) {
    enum { MOST = STRIPS * PARTS };
    vec sum[TALL][MOST];
    size_t a_row = across ? 1 : p->a_row, a_inner = across ? p->a_inner : 1;
    size_t b_row = p->b_row / WIDE, c_row = p->c_row / WIDE;
    size_t b_strip = p->b_strip / WIDE, c_strip = p->c_strip / WIDE;
    const float *a = p->a + row * p->a_row;
    const vec *b = (const vec *)p->b + strip * b_strip;
    const vec *start = p->start ? (const vec *)p->start + strip * PARTS : NULL;
    vec *c = (vec *)p->c + row * c_row + strip * c_strip;
    size_t V = (size_t)strips * PARTS;
    UNROLL for (size_t r = 0; r < (size_t)R; r++) {
        UNROLL for (size_t j = 0; j < V; j++) {
            if (start) sum[r][j] = start[j];
            else if (p->keep == 0) sum[r][j] = (vec){0};
            else sum[r][j] = c[r * c_row + j / PARTS * c_strip + j % PARTS] * p->keep;
        }
    }
    for (size_t k = 0; k < p->inner; k++, a += a_inner, b += b_row) {
        vec right[MOST];
        UNROLL for (size_t j = 0; j < V; j++) right[j] =
            b[j / PARTS * b_strip + j % PARTS];
        UNROLL for (size_t r = 0; r < (size_t)R; r++) {
            vec left = SPLAT(a[r * a_row]);
            UNROLL for (size_t j = 0; j < V; j++) sum[r][j] += left * right[j];
        }
    }
    UNROLL for (size_t r = 0; r < (size_t)R; r++) {
        UNROLL for (size_t j = 0; j < V; j++) {
            c[r * c_row + j / PARTS * c_strip + j % PARTS] = sum[r][j];
        }
    }
}

#pragma GCC diagnostic pop

#define TILE(n) \
    case n: tile(p, row, v, n, strips, across); break

INLINE void tile_of(const struct dense_product *p, size_t row, size_t v, size_t rows,
                    int strips, bool across) {
    switch (rows) {
        TILE(1);
        TILE(2);
        TILE(3);
#if defined(__AVX2__)
        TILE(4);
        TILE(5);
        TILE(6);
#endif
#if defined(__AVX512F__)
        TILE(7);
        TILE(8);
#endif
    }
}

/* One strip after another, its part of B staying in the cache, or, where A is read
 * across, one tile's rows after another, so that A does. */
static void product_down(const struct dense_product *p, size_t v, int strips) {
    size_t n = (p->rows + TALL - 1) / TALL; /* as even as can be */
    for (size_t i = 0; i < n && !interrupt_flag; i++) {
        size_t row = p->rows * i / n;
        tile_of(p, row, v, p->rows * (i + 1) / n - row, strips, false);
    }
}

static void product_across(const struct dense_product *p) {
    size_t n = (p->rows + TALL - 1) / TALL;
    for (size_t i = 0; i < n && !interrupt_flag; i++) {
        size_t row = p->rows * i / n, rows = p->rows * (i + 1) / n - row, v = 0;
        for (; v + STRIPS <= p->vectors; v += STRIPS)
            tile_of(p, row, v, rows, STRIPS, true);
        for (; v < p->vectors; v++) tile_of(p, row, v, rows, 1, true);
    }
}

static void kernel_product(const struct dense_product *p) {
    if (p->a_row == 1 && p->a_inner != 1) {
        product_across(p);
        return;
    }
    size_t v = 0;
    for (; v + STRIPS <= p->vectors; v += STRIPS) product_down(p, v, STRIPS);
    for (; v < p->vectors; v++) product_down(p, v, 1);
}

/* Four rows become four columns. */
INLINE void turn(const float *from, size_t from_row, float *to, size_t to_row) {
    quad a = *(const quad *)from, b = *(const quad *)(from + from_row);
    quad c = *(const quad *)(from + 2 * from_row),
         d = *(const quad *)(from + 3 * from_row);
    quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5),
         cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    *(quad *)to = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    *(quad *)(to + to_row) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    ab = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    *(quad *)(to + 2 * to_row) = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    *(quad *)(to + 3 * to_row) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

static void kernel_transpose(const float *from, size_t rows, size_t columns,
                             size_t from_row, float *to, size_t to_row) {
    size_t r = 0;
    for (; r + 4 <= rows && !interrupt_flag; r += 4) {
        const float *at = from + r * from_row;
        size_t c = 0;
        for (; c + 4 <= columns; c += 4)
            turn(at + c, from_row, to + c * to_row + r, to_row);
        for (; c < columns; c++) {
            for (size_t i = 0; i < 4; i++)
                to[c * to_row + r + i] = at[i * from_row + c];
        }
    }
    for (size_t c = 0; c < columns && r < to_row && !interrupt_flag; c++) {
        for (size_t i = r; i < to_row; i++)
            to[c * to_row + i] = i < rows ? from[i * from_row + c] : 0;
    }
}

/* ---- activations ---- */

static void kernel_activate(enum activation act, float *v, size_t n) {
    for (vec *x = (vec *)v, *end = (vec *)(v + n); x < end; x++) {
        vec e;
        if (act == ACT_RELU) {
            *x = CHOOSE(*x < 0.0f, MINUS_ZERO, *x + 0.0f);
        } else if (act == ACT_SIGMOID) {
            VEC_EXP(e, -*x);
            *x = 1.0f / (1.0f + e);
        } else if (act == ACT_TANH) {
            VEC_EXP(e, *x * 2.0f);
            *x = 1.0f - 2.0f / (e + 1.0f);
        }
    }
}

static void kernel_deactivate(enum activation act, const float *v, float *slope,
                              size_t n) {
    const vec *f = (const vec *)v;
    for (vec *s = (vec *)slope, *end = (vec *)(slope + n); s < end; s++, f++) {
        if (act == ACT_RELU) *s = CHOOSE((ivec)*f < 0, (vec){0}, *s);
        else if (act == ACT_SIGMOID) *s *= *f * (1.0f - *f);
        else if (act == ACT_TANH) *s *= 1.0f - *f * *f;
    }
}

static void kernel_sum_rows(float *from, size_t rows, size_t vectors, size_t from_row,
                            float scale, float keep, float *to) {
    for (size_t v = 0; v < vectors * PARTS; v++) {
        vec sum = {0}, *at = (vec *)from + v, *out = (vec *)to + v;
        for (size_t r = 0; r < rows; r++, at += from_row / WIDE) {
            *at *= scale;
            sum += *at;
        }
        if (keep != 0) sum += *out * keep;
        *out = sum;
    }
}

/* ---- losses ---- */

/* One row: its gradient but for the mean, and its loss. y: a class, or NULL and truth.
 */
INLINE float row_entropy(const float *in, size_t classes, size_t row, const float *y,
                         const float *truth, float *slope, float each) {
    float top = in[0], sum = 0, given = 0, loss = 0, e[WIDE];
    for (size_t c = 1; c < classes; c++) top = in[c] > top ? in[c] : top;
    for (size_t v = 0; v < row; v += WIDE) {
        vec x;
        VEC_EXP(x, *(const vec *)(in + v) - top);
        memcpy(e, &x, sizeof e);
        for (size_t c = v; c < v + WIDE && c < classes; c++) sum += e[c - v];
        if (slope) *(vec *)(slope + v) = x;
    }
    float all = top + logf(sum);
    if (y) {
        bool is_class = *y >= 0 && *y < (float)classes && *y == floorf(*y);
        if (!is_class) return NAN;
        given = 1;
        loss = all - in[(size_t)*y];
    }
    for (size_t c = 0; truth && c < classes; c++) {
        given += truth[c];
        if (truth[c] != 0) loss += truth[c] * (all - in[c]);
    }
    if (!slope) return loss;
    float scale = each * given / sum;
    for (size_t c = 0; c < row; c++) slope[c] = c < classes ? slope[c] * scale : 0;
    if (y) slope[(size_t)*y] -= each;
    for (size_t c = 0; truth && c < classes; c++) slope[c] -= each * truth[c];
    return loss;
}

static float kernel_cross_entropy(const float *logits, size_t rows, size_t classes,
                                  size_t row, const float *y, size_t y_row,
                                  float *slope) {
    float loss = 0, each = 1 / (float)rows;
    for (size_t r = 0; r < rows; r++) {
        loss += row_entropy(logits + r * row, classes, row, y_row ? NULL : y + r,
                            y_row ? y + r * y_row : NULL,
                            slope ? slope + r * row : NULL, each);
    }
    return loss / (float)rows;
}

static float kernel_l2(const float *a, size_t rows, size_t columns, size_t row,
                       const float *y, float *slope) {
    float loss = 0, each = 2 / (float)(rows * columns);
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            float off = a[r * row + c] - y[r * columns + c];
            loss += off * off;
            if (slope) slope[r * row + c] = each * off;
        }
        for (size_t c = columns; slope && c < row; c++) slope[r * row + c] = 0;
    }
    return loss / (float)(rows * columns);
}
