/* trace: `trace C[0, 2, 3, 4]`: one cell of a convolution, pool or product by hand:
 * window × kernel + bias, then what the gates behind it make of it.
 */
#ifndef EXPLAIN_TRACE_H
#define EXPLAIN_TRACE_H

#include "board/session.h"

struct error *trace_command(struct session *s, const struct stmt *c);
/* Which element an index names, x = C[0, 2, 3, 4], of a tensor of this shape. */
struct error *trace_read_cell(struct session *s, const struct expr *x,
                              const struct shape *shape, size_t *cell);

#endif
