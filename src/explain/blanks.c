#include "explain/blanks.h"

#include <string.h>

#include "engine/gates.h"
#include "explain/explain_inside.h"

int blanks_which(const char *word) {
    static const char *const words[] = {BLANKS_WORDS};
    for (int i = 0; i < (int)(sizeof words / sizeof *words); i++) {
        if (strcmp(words[i], word) == 0) return i + 1;
    }
    return 0;
}

static bool is_used(const struct compiled *c, const bool *needed, const struct node *n,
                    const struct node **by, int *times) {
    *times = 0;
    for (int i = n->id + 1; i <= c->root->id; i++) {
        const struct node *gate = graph_node(c->graph, i);
        for (int k = 0; needed[i] && gate->gate && k < gate->n_in; k++) {
            if (gate->in[k] != n || !explain_hands(gate, k)) continue;
            *by = gate;
            ++*times;
        }
    }
    return *times > 0;
}

struct error *blanks_list(struct compiled *c, int which, struct blank **out,
                          size_t *n) {
    struct node **leaves;
    size_t n_leaves;
    *n = 0;
    explain_label(c);
    struct error *e = explain_gradients(c, &leaves, &n_leaves);
    if (e) return e;
    size_t count = (size_t)c->root->id + 1;
    bool *needed = explain_needed(c);
    *out = arena_alloc(graph_arena(c->graph), 2 * count, sizeof **out);
    for (size_t i = 0; which & BLANKS_FORWARD && i < count; i++) {
        const struct node *node = graph_node(c->graph, (int)i);
        if (needed[i] && node->gate && !explain_is_number(node))
            (*out)[(*n)++] = (struct blank){node, false};
    }
    for (size_t i = count - 1; which & BLANKS_BACKWARD && i-- > 0;) {
        const struct node *node = graph_node(c->graph, (int)i), *by;
        int times;
        if (needed[i] && node->grad && is_used(c, needed, node, &by, &times))
            (*out)[(*n)++] = (struct blank){node, true};
    }
    return NULL;
}

bool blanks_draw(struct out *o, struct compiled *c, int which,
                 const struct blank *blanks, size_t n, const bool *filled) {
    size_t count = (size_t)c->root->id + 1;
    struct arena *a = graph_arena(c->graph);
    struct explain_asked asked = {.gradients = which & BLANKS_BACKWARD};
    bool *value = arena_alloc(a, count, sizeof *value);
    bool *gradient = arena_alloc(a, count, sizeof *gradient);
    for (size_t i = 0; i < n && filled; i++) {
        if (filled[i]) continue;
        if (blanks[i].gradient) gradient[blanks[i].node->id] = true;
        else value[blanks[i].node->id] = true;
    }
    asked.value = value;
    asked.gradient = gradient;
    error_free(explain_graph_asking(o, c, &asked));
    return !asked.wide;
}

/* From n on, in the order in which it is worked out. */
static bool *hidden_from(struct compiled *c, const struct node *from, bool gradient) {
    int count = c->root->id + 1;
    bool *hidden = arena_alloc(graph_arena(c->graph), (size_t)count, sizeof *hidden);
    hidden[from->id] = true;
    for (int k = 0; k < count; k++) {
        int i = gradient ? count - 1 - k : k;
        const struct node *n = graph_node(c->graph, i);
        for (int in = 0; n->gate && in < n->n_in; in++) {
            int below = n->in[in]->id;
            if (gradient) hidden[below] |= hidden[i];
            else hidden[i] |= hidden[below];
        }
    }
    return hidden;
}

struct error *blanks_hide(struct out *o, struct compiled *c, bool net,
                          const struct node *from, bool gradient) {
    size_t count = (size_t)c->root->id + 1;
    bool *none = arena_alloc(graph_arena(c->graph), count, sizeof *none);
    bool *hidden = hidden_from(c, from, gradient);
    struct explain_asked asked = {.gradients = gradient}; /* they tell of the values */
    asked.value = gradient ? none : hidden;
    asked.gradient = gradient ? hidden : none;
    return net ? explain_net_asking(o, c, &asked) : explain_graph_asking(o, c, &asked);
}

void blank_name(struct buf *b, const struct compiled *c, const struct blank *k) {
    if (k->gradient) explain_slope_name(b, c->root, k->node);
    else explain_name(b, k->node, 6);
}

double blank_value(const struct blank *k) {
    return k->gradient ? k->node->grad[0] : k->node->value[0];
}

void blank_rule(struct buf *b, struct out *o, struct compiled *c,
                const struct blank *k) {
    const bool *needed = explain_needed(c);
    bool any = false;
    if (!k->gradient) explain_node(b, k->node, EXPLAIN_NAMES, false, o->digits);
    for (int i = c->root->id; k->gradient && i > k->node->id; i--) {
        const struct node *gate = graph_node(c->graph, i);
        for (int in = 0; needed[i] && gate->gate && in < gate->n_in; in++) {
            struct buf numbers = {0};
            if (gate->in[in] != k->node || !explain_hands(gate, in)) continue;
            if (any) buf_add(b, " + ");
            explain_hand_back(o, b, &numbers, c->root, gate, in);
            buf_free(&numbers);
            any = true;
        }
    }
}

void blank_work_out(struct out *o, struct compiled *c, const struct blank *k) {
    if (k->gradient) explain_backward_to(o, c, k->node);
    else explain_forward_of(o, c, k->node);
}

const struct node *blank_above(const struct compiled *c, const struct blank *k) {
    const struct node *by = NULL;
    int times;
    is_used(c, explain_needed(c), k->node, &by, &times);
    return times == 1 ? by : NULL;
}
