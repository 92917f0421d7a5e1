/* leaves: numbers from a graph's leaf (double) into strips of floats (kernels.h),
 * and back. The one place where both kinds meet. A leaf of one row is as it was.
 */
#ifndef TRAIN_LEAVES_H
#define TRAIN_LEAVES_H

#include "engine/graph.h"

void leaf_read(const struct node *leaf, float *to, size_t columns);
void leaf_write(struct node *leaf, const float *from, size_t columns);

#endif
