/* smooth: e^x and tanh for formulas, of our own: the same bits on every machine (a C
 * library picks another version for each kind of CPU), and written without a branch, so
 * that the compiler works out several numbers at once.
 *
 * smooth_exp is within 1 unit in the last place, smooth_tanh within 3 (tests/unit).
 */
#ifndef ENGINE_SMOOTH_H
#define ENGINE_SMOOTH_H

#include <stdint.h>

/* 1.5·2^52: added to a number it leaves the nearest whole one in the lowest bits. */
#define SMOOTH_ROUND 0x1.8p52

static inline double smooth_power_of_2(double n) { /* whole, −1022 to 1023 */
    union {
        double d;
        uint64_t bits;
    } u = {n + SMOOTH_ROUND};
    u.bits = (u.bits << 52) + ((uint64_t)1023 << 52);
    return u.d;
}

/* e^r − 1 for x = n·log 2 + r, |r| at most half of log 2, by the rational approximation
 * of fdlibm (Sun, 1993); *n is whole. */
static inline double smooth_reduced(double x, double *n) {
    *n = x * 1.44269504088896338700 + SMOOTH_ROUND - SMOOTH_ROUND;
    double high = x - *n * 6.93147180369123816490e-01,
           low = *n * 1.90821492927058770002e-10;
    double r = high - low, s = r * r;
    double p = 4.13813679705723846039e-08 * s - 1.65339022054652515390e-06;
    p = p * s + 6.61375632143793436117e-05;
    p = p * s - 2.77777777770155933842e-03;
    p = p * s + 1.66666666666666019037e-01;
    double c = r - s * p;
    return high - (low - r * c / (2 - c));
}

static inline double smooth_exp(double x) {
    double n;
    x = x > 710 ? 710 : x; /* nan stays */
    x = x < -746 ? -746 : x;
    double e = 1 + smooth_reduced(x, &n);
    double half = n * 0.5 + SMOOTH_ROUND - SMOOTH_ROUND; /* 2^1024 is no number */
    return e * smooth_power_of_2(half) * smooth_power_of_2(n - half);
}

static inline double smooth_tanh(double x) {
    double n, twice = 2 * __builtin_fabs(x);
    twice = twice > 44 ? 44 : twice; /* there it is 1 */
    double e = smooth_reduced(twice, &n), power = smooth_power_of_2(n);
    e = power * e + (power - 1); /* e^2x − 1 */
    return __builtin_copysign(e / (e + 2), x);
}

#endif
