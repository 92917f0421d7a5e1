/* draw: a number of one's own, as a step of a lesson says which it may be: whole ones,
 * or those a step apart, without some.
 *
 *     struct draw d;
 *     if (draw_read("param w = -3..3 not 0, 1", &d)) x = draw_roll(&d, &dice);
 *     draw_free(&d);
 *
 * `x = 2..5`, `param b = -1..1 by 0.5 not 0`. param: learning changes it.
 */
#ifndef LESSON_DRAW_H
#define LESSON_DRAW_H

#include <stdbool.h>

#include "base/random.h"

enum { DRAW_NOT = 8, DRAW_CHOICES = 1000 };

struct draw {
    char *name; /* owned */
    bool param;
    double from, by, not_[DRAW_NOT];
    int n_not, n; /* n: how many there are, those that are none among them */
};

/* False where it can't be read, or leaves nothing; *d owns nothing then. */
bool draw_read(const char *text, struct draw *d);
void draw_free(struct draw *d);
double draw_roll(const struct draw *d, struct dice *dice);
/* Can it be written down in four figures, and is it 0 or no less than `least`? */
bool draw_is_short(double v, double least);

#endif
