#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct map_entry {
    const char *key;
    int value;
};

uint64_t map_hash(const char *key) {
    uint64_t h = 14695981039346656037u;
    for (; *key; key++) h = (h ^ (unsigned char)*key) * 1099511628211u;
    return h;
}

static struct map_entry *find(const struct map *m, const char *key) {
    size_t i = (size_t)map_hash(key) & (m->cap - 1);
    while (m->entries[i].key && strcmp(m->entries[i].key, key) != 0) {
        i = (i + 1) & (m->cap - 1);
    }
    return &m->entries[i];
}

int map_get(const struct map *m, const char *key) {
    if (!m->cap) return -1;
    const struct map_entry *e = find(m, key);
    return e->key ? e->value : -1;
}

void map_set(struct map *m, const char *key, int value) {
    if (2 * (m->count + 1) > m->cap) {
        struct map old = *m;
        m->cap = old.cap ? old.cap * 2 : 16;
        m->entries = mem_alloc(m->cap, sizeof *m->entries);
        for (size_t i = 0; i < old.cap; i++) {
            if (old.entries[i].key) *find(m, old.entries[i].key) = old.entries[i];
        }
        free(old.entries);
    }
    struct map_entry *e = find(m, key);
    if (!e->key) m->count++;
    *e = (struct map_entry){key, value};
}

void map_free(struct map *m) {
    free(m->entries);
    *m = (struct map){0};
}
