/* forms: how a gate is written elsewhere, for export: in PyTorch an expression, in ONNX
 * (opset 13) calls within calls. A, B, C are the operands; ", ..." stands for the same
 * of every further operand:
 *
 *     torch.relu(A)            Relu(A)
 *     torch.cat([A, ...])      Concat(A, ..., axis=0)
 *     torch.stack([A, ...])    Concat(Unsqueeze(A, [0]), ..., axis=0)
 *
 * In ONNX what has a name is an attribute (axis=0, pads=[1, 1, 1, 1]); a list or number
 * without one is a tensor, of whole numbers or of one float. A row has both as text;
 * what depends on the node, on a shape or a stride, its function writes (gate.forms).
 */
#ifndef ENGINE_FORMS_H
#define ENGINE_FORMS_H

#include "base/buf.h"
#include "engine/gates.h"

struct forms {
    struct buf torch, onnx; /* empty where a gate can't be written */
    long size[MAX_DIMS];    /* the result's sizes; -1: as many as there are rows */
    bool vague; /* two sizes of one list are -1: nobody could work them out */
};

/* Both forms of n; size is there already. */
void gate_forms(const struct node *n, struct forms *f);
/* [2, -1]: adds a list of n whole numbers to a form. */
void form_list(struct forms *f, struct buf *form, const long *v, int n);
/* What a gate writes behind its operand that takes it all, or along an axis= which then
 * is kept with size 1. */
struct form_along {
    char torch[40], onnx[40];
};
struct form_along form_along(const struct attr *a);
/* The operand at a place of a form, a capital by itself: 0 for A. -1 where none is. */
int form_operand(const char *form, const char *at, int n_in);
/* Is ", ..." at this place, behind an operand? Its length, or 0. */
size_t form_goes_on(const char *at);

#endif
