/* chosen: the columns of a table that a set is made of: what each holds (numbers as
 * written, texts), and the rows without gaps as numbers. The table is walked over twice
 * or three times and never held as cells.
 *
 *     struct chosen k;
 *     struct error *e = chosen_open(&k, NULL, "marks.csv");
 *     if (!e) e = chosen_choose(&k, &x, &y, how);
 *     if (!e) e = chosen_look(&k);                 // k.rows without a gap, k.at[i]
 *     struct csv_walk w = csv_rows(&k.t);
 *     real row[k.n];
 *     while (chosen_row(&k, &w, row, &e)) …        // k.rows times
 *     chosen_close(&k);
 */
#ifndef DATA_CHOSEN_H
#define DATA_CHOSEN_H

#include "base/map.h"
#include "data/csv.h"
#include "data/data.h"

enum { GAP_LINES = 5 }; /* that are named */

/* Numbers as one of the points has them. */
struct numbers {
    size_t n, groups,
        commas; /* with signs between thousands, a comma before decimals */
    double least, most;
};

struct column {
    size_t at; /* in the file, from 0 */
    bool text; /* more of its cells are text than numbers */
    char point;
    /* As long as nobody knows what its comma is: numbers that are the same both ways,
     * those that a point before the decimals reads in its way, and a comma. Then `is`
     * is all of them. */
    struct numbers same, of_point, of_comma, is;
    size_t both, texts;             /* numbers that each reads in its way; no numbers */
    size_t money, percents, rounds; /* numbers with such signs */
    size_t bare;                    /* of the rounds: (1), which may be a mark */
    size_t scaled;                  /* multiplied out */
    unsigned coin, coins;           /* the first one's money; how many are another's */
    size_t units;                   /* numbers with a unit */
    struct cell unit, other;        /* the first of them; another */
    bool of_unit;                   /* most have one, and all the same */
    bool exact;                     /* whole numbers over 10^places */
    int places;
    bool classes;   /* its values are numbered: of a text always */
    char **values;  /* owned: a text's */
    double *sorted; /* owned: a number's, the least first */
    size_t n_values;
    struct map place; /* of each text among them */
};

/* Whole numbers that need no second look: they lie close together, since most of a
 * large table is nothing else. */
struct whole {
    size_t n;
    int64_t least, most;
};

struct chosen {
    struct csv t;
    const char *path; /* borrowed */
    struct column *at;
    size_t n, *x, *y, n_x, n_y; /* x, y: which of them */
    int *which;                 /* of each of the file's columns; -1: it is not asked */
    struct whole *wholes;       /* of each chosen one, until they are settled */
    bool *plain;                /* of each: numbers with a point, and no classes */
    size_t rows, gaps, gap_lines[GAP_LINES], comments;
    size_t *breaks, n_breaks; /* rows, from 0, before which some were left out */
    struct cell *cells;       /* room for a row */
};

struct error *chosen_open(struct chosen *k, const char *folder, const char *path);
struct error *chosen_choose(struct chosen *k, const struct data_columns *x,
                            const struct data_columns *y, const struct data_order *how);
struct error *chosen_look(struct chosen *k);
/* The next row without a gap: a number for each of k->at, of classes which. False: no
 * more, or *e. */
bool chosen_row(struct chosen *k, struct csv_walk *w, real *row, struct error **e);
/* What it is called; text: room for its number where it has no name. */
const char *chosen_name(const struct chosen *k, size_t i, char text[24]);
void chosen_close(struct chosen *k);

#endif
