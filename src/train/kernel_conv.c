/* Kernels of convolutions: directly, with as many examples side by side as a register
 * has lanes, so that nothing has to be copied into columns first. */
#include <string.h>

#include "train/kernel_inside.h"

enum { PLACES = 4, THREE = 3 };

/* Outputs are worked out a few at a time, in groups as even as can be. */
static size_t groups_for(size_t filters) { return (filters + FILTERS - 1) / FILTERS; }

static void kernel_conv_weights(const float *from, size_t filters, size_t channels,
                                size_t side, bool turned, float *to) {
    size_t window = side * side, outs = turned ? channels : filters;
    size_t ins = turned ? filters : channels, groups = groups_for(outs);
    for (size_t g = 0; g < groups; g++) {
        size_t first = outs * g / groups, end = outs * (g + 1) / groups;
        for (size_t in = 0; in < ins; in++) {
            for (size_t tap = 0; tap < window; tap++) {
                for (size_t o = first; o < end; o++) {
                    *to++ = turned
                                ? from[(in * channels + o) * window + window - 1 - tap]
                                : from[(o * channels + in) * window + tap];
                }
            }
        }
    }
}

/* ---- forward: 2 × 2 places of a few filters in registers ---- */

INLINE void sum_windows(const struct conv *c, const vec *in, const size_t *place,
                        const float *w, size_t side, size_t filters,
                        vec sum[FILTERS][PLACES]) {
    for (size_t ch = 0; ch < c->channels; ch++) {
        for (size_t y = 0; y < side; y++) {
            const vec *row = in + ch * c->in_plane + y * c->in_row;
            for (size_t x = 0; x < side; x++, w += filters) {
                vec one[FILTERS];
                UNROLL for (size_t f = 0; f < filters; f++) one[f] = SPLAT(w[f]);
                UNROLL for (size_t p = 0; p < PLACES; p++) {
                    vec v = row[place[p] + x];
                    UNROLL for (size_t f = 0; f < filters; f++)
                        ADD_PRODUCT(sum[f][p], one[f], v);
                }
            }
        }
    }
}

/* The largest of the places, the first of equals; −1 where relu cuts it. */
INLINE vec choose(const vec *z, bool relu, size_t places, ivec *chosen) {
    vec best = z[0];
    ivec which = {0};
    if (relu) best = CHOOSE(best < 0.0f, (vec){0}, best);
    UNROLL for (size_t p = 1; p < places; p++) {
        ivec larger = z[p] > best;
        best = CHOOSE(larger, z[p], best);
        which = (ivec)CHOOSE(larger, (vec)((ivec){0} + (int)p), (vec)which);
    }
    if (relu) which |= ~((best > 0.0f) | ((which == 0) & (z[0] >= 0.0f)));
    *chosen = which;
    return best;
}

/* Where the results of a window go: those at the edge may be done twice. */
INLINE void conv_windows(const struct conv *c, const vec *in, vec *out, ivec *chosen,
                         size_t f0, size_t filters, size_t row, size_t column,
                         const size_t *place, size_t side) {
    size_t high = c->pool ? c->high / 2 : c->high,
           wide = c->pool ? c->wide / 2 : c->wide;
    size_t right = wide > 1, down = high > 1;
    vec sum[FILTERS][PLACES];
    UNROLL for (size_t f = 0; f < filters; f++) {
        vec start = SPLAT(c->bias ? c->bias[f0 + f] : 0);
        UNROLL for (size_t p = 0; p < PLACES; p++) sum[f][p] = start;
    }
    sum_windows(c, in, place, c->weights + f0 * c->channels * side * side, side,
                filters, sum);
    UNROLL for (size_t f = 0; f < filters; f++) {
        vec *to = out + (f0 + f) * c->out_plane + row * c->out_row + column;
        ivec *mark = chosen ? chosen + ((f0 + f) * high + row) * wide + column : NULL;
        ivec which;
        if (c->pool) {
            *to = choose(sum[f], c->relu, PLACES, &which);
            if (mark) *mark = which;
            continue;
        }
        UNROLL for (size_t p = 0; p < PLACES; p++) {
            size_t y = p / 2 * down, x = p % 2 * right;
            to[y * c->out_row + x] = choose(&sum[f][p], c->relu, 1, &which);
            if (mark) mark[y * wide + x] = which;
        }
    }
}

INLINE void conv_row(const struct conv *c, const vec *in, vec *out, ivec *chosen,
                     size_t f, size_t filters, size_t row, size_t side) {
    size_t right = c->wide > 1, down = c->high > 1 ? c->in_row : 0;
    const size_t place[] = {0, right, down, down + right};
    if (c->pool) {
        const vec *at = in + 2 * row * c->in_row;
        for (size_t column = 0; column < c->wide / 2; column++, at += 2)
            conv_windows(c, at, out, chosen, f, filters, row, column, place, side);
        return;
    }
    for (size_t i = 0; i < c->wide; i += 2) {
        size_t column = i + 1 < c->wide || !i ? i : i - 1;
        conv_windows(c, in + row * c->in_row + column, out, chosen, f, filters, row,
                     column, place, side);
    }
}

INLINE void conv_rows(const struct conv *c, const vec *in, vec *out, ivec *chosen,
                      size_t side) {
    size_t groups = groups_for(c->filters), rows = c->high / 2;
    if (!c->pool) rows = (c->high + 1) / 2;
    for (size_t i = 0; i < rows; i++) {
        size_t row = i;
        if (!c->pool) row = 2 * i + 1 < c->high || !i ? 2 * i : 2 * i - 1;
        for (size_t g = 0; g < groups && !interrupt_flag; g++) {
            size_t f = c->filters * g / groups;
            switch (c->filters * (g + 1) / groups - f) {
                case 1: conv_row(c, in, out, chosen, f, 1, row, side); break;
                case 2: conv_row(c, in, out, chosen, f, 2, row, side); break;
#if defined(__AVX2__)
                case 3: conv_row(c, in, out, chosen, f, 3, row, side); break;
#endif
#if defined(__AVX512F__)
                case 4: conv_row(c, in, out, chosen, f, 4, row, side); break;
#endif
            }
        }
    }
}

static void kernel_conv(const struct conv *c, const float *in, float *out,
                        int *chosen) {
    if (c->side == 3) conv_rows(c, (const vec *)in, (vec *)out, (ivec *)chosen, 3);
    else conv_rows(c, (const vec *)in, (vec *)out, (ivec *)chosen, c->side);
}

/* ---- backward ---- */

static void kernel_conv_scatter(const struct conv *c, const float *slope,
                                const int *chosen, float *to, size_t to_row,
                                size_t to_plane) {
    size_t step = c->pool ? 2 : 1, high = c->high / step, wide = c->wide / step;
    const vec *from = (const vec *)slope;
    const ivec *which = (const ivec *)chosen;
    for (size_t f = 0; f < c->filters; f++) {
        for (size_t row = 0; row < high; row++) {
            vec *at = (vec *)to + f * to_plane + row * step * to_row;
            for (size_t column = 0; column < wide;
                 column++, from++, which++, at += step) {
                for (size_t p = 0; p < step * step; p++) {
                    at[p / 2 * to_row + p % 2] =
                        (vec)((ivec)*from & (*which == (int)p));
                }
            }
        }
    }
}

static float sum_lanes(vec v) {
    float f[WIDE], sum[4] = {0};
    memcpy(f, &v, sizeof f);
    for (size_t i = 0; i < WIDE; i += 4) {
        for (size_t k = 0; k < 4; k++) sum[k] += f[i + k];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* A row of slopes of SLOPES filters, put back to the places they came from, filter
 * beside filter; and their sums. */
INLINE void scatter_row(const struct conv *c, const vec *slope, const ivec *chosen,
                        size_t f0, size_t row, size_t step, vec *to, vec *bias) {
    size_t high = c->high / step, wide = c->wide / step;
    for (size_t f = 0; f < SLOPES && f0 + f < c->filters; f++) {
        size_t at = ((f0 + f) * high + row) * wide;
        vec sum = bias[f];
        for (size_t column = 0; column < wide; column++, at++) {
            sum += (vec)((ivec)slope[at] & (chosen[at] >= 0));
            for (size_t p = 0; p < step * step; p++) {
                to[((p / 2 * wide + column) * step + p % 2) * SLOPES + f] =
                    (vec)((ivec)slope[at] & (chosen[at] == (int)p));
            }
        }
        bias[f] = sum;
    }
}

/* Three taps of SLOPES filters in registers, over one row of places. */
INLINE void add_taps(const vec *in, const vec *slope, size_t n, const size_t *tap,
                     vec sum[SLOPES][THREE]) {
    vec s[SLOPES][THREE];
    UNROLL for (size_t f = 0; f < SLOPES; f++) {
        UNROLL for (size_t i = 0; i < THREE; i++) s[f][i] = sum[f][i];
    }
    for (size_t k = 0; k < n; k++, slope += SLOPES, in++) {
        vec v[THREE];
        UNROLL for (size_t i = 0; i < THREE; i++) v[i] = in[tap[i]];
        UNROLL for (size_t f = 0; f < SLOPES; f++) {
            vec g = slope[f];
            UNROLL for (size_t i = 0; i < THREE; i++) ADD_PRODUCT(s[f][i], g, v[i]);
        }
    }
    UNROLL for (size_t f = 0; f < SLOPES; f++) {
        UNROLL for (size_t i = 0; i < THREE; i++) sum[f][i] = s[f][i];
    }
}

INLINE void add_row(const struct conv *c, const vec *in, const vec *slope, size_t step,
                    vec (*sum)[SLOPES][THREE]) {
    size_t places = c->wide / step * step;
    const size_t three[] = {0, 1, 2};
    for (size_t ch = 0; ch < c->channels; ch++) {
        for (size_t y = 0; y < c->side; y++) {
            const vec *at = in + ch * c->in_plane + y * c->in_row;
            for (size_t x = 0; x < c->side; x += THREE, sum++) {
                size_t left = c->side - x;
                size_t few[] = {0, left > 1, left > 2 ? 2 : 0};
                for (size_t i = 0; i < step; i++) {
                    const vec *from = at + i * c->in_row + x,
                              *g = slope + i * places * SLOPES;
                    if (left >= THREE) add_taps(from, g, places, three, *sum);
                    else add_taps(from, g, places, few, *sum);
                }
            }
        }
    }
}

static void put_slopes(const struct conv *c, size_t f0, vec (*sum)[SLOPES][THREE],
                       const vec *bias_sum, float *weights, float *bias) {
    size_t window = c->side * c->side;
    for (size_t i = 0; i < c->channels * c->side; i++) {
        for (size_t x = 0; x < c->side; x++) {
            for (size_t f = 0; f < SLOPES && f0 + f < c->filters; f++) {
                weights[(f0 + f) * c->channels * window + i * c->side + x] =
                    sum_lanes(sum[x / THREE][f][x % THREE]);
            }
        }
        sum += (c->side + THREE - 1) / THREE;
    }
    for (size_t f = 0; f < SLOPES && f0 + f < c->filters; f++)
        bias[f0 + f] = sum_lanes(bias_sum[f]);
}

static size_t kernel_conv_work(const struct conv *c) {
    return SLOPES * WIDE *
           (c->channels * c->side * ((c->side + 2) / THREE) * THREE + 2 * c->wide);
}

static void kernel_conv_slopes(const struct conv *c, const float *in,
                               const float *slope, const int *chosen, float *work,
                               float *weights, float *bias) {
    size_t step = c->pool ? 2 : 1;
    vec *row_slopes = (vec *)work;
    vec(*sums)[SLOPES][THREE] =
        (vec(*)[SLOPES][THREE])(row_slopes + 2 * c->wide * SLOPES);
    for (size_t f = 0; f < c->filters; f += SLOPES) {
        vec bias_sum[SLOPES] = {0};
        memset(work, 0, kernel_conv_work(c) * sizeof *work);
        for (size_t row = 0; row < c->high / step && !interrupt_flag; row++) {
            if (c->pool)
                scatter_row(c, (const vec *)slope, (const ivec *)chosen, f, row, 2,
                            row_slopes, bias_sum);
            else
                scatter_row(c, (const vec *)slope, (const ivec *)chosen, f, row, 1,
                            row_slopes, bias_sum);
            add_row(c, (const vec *)in + row * step * c->in_row, row_slopes, step,
                    sums);
        }
        put_slopes(c, f, sums, bias_sum, weights, bias);
    }
}
