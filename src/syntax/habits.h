/* habits: what people type who know Python or the books, and what does it here. */
#ifndef SYNTAX_HABITS_H
#define SYNTAX_HABITS_H

#include "base/error.h"

enum { HABIT_LONGEST = 200 }; /* bytes of a line that may be one */

/* The error that says so, or NULL where the line is no such habit. */
struct error *habit_error(const char *line);
/* What a word of another dialect is here (mse: l2), or NULL. */
const char *habit_word(const char *word);

#endif
