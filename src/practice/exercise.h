/* exercise: a question with numbers of its own. A kind of drill is a row of THE TABLE
 * (kinds.c); its rows say what to draw, in learn's own language. What is drawn is a
 * lesson: lines that make a board, one question, and how it is worked out; so it is
 * played, kept and printed as every lesson is, and can be explored with every command.
 *
 *     const struct drill_kind *k = drill_kind_find("backward");
 *     struct dice d = dice_for(seed, k->name, 7);
 *     char *text;                                     // the lesson's JSON
 *     struct error *e = exercise_make(s, k, 2, &d, past, &text);
 *
 * In lines, formulas and names {1..5} is a whole number drawn, {-3..3 not 0 1} the same
 * without some, {w|x} one of some words; {p=w|x} has a name, and {p} is it again.
 * Thrown away is a draw with a number of more than four figures, one whose mistakes
 * come to the same number or to the answer, and one that the board refuses. Of some
 * that are left the best is taken: numbers below 100, inputs that differ, and neither
 * the numbers nor the answer of the last exercises.
 */
#ifndef PRACTICE_EXERCISE_H
#define PRACTICE_EXERCISE_H

#include <cjson/cJSON.h>

#include "base/near.h"
#include "base/random.h"
#include "board/session.h"

enum { EXERCISE_SLIPS = 6 };

struct exercise_slip {
    const char *value; /* the formula of the number that a mistake comes to */
    const char *say;   /* the key of what is said to it: `slip.NAME` */
};

struct exercise_row {
    int level;
    const char *lines; /* shown and run, a line of each \n */
    /* The key of the question, with {asked} and what has a name in it; KEY.hint.1 … are
     * its hints. */
    const char *ask;
    const char *answer;  /* a formula; with choices which of them, from 0 */
    const char *choices; /* their keys, spaces between; NULL: a number is asked */
    const char *hidden;  /* lines before the others, unseen; or NULL */
    /* In the place of an answer: what is to come true of the board, and lines that lead
     * there. */
    const char *until, *solution;
    const char *hints;  /* the key of its hints, where it is not ask */
    const char *why;    /* the key of what is said at the end, or NULL */
    const char *needs;  /* must be true of a draw; NULL: nothing more */
    const char *worked; /* the line that works it out: backward E */
    double within;      /* how far off counts; numbers may be long then */
    bool sizes;         /* it is about sizes: the board's numbers are not looked at */
    struct exercise_slip slips[EXERCISE_SLIPS];
};

struct drill_kind {
    const char *name, *ko;           /* its words are `drill.NAME` */
    const char *lesson;              /* the id of the one that teaches it */
    const struct exercise_row *rows; /* by level; the last has none */
};

extern const struct drill_kind drill_kinds[]; /* ended by a row without name */

/* By its name in either language; NULL: there is none. */
const struct drill_kind *drill_kind_find(const char *word);
/* In the language of the moment. */
const char *drill_name(const struct session *s, const struct drill_kind *k);
int drill_levels(const struct drill_kind *k);
/* The error `key`: n->word is no kind; with those that there are, and the nearest of
 * them and of what n was tried with. */
struct error *drill_no_kind(const struct session *s, const char *key, struct near *n);
/* NULL: the kind has that level. */
struct error *drill_check_level(const struct session *s, const struct drill_kind *k,
                                long level);
#define DRILL_LEVEL "level 단계 레벨" /* before the number, or behind it */
/* *out: the lesson's text, the caller's. past: an array of what was drawn last,
 * [{"drawn": "3 5 -2", "value": 9}], this one is added; NULL: nothing is known. An
 * error: stopped, no memory, or a kind that finds no numbers, which is a bug. */
struct error *exercise_make(struct session *s, const struct drill_kind *k, int level,
                            struct dice *dice, cJSON *past, char **out);

#endif
