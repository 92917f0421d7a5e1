/* keep: a line that is kept from one run to the next, such as the chosen language
 * (places_state).
 *
 *     struct error *e = keep_write("lang", "ko");
 *     char *lang = keep_read("lang");
 */
#ifndef BASE_KEEP_H
#define BASE_KEEP_H

#include "base/error.h"

char *keep_read(const char *name); /* the first line, or NULL; the caller frees it */
struct error *keep_write(const char *name, const char *line); /* the caller says it */

#endif
