/* weights: large tensors in a file of their own, bit for bit, named by their checksum
 * (base/pair.h), which a script (or a lesson's progress) names:
 * `restore "s.learn.weights-1a2b3c4d"`.
 *
 *     struct pair p = weights_pair("s.learn.weights");
 *     struct error *e = weights_write(p.base, board, is_large, &path, &there);
 *     if (!e) e = weights_read(board, path);
 *
 * The file: `learn weights 2 LENGTH`, a line `NAME SIZE SIZE` for each tensor, LENGTH
 * bytes in all, then the numbers of one after another, 8 bytes each.
 */
#ifndef SESSION_WEIGHTS_H
#define SESSION_WEIGHTS_H

#include "base/pair.h"
#include "board/session.h"

typedef bool weights_choice(const struct def *d);

struct pair weights_pair(const char *base);
/* Those that are chosen, into base-1a2b3c4d; as pair_close. */
struct error *weights_write(const char *base, const struct board *board,
                            weights_choice *which, char **path, bool *there);
/* Into the names they have, as one line that can be undone: all of them, or, where one
 * is not there, has another shape or is damaged, none. */
struct error *weights_read(struct board *board, const char *path);
/* A name in quotes, as the language reads it. */
void weights_add_quoted(struct buf *b, const char *name);

/* restore "s.learn.weights-1a2b3c4d": it stands beside the script that says so. */
struct error *weights_restore_command(struct session *s, const struct stmt *c);

#endif
