#include "lesson/lint_sight.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "board/mark.h"
#include "lesson/move.h"
#include "text/number.h"

static struct error *too_many(const char *key, int rows) {
    char text[16];
    snprintf(text, sizeof text, "%d", rows);
    return error_new(key, "rows", text, NULL);
}

struct error *sight_text(const char *said, size_t n) {
    size_t blank = 0; /* no page begins with empty rows */
    while (blank < n && said[blank] == '\n') blank++;
    int rows = utf8_rows(said + blank, n - blank); /* it is folded already */
    return rows > SIGHT_ROWS ? too_many("lint-tall", rows) : NULL;
}

struct error *sight_output(struct sight *v, const char *said, size_t n) {
    int rows = utf8_rows(said, n);
    buf_add_n(&v->output, said, n);
    return rows > SIGHT_OUTPUT ? too_many("lint-long", rows) : NULL;
}

void sight_key(struct sight *v) { buf_free(&v->output); }

/* ---- the answer above its question ---- */

/* NAN where it has none. */
static double value_on(struct session *s, struct board *b, const char *expr) {
    double value = NAN;
    struct error *e = desk_number(s, b, expr, &value);
    if (e) value = NAN;
    error_free(e);
    return value;
}

static bool is_same(double a, double b) {
    return fabs(a - b) <= 1e-9 * fmax(1, fabs(b)); /* false of NAN */
}

/* With other numbers on the board, too; what these do not change says nothing. */
static bool are_equal(struct session *s, const char *a, const char *b) {
    const struct board *began = desk_began(s);
    struct board *moved = mark_take(began);
    double here = value_on(s, moved, b);
    bool equal = is_same(value_on(s, moved, a), here);
    for (size_t i = 0; equal && i < board_count(began); i++) {
        const struct slot *slot = board_at(began, i);
        if (slot->def && !move_is_table(slot->def)) move_name(moved, slot->name, 1);
    }
    double there = value_on(s, moved, b);
    equal = equal && is_same(value_on(s, moved, a), there) && !is_same(here, there);
    board_free(moved);
    return equal;
}

/* E = (3 − 1)² = 4: what stands before the first = has what stands behind the last. */
static bool gives(struct session *s, const char *line, const char *expr) {
    const char *sign = strstr(line, " = "), *last = sign, *next;
    char *end;
    while (last && (next = strstr(last + 3, " = "))) last = next;
    double said = last ? strtod(last + 3, &end) : NAN;
    bool number = last && end != last + 3 && !end[strspn(end, " .")];
    if (!number || !is_same(said, value_on(s, desk_began(s), expr))) return false;
    char *left = mem_copy_n(line, (size_t)(sign - line));
    bool equal = are_equal(s, left + strspn(left, " "), expr);
    free(left);
    return equal;
}

char *sight_gives(struct session *s, const struct sight *v, const char *expr) {
    const char *text = buf_text(&v->output);
    for (size_t n; *text; text += n + (text[n] == '\n')) {
        n = strcspn(text, "\n");
        char *line = mem_copy_n(text, n);
        if (gives(s, line, expr)) return line;
        free(line);
    }
    return NULL;
}

/* ---- a number that stands anywhere ---- */

/* Figures, but for zeros at its ends: 0.5 and 200 have one, 4.66667 six. */
static int figures(const char *number) {
    int n = 0, zeros = 0;
    for (; *number && *number != 'e'; number++) {
        if (*number < '0' || *number > '9') continue;
        if (*number != '0') n += 1 + zeros, zeros = 0;
        else if (n) zeros++;
    }
    return n;
}

/* With fewer figures than so many it is there by chance. */
static char *find_number(const char *s, const char *stop, double value, int least) {
    while (s < stop && *s) {
        size_t gap = strcspn(s, "-0123456789"), n;
        s += gap;
        n = strspn(s, "-+.0123456789e");
        char *word = mem_copy_n(s, n), *end;
        double said = strtod(word, &end);
        bool near = end != word && fabs(said - value) <= 5e-6 * fabs(value);
        *end = '\0';
        if (near && figures(word) >= least) return word;
        free(word);
        s += n ? n : *s != '\0';
    }
    return NULL;
}

char *sight_shows(const struct sight *v, double value) {
    enum { PLAIN = 3 };
    const char *said = buf_text(&v->output);
    return find_number(said, said + v->output.len, value, PLAIN);
}

bool sight_says(const char *said, size_t n, double value) {
    char *word = find_number(said, said + n, value, 0);
    free(word);
    return word;
}

bool sight_is_given(struct session *s, const char *expr) {
    size_t n = strcspn(expr, "[");
    bool element = !expr[n] || expr[strlen(expr) - 1] == ']';
    char *name = mem_copy_n(expr, n);
    const struct def *d = board_get(s->board, name);
    free(name);
    return element && d && (d->kind == DEF_PARAM || d->kind == DEF_VALUE);
}

/* ---- names and what they are ---- */

static bool starts_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c < 0;
}

static bool goes_on(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

static bool has_name(const struct buf *b, const char *name) {
    size_t n = strlen(name);
    for (const char *s = buf_text(b); (s = strstr(s, name)); s += n)
        if ((s == b->data || s[-1] == ' ') && s[n] == ' ') return true;
    return false;
}

char *sight_values(struct session *s, const char *expr) {
    struct buf b = {0};
    for (const char *c = expr; *c;) {
        size_t n = 0;
        while (goes_on(c[n])) n++;
        char *name = mem_copy_n(c, n);
        double value = NAN;
        if (starts_name(*c) && c[n] != '(') value = value_on(s, s->board, name);
        if (!isnan(value) && !has_name(&b, name))
            buf_add_listed(&b, "%s = %s", name, NUM(s->out, value));
        free(name);
        c += n ? n : 1;
    }
    return buf_take(&b);
}
