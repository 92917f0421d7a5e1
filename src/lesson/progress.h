/* progress: how far each lesson has come, in $XDG_STATE_HOME/learn/progress.json (or
 * ~/.local/state/learn). What is saved is merged into what the file holds by then,
 * under a lock, so that two terminals keep each other's work. A damaged file is set
 * aside, never deleted. One that can't be read or written is left as it is: what is
 * learned meanwhile is kept in memory, that is said once with why, and each save tries
 * again.
 *
 *     struct progress *p = progress_open(out);
 *     progress_begin(p, "gradient-descent");
 *     const cJSON *was = progress_of(p, "gradient-descent");
 *     progress_save(p, out, "gradient-descent", entry);     // takes entry
 *     progress_close(p);
 *
 * {"format": 2, "lessons": {ID: {
 *     "number": 3, "edition": "9f3a01c2", "lang": "ko", "questions": 24, "done": true,
 *     "file": "/home/kim/mine.json" (of a lesson that is none of the program's),
 *     "began": when first opened, "when": when saved last, "seconds": at it,
 *     "records": {NAME: {"kind": "predict", "result": 2, "tries": 2, "hints": 1,
 *                        "seconds": 41, "draw": 1 (of a board step, where not 0),
 *                        "wrong": ["6"], "slips": [0],
 *                        "told": ["mistake.mul.own"] (where any was)}},
 *     "place": {"step": 12, "after": "the question before it", "plus": 2,
 *               "lines": ["x = 1", …], "board": "x = 1\n…", "began-lines": 4,
 *               "began": "…" (where the step began with another board),
 *               "boxes": [0, 2] (of a board step: which are filled)}}}}
 *
 * Beside the lessons stand sections of other rooms ("drills"), each {ID: entry}.
 *
 * Format 1 had no places of its own, and misses in the place of tries: it is read as if
 * it were 2. Fields that we don't know are kept.
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
/* Lesson `id` is opened. Where the file can't be read just now the lesson begins blind:
 * a place further on that the file holds is kept, whatever is saved until it is opened
 * again. */
void progress_begin(struct progress *p, const char *id);
bool progress_is_blind(const struct progress *p, const char *id);
void progress_save(struct progress *p, struct out *o, const char *id, cJSON *entry);
/* The same of what is no lesson's: entry `id` of a section beside "lessons", whole: the
 * last one counts. Takes entry. */
const cJSON *progress_section(const struct progress *p, const char *section);
const cJSON *progress_kept(const struct progress *p, const char *section,
                           const char *id);
void progress_keep(struct progress *p, struct out *o, const char *section,
                   const char *id, cJSON *entry);
/* What another terminal wrote since is read, and what could not be written before is
 * tried again. Entries got before are no more. */
void progress_look(struct progress *p, struct out *o);
/* Where the weights of lesson `id` may be kept, or NULL. The caller frees it. */
char *progress_weights(const char *id);
/* Is there anything that is in no file, or a file that could not be read? NULL: no. */
bool progress_in_memory(const struct progress *p);

#endif
