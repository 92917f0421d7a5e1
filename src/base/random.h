/* random: seeded dice, one stream for each (seed, name, draw), so that adding a
 * parameter never changes another's numbers. Generator: splitmix64 (Steele, Lea, Flood
 * 2014).
 *
 *     struct dice d = dice_for(777, "w", 0);
 *     double z = dice_normal(&d);
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

struct dice dice_for(uint64_t seed, const char *name, uint64_t draw);
uint64_t dice_bits(struct dice *d);
double dice_uniform(struct dice *d); /* in [0, 1), 53 bits */
double dice_normal(struct dice *d);  /* mean 0, deviation 1 (Box and Muller 1958) */
/* A seed that is another each time: of the clock and the process. */
uint64_t dice_throw(void);
/* Fills order with 0 … n − 1, shuffled (Fisher and Yates). */
void dice_shuffle(struct dice *d, size_t *order, size_t n);

#endif
