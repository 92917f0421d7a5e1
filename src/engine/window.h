/* window: what a convolution or a pool looks through at pictures, [N, channels, rows,
 * columns]: its layer's sizes, and where it stands for one element out. It goes through
 * all channels (a kernel's) or through its own (a pool's). All that asks where a window
 * stands asks here; nothing is owned.
 *
 *     struct window w = window_at(n, i); // for n->value[i]
 *     for (size_t c = 0; c < w.deep; c++)
 *         for (size_t y = 0; y < w.high; y++)
 *             for (size_t x = 0; x < w.wide; x++)
 *                 sum += window_pixel(&w, c, y, x) * window_weight(&w, c, y, x);
 */
#ifndef ENGINE_WINDOW_H
#define ENGINE_WINDOW_H

#include <stdint.h>

#include "engine/graph.h"

#define WINDOW_BORDER SIZE_MAX /* no element of the picture: a zero around it */

struct window {
    const struct node *layer;
    size_t examples, channels, rows, columns; /* of the pictures */
    size_t deep, high, wide;                  /* of the window */
    size_t maps, out_rows, out_columns;       /* of what comes out */
    size_t stride, pad;
    size_t example, map, row, column; /* the element out */
    /* where it stands for that; row and column counted from the border's corner */
    size_t channel, top, left;
};

/* Is n a convolution or a pool? */
static inline bool window_is(const struct node *n) {
    return n->gate && n->attr.stride > 0;
}

/* A layer's window, for its first element. Shapes are enough. */
static inline struct window window_of(const struct node *n) {
    const size_t *in = n->in[0]->shape.dim, *out = n->shape.dim;
    const size_t *kernel = n->n_in > 1 ? n->in[1]->shape.dim : NULL;
    size_t side = (size_t)n->attr.count;
    return (struct window){.layer = n,
                           .examples = in[0],
                           .channels = in[1],
                           .rows = in[2],
                           .columns = in[3],
                           .deep = kernel ? in[1] : 1,
                           .high = kernel ? kernel[2] : side,
                           .wide = kernel ? kernel[3] : side,
                           .maps = out[1],
                           .out_rows = out[2],
                           .out_columns = out[3],
                           .stride = (size_t)n->attr.stride,
                           .pad = (size_t)n->attr.pad};
}

static inline struct window window_at(const struct node *n, size_t element) {
    struct window w = window_of(n);
    w.column = element % w.out_columns, element /= w.out_columns;
    w.row = element % w.out_rows, element /= w.out_rows;
    w.map = element % w.maps, w.example = element / w.maps;
    w.channel = n->n_in > 1 ? 0 : w.map;
    w.top = w.row * w.stride;
    w.left = w.column * w.stride;
    return w;
}

/* The picture's element at a row and column counted with its border; WINDOW_BORDER: it
 * is on that. */
static inline size_t window_element(const struct window *w, size_t channel, size_t row,
                                    size_t column) {
    row -= w->pad, column -= w->pad; /* before the first: far behind the last */
    if (row >= w->rows || column >= w->columns) return WINDOW_BORDER;
    return ((w->example * w->channels + channel) * w->rows + row) * w->columns + column;
}

/* Does a place of the window stand on the border? */
static inline bool window_border(const struct window *w, size_t channel, size_t y,
                                 size_t x) {
    return window_element(w, w->channel + channel, w->top + y, w->left + x) ==
           WINDOW_BORDER;
}

/* What is seen at a place of the window, and what the kernel has there. */
static inline real window_pixel(const struct window *w, size_t channel, size_t y,
                                size_t x) {
    size_t at = window_element(w, w->channel + channel, w->top + y, w->left + x);
    return at == WINDOW_BORDER ? 0 : w->layer->in[0]->value[at];
}

static inline real window_weight(const struct window *w, size_t channel, size_t y,
                                 size_t x) {
    size_t filter = w->map * w->deep + channel;
    return w->layer->in[1]->value[(filter * w->high + y) * w->wide + x];
}

#endif
