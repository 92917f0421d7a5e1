#include "base/buf.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void reserve(struct buf *b, size_t more) {
    if (b->len + more + 1 <= b->cap) return;
    b->cap = (b->len + more + 1) * 2;
    b->data = mem_grow(b->data, b->cap, 1);
}

void buf_add_n(struct buf *b, const char *s, size_t n) {
    reserve(b, n);
    if (n) memcpy(b->data + b->len, s, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_add(struct buf *b, const char *s) { buf_add_n(b, s, strlen(s)); }

static void add_args(struct buf *b, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n > 0) {
        reserve(b, (size_t)n);
        vsnprintf(b->data + b->len, (size_t)n + 1, format, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add_args(b, format, args);
    va_end(args);
}

void buf_add_listed(struct buf *b, const char *format, ...) {
    va_list args;
    va_start(args, format);
    if (b->len) buf_add(b, ", ");
    add_args(b, format, args);
    va_end(args);
}

void buf_add_json(struct buf *b, const char *s) {
    cJSON *string = cJSON_CreateStringReference(s);
    char *quoted = cJSON_PrintUnformatted(string);
    buf_add(b, quoted);
    cJSON_free(quoted);
    cJSON_Delete(string);
}

const char *buf_text(const struct buf *b) { return b->data ? b->data : ""; }

char *buf_take(struct buf *b) {
    char *s = b->data ? b->data : mem_copy("");
    *b = (struct buf){0};
    return s;
}

void buf_clear(struct buf *b) {
    b->len = 0;
    if (b->data) b->data[0] = '\0';
}

void buf_free(struct buf *b) {
    free(b->data);
    *b = (struct buf){0};
}

void buf_add_base64(struct buf *b, const char *bytes, size_t n) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        unsigned three = 0;
        for (size_t k = 0; k < 3; k++)
            three = three << 8 | (i + k < n ? (unsigned char)bytes[i + k] : 0);
        for (size_t k = 0; k < 4; k++) {
            char letter = letters[three >> (18 - 6 * k) & 63];
            if (i + k > n) letter = '=';
            buf_add_n(b, &letter, 1);
        }
    }
}
