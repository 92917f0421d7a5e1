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
/* Points: data, the path, today; lines of equal height, from the lowest up. None of
 * them, nor a line's, occurs in a number. */
#define CHART_DOT 'x'
#define CHART_PATH 'o'
#define CHART_TODAY 'O'
#define CHART_HEIGHTS "abcdfg"

/* The mark of series k in the terminal. */
char chart_mark(const struct chart *c, int k);
/* Grounds of a map: each class's, pale; the undecided one is white. */
enum { CHART_GROUNDS = 8 };
extern const char *const chart_pale[CHART_GROUNDS];
/* Which there are; returns whether any of it is undecided. */
bool chart_grounds(const struct chart *c, bool there[CHART_GROUNDS]);
/* How data of the class are drawn whose ground is k. */
char chart_ground_mark(const struct chart *c, int k);
/* Heights of the contour lines, from the lowest up; returns how many (at most most). */
int chart_levels(const struct chart *c, double *levels, int most);
#define CHART_LEVELS_DUMB 6
#define CHART_LEVELS 14

#endif
