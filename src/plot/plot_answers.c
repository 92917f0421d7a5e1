/* plot y, O: what a net answers against what is true, a dot a number; on the line from
 * corner to corner it is right. */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "board/compile.h"
#include "plot/plots.h"

/* What the net answers: beside y.test, at X.test. *made: what it stands in, the
 * caller's; or NULL. */
static const struct expr *answers_of(const struct plot_request *r,
                                     struct program **made) {
    struct buf at = {0};
    *made = NULL;
    if (strcmp(r->titles[0], "y.test") == 0) {
        buf_printf(&at, "%s at X = X.test", r->titles[1]);
        error_free(session_parse(r->s, buf_text(&at), made));
        buf_free(&at);
    }
    return *made ? (*made)->stmts[0].items[0].expr : r->exprs[1];
}

/* Two of one shape, of several numbers each. */
bool plot_is_answers(const struct plot_request *r) {
    struct shape y, o;
    if (r->n != 2 || r->n_axes || r->range || r->as) return false;
    struct program *made;
    const struct expr *answers = answers_of(r, &made);
    struct error *e = compile_shape(r->s->board, r->exprs[0], &y);
    if (!e) e = compile_shape(r->s->board, answers, &o);
    bool fits = !e && shape_equal(&y, &o) && shape_size(&y) > 1;
    error_free(e);
    if (made) program_free(made);
    return fits;
}

/* Both axes reach as far, so that the line is a diagonal. */
static void find_frame(struct chart *c, const struct series *dots) {
    double from = INFINITY, to = -INFINITY;
    for (size_t i = 0; i < dots->n; i++) {
        if (!isfinite(dots->x[i]) || !isfinite(dots->y[i])) continue;
        from = fmin(from, fmin(dots->x[i], dots->y[i]));
        to = fmax(to, fmax(dots->x[i], dots->y[i]));
    }
    double room = from < to ? 0.05 * (to - from) : 1;
    if (!(from <= to)) from = to = 0;
    c->x_from = c->y_from = from - room;
    c->x_to = c->y_to = to + room;
}

static void draw(const struct plot_request *r, const struct tensor *y,
                 const struct tensor *o, struct chart *c) {
    struct out *out = r->s->out;
    size_t n = y->size < PLOT_POINTS ? y->size : PLOT_POINTS;
    char *right = out_sentence(out, "plot.answers.right", NULL);
    c->title = out_sentence(out, "plot.answers.title", "o", r->titles[1], "y",
                            r->titles[0], NULL);
    c->x = mem_copy(r->titles[0]);
    c->y = mem_copy(r->titles[1]);
    struct series *line = chart_add(c, SERIES_LINE, HUE_DATA, right, 2);
    struct series *dots =
        chart_add(c, SERIES_DOTS, HUE_VALUE, mem_copy(r->titles[1]), n);
    for (size_t i = 0; i < n; i++) {
        size_t at = plot_thin(y->size, n, i);
        dots->x[i] = y->data[at];
        dots->y[i] = o->data[at];
    }
    find_frame(c, dots);
    /* from corner to corner, and in the frame where points have nine figures */
    double inside = 1e-6 * (c->x_to - c->x_from);
    line->x[0] = line->y[0] = c->x_from + inside;
    line->x[1] = line->y[1] = c->x_to - inside;
}

struct error *plot_answers(const struct plot_request *r, struct chart *c) {
    struct tensor *y, *o;
    struct error *e = compile_value(r->s->board, r->exprs[0], &y);
    if (e) return e;
    struct program *made;
    e = compile_value(r->s->board, answers_of(r, &made), &o);
    if (made) program_free(made);
    if (!e) {
        draw(r, y, o, c);
        tensor_unref(o);
    }
    tensor_unref(y);
    return e;
}
