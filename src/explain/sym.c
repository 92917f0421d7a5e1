#include "explain/sym.h"

#include <math.h>
#include <string.h>

#include "base/map.h"
#include "engine/gates.h"

/* ---- making ---- */

static uint64_t mix(uint64_t h) { /* splitmix64's last steps */
    h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9u;
    h = (h ^ (h >> 27)) * 0x94D049BB133111EBu;
    return h ^ (h >> 31);
}

/* The order of terms and factors does not count; that of other operands does. */
static void set_hash(struct sym *s) {
    uint64_t h = 0, bits = 0;
    for (int i = 0; i < s->n; i++) {
        bool ordered = s->kind == SYM_POWER || s->kind == SYM_CALL;
        h += mix(s->kids[i]->hash + (ordered ? (uint64_t)i * 31 : 0));
    }
    memcpy(&bits, &s->number, sizeof bits);
    h += mix(bits + (s->kind == SYM_NODE ? (uint64_t)s->node->id : 0));
    if (s->gate) h += map_hash(s->gate->name);
    s->hash = mix(h + (uint64_t)s->kind);
}

static struct sym *make(struct arena *a, enum sym_kind kind, struct sym *const *kids,
                        int n) {
    struct sym *s = arena_alloc(a, 1, sizeof *s);
    s->kind = kind;
    s->n = n;
    s->kids = n ? arena_alloc(a, (size_t)n, sizeof *s->kids) : NULL;
    if (n) memcpy(s->kids, kids, (size_t)n * sizeof *kids);
    s->weight = 1;
    for (int i = 0; i < n; i++) s->weight += kids[i]->weight;
    if (s->weight > SYM_HEAVY) s->weight = SYM_HEAVY;
    return s;
}

struct sym *sym_number(struct arena *a, double v) {
    struct sym *s = make(a, SYM_NUMBER, NULL, 0);
    s->number = v + 0.0; /* no -0 */
    set_hash(s);
    return s;
}

struct sym *sym_node(struct arena *a, const struct node *n) {
    struct sym *s = make(a, SYM_NODE, NULL, 0);
    s->node = n;
    set_hash(s);
    return s;
}

struct sym *sym_call(struct arena *a, const struct gate *gate, struct sym *const *kids,
                     int n, const struct node *attr) {
    struct sym *s = make(a, SYM_CALL, kids, n);
    s->gate = gate;
    s->node = attr;
    set_hash(s);
    return s;
}

static struct sym *make_plain(struct arena *a, enum sym_kind kind,
                              struct sym *const *kids, int n) {
    struct sym *s = make(a, kind, kids, n);
    set_hash(s);
    return s;
}

/* ---- comparing ---- */

static bool same_kids(const struct sym *a, const struct sym *b) {
    for (int i = 0; i < a->n; i++) {
        if (!sym_equal(a->kids[i], b->kids[i])) return false;
    }
    return true;
}

/* Equal but for the order of the kids, which are all different from each other. */
static bool same_set(const struct sym *a, const struct sym *b) {
    for (int i = 0; i < a->n; i++) {
        int k = 0;
        while (k < b->n && !sym_equal(a->kids[i], b->kids[k])) k++;
        if (k == b->n) return false;
    }
    return true;
}

static bool same_attr(const struct node *a, const struct node *b) {
    if (a == b) return true;
    return a && b && memcmp(&a->attr, &b->attr, sizeof a->attr) == 0;
}

bool sym_equal(const struct sym *a, const struct sym *b) {
    if (a == b) return true;
    if (a->hash != b->hash || a->kind != b->kind || a->n != b->n) return false;
    switch (a->kind) {
        case SYM_NUMBER: return a->number == b->number;
        case SYM_NODE: return a->node == b->node;
        case SYM_SUM:
        case SYM_PRODUCT: return same_set(a, b);
        case SYM_POWER: return same_kids(a, b);
        case SYM_CALL:
            return a->gate == b->gate && same_attr(a->node, b->node) && same_kids(a, b);
    }
    return false;
}

/* ---- sums: terms are a number times a rest ---- */

struct term {
    double by;
    struct sym *rest; /* NULL: the number alone */
};

struct terms {
    struct term *list;
    int n, cap;
};

/* Room for one more in a list of the arena's. */
static void *more(struct arena *a, void *list, int n, int *cap, size_t size) {
    if (n < *cap) return list;
    *cap = *cap ? *cap * 2 : 4;
    void *grown = arena_alloc(a, (size_t)*cap, size);
    if (n) memcpy(grown, list, (size_t)n * size);
    return grown;
}

static struct term split(struct arena *a, struct sym *s) {
    if (s->kind == SYM_NUMBER) return (struct term){s->number, NULL};
    if (s->kind != SYM_PRODUCT || s->kids[0]->kind != SYM_NUMBER) {
        return (struct term){1, s};
    }
    struct sym *rest =
        s->n == 2 ? s->kids[1] : make_plain(a, SYM_PRODUCT, s->kids + 1, s->n - 1);
    return (struct term){s->kids[0]->number, rest};
}

static struct sym *join(struct arena *a, struct term t) {
    if (!t.rest) return sym_number(a, t.by);
    return sym_product(a, (struct sym *[]){sym_number(a, t.by), t.rest}, 2);
}

static void add_term(struct arena *a, struct terms *t, struct sym *s) {
    if (s->kind == SYM_SUM) {
        for (int i = 0; i < s->n; i++) add_term(a, t, s->kids[i]);
        return;
    }
    struct term new = split(a, s);
    for (int i = 0; i < t->n; i++) {
        struct term *old = &t->list[i];
        bool same = new.rest ? old->rest &&sym_equal(new.rest, old->rest) : !old->rest;
        if (same) {
            old->by += new.by;
            return;
        }
    }
    t->list = more(a, t->list, t->n, &t->cap, sizeof *t->list);
    t->list[t->n++] = new;
}

static void drop_zeros(struct terms *t) {
    int kept = 0;
    for (int i = 0; i < t->n; i++) {
        if (t->list[i].by != 0) t->list[kept++] = t->list[i];
    }
    t->n = kept;
}

/* −y + w·x is written w·x − y. */
static void positive_first(struct terms *t) {
    int i = 0;
    while (i < t->n && t->list[i].by < 0) i++;
    if (i == 0 || i == t->n) return;
    struct term first = t->list[i];
    memmove(t->list + 1, t->list, (size_t)i * sizeof *t->list);
    t->list[0] = first;
}

/* The number that all terms share: 2·a − 2·b is 2·(a − b). 1 where there is none. */
static double shared_number(const struct terms *t) {
    double by = fabs(t->list[0].by);
    bool negative = true;
    for (int i = 0; i < t->n; i++) {
        if (!t->list[i].rest || fabs(t->list[i].by) != by) by = 1;
        negative = negative && t->list[i].by < 0;
    }
    return negative ? -by : by;
}

struct sym *sym_sum(struct arena *a, struct sym *const *terms, int n) {
    struct terms t = {0};
    for (int i = 0; i < n; i++) add_term(a, &t, terms[i]);
    drop_zeros(&t);
    if (t.n == 0) return sym_number(a, 0);
    if (t.n == 1) return join(a, t.list[0]);
    positive_first(&t);
    double by = shared_number(&t);
    struct sym **kids = arena_alloc(a, (size_t)t.n, sizeof *kids);
    for (int i = 0; i < t.n; i++) {
        t.list[i].by /= by;
        kids[i] = join(a, t.list[i]);
    }
    struct sym *sum = make_plain(a, SYM_SUM, kids, t.n);
    if (by == 1) return sum;
    return make_plain(a, SYM_PRODUCT, (struct sym *[]){sym_number(a, by), sum}, 2);
}

/* ---- products: powers of bases ---- */

struct power {
    struct sym *base;
    struct sym *exponent; /* NULL: a number */
    double times;         /* then this one */
};

struct powers {
    struct power *list;
    int n, cap;
    double number; /* in front */
};

static bool is_odd(double v) { return fmod(fabs(v), 2) == 1; }
static bool is_whole(double v) { return v == floor(v) && fabs(v) < 1e6; }

static void add_factor(struct arena *a, struct powers *p, struct sym *s);

static void add_power(struct arena *a, struct powers *p, struct power new) {
    for (int i = 0; i < p->n; i++) {
        struct power *old = &p->list[i];
        if (!old->exponent && !new.exponent && sym_equal(old->base, new.base)) {
            old->times += new.times;
            return;
        }
    }
    p->list = more(a, p->list, p->n, &p->cap, sizeof *p->list);
    p->list[p->n++] = new;
}

static void add_factor(struct arena *a, struct powers *p, struct sym *s) {
    if (s->kind == SYM_NUMBER) {
        p->number *= s->number;
    } else if (s->kind == SYM_PRODUCT) {
        for (int i = 0; i < s->n; i++) add_factor(a, p, s->kids[i]);
    } else if (s->kind == SYM_POWER && s->kids[1]->kind == SYM_NUMBER) {
        add_power(a, p, (struct power){s->kids[0], NULL, s->kids[1]->number});
    } else if (s->kind == SYM_POWER) {
        add_power(a, p, (struct power){s->kids[0], s->kids[1], 0});
    } else {
        add_power(a, p, (struct power){s, NULL, 1});
    }
}

static struct sym *raise(struct arena *a, struct power p) {
    if (!p.exponent && p.times == 1) return p.base;
    struct sym *e = p.exponent ? p.exponent : sym_number(a, p.times);
    return make_plain(a, SYM_POWER, (struct sym *[]){p.base, e}, 2);
}

static bool is_name(const struct sym *s) {
    return s->kind == SYM_NODE ||
           (s->kind == SYM_POWER && s->kids[0]->kind == SYM_NODE);
}

struct sym *sym_product(struct arena *a, struct sym *const *factors, int n) {
    struct powers p = {.number = 1};
    for (int i = 0; i < n; i++) add_factor(a, &p, factors[i]);
    if (p.number == 0) return sym_number(a, 0);
    struct sym **kids = arena_alloc(a, (size_t)p.n + 1, sizeof *kids);
    int count = 0;
    if (p.number != 1) kids[count++] = sym_number(a, p.number);
    for (int names = 0; names < 2; names++) { /* formulas, then names */
        for (int i = 0; i < p.n; i++) {
            if (!p.list[i].exponent && p.list[i].times == 0) continue;
            struct sym *kid = raise(a, p.list[i]);
            if (is_name(kid) == (names == 1)) kids[count++] = kid;
        }
    }
    if (count == 0) return sym_number(a, p.number);
    if (count == 1) return kids[0];
    return make_plain(a, SYM_PRODUCT, kids, count);
}

struct sym *sym_power(struct arena *a, struct sym *base, struct sym *exponent) {
    if (exponent->kind != SYM_NUMBER) {
        return make_plain(a, SYM_POWER, (struct sym *[]){base, exponent}, 2);
    }
    double e = exponent->number;
    if (e == 0) return sym_number(a, 1);
    if (e == 1) return base;
    if (base->kind == SYM_NUMBER) {
        double v = pow(base->number, e);
        if (isfinite(v)) return sym_number(a, v);
    }
    if (base->kind == SYM_POWER && base->kids[1]->kind == SYM_NUMBER && is_whole(e)) {
        struct sym *times = sym_number(a, base->kids[1]->number * e);
        return sym_power(a, base->kids[0], times);
    }
    struct term t = split(a, base); /* (2·x)² is 4·x², (−x)² is x² */
    if (is_whole(e) && t.rest && t.by != 1 && t.by != 0) {
        double by = t.by == -1 ? (is_odd(e) ? -1 : 1) : pow(t.by, e);
        struct sym *rest = sym_power(a, t.rest, exponent);
        return sym_product(a, (struct sym *[]){sym_number(a, by), rest}, 2);
    }
    if (base->kind == SYM_PRODUCT && e < 0 && is_whole(e)) { /* 1/(a·b): apart */
        struct sym **kids = arena_alloc(a, (size_t)base->n, sizeof *kids);
        for (int i = 0; i < base->n; i++)
            kids[i] = sym_power(a, base->kids[i], exponent);
        return sym_product(a, kids, base->n);
    }
    return make_plain(a, SYM_POWER, (struct sym *[]){base, exponent}, 2);
}

struct sym *sym_gate(struct arena *a, const struct gate *gate, struct sym *const *kids,
                     int n, const struct node *attr) {
    struct sym *minus = sym_number(a, -1), *b;
    switch (gate->role) {
        case ROLE_SAME: return kids[0];
        case ROLE_SUM: return sym_sum(a, kids, n);
        case ROLE_PRODUCT: return sym_product(a, kids, n);
        case ROLE_POWER: return sym_power(a, kids[0], kids[1]);
        case ROLE_NEGATIVE: return sym_product(a, (struct sym *[]){minus, kids[0]}, 2);
        case ROLE_DIFFERENCE:
            b = sym_product(a, (struct sym *[]){minus, kids[1]}, 2);
            return sym_sum(a, (struct sym *[]){kids[0], b}, 2);
        case ROLE_QUOTIENT:
            b = sym_power(a, kids[1], minus);
            return sym_product(a, (struct sym *[]){kids[0], b}, 2);
        default: return sym_call(a, gate, kids, n, attr);
    }
}
