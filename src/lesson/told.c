#include "lesson/told.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/compile.h"
#include "explain/mistakes.h"

/* What is asked about: an element of a wire, above or below it. */
struct wire {
    struct compiled c;
    struct mistakes *m;
    const struct node *node;
    size_t element;
    enum mistake_side side;
};

static const struct expr *only_expr(const struct program *p) {
    const struct stmt *st = p && p->n == 1 ? p->stmts : NULL;
    return st && st->kind == STMT_ITEMS && st->n_items == 1 ? st->items[0].expr : NULL;
}

/* The dE/dw or E of it, and its index; NULL: it is nothing of the kind. */
static const struct expr_node *name_of(const struct expr *x,
                                       const struct expr_node **index) {
    const struct expr_node *n = &x->nodes[x->n - 1];
    *index = NULL;
    if (n->kind == EXPR_AT) n = &x->nodes[n->kids[0]];
    if (n->kind == EXPR_INDEX) *index = n, n = &x->nodes[n->kids[0]];
    bool value = n->kind == EXPR_NAME && !*index;
    return n->kind == EXPR_DERIVATIVE || value ? n : NULL;
}

/* Which element of the wire; false: that isn't one, given by numbers. */
static bool element_of(const struct expr *x, const struct expr_node *index,
                       const struct node *wire, size_t *element) {
    *element = 0;
    if (!index) return wire->size == 1;
    if (index->n_kids - 1 != wire->shape.n) return false;
    for (int d = 0; d < wire->shape.n; d++) {
        const struct expr_node *at = &x->nodes[index->kids[d + 1]];
        bool is = at->kind == EXPR_NUMBER && at->number >= 0 &&
                  at->number < (double)wire->shape.dim[d] &&
                  at->number == floor(at->number);
        if (!is) return false;
        *element = *element * wire->shape.dim[d] + (size_t)at->number;
    }
    return true;
}

/* E, or E at w = 2. */
static struct error *compile_of(struct session *s, const char *of, const char *asked,
                                struct compiled *c) {
    const char *at = strstr(asked, " at ");
    struct buf line = {0};
    struct program *p;
    buf_printf(&line, "%s%s", of, at ? at : "");
    struct error *e = session_parse(s, buf_text(&line), &p);
    if (!e && !only_expr(p)) e = error_new("lesson-not-expr", NULL);
    else if (!e) e = compile_open(c, s->board, only_expr(p));
    if (p) program_free(p);
    buf_free(&line);
    return e;
}

static bool open_expr(struct session *s, const struct expr *x, const char *asked,
                      struct wire *w) {
    const struct expr_node *index, *name = name_of(x, &index);
    struct error *e = name ? compile_of(s, name->name, asked, &w->c) : NULL;
    if (e || !name) {
        error_free(e);
        return false;
    }
    bool slope = name->kind == EXPR_DERIVATIVE;
    w->side = slope ? MISTAKE_GRADIENT : MISTAKE_VALUE;
    if (graph_forward(w->c.graph)) e = mistakes_open(&w->m, &w->c);
    if (w->m) w->node = slope ? compile_find(&w->c, name->wrt) : w->c.root;
    bool open = w->node && element_of(x, index, w->node, &w->element);
    if (!open) compile_close(&w->c);
    error_free(e);
    return open;
}

static bool open_wire(struct session *s, struct board *b, const char *asked,
                      struct wire *w) {
    struct board *now = s->board;
    struct program *p = NULL;
    *w = (struct wire){0};
    s->board = b;
    struct error *e = session_parse(s, asked, &p);
    bool open = !e && only_expr(p) && open_expr(s, only_expr(p), asked, w);
    error_free(e);
    if (p) program_free(p);
    s->board = now;
    return open;
}

const char *told_by(struct session *s, struct board *b, const char *asked, double typed,
                    double within, struct buf *said) {
    struct wire w;
    if (!open_wire(s, b, asked, &w)) return NULL;
    struct diagnosis d =
        mistakes_diagnose(w.m, w.side, w.node, w.element, typed, within);
    const char *key = mistakes_say(said, s->out, &d) ? d.mistake[0].key : NULL;
    compile_close(&w.c);
    return key;
}

bool told_apart(struct session *s, struct board *b, const char *asked) {
    struct wire w;
    if (!open_wire(s, b, asked, &w)) return true;
    int same = mistakes_tell(w.m, w.side, w.node, w.element).same;
    compile_close(&w.c);
    return !same;
}

int told_numbers(struct session *s, struct board *b, const char *asked, double *to,
                 int most) {
    struct wire w;
    if (!open_wire(s, b, asked, &w)) return 0;
    struct mistake *all = mem_alloc((size_t)most, sizeof *all);
    int n = mistakes_list(w.m, w.side, w.node, w.element, all, most);
    for (int i = 0; i < n; i++) to[i] = all[i].number;
    free(all);
    compile_close(&w.c);
    return n;
}
