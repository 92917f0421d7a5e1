/* near: the word nearest to one that means nothing, of all that could have been meant:
 * for "did you mean". A slip is one edit in a short word, two or three in a longer one;
 * of a single letter only its case can be one. What it finds points into what it was
 * given.
 *
 *     struct near n = {.word = "desend"};
 *     near_try(&n, "descend");                  // and the other commands
 *     near_try_list(&n, "rate, steps, every");
 *     e = near_tell(&n, e);                     // e says "near", where there is one
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/error.h"

struct near {
    const char *word;
    const char *best; /* not ended by a zero byte; NULL where nothing is near */
    size_t length;    /* its bytes */
    int edits;
};

void near_try(struct near *n, const char *known);     /* NULL is none */
void near_try_list(struct near *n, const char *list); /* ", " between the words */
void near_meant(struct near *n, const char *what);    /* it is known to be this */
/* e, with "near" in it where there is one and e has none yet. */
struct error *near_tell(const struct near *n, struct error *e);

#endif
