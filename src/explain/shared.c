/* What the explanations share: names, which nodes count, lines of equal parts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "explain/explain_inside.h"
#include "text/number.h"

enum { LONG_NAME = 18 }; /* columns that a gate's formula may take as its name */

/* ---- names ---- */

void explain_d(struct buf *b, const struct node *n) {
    struct buf name = {0};
    explain_name(&name, n, 6);
    const char *s = buf_text(&name);
    size_t word = strcspn(s, " (+-*/^,@<>=~");
    bool indexed = gate_is(n, ROLE_PART) && n->in[0]->name;
    bool whole = (n->name || indexed) && (s[word] == '\0' || indexed);
    buf_printf(b, whole ? "d%s" : "d(%s)", s);
    buf_free(&name);
}

void explain_slope_name(struct buf *b, const struct node *of, const struct node *n) {
    explain_d(b, of);
    buf_add(b, "/");
    explain_d(b, n);
}

static const char *free_name(const struct map *taken, char to[24], int *number) {
    do snprintf(to, 24, "g%d", ++*number);
    while (map_get(taken, to) >= 0);
    return to;
}

void explain_label(const struct compiled *c) {
    struct map taken = {0};
    struct node **gates;
    size_t n = explain_gates(c, &gates);
    int number = 0;
    for (int i = 0; i < graph_count(c->graph); i++) {
        const char *name = graph_node(c->graph, i)->name;
        if (name) map_set(&taken, name, i);
    }
    for (size_t i = 0; i < n; i++) {
        if (gates[i]->name) continue;
        struct buf formula = {0};
        char label[24];
        explain_name(&formula, gates[i], 6);
        if (utf8_width(buf_text(&formula)) > LONG_NAME) {
            graph_name(c->graph, gates[i], free_name(&taken, label, &number));
        }
        buf_free(&formula);
    }
    map_free(&taken);
}

enum out_colour explain_colour(const struct node *n, const struct node *root) {
    if (n == root) return OUT_LOSS;
    if (n->param) return OUT_PARAM;
    return n->gate ? OUT_VALUE : OUT_PLAIN;
}

/* ---- which nodes ---- */

bool *explain_needed(const struct compiled *c) {
    size_t count = (size_t)graph_count(c->graph);
    bool *needed = arena_alloc(graph_arena(c->graph), count, sizeof *needed);
    graph_mark_before(c->graph, c->root, needed);
    return needed;
}

size_t explain_gates(const struct compiled *c, struct node ***out) {
    bool *needed = explain_needed(c);
    size_t n = 0;
    *out = arena_alloc(graph_arena(c->graph), (size_t)c->root->id + 1, sizeof **out);
    for (int i = 0; i <= c->root->id; i++) {
        struct node *gate = graph_node(c->graph, i);
        if (needed[i] && gate->gate && !explain_is_number(gate)) (*out)[n++] = gate;
    }
    return n;
}

/* By id: does a gate stand on it that learning cannot pass? */
static bool *find_closed(const struct compiled *c, const bool *needed) {
    size_t count = (size_t)graph_count(c->graph);
    bool *closed = arena_alloc(graph_arena(c->graph), count, sizeof *closed);
    for (int i = c->root->id; i >= 0; i--) {
        const struct node *n = graph_node(c->graph, i);
        if (!needed[i] || !n->gate) continue;
        bool here = closed[i] || n->gate->flags & GATE_NO_GRADIENT;
        for (int k = 0; here && k < n->n_in; k++) closed[n->in[k]->id] = true;
    }
    return closed;
}

struct error *explain_gradients(struct compiled *c, struct node ***leaves, size_t *n) {
    struct error *e = explain_one_number(c->root);
    if (e) return e;
    bool *needed = explain_needed(c), *closed = find_closed(c, needed);
    struct arena *a = graph_arena(c->graph);
    struct node **all = arena_alloc(a, (size_t)c->root->id + 1, sizeof *all);
    size_t params = 0, count = 0;
    for (int pass = 0; pass < 2; pass++) { /* parameters first */
        for (int i = 0; i <= c->root->id; i++) {
            struct node *leaf = graph_node(c->graph, i);
            if (!needed[i] || leaf->gate || !leaf->name) continue;
            if (leaf->param == (pass == 0) && (leaf->param || !closed[i])) {
                all[count++] = leaf;
            }
        }
        if (pass == 0) params = count;
    }
    e = graph_want(c->graph, c->root, all, (int)count);
    if (e) return e;
    graph_backward(c->graph, c->root);
    *leaves = all;
    *n = params ? params : count;
    return NULL;
}

/* ---- printing ---- */

struct error *explain_one_number(const struct node *n) {
    if (n->size == 1) return NULL;
    struct buf name = {0}, shape = {0};
    explain_name(&name, n, 6);
    shape_print(&shape, &n->shape);
    struct error *e = error_new("not-one-number", "name", buf_text(&name), "shape",
                                buf_text(&shape), NULL);
    buf_free(&name);
    buf_free(&shape);
    return e;
}

void explain_say_gap(struct out *o, size_t gates) {
    out_say(o, "explain.gap", "n", NUM(o, (double)gates), NULL);
}

static void add_inked(struct out *o, struct buf *b, const char *s, enum out_colour c) {
    if (c == OUT_PLAIN) buf_add(b, s);
    else buf_printf(b, "%s%s%s", out_ink(o, c), s, out_ink(o, OUT_PLAIN));
}

/* A sum too wide for a line goes on in the next one, from a " + " on. */
static void add_broken(struct out *o, struct buf *b, const char *s, int indent,
                       int *used) {
    while (*s) {
        const char *end = strstr(s + 1, " + ");
        size_t n = end ? (size_t)(end - s) : strlen(s);
        char *term = mem_copy_n(s, n);
        int wide = utf8_width(term);
        if (*used + wide > o->width && *used > indent) {
            buf_printf(b, "\n%*s", indent - 1, "");
            *used = indent - 1;
        }
        buf_add(b, term);
        *used += wide;
        free(term);
        s += n;
    }
}

void explain_say_equal(struct out *o, int indent, char *const *parts, int n,
                       enum out_colour first, enum out_colour last) {
    struct buf line = {0};
    buf_printf(&line, "%*s", indent, "");
    int used = indent;
    for (int i = 0; i < n; i++) {
        if (!*parts[i] || (i && strcmp(parts[i], parts[i - 1]) == 0)) continue;
        int wide = utf8_width(parts[i]) + (i ? 3 : 0);
        if (i > 1 && i < n - 1 && wide + indent + 3 > o->width) continue; /* no use */
        if (i && used + wide > o->width && used > indent + 4) {
            buf_printf(&line, "\n%*s= ", indent + 4, "");
            used = indent + 3;
        } else if (i) {
            buf_add(&line, " = ");
        }
        if (i && i < n - 1 && used + wide > o->width) {
            used += 3;
            add_broken(o, &line, parts[i], indent + 6, &used);
            continue;
        }
        used += wide;
        add_inked(o, &line, parts[i], i == 0 ? first : i == n - 1 ? last : OUT_PLAIN);
    }
    buf_add(&line, "\n");
    out_puts(o, buf_text(&line));
    buf_free(&line);
}
