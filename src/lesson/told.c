#include "lesson/told.h"

#include <math.h>
#include <string.h>

#include "board/compile.h"
#include "explain/mistakes.h"
#include "lesson/desk.h"

static const struct expr *only_expr(const struct program *p) {
    const struct stmt *st = p && p->n == 1 ? p->stmts : NULL;
    return st && st->kind == STMT_ITEMS && st->n_items == 1 ? st->items[0].expr : NULL;
}

/* The dE/dw of it, and its index; NULL: it is nothing of the kind. */
static const struct expr_node *slope_of(const struct expr *x,
                                        const struct expr_node **index) {
    const struct expr_node *n = &x->nodes[x->n - 1];
    *index = NULL;
    if (n->kind == EXPR_AT) n = &x->nodes[n->kids[0]];
    if (n->kind == EXPR_INDEX) *index = n, n = &x->nodes[n->kids[0]];
    return n->kind == EXPR_DERIVATIVE ? n : NULL;
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

static bool tell(struct session *s, const struct expr *x, const char *asked,
                 double typed, double within, struct buf *b) {
    const struct expr_node *index, *slope = slope_of(x, &index);
    struct compiled c;
    struct mistakes *m = NULL;
    struct error *e = slope ? compile_of(s, slope->name, asked, &c) : NULL;
    if (e || !slope) {
        error_free(e);
        return false;
    }
    bool ran = graph_forward(c.graph), said = false;
    e = ran ? mistakes_open(&m, &c) : NULL;
    const struct node *wire = m ? compile_find(&c, slope->wrt) : NULL;
    size_t element;
    if (wire && element_of(x, index, wire, &element)) {
        struct diagnosis d =
            mistakes_diagnose(m, MISTAKE_GRADIENT, wire, element, typed, within);
        said = mistakes_say(b, s->out, &d);
    }
    error_free(e);
    compile_close(&c);
    return said;
}

bool told_mistake(struct session *s, const char *asked, double typed, double within,
                  struct buf *b) {
    struct board *now = s->board;
    struct program *p = NULL;
    s->board = desk_began(s);
    struct error *e = session_parse(s, asked, &p);
    bool said = !e && only_expr(p) && tell(s, only_expr(p), asked, typed, within, b);
    error_free(e);
    if (p) program_free(p);
    s->board = now;
    return said;
}
