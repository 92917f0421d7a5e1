/* roster: a list of students as a learning management system exported it, with scores
 * filled in. Students are found by whichever column holds their ids (e-mails without
 * case); a lesson's column is the one headed so, or a new one at the end. All else
 * stays as it is, byte for byte: quotes, ends of lines, the encoding.
 *
 *     struct roster r;
 *     struct error *e = roster_open("export.csv", &r);
 *     roster_match(&r, ids, n);                    // false: it has none of these
 *     int row = roster_row(&r, "20251234");        // -1: not on it
 *     roster_fill(&r, column, row, "9.5");         // column: roster_column(…)
 *     roster_write(&r, &b);
 *     roster_close(&r);
 */
#ifndef CLASSROOM_ROSTER_H
#define CLASSROOM_ROSTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

struct roster_cell {
    size_t from, to; /* its bytes, with its quotes; 0, 0: it is added */
    char *text;      /* owned: what it says, without them and spaces around */
    char *filled;    /* owned: what it is to be, or NULL: it stays */
};

struct roster_row {
    struct roster_cell *cells;
    size_t n, cap;
};

struct roster {
    char *text; /* owned: the file */
    size_t n;
    char separator;
    struct roster_row *rows; /* the first is the head */
    size_t n_rows, rows_cap;
    size_t columns, widest; /* cells of the head; of the longest row */
    size_t new_columns;     /* that are added behind it */
    size_t who;             /* the column of ids */
    bool without_case;      /* it holds e-mails */
};

struct error *roster_open(const char *path, struct roster *r);
/* The rows of a text, which r takes; false: a quote stays open. No list need it be. */
bool roster_read(char *text, size_t n, struct roster *r);
bool roster_match(struct roster *r, const char *const *ids, size_t n);
int roster_row(const struct roster *r, const char *id);
/* The next row behind `row` (0: the first) that is a student's, and whose; n_rows:
 * there is none. */
size_t roster_next(const struct roster *r, size_t row);
const char *roster_id(const struct roster *r, size_t row);
/* The column of a lesson: one whose head is among `heads` ("Lesson 3", or with (1234)
 * after it), else the only one that has one of them in it, else a new one with the
 * first as its head. */
size_t roster_column(struct roster *r, const char *const *heads, size_t n);
void roster_fill(struct roster *r, size_t column, size_t row, const char *score);
/* The row that says how many points there are, or 0. */
size_t roster_points_row(const struct roster *r);
void roster_write(const struct roster *r, struct buf *b);
void roster_close(struct roster *r);

#endif
