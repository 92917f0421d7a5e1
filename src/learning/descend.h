/* descend: gradient descent at the prompt: step and descend, their order, their table;
 * init, which draws the parameters afresh, and watch, which chooses the columns. Going
 * back is in rewind.h, updates typed by hand in hand.h, batches in epochs.h.
 *
 *     struct descend_order o = {.extend = true};          // as `step` does
 *     struct error *e = descend_read(s, c, &o);           // c: step E rate 0.1
 *     if (!e) e = descend_run(s, &o);
 */
#ifndef LEARNING_DESCEND_H
#define LEARNING_DESCEND_H

#include "board/session.h"
#include "engine/descent.h"

#define DESCEND_STEPS_MOST 10000 /* of `until`, unless steps says more */

/* One descent. seen is called after row 0 and every update (may be NULL); false
 * stops. */
struct descend_order {
    const struct expr *loss;
    struct rule rule;
    size_t steps, every;
    const struct expr *until; /* or NULL */
    bool extend;              /* step: goes on with the run of this loss */
    bool (*seen)(void *context, const struct descent *d);
    void *context;
};

/* Reads rate, steps, every, until, with from a command's clauses; the loss from its
 * operand where it is not known yet. */
struct error *descend_read(struct session *s, const struct stmt *c,
                           struct descend_order *o);
/* Descends, printing the table (every > 0 and no seen); keeps parameters and the
 * run. */
struct error *descend_run(struct session *s, const struct descend_order *o);

struct error *descend_step_command(struct session *s, const struct stmt *c);
struct error *descend_command(struct session *s, const struct stmt *c);
struct error *descend_init_command(struct session *s, const struct stmt *c);
struct error *descend_watch_command(struct session *s, const struct stmt *c);

/* What Tab offers of those that descend: the rules behind `with`. */
bool descend_offer(struct session *s, const char *before, struct offer *to);

#endif
