/* plot E: the loss at every update of the last run; after train, epoch by epoch, on the
 * training part and the test part, and below it the share that was answered right. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/compile.h"
#include "plot/plots.h"
#include "text/number.h"

/* Of a run's row: its loss, or seen[]; the test part's comes next. */
enum { LOSS = -1, LOSS_TEST, RIGHT, RIGHT_TEST };

struct record {
    const struct run *run;
    size_t rows, n; /* up to now; points drawn */
};

static double value_of(struct run_row row, int which) {
    if (which == LOSS) return row.loss;
    return (which == LOSS_TEST ? 1 : 100) * row.seen[which];
}

static bool has(const struct record *r, int which) {
    return which == LOSS || (r->run->epochs && !isnan(run_at(r->run, 0).seen[which]));
}

/* One line; takes title. */
static struct series *add_line(struct chart *c, const struct record *r, int which,
                               enum hue hue, char *title) {
    struct series *s = chart_add(c, SERIES_LINE, hue, title, r->n);
    s->mark = which == LOSS ? plot_racer_mark(r->run) : '\0';
    s->n = 0;
    for (size_t i = 0; i < r->n; i++) {
        struct run_row row = run_at(r->run, plot_thin(r->rows, r->n, i));
        double v = value_of(row, which);
        if (isnan(v)) continue; /* nobody looked: the line goes on to where one has */
        s->x[s->n] = (double)row.step;
        s->y[s->n++] = v;
    }
    return s;
}

/* The curve of each run that it raced. */
static void add_race(struct out *o, const struct run *run, struct chart *c) {
    const struct run *racers[RUN_RACE];
    int n = plot_racers(run, racers);
    if (n) {
        free(c->series[0].title);
        c->series[0].title = plot_racer_title(o, run);
        c->series[0].hue = plot_racer_hue(run);
    }
    for (int i = 0; i < n; i++) {
        size_t rows = racers[i]->n_rows;
        struct record r = {racers[i], rows, rows < PLOT_POINTS ? rows : PLOT_POINTS};
        add_line(c, &r, LOSS, plot_racer_hue(racers[i]),
                 plot_racer_title(o, racers[i]));
        c->x_to = fmax(c->x_to, (double)racers[i]->last);
    }
}

/* `name` on the training part and on the test part, and today's point with its unit. */
static void add_lines(struct out *o, struct chart *c, const struct record *r, int train,
                      enum hue hue, const char *name, const char *unit) {
    struct run_row last = run_at(r->run, r->rows - 1);
    bool epochs = r->run->epochs;
    struct buf value = {0};
    add_line(c, r, train, hue,
             epochs ? out_sentence(o, "plot.train", NULL) : mem_copy(name));
    if (has(r, train + 1)) {
        char *title = out_sentence(o, "plot.test", NULL);
        add_line(c, r, train + 1, HUE_GRADIENT, title)->dashed = true;
    }
    c->x = out_sentence(o, epochs ? "plot.epoch" : "plot.step", NULL);
    c->x_to = (double)last.step;
    if (!epochs) add_race(o, r->run, c);
    chart_fit(c);
    double v = value_of(last, train);
    if (isnan(v)) return; /* stopped in the middle of an epoch: nobody has looked */
    buf_printf(&value, "%s%s", NUM(o, v), unit);
    char *title = out_sentence(o, epochs ? "plot.now-epoch" : "plot.now", "step",
                               NUM(o, (double)last.step), "name", name, "value",
                               buf_text(&value), NULL);
    struct series *now = chart_add(c, SERIES_POINT, HUE_PARAM, title, 1);
    now->x[0] = (double)last.step;
    now->y[0] = v;
    buf_free(&value);
}

/* Several numbers are no loss: a picture is rows and columns of them. */
static struct error *flat(const struct plot_request *r, const struct shape *s) {
    size_t n = shape_size(s), rows = (size_t)sqrt((double)n);
    struct buf shape = {0}, line = {0};
    while (n % rows) rows--;
    shape_print(&shape, s);
    if (rows > 1)
        buf_printf(&line, "reshape(%s, %zu, %zu)", r->titles[0], rows, n / rows);
    struct error *e =
        error_new(rows > 1 ? "plot-flat" : "plot-row", "name", r->titles[0], "shape",
                  buf_text(&shape), "line", buf_text(&line), NULL);
    buf_free(&shape);
    buf_free(&line);
    return e;
}

struct error *plot_loss(const struct plot_request *r, struct chart *c) {
    struct out *o = r->s->out;
    const struct run *run = board_state(r->s->board)->run;
    struct shape shape;
    struct error *e = compile_shape(r->s->board, r->exprs[0], &shape);
    if (e) return e;
    bool other = r->n != 1 || !run || strcmp(run->loss_name, r->titles[0]) != 0;
    if (other && r->n == 1 && shape_size(&shape) > 1)
        return error_at(flat(r, &shape), r->exprs[0]->nodes[r->exprs[0]->n - 1].at);
    if (other) {
        const char *last = run ? run->loss_name : "";
        return error_at(
            error_new("plot-no-run", "name", r->titles[0], "last", last, NULL),
            r->exprs[0]->nodes[r->exprs[0]->n - 1].at);
    }
    struct record k = {run, plot_run_rows(r, run), 0};
    k.n = k.rows < PLOT_POINTS ? k.rows : PLOT_POINTS;
    const char *key = run->epochs ? "plot.loss.title-epochs" : "plot.loss.title";
    c->y = mem_copy(r->titles[0]);
    c->title = out_sentence(o, key, "name", c->y, "steps",
                            NUM(o, (double)run_at(run, k.rows - 1).step), NULL);
    add_lines(o, c, &k, LOSS, HUE_LOSS, c->y, "");
    if (!has(&k, RIGHT)) return NULL;
    c->below = mem_alloc(1, sizeof *c->below);
    c->below->y = mem_copy("%");
    c->below->title = out_sentence(o, "plot.right", NULL);
    add_lines(o, c->below, &k, RIGHT, HUE_VALUE, c->below->title, " %");
    return NULL;
}
