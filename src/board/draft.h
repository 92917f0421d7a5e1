/* draft: definitions that are worked out and not yet on the board: the names of a line
 * with the parameters of their layers. names_set puts them there all at once; on an
 * error they are dropped, and the board is as it was.
 *
 *     struct draft d = {0};
 *     draft_add(&d, "w", def);          // takes def
 *     names_set(board, &d, &broken);    // unless something fails
 *     draft_drop(&d);
 */
#ifndef BOARD_DRAFT_H
#define BOARD_DRAFT_H

#include "board/board.h"

struct drafted {
    char *name;
    struct def *def; /* NULL: the name goes away */
    bool part;     /* of another one: a layer's weights. It has no answer of its own */
    char *element; /* owned: which was set of a large one, "Q[6, 1]"; or NULL */
    double was, is;
};

struct draft {
    struct drafted *at;
    size_t n;
};

/* Takes def. A name may be there already: the last one counts. */
struct drafted *draft_add(struct draft *d, const char *name, struct def *def);
/* What the name is about to be, or NULL where it is not in the draft (which may be
 * NULL). */
const struct def *draft_find(const struct draft *d, const char *name);
void draft_drop(struct draft *d);

#endif
