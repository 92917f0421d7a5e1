/* utf8: text by code points, how wide it stands on a terminal, and what of it is safe
 * to show there. Unicode's tables are libunistring's; no locale is asked. Hangul is 2
 * columns wide, trailing jamo 0.
 *
 *     size_t len;
 *     for (uint32_t c; (c = utf8_decode(s, &len)); s += len) …
 *     utf8_width("기울기");   // 6
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The code point at s, and its length in bytes through *len (at least 1, 0 at the end).
 * An invalid byte gives 0xFFFD with *len 1. */
uint32_t utf8_decode(const char *s, size_t *len);
void utf8_encode(struct buf *b, uint32_t code);
bool utf8_valid(const char *s, size_t n, size_t *bad); /* *bad: first bad byte */
size_t utf8_count(const char *s, size_t n);            /* code points in n bytes */
int utf8_width(const char *s);                         /* terminal columns */
/* Bytes of s that fit in `columns`. */
size_t utf8_fit(const char *s, int columns);
/* s with control bytes (ESC too, and C1) dropped, invalid bytes as U+FFFD: safe to show
 * on a terminal. Newlines and tabs are kept if keep_lines. */
void utf8_add_safe(struct buf *b, const char *s, bool keep_lines);
/* Edits (insert, delete, change, swap) between two words: for "did you mean". */
int utf8_distance(const char *a, const char *b);

#endif
