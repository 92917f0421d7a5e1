#include "data/cell.h"

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
static const char *const monies[] = {"US$", "USD", "KRW", "EUR", "$",  "€",  "£",
                                     "¥",   "₩",   "￦",  "￥",  "원", "円", NULL};
static const char *const percents[] = {"%", "％", NULL};
static const char *const minuses[] = {"-", "−", NULL};
static const char *const pluses[] = {"+", NULL};
static const char *const by_blank[] = {" ", "\u00A0", "\u2009", "\u202F",
                                       "'", "’",      NULL};
static const char *const by_comma[] = {",", NULL};
static const char *const by_point[] = {".", NULL};

struct reading {
    const char *s, *end;
    char plain[NUMBER_MOST + 4]; /* as strtod reads it */
    size_t n;
    unsigned signs;
};

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

/* Blanks, signs and money around a number; false: twice the same. */
static bool take_round(struct reading *r, bool *minus, bool before) {
    bool sign = false, money = false, percent = false;
    while (r->s < r->end) {
        if (takes(r, blanks)) continue;
        if (before && !sign && takes(r, minuses)) *minus = sign = true;
        else if (before && !sign && takes(r, pluses)) sign = true;
        else if (!money && !(r->signs & CELL_MONEY) && takes(r, monies)) money = true;
        else if (!before && !percent && takes(r, percents)) percent = true;
        else break;
    }
    if (money) r->signs |= CELL_MONEY;
    if (percent) r->signs |= CELL_PERCENT;
    return before || r->s == r->end;
}

/* 51,360,454: groups of three behind one to three digits, all parted by the same. */
static size_t take_groups(struct reading *r, char point) {
    size_t digits = take_digits(r);
    const char *const *const marks[] = {point == '.' ? by_comma : by_point, by_blank};
    const char *mark = r->s;
    size_t n = 0;
    for (int i = 0; i < 2 && !n; i++) n = one_of(r->s, r->end, marks[i]);
    if (!n || digits < 1 || digits > 3) return digits;
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
        r->plain[r->n++] = *r->s++;
        if (r->s < r->end && (*r->s == '-' || *r->s == '+')) r->plain[r->n++] = *r->s++;
        if (!take_digits(r)) return false;
    }
    return true;
}

bool cell_number(struct cell c, char point, double *out, unsigned *signs) {
    bool minus = false;
    if (c.n > NUMBER_MOST) return false;
    struct reading r = {.s = c.at, .end = c.at + c.n};
    while (r.s < r.end && one_of(r.end - 1, r.end, blanks)) r.end--;
    bool round = c.n > 2 && *r.s == '(' && r.end[-1] == ')'; /* as accounts have it */
    if (round) r.s++, r.end--;
    take_round(&r, &minus, true);
    if (!take_decimals(&r, point, take_groups(&r, point))) return false;
    if (!take_round(&r, &minus, false)) return false;
    if (round && !(r.signs & (CELL_MONEY | CELL_GROUPS))) return false; /* (1) */
    r.plain[r.n] = '\0';
    *out = strtod(r.plain, NULL);
    if (minus != round) *out = -*out;
    *signs |= r.signs;
    return isfinite(*out);
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
    char *text = mem_copy_n(c.at, c.n), *to = text;
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
