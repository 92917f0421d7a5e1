#include "lesson/move.h"

#include <math.h>

#include "base/error.h"
#include "board/names.h"

static bool moves(const struct def *d) {
    return d && d->kind <= DEF_PARAM && !d->packed &&
           shape_size(&d->shape) <= MOVE_MOST;
}

bool move_is_table(const struct def *d) {
    bool whole = moves(d) && d->kind == DEF_VALUE && shape_size(&d->shape) > 1;
    const struct tensor *t = whole ? def_tensor(d) : NULL;
    for (size_t i = 0; whole && i < t->size; i++) {
        whole = t->data[i] == floor(t->data[i]);
    }
    return whole;
}

void move_name(struct board *b, const char *name, int point) {
    const struct def *d = board_get(b, name);
    if (!moves(d)) return;
    const struct tensor *t = def_tensor(d);
    struct tensor *moved;
    struct error *e = tensor_new(t->shape, &moved);
    if (e) {
        error_free(e);
        return;
    }
    struct dice dice = dice_for((uint64_t)point, name, 0);
    for (size_t i = 0; i < t->size; i++) {
        double by = (0.3 + 0.5 * dice_uniform(&dice)) * fmax(1, fabs(t->data[i]));
        moved->data[i] = t->data[i] + (point % 2 ? by : -by);
    }
    name_set(b, name, def_with(d, moved), NULL);
}
