/* hand: updates typed by hand, w -= 0.1*dE/dw, are steps of a run like any other: the
 * loss's graph is built once before the line, and looked at again after it.
 *
 *     struct hand *h = hand_open(s, st);    // NULL: this line is no update
 *     struct error *e = define_names(s, st);
 *     hand_close(s, h, !e);                 // records the step, where it was taken
 */
#ifndef LEARNING_HAND_H
#define LEARNING_HAND_H

#include "board/session.h"

struct hand;
struct hand *hand_open(struct session *s, const struct stmt *st);
void hand_close(struct session *s, struct hand *h, bool taken);

#endif
