/* names: the way to set a name. What stands on it is looked after: formulas take their
 * new shapes, those that no longer fit are marked broken (and whole again when they
 * do), and the run of another E is forgotten. (board_set is the bare exchange below it,
 * for whoever puts back a whole board.)
 *
 *     name_set(board, "x", def_value(DEF_VALUE, tensor_scalar(3)), NULL);
 */
#ifndef BOARD_NAMES_H
#define BOARD_NAMES_H

#include "base/buf.h"
#include "board/draft.h"

/* Sets all that is drafted (the draft keeps the names alone), then looks after what
 * stands on them. broken (or NULL) gets the names that no longer fit: "h, E". */
void names_set(struct board *b, struct draft *d, struct buf *broken);
/* One of them. Takes def; NULL takes the name away. */
void name_set(struct board *b, const char *name, struct def *def, struct buf *broken);
/* Other numbers for n values or parameters, of the shapes that they have: what a
 * descent, an epoch or a rewind comes to. All of them, or (where there is no memory for
 * one) none. */
struct error *names_set_numbers(struct board *b, size_t n, const char *const *names,
                                const real *const *numbers);
/* Puts into the formula d its shape (and sized), or says why it does not fit. Other
 * names go by their known shapes; those in the draft (or NULL) go before the
 * board's. */
struct error *names_fit(struct board *b, const struct draft *draft, const char *name,
                        struct def *d);

#endif
