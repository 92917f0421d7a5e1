/* keep: the little that is kept from one run to the next: the prompt's history and the
 * chosen language, under $XDG_STATE_HOME/learn or ~/.local/state/learn. Where nothing
 * can be written, nothing is kept, silently.
 */
#ifndef SHELL_KEEP_H
#define SHELL_KEEP_H

#include <stdbool.h>

/* The path of a kept file, its folder made if it was missing; NULL where there is no
 * place for it. The caller frees it. */
char *keep_path(const char *name);
char *keep_read(const char *name); /* the first line, or NULL; the caller frees it */
bool keep_write(const char *name, const char *line);

#endif
