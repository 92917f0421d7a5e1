/* slide: the window of a convolution or a pool on its way over a picture. */
#ifndef EXPLAIN_SLIDE_H
#define EXPLAIN_SLIDE_H

#include "board/session.h"

/* slide C: place after place; slide C[0, 0, 1, 2]: one of them. */
struct error *slide_command(struct session *s, const struct stmt *c);

#endif
