#include "language/batches.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const struct tensor *tensor_of(struct board *b, const char *name) {
    const struct def *d = board_get(b, name);
    return d && d->kind == DEF_VALUE ? d->value : NULL;
}

static size_t rows_of(const struct tensor *t) {
    return t && t->shape.n ? t->shape.dim[0] : 0;
}

static struct error *check_part(const struct part *p, const char *x, const char *y) {
    const struct tensor *both[] = {p->x, p->y};
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; both[k] && i < both[k]->size; i++) {
            if (isfinite(both[k]->data[i])) continue;
            char row[24];
            snprintf(row, sizeof row, "%zu", i / (both[k]->size / p->rows));
            return error_new("data-not-finite", "name", k ? y : x, "row", row, NULL);
        }
    }
    if (!p->y || rows_of(p->y) == p->rows) return NULL;
    char nx[24], ny[24];
    snprintf(nx, sizeof nx, "%zu", p->rows);
    snprintf(ny, sizeof ny, "%zu", rows_of(p->y));
    return error_new("data-rows", "x", nx, "y", ny, NULL);
}

struct error *batches_open(struct batches *b, struct session *s, size_t size) {
    *b = (struct batches){.size = size};
    b->train.x = tensor_of(s->board, "X");
    b->train.y = tensor_of(s->board, "y");
    b->train.rows = rows_of(b->train.x);
    if (!b->train.rows) return error_new("no-data", NULL);
    b->test.x = tensor_of(s->board, "X.test");
    b->test.y = tensor_of(s->board, "y.test");
    b->test.rows = rows_of(b->test.x);
    struct error *e = check_part(&b->train, "X", "y");
    if (!e && b->test.rows) e = check_part(&b->test, "X.test", "y.test");
    if (!e && size > b->train.rows) {
        char batch[24], rows[24];
        snprintf(batch, sizeof batch, "%zu", size);
        snprintf(rows, sizeof rows, "%zu", b->train.rows);
        e = error_new("batch-too-large", "batch", batch, "rows", rows, NULL);
    }
    if (e) return e;
    b->x_row = b->train.x->size / b->train.rows;
    b->y_row = b->train.y ? b->train.y->size / b->train.rows : 0;
    b->order = mem_alloc(b->train.rows, sizeof *b->order);
    for (size_t i = 0; i < b->train.rows; i++) b->order[i] = i;
    b->x = mem_alloc(size * b->x_row, sizeof *b->x);
    b->y = mem_alloc(size * b->y_row + 1, sizeof *b->y);
    return NULL;
}

void batches_close(struct batches *b) {
    free(b->order);
    free(b->x);
    free(b->y);
    *b = (struct batches){0};
}

void batches_shuffle(struct batches *b, uint64_t seed, size_t epoch) {
    struct dice d = dice_for(seed, "shuffle", epoch);
    for (size_t i = 0; i < b->train.rows; i++) b->order[i] = i;
    for (size_t i = b->train.rows; i > 1; i--) { /* Fisher and Yates */
        size_t j = (size_t)(dice_uniform(&d) * (double)i), was = b->order[i - 1];
        b->order[i - 1] = b->order[j];
        b->order[j] = was;
    }
}

static void copy_row(struct batches *b, const struct part *p, size_t row, size_t to) {
    for (size_t i = 0; i < b->x_row; i++) {
        b->x[to * b->x_row + i] = (float)p->x->data[row * b->x_row + i];
    }
    for (size_t i = 0; i < b->y_row; i++) {
        b->y[to * b->y_row + i] = (float)p->y->data[row * b->y_row + i];
    }
}

static size_t rows_from(const struct batches *b, size_t rows, size_t at) {
    return rows - at < b->size ? rows - at : b->size;
}

size_t batches_take(struct batches *b, size_t at) {
    size_t n = rows_from(b, b->train.rows, at);
    for (size_t i = 0; i < n; i++) copy_row(b, &b->train, b->order[at + i], i);
    return n;
}

size_t batches_take_of(struct batches *b, const struct part *p, size_t at) {
    size_t n = rows_from(b, p->rows, at);
    for (size_t i = 0; i < n; i++) copy_row(b, p, at + i, i);
    return n;
}

struct shape batches_shape(const struct tensor *t, size_t rows) {
    struct shape s = t->shape;
    s.dim[0] = rows;
    return s;
}
