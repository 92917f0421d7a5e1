/* torch: the graph's formulas in Python, with the student's own names. torch.c writes
 * the formulas, script.c the script around them (its frame is torch.py).
 */
#ifndef EXPORT_TORCH_H
#define EXPORT_TORCH_H

#include "base/map.h"
#include "export/export.h"

struct python {
    struct exported *x;
    struct map taken;   /* names in use */
    const char **names; /* of each node, by id; NULL: written where it is used */
    const char **forms; /* of each gate, by id, as engine/forms.h has them */
};

/* Gives every node that needs one a name that Python takes and nobody else has. */
void python_open(struct python *p, struct exported *x);
void python_close(struct python *p);
/* A free name beginning like `wish`, taken now; it lives as long as the graph. */
const char *python_name(struct python *p, const char *wish);
/* h1 = torch.tanh(X @ h1_W + h1_b), a line for each named formula. */
struct error *python_formulas(const struct python *p, struct buf *b);
void python_number(struct buf *b, real v);
/* [[1, 2], [3, 4]] */
void python_numbers(struct buf *b, const struct shape *s, const real *v);

#endif
