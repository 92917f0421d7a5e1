/* help: what every command, function and idea is, from their rows. */
#ifndef SESSION_HELP_H
#define SESSION_HELP_H

#include "board/session.h"

struct error *help_command(struct session *s, const struct stmt *c);

/* Is there something to say about it? */
bool help_knows(struct session *s, const char *word);

bool help_offer(struct session *s, const char *before, struct offer *to);

#endif
