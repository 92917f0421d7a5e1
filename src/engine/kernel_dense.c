/* Kernels of dense layers: the product, and what is done to its rows. */
#include <math.h>
#include <string.h>

#include "engine/kernel_inside.h"

/* ---- the product ---- */

enum { TALL = 8 }; /* rows of a tile */

/* R × V vectors of C, kept in registers while k runs. */
INLINE void tile(const struct dense_product *p, size_t row, size_t v, int R, int V) {
    vec sum[TALL][2];
    const float *a = p->a + row * p->a_row, *b = p->b + v * LANES;
    size_t a_row = p->a_row, a_inner = p->a_inner, b_row = p->b_row;
    float *c = p->c + row * p->c_row + v * LANES;
    UNROLL for (int r = 0; r < R; r++) {
        UNROLL for (int j = 0; j < V; j++) {
            if (p->start)
                sum[r][j] = ((const vec *)(p->start + v * LANES))[j];
            else if (p->keep == 0)
                sum[r][j] = (vec){0};
            else
                sum[r][j] = ((const vec *)(c + (size_t)r * p->c_row))[j] * p->keep;
        }
    }
    for (size_t k = 0; k < p->inner; k++, a += a_inner, b += b_row) {
        UNROLL for (int r = 0; r < R; r++) {
            vec left = SPLAT(a[(size_t)r * a_row]);
            UNROLL for (int j = 0; j < V; j++) sum[r][j] += left * ((const vec *)b)[j];
        }
    }
    UNROLL for (int r = 0; r < R; r++) {
        UNROLL for (int j = 0; j < V; j++)((vec *)(c + (size_t)r * p->c_row))[j] =
            sum[r][j];
    }
}

INLINE void tiles(const struct dense_product *p, size_t v, int V) {
    size_t n = (p->rows + TALL - 1) / TALL; /* as even as can be */
    for (size_t i = 0; i < n; i++) {
        size_t row = p->rows * i / n;
        switch (p->rows * (i + 1) / n - row) {
            case 1:
                tile(p, row, v, 1, V);
                break;
            case 2:
                tile(p, row, v, 2, V);
                break;
            case 3:
                tile(p, row, v, 3, V);
                break;
            case 4:
                tile(p, row, v, 4, V);
                break;
            case 5:
                tile(p, row, v, 5, V);
                break;
            case 6:
                tile(p, row, v, 6, V);
                break;
            case 7:
                tile(p, row, v, 7, V);
                break;
            default:
                tile(p, row, v, 8, V);
                break;
        }
    }
}

static void kernel_product(const struct dense_product *p) {
    size_t v = 0;
    for (; v + 2 <= p->vectors; v += 2) tiles(p, v, 2);
    if (v < p->vectors) tiles(p, v, 1);
}

static void kernel_transpose(const float *from, size_t rows, size_t columns,
                             size_t from_row, float *to, size_t to_row) {
    for (size_t r0 = 0; r0 < rows; r0 += LANES) {
        size_t high = rows - r0 < LANES ? rows - r0 : LANES;
        for (size_t c = 0; c < columns; c++) {
            vec v = {0};
            for (size_t r = 0; r < high; r++) v[r] = from[(r0 + r) * from_row + c];
            *(vec *)(to + c * to_row + r0) = v;
        }
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
        if (act == ACT_RELU)
            *s = CHOOSE((ivec)*f < 0, (vec){0}, *s);
        else if (act == ACT_SIGMOID)
            *s *= *f * (1.0f - *f);
        else if (act == ACT_TANH)
            *s *= 1.0f - *f * *f;
    }
}

static void kernel_sum_rows(float *from, size_t rows, size_t vectors, size_t from_row,
                            float scale, float keep, float *to) {
    for (size_t v = 0; v < vectors; v++) {
        vec sum = {0}, *at = (vec *)(from + v * LANES), *out = (vec *)to + v;
        for (size_t r = 0; r < rows; r++, at += from_row / LANES) {
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
    float top = in[0], sum = 0, given = 0, loss = 0, e[LANES];
    for (size_t c = 1; c < classes; c++) top = in[c] > top ? in[c] : top;
    for (size_t v = 0; v < row; v += LANES) {
        vec x;
        VEC_EXP(x, *(const vec *)(in + v) - top);
        memcpy(e, &x, sizeof e);
        for (size_t c = v; c < v + LANES && c < classes; c++) sum += e[c - v];
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
