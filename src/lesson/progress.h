/* progress: how far each lesson has come, in $XDG_STATE_HOME/learn/progress.json (or
 * ~/.local/state/learn). What is saved is merged into what the file holds by then,
 * under a lock, so that two terminals keep each other's work. A file that cannot be
 * read is set aside, never deleted. Where nothing can be written all is kept in memory,
 * and that is said once.
 *
 *     struct progress *p = progress_open(out);
 *     const cJSON *was = progress_of(p, "gradient-descent");
 *     progress_save(p, out, "gradient-descent", entry);     // takes entry
 *     progress_close(p);
 *
 * {"format": 1, "lessons": {ID: {
 *     "number": 3, "when": seconds, "done": true, "questions": 24,
 *     "step": 12, "after": "the question before it", "plus": 2,
 *     "records": {NAME: {"result": 2, "hints": 1, "misses": 0}},
 *     "lines": ["x = 1", …], "board": "x = 1\n…",
 *     "began-lines": 4, "began": "…" (where the step began with another board)}}}
 */
#ifndef LESSON_PROGRESS_H
#define LESSON_PROGRESS_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "text/out.h"

struct progress;
struct progress *progress_open(struct out *o);
void progress_close(struct progress *p);                            /* NULL is fine */
const cJSON *progress_of(const struct progress *p, const char *id); /* or NULL */
const cJSON *progress_all(const struct progress *p); /* the object of all lessons */
void progress_save(struct progress *p, struct out *o, const char *id, cJSON *entry);
/* Where the weights of lesson `id` may be kept, or NULL. The caller frees it. */
char *progress_weights(const char *id);
bool progress_in_memory(const struct progress *p); /* it could not be written */

#endif
