#include "explain/summary.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/units.h"
#include "base/whole.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "engine/window.h"
#include "explain/explain.h"
#include "text/number.h"
#include "text/table.h"

/* ---- summary ---- */

/* What one row comes to. */
struct layer {
    struct buf what; /* "conv 3×3, relu" */
    double params, products, numbers;
};

/* What of the input one number of a node sees, on a side; jump: how far apart
 * neighbours' windows begin. 0: all of it. */
struct field {
    size_t sees[2], jump; /* rows, columns */
};

static struct field field_of(const struct node *n, const struct field *fields) {
    struct field f = {{0, 0}, 0};
    if (!n->gate) return n->shape.n == 4 ? (struct field){{1, 1}, 1} : f;
    for (int k = 0; k < n->n_in; k++) { /* weights see nothing of the input */
        struct field in = fields[n->in[k]->id];
        bool more = in.sees[0] * in.sees[1] > f.sees[0] * f.sees[1];
        if (!n->in[k]->param && in.jump > 0 && more) f = in;
    }
    if (n->shape.n != 4) return (struct field){{0, 0}, 0};
    if (window_is(n) && f.jump) {
        struct window w = window_of(n);
        f.sees[0] += (w.high - 1) * f.jump;
        f.sees[1] += (w.wide - 1) * f.jump;
        f.jump *= w.stride;
    }
    return f;
}

/* Products for one example: of a convolution and of what is multiplied with weights. */
static double products_of(const struct node *n) {
    double examples = n->shape.n > 1 ? (double)n->shape.dim[0] : 1;
    if (!n->gate || !n->gate->terms) return 0;
    return (double)n->size / examples * (double)n->gate->terms(n);
}

/* A layer's bias and a new shape are no layers, and their numbers are the layer's. */
static bool is_beside(const struct node *n) {
    bool bias = gate_is(n, ROLE_SUM) && n->in[1]->param;
    return bias || gate_is(n, ROLE_SAME);
}

static void add_gate(struct layer *l, const struct node *n) {
    if (is_beside(n)) return;
    if (l->what.len) buf_add(&l->what, ", ");
    bool dense = gate_is(n, ROLE_MATMUL) && n->in[1]->param;
    buf_add(&l->what, dense ? "dense" : n->gate->name);
    if (!window_is(n)) return;
    struct window w = window_of(n);
    buf_printf(&l->what, " %zu×%zu", w.high, w.wide);
    if (w.stride != (n->n_in > 1 ? 1 : w.high)) buf_printf(&l->what, "/%zu", w.stride);
}

static char *grouped(char to[40], double v) { /* 61706 as 61,706 */
    char plain[40];
    num_format(plain, v, 15);
    size_t n = strlen(plain), j = 0;
    for (size_t i = 0; i < n && j < 38; i++) {
        if (i && (n - i) % 3 == 0) to[j++] = ',';
        to[j++] = plain[i];
    }
    to[j] = '\0';
    return to;
}

static char *millions(char to[40], double v) { /* exact below a million */
    if (v < 1e6) return grouped(to, v);
    return units_large(to, v);
}

enum { COLUMNS = 7 };

/* Which columns there are. Of a picture a cell sees so many rows and columns; where
 * there are no windows there is no such number. Memory is the first to go where it is
 * narrow. */
struct columns {
    bool field, memory;
};

static void add_row(struct out_table *t, const char *name, const struct node *n,
                    struct layer *l, struct field f, struct columns has) {
    struct buf shape = {0};
    char params[40], products[40], memory[40], field[48] = "";
    shape_print(&shape, &n->shape);
    if (f.sees[0]) whole_text(field, f.sees[0]);
    if (f.sees[0] != f.sees[1])
        snprintf(field, sizeof field, "%zu×%zu", f.sees[0], f.sees[1]);
    table_cell(t, name ? name : "", OUT_STRONG);
    table_cell(t, buf_text(&l->what), OUT_PLAIN);
    table_cell(t, buf_text(&shape), OUT_VALUE);
    table_cell(t, grouped(params, l->params), OUT_PARAM);
    table_cell(t, millions(products, l->products), OUT_PLAIN);
    if (has.field) table_cell(t, field, OUT_PLAIN);
    if (has.memory) table_cell(t, units_bytes(memory, 4 * l->numbers), OUT_DIM);
    buf_free(&shape);
    buf_free(&l->what);
    *l = (struct layer){0};
}

static void add_heads(struct out *o, struct out_table *t, struct columns has) {
    static const char *const heads[COLUMNS] = {"name",     "layer", "shape", "params",
                                               "products", "field", "memory"};
    for (size_t i = 0; i < COLUMNS; i++) {
        char key[40];
        if (!has.field && strcmp(heads[i], "field") == 0) continue;
        if (!has.memory && strcmp(heads[i], "memory") == 0) continue;
        snprintf(key, sizeof key, "summary.%s", heads[i]);
        char *head = out_sentence(o, key, NULL);
        table_cell(t, head, OUT_STRONG);
        free(head);
    }
}

static void say_totals(struct out *o, const struct layer *sum) {
    char params[40], products[40], weights[40], values[40];
    out_say(o, "summary.total", "params", grouped(params, sum->params), "products",
            grouped(products, sum->products), "weights",
            units_bytes(weights, 4 * sum->params), "values",
            units_bytes(values, 4 * sum->numbers), NULL);
}

/* The parameters that a gate is the first to use. */
static double new_params(const struct node *n, bool *counted) {
    double params = 0;
    for (int k = 0; k < n->n_in; k++) {
        const struct node *in = n->in[k];
        if (in->param && !counted[in->id]) params += (double)in->size;
        counted[in->id] = true;
    }
    return params;
}

/* A row ends at a name, and before weights: flatten(P) shows what dense multiplies. */
static struct layer add_layers(struct out_table *t, const struct compiled *c,
                               struct columns has) {
    size_t count = (size_t)graph_count(c->graph);
    struct arena *a = graph_arena(c->graph);
    struct field *fields = arena_alloc(a, count, sizeof *fields);
    bool *counted = arena_alloc(a, count, sizeof *counted);
    struct layer layer = {0}, sum = {0};
    for (size_t i = 0; i < count; i++) {
        const struct node *n = graph_node(c->graph, (int)i);
        fields[i] = field_of(n, fields);
        if (n->constant || n->param || n->average) continue;
        double numbers = layer.what.len && is_beside(n) ? 0 : (double)n->size;
        sum.numbers += numbers;
        if (!n->gate) {
            struct layer input = {.numbers = (double)n->size};
            if (n->name && n->size > 1) add_row(t, n->name, n, &input, fields[i], has);
            continue;
        }
        double params = new_params(n, counted), products = products_of(n);
        const struct node *in = n->in[0];
        if (params > 0 && products > 0 && layer.what.len) {
            add_row(t, "", in, &layer, fields[in->id], has);
        }
        add_gate(&layer, n);
        layer.params += params, sum.params += params;
        layer.products += products, sum.products += products;
        layer.numbers += numbers;
        if (n->name || n == c->root) add_row(t, n->name, n, &layer, fields[i], has);
    }
    buf_free(&layer.what);
    return sum;
}

static void summarise(struct out *o, const struct compiled *c) {
    struct columns has = {.memory = true};
    for (int i = 0; i < graph_count(c->graph); i++) {
        has.field |= window_is(graph_node(c->graph, i));
    }
    struct out_table *t = NULL;
    struct layer sum;
    do {
        if (t) has.memory = false;
        table_free(t);
        t = table_new(COLUMNS - !has.field - !has.memory);
        add_heads(o, t, has);
        sum = add_layers(t, c, has);
    } while (table_width(t) > o->width && has.memory);
    table_print(o, t, 1);
    table_free(t);
    say_totals(o, &sum);
}

struct error *summary_command(struct session *s, const struct stmt *c) {
    const struct expr *x;
    struct compiled k;
    struct error *e = stmt_expr(c, &x);
    if (!e)
        e = compile(&k, s->board, &(struct compile_order){.expr = x, .shapes = true});
    if (e) return e;
    summarise(s->out, &k);
    compile_close(&k);
    return NULL;
}

/* ---- gradients ---- */

/* The gradients of one parameter or layer, summed up: how large they are on average,
 * the largest, and how many are 0. */
static void add_gradients(struct out *o, struct out_table *t, const char *name,
                          const real *g, size_t n) {
    double sum = 0, most = 0, zeros = 0;
    char share[NUM_SIZE + 2];
    for (size_t i = 0; i < n; i++) {
        sum += fabs(g[i]);
        most = fmax(most, fabs(g[i]));
        zeros += g[i] == 0;
    }
    table_cell(t, name, OUT_PARAM);
    table_cell(t, num_format(share, sum / (double)n, o->digits), OUT_GRADIENT);
    table_cell(t, num_format(share, most, o->digits), OUT_GRADIENT);
    snprintf(share, sizeof share, "%.0f %%", 100 * zeros / (double)n);
    table_cell(t, share, OUT_PLAIN);
}

/* Neurons that answer 0 to every example: relu shut for good. */
static size_t dead_units(const struct node *n) {
    size_t units = n->size / n->shape.dim[0], dead = 0;
    for (size_t u = 0; u < units && !interrupt_flag; u++) {
        bool alive = false;
        for (size_t i = u; i < n->size && !alive; i += units) alive = n->value[i] != 0;
        dead += !alive;
    }
    return interrupt_flag ? 0 : dead;
}

static void say_gradients(struct out *o, const char *title, struct node *const *params,
                          size_t n) {
    static const char *const heads[] = {"gradients.name", "gradients.mean",
                                        "gradients.most", "gradients.zero"};
    struct out_table *t = table_new(4);
    for (int i = 0; i < 4; i++) {
        char *head = out_sentence(o, heads[i], "name", title, NULL);
        table_cell(t, head, OUT_STRONG);
        free(head);
    }
    for (size_t i = 0; i < n; i++) {
        add_gradients(o, t, params[i]->name, params[i]->grad, params[i]->size);
    }
    table_print(o, t, 1);
    table_free(t);
}

static void say_dead(struct out *o, const struct node *n) {
    size_t dead = n->gate && n->name && n->shape.n > 1 ? dead_units(n) : 0;
    if (!dead) return;
    char count[24], units[24];
    out_say(o, "gradients.dead", "name", n->name, "dead", whole_text(count, dead),
            "units", whole_text(units, n->size / n->shape.dim[0]), NULL);
}

struct error *gradients_command(struct session *s, const struct stmt *c) {
    const struct expr *x;
    struct compiled k;
    struct node **params;
    struct error *e = stmt_expr(c, &x);
    if (!e) e = compile_open(&k, s->board, x);
    if (e) return e;
    size_t n = compile_params(&k, s->board, &params);
    char *title = stmt_title(x);
    if (k.root->size != 1) e = error_new("not-one-number", "name", title, NULL);
    else if (!n) e = error_new("no-params", "name", title, NULL);
    if (!e) e = graph_want(k.graph, k.root, params, (int)n);
    if (!e && (!graph_forward(k.graph) || !graph_backward(k.graph, k.root)))
        e = interrupt_stopped();
    if (!e) {
        say_gradients(s->out, title, params, n);
        for (int i = 0; i < graph_count(k.graph); i++) {
            say_dead(s->out, graph_node(k.graph, i));
        }
    }
    free(title);
    compile_close(&k);
    return error_at(e, c->at);
}
