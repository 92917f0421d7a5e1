/* network: seeing a net from outside and from within: summary, trace, net. */
#ifndef EXPLAIN_SUMMARY_H
#define EXPLAIN_SUMMARY_H

#include "board/session.h"

/* summary O: a row a layer: output shape, parameters, multiply-adds, receptive field,
 * memory. */
struct error *network_summary_command(struct session *s, const struct stmt *c);
/* gradients E: how large each parameter's gradients are: where they vanish is seen. */
struct error *network_gradients_command(struct session *s, const struct stmt *c);
/* The cell that an index x = C[0, 2, 3, 4] names, of a tensor of this shape. */
struct error *network_read_cell(struct session *s, const struct expr *x,
                                const struct shape *shape, size_t *cell);
/* trace C[0, 2, 3, 4]: one output cell of a convolution, pool or product by hand. */
struct error *network_trace_command(struct session *s, const struct stmt *c);
/* net 784-16-16-10 sigmoid: writes the usual chain of formulas. */
struct error *network_net_command(struct session *s, const struct stmt *c);
/* Which number an index names, C[0, 2, 3, 4], against a shape. */
struct error *network_read_cell(struct session *s, const struct expr *x,
                                const struct shape *shape, size_t *cell);

#endif
