/* habits: what people type who know Python, and the line that does it here. */
#ifndef SYNTAX_HABITS_H
#define SYNTAX_HABITS_H

#include "base/error.h"

/* The error that says so, or NULL where the line is no such habit. */
struct error *habit_error(const char *line);

#endif
