/* run: the record of a descent: parameters, optimiser and E at every step, so that
 * going back is as easy as going forward, bit for bit.
 *
 * All steps are kept while they fit in RUN_BUDGET bytes; then every second one is let
 * go, and a step in between is worked out again from the nearest kept one (by the
 * descent). Row 0 is the state before the first update, the last row that after the
 * last.
 *
 * A run is a view of a book that only grows: undo keeps a run as it was, and the one
 * that goes on from it writes into the same book, so that ten thousand typed updates
 * are ten thousand rows and not their square. Who goes on from an earlier row gets a
 * book of its own. Runs are shared by reference; one that is shared is copied before it
 * is written.
 *
 *     struct run *r = run_new("E", n_params, params, n_state, false);
 *     run_rule(r, rule);                        // how the steps from here on are taken
 *     run_add(r, 0, E, numbers);  run_add(r, 1, E, numbers); …
 *     struct run_row row = run_at(r, run_find(r, 12));
 *
 * Runs of one loss from the same start are a race: each holds the one before it, so
 * that they can be drawn together.
 */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "engine/graph.h"
#include "engine/optimisers.h"

#define RUN_BUDGET ((size_t)64 << 20)
#define RUN_RACE 5

struct rule {                          /* how steps were taken */
    const struct optimiser *optimiser; /* NULL: typed by hand, cannot be replayed */
    double rate, setting;
    double decay; /* the rate is multiplied by it after each step (each epoch of train);
                     0: it stays as it is */
    double clip;  /* no longer than this are all gradients together; 0: as they are */
};

struct taught { /* how train went about it; batch 0: it was no train */
    struct rule rule;
    size_t batch, epochs;
    double penalty;
};

struct run_row { /* as it is handed out; numbers are the run's, until it is written */
    size_t step;
    real loss;
    real seen[3]; /* after an epoch: loss on the test part, accuracy on the training
                            and on the test part; nan where there is none */
    const real *numbers; /* parameters one after another, then optimiser state */
};

struct run_book; /* the rows and rules written so far: shared by views, only grows */

struct run {
    int refs;
    struct run *before; /* the one it races, or NULL */
    int lane; /* in the race: no other's, and kept as long as it runs; from 0 */
    struct run_book *book;
    const char *loss_name;      /* "E"; this, names and shapes are the book's */
    char *const *names;         /* parameters */
    const struct shape *shapes; /* theirs */
    size_t n_params, n_numbers, n_state; /* numbers in all; optimiser state in all */
    size_t n_rules, n_rows;
    struct taught taught; /* by train */
    /* steps are epochs of train: kept ones only, none is worked out again */
    bool epochs;
    /* steps between kept rows: 1, doubled whenever the budget is reached */
    size_t stride;
    /* Row i is of step i·stride, but for the last one, which is of step `last`. */
    size_t last;
    size_t width, most; /* numbers of a row; rows in the budget */
    real *tip;          /* the last row, where it is between two strides; or NULL */
};

struct run *run_new(const char *loss, size_t n_params, struct node *const *params,
                    size_t n_state, bool epochs);
struct run *run_ref(struct run *r);
void run_unref(struct run *r);
/* A run of the first `rows` rows: what a shared run becomes before it is written. */
struct run *run_copy(const struct run *r, size_t rows);
bool rule_same(struct rule a, struct rule b);
/* The rate of the step (the epoch) after so many. */
double rule_rate(struct rule rule, size_t steps);
/* What gradients of this length are multiplied by: as PyTorch's clip_grad_norm_, but
 * for the 1e-6 that it adds to the length. */
double rule_clip(struct rule rule, double length);
void run_rule(struct run *r, struct rule rule); /* of the steps from here on */
/* How the update after `step` was taken. */
struct rule run_rule_at(const struct run *r, size_t step);
/* The last rule with an optimiser; none where all steps were by hand. */
struct rule run_last_rule(const struct run *r);
/* Bytes that r keeps alive and `beside` (which may be NULL) does not. */
size_t run_bytes(const struct run *r, const struct run *beside);
/* Room for so many more rows (or as many as the budget has), so that run_add allocates
 * nothing. */
void run_reserve(struct run *r, size_t rows);
/* The step after the last one. Copies the numbers in. Rows that the stride leaves out
 * are not kept, save the last. */
void run_add(struct run *r, size_t step, real loss, const real *numbers);
void run_see(struct run *r, const real seen[3]); /* of the last epoch */
struct run_row run_at(const struct run *r, size_t row);
/* Enters r, which has row 0 and goes on by `rule`, into the race of `last`: where that
 * one began elsewhere there is none. A run all by the same rule is left out, and the
 * oldest of more than RUN_RACE. */
void run_race(struct run *r, struct rule rule, struct run *last);
/* The nearest kept row at or before a step. */
size_t run_find(const struct run *r, size_t step);

#endif
