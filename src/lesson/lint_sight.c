#include "lesson/lint_sight.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/mark.h"
#include "lesson/move.h"

/* What is said is folded at the width already. */
static int rows_of(const char *said, size_t n) {
    int rows = 0;
    for (size_t i = 0; i < n; i++) rows += said[i] == '\n';
    return rows;
}

static struct error *too_many(const char *key, int rows) {
    char text[16];
    snprintf(text, sizeof text, "%d", rows);
    return error_new(key, "rows", text, NULL);
}

struct error *sight_text(const char *said, size_t n) {
    size_t blank = 0; /* no page begins with empty rows */
    while (blank < n && said[blank] == '\n') blank++;
    int rows = rows_of(said + blank, n - blank);
    return rows > SIGHT_ROWS ? too_many("lint-tall", rows) : NULL;
}

struct error *sight_output(struct sight *v, const char *said, size_t n) {
    int rows = rows_of(said, n);
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
