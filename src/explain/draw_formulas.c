/* graph E as formulas: a box for each formula that has a name, not for each gate: an
 * RNN unrolled is a staircase, a step of time a level. What stands in a formula comes
 * together at its joint: formulas first, then parameters and inputs, each with its
 * value and, in brackets, the gradient that comes back to it from there.
 *
 *     whh = 0.5 (0.1) ─┐
 *     h0 = 0 ──────────┼─ h1 = 0.7 ─┐ …
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "explain/explain_inside.h"
#include "explain/paper.h"
#include "text/number.h"

enum { BOXES = 80, KIDS = 12, VISITS = 20000, SMALL = 3 };

struct box {
    const struct node *node;
    int kid[KIDS], n_kids, level, row, x;
    bool again; /* drawn elsewhere: only named here */
    real *back; /* the gradient from the formula it stands in; NULL: none */
    char *text, *grad;
};

struct drawing {
    struct out *o;
    struct compiled *c;
    struct arena *arena;
    struct box box[BOXES];
    int n, levels, rows, visits;
    bool full, grads, *seen;
};

static bool has_box(const struct node *n) { return n->name || !n->gate; }

/* The kid of a box for a node: what it has already, or a new one. NULL: no room. */
static struct box *kid_for(struct drawing *d, int at, const struct node *n) {
    struct box *b = &d->box[at];
    for (int k = 0; k < b->n_kids; k++) {
        if (d->box[b->kid[k]].node == n) return &d->box[b->kid[k]];
    }
    if (d->n == BOXES || b->n_kids == KIDS) {
        d->full = true;
        return NULL;
    }
    b->kid[b->n_kids++] = d->n;
    struct box *kid = &d->box[d->n++];
    *kid = (struct box){.node = n, .level = b->level + 1};
    return kid;
}

/* Goes down from a gate of box at's formula to what it names, with the gradient that
 * comes back along the way (NULL: none). */
static void collect(struct drawing *d, int at, const struct node *n, const real *up) {
    if (++d->visits > VISITS) d->full = true;
    for (int k = 0; k < gate_written(n) && !d->full; k++) {
        const struct node *in = n->in[k];
        real *back = NULL;
        if (explain_is_number(in)) continue;
        if (up && in->grad && !(n->gate->flags & GATE_NO_GRADIENT)) {
            back = arena_alloc(d->arena, in->size, sizeof *back);
            n->gate->backward(n, k, up, back);
        }
        if (!has_box(in)) {
            collect(d, at, in, back);
            continue;
        }
        struct box *kid = kid_for(d, at, in);
        if (!kid || !back) continue;
        if (!kid->back) kid->back = arena_alloc(d->arena, in->size, sizeof *kid->back);
        for (size_t i = 0; i < in->size; i++) kid->back[i] += back[i];
    }
}

/* Formulas before parameters and inputs; otherwise as they are written. */
static void sort_kids(const struct drawing *d, struct box *b) {
    int sorted[KIDS], n = 0;
    for (int gate = 1; gate >= 0; gate--) {
        for (int k = 0; k < b->n_kids; k++) {
            if ((d->box[b->kid[k]].node->gate != NULL) == (gate == 1))
                sorted[n++] = b->kid[k];
        }
    }
    memcpy(b->kid, sorted, (size_t)n * sizeof *sorted);
}

/* Boxes are made a level at a time, so none is deeper than there are boxes. */
static void make_boxes(struct drawing *d) {
    d->box[0] = (struct box){.node = d->c->root};
    d->n = 1;
    for (int i = 0; i < d->n && !d->full; i++) {
        struct box *b = &d->box[i];
        if (b->level >= d->levels) d->levels = b->level + 1;
        if (!b->node->gate) continue;
        b->again = d->seen[b->node->id];
        d->seen[b->node->id] = true;
        if (b->again) continue;
        collect(d, i, b->node, d->grads ? b->node->grad : NULL);
        sort_kids(d, b);
    }
}

static void place_rows(struct drawing *d, int at) {
    struct box *b = &d->box[at];
    for (int k = 0; k < b->n_kids; k++) place_rows(d, b->kid[k]);
    if (!b->n_kids) {
        b->row = d->rows++;
        return;
    }
    b->row = d->box[b->kid[b->n_kids / 2]].row;
}

static void add_value(struct buf *b, const struct node *n, const real *v, int digits,
                      size_t most) {
    if (n->size <= most) tensor_print(b, &n->shape, v, digits, SMALL);
    else shape_print(b, &n->shape);
}

/* brief 1: of parameters and inputs no values; 2: of formulas neither, but the last. */
static void write_box(struct box *b, int digits, int brief) {
    struct buf text = {0}, grad = {0};
    size_t most = brief ? 1 : SMALL;
    free(b->text), free(b->grad);
    explain_name(&text, b->node, digits);
    if (b->node->name && !b->again && !(b->back && brief > (b->node->gate != NULL))) {
        buf_add(&text, " = ");
        add_value(&text, b->node, b->node->value, digits, most);
    }
    if (b->back && b->node->size <= most) {
        buf_add(&grad, " (");
        add_value(&grad, b->node, b->back, digits, most);
        buf_add(&grad, ")");
    }
    b->text = buf_take(&text);
    b->grad = buf_take(&grad);
}

/* Sets every x; returns the width of it all. */
static int place_columns(struct drawing *d, int digits, int brief) {
    int x = 0;
    for (int level = d->levels - 1; level >= 0; level--) {
        int wide = 0;
        for (int i = 0; i < d->n; i++) {
            struct box *b = &d->box[i];
            if (b->level != level) continue;
            write_box(b, digits, brief);
            b->x = x;
            int w = utf8_width(b->text) + utf8_width(b->grad);
            wide = w > wide ? w : wide;
        }
        x += wide + (level ? 5 : 0); /* " ─┐─ " */
    }
    return x;
}

static void draw_box(const struct drawing *d, const struct paper *p,
                     const struct box *b, int joint) {
    enum out_colour c = b->again ? OUT_DIM : explain_colour(b->node, d->c->root);
    int x = paper_put(p, b->row, b->x, b->text, c);
    x = paper_put(p, b->row, x, b->grad, OUT_GRADIENT);
    if (joint) paper_wire(p, b->row, x + 1, joint);
    if (!b->n_kids) return;
    joint = b->x - 3;
    int first = d->box[b->kid[0]].row, last = d->box[b->kid[b->n_kids - 1]].row;
    for (int row = first; row <= last; row++) paper_put(p, row, joint, "│", OUT_DIM);
    for (int k = 0; k < b->n_kids; k++) {
        const struct box *kid = &d->box[b->kid[k]];
        paper_put(p, kid->row, joint,
                  first == last       ? "─"
                  : kid->row == first ? "┐"
                  : kid->row == last  ? "┘"
                                      : "┤",
                  OUT_DIM);
        draw_box(d, p, kid, joint);
    }
    paper_put(p, b->row, joint,
              first == last     ? "─"
              : b->row == first ? "┬"
              : b->row == last  ? "┴"
                                : "┼",
              OUT_DIM);
    paper_wire(p, b->row, joint + 1, joint + 2);
}

/* dE/dwhh = 0.1 + 0.03 = 0.13 for what stands in several formulas. */
static void say_sums(struct drawing *d) {
    for (int i = 0; i < d->n; i++) {
        const struct node *n = d->box[i].node;
        int uses = 0;
        bool first = true;
        struct buf sum = {0}, name = {0};
        for (int k = 0; k < d->n; k++) {
            if (d->box[k].node != n || !d->box[k].back) continue;
            first &= k >= i;
            if (uses++) buf_add(&sum, " + ");
            explain_factor(&sum, d->box[k].back[0], d->o->digits);
        }
        if (uses > 1 && first && n->size == 1) {
            explain_slope_name(&name, d->c->root, n);
            char *parts[] = {mem_copy(buf_text(&name)), mem_copy(buf_text(&sum)),
                             mem_copy(NUM(d->o, n->grad[0]))};
            explain_say_equal(d->o, 0, parts, 3, OUT_GRADIENT, OUT_GRADIENT);
            for (int k = 0; k < 3; k++) free(parts[k]);
        }
        buf_free(&sum);
        buf_free(&name);
    }
}

/* False: it is too wide. */
static bool draw(struct drawing *d) {
    int width = place_columns(d, d->o->digits, 0);
    for (int digits = 4; digits >= 3 && width > d->o->width; digits--) {
        width = place_columns(d, digits, 0);
    }
    for (int brief = 1; brief <= 2 && width > d->o->width; brief++) {
        width = place_columns(d, 3, brief);
    }
    if (width > d->o->width) return false;
    place_rows(d, 0);
    struct paper p = {.columns = width, .rows = d->rows};
    p.at = arena_alloc(d->arena, (size_t)width * (size_t)d->rows, sizeof *p.at);
    draw_box(d, &p, &d->box[0], 0);
    out_hold(d->o);
    out_begin_part(d->o, PAGE_DRAWING, "graph.page", d->c->root->name);
    for (int row = 0; row < p.rows; row++) paper_print(d->o, &p, row);
    out_end_part(d->o, PAGE_DRAWING);
    struct buf name = {0};
    explain_d(&name, d->c->root);
    if (d->grads) out_say(d->o, "graph.legend-formulas", "d", buf_text(&name), NULL);
    buf_free(&name);
    say_sums(d);
    out_release(d->o);
    return true;
}

struct error *explain_graph_formulas(struct out *o, struct compiled *c,
                                     struct board *b) {
    struct drawing *d = mem_alloc(1, sizeof *d);
    struct node **leaves;
    size_t n;
    d->o = o;
    d->c = c;
    d->arena = graph_arena(c->graph);
    struct error *e = explain_gradients(c, &leaves, &n);
    d->grads = !e && n; /* several numbers, say: then the values alone are drawn */
    error_free(e);
    d->seen = arena_alloc(d->arena, (size_t)c->root->id + 1, sizeof *d->seen);
    make_boxes(d);
    bool whole = !d->full && !o->plain && c->root->gate && draw(d);
    for (int i = 0; i < d->n; i++) free(d->box[i].text), free(d->box[i].grad);
    free(d);
    return whole ? NULL : explain_graph(o, c, b); /* a list, a summary */
}
