#include "base/clock.h"

#include <stdlib.h>
#include <time.h>

static double read_clock(clockid_t which) {
    struct timespec now;
    clock_gettime(which, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double clock_seconds(void) { return read_clock(CLOCK_MONOTONIC); }
double clock_wall(void) { return read_clock(CLOCK_REALTIME); }

long clock_day(void) {
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    time_t now = fixed && *fixed ? (time_t)strtoll(fixed, NULL, 10) : time(NULL);
    struct tm here = {0};
    localtime_r(&now, &here);
    return (long)((now + here.tm_gmtoff) / 86400);
}
