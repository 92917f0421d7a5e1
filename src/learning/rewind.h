/* rewind: back along the last run, step by step: `rewind 3`, `rewind to 12`. A step
 * that was thinned out (engine/run.h) is worked out again from the nearest one kept.
 */
#ifndef LEARNING_REWIND_H
#define LEARNING_REWIND_H

#include "board/session.h"

struct error *rewind_command(struct session *s, const struct stmt *c);

#endif
