#include "data/idx.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/csv.h"

static size_t big_endian(const unsigned char *b) {
    return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | (size_t)b[3];
}

static struct error *bad(const char *path, const char *key, size_t says, size_t has) {
    char s[24], h[24];
    snprintf(s, sizeof s, "%zu", says);
    snprintf(h, sizeof h, "%zu", has);
    return error_new(key, "file", path, "says", s, "has", h, NULL);
}

/* The header: two zeros, 8 for bytes, the dimensions; then their sizes. */
static struct error *read_header(const unsigned char *b, size_t n, int dims,
                                 const char *path, struct shape *s) {
    size_t head = 4 + 4 * (size_t)dims;
    if (n < 4 || b[0] || b[1] || b[2] != 8) return bad(path, "idx-magic", 0, 0);
    if (b[3] != dims) return bad(path, "idx-dims", b[3], (size_t)dims);
    if (n < head) return bad(path, "idx-short", head, n);
    size_t size = 1;
    *s = (struct shape){.n = dims};
    for (int d = 0; d < dims; d++) {
        s->dim[d] = big_endian(b + 4 + 4 * d);
        if (!mem_product(size, s->dim[d], &size)) return bad(path, "idx-short", SIZE_MAX, n);
    }
    if (size != n - head) return bad(path, "idx-short", size, n - head);
    return NULL;
}

struct error *idx_open(const char *path, int dims, struct tensor **out) {
    char *all;
    size_t n;
    struct shape s;
    struct error *e = csv_whole_file(path, &all, &n);
    if (e) return e;
    const unsigned char *bytes = (const unsigned char *)all;
    e = read_header(bytes, n, dims, path, &s);
    if (!e) e = tensor_new(s, out);
    for (size_t i = 0; !e && i < (*out)->size; i++) {
        (*out)->data[i] = bytes[4 + 4 * (size_t)dims + i];
    }
    free(all);
    return e;
}
