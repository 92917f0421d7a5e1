/* weights: large tensors in a file of their own, bit for bit, which a script (or a
 * lesson's progress) names: `restore "s.learn.weights-1a2b3c4d"`. It is named by the
 * checksum of what is in it, so another save never writes over it: the numbers are put
 * in their place first, then the script that names them, and what no script names any
 * more is removed last. Whatever ends in between, one whole pair is there.
 *
 *     struct error *e = weights_write(base, board, is_large, &path, &there);
 *     if (!e) e = file_write("s.learn", script, n);     // with basename(path) in it
 *     weights_sweep(base, "s.learn", NULL);     // base: "s.learn.weights"
 *
 * The file: `learn weights 2 LENGTH`, a line `NAME SIZE SIZE` for each tensor, LENGTH
 * bytes in all, then the numbers of one after another, 8 bytes each.
 */
#ifndef SESSION_WEIGHTS_H
#define SESSION_WEIGHTS_H

#include "board/session.h"

typedef bool weights_choice(const struct def *d);

/* Those that are chosen, into base-1a2b3c4d; *path is the caller's (on errors too).
 * there: the same numbers stood there already. Nothing of a person's own is written
 * over. */
struct error *weights_write(const char *base, const struct board *board,
                            weights_choice *which, char **path, bool *there);
bool weights_is(const char *path); /* did weights_write make it? */
/* Into the names they have, as one line that can be undone: all of them, or, where one
 * is not there, has another shape or is damaged, none. */
struct error *weights_read(struct board *board, const char *path);
/* Removes what weights_write made for base, and `old` (NULL: none), a name beside it:
 * but for what owner, or another file with its ending there, names in quotes. */
void weights_sweep(const char *base, const char *owner, const char *old);
/* A name in quotes, as the language reads it. */
void weights_add_quoted(struct buf *b, const char *name);

/* restore "s.learn.weights-1a2b3c4d": it stands beside the script that says so. */
struct error *weights_restore_command(struct session *s, const struct stmt *c);

#endif
