#include "lesson/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "text/number.h"

static bool take(const char **at, const char *word) {
    *at += strspn(*at, " ");
    size_t n = strlen(word);
    if (strncmp(*at, word, n) != 0) return false;
    *at += n;
    return true;
}

/* 3, -0.5; 2..5 is 2 and what follows. */
static bool take_number(const char **at, double *to) {
    *at += strspn(*at, " ");
    size_t n = **at == '-';
    n += strspn(*at + n, "0123456789");
    if ((*at)[n] == '.' && (*at)[n + 1] != '.')
        n += 1 + strspn(*at + n + 1, "0123456789");
    char *number = mem_copy_n(*at, n), *end;
    *to = strtod(number, &end);
    bool is = n && !*end && fabs(*to) <= 1e6;
    free(number);
    *at += n;
    return is;
}

static double value_of(const struct draw *d, int i) { return d->from + i * d->by; }

static bool is_out(const struct draw *d, double value) {
    for (int i = 0; i < d->n_not; i++) {
        if (fabs(d->not_[i] - value) < 1e-9) return true;
    }
    return false;
}

static bool take_range(const char **at, struct draw *d) {
    double to;
    if (!take(at, "=") || !take_number(at, &d->from) || !take(at, "..") ||
        !take_number(at, &to))
        return false;
    d->by = 1;
    if (take(at, "by ") && (!take_number(at, &d->by) || d->by <= 0)) return false;
    double n = floor((to - d->from) / d->by + 1e-9) + 1;
    d->n = n >= 1 && n <= (double)DRAW_CHOICES ? (int)n : 0;
    if (!take(at, "not ")) return d->n > 0;
    do {
        if (d->n_not == DRAW_NOT || !take_number(at, &d->not_[d->n_not++]))
            return false;
    } while (take(at, ","));
    return d->n > 0;
}

bool draw_read(const char *text, struct draw *d) {
    const char *at = text;
    *d = (struct draw){.param = take(&at, "param ")};
    at += strspn(at, " ");
    size_t n = strcspn(at, " =");
    d->name = mem_copy_n(at, n);
    at += n;
    bool fine = n && take_range(&at, d) && !at[strspn(at, " ")], left = false;
    for (int i = 0; fine && i < d->n && !left; i++) left = !is_out(d, value_of(d, i));
    if (!left) draw_free(d);
    return left;
}

void draw_free(struct draw *d) {
    free(d->name);
    *d = (struct draw){0};
}

double draw_roll(const struct draw *d, struct dice *dice) {
    double v;
    do v = value_of(d, (int)(dice_uniform(dice) * d->n));
    while (is_out(d, v));
    return v;
}

bool draw_is_short(double v, double least) {
    enum { FIGURES = 4, MOST = 10000 };
    char shown[NUM_SIZE];
    num_format(shown, v, FIGURES);
    return fabs(v) < (double)MOST && (v == 0 || fabs(v) > least) &&
           fabs(strtod(shown, NULL) - v) <= 1e-12 * fmax(1, fabs(v));
}
