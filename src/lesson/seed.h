/* seed: whose numbers are drawn: the person's own, thrown once and kept with the
 * progress, so that whoever goes on finds the same. LEARN_SEED, a whole number, sets
 * another.
 *
 *     struct dice d = dice_for(person_seed(s), "backward", 7);
 */
#ifndef LESSON_SEED_H
#define LESSON_SEED_H

#include <stdbool.h>
#include <stdint.h>

#include "board/session.h"

/* By LEARN_SEED, or `--seed N`. */
bool seed_is_set(uint64_t *seed);
uint64_t person_seed(struct session *s);

#endif
