#include "text/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double whole_up_to = 9007199254740992.0; /* 2^53 */

void num_trim_exponent(char *number) {
    char *e = strchr(number, 'e'), *from;
    if (!e || !e[1]) return;
    for (from = e + 2; *from == '0'; from++) {}
    memmove(e + (e[1] == '-' ? 2 : 1), from, strlen(from) + 1);
}

char *num_format(char to[NUM_SIZE], double v, int digits) {
    if (isnan(v)) {
        snprintf(to, NUM_SIZE, "nan"); /* printf would write -nan for some */
    } else if (v == trunc(v) && fabs(v) <= whole_up_to) {
        snprintf(to, NUM_SIZE, "%.0f", v + 0.0); /* + 0.0 makes -0 a 0 */
    } else {
        digits = digits < 1 ? 1 : digits > 17 ? 17 : digits;
        snprintf(to, NUM_SIZE, "%.*g", digits, v);
        num_trim_exponent(to);
    }
    return to;
}

char *num_exact(char to[NUM_SIZE], double v) {
    *to = '\0';
    for (int digits = 6; digits <= 17 && (!*to || strtod(to, NULL) != v); digits++) {
        snprintf(to, NUM_SIZE, "%.*g", digits, v);
    }
    num_trim_exponent(to);
    return to;
}
