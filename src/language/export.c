#include "language/export.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/gates.h"

/* A name as Python takes it: parts joined by _, a keyword with _ behind it. */
static void add_name(struct buf *b, const char *name) {
    static const char *const taken[] = {"and", "as", "assert", "class", "def", "del",
                                        "elif", "else", "except", "for", "from", "global",
                                        "if", "import", "in", "is", "lambda", "not", "or",
                                        "pass", "print", "raise", "range", "return",
                                        "torch", "try", "while", "with", "yield",
                                        "forward", "optimiser"};
    for (const char *c = name; *c; c++) buf_add_n(b, *c == '.' ? "_" : c, 1);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        if (strcmp(name, taken[i]) == 0) buf_add(b, "_");
    }
}

static void add_number(struct buf *b, real v) {
    if (isnan(v)) buf_add(b, "float('nan')");
    else if (isinf(v)) buf_printf(b, "float('%sinf')", v < 0 ? "-" : "");
    else buf_printf(b, v == floor(v) && fabs(v) < 1e15 ? "%.1f" : "%.17g", v);
}

static const real *add_values(struct buf *b, const struct shape *s, int dim,
                              const real *v) {
    if (dim == s->n) {
        add_number(b, *v);
        return v + 1;
    }
    buf_add(b, "[");
    for (size_t i = 0; i < s->dim[dim]; i++) {
        if (i) buf_add(b, ", ");
        v = add_values(b, s, dim + 1, v);
    }
    buf_add(b, "]");
    return v;
}

static struct error *add_node(struct buf *b, const struct node *n, bool whole);

static void add_index(struct buf *b, const struct node *n) {
    buf_add(b, "[");
    for (int k = 0; k < n->attr.n_index; k++) {
        if (k) buf_add(b, ", ");
        if (n->attr.index[k].single) buf_printf(b, "%zu", n->attr.index[k].from);
        else buf_printf(b, "%zu:%zu", n->attr.index[k].from, n->attr.index[k].to + 1);
    }
    buf_add(b, "]");
}

/* A gate's own numbers: reshape's sizes, or its stride the first time, then its padding. */
static void add_setting(struct buf *b, const struct node *n, int nth) {
    const struct shape *s = &n->attr.shape;
    for (int d = 0; d < s->n; d++) {
        if (s->dim[d] == SIZE_MAX) buf_printf(b, "%s-1", d ? ", " : "");
        else buf_printf(b, "%s%zu", d ? ", " : "", s->dim[d]);
    }
    if (!s->n) buf_printf(b, "%d", nth ? n->attr.pad : n->attr.stride);
}

/* The gate's row says how: A, B, C stand for operands, $ for the axis or the count, @* for
 * all operands, # for an index, % for its own numbers. */
static struct error *add_gate(struct buf *b, const struct node *n) {
    const char *form = n->gate->torch;
    if (!form) return error_new("export-gate", "gate", n->gate->name, NULL);
    struct error *e = NULL;
    int settings = 0;
    for (const char *c = form; *c && !e; c++) {
        bool word = (c > form && isalnum((unsigned char)c[-1])) ||
                    isalnum((unsigned char)c[1]);
        if (*c >= 'A' && *c <= 'C' && !word && *c - 'A' < n->n_in) {
            e = add_node(b, n->in[*c - 'A'], false);
        } else if (*c == '$' && n->gate->flags & GATE_AXIS) {
            if (n->attr.has_axis) buf_printf(b, ", dim=%d, keepdim=True", n->attr.axis);
        } else if (*c == '$') {
            buf_printf(b, "%d", n->attr.count);
        } else if (*c == '@' && c[1] == '*') {
            for (int k = 0; k < n->n_in && !e; k++) {
                if (k) buf_add(b, ", ");
                e = add_node(b, n->in[k], false);
            }
            c++;
        } else if (*c == '%') {
            add_setting(b, n, settings++);
        } else if (*c == '#') {
            add_index(b, n);
        } else {
            buf_add_n(b, c, 1);
        }
    }
    return e;
}

/* A node as an expression: its name, unless the whole of it is wanted. */
static struct error *add_node(struct buf *b, const struct node *n, bool whole) {
    if (n->name && !whole) {
        add_name(b, n->name);
    } else if (n->gate) {
        if (!whole) buf_add(b, "(");
        struct error *e = add_gate(b, n);
        if (!whole) buf_add(b, ")");
        return e;
    } else if (n->constant) {
        add_number(b, n->value[0]);
    } else {
        buf_add(b, "torch.tensor(");
        add_values(b, &n->shape, 0, n->value);
        buf_add(b, ")");
    }
    return NULL;
}

static void add_leaves(struct buf *b, const struct graph *g) {
    for (int i = 0; i < graph_count(g); i++) {
        const struct node *n = graph_node(g, i);
        if (n->gate || !n->name) continue;
        add_name(b, n->name);
        buf_add(b, " = torch.tensor(");
        add_values(b, &n->shape, 0, n->value);
        buf_add(b, n->param ? ", requires_grad=True)\n" : ")\n");
    }
}

static void add_training(struct buf *b, const char *loss, struct node *const *params,
                         size_t n) {
    buf_add(b, "\n\noptimiser = torch.optim.SGD([");
    for (size_t i = 0; i < n; i++) {
        if (i) buf_add(b, ", ");
        add_name(b, params[i]->name);
    }
    buf_printf(b,
               "], lr=0.1)\n"
               "for step in range(20):\n"
               "    optimiser.zero_grad()\n"
               "    %s = forward()\n"
               "    %s.backward()  # the influence of every parameter on %s\n"
               "    print(step, '%s =', %s.item()",
               loss, loss, loss, loss, loss);
    for (size_t i = 0; i < n; i++) {
        buf_add(b, ", '");
        add_name(b, params[i]->name);
        buf_add(b, " =', ");
        add_name(b, params[i]->name);
        buf_add(b, ".tolist()");
    }
    buf_add(b, ")\n    optimiser.step()  # w = w - 0.1 * dE/dw\n");
}

struct error *export_pytorch(struct buf *b, struct board *board, const struct expr *expr) {
    struct compiled c;
    struct error *e = compile_open(&c, board, expr);
    if (e) return e;
    graph_forward(c.graph);
    if (!c.root->name) graph_name(c.graph, c.root, "loss");
    struct buf loss = {0};
    add_name(&loss, c.root->name);
    buf_add(b, "# Formulas written by learn. They give the same numbers in PyTorch.\n"
               "import torch\n\ntorch.set_default_dtype(torch.float64)\n\n");
    add_leaves(b, c.graph);
    buf_add(b, "\n\ndef forward():\n");
    for (int i = 0; i < graph_count(c.graph) && !e; i++) {
        const struct node *n = graph_node(c.graph, i);
        if (!n->gate || !n->name) continue;
        buf_add(b, "    ");
        add_name(b, n->name);
        buf_add(b, " = ");
        e = add_node(b, n, true);
        buf_add(b, "\n");
    }
    buf_printf(b, "    return %s\n", buf_text(&loss));
    struct node **params;
    size_t n = compile_params(&c, board, &params);
    if (!e && n && c.root->size == 1) add_training(b, buf_text(&loss), params, n);
    else buf_printf(b, "\n\nprint(forward())\n");
    buf_free(&loss);
    compile_close(&c);
    return e;
}
