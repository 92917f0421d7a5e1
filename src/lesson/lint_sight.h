/* lint_sight: what a student has before the eyes between two keys. A text with its
 * question must fit a screen of 24 rows; a line may not say more than anybody reads;
 * and what a question asks may not stand above it.
 *
 *     struct sight v = {0};
 *     error = sight_text(said, n);       // a text, a question: it is one block
 *     error = sight_output(&v, said, n); // what a line of the lesson says
 *     char *line = sight_gives(s, &v, "2*w"); // "dE/dw = 4", where that is the same
 *     sight_key(&v);
 */
#ifndef LESSON_LINT_SIGHT_H
#define LESSON_LINT_SIGHT_H

#include "base/buf.h"
#include "lesson/desk.h"

enum { SIGHT_ROWS = 23, SIGHT_OUTPUT = 300 }; /* of a screen, but for the prompt */

struct sight {
    struct buf output; /* since the last key */
};

/* Both: NULL, or what is wrong with it. */
struct error *sight_text(const char *said, size_t n);
struct error *sight_output(struct sight *v, const char *said, size_t n);
/* A line that gives the expression its value on the board as the step began, or one
 * equal to it whatever the numbers; the caller frees it. NULL: there is none. */
char *sight_gives(struct session *s, const struct sight *v, const char *expr);
/* The number among what was put out, as it stands there, the caller frees it; NULL: it
 * isn't, or is too plain (2, 0.5) to say. */
char *sight_shows(const struct sight *v, double value);
/* Is the expression a given name, or an element of one, and no formula? */
bool sight_is_given(struct session *s, const char *expr);
/* Does the number stand anywhere in these bytes? */
bool sight_says(const char *said, size_t n, double value);
void sight_key(struct sight *v);
/* "E = 4.66667, w = 3": the names of an expression on the board; owned. */
char *sight_values(struct session *s, const char *expr);

#endif
