/* help: what every command, function and idea is, from their rows. */
#ifndef LANGUAGE_HELP_H
#define LANGUAGE_HELP_H

#include "language/session.h"

struct error *help_command(struct session *s, const struct stmt *c);

#endif
