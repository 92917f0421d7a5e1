/* own: a text whose first line says that this program wrote it, and by a checksum of
 * what follows that nobody has changed it since. Such a text alone is written over: a
 * person's file, or a script edited by hand, is not lost by a name typed twice.
 *
 *     struct error *e = own_check("s.learn");
 *     struct buf b = {0};
 *     own_begin(&b);
 *     buf_add(&b, "x = 1\n");
 *     if (!e) e = own_write("s.learn", &b);
 */
#ifndef BASE_OWN_H
#define BASE_OWN_H

#include "base/buf.h"
#include "base/error.h"

/* NULL: there is nothing, or what is ours. Else `file-there` or `file-changed`. */
struct error *own_check(const char *path);
void own_begin(struct buf *b); /* its first line, a comment; b is empty */
/* With the sum in it. */
struct error *own_write(const char *path, struct buf *b);

/* The same of numbers alone, which have no place for such a line: their sums are kept
 * beside the progress. */
struct error *own_check_bare(const char *path);
struct error *own_write_bare(const char *path, const char *data, size_t n);

#endif
