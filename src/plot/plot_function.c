/* plot relu from -3 to 3: a function and its derivative. An activation's name, a
 * function of one's own, or a formula with one name that nothing else has: x^2. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/functions.h"
#include "engine/gates.h"
#include "plot/plots.h"
#include "text/number.h"

struct function {
    struct expr expr; /* in nodes */
    struct expr_node nodes[2];
    int kid;
    const char *arg; /* NULL: it cannot be drawn as a function */
};

/* The one name in e that the board does not know; NULL where there are none or several.
 */
static const char *free_name(const struct board *b, const struct expr *e) {
    const char *found = NULL;
    for (int i = 0; i < e->n; i++) {
        const struct expr_node *x = &e->nodes[i];
        if (x->kind != EXPR_NAME || board_get(b, x->name) ||
            call_constant(x->name, &(double){0}))
            continue;
        if (found && strcmp(found, x->name) != 0) return NULL;
        found = x->name;
    }
    return found;
}

/* Fills f with a call of the bare name that e is, or with e itself. */
static void find_function(const struct board *b, const struct expr *e,
                          struct function *f) {
    const struct expr_node *root = &e->nodes[e->n - 1];
    bool bare =
        e->n == 1 && root->name &&
        (root->kind == EXPR_NAME || root->kind == EXPR_GATE || root->kind == EXPR_CALL);
    const struct gate *gate = bare ? gate_find(root->name) : NULL;
    const struct def *d = bare ? board_get(b, root->name) : NULL;
    bool own = d && d->kind == DEF_FUNCTION;
    *f = (struct function){.expr = {1, (struct expr_node *)(uintptr_t)e->nodes, e->n}};
    if (!own && !(gate && !d && (gate->flags & GATE_CALL))) {
        f->arg = bare ? NULL : free_name(b, e);
        return;
    }
    if (own ? d->n_args != 1 : gate->min_in > 1) return;
    f->arg = own ? d->args[0] : "x";
    f->nodes[0] = (struct expr_node){.kind = EXPR_NAME,
                                     .axis = -1,
                                     .height = 1,
                                     .at = root->at,
                                     .name = (char *)(uintptr_t)f->arg};
    f->nodes[1] = (struct expr_node){.kind = own ? EXPR_CALL : EXPR_GATE,
                                     .axis = -1,
                                     .height = 2,
                                     .at = root->at,
                                     .name = root->name,
                                     .kids = &f->kid,
                                     .n_kids = 1};
    f->expr = (struct expr){1, f->nodes, 2};
}

bool plot_is_function(const struct plot_request *r) {
    for (int i = 0; i < r->n; i++) {
        struct function f;
        find_function(r->s->board, r->exprs[i], &f);
        if (!f.arg) return false;
    }
    return true;
}

static void fill(struct sampler *m, struct chart *c, const char *title, int k,
                 bool alone) {
    struct buf slope = {0};
    buf_printf(&slope, "d %s / d%s", title, m->title[0]);
    struct series *f = chart_add(c, SERIES_LINE, alone ? HUE_VALUE : plot_hue(k),
                                 mem_copy(title), SAMPLES);
    struct series *d =
        m->slopes ? chart_add(c, SERIES_LINE, alone ? HUE_GRADIENT : plot_hue(k),
                              buf_take(&slope), SAMPLES)
                  : NULL;
    for (size_t i = 0; i < SAMPLES; i++) {
        f->x[i] = sample_at(c->x_from, c->x_to, i, SAMPLES);
        sampler_set(m, 0, f->x[i]);
        sampler_look(m);
        f->y[i] = m->roots[0]->value[0];
        if (!d) continue;
        d->dashed = d->apart = true;
        d->x[i] = f->x[i];
        d->y[i] = sampler_slope(m);
    }
    buf_free(&slope);
}

struct error *plot_function(const struct plot_request *r, struct chart *c) {
    bool given;
    c->x_from = -5;
    c->x_to = 5;
    struct error *e = sample_range(r->s->board, r->range, &c->x_from, &c->x_to, &given);
    struct buf names = {0};
    for (int k = 0; k < r->n && !e; k++) {
        struct function f;
        struct sampler m;
        find_function(r->s->board, r->exprs[k], &f);
        if ((e = sampler_open_function(&m, r->s->board, &f.expr, f.arg))) break;
        char *title = stmt_title(&f.expr);
        buf_printf(&names, "%s%s", k ? ", " : "", title);
        if (!k) c->x = mem_copy(f.arg);
        fill(&m, c, title, k, r->n == 1);
        free(title);
        sampler_close(&m);
    }
    if (!e) {
        if (!given)
            out_say(r->s->out, "plot.range-chosen", "name", c->x, "from",
                    NUM(r->s->out, c->x_from), "to", NUM(r->s->out, c->x_to), NULL);
        c->title = out_sentence(
            r->s->out, r->n > 1 ? "plot.function.titles" : "plot.function.title",
            "name", buf_text(&names), NULL);
        chart_fit(c);
    }
    buf_free(&names);
    return e;
}
