#include "base/keep.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/places.h"

char *keep_read(const char *name) {
    char *path = places_state(name), *data = NULL;
    size_t n;
    if (path) error_free(file_read(path, 4096, &data, &n));
    free(path);
    if (data) data[strcspn(data, "\n")] = '\0';
    return data;
}

struct error *keep_write(const char *name, const char *line) {
    char *path = places_state(name);
    if (!path) return error_new("no-home", NULL);
    struct error *e = file_write(path, line, strlen(line));
    free(path);
    return e;
}
