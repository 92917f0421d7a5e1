/* drill: exercises of one kind, one after another. Two right in a row, at the first try
 * and without a hint, and the level goes up; two that had to be shown, and it goes
 * down. The one in hand keeps its numbers until it is done, whatever happens.
 *
 * Kept in the progress: {"drills": {KIND: {"level": 2, "streak": 1, "right": 7,
 *     "tried": 9, "begun": 10, "day": of the last, "slips": {NAME: how often},
 *     "again": {LEVEL: {"day": …, "box": …}} (review's),
 *     "past": [{"drawn": "3 5 -2", "value": 9}] (exercise.h),
 *     "exercise": {"level": 2, "text": the lesson, "record": {…}}}}}
 *
 *     struct error *e = drill_open(s, drill_kind_find("backward"), 0, true);
 */
#ifndef PRACTICE_DRILL_H
#define PRACTICE_DRILL_H

#include "practice/exercise.h"

/* level 0: the one it stands at. at_prompt: quit goes back there. */
struct error *drill_open(struct session *s, const struct drill_kind *k, int level,
                         bool at_prompt);
/* One of that level beside those in hand; done: it was answered, at once or not. */
struct error *drill_ask(struct session *s, const struct drill_kind *k, int level,
                        bool at_prompt, void (*done)(struct session *s, bool knew));
/* The key that a mistake is counted by, whoever tells it: a drill's own slip may be one
 * of the gates' too. */
const char *drill_common(const char *key);
/* What a kept mistake is called in a list, or what is said to it. */
const char *drill_mistake(const struct text *t, const char *key);
/* How a kind goes. False: it has not been practised. */
struct drill_state {
    int level, right, tried;
    const char *mistake; /* the commonest one's key, or ""; as long as the progress */
};
bool drill_read(struct session *s, const struct drill_kind *k, struct drill_state *out);
/* The kind that drill alone takes: of those whose lesson is done. */
const struct drill_kind *drill_suggested(struct session *s);

#endif
