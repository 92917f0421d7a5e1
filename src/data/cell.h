/* cell: what a cell of a table says: a number as people write it, a gap, or a text.
 *
 *     struct cell c = {"$51,360,454", 11, false};
 *     double v;
 *     unsigned signs = 0;
 *     cell_number(c, '.', &v, &signs);      // true: 51360454, CELL_MONEY | CELL_GROUPS
 */
#ifndef DATA_CELL_H
#define DATA_CELL_H

#include <stdbool.h>
#include <stddef.h>

struct cell {
    const char *at; /* borrowed from the table */
    size_t n;
    bool doubled; /* each quote in it stands there twice */
};

/* What was passed over in a number; CELL_ROUND: it is below 0 as accounts write that,
 * (300) or 300-; CELL_SCALED: 3만, 1.5 million, multiplied out. */
enum {
    CELL_GROUPS = 1,
    CELL_MONEY = 2,
    CELL_PERCENT = 4,
    CELL_COMMA = 8,
    CELL_ROUND = 16,
    CELL_SCALED = 32,
    CELL_COINS = 64 /* from here on: whose money, counted from 1 */
};

/* A finite number in decimal: 3, -2.5, .5, 1e-3, 51,360,454, $200, 12.5% (12.5). point:
 * what parts its decimals, '.' or ','; thousands are parted by the other one, by blanks
 * or by '. */
bool cell_number(struct cell c, char point, double *out, unsigned *signs);
/* The same of 12 kg, 3월, 20 years, which have a unit; of no unit, unit->n is 0. */
bool cell_measure(struct cell c, char point, double *out, unsigned *signs,
                  struct cell *unit);
/* What people write where a value is missing: nothing, -, ?, NA, n/a, NaN, null … */
bool cell_gap(struct cell c);
char *cell_text(struct cell c); /* the caller frees it */
bool cell_same(struct cell a, struct cell b);

#endif
