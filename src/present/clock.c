#include "present/clock.h"

#include <time.h>

#include "base/clock.h"

void clock_begin(struct talk_clock *c) { c->at = c->stands ? 0 : clock_seconds(); }

double clock_now(const struct talk_clock *c) {
    return c->stands ? c->at : clock_seconds() - c->at;
}

void clock_wait(struct talk_clock *c, double seconds) {
    if (c->stands) {
        c->at += seconds;
    } else if (seconds > 0) {
        long whole = (long)seconds;
        nanosleep(&(struct timespec){whole, (long)((seconds - (double)whole) * 1e9)},
                  NULL);
    }
}
