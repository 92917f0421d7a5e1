/* map: from a string to a number (an index into somebody's array). Open addressing.
 * Keys are borrowed and must outlive the map.
 *
 *     struct map m = {0};
 *     map_set(&m, "w", 0);
 *     map_get(&m, "w");        // 0; -1 where absent
 *     map_free(&m);
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

struct map {
    struct map_entry *entries;
    size_t count, cap;
};

void map_set(struct map *m, const char *key, int value);
int map_get(const struct map *m, const char *key);
uint64_t map_hash(const char *key); /* FNV-1a; also seeds the dice of a name */
void map_free(struct map *m);

#endif
