/* graph O as net: layers of neurons as circles and wires. In a circle its value, on a
 * wire its weight, under a circle its bias, and behind a loss its δ:
 *
 *     x                h: relu
 *     x[0]             h[0]
 *     (1)────── 1 ─────(0)
 *           ╲     ╱
 *           0.5  ╱ …
 *
 * A layer is a product of what comes in with weights, perhaps a bias and an activation;
 * they are looked for from the end backwards, so that what stands below the first one
 * are the inputs. Where the numbers find no room the circles stay empty, and of a wide
 * layer some are left out.
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

enum { LAYERS = 16, SLOTS = 5, WIRES = LAYERS * SLOTS * SLOTS, HEAD = 2, GAP = 24 };
enum { FREE = 0, TAKEN = -1 }; /* a square's owner; a wire's is its number from 1 on */

struct layer {
    const struct node *out, *w, *b; /* w NULL: the inputs; b NULL: no bias */
    const struct node *sum;         /* what is bent: its gradient is the layer's δ */
    bool left; /* W @ x, an example a column; X @ W has one a row */
    size_t units, in;
    struct buf how; /* "relu" */
    int slots, x, wide;
};

struct wire {
    int layer, from, to; /* slots: from one of the layer before */
};

struct net {
    struct out *o;
    struct compiled *c;
    const struct explain_asked *asked; /* what is asked, and not shown; NULL: nothing */
    struct paper p;
    int *owner; /* by square */
    bool *has;  /* by node id: is a layer's product at it or below? */
    struct layer layer[LAYERS];
    int n, most, step, gap; /* most: slots of the widest; step: rows between circles */
    size_t row;             /* the example whose values are shown */
    bool numbers, all;      /* all: no wire is left out */
    bool biases, slopes;    /* slopes: of a loss, under the circles */
    int digits;
    struct wire wire[WIRES];
};

/* ---- what the layers are ---- */

static bool is_weights(const struct net *d, const struct node *n) {
    return !d->has[n->id] && n->shape.n <= 2 && !explain_is_number(n);
}

/* Which operand of a layer's product are the weights; -1: it is none. */
static int weights_of(const struct net *d, const struct node *n) {
    bool numbers = gate_is(n, ROLE_PRODUCT) && n->in[0]->size * n->in[1]->size == 1;
    if (!gate_is(n, ROLE_MATMUL) && !numbers) return -1;
    bool can[] = {is_weights(d, n->in[0]), is_weights(d, n->in[1])};
    if (can[0] != can[1]) return can[1];
    if (!can[0] || (numbers && !n->in[0]->param && !n->in[1]->param)) return -1;
    if (n->in[0]->param != n->in[1]->param) return n->in[1]->param;
    return n->in[0]->shape.n <= n->in[1]->shape.n;
}

static void mark_products(struct net *d) {
    for (int i = 0; i <= d->c->root->id; i++) {
        const struct node *n = graph_node(d->c->graph, i);
        for (int k = 0; n->gate && k < n->n_in; k++) d->has[i] |= d->has[n->in[k]->id];
        if (n->gate && weights_of(d, n) >= 0) d->has[i] = true;
    }
}

/* Past an activation, a dropout, a threshold, a second name: the operand they bend;
 * NULL: n is none of these. */
static const struct node *bent(struct layer *l, const struct node *n, int digits) {
    if (!n->gate) return NULL;
    const unsigned one = GATE_ACTIVATION | GATE_CURVE | GATE_SHARE;
    if (gate_is(n, ROLE_SAME)) return n->in[0];
    bool compares = n->gate->infix && n->gate->precedence == HOLDS_COMPARE;
    int k = 0;
    if (!(n->gate->flags & one) && !gate_is(n, ROLE_SHARES)) {
        if (n->n_in != 2 || !(n->gate->flags & GATE_ELEMENTWISE)) return NULL;
        if (n->gate->infix && !compares) return NULL;
        k = n->in[0]->size == 1 && n->in[0]->shape.n == 0 && n->in[1]->shape.n > 0;
        if (n->in[!k]->size != 1) return NULL; /* max(0, x), s > T */
    }
    struct buf how = {0};
    if (compares && k == 0) {
        buf_add(&how, n->gate->infix + 1);
        explain_name(&how, n->in[1], digits);
    } else {
        buf_add(&how, n->gate->name);
    }
    if (l->how.len) buf_printf(&how, ", %s", buf_text(&l->how));
    buf_free(&l->how);
    l->how = how;
    return n->in[k];
}

static const struct node *straight(struct layer *l, const struct node *n, int digits) {
    for (const struct node *in; (in = bent(l, n, digits));) n = in;
    return n;
}

/* Reads the layer whose answers are `out`; what comes in, or NULL: it is none. */
static const struct node *read_layer(const struct net *d, struct layer *l,
                                     const struct node *out) {
    *l = (struct layer){.out = out};
    const struct node *n = l->sum = straight(l, out, d->digits);
    if (gate_is(n, ROLE_SUM) && n->n_in == 2) {
        int k = d->has[n->in[0]->id];
        if (!d->has[n->in[k]->id]) l->b = n->in[k], n = n->in[!k];
        while (gate_is(n, ROLE_SAME)) n = n->in[0];
    }
    int k = weights_of(d, n);
    if (k < 0) return NULL;
    const struct node *w = l->w = n->in[k], *in = n->in[!k];
    l->left = k == 0;
    bool table = w->shape.n == 2;
    l->in = w->shape.n == 0 ? 1 : w->shape.dim[l->left && table];
    l->units = table ? w->shape.dim[!l->left] : 1;
    if (l->b && l->b->size != 1 && l->b->size != l->units) return NULL;
    return in->shape.n <= 2 ? in : NULL;
}

/* To where the layers begin: behind a loss, and the row that is asked for. */
static const struct node *find_end(struct net *d) {
    const struct node *n = d->c->root;
    struct layer l;
    for (;;) {
        bool found = read_layer(d, &l, n) != NULL;
        buf_free(&l.how);
        if (found) return n;
        int next = -1;
        for (int k = n->gate ? n->n_in - 1 : -1; k >= 0; k--) {
            if (d->has[n->in[k]->id]) next = k;
        }
        if (next < 0) return NULL;
        if (gate_is(n, ROLE_PART)) d->row = n->attr.index[0].from;
        n = n->in[next];
    }
}

/* Of so many examples the values of one are shown. */
static size_t examples(const struct layer *l) {
    const struct node *n = l->out;
    if (n->shape.n == 1 && n->size != l->units) return n->size;
    return n->shape.n == 2 ? n->shape.dim[l->left] : 1;
}

/* From the end to the inputs, then the other way round. False: there are too many. */
static bool find_layers(struct net *d, const struct node *n) {
    const struct node *in;
    struct layer l;
    while ((in = read_layer(d, &l, n))) {
        const struct layer *above = d->n ? &d->layer[d->n - 1] : NULL;
        bool fits = !above ||
                    (l.units == above->in && (n->shape.n < 2 || l.left == above->left));
        if (!fits) break;
        d->layer[d->n++] = l;
        n = in;
        if (d->n == LAYERS - 1) break;
    }
    const struct layer *first = &d->layer[d->n - 1];
    bool deep = d->n == LAYERS - 1;
    if (!in || !deep) buf_free(&l.how);
    d->layer[d->n++] =
        (struct layer){.out = n, .left = first->left, .units = first->in};
    for (int i = 0, k = d->n - 1; i < k; i++, k--) {
        l = d->layer[i];
        d->layer[i] = d->layer[k];
        d->layer[k] = l;
    }
    const struct layer *last = &d->layer[d->n - 1];
    if (last->left || d->row >= examples(last)) d->row = 0; /* f[1] may be a neuron */
    return !deep;
}

/* Behind a loss: what comes back to each neuron. */
static void find_slopes(struct net *d, const struct node *end) {
    struct node **leaves;
    size_t n = 0;
    for (int i = 0; i < d->n; i++) d->biases |= d->layer[i].b != NULL;
    const struct node *root = d->c->root;
    if (d->asked && !d->asked->gradients) return;
    if (end == root || root->size != 1 || gate_is(root, ROLE_PART)) return;
    struct error *e = explain_gradients(d->c, &leaves, &n);
    d->slopes = !e && n;
    error_free(e);
}

/* ---- what is written ---- */

static size_t unit_at(const struct layer *l, int slot) {
    bool cut = l->units > SLOTS && slot == SLOTS - 1;
    return cut ? l->units - 1 : (size_t)slot;
}

static bool is_dots(const struct layer *l, int slot) {
    return l->units > SLOTS && slot == SLOTS - 2;
}

/* Which number of a layer's node is the unit's, for the example shown. */
static size_t place_of(const struct net *d, const struct layer *l, const struct node *n,
                       size_t unit) {
    if (n->shape.n < 2) return n->size == l->units ? unit : d->row;
    size_t columns = n->shape.dim[1];
    return l->left ? unit * columns + d->row : d->row * columns + unit;
}

static double weight_at(const struct layer *l, size_t from, size_t to) {
    size_t at = l->left ? to * l->in + from : from * l->units + to;
    return l->w->value[at];
}

static void unit_name(struct buf *b, const struct net *d, const struct layer *l,
                      size_t unit) {
    const struct node *n = l->out;
    if (!n->name) return;
    buf_add(b, n->name);
    if (n->shape.n == 2) {
        size_t at[] = {l->left ? unit : d->row, l->left ? d->row : unit};
        buf_printf(b, "[%zu,%zu]", at[0], at[1]);
    } else if (n->shape.n == 1) {
        buf_printf(b, "[%zu]", n->size == l->units ? unit : d->row);
    }
}

static void circle(struct buf *b, const struct net *d, const struct layer *l,
                   size_t unit) {
    char number[NUM_SIZE] = " ";
    if (d->numbers && d->asked && d->asked->value[l->out->id]) {
        strcpy(number, "?");
    } else if (d->numbers) {
        size_t at = place_of(d, l, l->out, unit);
        num_format(number, l->out->value[at], d->digits);
    }
    buf_printf(b, "(%s)", number);
}

static void bias(struct buf *b, const struct net *d, const struct layer *l,
                 size_t unit) {
    char number[NUM_SIZE];
    if (!l->b || !d->numbers) return;
    num_format(number, l->b->value[l->b->size == 1 ? 0 : unit], d->digits);
    buf_printf(b, "b %s", number);
}

/* δ: how the loss changes with what the neuron adds up. */
static void slope(struct buf *b, const struct net *d, const struct layer *l,
                  size_t unit) {
    char number[NUM_SIZE];
    if (!d->slopes || !l->w || !l->sum->grad || !d->numbers) return;
    if (d->asked && d->asked->gradient[l->sum->id]) strcpy(number, "?");
    else num_format(number, l->sum->grad[place_of(d, l, l->sum, unit)], d->digits);
    buf_printf(b, "δ %s", number);
}

typedef void text_of(struct buf *, const struct net *, const struct layer *, size_t);

static int width_of(const struct net *d, const struct layer *l, text_of *what) {
    int wide = 0;
    for (int s = 0; s < l->slots; s++) {
        struct buf b = {0};
        what(&b, d, l, unit_at(l, s));
        int w = utf8_width(buf_text(&b));
        wide = w > wide ? w : wide;
        buf_free(&b);
    }
    return wide;
}

/* ---- where it stands ---- */

static int row_of(const struct net *d, const struct layer *l, int slot) {
    return HEAD + (d->most - l->slots) * d->step / 2 + slot * d->step;
}

static int larger(int a, int b) { return a > b ? a : b; }

/* All wires between two layers, or the nearest alone: more would be a thicket. */
static bool draws_all(const struct net *d, const struct layer *a,
                      const struct layer *b) {
    return d->numbers || a->slots * b->slots <= 6;
}

/* Sets every x and the gap. False: it doesn't fit into the screen. */
static bool lay_out(struct net *d, bool numbers, int digits) {
    int x = 0, wires = d->n - 1;
    d->numbers = numbers;
    d->digits = digits;
    d->most = 0;
    for (int i = 0; i < d->n; i++) {
        struct layer *l = &d->layer[i];
        l->slots = l->units > SLOTS ? SLOTS : (int)l->units;
        d->most = larger(d->most, l->slots);
        l->wide = width_of(d, l, circle);
        if (numbers) l->wide = larger(l->wide, width_of(d, l, unit_name));
        if (numbers) l->wide = larger(l->wide, width_of(d, l, bias));
        if (numbers) l->wide = larger(l->wide, width_of(d, l, slope));
        x += l->wide;
    }
    d->step = !numbers ? 4 : d->most <= 2 ? 8 : 6;
    d->gap = (d->o->width - x) / wires;
    int steepest = 0;
    for (int i = 1; i < d->n; i++) {
        struct layer *a = &d->layer[i - 1], *b = &d->layer[i];
        int steep = abs(row_of(d, a, 0) - row_of(d, b, b->slots - 1));
        if (steep > d->step && !draws_all(d, a, b)) steep = d->step;
        steepest = larger(steepest, steep);
    }
    int wanted = numbers ? GAP : larger(GAP / 2, steepest + 2);
    if (d->gap > wanted) d->gap = wanted;
    x = 0;
    for (int i = 0; i < d->n; i++) {
        d->layer[i].x = x;
        x += d->layer[i].wide + d->gap;
    }
    d->p.columns = d->o->width;
    d->p.rows = HEAD + (d->most - 1) * d->step + 2 + (d->biases && d->slopes);
    return d->gap > steepest + 1 && (!numbers || d->most <= 3);
}

/* ---- drawing ---- */

static void take(struct net *d, int row, int from, int to) {
    for (int x = larger(from, 0); x < to && x < d->p.columns; x++)
        d->owner[row * d->p.columns + x] = TAKEN;
}

static void put(struct net *d, int row, int x, struct buf *b, enum out_colour c) {
    take(d, row, x, paper_put(&d->p, row, x, buf_text(b), c));
    buf_free(b);
}

static void draw_circles(struct net *d, struct layer *l) {
    const struct node *root = d->c->root;
    for (int s = 0; s < l->slots; s++) {
        int row = row_of(d, l, s);
        size_t unit = unit_at(l, s);
        struct buf value = {0}, name = {0}, under = {0};
        if (is_dots(l, s)) buf_add(&value, " …");
        else circle(&value, d, l, unit);
        put(d, row, l->x, &value, explain_colour(l->out, root));
        if (!d->numbers) continue;
        unit_name(&name, d, l, unit);
        bias(&under, d, l, unit);
        put(d, row - 1, l->x, &name, OUT_DIM);
        put(d, row + 1, l->x, &under, OUT_PARAM);
        slope(&under, d, l, unit);
        put(d, row + 1 + d->biases, l->x, &under, OUT_GRADIENT);
    }
}

/* What the layer is called, what it does, how many there are. */
static void draw_head(struct net *d, struct layer *l) {
    struct buf head = {0}, count = {0};
    if (l->out->name || !l->how.len) explain_name(&head, l->out, d->digits);
    if (l->how.len) buf_printf(&head, "%s%s", head.len ? ": " : "", buf_text(&l->how));
    if (utf8_width(buf_text(&head)) >= l->wide + d->gap) {
        buf_free(&head);
        if (l->out->name) buf_add(&head, l->out->name);
    }
    put(d, 0, l->x, &head, OUT_STRONG);
    if (d->numbers) return;
    buf_printf(&count, "%zu", l->units);
    put(d, 1, l->x, &count, OUT_DIM);
}

/* The squares of a wire: level, sideways a row at a time, level again. Square k of it,
 * from its left end; false behind the last. */
struct step {
    int row, x;
    const char *sign;
};

static bool wire_place(const struct net *d, const struct wire *w, int k,
                       struct step *at) {
    const struct layer *a = &d->layer[w->layer - 1], *b = &d->layer[w->layer];
    int from = row_of(d, a, w->from), to = row_of(d, b, w->to);
    int down = to > from ? 1 : -1, rows = abs(to - from) - (to != from);
    int first = a->x + a->wide, bend = first + (b->x - first - rows) / 2;
    struct buf value = {0};
    circle(&value, d, a, unit_at(a, w->from));
    int start = a->x + utf8_width(buf_text(&value));
    buf_free(&value);
    *at = (struct step){from, start + k, "─"};
    if (at->x >= bend + rows) at->row = to;
    else if (at->x >= bend && to != from) {
        at->row = from + down * (at->x - bend + 1);
        at->sign = down > 0 ? "╲" : "╱";
    }
    return at->x < b->x;
}

static bool is_drawn(const struct net *d, const struct wire *w) {
    const struct layer *a = &d->layer[w->layer - 1], *b = &d->layer[w->layer];
    if (is_dots(a, w->from) || is_dots(b, w->to)) return false;
    return draws_all(d, a, b) ||
           abs(row_of(d, a, w->from) - row_of(d, b, w->to)) <= d->step;
}

static void draw_wire(struct net *d, const struct wire *w, int number) {
    struct step at;
    for (int k = 0; wire_place(d, w, k, &at); k++) {
        int *owner = &d->owner[at.row * d->p.columns + at.x];
        const char *there = paper_text(&d->p, at.row, at.x);
        bool crosses = *there && strcmp(there, at.sign) != 0;
        bool level = strcmp(at.sign, "─") == 0 || strcmp(there, "─") == 0;
        if (*owner == FREE || !crosses)
            paper_put(&d->p, at.row, at.x, at.sign, OUT_DIM);
        else if (!level) paper_put(&d->p, at.row, at.x, "╳", OUT_DIM);
        *owner = *owner == FREE ? number : TAKEN;
    }
}

static bool has_room(const struct net *d, int row, int from, int to, int number) {
    if (from < 0 || to > d->p.columns) return false;
    for (int x = from; x < to; x++) {
        int owner = d->owner[row * d->p.columns + x];
        if (owner != FREE && owner != number) return false;
    }
    return true;
}

static bool is_level(const struct step *at) { return strcmp(at->sign, "─") == 0; }

/* Writes the weight where the wire is alone, as near as may be to a good place: the
 * middle of a level one, else where its slope begins. False: there is no room. */
static bool write_weight(struct net *d, const struct wire *w, int number) {
    const struct layer *l = &d->layer[w->layer];
    char text[NUM_SIZE];
    num_format(text, weight_at(l, unit_at(l - 1, w->from), unit_at(l, w->to)),
               d->digits);
    int wide = utf8_width(text), count = 0, slope = 0, best = -1;
    struct step at;
    for (; wire_place(d, w, count, &at); count++) {
        if (!is_level(&at) && !slope) slope = count;
    }
    int wanted = slope ? slope + 1 : count / 2;
    for (int k = 0; k < count; k++) {
        wire_place(d, w, k, &at);
        int aside = is_level(&at) ? 0 : 1, x = at.x - wide / 2;
        if (has_room(d, at.row, x - aside, x + wide + aside, number) &&
            (best < 0 || abs(k - wanted) < abs(best - wanted)))
            best = k;
    }
    if (best < 0) return false;
    wire_place(d, w, best, &at);
    int x = at.x - wide / 2;
    if (is_level(&at)) {
        paper_put(&d->p, at.row, x - 1, " ", OUT_PLAIN);
        paper_put(&d->p, at.row, x + wide, " ", OUT_PLAIN);
    }
    paper_put(&d->p, at.row, x, text, OUT_PARAM);
    take(d, at.row, x - 1, x + wide + 1);
    return true;
}

/* False: a weight finds no room. */
static bool draw_all(struct net *d) {
    int n = 0;
    size_t squares = (size_t)d->p.columns * (size_t)d->p.rows;
    d->p.at = arena_alloc(graph_arena(d->c->graph), squares, sizeof *d->p.at);
    d->owner = arena_alloc(graph_arena(d->c->graph), squares, sizeof *d->owner);
    d->all = true;
    for (int i = 0; i < d->n; i++) {
        draw_head(d, &d->layer[i]);
        draw_circles(d, &d->layer[i]);
    }
    for (int i = 1; i < d->n; i++) {
        for (int k = 0; k < d->layer[i - 1].slots * d->layer[i].slots; k++) {
            struct wire *w = &d->wire[n];
            *w = (struct wire){i, k / d->layer[i].slots, k % d->layer[i].slots};
            if (is_drawn(d, w)) draw_wire(d, w, ++n);
            else d->all = false;
        }
    }
    for (int i = 0; d->numbers && i < n; i++) {
        if (!write_weight(d, &d->wire[i], i + 1)) return false;
    }
    return true;
}

/* With as many digits as find room, else without numbers. */
static bool draw(struct net *d) {
    int most = d->o->digits < 4 ? d->o->digits : 4;
    for (int digits = most; digits >= 2; digits--) {
        if (lay_out(d, true, digits) && draw_all(d)) return true;
    }
    return lay_out(d, false, most) && draw_all(d);
}

/* ---- below it ---- */

static void say_below(struct net *d) {
    struct out *o = d->o;
    struct buf sizes = {0};
    size_t numbers = 0, rows = examples(&d->layer[d->n - 1]);
    const struct layer *last = &d->layer[d->n - 1];
    for (int i = 0; i < d->n; i++) {
        const struct layer *l = &d->layer[i];
        buf_printf(&sizes, "%s%zu", i ? "-" : "", l->units);
        if (l->w) numbers += l->w->size;
        if (l->b) numbers += l->b->size;
    }
    out_say(o,
            !d->numbers ? "net.sizes"
            : d->biases ? "net.legend-bias"
                        : "net.legend",
            "sizes", buf_text(&sizes), "numbers", NUM(o, (double)numbers), NULL);
    if (!d->all) out_say(o, "net.some-wires", NULL);
    if (d->numbers && d->slopes)
        out_say(o, "net.slopes", "name", d->c->root->name, NULL);
    if (d->numbers && rows > 1) {
        size_t other = d->row + 1 < rows ? d->row + 1 : 0;
        const char *name = last->out->name;
        const char *key = last->left ? "net.column"
                          : name     ? "net.row"
                                     : "net.row-alone";
        out_say(o, key, "name", name ? name : "", "row", NUM(o, (double)d->row), "rows",
                NUM(o, (double)rows), "other", NUM(o, (double)other), NULL);
    }
    buf_free(&sizes);
}

/* Without the empty ones at its end. */
static int written_rows(const struct paper *p) {
    for (int row = p->rows - 1; row >= 0; row--) {
        for (int x = 0; x < p->columns; x++) {
            if (*paper_text(p, row, x)) return row + 1;
        }
    }
    return 0;
}

struct error *explain_net_asking(struct out *o, struct compiled *c,
                                 struct explain_asked *asked) {
    struct net *d = mem_alloc(1, sizeof *d);
    struct error *e = NULL;
    d->o = o;
    d->c = c;
    d->asked = asked;
    d->digits = o->digits;
    d->has =
        arena_alloc(graph_arena(c->graph), (size_t)c->root->id + 1, sizeof *d->has);
    mark_products(d);
    const struct node *end = find_end(d);
    if (!end) e = error_new("net-none", "name", c->root->name, NULL);
    bool fits = end && find_layers(d, end);
    if (fits) find_slopes(d, end);
    if (end && (!fits || !draw(d)))
        e = error_new("net-wide", "name", c->root->name, NULL);
    bool drawn = !e && !o->plain;
    if (drawn) {
        out_hold(o);
        out_begin_part(o, PAGE_DRAWING, "net.page",
                       end->name ? end->name : c->root->name);
        int rows = written_rows(&d->p);
        for (int row = 0; row < rows; row++) paper_print(o, &d->p, row);
        out_end_part(o, PAGE_DRAWING);
        say_below(d);
        out_release(o);
    }
    for (int i = 0; i < d->n; i++) buf_free(&d->layer[i].how);
    free(d);
    return e || drawn ? e : explain_graph_asking(o, c, asked); /* a list */
}

struct error *explain_graph_net(struct out *o, struct compiled *c, struct board *b) {
    (void)b;
    return explain_net_asking(o, c, NULL);
}
