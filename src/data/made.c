/* Sets that are made: four points of a gate, and clouds of two classes in the plane,
 * drawn by seed. */
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "data/loaders.h"

static const double pi = 3.14159265358979323846;

static void give(struct dataset *d, size_t n, struct tensor **x, struct tensor **y) {
    *x = tensor_zeros((struct shape){2, {n, 2}});
    *y = tensor_zeros((struct shape){2, {n, 1}});
    d->classes = 2;
}

/* or, and, xor: all four rows, none to test with. */
struct error *made_gate(struct dataset *d, const struct data_row *row,
                        const struct data_order *how) {
    (void)how;
    give(d, 4, &d->x, &d->y);
    for (int i = 0; i < 4; i++) {
        int a = i / 2, b = i % 2;
        d->x->data[2 * i] = a;
        d->x->data[2 * i + 1] = b;
        d->y->data[i] = strcmp(row->name, "or") == 0    ? (a || b)
                        : strcmp(row->name, "and") == 0 ? (a && b)
                                                        : a != b;
    }
    return NULL;
}

/* One point of a cloud: its class, where it is along (0 to 1), and three throws. */
typedef void cloud(int class, double along, struct dice *d, double p[2]);

static void circle(int class, double along, struct dice *d, double p[2]) {
    double r = class ? 0.5 * sqrt(dice_uniform(d)) : 0.75 + 0.25 * dice_uniform(d);
    p[0] = r * cos(2 * pi * along);
    p[1] = r * sin(2 * pi * along);
}

static void moons(int class, double along, struct dice *d, double p[2]) {
    double a = pi * along;
    p[0] = (class ? 1 - cos(a) : cos(a)) + 0.1 * dice_normal(d);
    p[1] = (class ? 0.5 - sin(a) : sin(a)) + 0.1 * dice_normal(d);
}

static void gauss(int class, double along, struct dice *d, double p[2]) {
    (void)along;
    p[0] = (class ? 1 : -1) + 0.6 * dice_normal(d);
    p[1] = (class ? 1 : -1) + 0.6 * dice_normal(d);
}

static void spiral(int class, double along, struct dice *d, double p[2]) {
    double r = 0.1 + 0.9 * along, a = 3 * pi * along + (class ? pi : 0);
    p[0] = r * cos(a) + 0.03 * dice_normal(d);
    p[1] = r * sin(a) + 0.03 * dice_normal(d);
}

static const struct {
    const char *name;
    cloud *point;
} clouds[] = {
    {"circle", circle}, {"moons", moons}, {"gauss", gauss}, {"spiral", spiral}};

enum { CLOUD = 300 };

struct error *made_cloud(struct dataset *d, const struct data_row *row,
                         const struct data_order *how) {
    struct dice dice = dice_for(how->seed, row->name, 0);
    struct tensor *x, *y;
    give(d, CLOUD, &x, &y);
    for (size_t c = 0; c < sizeof clouds / sizeof *clouds; c++) {
        if (strcmp(clouds[c].name, row->name) != 0) continue;
        for (size_t i = 0; i < CLOUD; i++) {
            int class = (int)(i % 2);
            clouds[c].point(class, (double)(i / 2) / (CLOUD / 2), &dice,
                            x->data + 2 * i);
            y->data[i] = class;
        }
    }
    data_split(d, x, y, how->test < 0 ? 1.0 / 3 : how->test, how->seed);
    return NULL;
}
