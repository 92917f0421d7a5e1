/* Convolutions as steps. */
#define ENGINE_FLOAT
#include "engine/train_fuse.h"

void fuse_conv(struct train *t, struct fusion *f, struct node *n) {
    (void)t, (void)f, (void)n;
}
