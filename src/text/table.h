/* table: rows of cells that line up on the terminal (display width), columns of numbers
 * to the right.
 *
 *     struct out_table *t = table_new(2);
 *     table_cell(t, "w", OUT_PARAM), table_cell(t, "3", OUT_PLAIN);
 *     table_print(o, t, 0);
 *     table_free(t);
 */
#ifndef TEXT_TABLE_H
#define TEXT_TABLE_H

#include "text/out.h"

struct out_table;
struct out_table *table_new(int columns);
void table_cell(struct out_table *t, const char *s, enum out_colour c); /* copied */
int table_width(const struct out_table *t); /* columns of the terminal */
/* What is in it, for other renderings: cells row by row, and whether a column is of
 * numbers under so many rows of heads. */
size_t table_rows(const struct out_table *t);
size_t table_columns(const struct out_table *t);
const char *table_text(const struct out_table *t, size_t row, size_t column);
bool table_is_numeric(const struct out_table *t, size_t column, size_t header_rows);
void table_print(struct out *o, const struct out_table *t, int header_rows);

/* Printed cell by cell as it comes, in columns of widths that are known before: what
 * does not fit the screen goes on under the second one. */
void table_put(struct out *o, struct out_table *t, const char *s, enum out_colour c,
               int width);
void table_end_row(struct out *o, struct out_table *t);
void table_end(struct out *o, const struct out_table *t, int header_rows);

void table_free(struct out_table *t);

#endif
