#include "base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct error *error_new(const char *key, ...) {
    struct error *e = mem_alloc(1, sizeof *e);
    e->key = key;
    va_list args;
    va_start(args, key);
    for (const char *name; (name = va_arg(args, const char *));) {
        const char *value = va_arg(args, const char *);
        assert(e->count < ERROR_ARGS);
        e->names[e->count] = name;
        e->values[e->count++] = mem_copy(value ? value : "");
    }
    va_end(args);
    return e;
}

struct error *error_at(struct error *e, struct place at) {
    if (e && !e->at.line) e->at = at;
    return e;
}

const char *error_value(const struct error *e, const char *name) {
    for (size_t i = 0; i < e->count; i++) {
        if (strcmp(e->names[i], name) == 0) return e->values[i];
    }
    return NULL;
}

bool error_is_stop(const struct error *e) {
    return e && strncmp(e->key, "stopped", strlen("stopped")) == 0;
}

void error_free(struct error *e) {
    if (!e) return;
    for (size_t i = 0; i < e->count; i++) free(e->values[i]);
    free(e->file);
    free(e->line);
    free(e);
}
