/* picture: a small grey picture in the terminal: half blocks where there are colours,
 * signs from light to dark where not, and levels 0 to 9 where it is read out (--plain).
 * A number that is none is a gap. A number is drawn as many cells wide as it takes to
 * see something.
 *
 *     struct picture p = {.rows = 8, .columns = 8, .grey = numbers};  // 0: black
 *     picture_enlarge(out, &p, 20);                                   // 16 columns
 *     picture_line(out, &p, 0);
 */
#ifndef TEXT_PICTURE_H
#define TEXT_PICTURE_H

#include "text/out.h"

#define PICTURE_WIDE 16

struct picture {
    size_t rows, columns;
    const double *grey; /* row by row, 0 to 1; beyond is cut off */
    size_t scale;       /* each number is so many wide and high; 0: 1 */
};

/* Makes it at least PICTURE_WIDE columns wide, if the screen and `lines` have room. */
void picture_enlarge(const struct out *o, struct picture *p, size_t lines);
/* Terminal lines that a picture takes. */
size_t picture_lines(const struct out *o, const struct picture *p);
/* One of them, without a newline: picture_width wide (signs are two for each). */
void picture_line(struct out *o, const struct picture *p, size_t line);
int picture_width(const struct out *o, const struct picture *p);
void picture_print(struct out *o, const struct picture *p);
/* n of one size side by side, each under its number: as many as the screen is wide. */
void picture_print_row(struct out *o, const struct picture *p, const size_t *number,
                       int n);

#endif
