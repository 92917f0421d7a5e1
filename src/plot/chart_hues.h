/* chart_hues: how each hue looks in a picture file and in the terminal: the lectures'
 * colours (w orange, h green, E red), gradients blue.
 */
#ifndef PLOT_CHART_HUES_H
#define PLOT_CHART_HUES_H

#include "plot/chart.h"

struct chart_look {
    const char *rgb;     /* on white */
    enum out_colour ink; /* in the terminal */
};
extern const struct chart_look chart_looks[HUES];

/* The dumb terminal draws its n-th line with the n-th of these. */
#define CHART_LINES "*#$%@&="
/* Points: data, the path, today. None of them, nor a line's, occurs in a number. */
#define CHART_DOT 'x'
#define CHART_PATHS "ovsnuz" /* each path's of a race */
#define CHART_TODAY 'O'

/* The mark of series k in the terminal. */
char chart_mark(const struct chart *c, int k);
/* Heights of the contour lines, from the lowest up; returns how many (at most most). */
int chart_levels(const struct chart *c, double *levels, int most);
#define CHART_LEVELS_DUMB 6
#define CHART_LEVELS 14

#endif
