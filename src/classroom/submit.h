/* submit: `learn submit`: what a student hands in, shown to them first and then written
 * where they stand. The file is all there is: nothing is sent anywhere. Who they are is
 * asked once and kept (base/keep.h).
 *
 *     struct submit_order o = {.words = words, .n_words = 1, .program = "0.1"};
 *     int status = submit(s, &o);    // 0: written; 1: not; 2: wrong usage
 */
#ifndef CLASSROOM_SUBMIT_H
#define CLASSROOM_SUBMIT_H

#include "board/session.h"

struct submit_order {
    char *const *words; /* lessons' numbers or paths, or "all"; none: the last one */
    int n_words;
    const char *id, *name, *to; /* what was given of these, or NULL; to: the file */
    bool yes;                   /* nothing is asked */
    const char *program;        /* its version */
};

int submit(struct session *s, const struct submit_order *o);

#endif
