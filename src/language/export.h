/* export: formulas as a program for PyTorch, with the same numbers. */
#ifndef LANGUAGE_EXPORT_H
#define LANGUAGE_EXPORT_H

#include "language/compile.h"

struct error *export_pytorch(struct buf *b, struct board *board, const struct expr *e);

#endif
