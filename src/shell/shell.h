/* shell: the prompt (readline on a terminal, plain lines on a pipe), completion,
 * Ctrl-C. */
#ifndef SHELL_SHELL_H
#define SHELL_SHELL_H

#include "board/session.h"

/* Reads lines until the end of input or `quit`; returns the exit status. */
int shell_loop(struct session *s);
/* The same, until the lesson in hand is left. */
int shell_lesson(struct session *s);
enum { SHELL_STOPPED = 130 }; /* the exit status of what Ctrl-C ended */

/* Installs the Ctrl-C flag: s->stop points to it. */
void shell_catch_interrupts(struct session *s);
extern const struct command shell_commands[]; /* quit lang log threads … */

#endif
