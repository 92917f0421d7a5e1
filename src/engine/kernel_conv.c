/* Kernels of convolutions: directly, with LANES examples side by side, so that nothing
 * has to be copied into columns first. */
#include "engine/kernel_inside.h"

enum { PLACES = 4, FOUR = 4, TAPS = 9 };

static void kernel_conv_weights(const float *from, size_t filters, size_t channels,
                         size_t side, bool turned, float *to) {
    size_t window = side * side, outs = turned ? channels : filters;
    size_t ins = turned ? filters : channels;
    for (size_t o = 0; o < CONV_FOURS(outs); o++) {
        for (size_t i = 0; i < ins * window; i++) {
            size_t in = i / window, tap = i % window;
            size_t at = turned ? (in * channels + o) * window + window - 1 - tap
                               : (o * channels + in) * window + tap;
            to[(o / FOUR * ins * window + i) * FOUR + o % FOUR] =
                o < outs ? from[at] : 0;
        }
    }
}

/* ---- forward: four places × four filters in registers ---- */

INLINE void sum_windows(const struct conv *c, const vec *in, const size_t *place,
                        const float *w, size_t side, vec sum[PLACES][FOUR]) {
    for (size_t ch = 0; ch < c->channels; ch++) {
        for (size_t y = 0; y < side; y++) {
            const vec *row = in + ch * c->in_plane + y * c->in_row;
            UNROLL for (size_t x = 0; x < side; x++, w += FOUR) {
                UNROLL for (int p = 0; p < PLACES; p++) {
                    vec v = row[place[p] + x];
                    UNROLL for (int f = 0; f < FOUR; f++) sum[p][f] += v * w[f];
                }
            }
        }
    }
}

/* The largest of the places, the first of equals; −1 where relu cuts it. */
INLINE void choose(const vec *z, bool relu, int places, size_t stride, vec *out,
                   ivec *chosen) {
    vec best = z[0];
    ivec which = {0};
    if (relu) best = CHOOSE(best < 0.0f, (vec){0}, best);
    UNROLL for (int p = 1; p < places; p++) {
        vec v = z[(size_t)p * stride];
        ivec larger = v > best;
        best = CHOOSE(larger, v, best);
        which = (larger & ((ivec){0} + p)) | (~larger & which);
    }
    if (relu) which |= ~((best > 0.0f) | ((which == 0) & (z[0] >= 0.0f)));
    *chosen = which;
    *out = best;
}

INLINE void conv_windows(const struct conv *c, const vec *in, vec *out, ivec *chosen,
                         size_t f0, size_t row, size_t column, const size_t *place,
                         int places, size_t side) {
    const float *w = c->weights + f0 * c->channels * side * side;
    size_t filters = c->filters - f0 < FOUR ? c->filters - f0 : FOUR;
    size_t high = c->pool ? c->high / 2 : c->high,
           wide = c->pool ? c->wide / 2 : c->wide;
    vec sum[PLACES][FOUR];
    UNROLL for (int f = 0; f < FOUR; f++) {
        vec start = (vec){0} + (c->bias ? c->bias[f0 + (size_t)f] : 0);
        UNROLL for (int p = 0; p < PLACES; p++) sum[p][f] = start;
    }
    sum_windows(c, in, place, w, side, sum);
    UNROLL for (size_t f = 0; f < FOUR; f++) {
        if (f == filters) break;
        vec *to = out + (f0 + f) * c->out_plane + row * c->out_row + column;
        ivec *mark = chosen ? chosen + ((f0 + f) * high + row) * wide + column : NULL;
        ivec which;
        if (c->pool) {
            choose(&sum[0][f], c->relu, PLACES, FOUR, to, &which);
            if (mark) *mark = which;
            continue;
        }
        UNROLL for (int p = 0; p < PLACES; p++) {
            if (p == places) break;
            choose(&sum[p][f], c->relu, 1, 0, to + p, &which);
            if (mark) mark[p] = which;
        }
    }
}

/* Rows of windows: 2 × 2 places where they are pooled, else 4 beside each other. */
INLINE void conv_rows(const struct conv *c, const vec *in, vec *out, ivec *chosen,
                      size_t side) {
    size_t step = c->pool ? 2 : 1, four = c->pool ? 1 : 4;
    const size_t square[] = {0, 1, c->in_row, c->in_row + 1}, line[] = {0, 1, 2, 3};
    const size_t same[] = {0, 0, 0, 0};
    for (size_t row = 0; row < c->high / step; row++) {
        for (size_t f = 0; f < c->filters; f += FOUR) {
            const vec *at = in + row * step * c->in_row;
            size_t column = 0, wide = c->wide / step;
            for (; column + four <= wide; column += four) {
                if (c->pool) {
                    conv_windows(c, at + 2 * column, out, chosen, f, row, column,
                                 square, 1, side);
                } else {
                    conv_windows(c, at + column, out, chosen, f, row, column, line, 4,
                                 side);
                }
            }
            for (; column < wide; column++) {
                conv_windows(c, at + column, out, chosen, f, row, column, same, 1,
                             side);
            }
        }
    }
}

static void kernel_conv(const struct conv *c, const float *in, float *out,
                        int *chosen) {
    if (c->side == 3)
        conv_rows(c, (const vec *)in, (vec *)out, (ivec *)chosen, 3);
    else
        conv_rows(c, (const vec *)in, (vec *)out, (ivec *)chosen, c->side);
}

/* ---- backward ---- */

static void kernel_conv_spread(const struct conv *c, const float *slope,
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

static float sum_lanes(const vec *v) {
    const float *f = (const float *)v;
    float sum[4] = {0};
    for (size_t i = 0; i < LANES; i += 4) {
        for (size_t k = 0; k < 4; k++) sum[k] += f[i + k];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* TAPS numbers of a channel's kernel, for up to two filters, in registers. */
INLINE void tap_slopes(const struct conv *c, const vec *in, const vec *slope,
                       const ivec *chosen, const size_t *tap, int filters, bool pool,
                       vec sum[2][TAPS]) {
    size_t step = pool ? 2 : 1, high = c->high / step, wide = c->wide / step;
    size_t next = high * wide; /* to the next filter's */
    vec s[2][TAPS];
    UNROLL for (int f = 0; f < filters; f++) {
        UNROLL for (int i = 0; i < TAPS; i++) s[f][i] = (vec){0};
    }
    for (size_t row = 0; row < high; row++) {
        const vec *at = in + row * step * c->in_row;
        for (size_t column = 0; column < wide;
             column++, at += step, slope++, chosen++) {
            UNROLL for (size_t p = 0; p < step * step; p++) {
                const vec *window = at + p / 2 * c->in_row + p % 2;
                vec g[2];
                UNROLL for (int f = 0; f < filters; f++) {
                    g[f] = (vec)((ivec)slope[(size_t)f * next] &
                                 (chosen[(size_t)f * next] == (int)p));
                }
                UNROLL for (int i = 0; i < TAPS; i++) {
                    vec v = window[tap[i]];
                    UNROLL for (int f = 0; f < filters; f++) s[f][i] += g[f] * v;
                }
            }
        }
    }
    UNROLL for (int f = 0; f < filters; f++) {
        UNROLL for (int i = 0; i < TAPS; i++) sum[f][i] = s[f][i];
    }
}

INLINE void channel_slopes(const struct conv *c, const vec *in, const vec *slope,
                           const ivec *chosen, int filters, float *weights) {
    size_t window = c->side * c->side, tap[TAPS];
    vec sum[2][TAPS];
    for (size_t first = 0; first < window; first += TAPS) {
        for (size_t i = 0; i < TAPS; i++) {
            size_t t = first + i < window ? first + i : 0;
            tap[i] = t / c->side * c->in_row + t % c->side;
        }
        if (c->pool && filters == 2)
            tap_slopes(c, in, slope, chosen, tap, 2, true, sum);
        else if (c->pool)
            tap_slopes(c, in, slope, chosen, tap, 1, true, sum);
        else if (filters == 2)
            tap_slopes(c, in, slope, chosen, tap, 2, false, sum);
        else
            tap_slopes(c, in, slope, chosen, tap, 1, false, sum);
        for (size_t f = 0; f < (size_t)filters; f++) {
            for (size_t i = 0; i < TAPS && first + i < window; i++) {
                weights[f * c->channels * window + first + i] = sum_lanes(&sum[f][i]);
            }
        }
    }
}

static void kernel_conv_slopes(const struct conv *c, const float *in,
                               const float *slope, const int *chosen, float *weights,
                               float *bias) {
    size_t step = c->pool ? 2 : 1, next = c->high / step * (c->wide / step);
    size_t window = c->side * c->side;
    const vec *g = (const vec *)slope;
    const ivec *which = (const ivec *)chosen;
    for (size_t f = 0; f < c->filters; f += 2) {
        int filters = c->filters - f < 2 ? 1 : 2;
        for (size_t ch = 0; ch < c->channels; ch++) {
            channel_slopes(c, (const vec *)in + ch * c->in_plane, g + f * next,
                           which + f * next, filters,
                           weights + (f * c->channels + ch) * window);
        }
    }
    for (size_t f = 0; f < c->filters; f++) {
        vec sum = {0};
        for (size_t i = f * next; i < (f + 1) * next; i++) {
            sum += (vec)((ivec)g[i] & (which[i] >= 0));
        }
        bias[f] = sum_lanes(&sum);
    }
}
