/* plot E: the loss at every update of the last run. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "plot/plots.h"

struct error *plot_loss(const struct plot_request *r, struct chart *c) {
    struct out *o = r->s->out;
    const struct run *run = board_state(r->s->board)->run;
    struct shape shape;
    struct error *e = compile_shape(r->s->board, r->exprs[0], &shape);
    if (e) return e;
    if (r->n != 1 || !run || strcmp(run->loss_name, r->titles[0]) != 0) {
        const char *last = run ? run->loss_name : "";
        return error_at(
            error_new("plot-no-run", "name", r->titles[0], "last", last, NULL),
            r->exprs[0]->nodes[r->exprs[0]->n - 1].at);
    }
    size_t rows = plot_run_rows(r, run), n = rows < PLOT_POINTS ? rows : PLOT_POINTS;
    c->x = out_sentence(o, run->epochs ? "plot.epoch" : "plot.step", NULL);
    c->y = mem_copy(r->titles[0]);
    c->title = out_sentence(o, "plot.loss.title", "name", c->y, "steps",
                            NUM(o, (double)run->rows[rows - 1].step), NULL);
    struct series *s = chart_add(c, SERIES_LINE, HUE_LOSS, mem_copy(c->y), n);
    for (size_t i = 0; i < n; i++) {
        const struct run_row *row = &run->rows[plot_thin(rows, n, i)];
        s->x[i] = (double)row->step;
        s->y[i] = row->loss;
    }
    if (run->epochs && !isnan(run->rows[0].seen[0])) { /* the test part beside it */
        char *name = out_sentence(o, "plot.test", "name", c->y, NULL);
        struct series *t = chart_add(c, SERIES_LINE, HUE_GRADIENT, name, n);
        for (size_t i = 0; i < n; i++) {
            const struct run_row *row = &run->rows[plot_thin(rows, n, i)];
            t->x[i] = (double)row->step;
            t->y[i] = row->seen[0];
        }
    }
    c->x_to = (double)run->rows[rows - 1].step;
    chart_fit(c);
    char *title = out_sentence(o, "plot.now", "step", NUM(o, c->x_to), "name", c->y,
                               "value", NUM(o, s->y[n - 1]), NULL);
    struct series *now = chart_add(c, SERIES_POINT, HUE_PARAM, title, 1);
    now->x[0] = c->x_to;
    now->y[0] = s->y[n - 1];
    return NULL;
}
