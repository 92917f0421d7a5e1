/* whole: a number that a person or a file gave, as a whole one: the one place where a
 * double becomes an integer. What has a part, is not there (NaN) or lies outside is
 * refused before it is cast, which would be undefined.
 *
 *     size_t n;
 *     if (!whole(v, 0, 1e6, &n)) return error_new(…);
 */
#ifndef BASE_WHOLE_H
#define BASE_WHOLE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* From least (0 or more) to most (below 2^63); *out stays where it is none. */
static inline bool whole(double v, double least, double most, size_t *out) {
    bool is = v >= least && v <= most && v == floor(v);
    if (is) *out = (size_t)v;
    return is;
}

/* n in digits. */
static inline const char *whole_text(char text[24], size_t n) {
    snprintf(text, 24, "%zu", n);
    return text;
}

#endif
