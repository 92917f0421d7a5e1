#include "learning/batches.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"

static const struct def *value_of(struct board *b, const char *name) {
    const struct def *d = board_get(b, name);
    return d && d->kind == DEF_VALUE ? d : NULL;
}

static size_t rows_of(const struct def *d) {
    return d && d->shape.n ? d->shape.dim[0] : 0;
}

static size_t row_of(const struct def *d) {
    size_t rows = rows_of(d);
    return rows ? shape_size(&d->shape) / rows : d != NULL;
}

static struct error *check_part(const struct part *p, const char *x, const char *y) {
    const struct def *both[] = {p->x, p->y};
    for (int k = 0; k < 2; k++) {
        struct error *e = both[k] && (k || !both[k]->packed) ? def_hold(both[k]) : NULL;
        if (e) return e;
        const struct tensor *t =
            both[k] && !both[k]->packed ? def_tensor(both[k]) : NULL;
        for (size_t i = 0; t && i < t->size; i++) {
            if (isfinite(t->data[i])) continue;
            char row[24];
            snprintf(row, sizeof row, "%zu", i / row_of(both[k]));
            return error_new("data-not-finite", "name", k ? y : x, "row", row, NULL);
        }
    }
    if (!p->y || rows_of(p->y) == p->rows) return NULL;
    char nx[24], ny[24];
    snprintf(nx, sizeof nx, "%zu", p->rows);
    snprintf(ny, sizeof ny, "%zu", rows_of(p->y));
    return error_new("data-rows", "x", nx, "y", ny, NULL);
}

/* Of a formula there are no rows to take: it would be passed over without a word. y may
 * be one of X, batch by batch. */
static struct error *check_values(struct board *b) {
    static const char *const names[] = {"X", "X.test", "y.test"};
    for (int i = 0; i < 3; i++) {
        const struct def *d = board_get(b, names[i]), *y = board_get(b, "y");
        if (!d || d->kind != DEF_FORMULA) continue;
        if (i == 2 && y && y->kind == DEF_FORMULA) continue;
        struct buf formula = {0};
        expr_print(&formula, d->expr);
        struct error *e = error_new("data-formula", "name", names[i], "formula",
                                    buf_text(&formula), NULL);
        buf_free(&formula);
        return e;
    }
    return NULL;
}

struct error *batches_open(struct batches *b, struct session *s, size_t size) {
    *b = (struct batches){.size = size};
    struct error *formula = check_values(s->board);
    if (formula) return formula;
    b->train.x = value_of(s->board, "X");
    b->train.y = value_of(s->board, "y");
    b->train.rows = rows_of(b->train.x);
    if (!b->train.rows) return error_new("no-data", NULL);
    b->test.x = value_of(s->board, "X.test");
    b->test.y = value_of(s->board, "y.test");
    b->test.rows = rows_of(b->test.x);
    struct error *e = check_part(&b->train, "X", "y");
    if (!e && b->test.rows) e = check_part(&b->test, "X.test", "y.test");
    if (!e && b->test.rows && !b->test.y && b->train.y) {
        char rows[24];
        snprintf(rows, sizeof rows, "%zu", b->test.rows);
        e = error_new("data-rows-test", "x", rows, NULL);
    }
    if (!e && b->test.rows &&
        (row_of(b->test.x) != row_of(b->train.x) ||
         row_of(b->test.y) != row_of(b->train.y))) {
        struct buf x = {0}, other = {0};
        shape_print(&x, &b->train.x->shape);
        shape_print(&other, &b->test.x->shape);
        e = error_new("data-test-shape", "x", buf_text(&x), "test", buf_text(&other),
                      NULL);
        buf_free(&x);
        buf_free(&other);
    }
    if (!e && size > b->train.rows) {
        char batch[24], rows[24];
        snprintf(batch, sizeof batch, "%zu", size);
        snprintf(rows, sizeof rows, "%zu", b->train.rows);
        e = error_new("batch-too-large", "batch", batch, "rows", rows, NULL);
    }
    if (e) return e;
    b->x_row = row_of(b->train.x);
    b->y_row = row_of(b->train.y);
    b->order = mem_alloc(b->train.rows, sizeof *b->order);
    for (size_t i = 0; i < b->train.rows; i++) b->order[i] = i;
    b->x = mem_alloc(size * b->x_row, sizeof *b->x);
    b->y = mem_alloc(size * b->y_row + 1, sizeof *b->y);
    b->row = mem_alloc(b->x_row + b->y_row, sizeof *b->row);
    return NULL;
}

void batches_close(struct batches *b) {
    free(b->order);
    free(b->x);
    free(b->y);
    free(b->row);
    *b = (struct batches){0};
}

void batches_shuffle(struct batches *b, uint64_t seed, size_t epoch) {
    struct dice d = dice_for(seed, "shuffle", epoch);
    dice_shuffle(&d, b->order, b->train.rows);
}

static void copy_row(struct batches *b, const struct part *p, size_t row, size_t to) {
    def_read(p->x, row, 1, b->row);
    for (size_t i = 0; i < b->x_row; i++) b->x[to * b->x_row + i] = (float)b->row[i];
    if (b->y_row) def_read(p->y, row, 1, b->row);
    for (size_t i = 0; i < b->y_row; i++) b->y[to * b->y_row + i] = (float)b->row[i];
}

static size_t rows_from(const struct batches *b, size_t rows, size_t at) {
    return rows - at < b->size ? rows - at : b->size;
}

size_t batches_take(struct batches *b, size_t at) {
    size_t n = rows_from(b, b->train.rows, at);
    for (size_t i = 0; i < n && !interrupt_flag; i++)
        copy_row(b, &b->train, b->order[at + i], i);
    return n;
}

size_t batches_take_of(struct batches *b, const struct part *p, size_t at) {
    size_t n = rows_from(b, p->rows, at);
    for (size_t i = 0; i < n && !interrupt_flag; i++) copy_row(b, p, at + i, i);
    return n;
}

struct shape batches_shape(const struct def *d, size_t rows) {
    struct shape s = d->shape;
    s.dim[0] = rows;
    return s;
}
