#include "data/idx.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "data/text_file.h"

enum { HEAD = 4, CHUNK = 1 << 20 };

static size_t big_endian(const unsigned char *b) {
    return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | (size_t)b[3];
}

static struct error *bad(const char *path, const char *key, size_t says, size_t has) {
    char s[24], h[24];
    snprintf(s, sizeof s, "%zu", says);
    snprintf(h, sizeof h, "%zu", has);
    return error_new(key, "file", path, "says", s, "has", h, NULL);
}

/* Up to n bytes; fewer only where the file ends. */
static size_t take(gzFile f, unsigned char *to, size_t n, bool *damaged) {
    size_t done = 0;
    int got = 1, fault = Z_OK;
    while (done < n && got > 0 && !interrupt_flag) {
        size_t part = n - done < CHUNK ? n - done : CHUNK;
        got = gzread(f, to + done, (unsigned)part);
        if (got > 0) done += (size_t)got;
    }
    gzerror(f, &fault);
    *damaged = got < 0 || (fault != Z_OK && fault != Z_STREAM_END);
    return done;
}

/* The header: two zeros, 8 for bytes, the dimensions; then their sizes. */
static struct error *read_header(gzFile f, int dims, const char *path, struct shape *s,
                                 size_t *size) {
    unsigned char b[HEAD + 4 * MAX_DIMS];
    bool damaged;
    size_t head = HEAD + 4 * (size_t)dims, n = take(f, b, head, &damaged);
    if (damaged) return error_new("data-file-damaged", "file", path, NULL);
    if (n < HEAD || b[0] || b[1] || b[2] != 8) return bad(path, "idx-magic", 0, 0);
    if (b[3] != dims) return bad(path, "idx-dims", b[3], (size_t)dims);
    if (n < head) return bad(path, "idx-short", head, n);
    *size = 1;
    *s = (struct shape){.n = dims};
    for (int d = 0; d < dims; d++) {
        s->dim[d] = big_endian(b + HEAD + 4 * d);
        if (!mem_product(*size, s->dim[d], size))
            return bad(path, "idx-short", SIZE_MAX, n);
    }
    return *size ? NULL : error_new("data-empty", "file", path, NULL);
}

/* The bytes after the header, which must be `size`. */
static struct error *read_bytes(gzFile f, const char *path, size_t size,
                                unsigned char **out) {
    size_t n = 0, room = 0;
    bool damaged = false;
    unsigned char more;
    *out = NULL;
    struct error *e = NULL;
    while (n == room && n < size && !damaged) {
        room = room ? 2 * room : CHUNK;
        if (room > size) room = size;
        if ((e = memory_left_for((double)(room - n)))) break;
        *out = mem_grow(*out, room, 1);
        n += take(f, *out + n, room - n, &damaged);
    }
    if (!e) e = interrupt_error();
    if (!e && !damaged && n == size) n += take(f, &more, 1, &damaged);
    if (!e && damaged) e = error_new("data-file-damaged", "file", path, NULL);
    else if (!e && n > size) e = bad(path, "idx-long", size, 0);
    else if (!e && n < size) e = bad(path, "idx-short", size, n);
    if (e) free(*out);
    return e;
}

struct error *idx_open(const char *path, int dims, double white, struct packed **out) {
    gzFile f;
    struct shape s;
    size_t size = 0;
    unsigned char *bytes = NULL;
    struct error *e = text_file_open(path, &f);
    if (e) return e;
    e = read_header(f, dims, path, &s, &size);
    if (!e) e = read_bytes(f, path, size, &bytes);
    gzclose(f);
    if (!e && (e = memory_left_for((double)size))) free(bytes);
    if (e) return e;
    *out = packed_new(s, 1, white);
    if (!*out) {
        free(bytes);
        return memory_left_short((double)size);
    }
    memcpy((*out)->bytes, bytes, size);
    free(bytes);
    return NULL;
}
