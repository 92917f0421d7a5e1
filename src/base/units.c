#include "base/units.h"

#include <math.h>
#include <stdio.h>

/* v in the largest of units that leaves at least 1, each `step` times the one
 * before. */
static char *scale(char to[UNITS_SIZE], double v, double step,
                   const char *const *units) {
    while (v >= step && units[1]) v /= step, units++;
    int decimals = v == floor(v) || v >= 100 ? 0 : v < 10 ? 2 : 1;
    snprintf(to, UNITS_SIZE, "%.*f %s", decimals, v, *units);
    return to;
}

char *units_bytes(char to[UNITS_SIZE], double bytes) {
    static const char *const units[] = {"B",   "KiB", "MiB", "GiB",
                                        "TiB", "PiB", "EiB", NULL};
    return scale(to, bytes, 1024, units);
}

char *units_time(char to[UNITS_SIZE], double seconds) {
    double whole = seconds > 0 ? floor(fmin(seconds, 1e15)) : 0;
    snprintf(to, UNITS_SIZE, "%.0f:%02.0f", floor(whole / 60), fmod(whole, 60));
    return to;
}

char *units_large(char to[UNITS_SIZE], double v) {
    static const char *const units[] = {"M", "G", "T", NULL};
    return scale(to, v / 1e6, 1000, units);
}
