/* params: `param W[784, 256] = xavier`: parameters. The ways to draw them are rows of
 * functions.c.
 */
#ifndef BOARD_PARAMS_H
#define BOARD_PARAMS_H

#include "board/draft.h"
#include "board/session.h"
#include "engine/graph.h"

struct error *params_define(struct session *s, const struct stmt *st);
/* Drafts a parameter of that shape, drawn as `how` says (takes the reference; NULL:
 * normal). */
struct error *params_draft(struct session *s, const char *name,
                           const struct shape *shape, struct expr *how,
                           struct draft *to);
/* Can it be drawn as its expression says, with the names as they are now? */
bool params_can_draw(struct board *b, const struct def *d);
/* The numbers of a graph's parameters afresh, by their initialisers: of all or none. */
struct error *params_init(struct session *s, size_t n, struct node *const *params);

#endif
