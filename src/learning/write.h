/* write: a net that has learned a text (`use "song.txt" window 16`) goes on with one,
 * letter by letter. */
#ifndef LEARNING_WRITE_H
#define LEARNING_WRITE_H

#include "board/session.h"

/* write O after "동해" count 40 [draw 0.8] */
struct error *write_command(struct session *s, const struct stmt *c);

#endif
