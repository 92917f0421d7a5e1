#include "base/memory_system.h"

#include <malloc.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"

/* From here on a piece is given back to the system as soon as it is freed. */
#define LARGE ((double)(1 << 20))

/* ---- files of numbers ---- */

/* The number after `label` in a file, or infinity ("max", no such file). */
static double number_in(const char *path, const char *label) {
    char text[8192];
    FILE *f = fopen(path, "re");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f) fclose(f);
    text[n] = '\0';
    const char *at = strstr(text, label);
    double v;
    return at && sscanf(at + strlen(label), "%lf", &v) == 1 ? v : INFINITY;
}

static double number_at(const char *root, const char *folder, const char *file,
                        const char *label) {
    struct buf path = {0};
    buf_printf(&path, "%s%s/%s", root, folder, file);
    double v = number_in(buf_text(&path), label);
    buf_free(&path);
    return v;
}

/* ---- the machine and the groups this process is in ---- */

static const struct hierarchy {
    const char *line; /* of /proc/self/cgroup, up to the group's name */
    const char *folder, *most, *high, *used, *cached;
} hierarchies[] = {
    // clang-format off
    {"0::",      "/sys/fs/cgroup", "memory.max", "memory.high",
     "memory.current", "\ninactive_file "},
    {":memory:", "/sys/fs/cgroup/memory", "memory.limit_in_bytes",
     "memory.limit_in_bytes", "memory.usage_in_bytes", "\ntotal_inactive_file "},
    // clang-format on
};

/* The least that any group from `group` (which ends as it is cut) up to the root has
 * left. In a container the files of its own group may stand at the root. */
static double group_left(const char *root, const struct hierarchy *h, char *group) {
    double least = INFINITY;
    for (;;) {
        struct buf folder = {0};
        buf_printf(&folder, "%s%s", h->folder, group);
        const char *at = buf_text(&folder);
        double most =
            fmin(number_at(root, at, h->most, ""), number_at(root, at, h->high, ""));
        if (most < INFINITY) {
            double cached = number_at(root, at, "memory.stat", h->cached);
            double used = number_at(root, at, h->used, "");
            if (cached < used) used -= cached; /* of files: the system lets it go */
            if (used < INFINITY) least = fmin(least, most - used);
        }
        buf_free(&folder);
        char *slash = strrchr(group, '/');
        if (!slash) return least;
        *slash = '\0';
    }
}

double memory_system_under(const char *root) {
    double left = 1024 * number_at(root, "/proc", "meminfo", "MemAvailable:");
    if (number_at(root, "/proc/sys/vm", "overcommit_memory", "") == 2) {
        double most = number_at(root, "/proc", "meminfo", "CommitLimit:");
        double used = number_at(root, "/proc", "meminfo", "Committed_AS:");
        left = fmin(left, 1024 * (most - used)); /* nothing is promised beyond it */
    }
    char line[4096];
    struct buf path = {0};
    buf_printf(&path, "%s/proc/self/cgroup", root);
    FILE *f = fopen(buf_text(&path), "re");
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        for (size_t k = 0; k < sizeof hierarchies / sizeof *hierarchies; k++) {
            const struct hierarchy *h = &hierarchies[k];
            char *at = strstr(line, h->line);
            if (at) left = fmin(left, group_left(root, h, at + strlen(h->line)));
        }
    }
    if (f) fclose(f);
    buf_free(&path);
    return left;
}

/* ---- this process ---- */

static double under_limit(__rlimit_resource_t limit, double used) {
    struct rlimit own;
    bool none = getrlimit(limit, &own) != 0 || own.rlim_cur == RLIM_INFINITY;
    return none ? INFINITY : (double)own.rlim_cur - used;
}

/* What is freed goes back at once where it was large, as what is left is worked out. */
static void tell_malloc(void) {
    static bool told;
    if (told) return;
    told = true;
    mallopt(M_MMAP_THRESHOLD, (int)LARGE);
    mallopt(M_TRIM_THRESHOLD, 8 * (int)LARGE);
}

/* Small pieces also go where others were freed. */
double memory_system_left(double piece) {
    tell_malloc();
    double page = (double)sysconf(_SC_PAGESIZE);
    double size = 0, resident = 0, shared = 0, text, lib, data = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f && fscanf(f, "%lf %lf %lf %lf %lf %lf", &size, &resident, &shared, &text,
                    &lib, &data) != 6) {
        size = data = 0;
    }
    if (f) fclose(f);
    struct mallinfo2 heap = mallinfo2();
    double own = (double)heap.uordblks + (double)heap.hblkhd;
    double untouched = fmax(own - page * (resident - shared), 0);
    double holes = piece < LARGE ? (double)heap.fordblks : 0;
    double left = memory_system_under("") - untouched;
    left = fmin(left, under_limit(RLIMIT_AS, page * size) + holes);
    left = fmin(left, under_limit(RLIMIT_DATA, page * data) + holes);
    return left;
}

void memory_system_trim(void) { malloc_trim(0); }
