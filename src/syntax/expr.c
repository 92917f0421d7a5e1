#include "syntax/expr.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/gates.h"
#include "text/number.h"
#include "text/out.h"

struct expr *expr_ref(struct expr *e) {
    if (e) e->refs++;
    return e;
}

void expr_unref(struct expr *e) {
    if (!e || --e->refs > 0) return;
    for (int i = 0; i < e->n; i++) {
        struct expr_node *n = &e->nodes[i];
        for (int k = 0; k < n->n_binds; k++) free(n->binds[k].name);
        for (int k = 0; k < n->n_words; k++) free(n->words[k]);
        free(n->words);
        free(n->binds);
        free(n->kids);
        free(n->name);
        free(n->wrt);
        tensor_unref(n->tensor);
    }
    free(e->nodes);
    free(e);
}

size_t expr_bytes(const struct expr *e) {
    enum { PIECE = 32 }; /* the least that malloc gives out, as most names take */
    size_t bytes = e ? sizeof *e : 0;
    for (int i = 0; e && i < e->n; i++) {
        const struct expr_node *n = &e->nodes[i];
        bool kids = n->n_kids, name = n->name, tensor = n->tensor;
        bytes += sizeof *n + PIECE * (size_t)(kids + name) +
                 sizeof *n->kids * (size_t)n->n_kids;
        bytes += (PIECE + sizeof *n->binds) * (size_t)(n->n_binds + n->n_words);
        bytes += tensor ? n->tensor->size * sizeof(real) : 0;
    }
    return bytes;
}

/* ---- printing, as a person would type it ---- */

enum { LOOSEST }; /* below every gate */

static const struct gate *find_infix(const struct expr_node *n) {
    const struct gate *g = n->kind == EXPR_GATE ? gate_find(n->name) : NULL;
    return g && g->typed ? g : NULL;
}

/* How tightly operand k must hold, or get brackets. */
static int wanted(const struct gate *g, int k) {
    /* 2^-x, 2^3^2 */
    if (g->precedence == HOLDS_POWER) return k ? HOLDS_SIGN : HOLDS_ALL;
    /* a - b - c */
    bool chains = g->precedence == HOLDS_SUM || g->precedence == HOLDS_TERM;
    return chains && k == 0 ? g->precedence : g->precedence + 1;
}

/* As print_number writes it. */
static int number_holds(double v) {
    return !isfinite(v) ? HOLDS_TERM : signbit(v) ? HOLDS_SIGN : HOLDS_ALL;
}

static int tightness(const struct expr_node *n) {
    if (n->kind == EXPR_AT) return LOOSEST;
    if (n->kind == EXPR_NUMBER) return number_holds(n->number);
    if (n->kind == EXPR_VALUE && !n->tensor->shape.n)
        return number_holds(n->tensor->data[0]); /* now(w)^2, where w is -3 */
    const struct gate *g = find_infix(n);
    return g ? g->precedence : HOLDS_ALL;
}

/* So that it reads back as the same number, which may be none. */
static void print_number(struct buf *b, double v) {
    char exact[NUM_SIZE];
    if (isnan(v)) buf_add(b, "0/0");
    else if (isinf(v)) buf_add(b, v < 0 ? "-1/0" : "1/0");
    else buf_add(b, num_exact(exact, v));
}

void expr_print_numbers(struct buf *b, const struct shape *s, const real *v) {
    tensor_write(b, s, v, print_number);
}

static void print_node(struct buf *b, const struct expr *e, int i, int tight);

static void print_kids(struct buf *b, const struct expr *e, const int *kids, int n) {
    for (int k = 0; k < n; k++) {
        if (k) buf_add(b, ", ");
        print_node(b, e, kids[k], HOLDS_COMPARE); /* `at` stands behind a whole */
    }
}

static void print_call(struct buf *b, const struct expr *e, const struct expr_node *n) {
    int plain = n->n_kids - n->n_words;
    buf_printf(b, "%s(", n->name);
    print_kids(b, e, n->kids, plain);
    for (int k = 0; k < n->n_words; k++) {
        buf_printf(b, "%s%s=", plain + k ? ", " : "", n->words[k]);
        print_node(b, e, n->kids[plain + k], HOLDS_COMPARE);
    }
    if (n->axis >= 0) {
        buf_add(b, ", axis=");
        print_node(b, e, n->axis, HOLDS_COMPARE);
    }
    buf_add(b, ")");
}

static void print_binds(struct buf *b, const struct expr *e,
                        const struct expr_node *n) {
    for (int i = 0; i < n->n_binds; i++) {
        const struct expr_bind *bind = &n->binds[i];
        buf_printf(b, "%s%s", i ? ", " : " at ", bind->name);
        if (bind->n_index) {
            buf_add(b, "[");
            print_kids(b, e, n->kids + bind->first_index, bind->n_index);
            buf_add(b, "]");
        }
        buf_add(b, " = ");
        print_node(b, e, bind->value, HOLDS_COMPARE);
    }
}

/* Does node i, printed, end with a name that begins with d? Then /dw behind it would be
 * read as a derivative. */
static bool ends_with_d_name(const struct expr *e, int i, int tight) {
    const struct expr_node *n = &e->nodes[i];
    const struct gate *g = find_infix(n);
    if (tightness(n) < tight) return false; /* in brackets */
    if (n->kind == EXPR_NAME) return n->name[0] == 'd';
    int last = n->n_kids - 1;
    return g && ends_with_d_name(e, n->kids[last], wanted(g, last));
}

static void print_operator(struct buf *b, const struct expr *e,
                           const struct expr_node *n) {
    const struct gate *g = find_infix(n);
    if (!g) {
        print_call(b, e, n);
        return;
    }
    int last = n->n_kids - 1;
    if (last) print_node(b, e, n->kids[0], wanted(g, 0));
    bool spaced = g->infix[0] == ' ';
    spaced |= g->typed[0] == '/' && ends_with_d_name(e, n->kids[0], wanted(g, 0));
    buf_printf(b, spaced ? " %s " : "%s", g->typed);
    print_node(b, e, n->kids[last], wanted(g, last));
}

static void print_bare(struct buf *b, const struct expr *e, const struct expr_node *n) {
    switch (n->kind) {
        case EXPR_NUMBER: print_number(b, n->number); break;
        case EXPR_VALUE:
            expr_print_numbers(b, &n->tensor->shape, n->tensor->data);
            break;
        case EXPR_NAME: buf_add(b, n->name); break;
        case EXPR_GATE: print_operator(b, e, n); break;
        case EXPR_CALL: print_call(b, e, n); break;
        case EXPR_DERIVATIVE:
            buf_printf(b, n->partial ? "∂%s/∂%s" : "d%s/d%s", n->name, n->wrt);
            break;
        case EXPR_LIST:
            buf_add(b, "[");
            print_kids(b, e, n->kids, n->n_kids);
            buf_add(b, "]");
            break;
        case EXPR_INDEX:
            print_node(b, e, n->kids[0], HOLDS_ALL);
            buf_add(b, "[");
            print_kids(b, e, n->kids + 1, n->n_kids - 1);
            buf_add(b, "]");
            break;
        case EXPR_RANGE:
            if (n->n_kids) print_node(b, e, n->kids[0], HOLDS_COMPARE);
            buf_add(b, "..");
            if (n->n_kids) print_node(b, e, n->kids[1], HOLDS_COMPARE);
            break;
        case EXPR_AT:
            print_node(b, e, n->kids[0], HOLDS_COMPARE);
            print_binds(b, e, n);
            break;
    }
}

static void print_node(struct buf *b, const struct expr *e, int i, int tight) {
    const struct expr_node *n = &e->nodes[i];
    bool brackets = tightness(n) < tight;
    if (brackets) buf_add(b, "(");
    print_bare(b, e, n);
    if (brackets) buf_add(b, ")");
}

void expr_print(struct buf *b, const struct expr *e) {
    print_node(b, e, e->n - 1, LOOSEST);
}

/* ---- freeing a program ---- */

static void free_exprs(struct expr **exprs, int n) {
    for (int i = 0; i < n; i++) expr_unref(exprs[i]);
    free(exprs);
}

static void free_ref(struct ref *r) {
    free(r->name);
    free_exprs(r->index, r->n_index);
}

static void free_clause(struct clause *c) {
    for (int i = 0; i < c->n_axes; i++) {
        struct axis *a = &c->axes[i];
        free_ref(&a->ref);
        expr_unref(a->from);
        expr_unref(a->to);
        expr_unref(a->by);
    }
    for (int i = 0; i < c->n_items; i++) {
        free(c->items[i].text);
        expr_unref(c->items[i].expr);
    }
    free(c->items);
    free(c->axes);
    free(c->word);
    free(c->name);
    free(c->text);
    expr_unref(c->value);
}

static void free_stmt(struct stmt *s) {
    for (int i = 0; i < s->n_refs; i++) free_ref(&s->refs[i]);
    for (int i = 0; i < s->n_args; i++) free(s->args[i]);
    for (int i = 0; i < s->n_pdefs; i++) {
        free(s->pdefs[i].name);
        free_exprs(s->pdefs[i].dims, s->pdefs[i].n_dims);
        expr_unref(s->pdefs[i].value);
    }
    for (int i = 0; i < s->n_items; i++) {
        free(s->items[i].text);
        expr_unref(s->items[i].expr);
    }
    for (int i = 0; i < s->n_clauses; i++) free_clause(&s->clauses[i]);
    free_exprs(s->exprs, s->n_exprs);
    free(s->source);
    free(s->refs);
    free(s->name);
    free(s->word);
    free(s->args);
    free(s->pdefs);
    free(s->items);
    free(s->clauses);
    expr_unref(s->count);
    program_free(s->body);
}

void program_free(struct program *p) {
    if (!p) return;
    for (int i = 0; i < p->n; i++) free_stmt(&p->stmts[i]);
    free(p->stmts);
    free(p);
}
