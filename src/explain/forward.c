#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "engine/recurrent.h"
#include "engine/unfit.h"
#include "engine/window.h"
#include "explain/explain_inside.h"
#include "text/number.h"

enum { WINDOW_WRITTEN = 12 }; /* numbers of a window, all channels */

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
    bool mean = n->gate->fold == FOLD_MEAN;
    if (n->size != 1 || in->size < 2 || in->size > WRITTEN_OUT) return false;
    if (gate_is(n, ROLE_MATMUL) && n->in[1]->size == in->size) {
        add_products(b, in->value, 1, n->in[1]->value, 1, in->size, digits);
        return true;
    }
    if (!mean && n->gate->fold != FOLD_SUM) return false;
    if (mean) buf_add(b, "(");
    for (size_t i = 0; i < in->size; i++) {
        if (i) buf_add(b, " + ");
        explain_factor(b, in->value[i], digits);
    }
    if (mean) buf_printf(b, ")/%zu", in->size);
    return true;
}

static void say_element(struct out *o, const struct node *n, size_t i,
                        struct buf *sum) {
    struct buf at = {0}, value = {0};
    shape_print_index(&at, &n->shape, i);
    buf_add(&at, ""); /* a single number has no place */
    buf_add(&value, NUM(o, n->value[i]));
    char *parts[] = {at.data, sum->data, value.data};
    explain_say_equal(o, 3, parts, 3, OUT_DIM, OUT_PLAIN);
    buf_free(&at);
    buf_free(&value);
    buf_free(sum);
}

/* What a window sees, times its kernel: an element of a conv or a pool. */
static void add_window(struct buf *b, const struct node *n, size_t i, int digits) {
    struct window w = window_at(n, i);
    size_t terms = w.deep * w.high * w.wide;
    bool kernel = n->n_in > 1, most = n->gate->pool == FOLD_MOST;
    buf_add(b, kernel ? "" : most ? "max(" : "(");
    bool any = false;
    for (size_t t = 0; t < terms; t++) {
        size_t channel = t / w.wide / w.high, y = t / w.wide % w.high, x = t % w.wide;
        if (most && window_border(&w, channel, y, x)) continue;
        if (any) buf_add(b, most ? ", " : " + ");
        explain_factor(b, window_pixel(&w, channel, y, x), digits);
        any = true;
        if (!kernel) continue;
        buf_add(b, "·");
        explain_factor(b, window_weight(&w, channel, y, x), digits);
    }
    if (n->n_in > 2) {
        buf_add(b, " + ");
        explain_factor(b, n->in[2]->value[w.map], digits);
    }
    buf_add(b, kernel ? "" : ")");
    if (n->gate->pool == FOLD_MEAN) buf_printf(b, "/%zu", terms);
}

/* Each element of a small conv or pool on a line of its own. */
static void say_windows(struct out *o, const struct node *n) {
    struct window w = window_of(n);
    if (n->size > WRITTEN_OUT || w.deep * w.high * w.wide > WINDOW_WRITTEN) return;
    for (size_t i = 0; i < n->size; i++) {
        struct buf sum = {0};
        add_window(&sum, n, i, o->digits);
        say_element(o, n, i, &sum);
    }
}

/* e^1/(e^1 + e^2 + e^3) */
static void say_shares(struct out *o, const struct node *n) {
    int axis = n->attr.has_axis ? n->attr.axis : n->shape.n - 1;
    size_t classes = n->shape.n ? n->shape.dim[axis] : 1, step = 1;
    const real *in = n->in[0]->value;
    for (int d = axis + 1; d < n->shape.n; d++) step *= n->shape.dim[d];
    for (size_t i = 0; i < n->size && n->size <= WRITTEN_OUT; i++) {
        struct buf sum = {0};
        buf_add(&sum, "e^");
        explain_factor(&sum, in[i], o->digits);
        for (size_t c = 0; c < classes; c++) {
            buf_add(&sum, c ? " + e^" : "/(e^");
            size_t first = i / (classes * step) * classes * step + i % step;
            explain_factor(&sum, in[first + c * step], o->digits);
        }
        buf_add(&sum, ")");
        say_element(o, n, i, &sum);
    }
}

/* Each element of a small matrix product on a line of its own. */
static void say_products(struct out *o, const struct node *n) {
    const struct node *x = n->in[0], *y = n->in[1];
    if (n->size < 2 || n->size > WRITTEN_OUT) return;
    if (x->shape.n > 2 || y->shape.n > 2) return;
    size_t inner = x->shape.dim[x->shape.n - 1];
    size_t columns = y->shape.n == 2 ? y->shape.dim[1] : 1;
    if (inner > WRITTEN_OUT) return;
    for (size_t i = 0; i < n->size; i++) {
        size_t row = i / columns, column = i % columns;
        struct buf sum = {0};
        add_products(&sum, x->value + row * inner, 1, y->value + column, columns, inner,
                     o->digits);
        say_element(o, n, i, &sum);
    }
}

static void say_elements(struct out *o, const struct node *n) {
    if (window_is(n)) say_windows(o, n);
    else if (recurrent_is(n)) explain_steps(o, n);
    else if (gate_is(n, ROLE_MATMUL)) say_products(o, n);
    else if (gate_is(n, ROLE_SHARES)) say_shares(o, n);
}

/* ---- gate by gate ---- */

/* Where an operand is 0 or 1 to the last digit, a gate that looks behind it is not what
 * its formula comes to there. */
static bool looks_behind(const struct node *n) {
    bool flat = false;
    for (size_t i = 0; i < n->in[0]->size; i++)
        flat |= n->in[0]->value[i] == 0 || n->in[0]->value[i] == 1;
    return flat && n->n_in > gate_written(n);
}

static void say_behind(struct out *o, const struct node *n) {
    struct buf p = {0}, name = {0}, z = {0}, y = {0};
    const struct node *behind = n->in[gate_written(n)];
    explain_name(&p, n->in[0], o->digits);
    explain_name(&name, behind, o->digits);
    if (behind->size == 1) {
        explain_factor(&z, behind->value[0], o->digits);
        explain_factor(&y, n->in[1]->value[0], o->digits);
    } else {
        explain_name(&z, behind, o->digits);
        explain_name(&y, n->in[1], o->digits);
    }
    char *why =
        out_sentence(o, "explain.behind", "p", buf_text(&p), "name", buf_text(&name),
                     "z", buf_text(&z), "y", buf_text(&y), NULL);
    out_wrap(o, why, 2);
    free(why);
    buf_free(&p);
    buf_free(&name);
    buf_free(&z);
    buf_free(&y);
}

static void say_gate(struct out *o, const struct node *n, const struct node *root) {
    struct buf formula = {0}, numbers = {0}, value = {0};
    explain_node(&formula, n, EXPLAIN_NAMES, false, o->digits);
    bool behind = looks_behind(n);
    if (!behind && !write_out(&numbers, n, o->digits))
        explain_put_in(&numbers, n, o->digits);
    explain_value(&value, n, o->digits);
    char *parts[4] = {mem_copy(n->name ? n->name : buf_text(&formula)),
                      buf_take(&formula), buf_take(&numbers), buf_take(&value)};
    enum out_colour c = explain_colour(n, root);
    explain_say_equal(o, 0, parts, 4, c, c);
    if (behind) say_behind(o, n);
    say_elements(o, n);
    for (int i = 0; i < 4; i++) free(parts[i]);
}

void explain_forward_of(struct out *o, const struct compiled *c, const struct node *n) {
    say_gate(o, n, c->root);
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
    struct error *label = unfit_label(c->graph);
    if (label) out_say_why(o, "unfit.why", label);
    error_free(label);
}
