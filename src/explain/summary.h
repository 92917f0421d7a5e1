/* summary: a net seen from outside: `summary E`, a row a layer (shape, parameters,
 * multiply-adds, receptive field, memory), and `gradients E`, how large each parameter's
 * gradients are: where they vanish is seen.
 */
#ifndef EXPLAIN_SUMMARY_H
#define EXPLAIN_SUMMARY_H

#include "board/session.h"

struct error *summary_command(struct session *s, const struct stmt *c);
struct error *gradients_command(struct session *s, const struct stmt *c);

#endif
