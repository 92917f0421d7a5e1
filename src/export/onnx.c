/* A graph as an ONNX file: protobuf written by hand. The field numbers are
 * onnx.proto's. */
#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "engine/gates.h"
#include "export/export.h"

enum { FLOAT = 1, INT64 = 7, OPSET = 13, IR_VERSION = 7 };
#define OURS "\x08\x07\x12\x05learn" /* how a model of ours begins: IR_VERSION, learn */
#define MOST ((double)(2000u << 20)) /* protobuf: less than 2 GiB */

/* ---- protobuf: a message is fields; a field is a key and a number or bytes ---- */

static void add_varint(struct buf *b, uint64_t v) {
    do {
        char byte = (char)((v & 127) | (v > 127 ? 128 : 0));
        buf_add_n(b, &byte, 1);
    } while (v >>= 7);
}

static void add_int(struct buf *b, unsigned field, int64_t v) {
    add_varint(b, field << 3);
    add_varint(b, (uint64_t)v);
}

static void add_bytes(struct buf *b, unsigned field, const char *bytes, size_t n) {
    add_varint(b, field << 3 | 2);
    add_varint(b, n);
    buf_add_n(b, bytes, n);
}

static void add_text(struct buf *b, unsigned field, const char *text) {
    add_bytes(b, field, text, strlen(text));
}

/* Takes the message over. */
static void add_message(struct buf *b, unsigned field, struct buf *message) {
    add_bytes(b, field, buf_text(message), message->len);
    buf_free(message);
}

static void add_float(struct buf *b, unsigned field,
                      float v) { /* little-endian, as here */
    add_varint(b, field << 3 | 5);
    buf_add_n(b, (const char *)&v, sizeof v);
}

/* ---- tensors and their names ---- */

struct onnx {
    const struct exported *x;
    struct buf graph; /* a GraphProto's nodes and initializers so far */
    struct map names; /* taken already */
    struct arena *arena;
    char **name; /* of each node's tensor, by id; NULL: not written yet */
    int n;       /* tensors without a name of their own so far */
};

/* A name that is still free, beginning with `wish`, taken now. */
static char *take_name(struct onnx *o, const char *wish) {
    struct buf b = {0};
    buf_add(&b, wish);
    for (int i = 2; map_get(&o->names, buf_text(&b)) >= 0; i++) {
        buf_clear(&b);
        buf_printf(&b, "%s#%d", wish, i);
    }
    char *name = arena_copy(o->arena, buf_text(&b));
    buf_free(&b);
    map_set(&o->names, name, 1);
    return name;
}

static char *next_name(struct onnx *o) {
    char text[24];
    snprintf(text, sizeof text, "#%d", ++o->n);
    return take_name(o, text);
}

/* An initializer: raw numbers of one kind. */
static char *add_tensor(struct onnx *o, char *name, int kind, const size_t *dims, int n,
                        const void *data, size_t bytes) {
    struct buf t = {0};
    for (int d = 0; d < n; d++) add_int(&t, 1, (int64_t)dims[d]);
    add_int(&t, 2, kind);
    add_text(&t, 8, name);
    add_bytes(&t, 9, data, bytes);
    add_message(&o->graph, 5, &t);
    return name;
}

static char *add_floats(struct onnx *o, char *name, const struct shape *s,
                        const real *v) {
    size_t n = shape_size(s);
    float *f = mem_alloc(n, sizeof *f);
    for (size_t i = 0; i < n; i++) f[i] = (float)v[i];
    add_tensor(o, name, FLOAT, s->dim, s->n, f, n * sizeof *f);
    free(f);
    return name;
}

static char *add_number(struct onnx *o, real v) {
    return add_floats(o, next_name(o), &(struct shape){0}, &v);
}

struct list { /* of whole numbers: an attribute, or a tensor that an operator wants */
    int64_t v[2 * MAX_DIMS];
    size_t n;
};

static char *add_list(struct onnx *o, const struct list *l) {
    return add_tensor(o, next_name(o), INT64, &l->n, 1, l->v, l->n * sizeof *l->v);
}

/* ---- attributes ---- */

static void add_attribute_list(struct buf *node, const char *name,
                               const struct list *l) {
    struct buf a = {0};
    add_text(&a, 1, name);
    for (size_t i = 0; i < l->n; i++) add_int(&a, 8, l->v[i]);
    add_int(&a, 20, 7);
    add_message(node, 5, &a);
}

static void add_attribute_int(struct buf *node, const char *name, int64_t v) {
    struct buf a = {0};
    add_text(&a, 1, name);
    add_int(&a, 3, v);
    add_int(&a, 20, 2);
    add_message(node, 5, &a);
}

static void add_attribute_float(struct buf *node, const char *name, float v) {
    struct buf a = {0};
    add_text(&a, 1, name);
    add_float(&a, 2, v);
    add_int(&a, 20, 1);
    add_message(node, 5, &a);
}

/* ---- a form (engine/forms.h): calls within calls become nodes ---- */

struct form {
    struct onnx *o;
    const struct node *n;
    const char *text, *at;
    int turn; /* at "...": the operand that A is */
};

static bool take(struct form *f, const char *text) {
    size_t n = strlen(text);
    if (strncmp(f->at, text, n) != 0) return false;
    f->at += n;
    return true;
}

static void expect(struct form *f, const char *text) {
    bool there = take(f, text);
    assert(there);
    (void)there;
}

/* The caller frees it. */
static char *read_word(struct form *f) {
    size_t n = 0;
    while (isalpha((unsigned char)f->at[n]) || f->at[n] == '_') n++;
    assert(n);
    f->at += n;
    return mem_copy_n(f->at - n, n);
}

static double read_number(struct form *f, bool *whole) {
    char *end;
    double v = strtod(f->at, &end);
    assert(end > f->at);
    *whole = !memchr(f->at, '.', (size_t)(end - f->at));
    f->at = end;
    return v;
}

static struct list read_list(struct form *f) {
    struct list l = {0};
    bool whole;
    expect(f, "[");
    while (!take(f, "]")) {
        assert(l.n < sizeof l.v / sizeof *l.v);
        l.v[l.n++] = (int64_t)read_number(f, &whole);
        take(f, ", ");
    }
    return l;
}

static void read_attribute(struct form *f, struct buf *node) {
    char *name = read_word(f);
    bool whole;
    expect(f, "=");
    if (*f->at == '[') {
        struct list l = read_list(f);
        add_attribute_list(node, name, &l);
    } else {
        double v = read_number(f, &whole);
        if (whole) add_attribute_int(node, name, (int64_t)v);
        else add_attribute_float(node, name, (float)v);
    }
    free(name);
}

static const char *read_call(struct form *f, char *result);

/* The name of the tensor that it is. */
static const char *read_input(struct form *f) {
    int k = form_operand(f->text, f->at, f->n->n_in);
    bool whole;
    if (k >= 0) {
        f->at++;
        return f->o->name[f->n->in[k + f->turn]->id];
    }
    if (isupper((unsigned char)*f->at)) return read_call(f, NULL);
    if (*f->at != '[') return add_number(f->o, read_number(f, &whole));
    struct list l = read_list(f);
    return add_list(f->o, &l);
}

/* An input, and where it goes on ", ..." the same of every further operand. */
static void read_inputs(struct form *f, struct buf *node) {
    const char *again = f->at;
    add_text(node, 1, read_input(f));
    size_t more = form_goes_on(f->at);
    if (!more) return;
    const char *behind = f->at + more;
    for (f->turn = 1; f->turn < f->n->n_in; f->turn++) {
        f->at = again;
        add_text(node, 1, read_input(f));
    }
    f->turn = 0;
    f->at = behind;
}

/* Op(…): its node goes into the graph after those it stands on; returns its result.
 * Attributes are kept apart, as inputs come first. */
static const char *read_call(struct form *f, char *result) {
    struct buf node = {0}, attributes = {0};
    char *op = read_word(f);
    expect(f, "(");
    do {
        if (islower((unsigned char)*f->at)) read_attribute(f, &attributes);
        else read_inputs(f, &node);
    } while (take(f, ", "));
    expect(f, ")");
    if (!result) result = next_name(f->o);
    add_text(&node, 2, result);
    add_text(&node, 4, op);
    buf_add_n(&node, buf_text(&attributes), attributes.len);
    add_message(&f->o->graph, 1, &node);
    buf_free(&attributes);
    free(op);
    return result;
}

static struct error *add_gate(struct onnx *o, const struct node *n, char *name) {
    struct forms forms = export_forms(o->x, n);
    const char *text = buf_text(&forms.onnx);
    struct form f = {o, n, text, text, 0};
    struct error *e = NULL;
    if (*text) {
        read_call(&f, name);
        assert(!*f.at);
    } else {
        e = error_new(n->gate->torch ? "export-torch" : "export-gate", "gate",
                      n->gate->name, NULL);
    }
    buf_free(&forms.torch);
    buf_free(&forms.onnx);
    return e;
}

static struct error *add_node(struct onnx *o, const struct node *n) {
    bool input = export_is_input(o->x, n);
    char *name = n->name ? take_name(o, n->name) : next_name(o);
    o->name[n->id] = name;
    if (input) return NULL;
    if (!n->gate) {
        add_floats(o, name, &n->shape, n->value);
        return NULL;
    }
    return add_gate(o, n, name);
}

/* ---- the whole ---- */

/* N: as many as there are rows; M: as many as follow from them. */
static const char *open_size(const struct exported *x, const struct node *n, int d) {
    size_t more = graph_node(x->longer.graph, n->id)->shape.dim[d];
    return more == n->shape.dim[d] + 1 && n->shape.dim[d] == x->few ? "N" : "M";
}

/* An input or output: its name, and its sizes, of which some may be any number. */
static void add_door(const struct onnx *o, struct buf *graph, unsigned field,
                     const struct node *n) {
    struct buf value = {0}, type = {0}, tensor = {0}, shape = {0};
    for (int d = 0; d < n->shape.n; d++) {
        struct buf dim = {0};
        if (export_varies(o->x, n, d)) add_text(&dim, 2, open_size(o->x, n, d));
        else add_int(&dim, 1, (int64_t)n->shape.dim[d]);
        add_message(&shape, 1, &dim);
    }
    add_int(&tensor, 1, FLOAT);
    add_message(&tensor, 2, &shape);
    add_message(&type, 1, &tensor);
    add_text(&value, 1, o->name[n->id]);
    add_message(&value, 2, &type);
    add_message(graph, field, &value);
}

static void add_model(struct buf *model, const struct exported *x, struct onnx *o) {
    struct buf opset = {0};
    add_text(&o->graph, 2, "learn");
    for (int i = 0; i < x->n_inputs; i++) add_door(o, &o->graph, 11, x->inputs[i]);
    add_door(o, &o->graph, 12, x->c.root);
    add_text(&opset, 1, "");
    add_int(&opset, 2, OPSET);
    add_int(model, 1, IR_VERSION);
    add_text(model, 2, "learn");
    add_message(model, 7, &o->graph);
    add_message(model, 8, &opset);
}

/* X [N, 4], y [N, 1] */
static void describe(struct buf *b, const struct exported *x, const struct node *n) {
    buf_add_listed(b, "%s [", export_title(n));
    for (int d = 0; d < n->shape.n; d++) {
        if (d) buf_add(b, ", ");
        if (export_varies(x, n, d)) buf_add(b, open_size(x, n, d));
        else buf_printf(b, "%zu", n->shape.dim[d]);
    }
    buf_add(b, "]");
}

static void say_written(struct session *s, const struct exported *x, const char *path) {
    struct buf in = {0}, out = {0};
    for (int i = 0; i < x->n_inputs; i++) describe(&in, x, x->inputs[i]);
    describe(&out, x, x->c.root);
    out_say(s->out, in.len ? "export.onnx" : "export.onnx-closed", "file", path, "in",
            buf_text(&in), "out", buf_text(&out), NULL);
    buf_free(&in);
    buf_free(&out);
}

static bool is_needed(const struct exported *x, const struct node *n) {
    return n == x->c.root || graph_depends(x->c.graph, x->c.root, n);
}

/* The numbers that go along stand in the graph's buffer and in the model's, either of
 * which may have doubled just now. */
static struct error *room_for(const struct exported *x) {
    double bytes = 0;
    for (int i = 0; i < graph_count(x->c.graph); i++) {
        const struct node *n = graph_node(x->c.graph, i);
        bool goes = !n->gate && !export_is_input(x, n) && is_needed(x, n);
        if (goes) bytes += (double)n->size * sizeof(float);
    }
    return bytes > MOST ? error_new("export-large", NULL) : memory_left_for(4 * bytes);
}

struct error *export_onnx(struct session *s, struct exported *x, const char *path) {
    struct graph *g = x->c.graph;
    struct onnx o = {.x = x, .arena = graph_arena(g)};
    struct buf model = {0};
    struct error *e = room_for(x);
    graph_name(g, x->c.root, export_title(x->c.root));
    o.name = arena_alloc(o.arena, (size_t)graph_count(g), sizeof *o.name);
    for (int i = 0; i < graph_count(g) && !e; i++) {
        const struct node *n = graph_node(g, i);
        if (is_needed(x, n)) e = add_node(&o, n);
        if (!e) e = interrupt_error();
    }
    if (!e) {
        add_model(&model, x, &o);
        e = file_write_again(path, OURS, model.data, model.len);
    }
    if (!e) say_written(s, x, path);
    buf_free(&o.graph);
    buf_free(&model);
    map_free(&o.names);
    return e;
}
