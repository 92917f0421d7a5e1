#include "data/packed.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

struct packed *packed_new(struct shape s, double white) {
    size_t size = shape_size(&s);
    struct packed *p = mem_alloc(1, sizeof *p + size);
    p->refs = 1;
    p->shape = s;
    p->row = size / s.dim[0];
    for (int i = 0; i < 256; i++) p->value[i] = i / white;
    return p;
}

struct packed *packed_ref(const struct packed *p) {
    struct packed *shared = (struct packed *)(uintptr_t)p;
    if (shared) shared->refs++;
    return shared;
}

void packed_unref(struct packed *p) {
    if (p && --p->refs == 0) free(p);
}

void packed_read(const struct packed *p, size_t from, size_t rows, real *to) {
    const unsigned char *bytes = p->bytes + from * p->row;
    for (size_t i = 0; i < rows * p->row; i++) to[i] = p->value[bytes[i]];
}
