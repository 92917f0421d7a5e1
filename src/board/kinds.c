#include "board/kinds.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "engine/gates.h"

void kinds_cut(struct kinds *k, const struct node *leaf) {
    k->cuts = mem_grow(k->cuts, k->n_cuts + 1, sizeof *k->cuts);
    k->cuts[k->n_cuts++] = leaf;
}

void kinds_free(struct kinds *k) {
    free(k->cuts);
    free(k->of);
    free(k->average);
    *k = (struct kinds){.rows = k->rows, .found = k->found, .rest = k->rest};
}

static enum kind kind_of_leaf(const struct kinds *s, const struct node *n) {
    for (size_t i = 0; i < s->n_cuts; i++) {
        if (s->cuts[i] == n) return KIND_ROWS;
    }
    return KIND_FIXED;
}

/* Element by element, or a mean over elements: rows beside rows, all else the same for
 * each of them. */
static bool lies_beside(const struct kinds *s, const struct node *n,
                        const struct shape *over) {
    if (!over->n || over->dim[0] != s->rows) return false;
    for (int k = 0; k < n->n_in; k++) {
        const struct shape *in = &n->in[k]->shape;
        bool rows = s->of[n->in[k]->id] == KIND_ROWS;
        if (rows ? in->n != over->n : in->n == over->n && in->dim[0] != 1) return false;
    }
    return true;
}

/* Of all rows; along another axis than theirs each row has its own. */
static enum kind kind_of_fold(const struct node *n) {
    if (n->gate->fold && n->attr.has_axis && n->attr.axis > 0) return KIND_ROWS;
    switch (n->gate->fold) {
        case FOLD_SUM: return KIND_SUM;
        case FOLD_MEAN: return KIND_MEAN;
        case FOLD_MOST: return KIND_MOST;
        case FOLD_LEAST: return KIND_LEAST;
        default: return KIND_WHOLE;
    }
}

/* Rows come in, with nothing else that stands on rows but rows. */
static enum kind kind_of_rows(const struct kinds *s, const struct node *n) {
    bool first = s->of[n->in[0]->id] == KIND_ROWS, others = false, all = first;
    int dims = n->in[0]->shape.n;
    for (int k = 1; k < n->n_in; k++) {
        bool rows = s->of[n->in[k]->id] == KIND_ROWS;
        others |= rows;
        all &= rows;
    }
    if (n->gate->flags & GATE_ELEMENTWISE)
        return lies_beside(s, n, &n->shape) ? KIND_ROWS : KIND_WHOLE;
    if (n->gate->flags & GATE_MEAN)
        return lies_beside(s, n, &n->over) ? KIND_MEAN : KIND_WHOLE;
    bool alone = first && !others, rest = s->rest || n->attr.settled;
    switch (n->gate->rows) {
        case ROWS_PAIRED: return first && others && dims == 2 ? KIND_MEAN : KIND_WHOLE;
        case ROWS_BESIDE:
            return all && n->shape.dim[0] == s->rows ? KIND_ROWS : KIND_WHOLE;
        case ROWS_EACH: return alone ? KIND_ROWS : KIND_WHOLE;
        case ROWS_OPEN: {
            bool open = n->attr.shape.dim[0] == SIZE_MAX;
            return alone && open && n->shape.dim[0] == s->rows ? KIND_ROWS : KIND_WHOLE;
        }
        case ROWS_SETTLED: return alone && rest ? KIND_ROWS : KIND_WHOLE;
        case ROWS_LAST:
            return alone && dims >= 2 && (!n->attr.has_axis || n->attr.axis)
                       ? KIND_ROWS
                       : KIND_WHOLE;
        default: return alone ? kind_of_fold(n) : KIND_WHOLE;
    }
}

static enum kind kind_of_part(const struct kinds *s, const struct node *n) {
    if (!n->attr.n_index) return KIND_ROWS;
    if (n->attr.index[0].all) return KIND_ROWS;
    return s->found ? KIND_FIXED : KIND_WHOLE;
}

static enum kind kind_of_gate(struct kinds *s, const struct node *n) {
    bool rows = false, parts = false;
    for (int k = 0; k < n->n_in; k++) {
        enum kind in = s->of[n->in[k]->id];
        if (in == KIND_WHOLE) return KIND_WHOLE;
        rows |= in == KIND_ROWS;
        parts |= in != KIND_ROWS && in != KIND_FIXED;
    }
    if (n->attr.of) { /* the gradient of a mean is the mean of the gradients */
        enum kind of = s->of[n->attr.of->id];
        if (s->of[n->attr.wrt->id] != KIND_FIXED) return KIND_WHOLE;
        return of == KIND_FIXED || of == KIND_MEAN || of == KIND_SUM ? of : KIND_WHOLE;
    }
    if (!rows) return parts ? KIND_AFTER : KIND_FIXED;
    if (parts) return KIND_WHOLE;
    if (gate_is(n, ROLE_PART)) return kind_of_part(s, n);
    return kind_of_rows(s, n);
}

/* Sums and shares, whose other operands are fixed. */
static bool is_linear(const struct kinds *s, const struct node *n) {
    int fixed = 0;
    for (int k = 0; k < n->n_in; k++) fixed += s->of[n->in[k]->id] == KIND_FIXED;
    switch (n->gate->role) {
        case ROLE_SAME:
        case ROLE_SUM:
        case ROLE_DIFFERENCE:
        case ROLE_NEGATIVE: return true;
        case ROLE_PRODUCT: return fixed == n->n_in - 1;
        case ROLE_QUOTIENT: return s->of[n->in[1]->id] == KIND_FIXED;
        default: return false;
    }
}

static bool is_average(const struct kinds *s, const struct node *n) {
    enum kind kind = s->of[n->id];
    bool fine = kind == KIND_FIXED || kind == KIND_MEAN ||
                (kind == KIND_AFTER && is_linear(s, n));
    for (int k = 0; kind == KIND_AFTER && fine && k < n->n_in; k++)
        fine = s->average[n->in[k]->id];
    return fine;
}

enum kind kinds_of(struct kinds *s, const struct graph *g, const struct node *n) {
    if (n->id >= s->cap) {
        s->cap = 2 * n->id + 16;
        s->of = mem_grow(s->of, (size_t)s->cap, sizeof *s->of);
        s->average = mem_grow(s->average, (size_t)s->cap, sizeof *s->average);
    }
    for (; s->n <= n->id; s->n++) {
        const struct node *next = graph_node(g, s->n);
        s->of[s->n] = next->gate ? kind_of_gate(s, next) : kind_of_leaf(s, next);
        s->average[s->n] = is_average(s, next);
    }
    return s->of[n->id];
}

bool kinds_average(struct kinds *s, const struct graph *g, const struct node *n) {
    kinds_of(s, g, n);
    return s->average[n->id];
}
