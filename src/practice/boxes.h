/* boxes: Leitner's. What was not known comes back the next day; known, after three, a
 * week, and sixteen days; known then, it is done with. {"day": the last, "box": from
 * 0}.
 *
 *     if (boxes_due(json) <= clock_day()) …
 *     boxes_put(json, knew_it);
 */
#ifndef PRACTICE_BOXES_H
#define PRACTICE_BOXES_H

#include <cjson/cJSON.h>
#include <stdbool.h>

enum { BOXES = 4 };

/* The day on which it is to be asked; LONG_MAX: never: known, never missed, or without
 * a name. */
long boxes_due(const cJSON *kept);
/* It was asked today. */
void boxes_put(cJSON *kept, bool knew);
/* Was it kept on a day that has not come yet? The clock has jumped, then or since. */
bool boxes_is_ahead(const cJSON *kept);

#endif
