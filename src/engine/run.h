/* run: the record of a descent: parameters, optimiser and E at every step, so that going
 * back is as easy as going forward, bit for bit.
 *
 * All steps are kept while they fit in RUN_BUDGET bytes; then every second one is let go,
 * and a step in between is worked out again from the nearest kept one (by the descent). A
 * run is shared by reference (undo keeps old ones); it is written only by its one owner.
 * Row 0 is the state before the first update.
 */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "engine/graph.h"
#include "engine/optimisers.h"

#define RUN_BUDGET ((size_t)64 << 20)
#define RUN_BLOCK ((size_t)256)

struct rule { /* how steps were taken */
    const struct optimiser *optimiser; /* NULL: typed by hand, cannot be replayed */
    double rate, setting;
};

struct run_row {
    size_t step;
    real loss;
    size_t rule;         /* which of run->rules led here (row 0: 0) */
    real seen[3];        /* after an epoch: loss on the test part, accuracy on the training
                            and on the test part; nan where there is none */
    const real *numbers; /* parameters one after another, then optimiser state */
};

struct run {
    int refs;
    char *loss_name;          /* "E" */
    char **names;             /* parameters */
    struct shape *shapes;
    size_t n_params, n_numbers, n_state; /* numbers in all; optimiser state in all */
    struct rule *rules;
    size_t n_rules;
    struct run_row *rows;
    size_t n_rows, cap_rows;
    bool epochs;   /* steps are epochs of train: kept ones only, none is worked out again */
    size_t stride; /* steps between kept rows: 1 until the budget is reached */
    real **blocks; /* the rows' numbers, RUN_BLOCK rows in each, so that none moves */
    size_t n_blocks;
};

struct run *run_new(const char *loss, size_t n_params, struct node *const *params,
                    size_t n_state);
struct run *run_ref(struct run *r);
void run_unref(struct run *r);
/* A copy of the first `rows` rows: what a shared run becomes before it is written. */
struct run *run_copy(const struct run *r, size_t rows);
size_t run_rule(struct run *r, struct rule rule); /* its index; added where new */
/* Copies the numbers in. Rows that the stride leaves out are not kept, save the last. */
void run_add(struct run *r, size_t step, real loss, size_t rule, const real *numbers);
/* The nearest kept row at or before a step. */
const struct run_row *run_find(const struct run *r, size_t step);

#endif
