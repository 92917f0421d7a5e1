#include "explain/mistakes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/gates.h"
#include "explain/explain_inside.h"
#include "text/number.h"

/* What is larger is not on a board: nothing is diagnosed there. */
enum { GATES_MOST = 64, NUMBERS_MOST = 4096 };

/* ---- what can go wrong at any gate ---- */

enum general {
    GENERAL_NONE,
    GENERAL_UPSTREAM, /* the local gradient alone */
    GENERAL_PATH,     /* of a value used twice: one way only */
    GENERAL_TIMES,    /* … the ways multiplied instead of added */
    GENERAL_VALUE     /* the number above the wire */
};

static const struct {
    const char *key;
    enum general what;
} generals[] = {
    {"upstream", GENERAL_UPSTREAM},
    {"path.one", GENERAL_PATH},
    {"path.times", GENERAL_TIMES},
    {"value", GENERAL_VALUE},
    {0},
};

/* ---- what is tried ---- */

/* One mistake, at one gate (of ways: at one shared value), or at all of its kind. */
struct trial {
    const char *key;
    enum general what; /* NONE: a row of the gates' */
    const struct node *at;
    bool all;
    int path; /* which of the ways is taken */
};

struct mistakes {
    const struct compiled *c;
    int count;    /* nodes, up to root */
    int *uses;    /* by id: along how many wires a gradient comes back to it */
    int *met;     /* by id: how many of them a walk has come along */
    real **grad;  /* by id: what a walk makes of it; NULL where no gradient comes */
    real *up;     /* of one gate: an upstream that was changed */
    real *part;   /* what it hands to one operand */
    real *turned; /* an operand, transposed */
    bool *needed;
    struct trial *trial;
    int n;
};

static bool passes(const struct node *n, int k) {
    return n->gate && n->grad && n->in[k]->grad && !(n->gate->flags & GATE_NO_GRADIENT);
}

/* Of how many numbers a mean or a sum is, or one example of a loss. */
static real count_of(const struct node *n) {
    const struct node *in = n->in[0];
    if (n->gate->fold) return (real)(in->size / n->size);
    if (n->gate->flags & GATE_MEAN) return (real)n->over_size;
    if (n->gate->rows == ROWS_PAIRED)
        return (real)(in->shape.n == 2 ? in->shape.dim[0] : 1);
    return 1;
}

/* The formula, at one element of what the gate goes over. */
static real formula_at(const struct node *n, const struct gate_slip *s, size_t e) {
    bool each = n->gate->flags & (GATE_ELEMENTWISE | GATE_MEAN);
    real in[2] = {0, 0};
    for (int k = 0; k < n->n_in && k < 2; k++) {
        size_t at = each ? graph_operand_at(n, k, e) : e;
        in[k] = n->in[k]->value[at < n->in[k]->size ? at : 0];
    }
    if (!s->formula) {
        real number = 0;
        s->walk(n, (int)e, NULL, &number);
        return number;
    }
    return s->formula(in[0], in[1], n->value[e < n->size ? e : 0], count_of(n));
}

/* ---- a wrong rule in the place of the right one ---- */

static void hand_local(const struct node *n, int k, const struct gate_slip *s,
                       const real *up, real *out) {
    bool each = n->gate->flags & (GATE_ELEMENTWISE | GATE_MEAN);
    bool mean = n->gate->flags & GATE_MEAN;
    size_t over = mean ? n->over_size : n->size;
    for (size_t e = 0; e < over; e++) {
        real by = formula_at(n, s, e) / (mean ? (real)over : 1);
        out[each ? graph_operand_at(n, k, e) : e] += up[mean ? 0 : e] * by;
    }
}

static void hand_times(const struct mistakes *m, const struct node *n, int k,
                       const struct gate_slip *s, const real *up, real *out) {
    for (size_t e = 0; e < n->size; e++) m->up[e] = up[e] * formula_at(n, s, 0);
    n->gate->backward(n, k, m->up, out);
}

static bool is_square(const struct node *n) {
    return n->shape.n == 2 && n->shape.dim[0] == n->shape.dim[1];
}

static void turn(const struct node *n, const real *from, real *to) {
    size_t side = n->shape.dim[0];
    for (size_t i = 0; i < n->size; i++) to[i % side * side + i / side] = from[i];
}

/* The same product with its other operand transposed once more. */
static void hand_back(const struct mistakes *m, const struct node *n, int k,
                      const real *up, real *out) {
    struct node copy = *n, other = *n->in[1 - k];
    struct node *in[2];
    turn(&other, other.value, m->turned);
    other.value = m->turned;
    in[k] = n->in[k];
    in[1 - k] = &other;
    copy.in = in;
    n->gate->backward(&copy, k, up, out);
}

static const struct gate_slip *slip_for(const struct node *n, int k, const char *key) {
    for (const struct gate_slip *s = n->gate->slips; s && s->key; s++) {
        bool here =
            s->way != WRONG_VALUE && (s->operand == SLIP_EACH || s->operand == k);
        if (here && strcmp(s->key, key) == 0) return s;
    }
    return NULL;
}

/* Part: what comes back to operand k, by the rule or against it. */
static void hand(const struct mistakes *m, const struct trial *t, const struct node *n,
                 int k) {
    const real *up = m->grad[n->id];
    const struct gate *gate = n->gate;
    bool here = t->all || t->at == n;
    const struct gate_slip *s =
        here && t->what == GENERAL_NONE ? slip_for(n, k, t->key) : NULL;
    memset(m->part, 0, n->in[k]->size * sizeof *m->part);
    if (s && s->way == WRONG_LOCAL) {
        hand_local(n, k, s, up, m->part);
        return;
    }
    if (gate->passes && !gate->passes(n, k)) return;
    if (s && s->way == WRONG_WALK) {
        s->walk(n, k, up, m->part);
    } else if (s && s->way == WRONG_TIMES) {
        hand_times(m, n, k, s, up, m->part);
    } else if (s && s->way == WRONG_BACK && is_square(n->in[1 - k])) {
        hand_back(m, n, k, up, m->part);
    } else if (s && s->way == WRONG_TURNED && is_square(n->in[k])) {
        memset(m->turned, 0, n->in[k]->size * sizeof *m->turned);
        gate->backward(n, k, up, m->turned);
        turn(n->in[k], m->turned, m->part);
    } else if (here && t->what == GENERAL_UPSTREAM) {
        for (size_t e = 0; e < n->size; e++) m->up[e] = 1;
        gate->backward(n, k, m->up, m->part);
    } else {
        gate->backward(n, k, up, m->part);
    }
}

/* … and joins what has come along other ways. */
static void join(const struct mistakes *m, const struct trial *t,
                 const struct node *in) {
    int met = m->met[in->id]++;
    real *to = m->grad[in->id];
    bool here = (t->all || t->at == in) && m->uses[in->id] > 1;
    bool alone = here && t->what == GENERAL_PATH && met != t->path;
    bool times = here && t->what == GENERAL_TIMES && met > 0;
    for (size_t e = 0; e < in->size && !alone; e++) {
        if (times) to[e] *= m->part[e];
        else to[e] += m->part[e];
    }
}

static void walk(const struct mistakes *m, const struct trial *t) {
    for (int i = 0; i < m->count; i++) {
        size_t size = graph_node(m->c->graph, i)->size;
        m->met[i] = 0;
        if (m->grad[i]) memset(m->grad[i], 0, size * sizeof **m->grad);
    }
    m->grad[m->c->root->id][0] = 1;
    for (int i = m->count - 1; i >= 0; i--) {
        const struct node *n = graph_node(m->c->graph, i);
        if (!m->needed[i]) continue;
        for (int k = 0; k < n->n_in; k++) {
            if (!passes(n, k)) continue;
            hand(m, t, n, k);
            join(m, t, n->in[k]);
        }
    }
}

/* ---- making ready ---- */

static void add_trial(struct mistakes *m, struct trial t) {
    if (m->trial) m->trial[m->n] = t;
    m->n++;
}

/* Those of the row of n that no gate before it had; at it, at each that follows, and at
 * all of them. */
static void add_rows(struct mistakes *m, struct node **gates, size_t n_gates, size_t i,
                     const char *key) {
    size_t had = 0, found = 0;
    for (size_t g = 0; g < n_gates; g++) {
        const struct gate_slip *s = gates[g]->gate->slips;
        while (s && s->key && (s->way == WRONG_VALUE || strcmp(s->key, key) != 0)) s++;
        if (!s || !s->key) continue;
        found++;
        had += g < i;
        if (!had) add_trial(m, (struct trial){key, GENERAL_NONE, gates[g], false, 0});
    }
    if (!had && found > 1)
        add_trial(m, (struct trial){key, GENERAL_NONE, gates[i], true, 0});
}

static void add_generals(struct mistakes *m, struct node **gates, size_t n_gates) {
    for (int g = 0; generals[g].key; g++) {
        struct trial t = {generals[g].key, generals[g].what, NULL, false, 0};
        if (t.what == GENERAL_VALUE) add_trial(m, t);
        for (size_t i = 0; t.what == GENERAL_UPSTREAM && i < n_gates; i++) {
            t.at = gates[i];
            add_trial(m, t);
        }
        int ways = 0;
        for (int i = 0; i < m->count; i++) {
            bool shared = t.what == GENERAL_PATH || t.what == GENERAL_TIMES;
            if (!shared || m->uses[i] < 2) continue;
            t.at = graph_node(m->c->graph, i);
            ways = m->uses[i] > ways ? m->uses[i] : ways;
            for (t.path = 0; t.path < m->uses[i]; t.path++) {
                add_trial(m, t);
                if (t.what == GENERAL_TIMES) break;
            }
        }
        t.all = true;
        t.at = n_gates ? gates[0] : NULL;
        for (t.path = 0; t.path < (t.what == GENERAL_PATH ? ways : ways > 0); t.path++)
            add_trial(m, t);
        t.path = 0;
        if (t.what == GENERAL_UPSTREAM) add_trial(m, t);
    }
}

static void add_trials(struct mistakes *m, struct node **gates, size_t n_gates) {
    m->n = 0;
    for (size_t i = 0; i < n_gates; i++) {
        const char *last = "";
        const struct gate_slip *s = gates[i]->gate->slips;
        for (; s && s->key; s++) { /* a kind's rows stand together */
            if (s->way != WRONG_VALUE && strcmp(s->key, last) != 0)
                add_rows(m, gates, n_gates, i, s->key);
            last = s->key;
        }
    }
    add_generals(m, gates, n_gates);
}

struct error *mistakes_open(struct mistakes **out, struct compiled *c) {
    struct node **leaves, **gates;
    size_t n_leaves, most = 1, all = 0;
    *out = NULL;
    struct error *e = explain_gradients(c, &leaves, &n_leaves);
    if (e) return e;
    size_t n_gates = explain_gates(c, &gates);
    struct arena *a = graph_arena(c->graph);
    for (int i = 0; i <= c->root->id; i++) {
        size_t size = graph_node(c->graph, i)->size;
        all += size;
        most = size > most ? size : most;
    }
    if (n_gates > GATES_MOST || all > NUMBERS_MOST || !c->root->grad) return NULL;
    struct mistakes *m = arena_alloc(a, 1, sizeof *m);
    m->c = c;
    m->count = c->root->id + 1;
    size_t count = (size_t)m->count;
    m->uses = arena_alloc(a, count, sizeof *m->uses);
    m->met = arena_alloc(a, count, sizeof *m->met);
    m->grad = arena_alloc(a, count, sizeof *m->grad);
    m->up = arena_alloc(a, most, sizeof *m->up);
    m->part = arena_alloc(a, most, sizeof *m->part);
    m->turned = arena_alloc(a, most, sizeof *m->turned);
    m->needed = explain_needed(c);
    for (int i = 0; i < m->count; i++) {
        const struct node *n = graph_node(c->graph, i);
        if (n->grad) m->grad[i] = arena_alloc(a, n->size, sizeof **m->grad);
        for (int k = 0; m->needed[i] && k < n->n_in; k++)
            m->uses[n->in[k]->id] += passes(n, k);
    }
    add_trials(m, gates, n_gates);
    m->trial = arena_alloc(a, (size_t)m->n + 1, sizeof *m->trial);
    add_trials(m, gates, n_gates);
    *out = m;
    return NULL;
}

/* ---- what each of them makes of a wire ---- */

/* As near as the caller wants; the little more is for the rounding of a difference. */
static bool is_near(double a, double b, double within) {
    return fabs(a - b) <= within + 1e-9 * fmax(1, fabs(b));
}

/* Which operand of the gate is the wire, or leads to it. */
static int operand_to(const struct mistakes *m, const struct node *gate,
                      const struct node *wire) {
    for (int k = 0; gate && k < gate->n_in; k++) {
        if (gate->in[k] == wire) return k;
    }
    for (int k = 0; gate && k < gate->n_in; k++) {
        if (graph_depends(m->c->graph, gate->in[k], wire)) return k;
    }
    return -1;
}

/* Of all gates with this mistake the one nearest to the wire. */
static const struct node *nearest(const struct mistakes *m, const struct trial *t,
                                  const struct node *wire) {
    bool ways = t->what == GENERAL_PATH || t->what == GENERAL_TIMES;
    for (int i = wire->id + !ways; i < m->count; i++) {
        const struct node *n = graph_node(m->c->graph, i);
        if (n != wire && !graph_depends(m->c->graph, n, wire)) continue;
        int k = n->gate && n != wire ? operand_to(m, n, wire) : -1;
        if (ways && m->uses[i] < 2) continue;
        if (!ways && (k < 0 || !passes(n, k))) continue;
        if (t->what == GENERAL_NONE && !slip_for(n, k, t->key)) continue;
        return n;
    }
    return NULL;
}

/* The i-th mistake's number there; false: it has none. */
static bool number_of(const struct mistakes *m, int i, const struct node *wire,
                      size_t element, struct mistake *to) {
    const struct trial *t = &m->trial[i];
    const struct node *at = t->what == GENERAL_VALUE ? NULL
                            : t->all                 ? nearest(m, t, wire)
                                                     : t->at;
    *to = (struct mistake){t->key, at, wire, operand_to(m, at, wire), t->all, 0};
    if (t->what == GENERAL_VALUE) {
        to->number = wire->value[element];
        return isfinite(to->number);
    }
    if (!at || (at != wire && !graph_depends(m->c->graph, at, wire))) return false;
    walk(m, t);
    to->number = m->grad[wire->id][element];
    return isfinite(to->number);
}

typedef void visit_mistake(void *to, const struct mistake *m);

/* Forwards: of the gate alone whose wire it is, of the numbers as they stand; and the
 * sign, where no rule turns it. */
static void each_value(const struct node *wire, size_t element, visit_mistake *visit,
                       void *to) {
    const struct gate_slip *s = wire->gate ? wire->gate->slips : NULL;
    double minus = -wire->value[element];
    bool taken = !isfinite(minus);
    for (; s && s->key; s++) {
        if (s->way != WRONG_VALUE) continue;
        double number = formula_at(wire, s, element);
        taken |= is_near(number, minus, 0);
        if (isfinite(number))
            visit(to, &(struct mistake){s->key, wire, wire, -1, false, number});
    }
    if (!taken) visit(to, &(struct mistake){"minus", wire, wire, -1, false, minus});
}

static void each_mistake(const struct mistakes *m, enum mistake_side side,
                         const struct node *wire, size_t element, visit_mistake *visit,
                         void *to) {
    if (side == MISTAKE_VALUE) {
        each_value(wire, element, visit, to);
        return;
    }
    if (!m || wire->id >= m->count || !m->grad[wire->id] || wire == m->c->root) return;
    for (int i = 0; i < m->n; i++) {
        struct mistake one;
        if (number_of(m, i, wire, element, &one)) visit(to, &one);
    }
}

static double right_of(enum mistake_side side, const struct node *wire,
                       size_t element) {
    if (side == MISTAKE_VALUE) return wire->value[element];
    return wire->grad ? wire->grad[element] : 0;
}

/* ---- the diagnosis ---- */

struct asking {
    double typed, within, right;
    struct diagnosis d;
};

static void look_at(void *to, const struct mistake *m) {
    struct asking *a = to;
    bool right = is_near(m->number, a->right, 0);
    if (right || !is_near(a->typed, m->number, a->within)) return;
    for (int i = 0; i < a->d.kinds && i < 2; i++) {
        if (strcmp(a->d.mistake[i].key, m->key) == 0) return;
    }
    if (a->d.kinds < 2) a->d.mistake[a->d.kinds] = *m;
    a->d.kinds++;
}

struct diagnosis mistakes_diagnose(const struct mistakes *m, enum mistake_side side,
                                   const struct node *wire, size_t element,
                                   double typed, double within) {
    struct asking a = {typed, within, right_of(side, wire, element), {0}};
    each_mistake(m, side, wire, element, look_at, &a);
    bool turned = a.right != 0 && is_near(typed, -a.right, within);
    if (!a.d.kinds && turned) /* nothing is known to turn it */
        look_at(&a, &(struct mistake){"minus", wire, wire, -1, false, -a.right});
    return a.d;
}

struct listing {
    struct mistake *to;
    int n, most;
    double right;
};

static void put_down(void *to, const struct mistake *m) {
    struct listing *l = to;
    if (!is_near(m->number, l->right, 0) && l->n < l->most) l->to[l->n++] = *m;
}

int mistakes_list(const struct mistakes *m, enum mistake_side side,
                  const struct node *wire, size_t element, struct mistake *to,
                  int most) {
    struct listing l = {to, 0, most, right_of(side, wire, element)};
    each_mistake(m, side, wire, element, put_down, &l);
    return l.n;
}

/* Kinds and their numbers as they come; those of one kind stand together. */
enum { TOLD_MOST = 256 };
struct telling {
    double right;
    struct mistake seen[TOLD_MOST];
    int n;
    const char *last;
    bool shows;
    struct mistakes_told told;
};

static void end_kind(struct telling *t) {
    if (t->last && !t->shows) t->told.hidden++;
}

static void tell_apart(void *to, const struct mistake *m) {
    struct telling *t = to;
    if (!t->last || strcmp(t->last, m->key) != 0) {
        end_kind(t);
        t->shows = false;
        t->last = m->key;
    }
    if (is_near(m->number, t->right, 0)) return;
    t->shows = true;
    bool same = false;
    for (int i = 0; i < t->n && !same; i++)
        same = strcmp(t->seen[i].key, m->key) != 0 &&
               is_near(t->seen[i].number, m->number, 0);
    t->told.same += same;
    if (t->n < TOLD_MOST) t->seen[t->n++] = *m;
}

struct mistakes_told mistakes_tell(const struct mistakes *m, enum mistake_side side,
                                   const struct node *wire, size_t element) {
    struct telling t = {.right = right_of(side, wire, element)};
    each_mistake(m, side, wire, element, tell_apart, &t);
    end_kind(&t);
    return t.told;
}

/* ---- in words ---- */

static void add_value(struct buf *b, const struct node *n, int digits) {
    if (n->size == 1) buf_add(b, num_format((char[NUM_SIZE]){0}, n->value[0], digits));
    else explain_tensor(b, &n->shape, n->value, digits);
}

void mistake_say(struct buf *b, const struct out *o, const struct mistake *m) {
    struct buf key = {0}, gate = {0}, name = {0}, x = {0}, own = {0}, wire = {0},
               other = {0}, value = {0}, n = {0};
    const struct node *g = m->gate;
    bool works = g && g->gate;
    int k = m->operand >= 0 ? m->operand : 0;
    buf_printf(&key, "mistake.%s", m->key);
    if (works) explain_node(&gate, g, EXPLAIN_NAMES, false, o->digits);
    if (g) explain_name(&name, g, o->digits);
    if (g) add_value(&value, g, o->digits);
    if (works) explain_name(&x, g->in[k], o->digits);
    if (works) add_value(&own, g->in[k], o->digits);
    if (works && g->n_in > 1) explain_name(&other, g->in[k ? 0 : 1], o->digits);
    if (works) buf_add(&n, num_format((char[NUM_SIZE]){0}, count_of(g), o->digits));
    if (m->wire) explain_name(&wire, m->wire, o->digits);
    text_add(o->text, b, buf_text(&key), "gate", buf_text(&gate), "name",
             buf_text(&name), "x", buf_text(&x), "own", buf_text(&own), "other",
             buf_text(&other), "value", buf_text(&value), "wire", buf_text(&wire), "n",
             buf_text(&n), "number", NUM(o, m->number), NULL);
    struct buf *all[] = {&key, &gate, &name, &x, &own, &other, &value, &wire, &n};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) buf_free(all[i]);
}

bool mistakes_say(struct buf *b, const struct out *o, const struct diagnosis *d) {
    if (d->kinds < 1 || d->kinds > 2) return false;
    if (d->kinds == 1) {
        mistake_say(b, o, &d->mistake[0]);
        return true;
    }
    struct buf first = {0}, second = {0};
    mistake_say(&first, o, &d->mistake[0]);
    mistake_say(&second, o, &d->mistake[1]);
    text_add(o->text, b, "mistake.two", "first", buf_text(&first), "second",
             buf_text(&second), NULL);
    buf_free(&first);
    buf_free(&second);
    return true;
}
