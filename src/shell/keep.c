#include "shell/keep.h"

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

bool keep_write(const char *name, const char *line) {
    char *path = places_state(name);
    struct error *e = path ? file_write(path, line, strlen(line)) : NULL;
    bool fine = path && !e;
    error_free(e);
    free(path);
    return fine;
}
