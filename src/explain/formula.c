#include "explain/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "engine/gates.h"
#include "explain/explain_inside.h"
#include "text/number.h"

/* ---- a node as a formula ---- */

enum { FORMULA_LENGTH = 2000, FORMULA_DEPTH = 400 };
enum form { NAMES, NUMBERS, VALUES }; /* VALUES: operands at once by their value */

struct printer {
    struct buf *b;
    enum form form;
    bool expand;
    int digits, depth;
    size_t end; /* where it gets too long */
};

bool explain_is_number(const struct node *n) {
    if (n->constant) return true;
    if (n->name || !(gate_is(n, ROLE_NEGATIVE) || gate_is(n, ROLE_LIST))) return false;
    for (int k = 0; k < n->n_in; k++) { /* a list is at most four deep */
        if (!explain_is_number(n->in[k])) return false;
    }
    return true;
}

void explain_tensor(struct buf *b, const struct shape *s, const real *v, int digits) {
    struct buf shown = {0};
    for (size_t most = SHOWN_NUMBERS; most > 1; most -= 2) {
        buf_clear(&shown);
        tensor_print(&shown, s, v, digits, most);
        if (utf8_width(buf_text(&shown)) <= SHOWN_COLUMNS) break;
    }
    buf_add(b, buf_text(&shown));
    buf_free(&shown);
}

void explain_value(struct buf *b, const struct node *n, int digits) {
    explain_tensor(b, &n->shape, n->value, digits);
}

static void add_number(struct buf *b, double v, int digits) {
    buf_add(b, num_format((char[NUM_SIZE]){0}, v, digits));
}

void explain_factor(struct buf *b, double v, int digits) {
    if (v < 0) buf_add(b, "(");
    add_number(b, v, digits);
    if (v < 0) buf_add(b, ")");
}

void explain_rest(struct buf *b, size_t terms, double sum, int digits) {
    buf_printf(b, " + … (%zu: ", terms);
    add_number(b, sum, digits);
    buf_add(b, ")");
}

static bool stops(const struct printer *p, const struct node *n) {
    return !n->gate || explain_is_number(n) || p->form == VALUES ||
           (n->name && !p->expand) || p->depth > FORMULA_DEPTH;
}

static void print_stop(struct printer *p, const struct node *n, int tight) {
    if (p->form == NAMES && n->name) {
        buf_add(p->b, n->name);
    } else if (n->size == 1 && n->shape.n == 0) {
        if (tight > 0) explain_factor(p->b, n->value[0], p->digits);
        else add_number(p->b, n->value[0], p->digits);
    } else {
        explain_value(p->b, n, p->digits);
    }
}

static void print_gate(struct printer *p, const struct node *n);

/* tight: the precedence an operand needs to stand without brackets. */
static void print_operand(struct printer *p, const struct node *n, int tight) {
    if (p->b->len > p->end) {
        buf_add(p->b, "…");
        return;
    }
    if (stops(p, n)) {
        print_stop(p, n, tight);
        return;
    }
    if (gate_is(n, ROLE_SAME)) {
        print_operand(p, n->in[0], tight);
        return;
    }
    bool brackets = n->gate->infix && n->gate->precedence < tight;
    p->depth++;
    if (brackets) buf_add(p->b, "(");
    print_gate(p, n);
    if (brackets) buf_add(p->b, ")");
    p->depth--;
}

static void print_power(struct printer *p, const struct node *n) {
    const struct node *e = n->in[1];
    print_operand(p, n->in[0], HOLDS_ALL);
    if (e->constant && e->size == 1 && e->value[0] == 2) {
        buf_add(p->b, "²");
    } else if (e->constant && e->size == 1 && e->value[0] == 3) {
        buf_add(p->b, "³");
    } else {
        buf_add(p->b, "^");
        print_operand(p, e, HOLDS_ALL);
    }
}

static void print_infix(struct printer *p, const struct node *n) {
    const struct gate *g = n->gate;
    bool chains =
        gate_is(n, ROLE_SUM) || gate_is(n, ROLE_PRODUCT); /* a + (b + c) is a + b + c */
    for (int k = 0; k < n->n_in; k++) {
        const struct node *in = n->in[k];
        int tight = g->precedence;
        if (k) {
            buf_add(p->b, g->infix);
            if (!chains || in->gate != g) tight++;
            if (gate_is(in, ROLE_NEGATIVE)) tight = HOLDS_ALL;
        }
        print_operand(p, in, tight);
    }
}

void explain_index(struct buf *b, const struct attr *at) {
    buf_add(b, "[");
    for (int i = 0; i < at->n_index; i++) {
        buf_printf(b, "%s%zu", i ? ", " : "", at->index[i].from);
        if (!at->index[i].single) buf_printf(b, "..%zu", at->index[i].to);
    }
    buf_add(b, "]");
}

void explain_settings(struct buf *b, const struct node *n, int digits) {
    const struct attr *a = &n->attr;
    if (a->count) buf_printf(b, ", %d", a->count);
    if (a->stride && a->stride != (n->n_in > 1 ? 1 : a->count)) {
        buf_printf(b, ", stride=%d", a->stride);
    }
    if (a->pad) buf_printf(b, ", pad=%d", a->pad);
    if (a->drops) buf_add(b, ", floor=1");
    if (a->has_axis) buf_printf(b, ", axis=%d", a->axis);
    if (a->all) buf_add(b, ", all=1");
    if (a->epsilon != 0 && a->epsilon != 1e-5) {
        buf_add(b, ", eps=");
        add_number(b, a->epsilon, digits);
    }
    if (n->gate->flags & GATE_SHAPE) {
        for (int d = 0; d < n->shape.n; d++) buf_printf(b, ", %zu", n->shape.dim[d]);
    }
    if (n->gate->flags & GATE_SHARE) {
        buf_add(b, ", ");
        add_number(b, a->share, digits);
    }
}

static void print_call(struct printer *p, const struct node *n) {
    bool list = gate_is(n, ROLE_LIST);
    buf_printf(p->b, "%s", list ? "[" : n->gate->name);
    if (!list) buf_add(p->b, "(");
    for (int k = 0; k < gate_written(n) && p->b->len <= p->end; k++) {
        if (k) buf_add(p->b, ", ");
        print_operand(p, n->in[k], 0);
    }
    explain_settings(p->b, n, p->digits);
    buf_add(p->b, list ? "]" : ")");
}

static void print_gate(struct printer *p, const struct node *n) {
    if (n->attr.of && n->attr.of->name && n->attr.wrt->name) {
        buf_printf(p->b, "d%s/d%s", n->attr.of->name, n->attr.wrt->name);
    } else if (gate_is(n, ROLE_PART)) {
        print_operand(p, n->in[0], HOLDS_ALL);
        explain_index(p->b, &n->attr);
    } else if (gate_is(n, ROLE_POWER)) {
        print_power(p, n);
    } else if (gate_is(n, ROLE_NEGATIVE)) {
        const struct node *in = n->in[0];
        bool number =
            p->form != NAMES && stops(p, in) && in->size == 1 && in->value[0] >= 0;
        buf_add(p->b, number ? "-" : "−"); /* -1 is the number itself */
        print_operand(p, n->in[0], n->gate->precedence + 1);
    } else if (n->gate->infix) {
        print_infix(p, n);
    } else {
        print_call(p, n);
    }
}

static void print_node(struct buf *b, const struct node *n, enum form form, bool expand,
                       int digits) {
    struct printer p = {b, form, expand, digits, 0, b->len + FORMULA_LENGTH};
    if (!n->gate || explain_is_number(n)) print_stop(&p, n, 0);
    else if (gate_is(n, ROLE_SAME)) print_operand(&p, n->in[0], 0);
    else print_gate(&p, n);
}

void explain_node(struct buf *b, const struct node *n, enum explain_form form,
                  bool expand, int digits) {
    print_node(b, n, form == EXPLAIN_NAMES ? NAMES : NUMBERS, expand, digits);
}

void explain_put_in(struct buf *b, const struct node *n, int digits) {
    print_node(b, n, VALUES, false, digits);
}

void explain_name(struct buf *b, const struct node *n, int digits) {
    if (n->name) buf_add(b, n->name);
    else explain_node(b, n, EXPLAIN_NAMES, false, digits);
}
