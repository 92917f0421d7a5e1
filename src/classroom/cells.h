/* cells: a table as spreadsheets read it: RFC 4180, UTF-8 with a mark (without it Excel
 * in Korea reads CP949), CR LF. A text that a spreadsheet would take for a formula gets
 * a ' before it.
 *
 *     struct cells c = {0};
 *     cells_begin(&c);
 *     cells_text(&c, "=1+1"), cells_number(&c, 9.5), cells_end_row(&c);
 *     file_write(path, buf_text(&c.text), c.text.len);
 *     buf_free(&c.text);
 */
#ifndef CLASSROOM_CELLS_H
#define CLASSROOM_CELLS_H

#include <stdbool.h>

#include "base/buf.h"

struct cells {
    struct buf text;
    bool inside; /* a row has begun */
};

void cells_begin(struct cells *c);
void cells_text(struct cells *c, const char *s); /* in quotes, on one line */
void cells_number(struct cells *c, double v);
void cells_empty(struct cells *c);
void cells_end_row(struct cells *c);

#endif
