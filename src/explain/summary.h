/* summary: a net seen from outside: `summary E`, a row a layer (shape, parameters,
 * multiply-adds for one example, receptive field on a side, memory as train's floats),
 * and `gradients E`, how large each parameter's gradients are: where they vanish is
 * seen. A summary needs shapes alone.
 *
 *     name  layer           output          parameters  mul-add  sees    memory
 *     X                     [1, 1, 32, 32]           0        0     1     4 KiB
 *     C1    conv 5×5, relu  [1, 6, 28, 28]         156  117,600     5  36.8 KiB
 */
#ifndef EXPLAIN_SUMMARY_H
#define EXPLAIN_SUMMARY_H

#include "board/session.h"

struct error *summary_command(struct session *s, const struct stmt *c);
struct error *gradients_command(struct session *s, const struct stmt *c);

#endif
