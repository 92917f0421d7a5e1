#include "base/memory_left.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/units.h"

#define ALWAYS_FINE ((double)(64 << 20))

/* The number after `label` in a file, or infinity. */
static double number_in(const char *path, const char *label) {
    char text[4096];
    FILE *f = fopen(path, "re");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f) fclose(f);
    text[n] = '\0';
    const char *at = strstr(text, label);
    double v;
    return at && sscanf(at + strlen(label), "%lf", &v) == 1 ? v : INFINITY;
}

static double bytes_left(void) {
    double left = 1024 * number_in("/proc/meminfo", "MemAvailable:");
    double group = number_in("/sys/fs/cgroup/memory.max", "") -
                   number_in("/sys/fs/cgroup/memory.current", "");
    struct rlimit own;
    if (group < left) left = group; /* not a number where there is no such limit */
    if (getrlimit(RLIMIT_AS, &own) == 0 && own.rlim_cur != RLIM_INFINITY) {
        double used = number_in("/proc/self/statm", "") * (double)sysconf(_SC_PAGESIZE);
        left = fmin(left, (double)own.rlim_cur - used);
    }
    return fmax(left, 0);
}

struct error *memory_left_for(double bytes) {
    char wants[UNITS_SIZE], has[UNITS_SIZE];
    double left = bytes < ALWAYS_FINE ? INFINITY : bytes_left();
    if (bytes <= left) return NULL;
    return error_new("memory-short", "memory", units_bytes(wants, bytes), "has",
                     units_bytes(has, left), NULL);
}
