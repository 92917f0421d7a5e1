/* record: what became of a question: its result, how many tries it took, which wrong
 * answers and slips there were, how long. Kept by progress, read by reports: THE TABLE
 * of its fields is in record.c.
 *
 *     record_wrong(r, "6");               // an answer that was judged
 *     record_right(r);
 *     record_put(r, object);              // {"result": 2, "tries": 2, …}
 *     struct record r = record_read(object);
 *
 * After it is solved nothing counts any more.
 */
#ifndef LESSON_RECORD_H
#define LESSON_RECORD_H

#include <cjson/cJSON.h>
#include <stdbool.h>

enum result { RESULT_OPEN, RESULT_SKIPPED, RESULT_SOLVED, RESULTS };

enum {
    RECORD_WRONG = 5,
    RECORD_CHARACTERS = 40,
    RECORD_SLIPS = 8,
    RECORD_TOLD = 5,
    RECORD_DRAWS = 999
};

struct record {
    int result;                /* enum result */
    int tries;                 /* answers judged, the right one too */
    int hints;                 /* seen */
    int shown;                 /* 1: the answer has been, before it was found */
    int day, box;              /* when it was answered, if it comes back; review's */
    double seconds;            /* at it; a pause counts little */
    char *wrong[RECORD_WRONG]; /* owned: the first ones as judged, cut; NULL: no more */
    int draw; /* of a board step: which of the person's numbers, from 0 */
    int slips[RECORD_SLIPS]; /* which of the step's were met, from 1; 0: no more */
    char *told[RECORD_TOLD]; /* owned: the mistakes that were told, by key; NULL: … */
};

struct tally {                      /* of a lesson's questions */
    int of[RESULTS], first, hinted; /* solved at the first try; with hints */
};

void tally_add(struct tally *t, const struct record *r);

/* answer: what was judged of what was typed; NULL where it was a line, which stays with
 * the student. */
void record_wrong(struct record *r, const char *answer);
void record_slip(struct record *r, int slip);            /* from 0 */
void record_told(struct record *r, const char *mistake); /* its key; "": none */
void record_right(struct record *r);
void record_shown(struct record *r);      /* the answer: it was skipped */
bool record_knew(const struct record *r); /* solved at once, without help */
/* Answered on that day: what was not known at once comes back. */
void record_mark(struct record *r, int day);
bool record_says(const struct record *r); /* anything worth keeping? */
void record_clear(struct record *r);      /* frees what it owns */

void record_put(const struct record *r, cJSON *object);
/* It may be any value, or NULL. */
struct record record_read(const cJSON *object);
/* An entry of format 1, as it would be kept now. */
void record_from_1(cJSON *object);

#endif
