/* notes: what was done with a table, for a person to hear: a line each, with counts.
 */
#ifndef DATA_NOTES_H
#define DATA_NOTES_H

#include "data/chosen.h"

/* How it was read: its letters, what parts its cells, the names of its columns. */
void notes_of_file(struct dataset *d, const struct chosen *k);
/* Of rows and cells: gaps, signs around numbers, texts that became numbers. */
void notes_of_rows(struct dataset *d, const struct chosen *k);
/* Of what was asked for: shuffled, scaled; or that scaling would help. */
void notes_of_order(struct dataset *d, const struct chosen *k,
                    const struct data_order *how);

#endif
