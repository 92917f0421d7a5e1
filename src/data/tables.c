/* Sets from tables: the shipped ones and a person's own. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "data/csv.h"
#include "data/loaders.h"

/* ---- columns ---- */

/* A column's cells as numbers; text becomes classes, in order of first appearance. */
struct column {
    size_t at;
    bool text;
    const char **classes; /* borrowed from the table */
    size_t n_classes;
    struct map place; /* of each among them */
};

static void look_at(const struct csv *t, struct column *c) {
    size_t numbers = 0, texts = 0;
    double v;
    for (size_t r = 0; r < t->rows && !interrupt_flag; r++) {
        const char *cell = t->cells[r * t->columns + c->at];
        if (csv_gap(cell)) continue;
        if (csv_number(cell, &v)) numbers++;
        else texts++;
    }
    c->text = texts > numbers;
}

static double class_of(struct column *c, const char *cell) {
    int known = map_get(&c->place, cell);
    if (known >= 0) return known;
    map_set(&c->place, cell, (int)c->n_classes);
    c->classes = mem_grow(c->classes, c->n_classes + 1, sizeof *c->classes);
    c->classes[c->n_classes] = cell;
    return (double)c->n_classes++;
}

static void column_free(struct column *c) {
    map_free(&c->place);
    free(c->classes);
}

static struct error *bad_cell(const char *path, size_t line, const char *cell) {
    char l[24];
    snprintf(l, sizeof l, "%zu", line);
    return error_new("data-bad-cell", "file", path, "line", l, "cell", cell, NULL);
}

/* One row's numbers; *gap where a cell is empty. */
static struct error *read_row(const struct csv *t, size_t r, struct column *columns,
                              size_t n, const char *path, double *to, bool *gap) {
    for (size_t k = 0; k < n; k++) {
        const char *cell = t->cells[r * t->columns + columns[k].at];
        if (csv_gap(cell)) *gap = true;
        else if (columns[k].text) to[k] = class_of(&columns[k], cell);
        else if (!csv_number(cell, &to[k])) return bad_cell(path, t->lines[r], cell);
    }
    return NULL;
}

/* Rows without gaps, as x and y. */
static struct error *read_rows(struct dataset *d, const struct csv *t,
                               struct column *xs, size_t n_x, struct column *ys,
                               size_t n_y, const char *path, struct tensor **x,
                               struct tensor **y) {
    size_t kept = 0, gaps = 0;
    struct buf left = {0};
    double *all = mem_alloc(t->rows * (n_x + n_y), sizeof *all);
    struct error *e = NULL;
    for (size_t r = 0; r < t->rows && !e; r++) {
        bool gap = false;
        double *row = all + kept * (n_x + n_y);
        e = read_row(t, r, xs, n_x, path, row, &gap);
        if (!e) e = read_row(t, r, ys, n_y, path, row + n_x, &gap);
        if (!e) e = interrupt_error();
        if (gap && gaps++ < 5)
            buf_printf(&left, gaps > 1 ? ", %zu" : "%zu", t->lines[r]);
        kept += !gap;
    }
    if (!e && !kept) e = error_new("data-all-gaps", "file", path, NULL);
    if (!e) {
        *x = tensor_zeros((struct shape){2, {kept, n_x}});
        *y = tensor_zeros((struct shape){2, {kept, n_y}});
        for (size_t r = 0; r < kept; r++) {
            memcpy((*x)->data + r * n_x, all + r * (n_x + n_y), n_x * sizeof(real));
            memcpy((*y)->data + r * n_y, all + r * (n_x + n_y) + n_x,
                   n_y * sizeof(real));
        }
        char n[24];
        snprintf(n, sizeof n, "%zu", gaps);
        if (gaps > 5) buf_add(&left, ", …");
        if (gaps) data_note(d, "data.gaps", "n", n, "lines", buf_text(&left), NULL);
    }
    buf_free(&left);
    free(all);
    return e;
}

static void note_classes(struct dataset *d, const struct csv *t,
                         const struct column *c) {
    struct buf b = {0};
    if (!c->text) return;
    for (size_t i = 0; i < c->n_classes && i < 20; i++) {
        const char *name = c->classes[i];
        size_t n = utf8_fit(name, 60);
        buf_printf(&b, "%s%zu %.*s%s", i ? ", " : "", i, (int)n, name,
                   name[n] ? "…" : "");
    }
    if (c->n_classes > 20) buf_add(&b, ", …");
    char n[24];
    snprintf(n, sizeof n, "%zu", c->at + 1);
    data_note(d, "data.classes", "column", t->names ? t->names[c->at] : n, "classes",
              buf_text(&b), NULL);
    buf_free(&b);
}

/* From a table, by columns; x scaled by the training part where `scale`. */
static struct error *from_table(struct dataset *d, const struct csv *t,
                                const char *path, struct column *xs, size_t n_x,
                                struct column *ys, size_t n_y, double share,
                                const struct data_order *how) {
    struct tensor *x, *y;
    for (size_t k = 0; k < n_x; k++) look_at(t, &xs[k]);
    for (size_t k = 0; k < n_y; k++) look_at(t, &ys[k]);
    struct error *e = read_rows(d, t, xs, n_x, ys, n_y, path, &x, &y);
    if (!e) {
        for (size_t k = 0; k < n_x; k++) note_classes(d, t, &xs[k]);
        for (size_t k = 0; k < n_y; k++) note_classes(d, t, &ys[k]);
        if (n_y == 1 && ys[0].text) d->classes = ys[0].n_classes;
        data_split(d, x, y, share, how->seed);
    }
    for (size_t k = 0; k < n_x; k++) column_free(&xs[k]);
    for (size_t k = 0; k < n_y; k++) column_free(&ys[k]);
    return e;
}

/* ---- scaling: mean 0, deviation 1, by the training part alone ---- */

static void scale_column(struct tensor *t, size_t c, double mean, double deviation) {
    for (size_t i = c; t && i < t->size; i += t->shape.dim[1]) {
        t->data[i] = (t->data[i] - mean) / deviation;
    }
}

static void scale(struct dataset *d) {
    size_t columns = d->x->shape.dim[1], rows = d->x->shape.dim[0];
    for (size_t c = 0; c < columns; c++) {
        double sum = 0, squares = 0;
        for (size_t r = 0; r < rows; r++) sum += d->x->data[r * columns + c];
        double mean = sum / (double)rows;
        for (size_t r = 0; r < rows; r++) {
            double off = d->x->data[r * columns + c] - mean;
            squares += off * off;
        }
        double deviation = sqrt(squares / (double)rows);
        if (deviation == 0) deviation = 1;
        scale_column(d->x, c, mean, deviation);
        scale_column(d->x_test, c, mean, deviation);
    }
}

/* ---- the shipped ones ---- */

static char *path_of(const struct data_order *how, const char *file) {
    struct buf b = {0};
    buf_printf(&b, "%s/data/%s", how->home ? how->home : ".", file);
    return buf_take(&b);
}

static bool is_column(const struct csv *t, size_t c, const char *name) {
    return name && t->names && strcmp(t->names[c], name) == 0;
}

/* Every column that holds numbers is an input, but the answer's and the one to
 * leave. */
struct error *table_load(struct dataset *d, const struct data_row *row,
                         const struct data_order *how) {
    struct csv t;
    char *path = path_of(how, row->file);
    struct error *e = csv_open(&t, path);
    struct column *xs = e ? NULL : mem_alloc(t.columns, sizeof *xs), ys = {0};
    size_t n = 0;
    if (!e) ys.at = t.columns - 1;
    for (size_t c = 0; !e && c < t.columns; c++) {
        if (is_column(&t, c, row->answer)) ys.at = c;
    }
    for (size_t c = 0; !e && c < t.columns; c++) {
        struct column x = {.at = c};
        look_at(&t, &x);
        if (c != ys.at && !x.text && !is_column(&t, c, row->leave)) xs[n++] = x;
    }
    if (!e) {
        e = from_table(d, &t, path, xs, n, &ys, 1, how->test < 0 ? 0.2 : how->test,
                       how);
    }
    if (!e) {
        scale(d);
        data_note(d, "data.scaled", NULL);
    }
    free(xs);
    csv_close(&t);
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

struct error *pictures_load(struct dataset *d, const struct data_row *row,
                            const struct data_order *how) {
    struct csv t;
    char *path = path_of(how, row->file);
    struct error *e = csv_open(&t, path);
    size_t side = row->x.dim[1];
    if (!e && t.columns != 65) e = error_new("data-file-damaged", "file", path, NULL);
    if (!e) {
        struct tensor *x = tensor_zeros((struct shape){4, {t.rows, 1, side, side}});
        struct tensor *y = tensor_zeros((struct shape){2, {t.rows, 1}});
        for (size_t r = 0; r < t.rows; r++) {
            real small[64];
            for (size_t i = 0; i < 64; i++) {
                small[i] = strtod(t.cells[r * 65 + i], NULL) / row->white;
            }
            real *to = x->data + r * side * side;
            if (side == 8) memcpy(to, small, sizeof small);
            else enlarge(small, to, side);
            y->data[r] = strtod(t.cells[r * 65 + 64], NULL);
        }
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

static struct error *pick(const struct csv *t, const struct data_columns *which,
                          struct column **out, size_t *n) {
    *n = 0;
    *out = mem_alloc(t->columns, sizeof **out);
    char text[24];
    if (!which->names) {
        size_t bad = which->from < 1 ? which->from : which->to;
        snprintf(text, sizeof text, "%zu", bad);
        if (which->from < 1 || which->to > t->columns) {
            char has[24];
            snprintf(has, sizeof has, "%zu", t->columns);
            return error_new("data-column", "column", text, "has", has, NULL);
        }
        for (size_t c = which->from; c <= which->to; c++) (*out)[(*n)++].at = c - 1;
        return NULL;
    }
    for (const char *s = which->names; *s;) {
        size_t length = strcspn(s, "\n"), c = 0;
        char *name = mem_copy_n(s, length);
        while (c < t->columns && !(t->names && strcmp(t->names[c], name) == 0)) c++;
        if (c == t->columns || *n == t->columns) {
            struct buf known = {0};
            for (size_t i = 0; t->names && i < t->columns; i++) {
                buf_printf(&known, "%s%s", i ? ", " : "", t->names[i]);
            }
            struct error *e = error_new("data-column-name", "name", name, "known",
                                        buf_text(&known), NULL);
            buf_free(&known);
            free(name);
            return e;
        }
        (*out)[(*n)++].at = c;
        free(name);
        s += length + (s[length] != '\0');
    }
    return NULL;
}

/* An answer that stands among the inputs would teach nothing but to look it up. */
static struct error *apart(const struct csv *t, const struct column *x, size_t n_x,
                           const struct column *y, size_t n_y) {
    char text[24];
    for (size_t i = 0; i < n_x * n_y; i++) {
        size_t at = y[i % n_y].at;
        if (x[i / n_y].at != at) continue;
        snprintf(text, sizeof text, "%zu", at + 1);
        return error_new("data-both", "column", t->names ? t->names[at] : text, NULL);
    }
    return NULL;
}

struct error *data_load_csv(struct dataset *d, const char *path,
                            const struct data_columns *x, const struct data_columns *y,
                            const struct data_order *how) {
    struct csv t;
    struct column *xs = NULL, *ys = NULL;
    size_t n_x = 0, n_y = 0;
    *d = (struct dataset){0};
    struct error *e = csv_open_in(&t, how->beside, path);
    if (!e && t.charset) {
        data_note(d, "data.charset", "file", path, "charset", t.charset, NULL);
    }
    if (!e && t.columns < 2) e = error_new("data-one-column", "file", path, NULL);
    if (!e) e = pick(&t, x, &xs, &n_x);
    if (!e) e = pick(&t, y, &ys, &n_y);
    if (!e) e = apart(&t, xs, n_x, ys, n_y);
    if (!e) {
        double share = how->test < 0 ? 0 : how->test;
        e = from_table(d, &t, path, xs, n_x, ys, n_y, share, how);
    }
    free(xs);
    free(ys);
    csv_close(&t);
    return e;
}
