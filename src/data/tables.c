/* Sets from tables: the shipped ones and a person's own. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/memory_left.h"
#include "data/chosen.h"
#include "data/loaders.h"
#include "data/notes.h"

enum { PACKED_FROM = 1 << 16 }; /* numbers: smaller sets are tensors */

/* ---- rows into place ---- */

/* A set in the making: where each row goes, and in which form. */
struct making {
    struct chosen *k;
    size_t learn, rows; /* to learn from; all that are kept */
    size_t inputs;      /* numbers of x in a row: a text has one for each value */
    size_t *place;      /* of each row, shuffled; NULL: as it stands */
    struct tensor *x[2], *y[2];
    struct packed *packed[2];
};

static size_t width_of(const struct column *c) { return c->text ? c->n_values : 1; }

/* Bytes of a number of x in its narrowest form that is exact, and what they are over;
 * 0: doubles. */
static int narrow(const struct making *m, double *over) {
    double least = 0, most = 1;
    int places = 0;
    for (size_t i = 0; i < m->k->n_x; i++) {
        const struct column *c = &m->k->at[m->k->x[i]];
        if (c->text) continue;
        if (!c->exact) return 0;
        if (c->places > places) places = c->places;
        least = fmin(least, c->is.least);
        most = fmax(most, c->is.most);
    }
    if (places > 9 || m->rows * m->inputs < PACKED_FROM) return 0;
    *over = pow(10, places);
    return packed_width(least * *over, most * *over);
}

static struct error *make_room(struct making *m, bool series) {
    double over = 1;
    int width = series ? 0 : narrow(m, &over);
    size_t n[2] = {m->learn, m->rows - m->learn};
    double numbers =
        (double)m->rows *
        (double)(m->inputs * (size_t)(width ? width : 8) + m->k->n_y * sizeof(real));
    struct error *e = memory_left_for(numbers + 8.0 * (double)m->inputs);
    for (int i = 0; i < 2 && !e && n[i]; i++) {
        struct shape x = {2, {n[i], m->inputs}}, y = {2, {n[i], m->k->n_y}};
        e = tensor_new(y, &m->y[i]);
        if (!e && !width) e = tensor_new(x, &m->x[i]);
        if (!e && width && !(m->packed[i] = packed_new(x, width, over)))
            e = memory_left_short(numbers);
    }
    return e;
}

/* The inputs of a row, texts one-hot. */
static void spread(const struct making *m, const real *row, real *to) {
    for (size_t i = 0; i < m->k->n_x; i++) {
        const struct column *c = &m->k->at[m->k->x[i]];
        real v = row[m->k->x[i]];
        if (!c->text) *to++ = v;
        for (size_t value = 0; c->text && value < c->n_values; value++)
            *to++ = v == (real)value;
    }
}

static void put_row(struct making *m, size_t r, const real *row, real *inputs) {
    size_t at = m->place ? m->place[r] : r, n = m->inputs;
    int part = at >= m->learn;
    if (part) at -= m->learn;
    spread(m, row, inputs);
    struct packed *p = m->packed[part];
    if (!p) memcpy(m->x[part]->data + at * n, inputs, n * sizeof(real));
    for (size_t i = 0; p && p->over == 1 && i < n; i++)
        packed_put(p, at * n + i, (int64_t)inputs[i]);
    for (size_t i = 0; p && p->over != 1 && i < n; i++)
        packed_put(p, at * n + i, llrint(inputs[i] * p->over));
    real *y = m->y[part]->data + at * m->k->n_y;
    for (size_t i = 0; i < m->k->n_y; i++) y[i] = row[m->k->y[i]];
}

static struct error *put_rows(struct making *m) {
    struct error *e = NULL;
    real *row = mem_alloc(m->k->n, sizeof *row);
    real *inputs = mem_alloc(m->inputs, sizeof *inputs);
    struct csv_walk w = csv_rows(&m->k->t);
    for (size_t r = 0; r < m->rows && chosen_row(m->k, &w, row, &e); r++)
        put_row(m, r, row, inputs);
    free(row);
    free(inputs);
    return e;
}

/* Row i of the shuffled ones is order[i] of the file: where each of the file's goes. */
static size_t *places_of(size_t rows, uint64_t seed) {
    size_t *order = data_shuffled(rows, seed), *place = mem_alloc(rows, sizeof *place);
    for (size_t i = 0; i < rows; i++) place[order[i]] = i;
    free(order);
    return place;
}

static struct error *make(struct dataset *d, struct chosen *k,
                          const struct data_order *how) {
    struct making m = {.k = k, .rows = k->rows};
    for (size_t i = 0; i < k->n_x; i++) m.inputs += width_of(&k->at[k->x[i]]);
    size_t test = how->test > 0 && !how->window ? data_share(m.rows, how->test) : 0;
    m.learn = m.rows - test;
    struct error *e = memory_left_for(16.0 * (double)m.rows);
    if (!e && test) m.place = places_of(m.rows, how->seed);
    if (!e) e = make_room(&m, how->window > 0);
    if (!e) e = put_rows(&m);
    d->x = m.x[0];
    d->y = m.y[0];
    d->x_test = m.x[1];
    d->y_test = m.y[1];
    d->packed = m.packed[0];
    d->packed_test = m.packed[1];
    free(m.place);
    return e;
}

/* What y's values are: as it was said, or by the rule that looks at them. */
static void find_classes(struct dataset *d, const struct chosen *k) {
    const struct column *c = &k->at[k->y[0]];
    if (k->n_y != 1) return;
    d->classes = c->classes ? c->n_values : data_classes(d->y, d->y_test);
}

/* The columns that were chosen become the set. */
static struct error *from_chosen(struct dataset *d, struct chosen *k,
                                 const struct data_order *how) {
    struct error *e = chosen_look(k);
    if (!e) e = make(d, k, how);
    if (!e) find_classes(d, k);
    if (!e && how->window) e = data_windows(d, k->breaks, k->n_breaks, how);
    if (!e && how->scaled) data_scale(d);
    return e;
}

/* ---- the shipped ones ---- */

static char *path_of(const struct data_order *how, const char *file) {
    struct buf b = {0};
    buf_printf(&b, "%s/data/%s", how->home ? how->home : ".", file);
    return buf_take(&b);
}

/* Is it in a list with commas between? */
static bool is_among(const char *name, const char *list) {
    size_t n = strlen(name);
    while (list && *list) {
        size_t length = strcspn(list, ",");
        if (length == n && memcmp(list, name, n) == 0) return true;
        list += length + (list[length] == ',');
    }
    return false;
}

/* Every column is an input, but the answer's and those to leave. */
struct error *table_load(struct dataset *d, const struct data_row *row,
                         const struct data_order *order) {
    struct chosen k;
    struct data_order how = *order;
    char *path = path_of(order, row->file);
    struct error *e = chosen_open(&k, NULL, path);
    struct data_column *xs = e ? NULL : mem_alloc(k.t.columns, sizeof *xs);
    struct data_column answer = {.name = row->answer};
    struct data_columns x = {xs, 0}, y = {&answer, 1};
    if (how.test < 0) how.test = 0.2;
    how.scaled = true;
    if (!e && !answer.name) answer.name = k.t.names[k.t.columns - 1];
    for (size_t c = 0; !e && c < k.t.columns; c++) {
        if (strcmp(k.t.names[c], answer.name) == 0) continue;
        if (is_among(k.t.names[c], row->leave)) continue;
        xs[x.n++].name = k.t.names[c];
    }
    if (!e) e = chosen_choose(&k, &x, &y, &how);
    if (!e) e = from_chosen(d, &k, &how);
    if (!e) notes_of_rows(d, &k);
    if (!e) data_note(d, "data.scaled", NULL);
    free(xs);
    chosen_close(&k);
    free(path);
    return e;
}

/* 8×8 to `side`: bilinear, the corners' middles on the corners' middles. */
static void enlarge(const real *from, real *to, size_t side) {
    for (size_t r = 0; r < side; r++) {
        for (size_t c = 0; c < side; c++) {
            double y = (double)r * 7 / (double)(side - 1);
            double x = (double)c * 7 / (double)(side - 1);
            size_t top = y < 7 ? (size_t)y : 6, left = x < 7 ? (size_t)x : 6;
            double down = y - (double)top, right = x - (double)left;
            const real *p = from + top * 8 + left;
            to[r * side + c] = (1 - down) * ((1 - right) * p[0] + right * p[1]) +
                               down * ((1 - right) * p[8] + right * p[9]);
        }
    }
}

/* A picture a row: 64 greys and what it is. */
static struct error *read_picture(struct csv_walk *w, const char *path, real *greys,
                                  real *is) {
    int64_t v;
    int places;
    for (size_t i = 0; i < 64; i++) {
        if (!csv_digits(w, &v, &places))
            return error_new("data-file-damaged", "file", path, NULL);
        greys[i] = (real)v;
    }
    if (!csv_digits(w, &v, &places) || csv_cells(w))
        return error_new("data-file-damaged", "file", path, NULL);
    *is = (real)v;
    return NULL;
}

static size_t count_rows(const struct csv *t) {
    size_t n = 0;
    for (struct csv_walk w = csv_rows(t); csv_row(&w);) n++;
    return n;
}

struct error *pictures_load(struct dataset *d, const struct data_row *row,
                            const struct data_order *how) {
    struct csv t;
    char *path = path_of(how, row->file);
    struct error *e = csv_open(&t, path);
    size_t side = row->x.dim[1], rows = e ? 0 : count_rows(&t);
    struct tensor *x = NULL, *y = NULL;
    if (!e) e = tensor_new((struct shape){4, {rows, 1, side, side}}, &x);
    if (!e) e = tensor_new((struct shape){2, {rows, 1}}, &y);
    struct csv_walk w = csv_rows(&t);
    for (size_t r = 0; !e && csv_row(&w); r++) {
        real small[64];
        if ((e = read_picture(&w, path, small, &y->data[r]))) break;
        for (size_t i = 0; i < 64; i++) small[i] /= row->white;
        real *to = x->data + r * side * side;
        if (side == 8) memcpy(to, small, sizeof small);
        else enlarge(small, to, side);
    }
    if (e) {
        tensor_unref(x);
        tensor_unref(y);
    } else {
        d->classes = row->classes;
        data_split(d, x, y, how->test < 0 ? 0.2 : how->test, how->seed);
        char white[24], size[48];
        snprintf(white, sizeof white, "%g", row->white);
        snprintf(size, sizeof size, "%zu×%zu", side, side);
        data_note(d, side == 8 ? "data.greys" : "data.enlarged", "white", white, "size",
                  size, NULL);
    }
    csv_close(&t);
    free(path);
    return e;
}

/* ---- a person's own ---- */

struct error *data_load_csv(struct dataset *d, const char *path,
                            const struct data_columns *x, const struct data_columns *y,
                            const struct data_order *how) {
    struct chosen k;
    *d = (struct dataset){0};
    struct error *e = chosen_open(&k, how->beside, path);
    if (!e) notes_of_file(d, &k);
    if (!e && k.t.columns < 2 && !how->window)
        e = error_new("data-one-column", "file", path, NULL);
    if (!e) e = chosen_choose(&k, x, y, how);
    if (!e) e = from_chosen(d, &k, how);
    if (!e) notes_of_rows(d, &k);
    if (!e) notes_of_order(d, &k, how);
    chosen_close(&k);
    return e;
}
