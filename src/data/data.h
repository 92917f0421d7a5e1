/* data: data sets: rows of inputs x with their answers y, a part to learn from and a
 * part to test with. THE TABLE is in datasets.c. To add one: a row; a loader only if
 * its format is new.
 *
 *     struct data_order how = {.seed = 1, .test = -1, .home = home};
 *     struct dataset d;
 *     struct error *e = data_load(&d, "digits", &how);   // x [1438, 1, 8, 8]
 *     data_close(&d);                                    // after an error too
 */
#ifndef DATA_DATA_H
#define DATA_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/random.h"
#include "data/packed.h"
#include "engine/tensor.h"

/* What a person should hear of a set: rows left out, columns scaled. Like an error a
 * key and named values, so that whoever asked for the set says it in the language of
 * the moment. */
enum { NOTE_VALUES = 4 };
struct data_note {
    const char *key;                /* a literal */
    const char *names[NOTE_VALUES]; /* literals; NULL: no more */
    char *values[NOTE_VALUES];      /* owned */
};

struct dataset {
    const char *name;               /* its row's; NULL: a table of one's own */
    struct tensor *x, *y;           /* owned; rows first */
    struct tensor *x_test, *y_test; /* or NULL */
    /* instead of x and x_test: from IDX files, and large tables */
    struct packed *packed, *packed_test;
    struct tensor *mean, *deviation; /* owned: what x was scaled by, or NULL */
    struct tensor *letters;  /* owned: of a text, the codes of its letters; or NULL */
    size_t classes;          /* y's, as it was said; 0: it was not */
    struct data_note *notes; /* owned; also of a set that could not be read */
    size_t n_notes;
};

struct data_order {
    uint64_t seed; /* what is drawn or shuffled */
    /* share of the rows set aside for testing; negative: as is usual */
    double test;
    const char *home;   /* the program's folder, with data/ in it */
    const char *beside; /* a file stands in this folder itself: a lesson's; or NULL */
    bool scaled;        /* x: mean 0, deviation 1 by the part to learn from */
    bool classes;       /* the values of y, whatever they are, are classes */
    size_t window;      /* rows of a series that lie side by side in x; 0: it is none */
};

/* One point of a cloud: of a class, `along` its shape from 0 to 1, by the dice. */
typedef void data_point(int class, double along, struct dice *d, double p[2]);

/* One data set, whole: what it is, and what its loader needs to know of it. */
struct data_row {
    const char *name; /* its sentence is data.NAME */
    struct error *(*load)(struct dataset *d, const struct data_row *row,
                          const struct data_order *how);
    /* As the sentence says and a test checks: all rows, or, where there is a part to
     * test with, those to learn from; a row's shape. */
    size_t rows, test_rows;
    struct shape x;
    size_t classes;
    /* under data/: a table, or the IDX files' beginnings */
    const char *file, *test_file;
    const char *missing; /* IDX files: the error where they are not there */
    double white;        /* pictures: what white is */
    const char *answer;  /* a table: the column of y; NULL: the last */
    const char *leave;   /* and those that are no inputs, a comma between */
    bool truth[4];       /* a gate, of 00, 01, 10, 11 */
    data_point *point;   /* a cloud */
};

const struct data_row *data_at(size_t i); /* NULL after the last */
struct error *data_load(struct dataset *d, const char *name,
                        const struct data_order *how);
void data_close(struct dataset *d);

/* A person's own table. x, y: columns by number from 1, from and to, or by name; x may
 * have all that y has not. */
struct data_column {
    const char *name; /* or NULL */
    size_t from, to;
    bool rest;
};
struct data_columns {
    const struct data_column *at;
    size_t n;
};
struct error *data_load_csv(struct dataset *d, const char *path,
                            const struct data_columns *x, const struct data_columns *y,
                            const struct data_order *how);

/* A text: how->window letters a row, the next one its answer. */
struct error *data_load_text(struct dataset *d, const char *path,
                             const struct data_order *how);
/* The number of a letter; letters->size where it is none of them. */
size_t data_letter(const struct tensor *letters, uint32_t code);
/* Codes of letters, each larger than the one before? A person may have typed them. */
bool data_are_letters(const struct tensor *t);
/* As a page shows it: ⏎ for a line end, ␣ for a blank. */
void data_show_letter(struct buf *to, uint32_t code);

/* Tensors of one's own: takes x and y over, cuts them in two and scales them. */
void data_take(struct dataset *d, struct tensor *x, struct tensor *y,
               const struct data_order *how);

/* The rule that says whether y is classes: one column of exactly the numbers 0 … k − 1,
 * all of them there, k ≤ 20 (of 0 and 1 one is enough: nobody measures what is always
 * the same), in both parts together (test: or NULL). k, or 0: it is measures. */
size_t data_classes(const struct tensor *y, const struct tensor *test);

/* ---- shared by the loaders ---- */

/* Pairs of name and value as in error_new, ended by NULL. */
void data_note(struct dataset *d, const char *key, ...) __attribute__((sentinel));

/* Takes x and y over; where a share of their rows is set aside, they are shuffled by
 * seed before. */
void data_split(struct dataset *d, struct tensor *x, struct tensor *y, double share,
                uint64_t seed);
size_t data_share(size_t rows, double share);      /* how many; not all of them */
size_t *data_shuffled(size_t rows, uint64_t seed); /* the rows shuffled; the caller's */
/* Says so, where it was asked for. */
void data_note_shuffled(struct dataset *d, const struct data_order *how);
/* Scales x and x_test, in whatever form, by the columns of x. */
void data_scale(struct dataset *d);

#endif
