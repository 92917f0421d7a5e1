#include "board/chunks.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "board/builder.h"
#include "board/functions.h"
#include "board/kinds.h"
#include "engine/gates.h"

static const double at_once = 1 << 19; /* numbers of a chunk's graph, about */

struct cut { /* a leaf that shows the rows in hand */
    struct node *leaf;
    const struct def *def;
};

struct chunk {
    size_t rows;    /* of the set; 0: not known yet */
    size_t from, n; /* in hand */
    bool scout;     /* looking for the large set and for rows taken out */
    bool picks;     /* some are */
    size_t low, high;
    struct cut *cuts;
    size_t n_cuts;
    struct kinds kinds;
};

static void chunk_free(struct chunk *s) {
    free(s->cuts);
    kinds_free(&s->kinds);
    s->cuts = NULL;
    s->n_cuts = 0;
}

/* ---- while a graph is built ---- */

struct node *chunk_leaf(struct builder *b, const char *name, const struct def *d) {
    struct chunk *s = b->chunk;
    if (!s || d->kind != DEF_VALUE || !d->shape.n) return NULL;
    struct shape shape = d->shape;
    if (s->scout && !s->rows && shape_size(&shape) >= LARGE_VALUE) {
        s->rows = s->n = s->high = shape.dim[0];
    }
    if (shape.dim[0] != s->rows || s->rows < 2) return NULL;
    shape.dim[0] = s->n;
    struct node *leaf = graph_leaf_shape(b->graph, &shape, name, false);
    s->cuts = mem_grow(s->cuts, s->n_cuts + 1, sizeof *s->cuts);
    s->cuts[s->n_cuts++] = (struct cut){leaf, d};
    s->kinds.rows = s->n;
    s->kinds.found = true;
    kinds_cut(&s->kinds, leaf);
    return leaf;
}

size_t chunk_rows(struct builder *b, const struct node *base) {
    bool rows = b->chunk && base->shape.n &&
                kinds_of(&b->chunk->kinds, b->graph, base) == KIND_ROWS;
    return rows ? b->chunk->rows : base->shape.dim[0];
}

void chunk_index(struct builder *b, const struct node *base, size_t *from, size_t *to) {
    struct chunk *s = b->chunk;
    if (!s || kinds_of(&s->kinds, b->graph, base) != KIND_ROWS) return;
    if (s->scout) {
        s->low = s->picks && s->low < *from ? s->low : *from;
        s->high = s->picks && s->high > *to ? s->high : *to;
        s->picks = true;
        return;
    }
    *from -= s->from;
    *to -= s->from;
}

static struct error *build(struct builder *b, const struct expr *e,
                           struct node **root) {
    struct scope scope = {0};
    struct error *err = build_expr(b, e, e->n - 1, &scope, NULL, root);
    scope_free(&scope);
    if (!err) err = graph_refused(b->graph);
    if (!err) kinds_of(&b->chunk->kinds, b->graph, *root);
    return err;
}

/* ---- looking before: is there a large set, and how may it be cut? ---- */

struct plan {
    struct chunk chunk; /* rows, and those from low to high that are needed */
    enum kind root;
    struct shape shape; /* of the root, over all rows */
    double of_row;      /* numbers that one row takes */
};

static bool cut_possible(const struct chunk *s, const struct graph *g,
                         const struct node *root) {
    enum kind kind = s->kinds.of[root->id];
    if (kind == KIND_WHOLE || (kind == KIND_FIXED && !s->picks)) return false;
    for (int i = 0; i < graph_count(g); i++) {
        bool part = s->kinds.of[i] != KIND_FIXED && s->kinds.of[i] != KIND_ROWS;
        if (i <= root->id && s->picks && (part || kind != KIND_FIXED)) return false;
        if (s->kinds.of[i] == KIND_WHOLE) return false;
    }
    return true;
}

static bool look(struct board *board, const struct expr *e, struct plan *p) {
    bool possible = false;
    *p = (struct plan){0};
    /* the set is known after the first look */
    for (int again = 0; again < 2; again++) {
        size_t rows = p->chunk.rows;
        p->chunk = (struct chunk){.scout = true, .rows = rows, .n = rows};
        struct builder b = {.board = board,
                            .graph = graph_new_shapes(),
                            .shapes = true,
                            .chunk = &p->chunk};
        struct node *root;
        struct error *err = build(&b, e, &root);
        possible = !err && p->chunk.rows && cut_possible(&p->chunk, b.graph, root);
        for (int i = 0; possible && again && i < graph_count(b.graph); i++) {
            if (p->chunk.kinds.of[i] == KIND_ROWS)
                p->of_row += (double)graph_node(b.graph, i)->size;
        }
        if (possible) {
            p->root = p->chunk.kinds.of[root->id];
            p->shape = root->shape;
        }
        error_free(err); /* it is told when the whole is built */
        graph_free(b.graph);
        chunk_free(&p->chunk);
    }
    p->of_row /= (double)(p->chunk.rows ? p->chunk.rows : 1);
    return possible;
}

/* ---- chunk after chunk ---- */

struct sum { /* of one node, over the chunks so far */
    struct node *node;
    real *value;
};

struct sums {
    struct sum *at;
    size_t n;
};

static void put_together(struct sums *sums, const struct chunk *s, struct graph *g,
                         double share, bool first) {
    size_t k = 0;
    for (int i = 0; i < graph_count(g); i++) {
        enum kind kind = s->kinds.of[i];
        if (kind < KIND_MEAN || kind > KIND_LEAST) continue;
        struct node *n = graph_node(g, i);
        if (first) {
            sums->at = mem_grow(sums->at, k + 1, sizeof *sums->at);
            sums->at[k].value = mem_alloc(n->size, sizeof(real));
            sums->n = k + 1;
        }
        struct sum *sum = &sums->at[k++];
        sum->node = n;
        for (size_t j = 0; j < n->size; j++) {
            real was = sum->value[j], v = n->value[j];
            sum->value[j] = kind == KIND_MEAN     ? was + share * v
                            : kind == KIND_SUM    ? was + v
                            : first || isnan(was) ? v
                            : kind == KIND_MOST   ? (v > was ? v : was)
                                                  : (v < was ? v : was);
        }
    }
}

/* The graph of the rows in hand, its numbers put in. */
static struct error *open_chunk(struct board *board, const struct expr *e,
                                struct chunk *s, struct builder *b,
                                struct node **root) {
    *b = (struct builder){.board = board, .graph = graph_new(), .chunk = s};
    return build(b, e, root);
}

static struct error *forward(const struct chunk *s, struct graph *g) {
    for (size_t i = 0; i < s->n_cuts; i++) {
        def_read(s->cuts[i].def, s->from, s->n, s->cuts[i].leaf->value);
    }
    return graph_forward(g) ? NULL : interrupt_stopped();
}

/* After the last chunk: what is made of the sums. */
static struct error *finish(const struct chunk *s, struct graph *g,
                            const struct sums *sums) {
    for (size_t k = 0; k < sums->n; k++) {
        struct node *n = sums->at[k].node;
        memcpy(n->value, sums->at[k].value, n->size * sizeof(real));
    }
    for (int i = 0; i < graph_count(g); i++) {
        struct node *n = graph_node(g, i);
        if (s->kinds.of[i] == KIND_AFTER && !graph_forward_some(g, &n, 1))
            return interrupt_stopped();
    }
    return NULL;
}

static struct error *run(struct board *board, const struct expr *e,
                         const struct plan *p, struct tensor *out) {
    size_t low = p->chunk.picks ? p->chunk.low : 0;
    size_t end = p->chunk.picks ? p->chunk.high + 1 : p->chunk.rows;
    size_t most = (size_t)(at_once / p->of_row) + 1;
    struct chunk s = {.rows = p->chunk.rows, .from = low};
    struct builder b = {0};
    struct node *root = NULL;
    struct sums sums = {0};
    struct error *err = NULL;
    if (most > end - low || p->chunk.picks) most = end - low;
    for (size_t at = low; at < end && !err; at += s.n) {
        size_t n = end - at < most ? end - at : most;
        s.from = at;
        if (n != s.n) { /* the first, and the last where it is shorter */
            graph_free(b.graph);
            chunk_free(&s);
            s.n = n;
            err = open_chunk(board, e, &s, &b, &root);
        }
        if (!err) err = forward(&s, b.graph);
        if (err) break;
        put_together(&sums, &s, b.graph, (double)n / (double)(end - low), at == low);
        if (p->root == KIND_ROWS) {
            size_t row = root->size / n;
            memcpy(out->data + at * row, root->value, root->size * sizeof(real));
        }
    }
    if (!err && p->root != KIND_ROWS) {
        err = finish(&s, b.graph, &sums);
        memcpy(out->data, root->value, root->size * sizeof(real));
    }
    for (size_t k = 0; k < sums.n; k++) free(sums.at[k].value);
    free(sums.at);
    graph_free(b.graph);
    chunk_free(&s);
    return err;
}

struct error *chunks_value(struct board *board, const struct expr *e,
                           struct tensor **out) {
    struct plan p;
    *out = NULL;
    if (!board_has(board, HAS_LARGE) || call_draws(e) || !look(board, e, &p))
        return NULL;
    struct error *err = tensor_new(p.shape, out);
    if (!err) err = run(board, e, &p, *out);
    if (err) {
        tensor_unref(*out);
        *out = NULL;
    }
    return err;
}
