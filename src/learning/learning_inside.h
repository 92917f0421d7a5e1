/* learning_inside: shared by descend, rewind and hand: a loss compiled to go down, and
 * the board's record of the run. All is the board's or, of a job, the caller's until
 * job_close.
 */
#ifndef LEARNING_LEARNING_INSIDE_H
#define LEARNING_LEARNING_INSIDE_H

#include "board/compile.h"
#include "engine/descent.h"
#include "learning/descend.h"
#include "learning/descent_table.h"

struct job {
    struct compiled c;
    struct node *loss, *until;
    struct node **params;       /* those that the loss depends on; averages last */
    size_t n_params, n_learned; /* n_learned: without these */
    struct columns *columns;    /* of the table, or NULL */
    char *title;                /* of the loss: "E" */
};

/* Compiles what the order needs. To be closed after an error as well. */
struct error *job_open(struct session *s, const struct descend_order *o, struct job *j);
void job_close(struct job *j);

/* The run that an order would go on with, of the same loss; or NULL. */
struct run *learning_run_of(struct session *s, const char *loss);
/* The run to write into: the one in hand where the order extends it, else a fresh one
 * with row 0. NULL: Ctrl-C came. */
struct run *learning_open_run(struct session *s, struct descent *d, const char *loss,
                              bool extend);
/* That the loss is no number before anything is learned: why, where it is known. */
struct error *learning_not_finite(const struct graph *g, const char *title, int digits);
/* To a step of the run, from the nearest one kept: the steps between are taken again.
 * False where one cannot be (it was typed by hand): then at the last that could. */
bool learning_replay(struct descent *d, const struct run *r, size_t step);
/* The descent's parameters become the board's, and its step the one of the run: or
 * neither does. */
struct error *learning_keep(struct session *s, const struct descent *d);

#endif
