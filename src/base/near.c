#include "base/near.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

/* So many edits are still taken for a slip; of a syllable's letters, two in three
 * syllables or more. */
static int slip_most(const char *word) {
    size_t letters = utf8_count(word, strlen(word));
    int most = letters > 7 ? 3 : letters > 4 ? 2 : letters > 1;
    return letters > 2 && utf8_has_hangul(word) ? 2 * most : most;
}

static void try_slice(struct near *n, const char *known, size_t length) {
    char *word = mem_copy_n(known, length);
    int edits = utf8_distance(n->word, word);
    bool slip = edits <= slip_most(n->word) || strcasecmp(n->word, word) == 0;
    if (edits && slip && (!n->best || edits < n->edits)) {
        n->best = known;
        n->length = length;
        n->edits = edits;
    }
    free(word);
}

void near_try(struct near *n, const char *known) {
    if (known) try_slice(n, known, strlen(known));
}

void near_try_list(struct near *n, const char *list) {
    while (*list) {
        const char *end = strstr(list, ", ");
        size_t length = end ? (size_t)(end - list) : strlen(list);
        try_slice(n, list, length);
        list += length + (end ? 2 : 0);
    }
}

void near_meant(struct near *n, const char *what) {
    n->best = what;
    n->length = strlen(what);
}

struct error *near_tell(const struct near *n, struct error *e) {
    if (!n->best || error_value(e, "near")) return e;
    assert(e->count < ERROR_ARGS);
    e->names[e->count] = "near";
    e->values[e->count++] = mem_copy_n(n->best, n->length);
    return e;
}
