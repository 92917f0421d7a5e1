/* typist: a line as somebody types it: letter by letter, Hangul as a Korean keyboard
 * makes it (ㅇ, 오, 옹), at the pace of hands, which is the same in each talk.
 *
 *     struct typist t = typist_new(3);
 *     t.line = "step E rate 0.1";
 *     struct buf shown = {0};
 *     int back;                            // columns to go back over first
 *     for (double wait; (wait = typist_next(&t, &shown, &back)) >= 0;) …
 */
#ifndef PRESENT_TYPIST_H
#define PRESENT_TYPIST_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/random.h"

enum { TYPIST_SLOWEST = 1, TYPIST_USUAL = 3, TYPIST_FASTEST = 5 };

struct typist {
    const char *line; /* what is still to be typed */
    int speed;        /* 1 to 5 */
    struct dice dice;
    int half;      /* how much of a syllable is there: 0, its lead, with its vowel */
    int over;      /* columns of what is half there */
    bool begun;    /* the hands are on the keys */
    bool thinking; /* after a space or a = */
};

struct typist typist_new(int speed);
void typist_take(struct typist *t, const char *line);
/* What is to be written next (shown is set to it), how many columns it takes the place
 * of, and how many seconds before. Less than 0: the line is whole. */
double typist_next(struct typist *t, struct buf *shown, int *back);

#endif
