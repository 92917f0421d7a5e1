#include "shell/keep.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"

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

char *keep_path(const char *name) {
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

char *keep_read(const char *name) {
    char *path = keep_path(name), *data = NULL;
    size_t n;
    if (path) error_free(file_read(path, 4096, &data, &n));
    free(path);
    if (data) data[strcspn(data, "\n")] = '\0';
    return data;
}

bool keep_write(const char *name, const char *line) {
    char *path = keep_path(name);
    struct error *e = path ? file_write(path, line, strlen(line)) : NULL;
    bool fine = path && !e;
    error_free(e);
    free(path);
    return fine;
}
