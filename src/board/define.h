/* define: what `=` and f(x) = … do to the board. */
#ifndef BOARD_DEFINE_H
#define BOARD_DEFINE_H

#include "board/draft.h"
#include "board/session.h"

struct error *define_names(struct session *s, const struct stmt *st);
struct error *define_function(struct session *s, const struct stmt *st);

/* ---- for others that define ---- */

/* Sets what is drafted, and empties the draft. A person typing is answered: what each
 * name is now, and was. All are told which formulas no longer fit, but for a lesson's
 * own lines, which go on to define them. */
void define_set(struct session *s, struct draft *d);
void define_set_silently(struct session *s, struct draft *d); /* no answers */
enum { DEFINE_SHOWN = 8 }; /* numbers that an answer shows; of more, the shape */
/* Adds what a name stands for, ` = 4`; of more than `most` numbers, and of what takes a
 * while to work out, its shape. False where it no longer fits. */
bool define_add_value(struct session *s, struct buf *b, const char *name, size_t most);
void define_say(struct session *s, const char *text); /* such a line, as wide as fits */
struct error *define_shape_differs(const char *name, const struct shape *is,
                                   const struct shape *wants);

#endif
