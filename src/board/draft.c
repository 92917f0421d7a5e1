#include "board/draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct drafted *draft_add(struct draft *d, const char *name, struct def *def) {
    d->at = mem_grow(d->at, d->n + 1, sizeof *d->at);
    d->at[d->n] = (struct drafted){.name = mem_copy(name), .def = def};
    return &d->at[d->n++];
}

const struct def *draft_find(const struct draft *d, const char *name) {
    for (size_t i = d ? d->n : 0; i-- > 0;) {
        if (strcmp(d->at[i].name, name) == 0) return d->at[i].def;
    }
    return NULL;
}

void draft_drop(struct draft *d) {
    for (size_t i = 0; i < d->n; i++) {
        def_unref(d->at[i].def);
        free(d->at[i].name);
        free(d->at[i].element);
    }
    free(d->at);
    *d = (struct draft){0};
}
