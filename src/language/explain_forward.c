#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "engine/gates.h"
#include "language/explain_inside.h"

/* ---- the leaves, in one paragraph ---- */

static void say_leaf(struct out *o, const struct node *n, int *used) {
    struct buf text = {0};
    buf_printf(&text, "%s = ", n->name);
    explain_value(&text, n, o->digits);
    if (n->param) {
        buf_add(&text, " ");
        text_add(o->text, &text, "explain.parameter", NULL);
    }
    int wide = utf8_width(buf_text(&text));
    if (*used && *used + 3 + wide > o->width) {
        out_puts(o, "\n");
        *used = 0;
    }
    enum out_colour c = n->param ? OUT_PARAM : OUT_PLAIN;
    out_printf(o, "%s%s%s%s", *used ? "   " : "", out_ink(o, c), buf_text(&text),
               c == OUT_PLAIN ? "" : out_ink(o, OUT_PLAIN));
    *used += wide + (*used ? 3 : 0);
    buf_free(&text);
}

static void say_leaves(struct out *o, const struct compiled *c, const bool *needed) {
    int used = 0;
    for (int i = 0; i < graph_count(c->graph); i++) {
        const struct node *n = graph_node(c->graph, i);
        if (needed[i] && !n->gate && n->name) say_leaf(o, n, &used);
    }
    if (used) out_puts(o, "\n");
}

/* ---- sums written out ---- */

static bool is(const struct node *n, const char *gate) {
    return strcmp(n->gate->name, gate) == 0;
}

/* a[i]·b[i] + …: walks two operands with their own steps. */
static void add_products(struct buf *b, const real *x, size_t step_x, const real *y,
                         size_t step_y, size_t n, int digits) {
    for (size_t i = 0; i < n; i++) {
        buf_add(b, i ? " + " : "");
        explain_factor(b, x[i * step_x], digits);
        buf_add(b, "·");
        explain_factor(b, y[i * step_y], digits);
    }
}

/* sum, mean and the dot of two vectors with every term; false for anything else. */
static bool write_out(struct buf *b, const struct node *n, int digits) {
    const struct node *in = n->in[0];
    bool mean = is(n, "mean");
    if (n->size != 1 || in->size < 2 || in->size > WRITTEN_OUT) return false;
    if (is(n, "matmul") && n->in[1]->size == in->size) {
        add_products(b, in->value, 1, n->in[1]->value, 1, in->size, digits);
        return true;
    }
    if (!mean && !is(n, "sum")) return false;
    if (mean) buf_add(b, "(");
    for (size_t i = 0; i < in->size; i++) {
        if (i) buf_add(b, " + ");
        explain_factor(b, in->value[i], digits);
    }
    if (mean) buf_printf(b, ")/%zu", in->size);
    return true;
}

/* Each element of a small matrix product on a line of its own. */
static void say_elements(struct out *o, const struct node *n) {
    const struct node *x = n->in[0], *y = n->in[1];
    if (!is(n, "matmul") || n->size < 2 || n->size > WRITTEN_OUT) return;
    if (x->shape.n > 2 || y->shape.n > 2) return;
    size_t inner = x->shape.dim[x->shape.n - 1];
    size_t columns = y->shape.n == 2 ? y->shape.dim[1] : 1;
    if (inner > WRITTEN_OUT) return;
    for (size_t i = 0; i < n->size; i++) {
        size_t row = i / columns, column = i % columns;
        struct buf at = {0}, sum = {0}, value = {0};
        if (n->shape.n == 2) buf_printf(&at, "[%zu, %zu]", row, column);
        else buf_printf(&at, "[%zu]", i);
        add_products(&sum, x->value + row * inner, 1, y->value + column, columns, inner,
                     o->digits);
        buf_add(&value, NUM(o, n->value[i]));
        char *parts[] = {at.data, sum.data, value.data};
        explain_say_equal(o, 3, parts, 3, OUT_DIM, OUT_PLAIN);
        buf_free(&at);
        buf_free(&sum);
        buf_free(&value);
    }
}

/* ---- gate by gate ---- */

static void say_gate(struct out *o, const struct node *n, const struct node *root) {
    struct buf formula = {0}, numbers = {0}, value = {0};
    explain_node(&formula, n, EXPLAIN_NAMES, false, o->digits);
    if (!write_out(&numbers, n, o->digits)) explain_put_in(&numbers, n, o->digits);
    explain_value(&value, n, o->digits);
    char *parts[4] = {mem_copy(n->name ? n->name : buf_text(&formula)),
                      buf_take(&formula), buf_take(&numbers), buf_take(&value)};
    enum out_colour c = explain_colour(n, root);
    explain_say_equal(o, 0, parts, 4, c, c);
    say_elements(o, n);
    for (int i = 0; i < 4; i++) free(parts[i]);
}

void explain_forward(struct out *o, const struct compiled *c) {
    explain_label(c);
    struct node **gates;
    size_t n = explain_gates(c, &gates);
    say_leaves(o, c, explain_needed(c));
    for (size_t i = 0; i < n; i++) {
        if (n > 2 * GATES_SHOWN && i == GATES_SHOWN) {
            explain_say_gap(o, n - 2 * GATES_SHOWN);
            i = n - GATES_SHOWN;
        }
        say_gate(o, gates[i], c->root);
    }
}
