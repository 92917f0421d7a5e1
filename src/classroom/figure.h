/* figure: pictures on a page. gnuplot gives every SVG the same ids, a title of its own
 * and one font without another in its place; here a picture becomes part of a page that
 * may hold many.
 *
 *     figure_add(&b, &picture);     // <figure>, page-wide, with a caption
 *     figure_number(&page, buf_text(&b), &n);    // its ids are this page's own
 *
 * What figure_add writes has FIGURE_MARK where an id begins; the same picture is the
 * same text, wherever it will stand.
 */
#ifndef CLASSROOM_FIGURE_H
#define CLASSROOM_FIGURE_H

#include "base/buf.h"
#include "text/page.h"

void figure_add(struct buf *b, const struct out_picture *p);
/* Adds html, its figures numbered from *n + 1 on. */
void figure_number(struct buf *b, const char *html, int *n);

#endif
