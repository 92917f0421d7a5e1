/* graph E: the gates from left to right, a value above each wire and the gradient that
 * comes back along it below:
 *
 *     3
 *   w ─────┐   3       2       4
 *     4    ├─(×)─ h ─┐ …
 *
 * The graph is drawn as a tree: what is used twice is drawn where it is first used and
 * named again elsewhere, so that no wires cross. Where that is too wide it becomes an
 * indented tree, for --plain a list, and beyond BOXES_MOST a summary.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "explain/explain_inside.h"
#include "explain/paper.h"
#include "text/number.h"

enum {
    BOXES_MOST = 64,
    KIDS_MOST = 8,
    ROW_STEP = 3,
    SMALL_TENSOR = 3,
    LISTED_MOST = 200
};

struct box {
    const struct node *node;
    int kid[KIDS_MOST], n_kids;
    int level, row, x; /* level 0 is the root's */
    bool again;        /* drawn elsewhere: only named here */
    real *back;        /* the gradient along its wire; NULL where there is none */
    char *name, *sign, *value, *grad;
};

struct drawing {
    struct out *o;
    struct compiled *c;
    struct arena *arena;
    struct box box[BOXES_MOST];
    int n, levels, rows;
    bool tight; /* texts may stand over the boxes too */
    bool grads; /* there are gradients to show */
    bool full;  /* more boxes than fit */
    int *uses;  /* by node id, among what is drawn */
    bool *seen;
    struct explain_asked *asked; /* what is asked, and not shown; NULL: nothing */
};

/* ---- what stands in a box ---- */

/* The operand that is a number and is written into the sign: ×2, □². -1: none. */
static int number_operand(const struct node *n) {
    if (n->n_in != 2 || (!n->gate->infix && !n->gate->fold)) return -1;
    for (int k = 1; k >= 0; k--) {
        if (explain_is_number(n->in[k]) && n->in[k]->shape.n == 0) return k;
    }
    return -1;
}

static char *sign_of(const struct node *n, int digits) {
    struct buf b = {0};
    char number[NUM_SIZE];
    int k = n->gate ? number_operand(n) : -1;
    if (k >= 0) num_format(number, n->in[k]->value[0], digits);
    if (!n->gate) return buf_take(&b);
    if (gate_is(n, ROLE_PART)) explain_index(&b, &n->attr);
    else if (k < 0) buf_printf(&b, "(%s)", n->gate->sign);
    else if (gate_is(n, ROLE_POWER) && k == 1)
        buf_printf(&b,
                   strcmp(number, "2") == 0   ? "(□²)"
                   : strcmp(number, "3") == 0 ? "(□³)"
                                              : "(□^%s)",
                   number);
    else if (k == 1) buf_printf(&b, "(%s%s)", n->gate->sign, number);
    else buf_printf(&b, "(%s%s)", number, n->gate->sign);
    return buf_take(&b);
}

/* What fits on a wire: a number, a few of them, or how many there are. */
static char *wire_text(const struct node *n, const real *v, int digits) {
    struct buf b = {0};
    if (!v) return buf_take(&b);
    if (n->size <= SMALL_TENSOR) tensor_print(&b, &n->shape, v, digits, SMALL_TENSOR);
    else shape_print(&b, &n->shape);
    return buf_take(&b);
}

/* On paper there is room to write. */
static char *blank(const struct out *o) { return mem_copy(o->page ? "[  ]" : "?"); }

static bool is_asked(const struct drawing *d, const struct node *n, bool gradient) {
    const struct explain_asked *a = d->asked;
    return a && (gradient ? a->gradient : a->value)[n->id];
}

static void write_box(struct drawing *d, struct box *b, int digits) {
    free(b->name), free(b->sign), free(b->value), free(b->grad);
    struct buf name = {0};
    const struct node *n = b->node;
    if (n->name || b->again) explain_name(&name, n, digits);
    else if (n->gate && d->uses[n->id] > 1) explain_name(&name, n, digits);
    b->name = buf_take(&name);
    b->sign = b->again ? mem_copy("") : sign_of(n, digits);
    b->value = is_asked(d, n, false) ? blank(d->o) : wire_text(n, n->value, digits);
    bool back = d->grads && b->back;
    b->grad = back && is_asked(d, n, true)
                  ? blank(d->o)
                  : wire_text(n, back ? b->back : NULL, digits);
}

/* ---- the tree ---- */

static real *back_along(struct drawing *d, const struct node *n, int k) {
    const struct node *in = n->in[k];
    if (!d->grads || !n->grad || !in->grad || n->gate->flags & GATE_NO_GRADIENT)
        return NULL;
    real *back = arena_alloc(d->arena, in->size, sizeof *back);
    n->gate->backward(n, k, n->grad, back);
    return back;
}

static int add_box(struct drawing *d, const struct node *n, int level, real *back);

static void add_kids(struct drawing *d, int at, const struct node *n, int level) {
    int number = number_operand(n);
    for (int k = 0; k < gate_written(n) && !d->full; k++) {
        if (k == number) continue;
        if (d->box[at].n_kids == KIDS_MOST) {
            d->full = true;
            return;
        }
        int kid = add_box(d, n->in[k], level + 1, back_along(d, n, k));
        d->box[at].kid[d->box[at].n_kids++] = kid;
    }
}

/* No deeper than there are boxes. */
static int add_box(struct drawing *d, const struct node *n, int level, real *back) {
    if (d->n == BOXES_MOST) {
        d->full = true;
        return 0;
    }
    int at = d->n++;
    struct box *b = &d->box[at];
    b->node = n;
    b->level = level;
    b->back = back;
    b->again = n->gate && !explain_is_number(n) && d->seen[n->id];
    d->seen[n->id] = true;
    d->uses[n->id]++;
    if (level >= d->levels) d->levels = level + 1;
    if (n->gate && !explain_is_number(n) && !b->again) add_kids(d, at, n, level);
    return at;
}

/* ---- where things stand ---- */

static void place_rows(struct drawing *d, int at) {
    struct box *b = &d->box[at];
    for (int k = 0; k < b->n_kids; k++) place_rows(d, b->kid[k]);
    if (b->n_kids) {
        b->row = (d->box[b->kid[0]].row + d->box[b->kid[b->n_kids - 1]].row) / 2;
    } else {
        b->row = d->rows + 1;
        d->rows += ROW_STEP;
    }
}

static int widest(int a, int b) { return a > b ? a : b; }

static int smallest(int a, int b) { return a < b ? a : b; }

static int box_width(const struct drawing *d, const struct box *b) {
    int texts = widest(utf8_width(b->value), utf8_width(b->grad)) + (d->tight ? 1 : 2);
    int front = *b->sign ? utf8_width(b->sign) : utf8_width(b->name) + 1;
    int wire = *b->sign && *b->name ? utf8_width(b->name) + 4 : 2;
    return d->tight ? widest(front + wire, texts) : front + widest(wire, texts);
}

/* Sets every x; returns the width of it all. The root's wire ends in its name. */
static int place_columns(struct drawing *d) {
    int x = 0;
    for (int level = d->levels - 1; level >= 0; level--) {
        int wide = 0;
        for (int i = 0; i < d->n; i++) {
            if (d->box[i].level != level) continue;
            d->box[i].x = x;
            wide = widest(wide, box_width(d, &d->box[i]));
        }
        x += wide + 2; /* the joint and a bit of wire after it */
    }
    return x;
}

static int lay_out(struct drawing *d, int digits, bool tight) {
    d->tight = tight;
    for (int i = 0; i < d->n; i++) write_box(d, &d->box[i], digits);
    d->rows = 0;
    place_rows(d, 0);
    return place_columns(d);
}

/* ---- on squared paper ---- */

static void draw_box(const struct drawing *d, const struct paper *p,
                     const struct box *b, int end) {
    const struct node *root = d->c->root;
    enum out_colour c = b->again ? OUT_DIM : explain_colour(b->node, root);
    int x = paper_put(p, b->row, b->x, *b->sign ? b->sign : b->name, c);
    if (!*b->sign) x++;
    paper_wire(p, b->row, x, b == d->box ? x + 1 : end);
    if (b == d->box) paper_put(p, b->row, x + 2, b->name, c);
    else if (*b->sign && *b->name) {
        paper_put(p, b->row,
                  paper_put(p, b->row, paper_put(p, b->row, x + 1, " ", c), b->name, c),
                  " ", c);
    }
    int value = x + 1, grad = x + 1;
    if (d->tight) { /* up to the joint */
        value = smallest(value, end - 1 - utf8_width(b->value));
        grad = smallest(grad, end - 1 - utf8_width(b->grad));
    }
    paper_put(p, b->row - 1, value, b->value, c == OUT_DIM ? OUT_PLAIN : c);
    paper_put(p, b->row + 1, grad, b->grad, OUT_GRADIENT);
}

/* The joint before a gate: its operands' wires come together. */
static void draw_joint(const struct drawing *d, const struct paper *p,
                       const struct box *b) {
    int x = b->x - 2;
    int first = d->box[b->kid[0]].row, last = d->box[b->kid[b->n_kids - 1]].row;
    for (int row = first; row <= last; row++) paper_put(p, row, x, "│", OUT_DIM);
    for (int k = 0; k < b->n_kids; k++) {
        int row = d->box[b->kid[k]].row;
        const char *corner = first == last   ? "─"
                             : row == first  ? "┐"
                             : row == last   ? "┘"
                             : row == b->row ? "┼"
                                             : "┤";
        paper_put(p, row, x, corner, OUT_DIM);
        draw_box(d, p, &d->box[b->kid[k]], x);
    }
    bool free_row = strcmp(paper_text(p, b->row, x), "│") == 0;
    if (free_row) paper_put(p, b->row, x, "├", OUT_DIM);
    paper_put(p, b->row, x + 1, "─", OUT_DIM);
}

static void draw_paper(struct drawing *d, int width) {
    struct paper p = {.columns = width, .rows = d->rows};
    p.at = arena_alloc(d->arena, (size_t)width * (size_t)d->rows, sizeof *p.at);
    draw_box(d, &p, &d->box[0], width);
    for (int i = 0; i < d->n; i++) {
        if (d->box[i].n_kids) draw_joint(d, &p, &d->box[i]);
    }
    for (int row = 0; row < p.rows; row++) paper_print(d->o, &p, row);
}

/* ---- an indented tree, where the drawing would be too wide ---- */

static void print_branch(struct drawing *d, int at, const char *before, bool last) {
    const struct box *b = &d->box[at];
    struct out *o = d->o;
    enum out_colour c = b->again ? OUT_DIM : explain_colour(b->node, d->c->root);
    const char *twig = at == 0 ? "" : last ? "└─ " : "├─ ";
    bool number = !b->node->gate && !b->node->name;
    out_printf(o, "%s%s%s%s%s%s%s%s%s", before, twig, out_ink(o, c), b->sign,
               *b->sign && *b->name ? " " : "", b->name,
               number || (!*b->name && !*b->sign) ? "" : " = ", b->value,
               out_ink(o, OUT_PLAIN));
    if (*b->grad) {
        out_printf(o, "  %s(%s)%s", out_ink(o, OUT_GRADIENT), b->grad,
                   out_ink(o, OUT_PLAIN));
    }
    out_puts(o, "\n");
    struct buf inner = {0};
    buf_printf(&inner, "%s%s", before, at == 0 ? "" : last ? "   " : "│  ");
    for (int k = 0; k < b->n_kids; k++) {
        print_branch(d, b->kid[k], buf_text(&inner), k + 1 == b->n_kids);
    }
    buf_free(&inner);
}

/* ---- a list, for --plain ---- */

static void list_node(const struct drawing *d, const struct node *n) {
    struct out *o = d->o;
    bool grads = d->grads;
    struct buf name = {0}, formula = {0}, value = {0}, grad = {0};
    explain_name(&name, n, o->digits);
    if (n->gate) explain_node(&formula, n, EXPLAIN_NAMES, false, o->digits);
    if (is_asked(d, n, false)) buf_add(&value, "?");
    else explain_value(&value, n, o->digits);
    if (grads && n->grad && is_asked(d, n, true)) buf_add(&grad, "?");
    else if (grads && n->grad)
        tensor_print(&grad, &n->shape, n->grad, o->digits, SHOWN_NUMBERS);
    bool same = strcmp(buf_text(&name), buf_text(&formula)) == 0;
    if (n->gate && !same) buf_printf(&name, " = %s", buf_text(&formula));
    out_say(o, grad.len ? "graph.line" : "graph.line-value", "name", buf_text(&name),
            "value", buf_text(&value), "grad", buf_text(&grad), NULL);
    buf_free(&name);
    buf_free(&formula);
    buf_free(&value);
    buf_free(&grad);
}

static void list_all(struct drawing *d) {
    struct node **gates;
    size_t n = explain_gates(d->c, &gates);
    bool *needed = explain_needed(d->c);
    for (int i = 0; i <= d->c->root->id; i++) {
        const struct node *leaf = graph_node(d->c->graph, i);
        if (needed[i] && !leaf->gate && leaf->name) list_node(d, leaf);
    }
    for (size_t i = 0; i < n; i++) list_node(d, gates[i]);
}

/* ---- a summary, where it is too large ---- */

static int depth_of(const struct compiled *c) {
    int *depth =
        arena_alloc(graph_arena(c->graph), (size_t)c->root->id + 1, sizeof *depth);
    for (int i = 0; i <= c->root->id; i++) {
        const struct node *n = graph_node(c->graph, i);
        for (int k = 0; n->gate && k < n->n_in; k++) {
            if (depth[n->in[k]->id] >= depth[i]) depth[i] = depth[n->in[k]->id] + 1;
        }
    }
    return depth[c->root->id];
}

/* "500 ×, 499 +": each kind in the order of the first. */
static char *count_kinds(struct node **gates, size_t n) {
    struct map at = {0};
    const struct gate *kind[BOXES_MOST];
    size_t count[BOXES_MOST] = {0};
    int kinds = 0;
    for (size_t i = 0; i < n; i++) {
        int k = map_get(&at, gates[i]->gate->name);
        if (k < 0 && kinds < BOXES_MOST) {
            kind[k = kinds++] = gates[i]->gate;
            map_set(&at, gates[i]->gate->name, k);
        }
        if (k >= 0) count[k]++;
    }
    struct buf b = {0};
    for (int k = 0; k < kinds; k++) {
        buf_printf(&b, "%s%zu %s", k ? ", " : "", count[k], kind[k]->sign);
    }
    map_free(&at);
    return buf_take(&b);
}

static void summarise(struct drawing *d) {
    struct out *o = d->o;
    struct node **gates;
    size_t n = explain_gates(d->c, &gates), params = 0, numbers = 0, inputs = 0;
    bool *needed = explain_needed(d->c);
    for (int i = 0; i <= d->c->root->id; i++) {
        const struct node *leaf = graph_node(d->c->graph, i);
        if (!needed[i] || leaf->gate || !leaf->name) continue;
        params += leaf->param;
        inputs += !leaf->param;
        if (leaf->param) numbers += leaf->size;
    }
    char *kinds = count_kinds(gates, n);
    struct buf value = {0};
    explain_value(&value, d->c->root, o->digits);
    out_say(o, "graph.too-large", "name", d->c->root->name, "gates", NUM(o, (double)n),
            "params", NUM(o, (double)params), "numbers", NUM(o, (double)numbers),
            "inputs", NUM(o, (double)inputs), "depth", NUM(o, depth_of(d->c)), "kinds",
            kinds, "value", buf_text(&value), NULL);
    free(kinds);
    buf_free(&value);
}

/* ---- below the drawing ---- */

static void add_numbers(struct buf *b, const struct node *n, const real *v,
                        int digits) {
    if (n->size == 1) explain_factor(b, v[0], digits);
    else tensor_print(b, &n->shape, v, digits, SHOWN_NUMBERS);
}

/* dE/dw = 3 + 1 = 4 for what is drawn more than once; of large tensors the sum
 * alone. */
static void say_sums(struct drawing *d) {
    for (int i = 0; i < d->n; i++) {
        const struct node *n = d->box[i].node;
        bool hidden = is_asked(d, n, true);
        if (!d->grads || d->uses[n->id] < 2 || !d->box[i].back || hidden) continue;
        struct buf name = {0}, sum = {0}, all = {0};
        explain_slope_name(&name, d->c->root, n);
        for (int k = i; k < d->n; k++) {
            bool small = n->size <= SHOWN_NUMBERS;
            if (d->box[k].node != n || !d->box[k].back || !small) continue;
            if (k > i) buf_add(&sum, " + ");
            add_numbers(&sum, n, d->box[k].back, d->o->digits);
        }
        if (n->size == 1) buf_add(&all, NUM(d->o, n->grad[0])); /* no brackets */
        else add_numbers(&all, n, n->grad, d->o->digits);
        d->uses[n->id] = 0; /* said */
        char *parts[] = {buf_take(&name), mem_copy(buf_text(&sum)), buf_take(&all)};
        explain_say_equal(d->o, 0, parts, 3, OUT_GRADIENT, OUT_GRADIENT);
        for (int k = 0; k < 3; k++) free(parts[k]);
        buf_free(&sum);
    }
}

static void draw(struct drawing *d) {
    struct out *o = d->o;
    int width = lay_out(d, o->digits, false);
    if (width > o->width) width = lay_out(d, o->digits, true);
    for (int digits = 4; digits >= 3 && width > o->width && digits < o->digits;
         digits--) {
        width = lay_out(d, digits, true);
    }
    bool wide = width > o->width;
    if (d->asked) d->asked->wide = wide;
    out_hold(o);
    out_begin_part(o, PAGE_DRAWING, "graph.page", d->c->root->name);
    if (wide) {
        lay_out(d, o->digits, false);
        print_branch(d, 0, "", true);
    } else {
        draw_paper(d, width);
    }
    out_end_part(o, PAGE_DRAWING);
    struct buf name = {0};
    explain_d(&name, d->c->root);
    bool forward = d->asked && !d->asked->gradients;
    const char *legend = forward     ? "graph.legend-forward"
                         : !d->grads ? "graph.legend-values"
                         : wide      ? "graph.legend-tree"
                                     : "graph.legend";
    out_say(o, legend, "d", buf_text(&name), NULL);
    buf_free(&name);
    say_sums(d);
    out_release(o);
    struct node **gates;
    if (o->page && explain_gates(d->c, &gates) <= LISTED_MOST) {
        out_begin_part(o, PAGE_DETAILS, "graph.list", d->c->root->name);
        list_all(d);
        out_end_part(o, PAGE_DETAILS);
    }
    for (int i = 0; i < d->n; i++) {
        struct box *b = &d->box[i];
        free(b->name), free(b->sign), free(b->value), free(b->grad);
    }
}

struct error *explain_graph_asking(struct out *o, struct compiled *c,
                                   struct explain_asked *asked) {
    struct drawing *d = mem_alloc(1, sizeof *d);
    struct node **leaves;
    size_t n, count = (size_t)c->root->id + 1;
    d->o = o;
    d->c = c;
    d->asked = asked;
    d->arena = graph_arena(c->graph);
    struct error *e = explain_gradients(c, &leaves, &n);
    d->grads =
        !e && n &&
        (!asked ||
         asked->gradients); /* several numbers, say: then the values alone are drawn */
    error_free(e);
    explain_label(c);
    d->uses = arena_alloc(d->arena, count, sizeof *d->uses);
    d->seen = arena_alloc(d->arena, count, sizeof *d->seen);
    if (c->root->gate) {
        real *one = arena_alloc(d->arena, c->root->size, sizeof *one);
        one[0] = 1;
        add_box(d, c->root, 0, d->grads ? one : NULL);
    }
    if (asked) asked->wide = d->full;
    if (o->plain && explain_gates(c, &leaves) <= LISTED_MOST) list_all(d);
    else if (d->full || o->plain) summarise(d);
    else if (d->n) draw(d);
    else out_say(o, "graph.leaf", "name", c->root->name, NULL);
    free(d);
    return NULL;
}

struct error *explain_graph(struct out *o, struct compiled *c, struct board *b) {
    (void)b;
    return explain_graph_asking(o, c, NULL);
}
