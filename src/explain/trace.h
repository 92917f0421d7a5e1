/* trace: one element of a convolution, pool or product by hand: window × kernel, then
 * what each elementwise gate behind it makes of it. `trace C[0, 1, 1, 0]`, where C is
 * relu(b - conv(X, K)):
 *
 *        4       5          2       2          8      10
 *        7       8 ×        2       2 =       14      16
 *     all added: 48
 *     200 − 48 = 152
 *     relu(152) = 152
 */
#ifndef EXPLAIN_TRACE_H
#define EXPLAIN_TRACE_H

#include "board/session.h"

struct error *trace_command(struct session *s, const struct stmt *c);
/* Which element an index names, x = C[0, 2, 3, 4], of a tensor of this shape. */
struct error *trace_read_cell(struct session *s, const struct expr *x,
                              const struct shape *shape, size_t *cell);

#endif
