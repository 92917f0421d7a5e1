/* manual: the manual page and the README's list of commands, made from the tables. */
#ifndef SHELL_MANUAL_H
#define SHELL_MANUAL_H

#include "board/session.h"

/* more: adds sections before that of the files. */
void manual_page(struct out *o, const struct command *const *tables,
                 const char *version, void (*more)(struct out *o));
/* A row of a Markdown table for each command. */
void manual_commands(struct out *o, const struct command *const *tables);

#endif
