#include "engine/room.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define ALWAYS_FINE ((double)(64 << 20))

/* The number after `label` in a file, or infinity. */
static double number_in(const char *path, const char *label) {
    char text[4096];
    FILE *f = fopen(path, "r");
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

static void print_bytes(char *to, size_t n, double bytes) { /* 7.3 GiB */
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB",
                                        "TiB",   "PiB", "EiB"};
    size_t u = 0;
    while (bytes >= 1024 && u + 1 < sizeof units / sizeof *units) bytes /= 1024, u++;
    snprintf(to, n, bytes < 10 ? "%.1f %s" : "%.0f %s", bytes, units[u]);
}

struct error *room_for_bytes(double bytes) {
    char wants[40], has[40];
    double left = bytes < ALWAYS_FINE ? INFINITY : bytes_left();
    if (bytes <= left) return NULL;
    print_bytes(wants, sizeof wants, bytes);
    print_bytes(has, sizeof has, left);
    return error_new("memory-short", "memory", wants, "has", has, NULL);
}
