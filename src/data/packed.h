/* packed: the numbers of a large set in the narrowest form that holds each exactly:
 * whole numbers of 1, 2 or 4 bytes over a power of ten (or, of pictures, over what
 * white is), shared by reference. Fashion-MNIST is 45 MiB so and 360 in double: its
 * rows become numbers only where somebody asks for them.
 *
 *     struct packed *p = packed_new((struct shape){4, {60000, 1, 28, 28}}, 1, 255);
 *     p->bytes[i] = …;
 *     packed_read(p, 7, 2, to);       // rows 7 and 8: byte / 255
 *     packed_unref(p);
 */
#ifndef DATA_PACKED_H
#define DATA_PACKED_H

#include <stdint.h>

#include "engine/tensor.h"

struct packed {
    int refs, width;    /* bytes of a number: 1 (from 0 on), 2 or 4 (with a sign) */
    struct shape shape; /* rows first */
    size_t row;         /* numbers in one */
    double over;
    double *mean, *deviation; /* owned: of each of `row`, where they are scaled */
    double value[256];        /* width 1: what each byte means */
    _Alignas(8) unsigned char bytes[];
};

/* One reference; NULL: there is no memory. */
struct packed *packed_new(struct shape s, int width, double over);
int packed_width(double least, double most); /* for whole numbers; 0: none is enough */
struct packed *packed_ref(const struct packed *p); /* NULL is fine, as below */
void packed_unref(struct packed *p);
void packed_read(const struct packed *p, size_t from, size_t rows, real *to);
static inline void packed_put(struct packed *p, size_t i, int64_t whole) {
    if (p->width == 1) p->bytes[i] = (unsigned char)whole;
    else if (p->width == 2) ((int16_t *)(void *)p->bytes)[i] = (int16_t)whole;
    else ((int32_t *)(void *)p->bytes)[i] = (int32_t)whole;
}

#endif
