#include "base/random.h"

#include <math.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/map.h"

uint64_t dice_bits(struct dice *d) {
    uint64_t z = (d->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

struct dice dice_for(uint64_t seed, const char *name, uint64_t draw) {
    struct dice d = {seed};
    d.state = dice_bits(&d) ^ map_hash(name);
    d.state = dice_bits(&d) + draw;
    d.state = dice_bits(&d);
    return d;
}

double dice_uniform(struct dice *d) { return (double)(dice_bits(d) >> 11) * 0x1p-53; }

double dice_normal(struct dice *d) {
    double u = 1 - dice_uniform(d); /* in (0, 1]: log is finite */
    double v = dice_uniform(d);
    return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v);
}

uint64_t dice_throw(void) {
    struct dice d = dice_for((uint64_t)time(NULL), "throw", (uint64_t)getpid());
    d.state ^= (uint64_t)(clock_seconds() * 1e9);
    return dice_bits(&d);
}

void dice_shuffle(struct dice *d, size_t *order, size_t n) {
    for (size_t i = 0; i < n; i++) order[i] = i;
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(dice_uniform(d) * (double)i), was = order[i - 1];
        order[i - 1] = order[j];
        order[j] = was;
    }
}
