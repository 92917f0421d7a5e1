#include "engine/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/memory_left.h"

enum { SEEN = 3 };

struct run_book {
    int refs;
    char *loss_name, **names;
    struct shape *shapes;
    size_t n_params;
    struct rule *rules; /* in the order they came */
    size_t *rules_from; /* the step after which each held */
    size_t n_rules, n_rows, cap;
    real *kept; /* the rows: E, numbers, and of epochs the three seen */
};

/* What follows from the parameters' sizes. Rows that the budget has room for: at least
 * the first, the last and two between. */
static void measure(struct run *r) {
    r->width = 1 + r->n_numbers + r->n_state + (r->epochs ? SEEN : 0);
    double budget = fmin((double)RUN_BUDGET, memory_left() / 4);
    r->most = (size_t)budget / (r->width * sizeof(real));
    if (r->most < 4) r->most = 4;
}

/* ---- the book ---- */

static struct run_book *book_new(const char *loss, size_t n, const char *const *names,
                                 const struct shape *shapes) {
    struct run_book *b = mem_alloc(1, sizeof *b);
    b->refs = 1;
    b->loss_name = mem_copy(loss);
    b->n_params = n;
    b->names = mem_alloc(n, sizeof *b->names);
    b->shapes = mem_alloc(n, sizeof *b->shapes);
    for (size_t i = 0; i < n; i++) {
        b->names[i] = mem_copy(names[i]);
        b->shapes[i] = shapes[i];
    }
    return b;
}

static void book_unref(struct run_book *b) {
    if (--b->refs) return;
    for (size_t i = 0; i < b->n_params; i++) free(b->names[i]);
    free(b->loss_name);
    free(b->names);
    free(b->shapes);
    free(b->rules);
    free(b->rules_from);
    free(b->kept);
    free(b);
}

static void take_book(struct run *r, struct run_book *b) {
    r->book = b;
    r->loss_name = b->loss_name;
    r->names = b->names;
    r->shapes = b->shapes;
}

static bool between(const struct run *r) { return r->last & (r->stride - 1); } /* 2^n */

/* Rows that are in the book: all but a tip. */
static size_t in_book(const struct run *r) {
    return r->n_rows - (r->n_rows && between(r));
}

/* The book ends where r does, and is r's to write: where others go on, a copy. */
static void own_from_here(struct run *r) {
    struct run_book *old = r->book;
    size_t rows = in_book(r), bytes = r->width * sizeof(real);
    if (old->refs > 1) {
        struct run_book *b = book_new(old->loss_name, old->n_params,
                                      (const char *const *)old->names, old->shapes);
        b->rules = mem_alloc(r->n_rules, sizeof *b->rules);
        b->rules_from = mem_alloc(r->n_rules, sizeof *b->rules_from);
        memcpy(b->rules, old->rules, r->n_rules * sizeof *b->rules);
        memcpy(b->rules_from, old->rules_from, r->n_rules * sizeof *b->rules_from);
        b->kept = mem_alloc(rows, bytes);
        memcpy(b->kept, old->kept, rows * bytes);
        b->cap = rows;
        book_unref(old);
        take_book(r, b);
    }
    r->book->n_rows = rows;
    r->book->n_rules = r->n_rules;
}

static bool ends_here(const struct run *r) {
    return r->book->n_rows == in_book(r) && r->book->n_rules == r->n_rules;
}

/* ---- runs ---- */

struct run *run_new(const char *loss, size_t n_params, struct node *const *params,
                    size_t n_state, bool epochs) {
    struct run *r = mem_alloc(1, sizeof *r);
    const char **names = mem_alloc(n_params, sizeof *names);
    struct shape *shapes = mem_alloc(n_params, sizeof *shapes);
    r->refs = 1;
    r->stride = 1;
    r->epochs = epochs;
    r->n_params = n_params;
    r->n_state = n_state;
    for (size_t i = 0; i < n_params; i++) {
        names[i] = params[i]->name;
        shapes[i] = params[i]->shape;
        r->n_numbers += params[i]->size;
    }
    take_book(r, book_new(loss, n_params, names, shapes));
    measure(r);
    free(names);
    free(shapes);
    return r;
}

struct run *run_ref(struct run *r) {
    r->refs++;
    return r;
}

void run_unref(struct run *r) {
    if (!r || --r->refs) return;
    run_unref(r->before);
    book_unref(r->book);
    free(r->tip);
    free(r);
}

static void copy_tip(struct run *to, const real *tip) {
    if (!to->tip) to->tip = mem_alloc(to->width, sizeof *to->tip);
    memcpy(to->tip, tip, to->width * sizeof *to->tip);
}

struct run *run_copy(const struct run *r, size_t rows) {
    struct run *copy = mem_alloc(1, sizeof *copy);
    *copy = *r;
    copy->refs = 1;
    copy->book->refs++;
    copy->before = r->before ? run_ref(r->before) : NULL;
    copy->last = run_at(r, rows - 1).step;
    copy->n_rows = rows;
    copy->tip = NULL;
    if (between(copy)) copy_tip(copy, r->tip);
    while (copy->n_rules && r->book->rules_from[copy->n_rules - 1] > copy->last) {
        copy->n_rules--;
    }
    return copy;
}

size_t run_bytes(const struct run *r, const struct run *beside) {
    size_t bytes = 0;
    for (; r && r != beside; r = r->before) {
        const struct run_book *b = r->book;
        bytes += sizeof *r + (r->tip ? r->width * sizeof *r->tip : 0);
        if (!beside || beside->book != b)
            bytes += sizeof *b + b->cap * r->width * sizeof(real);
    }
    return bytes;
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

bool rule_same(struct rule a, struct rule b) {
    return a.optimiser == b.optimiser && a.rate == b.rate && a.setting == b.setting &&
           a.decay == b.decay && a.clip == b.clip;
}

double rule_rate(struct rule rule, size_t steps) {
    return rule.decay > 0 ? rule.rate * pow(rule.decay, (double)steps) : rule.rate;
}

double rule_clip(struct rule rule, double length) {
    return rule.clip > 0 && length > rule.clip ? rule.clip / length : 1;
}

static bool is_all_by(const struct run *r, struct rule rule) {
    return r->n_rules == 1 && rule_same(r->book->rules[0], rule);
}

/* The first lane that none of those it races has. */
static int free_lane(const struct run *r) {
    unsigned taken = 0;
    for (const struct run *b = r->before; b; b = b->before) taken |= 1u << b->lane;
    int lane = 0;
    while (taken >> lane & 1) lane++;
    return lane;
}

void run_race(struct run *r, struct rule rule, struct run *last) {
    if (!last || strcmp(r->loss_name, last->loss_name) != 0) return;
    if (last->epochs || !same_start(r, last)) return;
    if (last->n_rows < 2 || is_all_by(last, rule)) last = last->before;
    struct run **racer =
        &r->before; /* views of r's own: undo may hold those of `last` */
    for (int n = 1; last && n < RUN_RACE; n++, last = last->before) {
        *racer = run_copy(last, last->n_rows);
        run_unref((*racer)->before);
        (*racer)->before = NULL;
        racer = &(*racer)->before;
    }
    r->lane = free_lane(r);
}

/* ---- rules ---- */

void run_rule(struct run *r, struct rule rule) {
    if (r->n_rules && rule_same(r->book->rules[r->n_rules - 1], rule)) return;
    if (!ends_here(r)) own_from_here(r);
    struct run_book *b = r->book;
    b->rules = mem_grow(b->rules, b->n_rules + 1, sizeof *b->rules);
    b->rules_from = mem_grow(b->rules_from, b->n_rules + 1, sizeof *b->rules_from);
    b->rules[b->n_rules] = rule;
    b->rules_from[b->n_rules++] = r->last;
    r->n_rules = b->n_rules;
}

struct rule run_rule_at(const struct run *r, size_t step) {
    size_t i = r->n_rules;
    while (i > 1 && r->book->rules_from[i - 1] > step) i--;
    return i ? r->book->rules[i - 1] : (struct rule){0};
}

struct rule run_last_rule(const struct run *r) {
    for (size_t i = r->n_rules; i-- > 0;) {
        if (r->book->rules[i].optimiser) return r->book->rules[i];
    }
    return (struct rule){0};
}

/* ---- rows ---- */

void run_reserve(struct run *r, size_t rows) {
    struct run_book *b = r->book;
    size_t cap = rows < r->most - r->n_rows ? r->n_rows + rows : r->most;
    if (cap <= b->cap) return;
    b->kept = mem_grow(b->kept, cap, r->width * sizeof(real));
    b->cap = cap;
}

/* Lets every second row go: what is kept moves down to the front. */
static void thin(struct run *r) {
    size_t kept = 1, width = r->width;
    own_from_here(r);
    for (size_t i = 2; i < r->n_rows; i += 2, kept++) {
        memcpy(r->book->kept + kept * width, r->book->kept + i * width,
               width * sizeof(real));
    }
    r->stride *= 2;
    r->n_rows = r->book->n_rows = kept;
}

/* Room at the end of the book. */
static real *next_row(struct run *r) {
    if (!ends_here(r)) own_from_here(r);
    struct run_book *b = r->book;
    if (b->n_rows == b->cap) run_reserve(r, b->n_rows + 64);
    return b->kept + b->n_rows++ * r->width;
}

void run_add(struct run *r, size_t step, real loss, const real *numbers) {
    if (r->n_rows && between(r)) { /* the tip gives its place up */
        r->n_rows--;
        r->last = (r->n_rows - 1) * r->stride;
    }
    if (r->n_rows == r->most) thin(r);
    bool tip = step & (r->stride - 1);
    if (tip && !r->tip) r->tip = mem_alloc(r->width, sizeof *r->tip);
    real *row = tip ? r->tip : next_row(r);
    size_t n = r->n_numbers + r->n_state;
    r->n_rows++;
    r->last = step;
    row[0] = loss;
    for (size_t i = 0; i < n; i++) row[1 + i] = numbers[i];
    for (size_t i = 1 + n; i < r->width; i++) row[i] = NAN;
}

static real *row_of(const struct run *r, size_t i) {
    bool tip = i + 1 == r->n_rows && between(r);
    return tip ? r->tip : r->book->kept + i * r->width;
}

void run_see(struct run *r, const real seen[3]) {
    memcpy(row_of(r, r->n_rows - 1) + r->width - SEEN, seen, SEEN * sizeof *seen);
}

struct run_row run_at(const struct run *r, size_t i) {
    const real *row = row_of(r, i);
    struct run_row out = {
        i + 1 == r->n_rows ? r->last : i * r->stride, row[0], {NAN, NAN, NAN}, row + 1};
    if (r->epochs) memcpy(out.seen, row + r->width - SEEN, sizeof out.seen);
    return out;
}

size_t run_find(const struct run *r, size_t step) {
    return step >= r->last ? r->n_rows - 1 : step / r->stride;
}
