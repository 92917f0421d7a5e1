/* csv: tables as people keep them: with a header or not, quotes, commas or semicolons
 * or tabs, UTF-8, CP949 or UTF-16 with its mark, plain or .gz.
 *
 *     struct csv t;
 *     struct error *e = csv_open(&t, "marks.csv");
 *     t.cells[r * t.columns + c], t.lines[r]
 *     csv_close(&t);
 */
#ifndef DATA_CSV_H
#define DATA_CSV_H

#include <stdbool.h>
#include <zlib.h>

#include "base/error.h"

struct csv {
    char *text;    /* owned; the cells lie in it */
    char **cells;  /* row by row; "" is a gap */
    char **names;  /* of the columns, where there is a header; else NULL */
    size_t *lines; /* each row's line in the file, from 1 */
    size_t rows, columns;
    const char *charset; /* NULL: UTF-8; else what it was read as */
};

/* A row with another number of cells than the first is refused with its line. */
struct error *csv_open(struct csv *t, const char *path);
/* One that stands in a folder itself: file_open_beside; folder NULL: any. */
struct error *csv_open_in(struct csv *t, const char *folder, const char *path);
/* The same from a text. */
struct error *csv_read(struct csv *t, const char *text, const char *path);
void csv_close(struct csv *t);
/* A finite number in decimal: 3, -2.5, .5, 1e-3. */
bool csv_number(const char *cell, double *out);
/* What people write where a value is missing: nothing, -, ?, NA, n/a, NaN, null … */
bool csv_gap(const char *cell);

/* A file to be read, plain or .gz: not a folder, a device or a pipe. */
struct error *csv_open_file(const char *path, gzFile *out);

#endif
