/* The chain rule in one line: along a path the local gradients multiply, and the paths
 * add up: dE/dw = 4·1·1. */
#include "explain/explain_inside.h"

#include "board/compile.h"
#include "engine/gates.h"

enum { PATHS_MOST = 4, LENGTH_MOST = 12 };

struct use { /* by a gate above, as its operand k */
    const struct node *gate;
    int k;
};

struct paths {
    const struct node *root;
    int *first; /* by id: where its uses begin; first[id + 1]: where they end */
    struct use *uses;
    /* by id: paths to root, and the longest; too many stay too many */
    int *count, *long_;
};

static bool passes(const struct node *n, int k) {
    bool all = !n->gate || !n->gate->passes || n->gate->passes(n, k);
    return all && n->grad && n->in[k]->grad && !(n->gate->flags & GATE_NO_GRADIENT);
}

static void list_uses(struct paths *p, const struct compiled *c, size_t count) {
    struct arena *a = graph_arena(c->graph);
    size_t total = 0;
    p->first = arena_alloc(a, count + 2, sizeof *p->first);
    for (size_t i = 0; i < count; i++) {
        const struct node *n = graph_node(c->graph, (int)i);
        for (int k = 0; k < n->n_in; k++) {
            if (passes(n, k)) total++, p->first[n->in[k]->id + 2]++;
        }
    }
    for (size_t i = 2; i < count + 2; i++) p->first[i] += p->first[i - 1];
    p->uses = arena_alloc(a, total + 1, sizeof *p->uses);
    for (size_t i = 0; i < count; i++) {
        const struct node *n = graph_node(c->graph, (int)i);
        for (int k = 0; k < n->n_in; k++) { /* first[id + 1] moves on to the end */
            if (passes(n, k))
                p->uses[p->first[n->in[k]->id + 1]++] = (struct use){n, k};
        }
    }
}

struct paths *explain_paths(const struct compiled *c) {
    struct arena *a = graph_arena(c->graph);
    size_t count = (size_t)c->root->id + 1;
    struct paths *p = arena_alloc(a, 1, sizeof *p);
    p->root = c->root;
    p->count = arena_alloc(a, count, sizeof *p->count);
    p->long_ = arena_alloc(a, count, sizeof *p->long_);
    list_uses(p, c, count);
    p->count[c->root->id] = 1;
    for (int i = c->root->id; i >= 0; i--) {
        const struct node *n = graph_node(c->graph, i);
        for (int u = p->first[i]; u < p->first[i + 1]; u++) {
            const struct node *up = p->uses[u].gate;
            int more = up->size > 1 ? PATHS_MOST + 1 : p->count[up->id];
            p->count[i] += more;
            if (p->count[i] > PATHS_MOST) p->count[i] = PATHS_MOST + 1;
            if (p->long_[up->id] >= p->long_[i]) p->long_[i] = p->long_[up->id] + 1;
        }
        if (n->size > 1) p->count[i] = PATHS_MOST + 1;
    }
    return p;
}

/* From the leaf up; factors are kept and written from root down. */
static void add_path(struct buf *b, const struct paths *p, const struct node *n,
                     double *factors, int length, int digits) {
    if (n == p->root) {
        buf_add(b, b->len ? " + " : "");
        for (int i = length - 1; i >= 0; i--) {
            explain_factor(b, factors[i], digits);
            if (i) buf_add(b, "·");
        }
        return;
    }
    for (int u = p->first[n->id + 1] - 1; u >= p->first[n->id]; u--) {
        factors[length] = explain_local(p->uses[u].gate, p->uses[u].k);
        add_path(b, p, p->uses[u].gate, factors, length + 1, digits);
    }
}

bool explain_path(struct buf *b, const struct paths *p, const struct node *leaf,
                  int digits) {
    double factors[LENGTH_MOST + 1];
    int paths = leaf->id <= p->root->id ? p->count[leaf->id] : 0;
    if (paths < 1 || paths > PATHS_MOST || p->long_[leaf->id] > LENGTH_MOST)
        return false;
    if (!b) return true;
    struct buf sum = {0};
    add_path(&sum, p, leaf, factors, 0, digits);
    buf_add(b, buf_text(&sum));
    buf_free(&sum);
    return true;
}
