#include "base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

enum { NEAR = 200 }; /* characters kept on either side of a place */

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

/* Characters of a line, in bytes; fewer where it ends. */
static size_t part_of(const char *line, int characters) {
    size_t n = 0, len;
    while (characters-- > 0 && line[n] && line[n] != '\n' && line[n] != '\r') {
        utf8_decode(line + n, &len);
        n += len;
    }
    return n;
}

void error_set_line(struct error *e, const char *line) {
    e->cut = e->at.column > NEAR ? e->at.column - NEAR : 0;
    line += part_of(line, e->cut);
    free(e->line);
    e->line = mem_copy_n(line, part_of(line, 2 * NEAR));
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

bool error_is_short(const struct error *e) {
    return e && strcmp(e->key, "memory-short") == 0;
}

void error_free(struct error *e) {
    if (!e) return;
    for (size_t i = 0; i < e->count; i++) free(e->values[i]);
    free(e->file);
    free(e->line);
    free(e);
}
