/* rule: how an order of learning says that steps are taken: `rate 0.1 with momentum
 * 0.9 decay 0.95 clip 1`. What it does not say is as it was before, or as the
 * optimiser's row has it.
 *
 *     struct rule rule;
 *     struct error *e = rule_read(s, c, NULL, false, &rule);
 */
#ifndef LEARNING_RULE_H
#define LEARNING_RULE_H

#include "board/session.h"
#include "engine/run.h"

/* last: the rule that the steps go on from, or NULL. batches: each step is a
 * batch's. */
struct error *rule_read(struct session *s, const struct stmt *c,
                        const struct rule *last, bool batches, struct rule *out);

#endif
