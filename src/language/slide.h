/* slide: the window of a convolution or a pool on its way over a picture. */
#ifndef LANGUAGE_SLIDE_H
#define LANGUAGE_SLIDE_H

#include "language/session.h"

/* slide C: place after place; slide C[0, 0, 1, 2]: one of them. */
struct error *slide_command(struct session *s, const struct stmt *c);

#endif
