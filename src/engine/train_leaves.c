/* Between the graph's leaves, in double, and training's numbers, in float. */
#include "engine/train_leaves.h"

void leaf_read(const struct node *leaf, float *to, size_t columns, size_t ld) {
    for (size_t i = 0; i < leaf->size; i++) {
        to[i / columns * ld + i % columns] = (float)leaf->value[i];
    }
}

void leaf_write(struct node *leaf, const float *from, size_t columns, size_t ld) {
    for (size_t i = 0; i < leaf->size; i++) {
        leaf->value[i] = (double)from[i / columns * ld + i % columns];
    }
}
