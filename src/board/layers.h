/* layers: dense, conv, pools: formulas that own parameters. `C = conv(X, 8, size=3)`
 * owns C.W and C.b: they are made when C is defined, from the shape of what goes in,
 * and are parameters like any other. dense W is [in, out]; conv W is [filters,
 * channels, rows, columns].
 */
#ifndef BOARD_LAYERS_H
#define BOARD_LAYERS_H

#include "board/functions.h"
#include "board/session.h"

/* Drafts the parameters of the layer in `name = e`, where there is one. Those that it
 * has already, in the right shape, stay as they are. */
struct error *layers_draft(struct session *s, const char *name, const struct expr *e,
                           struct draft *to);
/* Is node i how a layer's weights are drawn (init=normal(0, 1))? */
bool layer_is_word(const struct expr *e, int i);

/* The functions of the rows in functions.c. */
struct error *layer_dense(struct builder *b, const struct expr *e,
                          const struct expr_node *x, const struct call *row,
                          struct scope *s, const struct locals *l, struct node **out);
struct error *layer_conv(struct builder *b, const struct expr *e,
                         const struct expr_node *x, const struct call *row,
                         struct scope *s, const struct locals *l, struct node **out);
struct error *layer_pool(struct builder *b, const struct expr *e,
                         const struct expr_node *x, const struct call *row,
                         struct scope *s, const struct locals *l, struct node **out);
struct error *layer_reshape(struct builder *b, const struct expr *e,
                            const struct expr_node *x, const struct call *row,
                            struct scope *s, const struct locals *l, struct node **out);
struct error *layer_dropout(struct builder *b, const struct expr *e,
                            const struct expr_node *x, const struct call *row,
                            struct scope *s, const struct locals *l, struct node **out);

struct error *layer_dense_weights(struct builder *b, const struct expr *e,
                                  const struct expr_node *x, const struct shape *given,
                                  size_t units, struct shape *w, double *in);
struct error *layer_conv_weights(struct builder *b, const struct expr *e,
                                 const struct expr_node *x, const struct shape *given,
                                 size_t units, struct shape *w, double *in);

#endif
