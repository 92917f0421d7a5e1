#include "explain/derive.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/utf8.h"
#include "board/functions.h"
#include "engine/gates.h"
#include "explain/explain_inside.h"
#include "syntax/parser.h"

/* More gates than this make no formula that a person would read. */
enum { GATES_MOST = 3000 };

/* ---- a row's formula, read by the language's own parser ---- */

static const struct command *no_command(void *context, const char *word) {
    (void)context, (void)word;
    return NULL;
}

static bool no_name(void *context, const char *name) {
    (void)context, (void)name;
    return false;
}

static struct error *no_word(void *context, const char *function, const char *word) {
    (void)context;
    return error_new("unknown-keyword", "function", function, "name", word, NULL);
}

static struct error *no_slip(void *context, const char *word) {
    (void)context, (void)word;
    return NULL;
}

/* What a, b, c and f stand for. */
struct meaning {
    struct arena *arena;
    struct sym *operand[3], *value;
};

static struct sym *meaning_of(const struct meaning *m, const char *name) {
    double constant;
    if (call_constant(name, &constant)) return sym_number(m->arena, constant);
    assert(!name[1] && strchr("abcf", name[0])); /* the rows are our own */
    return name[0] == 'f' ? m->value : m->operand[name[0] - 'a'];
}

static bool is_equation(const struct sym *s) {
    return s->kind == SYM_CALL && s->gate->role == ROLE_EQUALITY;
}

/* Is the formula no number somewhere? */
static bool has_hole(const struct sym *formula) {
    struct tensor *t = sym_value(formula);
    bool hole = false;
    for (size_t i = 0; t && i < t->size && !hole; i++) hole = !isfinite(t->data[i]);
    tensor_unref(t);
    return hole;
}

/* where(b == 0, 0, b*a^(b - 1)) mends a hole in a row's formula: a person reads the
 * mending only where it is needed. */
static struct sym *choose(const struct meaning *m, const struct gate *where,
                          struct sym *const *kids) {
    const struct sym *is = kids[0];
    if (!is_equation(is)) return sym_gate(m->arena, where, kids, 3, NULL);
    const struct sym *a = is->kids[0], *b = is->kids[1];
    if (a->kind == SYM_NUMBER && b->kind == SYM_NUMBER)
        return kids[a->number == b->number ? 1 : 2];
    if (!has_hole(kids[2])) return kids[2];
    return sym_gate(m->arena, where, kids, 3, NULL);
}

static struct sym *read_expr(const struct meaning *m, const struct expr *x) {
    struct sym **made = mem_alloc((size_t)x->n, sizeof *made);
    for (int i = 0; i < x->n; i++) { /* operands stand before what uses them */
        const struct expr_node *e = &x->nodes[i];
        struct sym *kids[3];
        for (int k = 0; k < e->n_kids && k < 3; k++) kids[k] = made[e->kids[k]];
        if (e->kind == EXPR_NUMBER) {
            made[i] = sym_number(m->arena, e->number);
        } else if (e->kind == EXPR_NAME) {
            made[i] = meaning_of(m, e->name);
        } else { /* pow() is called by its name there, and is otherwise written ^ */
            const struct gate *gate = gate_find(e->name);
            made[i] = gate->role == ROLE_CHOICE
                          ? choose(m, gate, kids)
                          : sym_gate(m->arena, gate, kids, e->n_kids, NULL);
        }
    }
    struct sym *root = made[x->n - 1];
    free(made);
    return root;
}

static struct sym *read_local(const struct meaning *m, const char *formula) {
    const struct parse_world world = {NULL,    no_command, no_name,
                                      no_name, no_word,    no_slip};
    struct program *p;
    struct error *e = parse_program(formula, &world, NULL, &p);
    if (e) { /* the rows are our own: a test reads each */
        error_free(e);
        return NULL;
    }
    struct sym *s = read_expr(m, p->stmts[0].items[0].expr);
    program_free(p);
    return s;
}

/* ---- a gate's own derivative ---- */

static struct sym *operand_of(struct arena *a, const struct node *n) {
    bool number = explain_is_number(n) && n->shape.n == 0;
    return number ? sym_number(a, n->value[0]) : sym_node(a, n);
}

static void print_value(struct buf *b, const struct sym *s, int digits) {
    struct tensor *t = sym_value(s);
    if (!t) return;
    bool brackets = t->size == 1 && t->data[0] < 0;
    if (brackets) buf_add(b, "(");
    explain_tensor(b, &t->shape, t->data, digits);
    if (brackets) buf_add(b, ")");
    tensor_unref(t);
}

bool derive_local(struct buf *names, struct buf *numbers, const struct node *n, int k,
                  int digits) {
    if (k >= GATE_RULED || !n->gate->local[k]) return false;
    struct arena *a = arena_new();
    struct meaning m = {.arena = a, .value = sym_node(a, n)};
    for (int i = 0; i < n->n_in && i < 3; i++) m.operand[i] = operand_of(a, n->in[i]);
    struct sym *s = read_local(&m, n->gate->local[k]);
    if (s) {
        sym_print_factor(names, s, SYM_NAMES, digits);
        if (sym_chooses(s)) print_value(numbers, s, digits);
        else sym_print_factor(numbers, s, SYM_NUMBERS, digits);
    }
    arena_free(a);
    return s != NULL;
}

/* ---- down to the leaves ---- */

struct deriving {
    struct arena *arena;
    struct sym **value;      /* by id: each node as a formula of the leaves */
    struct sym **slope;      /* by id: ∂of/∂node */
    const struct node *gate; /* the one without a formula */
    bool heavy;
};

static void make_values(struct deriving *d, const struct graph *g, const bool *needed,
                        int count) {
    for (int i = 0; i < count; i++) {
        const struct node *n = graph_node(g, i);
        if (!needed[i]) continue;
        d->value[i] = operand_of(d->arena, n);
        if (!n->gate || explain_is_number(n) || n->attr.of) continue;
        struct sym **kids = arena_alloc(d->arena, (size_t)n->n_in, sizeof *kids);
        for (int k = 0; k < n->n_in; k++) kids[k] = d->value[n->in[k]->id];
        struct sym *s = sym_gate(d->arena, n->gate, kids, n->n_in, n);
        if (s->weight < SYM_HEAVY) d->value[i] = s;
    }
}

static size_t size_of(const struct sym *s) {
    struct shape shape = sym_shape(s);
    return shape_size(&shape);
}

/* Takes the number out of s; returns the rest. */
static struct sym *take_number(struct arena *a, struct sym *s, double *number) {
    *number = 1;
    if (s->kind != SYM_PRODUCT || s->kids[0]->kind != SYM_NUMBER) return s;
    *number = s->kids[0]->number;
    return sym_product(a, s->kids + 1, s->n - 1);
}

static bool is_short(double v) { return v * 1000 == floor(v * 1000); }

/* Σ s over `count` elements, of which s may have fewer, each meant several times. A sum
 * whose number is a fraction of the count is a mean: (2/3)·Σ over 3 is 2·mean. */
static struct sym *sum_over(struct arena *a, struct sym *s, size_t count) {
    size_t size = size_of(s);
    double number, n = (double)size;
    struct sym *rest = take_number(a, s, &number);
    number *= (double)count / n;
    if (size == 1 || rest->kind == SYM_NUMBER) {
        return sym_product(a, (struct sym *[]){sym_number(a, number), rest}, 2);
    }
    bool mean = !is_short(number) && is_short(round(number * n * 1e9) / 1e9);
    if (mean) number = round(number * n * 1e9) / 1e9;
    struct sym *sum = sym_call(a, gate_find(mean ? "mean" : "sum"), &rest, 1, NULL);
    return sym_product(a, (struct sym *[]){sym_number(a, number), sum}, 2);
}

/* U · local, down to the operand's shape. NULL where the row has no formula for it. */
static struct sym *pass_elements(struct deriving *d, const struct node *n, int k,
                                 struct sym *up) {
    const struct node *in = n->in[k];
    struct meaning m = {.arena = d->arena, .value = d->value[n->id]};
    for (int i = 0; i < n->n_in && i < 3; i++) m.operand[i] = d->value[n->in[i]->id];
    struct sym *local =
        k < GATE_RULED && n->gate->local[k] ? read_local(&m, n->gate->local[k]) : NULL;
    if (!local) return NULL;
    bool mean = n->gate->flags & GATE_MEAN;
    size_t over = mean ? n->over_size : n->size;
    struct sym *each = sym_number(d->arena, mean ? 1 / (double)over : 1);
    struct sym *s = sym_product(d->arena, (struct sym *[]){each, up, local}, 3);
    if (in->size == over) return s;
    return in->size == 1 ? sum_over(d->arena, s, over) : NULL;
}

static struct sym *pass(struct deriving *d, const struct node *n, int k,
                        struct sym *up) {
    const struct node *in = n->in[k];
    /* along an axis, it broadcasts back by itself */
    if (n->gate->fold == FOLD_SUM || n->gate->fold == FOLD_MEAN) {
        bool sum = n->gate->fold == FOLD_SUM;
        double each = sum ? 1 : (double)n->size / (double)in->size;
        struct sym *by = sym_number(d->arena, each);
        return sym_product(d->arena, (struct sym *[]){by, up}, 2);
    }
    if (gate_is(n, ROLE_MATMUL) && n->size == 1 && n->in[0]->shape.n == 1) { /* a dot */
        return sym_product(d->arena, (struct sym *[]){up, d->value[n->in[1 - k]->id]},
                           2);
    }
    return pass_elements(d, n, k, up);
}

static void pass_back(struct deriving *d, const struct node *n, const bool *between) {
    struct sym *up = d->slope[n->id];
    for (int k = 0; k < n->n_in && up; k++) {
        int id = n->in[k]->id;
        if (!between[id] || (n->gate->passes && !n->gate->passes(n, k))) continue;
        struct sym *s = pass(d, n, k, up);
        if (!s) {
            d->gate = n;
            return;
        }
        if (d->slope[id]) s = sym_sum(d->arena, (struct sym *[]){d->slope[id], s}, 2);
        d->heavy |= s->weight >= SYM_HEAVY;
        d->slope[id] = s;
    }
}

/* The value in wrt's shape: a formula of one number means it for every element. */
static struct tensor *value_for(const struct sym *s, const struct node *wrt) {
    struct tensor *t = sym_value(s), *all;
    if (!t || t->size == wrt->size) return t;
    struct error *e = t->size == 1 ? tensor_new(wrt->shape, &all) : NULL;
    if (t->size != 1 || e) all = NULL;
    for (size_t i = 0; all && i < all->size; i++) all->data[i] = t->data[0];
    error_free(e);
    tensor_unref(t);
    return all;
}

/* By id: what `of` stands on, and which of that stands on wrt; how many gates that
 * are. */
static int mark(const struct graph *g, const struct node *of, const struct node *wrt,
                bool *needed, bool *between) {
    int gates = 0;
    graph_mark_before(g, of, needed);
    for (int i = 0; i <= of->id; i++) gates += needed[i] && graph_node(g, i)->gate;
    between[wrt->id] = true;
    graph_mark_after(g, between, wrt->id + 1, of->id);
    for (int i = wrt->id + 1; i <= of->id; i++) between[i] &= needed[i];
    return gates;
}

/* The one that a person would rather read: multiplied out only where much is gained. */
static struct sym *shorter(struct sym *s, struct sym *other) {
    struct buf first = {0}, second = {0};
    sym_print(&first, s, SYM_NAMES, 6);
    sym_print(&second, other, SYM_NAMES, 6);
    int wide = utf8_width(buf_text(&first));
    bool swap = utf8_width(buf_text(&second)) * 4 < wide * 3;
    buf_free(&first);
    buf_free(&second);
    return swap ? other : s;
}

bool derive_formula(struct derived *out, const struct graph *g, const struct node *of,
                    const struct node *wrt) {
    struct arena *a = arena_new();
    *out = (struct derived){.arena = a};
    size_t count = (size_t)of->id + 1;
    bool *needed = arena_alloc(a, count, sizeof *needed);
    bool *between = arena_alloc(a, count, sizeof *between);
    if (wrt->id > of->id || mark(g, of, wrt, needed, between) > GATES_MOST)
        return false;
    struct deriving d = {.arena = a,
                         .value = arena_alloc(a, count, sizeof *d.value),
                         .slope = arena_alloc(a, count, sizeof *d.slope)};
    make_values(&d, g, needed, (int)count);
    d.slope[of->id] = sym_number(a, 1);
    for (int i = of->id; i > wrt->id && !d.gate && !d.heavy; i--) {
        d.heavy = interrupt_flag; /* nobody waits for it any more */
        if (between[i]) pass_back(&d, graph_node(g, i), between);
    }
    out->gate = d.gate;
    if (d.gate || d.heavy) return false;
    struct sym *s = d.slope[wrt->id];
    out->formula = s ? shorter(s, sym_expand(a, s)) : sym_number(a, 0);
    out->value = value_for(out->formula, wrt);
    if (out->value) return true;
    out->formula = NULL; /* shapes that the language would not put side by side */
    return false;
}

void derive_free(struct derived *d) {
    tensor_unref(d->value);
    arena_free(d->arena);
}
