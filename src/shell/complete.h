/* complete: what Tab offers: commands, names, functions, the words a command
 * understands, lesson numbers, and file names inside quotes.
 */
#ifndef SHELL_COMPLETE_H
#define SHELL_COMPLETE_H

#include "board/session.h"

/* Everything that could stand at line[start] and begins with `word`: an array ended by
 * NULL, all of it the caller's to free. */
char **complete_words(struct session *s, const char *line, int start, const char *word);

#endif
