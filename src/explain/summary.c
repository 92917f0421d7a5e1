#include "explain/summary.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/units.h"
#include "engine/gates.h"
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
    size_t sees, jump;
};

static size_t side_of(const struct node *n) { /* of a window */
    return n->n_in > 1 ? n->in[1]->shape.dim[2] : (size_t)n->attr.count;
}

static struct field field_of(const struct node *n, const struct field *fields) {
    struct field f = {0, 0};
    if (!n->gate) return n->shape.n == 4 ? (struct field){1, 1} : f;
    for (int k = 0; k < n->n_in; k++) { /* weights see nothing of the input */
        struct field in = fields[n->in[k]->id];
        if (!n->in[k]->param && in.jump > 0 && in.sees > f.sees) f = in;
    }
    if (n->shape.n != 4) return (struct field){0, 0};
    if (n->attr.stride && f.jump) {
        f.sees += (side_of(n) - 1) * f.jump;
        f.jump *= (size_t)n->attr.stride;
    }
    return f;
}

static bool is(const struct node *n, const char *gate) {
    return n->gate && strcmp(n->gate->name, gate) == 0;
}

/* Products for one example: of a convolution and of what is multiplied with weights. */
static double products_of(const struct node *n) {
    double examples = n->shape.n > 1 ? (double)n->shape.dim[0] : 1;
    const struct shape *w = n->n_in > 1 ? &n->in[1]->shape : NULL;
    if (is(n, "conv"))
        return (double)n->size / examples * (double)(w->dim[1] * w->dim[2] * w->dim[3]);
    if (is(n, "matmul")) return (double)n->size / examples * (double)w->dim[0];
    return 0;
}

static void add_gate(struct layer *l, const struct node *n) {
    if (is(n, "add") && n->in[1]->param) return; /* a layer's bias */
    if (is(n, "identity")) return;
    if (l->what.len) buf_add(&l->what, ", ");
    bool dense = is(n, "matmul") && n->in[1]->param;
    buf_add(&l->what, dense ? "dense" : n->gate->name);
    if (!n->attr.stride) return;
    size_t side = side_of(n);
    buf_printf(&l->what, " %zu×%zu", side, side);
    if (n->n_in > 1 ? n->attr.stride > 1 : (size_t)n->attr.stride != side) {
        buf_printf(&l->what, "/%d", n->attr.stride);
    }
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
    if (f.sees) snprintf(field, sizeof field, "%zu", f.sees);
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
        if (n->constant || n->param) continue;
        sum.numbers += (double)n->size;
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
        layer.numbers += (double)n->size;
        if (n->name || n == c->root) add_row(t, n->name, n, &layer, fields[i], has);
    }
    buf_free(&layer.what);
    return sum;
}

static void summarise(struct out *o, const struct compiled *c) {
    struct columns has = {.memory = true};
    for (int i = 0; i < graph_count(c->graph); i++) {
        has.field |= graph_node(c->graph, i)->attr.stride > 0;
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

struct error *network_summary_command(struct session *s, const struct stmt *c) {
    const struct expr *x;
    struct compiled k;
    struct error *e = stmt_expr(c, &x);
    if (!e) e = compile_shapes(&k, s->board, x);
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
    size_t units = n->shape.n > 1 ? n->size / n->shape.dim[0] : 0, dead = 0;
    for (size_t u = 0; u < units; u++) {
        bool alive = false;
        for (size_t i = u; i < n->size && !alive; i += units) alive = n->value[i] != 0;
        dead += !alive;
    }
    return dead;
}

struct error *network_gradients_command(struct session *s, const struct stmt *c) {
    static const char *const heads[] = {"gradients.name", "gradients.mean",
                                        "gradients.most", "gradients.zero"};
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
    if (!e) {
        struct out_table *t = table_new(4);
        for (int i = 0; i < 4; i++) {
            char *head = out_sentence(s->out, heads[i], "name", title, NULL);
            table_cell(t, head, OUT_STRONG);
            free(head);
        }
        graph_forward(k.graph);
        graph_backward(k.graph, k.root);
        for (size_t i = 0; i < n; i++) {
            add_gradients(s->out, t, params[i]->name, params[i]->grad, params[i]->size);
        }
        table_print(s->out, t, 1);
        table_free(t);
        for (int i = 0; i < graph_count(k.graph); i++) {
            const struct node *node = graph_node(k.graph, i);
            size_t dead = node->gate && node->name ? dead_units(node) : 0;
            if (!dead || node->shape.n < 2) continue;
            char count[24], units[24];
            snprintf(count, sizeof count, "%zu", dead);
            snprintf(units, sizeof units, "%zu", node->size / node->shape.dim[0]);
            out_say(s->out, "gradients.dead", "name", node->name, "dead", count,
                    "units", units, NULL);
        }
    }
    free(title);
    compile_close(&k);
    return error_at(e, c->at);
}

/* ---- trace ---- */

/* The index of trace C[0, 2, 3, 4], worked out against the shape of C. */
struct error *network_read_cell(struct session *s, const struct expr *x,
                                const struct shape *shape, size_t *cell) {
    const struct expr_node *root = &x->nodes[x->n - 1];
    *cell = 0;
    if (root->n_kids - 1 != shape->n) {
        struct buf b = {0};
        shape_print(&b, shape);
        struct error *e = error_new("trace-cell", "shape", buf_text(&b), NULL);
        buf_free(&b);
        return error_at(e, root->at);
    }
    for (int d = 0; d < shape->n; d++) {
        struct expr part = {.refs = 1, .nodes = x->nodes, .n = root->kids[d + 1] + 1};
        double at;
        struct error *e = compile_number(s->board, &part, &at);
        if (e) return e;
        if (!(at >= 0 && at < (double)shape->dim[d])) {
            return error_at(error_new("index-out", "value", NUM(s->out, at), "last",
                                      NUM(s->out, (double)shape->dim[d] - 1), NULL),
                            part.nodes[part.n - 1].at);
        }
        *cell = *cell * shape->dim[d] + (size_t)at;
    }
    return NULL;
}

enum { CELL = 8 }; /* columns of a number in a window */

static void print_number(struct out *o, struct buf *b, real v) {
    char number[NUM_SIZE];
    num_format(number, v, o->digits < 3 ? o->digits : 3);
    size_t n = strlen(number);
    buf_printf(b, "%*s%s", (int)(n < CELL ? CELL - n : 1), "", number);
}

/* One channel's window, kernel and products: side by side where they fit, a row of the
 * window a line, else one under another. */
struct blocks {
    struct buf *rows[3];
    size_t high, wide;
};

static void print_blocks(struct out *o, const struct blocks *b, bool kernel) {
    static const char *const signs[] = {"", " × ", " = "};
    int n = kernel ? 3 : 1;
    bool beside = n * (int)b->wide * CELL + 6 <= o->width;
    for (size_t y = 0; y < b->high && beside; y++) {
        for (int k = 0; k < n; k++) {
            const char *sign = y == b->high / 2 || !k ? signs[k] : "   ";
            out_printf(o, "%s%s", sign, buf_text(&b->rows[k][y]));
        }
        out_puts(o, "\n");
    }
    for (int k = 0; k < n && !beside; k++) {
        for (size_t y = 0; y < b->high; y++) {
            out_printf(o, "%s%s\n",
                       !k  ? ""
                       : y ? "   "
                           : signs[k],
                       buf_text(&b->rows[k][y]));
        }
    }
}

struct window { /* where an output number looks */
    size_t example, filter, row, column, high, wide;
};

static struct window window_of(const struct node *n, size_t cell) {
    const size_t *shape = n->shape.dim;
    bool kernel = n->n_in > 1;
    size_t side = (size_t)n->attr.count;
    return (struct window){cell / shape[3] / shape[2] / shape[1],
                           cell / shape[3] / shape[2] % shape[1],
                           cell / shape[3] % shape[2] * (size_t)n->attr.stride,
                           cell % shape[3] * (size_t)n->attr.stride,
                           kernel ? n->in[1]->shape.dim[2] : side,
                           kernel ? n->in[1]->shape.dim[3] : side};
}

/* Shows one channel; returns the sum of its products. */
static real say_channel(struct out *o, const struct node *n, const struct window *w,
                        size_t channel) {
    const struct node *in = n->in[0], *kernel = n->n_in > 1 ? n->in[1] : NULL;
    const size_t *is = in->shape.dim;
    size_t pad = (size_t)n->attr.pad, from = kernel ? channel : w->filter;
    struct blocks b = {.high = w->high, .wide = w->wide};
    real sum = 0;
    for (int k = 0; k < 3; k++) b.rows[k] = mem_alloc(w->high, sizeof *b.rows[k]);
    for (size_t y = 0; y < w->high; y++) {
        for (size_t x = 0; x < w->wide; x++) {
            size_t r = w->row + y - pad, c = w->column + x - pad;
            bool inside = r < is[2] && c < is[3]; /* else the border of zeros */
            size_t plane = w->example * is[1] + from;
            real v = inside ? in->value[(plane * is[2] + r) * is[3] + c] : 0;
            print_number(o, &b.rows[0][y], v);
            if (!kernel) continue;
            size_t at = ((w->filter * is[1] + channel) * w->high + y) * w->wide + x;
            print_number(o, &b.rows[1][y], kernel->value[at]);
            print_number(o, &b.rows[2][y], v * kernel->value[at]);
            sum += v * kernel->value[at];
        }
    }
    print_blocks(o, &b, kernel);
    for (int k = 0; k < 3; k++) {
        for (size_t y = 0; y < w->high; y++) buf_free(&b.rows[k][y]);
        free(b.rows[k]);
    }
    return sum;
}

static void say_windows(struct out *o, const struct node *n, size_t cell) {
    const struct node *kernel = n->n_in > 1 ? n->in[1] : NULL;
    struct window w = window_of(n, cell);
    size_t channels = kernel ? n->in[0]->shape.dim[1] : 1;
    struct buf sums = {0};
    for (size_t ch = 0; ch < channels; ch++) {
        char number[NUM_SIZE];
        if (channels > 1) {
            out_say(o, "trace.channel", "channel", num_format(number, (double)ch, 6),
                    NULL);
        }
        real sum = say_channel(o, n, &w, ch);
        buf_printf(&sums, "%s%s", ch ? " + " : "", NUM(o, sum));
    }
    if (kernel && n->n_in > 2) {
        out_say(o, "trace.sum-bias", "sums", buf_text(&sums), "bias",
                NUM(o, n->in[2]->value[w.filter]), "value", NUM(o, n->value[cell]),
                NULL);
    } else if (kernel) {
        out_say(o, channels > 1 ? "trace.sums" : "trace.sum", "sums", buf_text(&sums),
                "value", NUM(o, n->value[cell]), NULL);
    } else {
        out_say(o, is(n, "maxpool") ? "trace.max" : "trace.mean", "value",
                NUM(o, n->value[cell]), NULL);
    }
    buf_free(&sums);
}

/* One number of x @ W: row times column. */
static void say_product(struct out *o, const struct node *n, size_t cell) {
    enum { WRITTEN = 8 };
    const struct node *a = n->in[0], *b = n->in[1];
    size_t inner = a->shape.dim[a->shape.n - 1];
    size_t columns = b->shape.n == 2 ? b->shape.dim[1] : 1;
    size_t row = cell / columns, column = cell % columns;
    struct buf sum = {0};
    for (size_t i = 0; i < inner && i < WRITTEN; i++) {
        real w = b->value[i * columns + column];
        buf_printf(&sum, w < 0 ? "%s%s·(%s)" : "%s%s·%s", i ? " + " : "",
                   NUM(o, a->value[row * inner + i]), NUM(o, w));
    }
    if (inner > WRITTEN) buf_printf(&sum, " + … (%zu)", inner);
    out_say(o, "trace.product", "sums", buf_text(&sum), "value", NUM(o, n->value[cell]),
            NULL);
    buf_free(&sum);
}

/* Follows one cell from the named formula down to the layer that made it. */
static bool say_cell(struct out *o, const struct node *n, size_t cell) {
    if (n->attr.stride) {
        say_windows(o, n, cell);
    } else if (is(n, "matmul")) {
        say_product(o, n, cell);
    } else if (n->gate && n->gate->flags & GATE_ELEMENTWISE &&
               n->in[0]->size == n->size) {
        if (!n->in[0]->gate || !say_cell(o, n->in[0], cell)) return false;
        if (is(n, "identity")) return true;
        struct buf b = {0};
        const struct node *other = n->n_in > 1 ? n->in[1] : NULL;
        if (other) {
            size_t at = other->size == n->size ? cell : cell % other->size;
            buf_printf(&b, "%s%s%s", NUM(o, n->in[0]->value[cell]),
                       n->gate->infix ? n->gate->infix : ", ",
                       NUM(o, other->value[at]));
        } else {
            buf_printf(&b, "%s(%s)", n->gate->name, NUM(o, n->in[0]->value[cell]));
        }
        out_printf(o, "%s = %s\n", buf_text(&b), NUM(o, n->value[cell]));
        buf_free(&b);
    } else {
        return false;
    }
    return true;
}

struct error *network_trace_command(struct session *s, const struct stmt *c) {
    const struct expr *x;
    struct compiled k;
    size_t cell;
    struct error *e = stmt_expr(c, &x);
    if (e) return e;
    const struct expr_node *root = &x->nodes[x->n - 1];
    if (root->kind != EXPR_INDEX)
        return error_at(error_new("trace-index", NULL), root->at);
    struct expr base = {.refs = 1, .nodes = x->nodes, .n = root->kids[0] + 1};
    if ((e = compile_open(&k, s->board, &base))) return e;
    e = network_read_cell(s, x, &k.root->shape, &cell);
    if (!e) {
        graph_forward(k.graph);
        if (!say_cell(s->out, k.root, cell))
            e = error_at(error_new("trace-what", NULL), root->at);
    }
    if (!e) {
        struct buf b = {0};
        expr_print(&b, x);
        out_printf(s->out, "%s = %s\n", buf_text(&b), NUM(s->out, k.root->value[cell]));
        buf_free(&b);
    }
    compile_close(&k);
    return e;
}

/* ---- net ---- */

enum { NET_LAYERS = 32 };

/* "784-16-16-10 sigmoid" → sizes and an activation. */
static struct error *read_net(const char *text, size_t *sizes, int *n,
                              const char **activation) {
    char *at = (char *)(uintptr_t)text;
    *n = 0;
    while (*n < NET_LAYERS) {
        sizes[*n] = strtoull(at, &at, 10);
        if (sizes[*n] < 1 || sizes[*n] > 1000000000)
            return error_new("net-sizes", NULL);
        (*n)++;
        while (*at == ' ') at++;
        if (*at != '-') break;
        at++;
        while (*at == ' ') at++;
    }
    *activation = *at ? at : "relu";
    const struct gate *g = gate_find(*activation);
    if (*n < 2) return error_new("net-sizes", NULL);
    if (!g || !(g->flags & GATE_ACTIVATION)) {
        return error_new("net-activation", "name", *activation, NULL);
    }
    return NULL;
}

/* Runs one of the lines that net writes, and shows it. */
static struct error *write_line(struct session *s, const char *line) {
    bool interactive = s->interactive;
    s->interactive = false;
    struct error *e = session_try(s, line, s->file);
    s->interactive = interactive;
    if (!e) out_printf(s->out, "%s\n", line);
    return e;
}

static struct error *input_of_net(struct session *s, size_t wants, struct buf *input) {
    const struct def *x = board_get(s->board, "X");
    if (!x || x->shape.n < 2) return error_new("net-input", NULL);
    size_t has = shape_size(&x->shape) / x->shape.dim[0];
    buf_add(input, x->shape.n > 2 ? "flatten(X)" : "X");
    if (has == wants) return NULL;
    char h[24], w[24];
    snprintf(h, sizeof h, "%zu", has);
    snprintf(w, sizeof w, "%zu", wants);
    return error_new("net-width", "has", h, "wants", w, NULL);
}

struct error *network_net_command(struct session *s, const struct stmt *c) {
    size_t sizes[NET_LAYERS];
    int n;
    const char *activation = NULL,
               *text = c->n_items && c->items[0].text ? c->items[0].text : "";
    struct buf line = {0}, input = {0};
    struct error *e = read_net(text, sizes, &n, &activation);
    if (!e) e = input_of_net(s, sizes[0], &input);
    for (int i = 1; i < n && !e; i++) {
        bool last = i == n - 1;
        buf_clear(&line);
        if (last && sizes[i] == 1)
            buf_printf(&line, "O = sigmoid(dense(%s, 1))", buf_text(&input));
        else if (last)
            buf_printf(&line, "O = dense(%s, %zu)", buf_text(&input), sizes[i]);
        else
            buf_printf(&line, "h%d = %s(dense(%s, %zu))", i, activation,
                       buf_text(&input), sizes[i]);
        e = write_line(s, buf_text(&line));
        buf_clear(&input);
        buf_printf(&input, "h%d", i);
    }
    if (!e && board_get(s->board, "y")) {
        e = write_line(s, sizes[n - 1] == 1 ? "E = binary_cross_entropy(O, y)"
                                            : "E = cross_entropy(O, y)");
    }
    buf_free(&line);
    buf_free(&input);
    return e;
}
