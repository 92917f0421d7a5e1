/* chart_kinds: what gnuplot draws of each kind of chart, for the rows in chart_kinds.c:
 * the part of a script behind the axes and the numbers. */
#ifndef PLOT_CHART_KINDS_H
#define PLOT_CHART_KINDS_H

#include "plot/chart.h"

void script_flat(struct buf *b, const struct chart *c, const struct medium *to);
void script_surface(struct buf *b, const struct chart *c, const struct medium *to);
void script_contour(struct buf *b, const struct chart *c, const struct medium *to);
void script_image(struct buf *b, const struct chart *c, const struct medium *to);
void script_map(struct buf *b, const struct chart *c, const struct medium *to);
void script_policy(struct buf *b, const struct chart *c, const struct medium *to);

#endif
