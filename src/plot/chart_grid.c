/* What a grid is drawn as: its grounds; or lines of equal height, of which some close
 * around the lowest point, so that a bowl is seen as rings, and some lie outside. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/whole.h"
#include "plot/chart_hues.h"

static bool next_to(const bool *wet, size_t n, size_t wide, size_t i) {
    size_t column = i % wide;
    return (column && wet[i - 1]) || (column + 1 < wide && wet[i + 1]) ||
           (i >= wide && wet[i - wide]) || (i + wide < n && wet[i + wide]);
}

/* Water rises from the lowest point until it reaches the edge: how high it stands. */
static double brim_of(const struct series *grid, size_t wide, size_t at) {
    bool *wet = mem_alloc(grid->n, sizeof *wet);
    double height = grid->z[at];
    while (at < grid->n) {
        size_t column = at % wide, lowest = grid->n;
        wet[at] = true;
        height = fmax(height, grid->z[at]);
        if (!column || column + 1 == wide || at < wide || at + wide >= grid->n) break;
        for (size_t i = 0; i < grid->n; i++) {
            if (wet[i] || !isfinite(grid->z[i])) continue;
            if (lowest < grid->n && grid->z[i] >= grid->z[lowest]) continue;
            if (next_to(wet, grid->n, wide, i)) lowest = i;
        }
        at = lowest;
    }
    free(wet);
    return height;
}

int chart_levels(const struct chart *c, double *levels, int most) {
    const struct series *s = &c->series[0];
    double low = INFINITY, high = -INFINITY;
    size_t lowest = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (!isfinite(s->z[i])) continue;
        if (s->z[i] < low) lowest = i;
        low = fmin(low, s->z[i]);
        high = fmax(high, s->z[i]);
    }
    if (!(low < high)) return 0;
    /* evenly spaced on a bowl: their roots are */
    double brim = sqrt((brim_of(s, c->columns, lowest) - low) / (high - low));
    int rings = brim > 0.06 ? most / 2 : brim > 0;
    for (int k = 0; k < most; k++) {
        double part = k < rings
                          ? 0.99 * brim * (k + 1) / rings
                          : brim + (1 - brim) * (k - rings + 1) / (most - rings + 1);
        levels[k] = low + (high - low) * part * part;
    }
    return most;
}

/* ---- grounds ---- */

bool chart_grounds(const struct chart *c, bool there[CHART_GROUNDS]) {
    const struct series *grid = &c->series[0];
    bool undecided = false;
    for (size_t i = 0; i < grid->n; i++) {
        size_t ground;
        if (!whole(grid->z[i], 0, 1e9, &ground)) undecided = true;
        else there[ground % CHART_GROUNDS] = true;
    }
    return undecided;
}

char chart_ground_mark(const struct chart *c, int k) {
    int dots = 0;
    char mark = '\0';
    bool digits = true;
    for (int i = 1; i < c->n; i++) {
        if (c->series[i].kind != SERIES_DOTS) continue;
        digits &= isdigit((unsigned char)c->series[i].mark) != 0;
        if (dots++ == k) mark = c->series[i].mark;
    }
    return digits || !mark ? (char)('0' + k) : mark;
}
