/* tensor: numbers with a shape. A scalar has no dimensions; up to four otherwise,
 * row-major. Counted references: shared until somebody needs to write, then copied,
 * which is what makes undo cheap.
 *
 *     struct tensor *t;
 *     struct error *e = tensor_new((struct shape){2, {3, 4}}, &t);   // owned, zeros
 *     tensor_unref(t);
 */
#ifndef ENGINE_TENSOR_H
#define ENGINE_TENSOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

#ifdef ENGINE_FLOAT
typedef float real; /* batches: the same sources once more, in train/kernel_set.c */
#else
typedef double real; /* formulas */
#endif

/* Stands before what the gates and the optimisers show to others. kernel_set.c, which
 * includes them all, has it say static: there it is that file's own. Without it a name
 * would be defined twice, which the linker refuses. */
#ifndef ENGINE_API
#define ENGINE_API
#endif

#define MAX_DIMS 4

struct shape {
    int n; /* dimensions: 0 is a scalar */
    size_t dim[MAX_DIMS];
};

struct tensor {
    struct shape shape;
    size_t size;
    int refs;
    real data[];
};

size_t shape_size(const struct shape *s); /* s has passed shape_check */
/* Refuses what could not be held: the error says how much memory it would be. */
struct error *shape_check(const struct shape *s);
bool shape_equal(const struct shape *a, const struct shape *b);
void shape_print(struct buf *b, const struct shape *s); /* [3, 4]; a scalar: [] */
/* [0,1]: where element k of a shape stands; nothing for a scalar. */
void shape_print_index(struct buf *b, const struct shape *s, size_t k);

/* **out: one reference. Refused where there is no memory left for it. */
struct error *tensor_new(struct shape s, struct tensor **out);
struct tensor *tensor_zeros(struct shape s); /* a small one */
struct tensor *tensor_scalar(real v);
struct tensor *tensor_ref(const struct tensor *t); /* one more reference; returns t */
void tensor_unref(struct tensor *t);               /* NULL is fine */
/* 4 · [1, 2, 3] · [[1, 2], [3, 4]]; beyond `most` numbers the middle is left out
 * (…). */
void tensor_print(struct buf *b, const struct shape *s, const real *v, int digits,
                  size_t most);
/* The same behind `indent` columns that are taken already; what would go beyond `width`
 * is written a row a line, its numbers below each other. */
void tensor_print_rows(struct buf *b, const struct shape *s, const real *v, int digits,
                       size_t most, int indent, int width);
/* Each number as `number` writes it, in brackets within brackets: what another language
 * reads back. */
void tensor_write(struct buf *b, const struct shape *s, const real *v,
                  void (*number)(struct buf *b, real v));

#endif
