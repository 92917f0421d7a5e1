/* csv: tables as people keep them, walked over a row at a time: commas, semicolons,
 * tabs, | or blanks between the cells (looked for outside quotes), a line of names or
 * none, `#` lines and `sep=;` passed over. Nothing is held but the text.
 *
 *     struct csv t;
 *     struct error *e = csv_open(&t, "marks.csv");
 *     struct csv_walk w = csv_rows(&t);
 *     while (csv_row(&w)) {                      // w.row is its line in the file
 *         struct cell c;
 *         while (csv_cell(&w, &c)) …             // as many as it has: t.columns or not
 *     }
 *     e = csv_open_quote(&w, "marks.csv");
 *     csv_close(&t);
 */
#ifndef DATA_CSV_H
#define DATA_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "data/cell.h"

struct csv {
    char *text; /* owned */
    size_t size;
    const char *body; /* where its rows begin, behind the names */
    size_t body_line;
    char separator; /* ' ': runs of blanks and tabs */
    bool stops[256];
    size_t columns;
    char **names; /* of the columns, where there is a line of them; else NULL */
    size_t names_line;
    const char *charset; /* NULL: UTF-8; else what it was read as */
};

struct csv_walk {
    const struct csv *t;
    const char *at;
    size_t line, row; /* of `at`; of the row in hand; from 1 */
    size_t comments;  /* `#` lines passed over so far */
    bool ended;       /* the row in hand has no more cells */
    bool open;
};

struct error *csv_open(struct csv *t, const char *path);
/* One that stands in a folder itself: file_open_beside; folder NULL: any. */
struct error *csv_open_in(struct csv *t, const char *folder, const char *path);
/* The same from a text. */
struct error *csv_read(struct csv *t, const char *text, const char *path);
void csv_close(struct csv *t);

struct csv_walk csv_rows(const struct csv *t);
bool csv_row(struct csv_walk *w); /* false: there are no more */
/* Of a walk that is over: a quote is never closed; or NULL. */
struct error *csv_open_quote(const struct csv_walk *w, const char *path);
bool csv_cell(struct csv_walk *w, struct cell *c); /* false: the row has no more */
size_t csv_cells(struct csv_walk *w); /* how many more the row has; to its end */
/* The same of a cell that is nothing but a sign, up to 15 digits and a point, which is
 * mantissa / 10^places; false: it is another, and still to be taken. */
static inline bool csv_digits(struct csv_walk *w, int64_t *mantissa, int *places);
void csv_past(struct csv_walk *w, const char *end); /* for it: the cell ends there */

/* Up to seven digits at s as a number, all at once; how many they are. */
static inline size_t csv_seven(const char *s, int64_t *v) {
    uint64_t eight, zeros = 0x3030303030303030;
    memcpy(&eight, s, sizeof eight);
    eight ^= zeros; /* a digit is 0 to 9 now; 6 more and no other stays below 16 */
    uint64_t others = ((eight + 0x0606060606060606) | eight) & 0xF0F0F0F0F0F0F0F0;
    size_t n = others ? (size_t)__builtin_ctzll(others) / 8 : 0;
    if (!n || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) return 0;
    eight <<= 64 - 8 * n; /* the last digit highest, noughts before the first */
    eight = (eight * 10 + (eight >> 8)) & 0x00FF00FF00FF00FF; /* twos */
    eight = (eight * 100 + (eight >> 16)) & 0x0000FFFF0000FFFF;
    *v = (int64_t)((eight * 10000 + (eight >> 32)) & 0xFFFFFFFF);
    return n;
}

static inline bool csv_digits(struct csv_walk *w, int64_t *mantissa, int *places) {
    static const int64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    int64_t seven, part;
    bool sign = *w->at == '-';
    const char *end = w->at + sign;
    size_t n = csv_seven(end, &seven), behind = 0;
    end += n;
    if (n && *end == '.' && (behind = csv_seven(end + 1, &part))) {
        seven = seven * tens[behind] + part;
        end += 1 + behind;
    }
    if (n && *end == w->t->separator && *end != ' ' && !w->ended && (!sign || seven)) {
        *places = (int)behind;
        *mantissa = sign ? -seven : seven;
        w->at = end + 1;
        return true;
    }
    const char *s = w->at, *from, *point = NULL;
    while (*s == ' ') s++;
    bool minus = *s == '-';
    int64_t v = 0;
    if (w->ended) return false;
    for (from = s += minus; s - from < 16; s++) {
        unsigned digit = (unsigned)*s - '0';
        if (digit < 10) v = 10 * v + digit;
        else if (*s == '.' && !point) point = s;
        else break;
    }
    if (!w->t->stops[(unsigned char)*s] || s - from > 15 || s - from == (point != NULL))
        return false;
    *places = point ? (int)(s - point) - 1 : 0;
    *mantissa = minus ? -v : v;
    if (minus && !v) return false; /* -0 */
    if (*s == w->t->separator && *s != ' ') w->at = s + 1;
    else csv_past(w, s);
    return true;
}

#endif
