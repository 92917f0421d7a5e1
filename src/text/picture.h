/* picture: a small grey picture in the terminal: half blocks in 24-bit colours where
 * there are colours, signs from light to dark where not, and levels 0 to 9 where it is
 * read out (--plain). A number that is none is a gap.
 *
 *     struct picture p = {.rows = 8, .columns = 8, .grey = numbers};  // 0: black
 *     picture_line(out, &p, 0);
 */
#ifndef TEXT_PICTURE_H
#define TEXT_PICTURE_H

#include "text/out.h"

struct picture {
    size_t rows, columns;
    const double *grey; /* row by row, 0 to 1; beyond is cut off */
};

/* Terminal lines that a picture takes. */
size_t picture_lines(const struct out *o, const struct picture *p);
/* One of them, without a newline: p->columns wide (twice that in signs). */
void picture_line(struct out *o, const struct picture *p, size_t line);
int picture_width(const struct out *o, const struct picture *p);
void picture_print(struct out *o, const struct picture *p);
/* n of one size side by side, each under its number: as many as the screen is wide. */
void picture_print_row(struct out *o, const struct picture *p, const size_t *number,
                       int n);

#endif
