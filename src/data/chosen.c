#include "data/chosen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/near.h"
#include "base/whole.h"

enum { VALUES_OF_INPUT = 20, CLASSES_MOST = 1000, FEW_CLASSES = 20 };

static const double tens[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

struct error *chosen_open(struct chosen *k, const char *folder, const char *path) {
    *k = (struct chosen){.path = path};
    return csv_open_in(&k->t, folder, path);
}

void chosen_close(struct chosen *k) {
    for (size_t i = 0; i < k->n; i++) {
        struct column *c = &k->at[i];
        for (size_t v = 0; c->values && v < c->n_values; v++) free(c->values[v]);
        free(c->values);
        free(c->sorted);
        map_free(&c->place);
    }
    free(k->at);
    free(k->x);
    free(k->y);
    free(k->which);
    free(k->wholes);
    free(k->plain);
    free(k->breaks);
    free(k->cells);
    csv_close(&k->t);
    *k = (struct chosen){0};
}

const char *chosen_name(const struct chosen *k, size_t i, char text[24]) {
    size_t at = k->at[i].at;
    return k->t.names && *k->t.names[at] ? k->t.names[at] : whole_text(text, at + 1);
}

/* ---- which ---- */

static struct error *no_column(const struct chosen *k, const char *name) {
    struct buf known = {0};
    struct near near = {.word = name};
    struct error *e;
    if (!k->t.names) {
        char has[24];
        return error_new("data-no-names", "file", k->path, "name", name, "has",
                         whole_text(has, k->t.columns), NULL);
    }
    for (size_t i = 0; i < k->t.columns; i++) {
        near_try(&near, k->t.names[i]);
        if (i < 40) buf_printf(&known, "%s%s", i ? ", " : "", k->t.names[i]);
    }
    if (k->t.columns > 40) buf_add(&known, ", …");
    e = error_new("data-column-name", "name", name, "known", buf_text(&known), NULL);
    buf_free(&known);
    return near_tell(&near, e);
}

/* The place of a column among those asked for; *fresh: it was not there yet. */
static size_t add(struct chosen *k, size_t at) {
    if (k->which[at] >= 0) return (size_t)k->which[at];
    k->which[at] = (int)k->n;
    k->at[k->n] = (struct column){.at = at, .exact = true, .point = '.'};
    return k->n++;
}

/* The first column of that name from `at` on; k->t.columns: there is none. */
static size_t find_name(const struct chosen *k, const char *name, size_t at) {
    while (at < k->t.columns && !(k->t.names && strcmp(k->t.names[at], name) == 0))
        at++;
    return at;
}

/* Twice is once: taken has a mark for each column's place. */
static struct error *pick_one(struct chosen *k, const struct data_column *c, size_t *to,
                              size_t *n, bool *taken) {
    size_t from = c->from, end = c->to;
    if (c->name) {
        from = find_name(k, c->name, 0);
        if (from == k->t.columns) return no_column(k, c->name);
        size_t twin = find_name(k, c->name, from + 1);
        char first[24], second[24];
        if (twin < k->t.columns) {
            return error_new("data-twins", "name", c->name, "first",
                             whole_text(first, from + 1), "second",
                             whole_text(second, twin + 1), NULL);
        }
        end = ++from;
    }
    if (from < 1 || end > k->t.columns) {
        char bad[24], has[24];
        return error_new("data-column", "column",
                         whole_text(bad, from < 1 ? from : end), "has",
                         whole_text(has, k->t.columns), NULL);
    }
    for (size_t at = from - 1; at < end; at++) {
        size_t place = add(k, at);
        if (!taken[place]) to[(*n)++] = place;
        taken[place] = true;
    }
    return NULL;
}

static struct error *pick(struct chosen *k, const struct data_columns *which,
                          size_t **to, size_t *n) {
    *to = mem_alloc(k->t.columns, sizeof **to);
    bool *taken = mem_alloc(k->t.columns, sizeof *taken);
    struct error *e = NULL;
    for (size_t i = 0; i < which->n && !e; i++)
        e = pick_one(k, &which->at[i], *to, n, taken);
    free(taken);
    return e;
}

/* `..`, the columns that y has not, becomes ranges; columns.at owned by the caller. */
static struct data_columns without(const struct chosen *k,
                                   const struct data_columns *x) {
    struct data_columns to = {0};
    struct data_column *at = mem_alloc(x->n + k->t.columns, sizeof *at);
    for (size_t i = 0; i < x->n; i++) {
        if (!x->at[i].rest) at[to.n++] = x->at[i];
        for (size_t c = 0; x->at[i].rest && c < k->t.columns; c++) {
            if (k->which[c] < 0)
                at[to.n++] = (struct data_column){.from = c + 1, .to = c + 1};
        }
    }
    to.at = at;
    return to;
}

static bool wants_rest(const struct data_columns *x) {
    for (size_t i = 0; i < x->n; i++) {
        if (x->at[i].rest) return true;
    }
    return false;
}

/* An answer that stands among the inputs would teach nothing but to look it up; of a
 * series it is the next one. */
static struct error *apart(const struct chosen *k) {
    char text[24];
    for (size_t i = 0; i < k->n_y; i++) {
        for (size_t j = 0; j < k->n_x; j++) {
            if (k->x[j] != k->y[i]) continue;
            return error_new("data-both", "column", chosen_name(k, k->y[i], text),
                             NULL);
        }
    }
    return NULL;
}

struct error *chosen_choose(struct chosen *k, const struct data_columns *x,
                            const struct data_columns *y,
                            const struct data_order *how) {
    struct error *e = memory_left_for((double)k->t.columns * 400);
    if (e) return e;
    k->which = mem_alloc(k->t.columns, sizeof *k->which);
    for (size_t c = 0; c < k->t.columns; c++) k->which[c] = -1;
    k->at = mem_alloc(k->t.columns, sizeof *k->at);
    k->cells = mem_alloc(k->t.columns, sizeof *k->cells);
    k->wholes = mem_alloc(k->t.columns, sizeof *k->wholes);
    k->plain = mem_alloc(k->t.columns, sizeof *k->plain);
    bool rest = wants_rest(x); /* what y has is known first */
    if (rest) e = pick(k, y, &k->y, &k->n_y);
    struct data_columns all = without(k, x);
    if (!e) e = pick(k, &all, &k->x, &k->n_x);
    if (!e && !rest) e = pick(k, y, &k->y, &k->n_y);
    free((void *)(uintptr_t)all.at);
    if (!e && !how->window) e = apart(k);
    if (!e && how->classes && k->n_y == 1) k->at[k->y[0]].classes = true;
    return e;
}

/* ---- what they hold ---- */

static inline void see(struct numbers *is, double v) {
    if (!is->n++) is->least = is->most = v;
    if (v < is->least) is->least = v;
    if (v > is->most) is->most = v;
}

static void see_signed(struct numbers *is, double v, unsigned signs) {
    see(is, v);
    is->groups += (signs & CELL_GROUPS) != 0;
    is->commas += (signs & CELL_COMMA) != 0;
}

static void see_unit(struct column *c, struct cell unit) {
    if (!unit.n) return;
    if (!c->units++) c->unit = unit;
    if (!c->other.n && !cell_same(unit, c->unit)) c->other = unit;
}

static void see_cell(struct column *c, struct cell cell) {
    unsigned of_point = 0, of_comma = 0;
    double v, w;
    struct cell unit, other;
    bool point = cell_measure(cell, '.', &v, &of_point, &unit);
    bool comma = cell_measure(cell, ',', &w, &of_comma, &other);
    if (!point && !comma) {
        c->texts++;
        return;
    }
    see_unit(c, point ? unit : other);
    unsigned signs = point ? of_point : of_comma;
    if (point && comma && v == w) {
        see_signed(&c->same, v, of_point);
    } else {
        if (point) see_signed(&c->of_point, v, of_point);
        if (comma) see_signed(&c->of_comma, w, of_comma);
        c->both += point && comma;
    }
    c->exact &= point && v == floor(v) && !(v == 0 && signbit(v));
    c->money += (signs & CELL_MONEY) != 0;
    c->percents += (signs & CELL_PERCENT) != 0;
    c->scaled += (signs & CELL_SCALED) != 0;
    if (!c->coin) c->coin = signs / CELL_COINS;
    c->coins += signs / CELL_COINS && signs / CELL_COINS != c->coin;
    c->rounds += (signs & CELL_ROUND) != 0;
    c->bare += (signs & CELL_ROUND) && !(signs & (CELL_MONEY | CELL_GROUPS));
}

static inline void see_whole(struct whole *is, int64_t v) {
    if (!is->n++) is->least = is->most = v;
    if (v < is->least) is->least = v;
    if (v > is->most) is->most = v;
}

/* Digits with a point among them: 1.201 may be thousands. */
static void see_decimals(struct column *c, int64_t mantissa, int places) {
    double v = (double)mantissa;
    int64_t size = mantissa < 0 ? -mantissa : mantissa;
    if (places > c->places) c->places = places;
    see(&c->of_point, v / tens[places]);
    if (places != 3 || size < 1000 || size > 999999) return;
    see_signed(&c->of_comma, v, CELL_GROUPS);
    c->both++;
}

static struct error *ragged(const struct chosen *k, size_t line, size_t has) {
    char l[24], h[24], w[24];
    return error_new("data-ragged", "file", k->path, "line", whole_text(l, line), "has",
                     whole_text(h, has), "wants", whole_text(w, k->t.columns), NULL);
}

static struct error *look_row(struct chosen *k, struct csv_walk *w, bool *gap) {
    size_t at = 0;
    struct cell cell;
    for (;; at++) {
        int which = at < k->t.columns ? k->which[at] : -1;
        int64_t mantissa;
        int places;
        if (which >= 0 && csv_digits(w, &mantissa, &places)) {
            if (places) see_decimals(&k->at[which], mantissa, places);
            else see_whole(&k->wholes[which], mantissa);
            continue;
        }
        if (!csv_cell(w, &cell)) break;
        if (which < 0) continue;
        if (cell_gap(cell)) *gap = true;
        else see_cell(&k->at[which], cell);
    }
    if (w->open || at == k->t.columns) return NULL;
    return ragged(k, w->row, at);
}

/* How many numbers can be read in one way alone: 1.5 and 1,234.5 are of a point, 1,5
 * and 1.234,5 of a comma. */
static size_t sure_of(const struct column *c, const struct numbers *way) {
    return way->n - c->both;
}

/* What a table's columns say of its comma: ',' parts the decimals, or '.', or 0. */
static char point_of_table(const struct chosen *k) {
    size_t points = 0, commas = 0;
    for (size_t i = 0; i < k->n; i++) {
        const struct column *c = &k->at[i];
        if (c->texts > c->same.n + c->of_point.n + c->of_comma.n) continue;
        points += sure_of(c, &c->of_point);
        commas += sure_of(c, &c->of_comma);
    }
    if (!points == !commas) return points || k->t.separator != ';' ? 0 : ',';
    return commas ? ',' : '.';
}

/* 1,5 beside semicolons is one and a half, 51,360 elsewhere thousands; where a column
 * leaves it open, the others say. Three decimals are a litre's price, not $13.500. */
static char point_of(const struct column *c, char table) {
    size_t points = sure_of(c, &c->of_point), commas = sure_of(c, &c->of_comma);
    if (!c->of_comma.n) return '.';
    if (points != commas) return commas > points ? ',' : '.';
    if (table) return table;
    bool groups = c->of_comma.groups == c->of_comma.n;
    bool prices = c->money && groups && c->of_point.most >= 10;
    return prices ? ',' : '.';
}

static struct numbers joined(struct numbers a, const struct numbers *b) {
    if (!a.n) return *b;
    if (!b->n) return a;
    return (struct numbers){a.n + b->n, a.groups + b->groups, a.commas + b->commas,
                            fmin(a.least, b->least), fmax(a.most, b->most)};
}

static struct numbers numbers_of(const struct whole *w) {
    return (struct numbers){
        .n = w->n, .least = (double)w->least, .most = (double)w->most};
}

static void settle(struct column *c, char table) {
    c->point = point_of(c, table);
    c->is = joined(c->same, c->point == ',' ? &c->of_comma : &c->of_point);
    size_t cells = c->texts + c->same.n + c->of_point.n + c->of_comma.n - c->both;
    size_t numbers = c->is.n;
    c->of_unit = !c->other.n && 2 * c->units > numbers;
    /* kg and g, or a slip: 5O for 50; of either point */
    if (!c->of_unit) numbers -= c->units < numbers ? c->units : numbers;
    if (c->bare == numbers) numbers = 0; /* (1), (2): marks, not numbers below 0 */
    c->text = cells - numbers > numbers;
    c->classes |= c->text;
    c->exact &= !c->text && c->point == '.' && !c->classes;
}

static struct error *walk_rows(struct chosen *k) {
    struct csv_walk w = csv_rows(&k->t);
    struct error *e = NULL;
    bool left = false;
    size_t room = 0;
    while (!e && csv_row(&w) && !interrupt_flag) {
        bool gap = false;
        e = look_row(k, &w, &gap);
        if (w.open) break;
        if (gap && k->gaps++ < GAP_LINES) k->gap_lines[k->gaps - 1] = w.row;
        if (!gap && left && k->rows) {
            if (k->n_breaks == room) {
                room = room ? 2 * room : 16;
                k->breaks = mem_grow(k->breaks, room, sizeof *k->breaks);
            }
            k->breaks[k->n_breaks++] = k->rows;
        }
        left = gap;
        k->rows += !gap;
    }
    k->comments = w.comments;
    if (!e) e = csv_open_quote(&w, k->path);
    return e ? e : interrupt_error();
}

/* ---- values that are numbered ---- */

static void add_text(struct column *c, struct cell cell) {
    char *text = cell_text(cell);
    if (map_get(&c->place, text) >= 0) {
        free(text);
        return;
    }
    c->values = mem_grow(c->values, c->n_values + 1, sizeof *c->values);
    c->values[c->n_values] = text;
    map_set(&c->place, text, (int)c->n_values++);
}

/* Where v stands among the sorted, or would. */
static size_t place_of(const struct column *c, double v) {
    size_t low = 0, high = c->n_values;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c->sorted[middle] < v) low = middle + 1;
        else high = middle;
    }
    return low;
}

static void add_number(struct column *c, double v) {
    size_t at = place_of(c, v);
    if (at < c->n_values && c->sorted[at] == v) return;
    c->sorted = mem_grow(c->sorted, c->n_values + 1, sizeof *c->sorted);
    memmove(c->sorted + at + 1, c->sorted + at, (c->n_values - at) * sizeof(double));
    c->sorted[at] = v;
    c->n_values++;
}

static bool is_input(const struct chosen *k, size_t i) {
    for (size_t j = 0; j < k->n_x; j++) {
        if (k->x[j] == i) return true;
    }
    return false;
}

/* So many values are an input for each, or classes, no more. */
static struct error *check_values(const struct chosen *k, size_t i) {
    const struct column *c = &k->at[i];
    char name[24], n[24], most[24];
    bool input = c->text && is_input(k, i);
    size_t limit = input                       ? VALUES_OF_INPUT
                   : k->rows / 2 > FEW_CLASSES ? k->rows / 2
                                               : FEW_CLASSES;
    if (!input && limit > CLASSES_MOST) limit = CLASSES_MOST;
    if (c->n_values <= limit) return NULL;
    return error_new(input ? "data-many-values" : "data-many-classes", "column",
                     chosen_name(k, i, name), "n", whole_text(n, c->n_values), "most",
                     whole_text(most, limit), NULL);
}

/* The row's cells that are asked for; false: one is a gap. */
static bool take_cells(struct chosen *k, struct csv_walk *w) {
    struct cell c;
    bool whole = true;
    for (size_t at = 0; csv_cell(w, &c); at++) {
        if (at >= k->t.columns || k->which[at] < 0) continue;
        k->cells[k->which[at]] = c;
        whole &= !cell_gap(c);
    }
    return whole;
}

static struct error *bad_cell(const struct chosen *k, size_t i, size_t line,
                              struct cell cell) {
    char l[24], name[24], *text = cell_text(cell);
    struct error *e =
        error_new("data-bad-cell", "file", k->path, "line", whole_text(l, line),
                  "column", chosen_name(k, i, name), "cell", text, NULL);
    free(text);
    return e;
}

/* A number of the column: with its unit, or with none. */
static bool take_number(const struct column *c, struct cell cell, double *v) {
    unsigned signs = 0;
    struct cell unit;
    return cell_measure(cell, c->point, v, &signs, &unit) &&
           (!unit.n || (c->of_unit && cell_same(unit, c->unit)));
}

static struct error *find_values(struct chosen *k) {
    struct csv_walk w = csv_rows(&k->t);
    struct error *e = NULL;
    while (!e && csv_row(&w) && !(e = interrupt_error())) {
        if (!take_cells(k, &w)) continue;
        for (size_t i = 0; i < k->n && !e; i++) {
            struct column *c = &k->at[i];
            double v;
            if (!c->classes) continue;
            if (c->text) add_text(c, k->cells[i]);
            else if (take_number(c, k->cells[i], &v)) add_number(c, v);
            else e = bad_cell(k, i, w.row, k->cells[i]);
            if (!e) e = check_values(k, i);
        }
    }
    return e;
}

struct error *chosen_look(struct chosen *k) {
    struct error *e = walk_rows(k);
    bool classes = false;
    for (size_t i = 0; i < k->n; i++) {
        const struct numbers wholes = numbers_of(&k->wholes[i]);
        k->at[i].same = joined(k->at[i].same, &wholes);
    }
    char table = point_of_table(k);
    for (size_t i = 0; i < k->n; i++) {
        settle(&k->at[i], table);
        classes |= k->at[i].classes;
        k->plain[i] = k->at[i].point == '.' && !k->at[i].classes;
    }
    if (!e && !k->rows) e = error_new("data-all-gaps", "file", k->path, NULL);
    return e || !classes ? e : find_values(k);
}

/* ---- rows ---- */

static struct error *read_cell(const struct chosen *k, size_t i, size_t line,
                               struct cell cell, real *to) {
    const struct column *c = &k->at[i];
    if (c->text) {
        char *text = cell_text(cell);
        *to = map_get(&c->place, text);
        free(text);
        return NULL;
    }
    if (!take_number(c, cell, to)) return bad_cell(k, i, line, cell);
    if (c->classes) *to = (real)place_of(c, *to);
    return NULL;
}

static struct error *read_row(struct chosen *k, struct csv_walk *w, real *row,
                              bool *gap) {
    struct error *e = NULL;
    struct cell cell;
    for (size_t at = 0; !e; at++) {
        int i = at < k->t.columns ? k->which[at] : -1;
        int64_t mantissa;
        int places;
        if (i >= 0 && k->plain[i] && csv_digits(w, &mantissa, &places)) {
            double v = (double)mantissa;
            row[i] = places ? v / tens[places] : v;
            continue;
        }
        if (!csv_cell(w, &cell)) break;
        if (i < 0) continue;
        if (cell_gap(cell)) *gap = true;
        else e = read_cell(k, (size_t)i, w->row, cell, &row[i]);
    }
    return e;
}

bool chosen_row(struct chosen *k, struct csv_walk *w, real *row, struct error **e) {
    bool gap = true;
    *e = NULL;
    while (gap && !*e && csv_row(w)) {
        gap = false;
        *e = read_row(k, w, row, &gap);
        if (!*e) *e = interrupt_error();
    }
    return !gap && !*e;
}
