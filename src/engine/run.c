#include "engine/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static size_t width(const struct run *r) { return r->n_numbers + r->n_state; }

/* Rows that the budget has room for: at least the first, the last and two between. */
static size_t most_rows(const struct run *r) {
    size_t n = RUN_BUDGET / (width(r) * sizeof(real) + sizeof(struct run_row));
    return n < 4 ? 4 : n;
}

static real *numbers_at(struct run *r, size_t row) {
    size_t block = row / RUN_BLOCK;
    if (block == r->n_blocks) {
        size_t rows = most_rows(r) < RUN_BLOCK ? most_rows(r) : RUN_BLOCK;
        r->blocks = mem_grow(r->blocks, r->n_blocks + 1, sizeof *r->blocks);
        r->blocks[r->n_blocks++] = mem_alloc(rows * width(r), sizeof(real));
    }
    return r->blocks[block] + row % RUN_BLOCK * width(r);
}

struct run *run_new(const char *loss, size_t n_params, struct node *const *params,
                    size_t n_state) {
    struct run *r = mem_alloc(1, sizeof *r);
    r->refs = 1;
    r->stride = 1;
    r->loss_name = mem_copy(loss);
    r->n_params = n_params;
    r->n_state = n_state;
    r->names = mem_alloc(n_params, sizeof *r->names);
    r->shapes = mem_alloc(n_params, sizeof *r->shapes);
    for (size_t i = 0; i < n_params; i++) {
        r->names[i] = mem_copy(params[i]->name);
        r->shapes[i] = params[i]->shape;
        r->n_numbers += params[i]->size;
    }
    return r;
}

struct run *run_ref(struct run *r) {
    r->refs++;
    return r;
}

void run_unref(struct run *r) {
    if (!r || --r->refs) return;
    for (size_t i = 0; i < r->n_params; i++) free(r->names[i]);
    for (size_t i = 0; i < r->n_blocks; i++) free(r->blocks[i]);
    free(r->loss_name);
    free(r->names);
    free(r->shapes);
    free(r->rules);
    free(r->rows);
    free(r->blocks);
    free(r);
}

/* ---- rows ---- */

/* Room for one more, then filled. Returns its numbers, to be written. */
static real *push(struct run *r, size_t step, real loss, size_t rule) {
    if (r->n_rows == r->cap_rows) {
        r->cap_rows = r->cap_rows ? r->cap_rows * 2 : 64;
        r->rows = mem_grow(r->rows, r->cap_rows, sizeof *r->rows);
    }
    real *numbers = numbers_at(r, r->n_rows);
    r->rows[r->n_rows++] =
        (struct run_row){step, loss, rule, {NAN, NAN, NAN}, numbers};
    return numbers;
}

/* Lets every second row go: what is kept moves down to the front. */
static void thin(struct run *r) {
    size_t kept = 0;
    r->stride *= 2;
    for (size_t i = 0; i < r->n_rows; i++) {
        struct run_row row = r->rows[i];
        if (row.step % r->stride) continue;
        real *to = numbers_at(r, kept);
        memmove(to, row.numbers, width(r) * sizeof(real));
        row.numbers = to;
        r->rows[kept++] = row;
    }
    r->n_rows = kept;
}

void run_add(struct run *r, size_t step, real loss, size_t rule, const real *numbers) {
    if (r->n_rows && r->rows[r->n_rows - 1].step % r->stride) r->n_rows--;
    if (r->n_rows == most_rows(r)) thin(r);
    memcpy(push(r, step, loss, rule), numbers, width(r) * sizeof(real));
}

const struct run_row *run_find(const struct run *r, size_t step) {
    size_t low = 0, high = r->n_rows; /* the answer is in [low, high) */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (r->rows[middle].step <= step) low = middle;
        else high = middle;
    }
    return r->n_rows ? &r->rows[low] : NULL;
}

size_t run_rule(struct run *r, struct rule rule) {
    for (size_t i = 0; i < r->n_rules; i++) {
        const struct rule *old = &r->rules[i];
        if (old->optimiser == rule.optimiser && old->rate == rule.rate &&
            old->setting == rule.setting) {
            return i;
        }
    }
    r->rules = mem_grow(r->rules, r->n_rules + 1, sizeof *r->rules);
    r->rules[r->n_rules] = rule;
    return r->n_rules++;
}

struct run *run_copy(const struct run *r, size_t rows) {
    struct run *copy = mem_alloc(1, sizeof *copy);
    copy->refs = 1;
    copy->stride = r->stride;
    copy->epochs = r->epochs;
    copy->loss_name = mem_copy(r->loss_name);
    copy->n_params = r->n_params;
    copy->n_numbers = r->n_numbers;
    copy->n_state = r->n_state;
    copy->names = mem_alloc(r->n_params, sizeof *copy->names);
    copy->shapes = mem_alloc(r->n_params, sizeof *copy->shapes);
    for (size_t i = 0; i < r->n_params; i++) {
        copy->names[i] = mem_copy(r->names[i]);
        copy->shapes[i] = r->shapes[i];
    }
    for (size_t i = 0; i < r->n_rules; i++) run_rule(copy, r->rules[i]);
    for (size_t i = 0; i < rows; i++) {
        const struct run_row *row = &r->rows[i];
        real *to = push(copy, row->step, row->loss, row->rule);
        memcpy(to, row->numbers, width(r) * sizeof(real));
        memcpy(copy->rows[i].seen, row->seen, sizeof row->seen);
    }
    return copy;
}
