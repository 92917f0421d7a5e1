/* prompt: a person's lines at a terminal, by readline: editing, history, Tab. The
 * terminal is changed only while a line is waited for; whatever ends or stops the
 * program then finds it as it was, and after a stop the line is drawn again.
 *
 *     struct prompt *p = prompt_open(s);
 *     if (prompt_ask(p, "> ", &line) == ANSWER_LINE) prompt_remember(p, line);
 *     prompt_close(p);
 */
#ifndef SHELL_PROMPT_H
#define SHELL_PROMPT_H

#include "board/session.h"

/* LOST: what should be read can't be, and that was said. */
enum answer { ANSWER_LINE, ANSWER_END, ANSWER_INTERRUPT, ANSWER_LOST };

struct prompt;
/* One at a time. pastes: the terminal is asked to say what is pasted. */
struct prompt *prompt_open(struct session *s, bool pastes);
enum answer prompt_ask(struct prompt *p, const char *words, char **line);
void prompt_remember(struct prompt *p, const char *line); /* into the history */
void prompt_close(struct prompt *p);

#endif
