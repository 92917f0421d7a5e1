/* labels: the different numbers that the answers of a data set are: classes by number,
 * a hinge's −1 and 1, whatever they are. Each has a sign in the terminal and a hue of
 * its own. A label that is not finite is none.
 *
 *     struct labels l;
 *     if (labels_find(&l, y->data, rows))                          // not too many
 *         for (size_t k = 0; k < l.n; k++) labels_sign(&l, k), … l.value[k] …
 */
#ifndef PLOT_LABELS_H
#define PLOT_LABELS_H

#include "plot/chart.h"

enum { LABELS_MOST = 10 };

struct labels {
    double value[LABELS_MOST]; /* rising */
    size_t n;
    bool digits; /* each is a whole number from 0 to 9: its sign is that digit */
};

/* False: there are more than LABELS_MOST. */
bool labels_find(struct labels *l, const double *each, size_t n);
/* The class that label k stands for: a digit itself, else its place. */
size_t labels_class(const struct labels *l, size_t k);
/* In the terminal: its digit; - and + of two; else a letter. */
char labels_sign(const struct labels *l, size_t k);
char *labels_title(const struct labels *l, size_t k, struct out *o); /* owned */

#endif
