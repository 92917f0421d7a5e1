#include "export/npz.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { MANY = 1 << 22 }; /* numbers from which on 4 bytes are enough for each */

static void add_short(struct buf *b, unsigned v) {
    char bytes[] = {(char)(v & 255), (char)(v >> 8 & 255)};
    buf_add_n(b, bytes, sizeof bytes);
}

static void add_long(struct buf *b, size_t v) {
    add_short(b, (unsigned)(v & 0xffff));
    add_short(b, (unsigned)(v >> 16 & 0xffff));
}

/* The header of a .npy: a Python dict, filled up with spaces to whole 64 bytes. */
static void add_header(struct buf *b, const struct shape *s, char kind, int width) {
    struct buf dict = {0};
    buf_printf(&dict, "{'descr': '%c%c%d', 'fortran_order': False, 'shape': (",
               width == 1 ? '|' : '<', kind, width);
    for (int d = 0; d < s->n; d++) buf_printf(&dict, "%zu, ", s->dim[d]);
    buf_add(&dict, "), }");
    while ((10 + dict.len + 1) % 64) buf_add(&dict, " ");
    buf_add(&dict, "\n");
    buf_add_n(b, "\x93NUMPY\x01\x00", 8);
    add_short(b, (unsigned)dict.len);
    buf_add_n(b, dict.data, dict.len);
    buf_free(&dict);
}

struct array {
    const void *bytes; /* as they will stand in the file; NULL: v as 4-byte numbers */
    const real *v;
    size_t n, width;
};

/* The numbers, handed on a part at a time as they will stand in the file. */
static void each_part(const struct array *a,
                      void (*take)(struct npz *z, const void *data, size_t n),
                      struct npz *z) {
    enum { PART = 1 << 14 };
    float part[PART];
    const real *v = a->v;
    size_t n = a->n;
    if (a->bytes) take(z, a->bytes, n * a->width);
    for (size_t at = 0, here; !a->bytes && at < n; at += here) {
        here = n - at < PART ? n - at : PART;
        for (size_t i = 0; i < here; i++) part[i] = (float)v[at + i];
        take(z, part, here * sizeof *part);
    }
}

static void take_sum(struct npz *z, const void *data, size_t n) {
    z->sum = crc32_z(z->sum, data, n);
}

static void take_data(struct npz *z, const void *data, size_t n) {
    file_out_add(&z->file, data, n);
}

/* What a file's own header and its line in the directory have in common. */
static void add_entry(struct buf *b, size_t size, size_t name, unsigned long crc) {
    add_short(b, 20);        /* version needed */
    add_short(b, 1 << 11);   /* names are UTF-8 */
    add_short(b, 0);         /* stored */
    add_long(b, 0x21 << 16); /* the first of January 1980: the same bytes every time */
    add_long(b, crc);
    add_long(b, size);
    add_long(b, size);
    add_short(b, (unsigned)name);
    add_short(b, 0);
}

/* How every one of ours begins. */
static const char head[] = "PK\3\4\x14\0\0\x08\0\0\0\0\x21";

struct pair npz_pair(const char *base) {
    return (struct pair){base, ".npz", head, sizeof head - 1};
}

void npz_open(struct npz *z, const char *base) {
    *z = (struct npz){.pair = npz_pair(base)};
    file_out_open(&z->file, base);
}

static void add_array(struct npz *z, const char *name, const struct shape *s, char kind,
                      const struct array *a) {
    struct buf path = {0}, own = {0};
    size_t start = z->file.size;
    buf_printf(&path, "%s.npy", name);
    add_header(&own, s, kind, (int)a->width);
    size_t size = own.len + a->n * a->width;
    z->large |= start + size + path.len >= UINT32_MAX - 100 || z->count == UINT16_MAX;
    if (!z->large) {
        struct buf entry = {0};
        z->sum = crc32_z(0, (const unsigned char *)own.data, own.len);
        each_part(a, take_sum, z);
        buf_add_n(&entry, "PK\3\4", 4);
        add_entry(&entry, size, path.len, z->sum);
        buf_add_n(&entry, path.data, path.len);
        buf_add_n(&entry, own.data, own.len);
        file_out_add(&z->file, entry.data, entry.len);
        each_part(a, take_data, z);
        buf_free(&entry);
        buf_add_n(&z->directory, "PK\1\2", 4);
        add_short(&z->directory, 20);
        add_entry(&z->directory, size, path.len, z->sum);
        for (int i = 0; i < 3; i++) add_short(&z->directory, 0);
        add_long(&z->directory, 0);
        add_long(&z->directory, start);
        buf_add_n(&z->directory, path.data, path.len);
        z->count++;
    }
    buf_free(&own);
    buf_free(&path);
}

void npz_add(struct npz *z, const char *name, const struct shape *s, const real *v) {
    size_t n = shape_size(s);
    bool small = true;
    for (size_t i = 0; i < n && n <= MANY; i++)
        small &= !(v[i] == v[i]) || v[i] == (real)(float)v[i];
    struct array a = {small ? NULL : v, v, n, small ? sizeof(float) : sizeof *v};
    add_array(z, name, s, 'f', &a);
}

void npz_add_packed(struct npz *z, const char *name, const struct packed *p) {
    struct array a = {p->bytes, NULL, shape_size(&p->shape), (size_t)p->width};
    add_array(z, name, &p->shape, p->width == 1 ? 'u' : 'i', &a);
}

void npz_drop(struct npz *z) {
    file_out_close(&z->file, NULL);
    buf_free(&z->directory);
}

struct error *npz_close(struct npz *z, char **path, bool *there) {
    size_t start = z->file.size, length = z->directory.len;
    struct error *e = NULL;
    buf_add_n(&z->directory, "PK\5\6\0\0\0", 8);
    add_short(&z->directory, z->count);
    add_short(&z->directory, z->count);
    add_long(&z->directory, length);
    add_long(&z->directory, start);
    add_short(&z->directory, 0);
    file_out_add(&z->file, z->directory.data, z->directory.len);
    if (z->large) e = error_new("npz-large", "file", z->pair.base, NULL);
    if (e) file_out_close(&z->file, NULL);
    else e = pair_close(&z->pair, &z->file, path, there);
    buf_free(&z->directory);
    return e;
}
