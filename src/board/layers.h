/* layers: dense, conv, pools …: formulas that own parameters. `C = conv(X, 8, size=3)`
 * owns C.W and C.b: they are made when C is defined, from the shape of what goes in,
 * and are parameters like any other. dense W is [in, out]; conv W is [filters,
 * channels, rows, columns]; embedding W is [words, width]. W and b of a layer that
 * normalises are a scale and a shift for each feature; batchnorm's mean and var are
 * values that updates move. rnn, lstm and gru own Wx [columns, gates·units], Wh [units,
 * gates·units] and b (engine/recurrent.h has the gates' order).
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

struct error *layer_norm(struct builder *b, const struct expr *e,
                         const struct expr_node *x, const struct call *row,
                         struct scope *s, const struct locals *l, struct node **out);
struct error *layer_recurrent(struct builder *b, const struct expr *e,
                              const struct expr_node *x, const struct call *row,
                              struct scope *s, const struct locals *l,
                              struct node **out);
struct error *layer_embedding(struct builder *b, const struct expr *e,
                              const struct expr_node *x, const struct call *row,
                              struct scope *s, const struct locals *l,
                              struct node **out);

/* … and what they own. */
#define LAYER_PARTS(name)                                                    \
    struct error *name(struct builder *b, const struct expr *e,              \
                       const struct expr_node *x, const struct shape *given, \
                       size_t units, struct layer_parts *to)
LAYER_PARTS(layer_dense_parts);
LAYER_PARTS(layer_conv_parts);
LAYER_PARTS(layer_layernorm_parts);
LAYER_PARTS(layer_batchnorm_parts);
LAYER_PARTS(layer_embedding_parts);
LAYER_PARTS(layer_recurrent_parts);

#endif
