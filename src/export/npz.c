#include "export/npz.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/file.h"
#include "base/memory.h"

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
static void add_header(struct buf *b, const struct shape *s, bool small) {
    struct buf dict = {0};
    buf_printf(&dict, "{'descr': '<f%d', 'fortran_order': False, 'shape': (",
               small ? 4 : 8);
    for (int d = 0; d < s->n; d++) buf_printf(&dict, "%zu, ", s->dim[d]);
    buf_add(&dict, "), }");
    while ((10 + dict.len + 1) % 64) buf_add(&dict, " ");
    buf_add(&dict, "\n");
    buf_add_n(b, "\x93NUMPY\x01\x00", 8);
    add_short(b, (unsigned)dict.len);
    buf_add_n(b, dict.data, dict.len);
    buf_free(&dict);
}

static void add_array(struct buf *b, const struct shape *s, const real *v) {
    size_t n = shape_size(s);
    bool small = true;
    for (size_t i = 0; i < n && n <= MANY; i++)
        small &= !(v[i] == v[i]) || v[i] == (real)(float)v[i];
    add_header(b, s, small);
    if (!small) {
        buf_add_n(b, (const char *)v, n * sizeof *v);
        return;
    }
    float *f = mem_alloc(n, sizeof *f);
    for (size_t i = 0; i < n; i++) f[i] = (float)v[i];
    buf_add_n(b, (const char *)f, n * sizeof *f);
    free(f);
}

/* What a file's own header and its line in the directory have in common. */
static void add_entry(struct buf *b, const struct buf *file, size_t name,
                      unsigned long crc) {
    add_short(b, 20);        /* version needed */
    add_short(b, 1 << 11);   /* names are UTF-8 */
    add_short(b, 0);         /* stored */
    add_long(b, 0x21 << 16); /* the first of January 1980: the same bytes every time */
    add_long(b, crc);
    add_long(b, file->len);
    add_long(b, file->len);
    add_short(b, (unsigned)name);
    add_short(b, 0);
}

void npz_add(struct npz *z, const char *name, const struct shape *s, const real *v) {
    struct buf array = {0}, path = {0};
    size_t start = z->file.len;
    add_array(&array, s, v);
    buf_printf(&path, "%s.npy", name);
    unsigned long crc = crc32_z(0, (const unsigned char *)array.data, array.len);
    buf_add_n(&z->file, "PK\3\4", 4);
    add_entry(&z->file, &array, path.len, crc);
    buf_add_n(&z->file, path.data, path.len);
    buf_add_n(&z->file, array.data, array.len);
    buf_add_n(&z->directory, "PK\1\2", 4);
    add_short(&z->directory, 20);
    add_entry(&z->directory, &array, path.len, crc);
    for (int i = 0; i < 3; i++) add_short(&z->directory, 0);
    add_long(&z->directory, 0);
    add_long(&z->directory, start);
    buf_add_n(&z->directory, path.data, path.len);
    z->count++;
    buf_free(&array);
    buf_free(&path);
}

struct error *npz_write(struct npz *z, const char *path) {
    size_t start = z->file.len, length = z->directory.len;
    struct error *e = NULL;
    if (start >= UINT32_MAX || z->count >= UINT16_MAX)
        e = error_new("npz-large", "file", path, NULL);
    buf_add_n(&z->file, buf_text(&z->directory), length);
    buf_add_n(&z->file, "PK\5\6\0\0\0", 8);
    add_short(&z->file, z->count);
    add_short(&z->file, z->count);
    add_long(&z->file, length);
    add_long(&z->file, start);
    add_short(&z->file, 0);
    if (!e) e = file_write(path, z->file.data, z->file.len);
    buf_free(&z->file);
    buf_free(&z->directory);
    z->count = 0;
    return e;
}
