/* buf: a string that grows. Always terminated; `{0}` is an empty one.
 *
 *     struct buf b = {0};
 *     buf_printf(&b, "w = %d", 3);
 *     puts(buf_text(&b));
 *     buf_free(&b);
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

struct buf {
    char *data;
    size_t len, cap;
};

void buf_add(struct buf *b, const char *s);
void buf_add_n(struct buf *b, const char *s, size_t n);
void buf_printf(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* One more of a list: behind ", ", unless it is the first. */
void buf_add_listed(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buf_add_json(struct buf *b, const char *s); /* as a string of JSON's */
void buf_add_base64(struct buf *b, const char *bytes, size_t n);
const char *buf_text(const struct buf *b); /* "" when empty; never NULL */
char *buf_take(struct buf *b);             /* the caller owns it; b is empty again */
void buf_clear(struct buf *b);
void buf_free(struct buf *b);

#endif
