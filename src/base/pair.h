/* pair: numbers in a file of their own, named by their checksum (m-1a2b3c4d.npz), and
 * the text that names it. As others never get that name, nothing is written over: the
 * numbers are put in their place first, then the text, and what no text beside names
 * any more is removed last. Whatever ends in between, one whole pair is there.
 *
 *     struct pair p = {"m", ".npz", "PK", 2};
 *     int lock = file_lock("m.py");
 *     struct error *e = pair_close(&p, &file_out, &path, &there);
 *     if (!e) e = file_write("m.py", text, n);         // with path's last part in it
 *     pair_end(&p, "m.py", e, path, there, NULL, lock);
 */
#ifndef BASE_PAIR_H
#define BASE_PAIR_H

#include <stdbool.h>

#include "base/file.h"

/* How the numbers' files are called, and how they begin where we wrote them. */
struct pair {
    const char *base, *ending;
    const char *head;
    size_t head_size;
};

const char *pair_last(const char *path); /* its last part */
/* -1a2b3c4d and what follows; NULL: it is none of those names. */
const char *pair_sum(const struct pair *p, const char *name);
bool pair_is_ours(const struct pair *p, const char *path);
/* To its place; *path is the caller's (on errors too). A person's own file is not
 * written over. there: the same numbers stood there already. */
struct error *pair_close(const struct pair *p, struct file_out *f, char **path,
                         bool *there);
/* When the text was written, or failed to be (e): removes what was for nothing, path
 * too. `old`: what the text named before, or NULL. The lock is freed. */
void pair_end(const struct pair *p, const char *text, const struct error *e,
              const char *path, bool there, const char *old, int lock);
/* Of it, the last step: what no file beside `text`, with its ending, names. */
void pair_sweep(const struct pair *p, const char *text, const char *old);

#endif
