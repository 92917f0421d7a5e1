#include "present/deck.h"

#include <stdlib.h>
#include <string.h>

void deck_close(struct deck *d) {
    d->kind->close(d);
    free(d->steps);
    *d = (struct deck){0};
}

int deck_acts(const struct deck_step *step) {
    return step->shows + 2 * step->lines + step->reveals;
}

enum act deck_act(const struct deck_step *step, int act, int *line) {
    *line = (act - step->shows) / 2;
    if (act < step->shows) return ACT_SHOW;
    if (*line >= step->lines) return ACT_REVEAL;
    return (act - step->shows) % 2 ? ACT_RUN : ACT_TYPE;
}

int deck_find(const struct deck *d, const char *word) {
    char *end;
    long number = strtol(word, &end, 10);
    for (int i = 0; i < d->n; i++) {
        bool is = *word && !*end ? d->steps[i].number == number
                                 : strcmp(d->steps[i].name, word) == 0;
        if (is) return i;
    }
    return -1;
}

int deck_page(const struct deck *d, int i) {
    while (i > 0 && !d->steps[i].page) i--;
    return i;
}
