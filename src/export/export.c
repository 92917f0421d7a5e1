#include "export/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/own.h"
#include "base/whole.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "text/number.h"

enum { FEW = 8 }; /* rows that stand for all of them */

/* ---- which leaves are inputs ---- */

static bool is_value(const struct node *n) {
    return !n->gate && n->name && !n->param && !n->constant && !n->average;
}

static bool is_data(const struct node *n) {
    return !strcmp(n->name, "X") || !strcmp(n->name, "y");
}

static size_t rows_of(const struct shape *s) { return s->n ? s->dim[0] : 0; }

/* The leaves whose first dimension is the data's rows, as they are in a graph of
 * shapes: X and y, or, without X, those as long as the first that has a length. */
static int find_rows(const struct compiled *shapes, const struct board *b,
                     struct compile_instead *out, int most) {
    const struct node *x = compile_find(shapes, "X");
    size_t rows = x && is_value(x) ? rows_of(&x->shape) : 0;
    bool data = rows > 0;
    int n = 0;
    for (int i = 0; i < graph_count(shapes->graph) && n < most; i++) {
        const struct node *leaf = graph_node(shapes->graph, i);
        const struct def *d = leaf->name ? board_get(b, leaf->name) : NULL;
        if (!is_value(leaf) || !d || d->kind != DEF_VALUE) continue;
        if (data && strcmp(leaf->name, "X") != 0 && strcmp(leaf->name, "y") != 0)
            continue;
        if (!rows) rows = rows_of(&leaf->shape);
        if (!rows || rows_of(&leaf->shape) != rows) continue;
        out[n++] = (struct compile_instead){leaf->name, leaf->shape, NULL};
    }
    return n;
}

static void set_rows(struct compile_instead *data, int n, size_t rows) {
    for (int i = 0; i < n; i++) data[i].shape.dim[0] = rows;
}

/* Puts the first rows of the board's numbers into the leaves. */
static void fill_rows(const struct board *b, const struct compile_instead *data,
                      int n) {
    for (int i = 0; i < n; i++) {
        struct node *leaf = data[i].leaf;
        def_read(board_get(b, data[i].name), 0, leaf->shape.dim[0], leaf->value);
    }
}

static bool same_numbers(const struct node *n, const real *v) {
    return memcmp(v, n->value, n->size * sizeof(real)) == 0;
}

bool export_is_own(const struct board *b, const struct node *n) {
    const struct def *d = n->name ? board_get(b, n->name) : NULL;
    if (!d || (d->kind != DEF_VALUE && d->kind != DEF_PARAM)) return false;
    size_t size = shape_size(&d->shape);
    if (n->size > size) return false;
    if (!d->packed) return same_numbers(n, def_tensor(d)->data);
    size_t row = size / d->shape.dim[0];
    if (n->size % row) return false;
    real *own = mem_alloc(n->size, sizeof *own); /* the first rows, not all of them */
    def_read(d, 0, n->size / row, own);
    bool same = same_numbers(n, own);
    free(own);
    return same;
}

static void find_inputs(struct exported *x, const struct board *b) {
    struct graph *g = x->c.graph;
    const struct node *data = compile_find(&x->c, "X");
    bool only = data && is_value(data); /* with X, other values belong to the formula */
    x->inputs =
        arena_alloc(graph_arena(g), (size_t)graph_count(g) + 1, sizeof *x->inputs);
    for (int i = 0; i < graph_count(g); i++) {
        struct node *n = graph_node(g, i);
        if (!is_value(n) || !graph_depends(g, x->c.root, n)) continue;
        if (!export_is_own(b, n)) continue;
        if (only && !is_data(n) && !(n->shape.n && export_varies(x, n, 0))) continue;
        x->inputs[x->n_inputs++] = n;
    }
}

/* ---- opening ---- */

struct forms export_forms(const struct exported *x, const struct node *n) {
    struct forms f = {0};
    for (int d = 0; d < n->shape.n; d++) {
        f.size[d] = export_varies(x, n, d) ? -1 : (long)n->shape.dim[d];
    }
    gate_forms(n, &f);
    return f;
}

static bool is_vague(const struct exported *x, const struct node *n) {
    struct forms f = export_forms(x, n);
    buf_free(&f.torch);
    buf_free(&f.onnx);
    return f.vague;
}

/* The same graph, gate for gate? And nothing is given a shape with two open sizes. */
static bool matches(const struct exported *x) {
    int count = graph_count(x->c.graph);
    if (graph_count(x->longer.graph) != count) return false;
    for (int i = 0; i < count; i++) {
        const struct node *n = graph_node(x->c.graph, i);
        const struct node *m = graph_node(x->longer.graph, i);
        if (n->gate != m->gate || n->shape.n != m->shape.n) return false;
        if (n->gate && is_vague(x, n)) return false;
    }
    return true;
}

static struct error *open_rows(struct exported *x, struct board *b,
                               const struct expr *e, struct compile_instead *data,
                               int n) {
    size_t rows = data[0].shape.dim[0] < FEW ? data[0].shape.dim[0] : FEW;
    struct compiled shapes;
    set_rows(data, n, rows);
    struct compile_order o = {
        .expr = e, .instead = data, .n_instead = n, .shapes = true};
    struct error *err = compile(&shapes, b, &o);
    if (err) return err;
    compile_close(&shapes);
    set_rows(data, n, rows + 1);
    if ((err = compile(&x->longer, b, &o))) return err;
    set_rows(data, n, rows);
    o.shapes = false;
    if ((err = compile(&x->c, b, &o))) return err;
    fill_rows(b, data, n);
    x->few = rows;
    if (matches(x)) return NULL;
    export_close(x);
    return error_new("export-gate", NULL); /* heard by nobody: all rows then */
}

struct error *export_open(struct exported *x, struct board *b, const struct expr *e) {
    enum { INPUTS = 64 };
    struct compile_instead data[INPUTS];
    struct compiled shapes;
    *x = (struct exported){0};
    struct error *err =
        compile(&shapes, b, &(struct compile_order){.expr = e, .shapes = true});
    if (err) return err;
    if (!shapes.root->gate) {
        err = error_new("export-leaf", "name", export_title(shapes.root), NULL);
    }
    int n = err ? 0 : find_rows(&shapes, b, data, INPUTS);
    if (n) {
        struct error *fixed = open_rows(x, b, e, data, n);
        if (fixed) export_close(x);
        error_free(fixed);
    }
    if (!err && !x->c.graph) err = compile_open(&x->c, b, e);
    compile_close(&shapes); /* data's names are in it */
    if (err) return err;
    if (!graph_forward(x->c.graph)) {
        export_close(x);
        return interrupt_stopped();
    }
    find_inputs(x, b);
    return NULL;
}

void export_close(struct exported *x) {
    if (x->c.graph) compile_close(&x->c);
    if (x->longer.graph) compile_close(&x->longer);
    *x = (struct exported){0};
}

bool export_varies(const struct exported *x, const struct node *n, int dim) {
    if (!x->longer.graph) return false;
    return graph_node(x->longer.graph, n->id)->shape.dim[dim] != n->shape.dim[dim];
}

bool export_is_input(const struct exported *x, const struct node *n) {
    for (int i = 0; i < x->n_inputs; i++) {
        if (x->inputs[i] == n) return true;
    }
    return false;
}

const char *export_title(const struct node *n) { return n->name ? n->name : "result"; }

/* ---- numbers as a table ---- */

/* A line for each row, commas between; a spreadsheet opens it, `use` reads it. */
static struct error *export_table(struct session *s, const struct expr *e,
                                  const char *path) {
    struct tensor *t;
    struct buf b = {0};
    struct error *err = compile_value(s->board, e, &t);
    if (err) return err;
    size_t rows = t->shape.n ? t->shape.dim[0] : 1, columns = t->size / rows;
    for (size_t i = 0; i < t->size && !err; i++) {
        char number[NUM_SIZE];
        if ((err = memory_left_for_more(&b, NUM_SIZE))) break;
        buf_add(&b, num_exact(number, t->data[i]));
        buf_add(&b, (i + 1) % columns ? "," : "\n");
        err = interrupt_error();
    }
    tensor_unref(t);
    if (!err) err = own_check_bare(path);
    if (!err) err = own_write_bare(path, b.data, b.len);
    buf_free(&b);
    char r[24], c[24];
    if (!err)
        out_say(s->out, "export.csv", "file", path, "rows", whole_text(r, rows),
                "columns", whole_text(c, columns), NULL);
    return err;
}

/* ---- the command ---- */

static const struct {
    const char *ending;
    struct error *(*write)(struct session *s, struct exported *x, const char *path);
} formats[] = {
    {".py", export_torch},
    {".onnx", export_onnx},
    {".csv", NULL}, /* the numbers alone */
};

struct error *export_command(struct session *s, const struct stmt *c) {
    const struct expr *e;
    const struct clause *into = stmt_clause(c, "into");
    struct error *err = stmt_expr(c, &e);
    if (err) return err;
    if (!into || !into->text) {
        return error_new("wants-file", "name", "export", "args", c->command->args,
                         NULL);
    }
    const char *dot = strrchr(into->text, '.'), *path = into->text;
    for (size_t i = 0; dot && i < sizeof formats / sizeof *formats; i++) {
        if (dot == path || dot[-1] == '/' || strcmp(dot, formats[i].ending) != 0)
            continue;
        struct exported x;
        if (!formats[i].write) return error_at(export_table(s, e, path), into->at);
        if ((err = export_open(&x, s->board, e))) return error_at(err, c->at);
        err = formats[i].write(s, &x, path);
        export_close(&x);
        return error_at(err, into->at);
    }
    return error_at(error_new("export-kind", "file", path, NULL), into->at);
}
