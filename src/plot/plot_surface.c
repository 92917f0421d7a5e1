/* plot E vs w, b: the surface or its contour lines, and the path of the ball. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "plot/plots.h"
#include "text/number.h"

static void fill(struct sampler *m, struct chart *c) {
    char *title = mem_copy(c->z);
    struct series *s =
        chart_add(c, SERIES_GRID, HUE_LOSS, title, (size_t)SAMPLES_GRID * SAMPLES_GRID);
    c->columns = SAMPLES_GRID;
    for (size_t i = 0; i < s->n; i++) {
        s->x[i] = sample_at(c->x_from, c->x_to, i % SAMPLES_GRID, SAMPLES_GRID);
        s->y[i] = sample_at(c->y_from, c->y_to, i / SAMPLES_GRID, SAMPLES_GRID);
        sampler_set(m, 0, s->x[i]);
        sampler_set(m, 1, s->y[i]);
        sampler_look(m);
        s->z[i] = m->roots[0]->value[0];
    }
    for (int k = 0; k < 2; k++) sampler_set(m, k, m->today[k]);
    sampler_look(m);
}

/* The first `rows` rows of a run, as a path. */
static void add_path(struct chart *c, const struct sampler *m, const struct run *run,
                     size_t rows, char *title) {
    size_t at[2], n = rows < PLOT_POINTS ? rows : PLOT_POINTS;
    for (int k = 0; k < 2; k++) plot_run_number(run, m, k, &at[k]);
    struct series *s = chart_add(c, SERIES_PATH, plot_racer_hue(run), title, n);
    s->mark = plot_racer_mark(run);
    for (size_t i = 0; i < n; i++) {
        struct run_row row = run_at(run, plot_thin(rows, n, i));
        s->x[i] = row.numbers[at[0]];
        s->y[i] = row.numbers[at[1]];
        s->z[i] =
            chart_inside(c, s->x[i], s->y[i]) ? row.loss : NAN; /* 3-D has no clip */
    }
}

static void add_ball(const struct plot_request *r, const struct sampler *m,
                     struct chart *c) {
    struct out *o = r->s->out;
    int which;
    const struct run *run = plot_run(r, m, 2, &which), *racers[RUN_RACE];
    size_t rows = run ? plot_run_rows(r, run) : 0;
    int n = run ? plot_racers(run, racers) : 0;
    for (int k = 0; k < n; k++) {
        add_path(c, m, racers[k], racers[k]->n_rows, plot_racer_title(o, racers[k]));
    }
    if (rows > 1) {
        char *title =
            n ? plot_racer_title(o, run)
              : out_sentence(o, "plot.path", "steps",
                             NUM(o, (double)run_at(run, rows - 1).step), NULL);
        add_path(c, m, run, rows, title);
    }
    char *title =
        out_sentence(o, "plot.ball", "x", m->title[0], "a", NUM(o, m->today[0]), "y",
                     m->title[1], "b", NUM(o, m->today[1]), "name", c->z, "value",
                     NUM(o, m->roots[0]->value[0]), NULL);
    struct series *s = plot_add_point(o, c, title, m->today[0], m->today[1]);
    s->z[0] = chart_inside(c, s->x[0], s->y[0]) ? m->roots[0]->value[0] : NAN;
}

struct error *plot_surface(const struct plot_request *r, struct chart *c) {
    struct sampler m;
    bool contour = plot_as(r, "contour");
    struct error *e = sampler_open(&m, r->s->board, r->exprs, 1, r->axes, 2);
    if (e) return e;
    e = plot_range(r, &m, 0, &c->x_from, &c->x_to);
    if (!e) e = plot_range(r, &m, 1, &c->y_from, &c->y_to);
    if (!e) {
        c->kind = contour ? CHART_CONTOUR : CHART_SURFACE;
        c->x = mem_copy(m.title[0]);
        c->y = mem_copy(m.title[1]);
        c->z = mem_copy(r->titles[0]);
        c->title = out_sentence(r->s->out,
                                contour ? "plot.contour.title" : "plot.surface.title",
                                "name", c->z, "x", c->x, "y", c->y, NULL);
        fill(&m, c);
        add_ball(r, &m, c);
    }
    sampler_close(&m);
    return e;
}
