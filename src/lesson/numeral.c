#include "lesson/numeral.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/wording.h"

struct numeral {
    const char *word;
    double value;
};

static const struct numeral *find(const struct numeral *list, const char *word) {
    for (; list->word; list++) {
        if (strcmp(list->word, word) == 0) return list;
    }
    return NULL;
}

/* ---- English, word by word ---- */

// clang-format off
static const struct numeral counted[] = {
    {"zero", 0}, {"nought", 0}, {"nothing", 0}, {"one", 1}, {"two", 2}, {"three", 3},
    {"four", 4}, {"five", 5}, {"six", 6}, {"seven", 7}, {"eight", 8}, {"nine", 9},
    {"ten", 10}, {"eleven", 11}, {"twelve", 12}, {"thirteen", 13}, {"fourteen", 14},
    {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18},
    {"nineteen", 19}, {"twenty", 20}, {"thirty", 30}, {"forty", 40}, {"fifty", 50},
    {"sixty", 60}, {"seventy", 70}, {"eighty", 80}, {"ninety", 90}, {0},
}, multiplied[] = {
    {"hundred", 100}, {"thousand", 1e3}, {"million", 1e6}, {"dozen", 12}, {0},
}, parts[] = {
    {"half", 2}, {"halves", 2}, {"third", 3}, {"thirds", 3}, {"quarter", 4},
    {"quarters", 4}, {"fourth", 4}, {"fourths", 4}, {"fifth", 5}, {"fifths", 5},
    {"sixth", 6}, {"sixths", 6}, {"eighth", 8}, {"eighths", 8}, {"tenth", 10},
    {"tenths", 10}, {"hundredth", 100}, {"hundredths", 100}, {0},
}, powers[] = {
    {"squared", 2}, {"cubed", 3}, {0},
};
static const char
    before[] = "a an the it its is i say think about around roughly maybe probably "
               "answer equals exactly",
    units[] = "times hours steps percent of";
// clang-format on

struct words {
    char *all;
    const char *at[24];
    int n;
};

/* Small letters; what parts words is a space. */
static struct words split(const char *line) {
    struct words w = {.all = mem_copy(line)};
    for (char *c = w.all; *c; c++) {
        bool inside = *c == '.' && isdigit((unsigned char)c[1]);
        if (!inside && strchr(" -,.!?~'`\"()\t", *c)) *c = '\0';
        else *c = (char)tolower((unsigned char)*c);
    }
    const char *end = w.all + strlen(line);
    for (const char *c = w.all; c < end; c += strlen(c) + 1) {
        if (*c && w.n < (int)(sizeof w.at / sizeof *w.at)) w.at[w.n++] = c;
    }
    return w;
}

/* 0.9, in digits. */
static bool is_digits(const char *word, double *v) {
    char *end;
    if (!isdigit((unsigned char)*word) || word[strspn(word, "0123456789.")])
        return false;
    *v = strtod(word, &end);
    return !*end;
}

/* … point two five, up to i. */
static double read_decimals(const struct words *w, int *i) {
    double v = 0, place = 1;
    const struct numeral *digit;
    while (*i + 1 < w->n && (digit = find(counted, w->at[*i + 1])) && digit->value < 10)
        v += digit->value * (place /= 10), ++*i;
    return v;
}

static bool read_english(const char *line, double *out) {
    struct words w = split(line);
    double all = 0, now = 0, v, sign = 1;
    bool number = false, fine = true, joined = false, said = false; /* in a word */
    int i = 0;
    while (i < w.n && wording_is_one_of(w.at[i], before)) i++;
    if (i < w.n && wording_is_one_of(w.at[i], "minus negative")) sign = -1, i++;
    for (; i < w.n && fine; i++) {
        const char *word = w.at[i];
        const struct numeral *is;
        bool last = i == w.n - 1;
        if ((is = find(counted, word))) {
            fine = !number || fmod(now, 10) == 0;
            now += is->value;
        } else if ((is = find(multiplied, word))) {
            now = (number ? now : 1) * is->value;
            if (is->value >= 1e3) all += now, now = 0;
        } else if ((is = find(parts, word))) {
            now = joined ? now + 1 / is->value : (number ? now : 1) / is->value;
        } else if (strcmp(word, "point") == 0) {
            now += read_decimals(&w, &i);
        } else if ((is = find(powers, word)) && number) {
            now = pow(now, is->value);
        } else if (is_digits(word, &v) && !number) {
            now = v;
            number = true;
            continue;
        } else if (number && wording_is_one_of(word, "and a an one")) {
            joined |= !last;
            fine = !last;
            continue;
        } else {
            fine = number && last && wording_is_one_of(word, units);
            continue;
        }
        number = said = true;
    }
    free(w.all);
    *out = sign * (all + now);
    return fine && said;
}

/* ---- Korean, written together ---- */

static const struct numeral sino[] = {{"영", 0}, {"공", 0}, {"일", 1}, {"이", 2},
                                      {"삼", 3}, {"사", 4}, {"오", 5}, {"육", 6},
                                      {"칠", 7}, {"팔", 8}, {"구", 9}, {0}},
                            steps[] = {{"십", 10}, {"백", 100}, {"천", 1000}, {0}},
                            tens[] = {{"열", 10},   {"스물", 20}, {"스무", 20},
                                      {"서른", 30}, {"마흔", 40}, {"쉰", 50},
                                      {"예순", 60}, {"일흔", 70}, {"여든", 80},
                                      {"아흔", 90}, {0}},
                            ones[] = {{"하나", 1}, {"한", 1},   {"둘", 2},
                                      {"두", 2},   {"셋", 3},   {"세", 3},
                                      {"넷", 4},   {"네", 4},   {"다섯", 5},
                                      {"여섯", 6}, {"일곱", 7}, {"여덟", 8},
                                      {"아홉", 9}, {0}};

/* The one that *s begins with, which is gone over; or NULL. */
static const struct numeral *takes(const char **s, const struct numeral *list) {
    for (; list->word; list++) {
        size_t n = strlen(list->word);
        if (strncmp(*s, list->word, n) != 0) continue;
        *s += n;
        return list;
    }
    return NULL;
}

/* 삼백이십오, 만오천 */
static bool read_sino(const char **s, double *out) {
    const char *from = *s;
    double all = 0, part = 0, now = 0;
    for (;;) {
        const struct numeral *is;
        bool digit = false;
        if ((is = takes(s, sino))) now = is->value, digit = true;
        if ((is = takes(s, steps))) {
            part += (digit ? now : 1) * is->value;
            now = 0;
            continue;
        }
        part += now;
        now = 0;
        bool myriad = strncmp(*s, "만", strlen("만")) == 0;
        if (!myriad) break;
        *s += strlen("만");
        all += (part > 0 ? part : 1) * 1e4;
        part = 0;
    }
    *out = all + part;
    return *s > from;
}

/* 스물다섯, 네 */
static bool read_native(const char **s, double *out) {
    const struct numeral *ten = takes(s, tens), *one = takes(s, ones);
    *out = (ten ? ten->value : 0) + (one ? one->value : 0);
    return ten || one;
}

/* 영점이오: the digits behind 점. */
static void read_after_point(const char **s, double *v) {
    const char *from = *s;
    const struct numeral *digit;
    double place = 1;
    if (strncmp(*s, "점", strlen("점")) != 0) return;
    *s += strlen("점");
    if (!takes(&(const char *){*s}, sino)) *s = from;
    while (*s > from && (digit = takes(s, sino))) *v += digit->value * (place /= 10);
}

static bool read_whole(const char *text, double *out) {
    const char *s = text;
    if (is_digits(text, out)) return true;
    if (read_native(&s, out) && !*s) return true;
    s = text;
    if (!read_sino(&s, out)) return false;
    read_after_point(&s, out);
    return !*s;
}

/* The two numbers that `between` parts: 삼 and 일 of 삼분의일. */
static bool read_two(const char *text, const char *between, double *a, double *b) {
    const char *at = strstr(text, between);
    if (!at) return false;
    char *first = mem_copy_n(text, (size_t)(at - text));
    bool both = read_whole(first, a) && read_whole(at + strlen(between), b);
    free(first);
    return both;
}

/* 0.9의네제곱 */
static bool read_power(const char *text, double *out) {
    static const char power[] = "제곱";
    size_t n = strlen(text), less = strlen(power);
    double base, by;
    if (n <= less || strcmp(text + n - less, power) != 0) return false;
    char *rest = mem_copy_n(text, n - less);
    bool two = read_two(rest, "의", &base, &by);
    size_t of = strlen(rest), end = strlen("의");
    bool square = !two && of > end && strcmp(rest + of - end, "의") == 0;
    if (square) rest[of - end] = '\0';
    square = square && read_whole(rest, &base);
    free(rest);
    if (two || square) *out = pow(base, two ? by : 2);
    return two || square;
}

static bool read_korean(const char *text, double *out) {
    double a, b, sign = 1;
    const struct numeral signs[] = {{"마이너스", -1}, {"음수", -1}, {0}};
    if (takes(&text, signs)) sign = -1;
    bool fine = true;
    if (wording_is_one_of(text, "반 절반")) *out = 0.5;
    else if (read_two(text, "분의", &a, &b)) *out = b / a;
    else fine = read_power(text, out) || read_whole(text, out);
    *out *= sign;
    return fine;
}

/* Without its spaces and signs, and what is said before it. */
static char *together(const char *line) {
    const struct numeral lead[] = {
        {"답은", 0}, {"정답은", 0}, {"약", 0}, {"아마", 0}, {0}};
    struct buf b = {0};
    for (const char *c = line; *c; c++) {
        bool inside = *c == '.' && isdigit((unsigned char)c[1]);
        if (inside || !strchr(" ,.!?~\t", *c)) buf_add_n(&b, c, 1);
    }
    const char *s = buf_text(&b);
    while (takes(&s, lead)) {}
    char *all = mem_copy(s);
    buf_free(&b);
    return all;
}

static int add_reading(double *readings, int n, double v) {
    for (int i = 0; i < n; i++) {
        if (readings[i] == v) return n;
    }
    if (n < NUMERAL_READINGS) readings[n++] = v;
    return n;
}

/* 네 배예요: with each ending that it may have, and without what is counted. */
static int read_polite(const char *text, double *readings) {
    static const char *const ends[] = {"",     "이에요", "예요",   "에요",  "이요",
                                       "요",   "입니다", "이다",   "다",    "이야",
                                       "야",   "이죠",   "죠",     "정도",  "쯤",
                                       "쯤요", "정도요", "일까요", "인가요"};
    static const char *const counters[] = {"",   "배",   "번", "개",
                                           "칸", "시간", "명", "가지"};
    int found = 0;
    size_t n = strlen(text);
    for (size_t e = 0; e < sizeof ends / sizeof *ends; e++) {
        size_t end = strlen(ends[e]);
        if (n <= end || strcmp(text + n - end, ends[e]) != 0) continue;
        for (size_t c = 0; c < sizeof counters / sizeof *counters; c++) {
            size_t less = strlen(counters[c]);
            if (n - end <= less ||
                memcmp(text + n - end - less, counters[c], less) != 0)
                continue;
            char *rest = mem_copy_n(text, n - end - less);
            double v;
            if (read_korean(rest, &v)) found = add_reading(readings, found, v);
            free(rest);
        }
    }
    return found;
}

int numeral_read(const char *line, double *readings) {
    if (!utf8_has_hangul(line)) return read_english(line, readings);
    char *text = together(line);
    int n = read_polite(text, readings);
    free(text);
    return n;
}
