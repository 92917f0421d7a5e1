/* descent_table: of a descent, a row an update: step, w, E, dE/dw, or what `watch`
 * chose. Rows are printed as they come.
 */
#ifndef LEARNING_DESCENT_TABLE_H
#define LEARNING_DESCENT_TABLE_H

#include "engine/graph.h"
#include "syntax/expr.h"
#include "text/out.h"

struct columns;
struct columns *columns_new(struct out *o, const char *title, struct node *loss,
                            struct node *const *params, size_t n_params,
                            const struct expr *const *watched,
                            struct node *const *roots, int n_watched);
void columns_row(struct out *o, struct columns *c, size_t step);
void columns_end(struct out *o, const struct columns *c); /* no row comes after it */
void columns_free(struct columns *c);

#endif
