/* Sets that are made: four points of a gate, and clouds of two classes in the plane,
 * drawn by seed. */
#include <math.h>

#include "data/loaders.h"

static const double pi = 3.14159265358979323846;

static void give(struct dataset *d, const struct data_row *row, struct tensor **x,
                 struct tensor **y) {
    *x = tensor_zeros((struct shape){2, {row->rows, 2}});
    *y = tensor_zeros((struct shape){2, {row->rows, 1}});
    d->classes = row->classes;
}

/* or, and, xor: all four rows, none to test with. */
struct error *made_gate(struct dataset *d, const struct data_row *row,
                        const struct data_order *how) {
    (void)how;
    give(d, row, &d->x, &d->y);
    for (int i = 0; i < 4; i++) {
        d->x->data[2 * i] = i / 2;
        d->x->data[2 * i + 1] = i % 2;
        d->y->data[i] = row->truth[i];
    }
    return NULL;
}

/* ---- clouds ---- */

void made_circle(int class, double along, struct dice *d, double p[2]) {
    double r = class ? 0.5 * sqrt(dice_uniform(d)) : 0.75 + 0.25 * dice_uniform(d);
    p[0] = r * cos(2 * pi * along);
    p[1] = r * sin(2 * pi * along);
}

void made_moons(int class, double along, struct dice *d, double p[2]) {
    double a = pi * along;
    p[0] = (class ? 1 - cos(a) : cos(a)) + 0.1 * dice_normal(d);
    p[1] = (class ? 0.5 - sin(a) : sin(a)) + 0.1 * dice_normal(d);
}

void made_gauss(int class, double along, struct dice *d, double p[2]) {
    (void)along;
    p[0] = (class ? 1 : -1) + 0.6 * dice_normal(d);
    p[1] = (class ? 1 : -1) + 0.6 * dice_normal(d);
}

void made_spiral(int class, double along, struct dice *d, double p[2]) {
    double r = 0.1 + 0.9 * along, a = 3 * pi * along + (class ? pi : 0);
    p[0] = r * cos(a) + 0.03 * dice_normal(d);
    p[1] = r * sin(a) + 0.03 * dice_normal(d);
}

struct error *made_cloud(struct dataset *d, const struct data_row *row,
                         const struct data_order *how) {
    struct dice dice = dice_for(how->seed, row->name, 0);
    struct tensor *x, *y;
    give(d, row, &x, &y);
    for (size_t i = 0; i < row->rows; i++) {
        int class = (int)(i % 2);
        row->point(class, (double)(i / 2) / (double)(row->rows / 2), &dice,
                   x->data + 2 * i);
        y->data[i] = class;
    }
    data_split(d, x, y, how->test < 0 ? 1.0 / 3 : how->test, how->seed);
    return NULL;
}
