#include "data/cell.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

enum { NUMBER_MOST = 60 }; /* bytes; nobody writes longer ones */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The first of these that stands at s: its bytes, 0: none does. */
static size_t one_of(const char *s, const char *end, const char *const *words) {
    for (; *words; words++) {
        size_t n = strlen(*words);
        if (n <= (size_t)(end - s) && memcmp(s, *words, n) == 0) return n;
    }
    return 0;
}

static const char *const blanks[] = {" ", "\t", "\u00A0", "\u2009", "\u202F", NULL};
static const char *const monies[] = {"US$", "USD", "$", "KRW", "₩",  "￦", "원",
                                     "EUR", "€",   "£", "¥",   "￥", "円", NULL};
static const unsigned char coins[] = {1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 5, 5};
static const char *const percents[] = {"%", "％", NULL};
static const char *const minuses[] = {"-", "−", NULL};
static const char *const pluses[] = {"+", NULL};
static const char *const opens[] = {"(", NULL}, *const closes[] = {")", NULL};
static const char *const by_blank[] = {" ", "\u00A0", "\u2009", "\u202F",
                                       "'", "’",      NULL};
static const char *const by_comma[] = {",", NULL};
static const char *const by_point[] = {".", NULL};

/* 3조 is a class's third group more often than a state's money. */
static const struct {
    const char *word;
    double times;
} scales[] = {{"천만", 1e7},    {"백만", 1e6},     {"십만", 1e5},    {"만", 1e4},
              {"천억", 1e11},   {"백억", 1e10},    {"십억", 1e9},    {"억", 1e8},
              {"천", 1e3},      {"백", 1e2},       {"million", 1e6}, {"billion", 1e9},
              {"Million", 1e6}, {"thousand", 1e3}, {"Billion", 1e9}};

struct reading {
    const char *s, *end;
    char plain[NUMBER_MOST + 4]; /* as strtod reads it */
    size_t n;
    unsigned signs;
    bool open, round, behind; /* of ( and ): open still, closed; or a - stands behind */
};

/* Which word of the list stands here, from 1; 0: none. */
static unsigned takes_which(struct reading *r, const char *const *words) {
    for (unsigned i = 0; words[i]; i++) {
        const char *const one[] = {words[i], NULL};
        size_t n = one_of(r->s, r->end, one);
        r->s += n;
        if (n) return i + 1;
    }
    return 0;
}

static bool takes(struct reading *r, const char *const *words) {
    size_t n = one_of(r->s, r->end, words);
    r->s += n;
    return n > 0;
}

static size_t take_digits(struct reading *r) {
    size_t from = r->n;
    while (r->s < r->end && is_digit(*r->s)) r->plain[r->n++] = *r->s++;
    return r->n - from;
}

/* Blanks, signs, brackets and money around a number. */
static void take_round(struct reading *r, bool *minus, bool before) {
    bool sign = *minus, percent = false, *open = &r->open;
    unsigned money = 0;
    while (r->s < r->end) {
        if (takes(r, blanks)) continue;
        if (before && !sign && takes(r, minuses)) *minus = sign = true;
        else if (before && !sign && takes(r, pluses)) sign = true;
        else if (before && !sign && takes(r, opens)) *open = sign = true;
        else if (!before && *open && takes(r, closes)) r->round = true, *open = false;
        else if (!before && !sign && !r->round && takes(r, minuses))
            r->round = r->behind = true;
        else if (!money && !(r->signs & CELL_MONEY) && (money = takes_which(r, monies)))
            continue;
        else if (!before && !percent && takes(r, percents)) percent = true;
        else break;
    }
    if (money) r->signs |= CELL_MONEY | CELL_COINS * coins[money - 1];
    if (percent) r->signs |= CELL_PERCENT;
    if (r->round) r->signs |= CELL_ROUND;
}

/* 51,360,454: groups of three behind one to three digits, all parted by the same. */
static size_t take_groups(struct reading *r, char point) {
    size_t digits = take_digits(r);
    const char *const *const marks[] = {point == '.' ? by_comma : by_point, by_blank};
    const char *mark = r->s;
    size_t n = 0;
    for (int i = 0; i < 2 && !n; i++) n = one_of(r->s, r->end, marks[i]);
    if (!n || digits < 1 || digits > 3 || r->plain[r->n - digits] == '0') return digits;
    while ((size_t)(r->end - r->s) >= n + 3 && memcmp(r->s, mark, n) == 0 &&
           is_digit(r->s[n]) && is_digit(r->s[n + 1]) && is_digit(r->s[n + 2]) &&
           !((size_t)(r->end - r->s) > n + 3 && is_digit(r->s[n + 3]))) {
        r->s += n;
        digits += take_digits(r);
        r->signs |= CELL_GROUPS;
    }
    return digits;
}

static bool take_decimals(struct reading *r, char point, size_t digits) {
    if (r->s < r->end && *r->s == point) {
        if (point == ',') r->signs |= CELL_COMMA;
        r->plain[r->n++] = '.';
        r->s++;
        digits += take_digits(r);
    }
    if (!digits) return false;
    if (r->s < r->end && (*r->s == 'e' || *r->s == 'E')) {
        const struct reading behind = *r; /* 3 eV goes on with letters */
        r->plain[r->n++] = *r->s++;
        if (r->s < r->end && (*r->s == '-' || *r->s == '+')) r->plain[r->n++] = *r->s++;
        if (!take_digits(r)) *r = behind;
    }
    return true;
}

/* 만, million, perhaps behind a blank, and no letters behind but a unit of its own;
 * behind one in Hangul more may follow. */
static double take_scale(struct reading *r) {
    const struct reading before = *r;
    while (takes(r, blanks)) continue;
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        const char *const one[] = {scales[i].word, NULL};
        if (!takes(r, one)) continue;
        bool goes_on = r->s < r->end && isalpha((unsigned char)*r->s);
        bool latin = isalpha((unsigned char)*scales[i].word);
        if (goes_on || (latin && r->s < r->end && is_digit(*r->s))) break;
        r->signs |= CELL_SCALED;
        return scales[i].times;
    }
    *r = before;
    return 1;
}

static double plain_value(struct reading *r) {
    r->plain[r->n] = '\0';
    return strtod(r->plain, NULL);
}

/* 2만5천, 1억 2,000만, 3만 5,000: of each part the scale is smaller. False: they are no
 * one number (2만5: 25,000 or 20,005?). */
static bool add_parts(struct reading *r, char point, double times, double *sum) {
    struct reading part = *r;
    while (takes(&part, blanks)) continue;
    part.n = 0;
    size_t digits = times > 1 ? take_groups(&part, point) : 0;
    if (!digits) return true;
    double value = plain_value(&part), scale = take_scale(&part);
    if (value * scale >= times || (scale == 1 && digits < 2)) return false;
    *sum += value * scale;
    *r = part;
    return add_parts(r, point, scale, sum);
}

/* kg, km/h, m2, 년, fl oz: it begins with a letter, a digit stands at its end alone. */
static bool is_unit(struct cell c) {
    bool letter =
        c.n && (isalpha((unsigned char)*c.at) || (unsigned char)*c.at >= 0x80);
    for (size_t i = 0; i + 1 < c.n; i++) letter &= !is_digit(c.at[i]);
    return letter;
}

bool cell_measure(struct cell c, char point, double *out, unsigned *signs,
                  struct cell *unit) {
    bool minus = false;
    *unit = (struct cell){0};
    if (c.n > NUMBER_MOST) return false;
    struct reading r = {.s = c.at, .end = c.at + c.n};
    while (r.s < r.end && one_of(r.end - 1, r.end, blanks)) r.end--;
    take_round(&r, &minus, true);
    if (!take_decimals(&r, point, take_groups(&r, point))) return false;
    double size = plain_value(&r), times = take_scale(&r);
    size *= times;
    if (!add_parts(&r, point, times, &size)) return false;
    take_round(&r, &minus, false);
    if (r.s < r.end) *unit = (struct cell){r.s, (size_t)(r.end - r.s), false};
    if (r.open || (unit->n && (!is_unit(*unit) || r.behind))) return false;
    *out = minus || r.round ? -size : size;
    *signs |= r.signs;
    return isfinite(*out);
}

bool cell_number(struct cell c, char point, double *out, unsigned *signs) {
    struct cell unit;
    return cell_measure(c, point, out, signs, &unit) && !unit.n;
}

bool cell_gap(struct cell c) {
    static const char *const gaps[] = {"",      "-",      "?",     "NA",      "N/A",
                                       "#N/A",  "NaN",    "NULL",  "#DIV/0!", "#VALUE!",
                                       "#REF!", "#NAME?", "#NUM!", "<NA>"};
    if (c.n > 7) return false;
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        if (strlen(gaps[i]) == c.n && strncasecmp(c.at, gaps[i], c.n) == 0) return true;
    }
    return false;
}

char *cell_text(struct cell c) {
    char *text = mem_copy_n(c.n ? c.at : "", c.n), *to = text;
    for (const char *s = text; c.doubled && *s; s++) {
        *to++ = *s;
        if (*s == '"' && s[1] == '"') s++;
    }
    if (c.doubled) *to = '\0';
    return text;
}

bool cell_same(struct cell a, struct cell b) {
    return a.n == b.n && a.doubled == b.doubled && memcmp(a.at, b.at, a.n) == 0;
}
