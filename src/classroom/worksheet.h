/* worksheet: `learn worksheet backward, sizes count 8`: exercises on A4, drawn as
 * drills are, and a key in another file: a sheet never holds an answer. The same seed
 * draws the same numbers; with a list of names there is a page a student, each with
 * numbers of their own, whatever the order of the list.
 *
 *     struct worksheet_order o = {.words = words, .n_words = 2, .langs = 1u};
 *     int status = worksheet(s, &o);
 */
#ifndef CLASSROOM_WORKSHEET_H
#define CLASSROOM_WORKSHEET_H

#include "board/session.h"

struct worksheet_order {
    char *const *words; /* kinds and clauses, as they were typed */
    int n_words;
    const char *to; /* -o's file, or NULL */
    unsigned langs; /* 1 << TEXT_EN … */
    bool answers;   /* the key alone */
};

/* The exit status; 2: it was asked for wrongly. */
int worksheet(struct session *s, const struct worksheet_order *o);

#endif
