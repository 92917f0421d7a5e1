/* learn: learning at the prompt: step, descend, rewind, init, and the record of the run
 * that updates typed by hand extend too.
 */
#ifndef LEARNING_DESCEND_H
#define LEARNING_DESCEND_H

#include "board/session.h"
#include "engine/descent.h"

#define LEARN_STEPS_MOST 10000 /* of `until`, unless steps says more */

/* One descent. seen is called after row 0 and every update (may be NULL); false
 * stops. */
struct learn_order {
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
struct error *learn_read(struct session *s, const struct stmt *c,
                         struct learn_order *o);
/* Descends, printing the table (every > 0 and no seen); keeps parameters and the
 * run. */
struct error *learn_descend(struct session *s, const struct learn_order *o);
/* Around an update typed by hand (w = w - 0.1*dE/dw): before it, and after it. */
void learn_before_hand(struct session *s, const char *loss);
void learn_after_hand(struct session *s, const char *loss);

struct error *learn_step_command(struct session *s, const struct stmt *c);
struct error *learn_descend_command(struct session *s, const struct stmt *c);
struct error *learn_rewind_command(struct session *s, const struct stmt *c);
struct error *learn_init_command(struct session *s, const struct stmt *c);
struct error *learn_watch_command(struct session *s, const struct stmt *c);

#endif
