#include "base/places.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"

/* ---- the program's own ---- */

static bool has_lessons(const char *home) {
    struct buf b = {0};
    buf_printf(&b, "%s/lessons", home);
    bool has = access(buf_text(&b), R_OK) == 0;
    buf_free(&b);
    return has;
}

/* The folder that the program itself stands in; NULL: nobody says. */
static char *folder_of_program(void) {
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0) return NULL;
    path[n] = '\0';
    *strrchr(path, '/') = '\0';
    return mem_copy(path);
}

char *places_home(void) {
    const char *given = getenv("LEARN_HOME");
    if (given && *given) return mem_copy(given);
    char *folder = folder_of_program();
    if (!folder) return mem_copy(".");
    if (has_lessons(folder)) return folder;
    struct buf b = {0};
    buf_printf(&b, "%s/../share/learn", folder);
    free(folder);
    return buf_take(&b);
}

char *places_bring(const char *name) {
    char *folder = folder_of_program();
    struct buf b = {0};
    if (folder) buf_printf(&b, "%s/gnuplot/%s", folder, name);
    free(folder);
    if (b.len && access(buf_text(&b), X_OK) == 0) return buf_take(&b);
    buf_free(&b);
    return mem_copy(name);
}

/* ---- a person's ---- */

/* Every folder on the way; mkdir says itself where one is there already. */
static void make_folders(const char *path) {
    struct buf b = {0};
    for (const char *p = path; (p = strchr(p + 1, '/'));) {
        buf_clear(&b);
        buf_add_n(&b, path, (size_t)(p - path));
        mkdir(buf_text(&b), 0700);
    }
    buf_free(&b);
}

char *places_state(const char *name) {
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    struct buf b = {0};
    if (state && *state == '/') {
        buf_printf(&b, "%s/learn/%s", state, name);
    } else if (home && *home == '/') {
        buf_printf(&b, "%s/.local/state/learn/%s", home, name);
    } else {
        return NULL;
    }
    make_folders(buf_text(&b));
    return buf_take(&b);
}
