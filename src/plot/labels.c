#include "plot/labels.h"

#include <math.h>
#include <string.h>

#include "text/number.h"

/* Puts v in its place, if it is not there already; false where there is no room. */
static bool put(struct labels *l, double v) {
    size_t at = 0;
    while (at < l->n && l->value[at] < v) at++;
    if (at < l->n && l->value[at] == v) return true;
    if (l->n == LABELS_MOST) return false;
    memmove(l->value + at + 1, l->value + at, (l->n++ - at) * sizeof *l->value);
    l->value[at] = v;
    l->digits &= v >= 0 && v <= 9 && v == floor(v);
    return true;
}

bool labels_find(struct labels *l, const double *each, size_t n) {
    *l = (struct labels){.digits = true};
    for (size_t i = 0; i < n; i++) {
        if (isfinite(each[i]) && !put(l, each[i])) return false;
    }
    return true;
}

size_t labels_class(const struct labels *l, size_t k) {
    return l->digits ? (size_t)l->value[k] : k;
}

char labels_sign(const struct labels *l, size_t k) {
    if (l->digits) return (char)('0' + labels_class(l, k));
    return l->n == 2 ? "-+"[k] : (char)('a' + k);
}

char *labels_title(const struct labels *l, size_t k, struct out *o) {
    char number[NUM_SIZE];
    return out_sentence(o, "plot.boundary.class", "n",
                        num_format(number, l->value[k], 6), NULL);
}
