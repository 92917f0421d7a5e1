#include "learning/truth.h"

#include <math.h>

#include "data/data.h"

static bool is_one_hot(const struct tensor *y) {
    size_t k = y->shape.n == 2 ? y->shape.dim[1] : 1;
    for (size_t r = 0; k > 1 && r < y->size / k; r++) {
        size_t ones = 0, others = 0;
        for (size_t i = 0; i < k; i++) {
            ones += y->data[r * k + i] == 1;
            others += y->data[r * k + i] != 0;
        }
        if (ones != 1 || others != 1) return false;
    }
    return k > 1;
}

static size_t all_below(const struct tensor *y) {
    size_t below = 0;
    for (size_t i = 0; i < y->size; i++) {
        double v = y->data[i];
        if (!(v >= 0 && v < 1e9 && v == floor(v))) return 0;
        if (v >= (double)below) below = (size_t)v + 1;
    }
    return below;
}

/* -1 and 1, nothing else. */
static bool are_signs(const struct tensor *y) {
    bool minus = false;
    if (y->size != y->shape.dim[0]) return false;
    for (size_t i = 0; i < y->size; i++) {
        if (fabs(y->data[i]) != 1) return false;
        minus |= y->data[i] < 0;
    }
    return minus;
}

struct truth truth_of(const struct def *y) {
    struct truth t = {0};
    if (!y || y->kind != DEF_VALUE || y->packed || !y->shape.n) return t;
    struct error *e = def_hold(y);
    error_free(e);
    if (e) return t;
    const struct tensor *values = def_tensor(y);
    t.numbers = values->size / values->shape.dim[0];
    t.below = t.numbers == 1 ? all_below(values) : 0;
    t.classes = y->source.classes ? y->source.classes : data_classes(values, NULL);
    t.kind = t.classes ? TRUTH_CLASSES : TRUTH_MEASURES;
    if (!t.classes && is_one_hot(values)) t.kind = TRUTH_ONE_HOT;
    if (!t.classes && are_signs(values)) t.kind = TRUTH_SIGNS;
    return t;
}

enum gate_answers truth_answers(const struct truth *t, size_t neurons, bool plain) {
    bool fits = neurons == t->numbers, one = neurons == 1;
    bool numbers = t->kind == TRUTH_MEASURES || t->kind == TRUTH_SIGNS;
    /* one plain neuron for classes 0, 1, 2 takes their numbers for measures */
    if (fits && (numbers || (one && plain && t->classes > 2))) return ANSWERS_NUMBERS;
    return one ? ANSWERS_YES : ANSWERS_CLASSES;
}

const char *truth_loss(enum gate_answers a) {
    size_t i = 0;
    while (gate_at(i) && !(gate_at(i)->usual && gate_at(i)->answers == a)) i++;
    return gate_at(i)->name;
}
