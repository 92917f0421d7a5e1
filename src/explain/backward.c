/* backward E: every gate in reverse: upstream × local = downstream, for each
 * operand. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "explain/explain_inside.h"
#include "text/number.h"

struct back {
    struct out *o;
    const struct node *root;
    int *uses;            /* by id: gates (operands of gates) that hand it a gradient */
    struct parts **parts; /* by id: what they handed, where there are several */
    real *room;           /* as large as the largest operand */
    const bool *way;      /* by id: what is told of */
};

struct parts {
    double v[WRITTEN_OUT]; /* of single numbers */
    int n;
};

static void add_grad(struct buf *b, const struct node *n, const real *v, int digits) {
    explain_tensor(b, &n->shape, v, digits);
}

/* ---- one line: what operand k gets ---- */

static void keep_part(struct back *w, const struct compiled *c, const struct node *in) {
    struct parts **p = &w->parts[in->id];
    if (!*p) *p = arena_alloc(graph_arena(c->graph), 1, sizeof **p);
    if ((*p)->n < WRITTEN_OUT) (*p)->v[(*p)->n] = w->room[0];
    (*p)->n++;
}

static void say_operand(struct back *w, const struct compiled *c, const struct node *n,
                        int k) {
    const struct node *in = n->in[k];
    struct buf name = {0}, slope = {0}, names = {0}, numbers = {0}, value = {0};
    memset(w->room, 0, in->size * sizeof *w->room);
    n->gate->backward(n, k, n->grad, w->room);
    explain_slope_name(&slope, w->root, in);
    if (w->uses[in->id] > 1) {
        keep_part(w, c, in);
        text_add(w->o->text, &name, "explain.part", "slope", buf_text(&slope), "n",
                 NUM(w->o, w->parts[in->id]->n), NULL);
    } else {
        buf_add(&name, buf_text(&slope));
    }
    explain_hand_back(w->o, &names, &numbers, w->root, n, k);
    add_grad(&value, in, w->room, w->o->digits);
    char *parts[] = {buf_take(&name), buf_take(&names), buf_take(&numbers),
                     buf_take(&value)};
    explain_say_equal(w->o, 2, parts, 4, OUT_GRADIENT, OUT_GRADIENT);
    for (int i = 0; i < 4; i++) free(parts[i]);
    buf_free(&slope);
}

/* ---- a value used more than once: what it was handed adds up ---- */

static void say_sum(struct back *w, const struct node *n) {
    const struct parts *p = w->parts[n->id];
    struct buf name = {0}, sum = {0}, value = {0};
    explain_slope_name(&name, w->root, n);
    for (int i = 0; n->size == 1 && i < p->n; i++) {
        if (i) buf_add(&sum, " + ");
        if (i == WRITTEN_OUT) {
            buf_add(&sum, "…");
            break;
        }
        explain_factor(&sum, p->v[i], w->o->digits);
    }
    add_grad(&value, n, n->grad, w->o->digits);
    char *parts[] = {buf_take(&name), mem_copy(buf_text(&sum)), buf_take(&value)};
    explain_say_equal(w->o, 0, parts, 3, OUT_GRADIENT, OUT_GRADIENT);
    struct buf node = {0};
    explain_name(&node, n, w->o->digits);
    char *why = out_sentence(w->o, "explain.used", "name", buf_text(&node), "n",
                             NUM(w->o, p->n), NULL);
    out_wrap(w->o, why, 2);
    free(why);
    for (int i = 0; i < 3; i++) free(parts[i]);
    buf_free(&sum);
    buf_free(&node);
}

/* ---- the walk ---- */

static void say_header(struct back *w, const struct node *n) {
    struct buf formula = {0};
    explain_node(&formula, n, EXPLAIN_NAMES, false, w->o->digits);
    char *parts[] = {mem_copy(n->name ? n->name : buf_text(&formula)),
                     buf_take(&formula)};
    enum out_colour c = explain_colour(n, w->root);
    explain_say_equal(w->o, 0, parts, 2, c, c);
    for (int i = 0; i < 2; i++) free(parts[i]);
}

/* Where it hands something to an operand that is not written, it says why. */
static void say_straight(struct back *w, const struct node *n) {
    int k = gate_written(n);
    if (k == n->n_in || !explain_hands(n, k)) return;
    struct buf p = {0}, z = {0};
    explain_name(&p, n->in[0], w->o->digits);
    explain_name(&z, n->in[k], w->o->digits);
    char *why = out_sentence(w->o, "explain.straight", "p", buf_text(&p), "z",
                             buf_text(&z), NULL);
    out_wrap(w->o, why, 2);
    free(why);
    buf_free(&p);
    buf_free(&z);
}

static void say_gate(struct back *w, const struct compiled *c, const struct node *n) {
    say_header(w, n);
    say_straight(w, n);
    for (int k = 0; k < n->n_in; k++) {
        if (explain_hands(n, k) && w->way[n->in[k]->id]) say_operand(w, c, n, k);
    }
}

/* Does a gradient come by? A gate may pass it to some of its operands alone. */
static bool is_reached(const struct back *w, const struct node *n) {
    return n->grad && (n == w->root || w->uses[n->id]);
}

/* Counts uses, and gates to be shown; makes room. */
static size_t prepare(struct back *w, const struct compiled *c, const bool *needed) {
    struct arena *a = graph_arena(c->graph);
    size_t count = (size_t)c->root->id + 1, gates = 0, largest = 1;
    w->uses = arena_alloc(a, count, sizeof *w->uses);
    w->parts = arena_alloc(a, count, sizeof *w->parts);
    for (size_t i = count; i-- > 0;) {
        const struct node *n = graph_node(c->graph, (int)i);
        if (!needed[i] || !is_reached(w, n)) continue;
        if (n->size > largest) largest = n->size;
        gates += n->gate != NULL;
        for (int k = 0; k < n->n_in; k++) {
            if (explain_hands(n, k)) w->uses[n->in[k]->id]++;
        }
    }
    w->room = arena_alloc(a, largest, sizeof *w->room);
    return gates;
}

static void walk(struct back *w, const struct compiled *c, const bool *needed,
                 size_t gates) {
    size_t seen = 0;
    w->way = needed;
    for (int i = c->root->id; i >= 0; i--) {
        const struct node *n = graph_node(c->graph, i);
        if (!needed[i] || !is_reached(w, n)) continue;
        bool shown = gates <= 2 * GATES_SHOWN || seen < GATES_SHOWN ||
                     seen >= gates - GATES_SHOWN;
        if (shown && w->parts[i] && w->parts[i]->n == w->uses[i]) say_sum(w, n);
        if (!n->gate) continue;
        if (shown) say_gate(w, c, n);
        else if (seen == GATES_SHOWN) explain_say_gap(w->o, gates - 2 * GATES_SHOWN);
        seen++;
    }
}

void explain_backward_to(struct out *o, struct compiled *c, const struct node *to) {
    struct back w = {.o = o, .root = c->root};
    bool *needed = explain_needed(c);
    prepare(&w, c, needed);
    for (int i = c->root->id; i > to->id; i--) {
        const struct node *n = graph_node(c->graph, i);
        bool headed = false;
        if (!needed[i] || !is_reached(&w, n)) continue;
        for (int k = 0; k < n->n_in; k++) {
            if (n->in[k] != to || !explain_hands(n, k)) continue;
            if (!headed) say_header(&w, n);
            headed = true;
            say_operand(&w, c, n, k);
        }
    }
    if (w.parts[to->id]) say_sum(&w, to);
}

/* ---- dE/dw = 4·1·1 = 4 ---- */

static void say_products(struct out *o, const struct compiled *c, struct node **leaves,
                         size_t n) {
    struct paths *p = explain_paths(c);
    out_say(
        o, explain_path(NULL, p, leaves[0], 0) ? "explain.products" : "explain.results",
        NULL);
    for (size_t i = 0; i < n && i < PARAMS_SHOWN; i++) {
        struct buf name = {0}, product = {0}, value = {0};
        explain_slope_name(&name, c->root, leaves[i]);
        explain_path(&product, p, leaves[i], o->digits);
        add_grad(&value, leaves[i], leaves[i]->grad, o->digits);
        char *parts[] = {buf_take(&name), mem_copy(buf_text(&product)),
                         buf_take(&value)};
        explain_say_equal(o, 2, parts, 3, OUT_GRADIENT, OUT_GRADIENT);
        for (int k = 0; k < 3; k++) free(parts[k]);
        buf_free(&product);
    }
    if (n > PARAMS_SHOWN) {
        out_say(o, "explain.more-params", "n", NUM(o, (double)(n - PARAMS_SHOWN)),
                NULL);
    }
}

/* What of it leads from wrt to the root. */
static void keep_way(const struct compiled *c, const struct node *wrt, bool *needed) {
    for (int i = 0; i <= c->root->id; i++) {
        const struct node *n = graph_node(c->graph, i);
        bool leads = n == wrt;
        for (int k = 0; k < n->n_in && n->id > wrt->id; k++)
            leads |= needed[n->in[k]->id] && explain_hands(n, k);
        needed[i] &= leads;
    }
}

/* wrt: the way to it alone; or NULL. */
static struct error *tell(struct out *o, struct compiled *c, struct node *wrt) {
    struct node **leaves;
    size_t n;
    explain_label(c);
    struct error *e = explain_gradients(c, &leaves, &n);
    if (e) return e;
    if (wrt && wrt->grad) leaves = &wrt, n = 1;
    struct buf slope = {0};
    explain_slope_name(&slope, c->root, c->root);
    if (!n) {
        out_say(o, "explain.no-leaves", "name", c->root->name, NULL);
    } else {
        struct back w = {.o = o, .root = c->root};
        bool *needed = explain_needed(c);
        if (n == 1 && leaves == &wrt) keep_way(c, wrt, needed);
        size_t gates = prepare(&w, c, needed);
        out_say(o, "explain.backward", "slope", buf_text(&slope), NULL);
        walk(&w, c, needed, gates);
        say_products(o, c, leaves, n);
    }
    buf_free(&slope);
    return NULL;
}

struct error *explain_backward(struct out *o, struct compiled *c, struct board *b) {
    (void)b;
    return tell(o, c, NULL);
}

struct error *explain_backward_way(struct out *o, struct compiled *c,
                                   struct node *wrt) {
    return tell(o, c, wrt);
}
