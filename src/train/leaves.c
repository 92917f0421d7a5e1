/* Between the graph's leaves, in double, and training's numbers, in float. */
#include "train/leaves.h"

#include "train/kernels.h"

/* Where number i of a matrix stands in its strips. */
static size_t place_of(size_t i, size_t columns, size_t rows) {
    size_t row = i / columns, column = i % columns;
    return (column / LANES * rows + row) * LANES + column % LANES;
}

void leaf_read(const struct node *leaf, float *to, size_t columns) {
    for (size_t i = 0; i < leaf->size; i++) {
        to[place_of(i, columns, leaf->size / columns)] = (float)leaf->value[i];
    }
}

void leaf_write(struct node *leaf, const float *from, size_t columns) {
    for (size_t i = 0; i < leaf->size; i++) {
        leaf->value[i] = (double)from[place_of(i, columns, leaf->size / columns)];
    }
}
