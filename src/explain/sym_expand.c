/* Multiplying out: (x + 1)·x is x² + x. */
#include <math.h>
#include <string.h>

#include "explain/sym.h"

enum { TERMS_MOST = 60 };
static const double power_most = 4;

struct terms { /* added up, they are the formula; n 0: too many */
    struct sym *list[TERMS_MOST];
    int n;
};

static void expand(struct arena *a, struct sym *s, struct terms *out);

static void multiply(struct arena *a, struct terms *by, const struct terms *other) {
    struct terms out = {.n = by->n * other->n};
    if (out.n > TERMS_MOST) out.n = 0;
    for (int i = 0; i < out.n; i++) {
        struct sym *pair[] = {by->list[i / other->n], other->list[i % other->n]};
        out.list[i] = sym_product(a, pair, 2);
    }
    *by = out;
}

static void expand_sum(struct arena *a, const struct sym *s, struct terms *out) {
    out->n = 0;
    for (int i = 0; i < s->n; i++) {
        struct terms kid;
        expand(a, s->kids[i], &kid);
        if (!kid.n || out->n + kid.n > TERMS_MOST) {
            out->n = 0;
            return;
        }
        memcpy(out->list + out->n, kid.list, (size_t)kid.n * sizeof *kid.list);
        out->n += kid.n;
    }
}

static bool is_small_power(const struct sym *s) {
    if (s->kind != SYM_POWER || s->kids[1]->kind != SYM_NUMBER) return false;
    double e = s->kids[1]->number;
    return e == floor(e) && e > 1 && e <= power_most;
}

static void expand(struct arena *a, struct sym *s, struct terms *out) {
    *out = (struct terms){{s}, 1};
    if (s->kind == SYM_SUM) {
        expand_sum(a, s, out);
    } else if (s->kind == SYM_PRODUCT) {
        expand(a, s->kids[0], out);
        for (int i = 1; i < s->n && out->n; i++) {
            struct terms kid;
            expand(a, s->kids[i], &kid);
            multiply(a, out, &kid);
        }
    } else if (is_small_power(s)) {
        struct terms base;
        expand(a, s->kids[0], &base);
        *out = base;
        for (double e = s->kids[1]->number; e > 1 && out->n; e--)
            multiply(a, out, &base);
    }
}

struct sym *sym_expand(struct arena *a, struct sym *s) {
    struct terms t;
    expand(a, s, &t);
    return t.n ? sym_sum(a, t.list, t.n) : s;
}
