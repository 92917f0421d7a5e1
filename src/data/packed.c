#include "data/packed.h"

#include <stdlib.h>

#include "base/memory.h"

struct packed *packed_new(struct shape s, int width, double over) {
    size_t size = shape_size(&s);
    struct packed *p = mem_try(1, sizeof *p + size * (size_t)width);
    if (!p) return NULL;
    p->refs = 1;
    p->width = width;
    p->shape = s;
    p->row = size / s.dim[0];
    p->over = over;
    for (int i = 0; i < 256; i++) p->value[i] = i / over;
    return p;
}

int packed_width(double least, double most) {
    if (least >= 0 && most <= UINT8_MAX) return 1;
    if (least >= INT16_MIN && most <= INT16_MAX) return 2;
    return least >= INT32_MIN && most <= INT32_MAX ? 4 : 0;
}

struct packed *packed_ref(const struct packed *p) {
    struct packed *shared = (struct packed *)(uintptr_t)p;
    if (shared) shared->refs++;
    return shared;
}

void packed_unref(struct packed *p) {
    if (!p || --p->refs) return;
    free(p->mean);
    free(p->deviation);
    free(p);
}

void packed_read(const struct packed *p, size_t from, size_t rows, real *to) {
    const unsigned char *bytes = p->bytes + from * p->row * (size_t)p->width;
    const int16_t *twos = (const int16_t *)(const void *)bytes;
    const int32_t *fours = (const int32_t *)(const void *)bytes;
    size_t n = rows * p->row;
    if (p->width == 1) {
        for (size_t i = 0; i < n; i++) to[i] = p->value[bytes[i]];
    } else if (p->width == 2) {
        for (size_t i = 0; i < n; i++) to[i] = twos[i] / p->over;
    } else {
        for (size_t i = 0; i < n; i++) to[i] = fours[i] / p->over;
    }
    for (size_t i = 0; p->mean && i < n; i++)
        to[i] = (to[i] - p->mean[i % p->row]) / p->deviation[i % p->row];
}
