/* data: data sets: rows of inputs x with their answers y, a part to learn from and a
 * part to test with. THE TABLE is in datasets.c. To add one: a row; a loader only if
 * its format is new.
 *
 *     struct data_order how = {.seed = 1, .home = home, .out = out};
 *     struct dataset d;
 *     struct error *e = data_load(&d, "digits", &how);   // x [1438, 1, 8, 8]
 *     data_close(&d);
 */
#ifndef DATA_DATA_H
#define DATA_DATA_H

#include <stdint.h>

#include "data/packed.h"
#include "engine/tensor.h"
#include "text/out.h"

struct dataset {
    struct tensor *x, *y;           /* owned; rows first */
    struct tensor *x_test, *y_test; /* or NULL */
    /* instead of x and x_test: from IDX files */
    struct packed *pictures, *pictures_test;
    size_t classes; /* 0: y is a number, not a class */
};

struct data_order {
    uint64_t seed; /* what is drawn or shuffled */
    /* share of the rows set aside for testing; negative: as is usual */
    double test;
    const char *home; /* the program's folder, with data/ in it */
    struct out *out;  /* scaling and rows left out are said aloud */
};

struct data_row {
    const char *name; /* its sentence is data.NAME */
    struct error *(*load)(struct dataset *d, const struct data_row *row,
                          const struct data_order *how);
    const char *file, *more; /* under data/: the table; or the IDX files' beginnings */
    double scale;            /* pictures: what white is */
};

const struct data_row *data_at(size_t i); /* NULL after the last */
struct error *data_load(struct dataset *d, const char *name,
                        const struct data_order *how);
void data_close(struct dataset *d);

/* A person's own table. x, y: columns by number from 1, from and to, or by name, a line
 * each. */
struct data_columns {
    const char *names; /* or NULL */
    size_t from, to;
};
struct error *data_load_csv(struct dataset *d, const char *path,
                            const struct data_columns *x, const struct data_columns *y,
                            const struct data_order *how);

/* ---- shared by the loaders ---- */

/* Takes x and y over, shuffles their rows by seed and sets a share aside. */
void data_split(struct dataset *d, struct tensor *x, struct tensor *y, double share,
                uint64_t seed);

#endif
