/* run: what typed text does: its statements one after another, their effects on the
 * board, what they print. A line of several statements is undone as one.
 *
 *     struct session *s = session_open(&out, tables);
 *     bool ok = session_run(s, "param w = 3; w^2", NULL);
 *
 * The board stays the session's; an error is printed, or the caller's.
 */
#ifndef SESSION_RUN_H
#define SESSION_RUN_H

#include "board/session.h"

/* How a line of a script or a lesson is shown: > w = 3. Of a very long one, how it
 * begins. */
void session_show_line(struct session *s, const char *line, size_t n);
/* Runs a text: one line, or a whole script; prints errors. False where one stopped
 * it. */
bool session_run(struct session *s, const char *text, const char *file);
/* The same, without printing the error: the caller owns it. */
struct error *session_try(struct session *s, const char *text, const char *file);

/* Runs what was read at the door: typed_free stays the caller's, and so does the error,
 * of reading or of running. */
struct error *session_take(struct session *s, struct typed *t, const char *file);

/* Prints and frees an error; true where there is none. */
bool session_report(struct session *s, struct error *e);

extern const struct command session_commands[];

#endif
