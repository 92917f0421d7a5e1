/* about: what may be asked of a name itself, and not of its numbers: is_param(w),
 * is_formula(h), learned(E): how many steps of learning led E's parameters to where
 * they stand, 0 where they were typed in; parameters(O): how many numbers O learns by.
 * Rows of functions.c.
 */
#ifndef BOARD_ABOUT_H
#define BOARD_ABOUT_H

#include "board/functions.h"

typedef struct error *about_build(struct builder *b, const struct expr *e,
                                  const struct expr_node *x, const struct call *row,
                                  struct scope *s, const struct locals *l,
                                  struct node **out);
about_build about_is, about_learned, about_parameters;

#endif
