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
/* Bytes that are UTF-16 instead, as iconv calls it: by their mark, or because all make
 * letters so, and some are ASCII's; NULL: they are something else. */
const char *utf8_wide(const char *s, size_t n);
size_t utf8_count(const char *s, size_t n); /* code points in n bytes */
int utf8_rows(const char *s, size_t n);     /* newlines in n bytes */
/* Does a letter stand here, or part of one? All beyond ASCII is taken for that. */
bool utf8_is_letter(const char *s);
bool utf8_has_hangul(const char *s); /* one of its syllables */
int utf8_width(const char *s);       /* terminal columns */
/* Bytes of s that fit in `columns`. */
size_t utf8_fit(const char *s, int columns);
/* May a stranger's text show it on a terminal? Not what controls (C0, C1, ESC), turns
 * the direction of writing, breaks lines or cannot be seen; text/out.h drops that.
 * Newlines and tabs, which are not safe everywhere, are the caller's. */
bool utf8_safe(uint32_t code);
bool utf8_controls(uint32_t code); /* C0, C1, or it breaks lines; newline, tab too */
size_t utf8_plain(const char *s);  /* bytes from s on in ASCII, newlines and tabs too */
/* s in one line: newlines and tabs as spaces, what is not safe dropped, invalid bytes
 * as U+FFFD. */
void utf8_add_line(struct buf *b, const char *s);
/* Edits (insert, delete, change, swap) between two words, in Hangul of the letters of
 * its syllables: for "did you mean". */
int utf8_distance(const char *a, const char *b);
/* Letters, taken apart likewise, that two words have in common at their beginning; and
 * those of a word's first syllable. */
size_t utf8_common(const char *a, const char *b);
size_t utf8_syllable(const char *a);

#endif
