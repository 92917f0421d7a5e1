#include "engine/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { SEEN = 3 };

/* What follows from the parameters' sizes. Rows that the budget has room for: at least
 * the first, the last and two between. */
static void measure(struct run *r) {
    r->width = 1 + r->n_numbers + r->n_state + (r->epochs ? SEEN : 0);
    r->most = RUN_BUDGET / (r->width * sizeof(real));
    if (r->most < 4) r->most = 4;
}

struct run *run_new(const char *loss, size_t n_params, struct node *const *params,
                    size_t n_state, bool epochs) {
    struct run *r = mem_alloc(1, sizeof *r);
    r->refs = 1;
    r->stride = 1;
    r->epochs = epochs;
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
    measure(r);
    return r;
}

struct run *run_ref(struct run *r) {
    r->refs++;
    return r;
}

void run_unref(struct run *r) {
    if (!r || --r->refs) return;
    run_unref(r->before);
    for (size_t i = 0; i < r->n_params; i++) free(r->names[i]);
    free(r->loss_name);
    free(r->names);
    free(r->shapes);
    free(r->rules);
    free(r->rules_from);
    free(r->kept);
    free(r);
}

/* ---- races ---- */

static bool same_start(const struct run *a, const struct run *b) {
    if (a->n_params != b->n_params || a->n_numbers != b->n_numbers) return false;
    for (size_t i = 0; i < a->n_params; i++) {
        if (strcmp(a->names[i], b->names[i]) != 0) return false;
    }
    return memcmp(run_at(a, 0).numbers, run_at(b, 0).numbers,
                  a->n_numbers * sizeof(real)) == 0;
}

static bool is_all_by(const struct run *r, struct rule rule) {
    const struct rule *own = r->rules;
    return r->n_rules == 1 && own->optimiser == rule.optimiser &&
           own->rate == rule.rate && own->setting == rule.setting;
}

void run_race(struct run *r, struct rule rule, struct run *last) {
    if (!last || strcmp(r->loss_name, last->loss_name) != 0) return;
    if (last->epochs || !same_start(r, last)) return;
    if (last->n_rows < 2 || is_all_by(last, rule)) last = last->before;
    r->before = last ? run_ref(last) : NULL;
    struct run *oldest = r;
    for (int n = 1; oldest->before && n < RUN_RACE; n++) oldest = oldest->before;
    run_unref(oldest->before);
    oldest->before = NULL;
}

struct run *run_copy(const struct run *r, size_t rows) {
    struct run *copy = mem_alloc(1, sizeof *copy);
    *copy = *r;
    copy->refs = 1;
    copy->before = r->before ? run_ref(r->before) : NULL;
    copy->loss_name = mem_copy(r->loss_name);
    copy->names = mem_alloc(r->n_params, sizeof *copy->names);
    copy->shapes = mem_alloc(r->n_params, sizeof *copy->shapes);
    for (size_t i = 0; i < r->n_params; i++) {
        copy->names[i] = mem_copy(r->names[i]);
        copy->shapes[i] = r->shapes[i];
    }
    copy->last = run_at(r, rows - 1).step;
    copy->n_rows = copy->cap = rows;
    copy->kept = mem_alloc(rows, r->width * sizeof(real));
    memcpy(copy->kept, r->kept, rows * r->width * sizeof(real));
    copy->rules = NULL;
    copy->rules_from = NULL;
    copy->n_rules = 0;
    for (size_t i = 0; i < r->n_rules && r->rules_from[i] <= copy->last; i++) {
        run_rule(copy, r->rules[i]);
        copy->rules_from[copy->n_rules - 1] = r->rules_from[i];
    }
    return copy;
}

/* ---- rules ---- */

void run_rule(struct run *r, struct rule rule) {
    const struct rule *old = r->n_rules ? &r->rules[r->n_rules - 1] : NULL;
    if (old && old->optimiser == rule.optimiser && old->rate == rule.rate &&
        old->setting == rule.setting) {
        return;
    }
    r->rules = mem_grow(r->rules, r->n_rules + 1, sizeof *r->rules);
    r->rules_from = mem_grow(r->rules_from, r->n_rules + 1, sizeof *r->rules_from);
    r->rules[r->n_rules] = rule;
    r->rules_from[r->n_rules++] = r->last;
}

struct rule run_rule_at(const struct run *r, size_t step) {
    size_t i = r->n_rules;
    while (i > 1 && r->rules_from[i - 1] > step) i--;
    return i ? r->rules[i - 1] : (struct rule){0};
}

/* ---- rows ---- */

void run_reserve(struct run *r, size_t rows) {
    size_t cap = rows < r->most - r->n_rows ? r->n_rows + rows : r->most;
    if (cap <= r->cap) return;
    r->kept = mem_grow(r->kept, cap, r->width * sizeof(real));
    r->cap = cap;
}

/* Lets every second row go: what is kept moves down to the front. */
static void thin(struct run *r) {
    size_t kept = 1;
    for (size_t i = 2; i < r->n_rows; i += 2, kept++) {
        memcpy(r->kept + kept * r->width, r->kept + i * r->width,
               r->width * sizeof(real));
    }
    r->stride *= 2;
    r->n_rows = kept;
}

void run_add(struct run *r, size_t step, real loss, const real *numbers) {
    if (r->n_rows && r->last & (r->stride - 1)) r->n_rows--; /* a stride is 2^n */
    if (r->n_rows == r->most) thin(r);
    if (r->n_rows == r->cap) run_reserve(r, r->n_rows + 64);
    real *row = r->kept + r->n_rows++ * r->width;
    size_t n = r->n_numbers + r->n_state;
    r->last = step;
    row[0] = loss;
    for (size_t i = 0; i < n; i++) row[1 + i] = numbers[i];
    for (size_t i = 1 + n; i < r->width; i++) row[i] = NAN;
}

void run_see(struct run *r, const real seen[3]) {
    memcpy(r->kept + r->n_rows * r->width - SEEN, seen, SEEN * sizeof *seen);
}

struct run_row run_at(const struct run *r, size_t i) {
    const real *row = r->kept + i * r->width;
    struct run_row out = {
        i + 1 == r->n_rows ? r->last : i * r->stride, row[0], {NAN, NAN, NAN}, row + 1};
    if (r->epochs) memcpy(out.seen, row + r->width - SEEN, sizeof out.seen);
    return out;
}

size_t run_find(const struct run *r, size_t step) {
    return step >= r->last ? r->n_rows - 1 : step / r->stride;
}
