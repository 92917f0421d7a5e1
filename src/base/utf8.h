/* utf8: reading text as people type it, and how wide it stands on a terminal.
 *
 * Widths come from wcwidth under a UTF-8 locale (main sets LC_CTYPE): Hangul 2,
 * trailing jamo 0.
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
/* Composed (NFC), with full-width and look-alike signs outside "texts" and # comments
 * read as what they mean: × · → *, − → -, ÷ → /, （）＝ → ()=, “ ” → ", ² → ^2, 𝑤 → w,
 * x₁ → x1. The caller frees it. */
char *utf8_normalize(const char *s);
/* A word typed with the Korean keyboard on, as the Latin keys that were hit: ㅜㄷㅌㅅ →
 * next; syllables are taken apart first (두셔 …). false where it is no such word. */
bool utf8_from_korean_keys(const char *word, struct buf *latin);
/* Edits (insert, delete, change, swap) between two words: for "did you mean". */
int utf8_distance(const char *a, const char *b);

#endif
