/* loaders: the functions of the rows in datasets.c, by family. */
#ifndef DATA_LOADERS_H
#define DATA_LOADERS_H

#include "data/data.h"

struct error *made_gate(struct dataset *d, const struct data_row *row,
                        const struct data_order *how); /* or, and, xor */
struct error *made_cloud(struct dataset *d, const struct data_row *row,
                         const struct data_order *how);
data_point made_circle, made_moons, made_gauss, made_spiral;
struct error *table_load(struct dataset *d, const struct data_row *row,
                         const struct data_order *how); /* a shipped CSV */
struct error *pictures_load(struct dataset *d, const struct data_row *row,
                            const struct data_order *how); /* digits, 8×8 or enlarged */
struct error *idx_load(struct dataset *d, const struct data_row *row,
                       const struct data_order *how); /* four IDX files */

/* x and y, rows of a series in their order, become windows, each with the row behind it
 * as its answer, and their last share the part to test with. breaks: rows before which
 * some were left out, which no window holds together. */
struct error *data_windows(struct dataset *d, const size_t *breaks, size_t n_breaks,
                           const struct data_order *how);

#endif
