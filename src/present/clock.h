/* clock: the time of a talk: real, or, where nobody looks on, one that only moves when
 * it is waited for, so that a talk of twenty minutes is over at once and the same each
 * time.
 *
 *     struct talk_clock c = {.stands = true};
 *     clock_wait(&c, 0.07);
 *     clock_now(&c);   // 0.07
 */
#ifndef PRESENT_CLOCK_H
#define PRESENT_CLOCK_H

#include <stdbool.h>

struct talk_clock {
    bool stands; /* it moves only when it is waited for */
    double at;   /* then; else when it began */
};

void clock_begin(struct talk_clock *c);
double clock_now(const struct talk_clock *c); /* seconds since */
/* Until then, or until Ctrl-C. */
void clock_wait(struct talk_clock *c, double seconds);

#endif
