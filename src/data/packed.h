/* packed: the pictures of a large set as their file has them, a byte a number, shared
 * by reference. Fashion-MNIST is 45 MiB so and 360 in double: its rows become numbers
 * only where somebody asks for them.
 *
 *     struct packed *p = packed_new((struct shape){4, {60000, 1, 28, 28}}, 255);
 *     p->bytes[i] = …;
 *     packed_read(p, 7, 2, to);       // rows 7 and 8: byte / 255
 *     packed_unref(p);
 */
#ifndef DATA_PACKED_H
#define DATA_PACKED_H

#include "engine/tensor.h"

struct packed {
    int refs;
    struct shape shape; /* rows first */
    size_t row;         /* numbers in one */
    double value[256];  /* what each byte means */
    unsigned char bytes[];
};

struct packed *packed_new(struct shape s, double white); /* one reference */
struct packed *packed_ref(const struct packed *p);       /* NULL is fine, as below */
void packed_unref(struct packed *p);
void packed_read(const struct packed *p, size_t from, size_t rows, real *to);

#endif
