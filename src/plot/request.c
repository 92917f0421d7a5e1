#include "plot/request.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "plot/chart_hues.h"
#include "text/number.h"

bool plot_as(const struct plot_request *r, const char *way) {
    return r->as && strcmp(r->as->name, way) == 0;
}

enum hue plot_hue(int k) {
    static const enum hue order[] = {HUE_LOSS, HUE_VALUE, HUE_PURPLE, HUE_BROWN};
    return order[k % 4];
}

size_t plot_thin(size_t rows, size_t n, size_t i) {
    return n < 2 ? rows - 1
                 : (size_t)((double)i * (double)(rows - 1) / (double)(n - 1) + 0.5);
}

bool plot_run_number(const struct run *run, const struct sampler *m, int k,
                     size_t *out) {
    size_t at = 0;
    for (size_t p = 0; p < run->n_params; p++) {
        size_t size = shape_size(&run->shapes[p]);
        if (strcmp(run->names[p], m->leaf[k]->name) == 0) {
            *out = at + m->at[k];
            return m->at[k] < size;
        }
        at += size;
    }
    return false;
}

size_t plot_run_rows(const struct plot_request *r, const struct run *run) {
    return run_find(run, board_state(r->s->board)->run_step) + 1;
}

const struct run *plot_run(const struct plot_request *r, const struct sampler *m,
                           int n_axes, int *which) {
    const struct run *run = board_state(r->s->board)->run;
    size_t at;
    for (int k = 0; run && k < n_axes; k++) {
        if (!plot_run_number(run, m, k, &at)) return NULL;
    }
    for (int i = 0; run && i < r->n; i++) {
        *which = i;
        if (strcmp(r->titles[i], run->loss_name) == 0) return run;
    }
    return NULL;
}

int plot_racers(const struct run *run, const struct run **racers) {
    int n = 0;
    for (const struct run *b = run->before; b && n < RUN_RACE; b = b->before) n++;
    int k = n;
    for (const struct run *b = run->before; k > 0; b = b->before) racers[--k] = b;
    return n;
}

char *plot_racer_title(struct out *o, const struct run *run) {
    struct run_row last = run_at(run, run->n_rows - 1);
    const struct rule rule = run_last_rule(run);
    struct buf how = {0};
    buf_printf(&how, "rate %s", NUM(o, rule.rate));
    if (rule.optimiser && rule.optimiser->state)
        buf_printf(&how, " with %s", rule.optimiser->name);
    if (rule.optimiser && rule.optimiser->setting != 0)
        buf_printf(&how, " %s", NUM(o, rule.setting));
    if (rule.decay > 0) buf_printf(&how, " decay %s", NUM(o, rule.decay));
    if (rule.clip > 0) buf_printf(&how, " clip %s", NUM(o, rule.clip));
    char *title = out_sentence(o, "plot.racer", "how", buf_text(&how), "steps",
                               NUM(o, (double)last.step), "name", run->loss_name,
                               "value", NUM(o, last.loss), NULL);
    buf_free(&how);
    return title;
}

enum hue plot_racer_hue(const struct run *run) {
    static const enum hue order[] = {HUE_PARAM,  HUE_GRADIENT, HUE_VALUE,
                                     HUE_PURPLE, HUE_BROWN,    HUE_DATA};
    return order[(size_t)run->lane % (sizeof order / sizeof *order)];
}

char plot_racer_mark(const struct run *run) {
    return CHART_LINES[(size_t)run->lane % strlen(CHART_LINES)];
}

struct series *plot_add_point(struct out *o, struct chart *c, char *title, double x,
                              double y) {
    if (!chart_inside(c, x, y)) {
        char *outside = out_sentence(o, "plot.outside", "what", title, NULL);
        free(title);
        title = outside;
    }
    struct series *s = chart_add(c, SERIES_POINT, HUE_PARAM, title, 1);
    s->x[0] = x;
    s->y[0] = y;
    return s;
}

struct error *plot_range(const struct plot_request *r, const struct sampler *m, int k,
                         double *from, double *to) {
    bool given;
    const struct axis *a = r->range && !r->axes[k].from ? r->range : &r->axes[k];
    struct error *e = sample_range(r->s->board, a, from, to, &given);
    if (e || given) return e;
    if (r->kept && r->kept[k].set) {
        *from = r->kept[k].from;
        *to = r->kept[k].to;
        return NULL;
    }
    double low = isfinite(m->today[k]) ? m->today[k] : 0, high = low;
    double room = fmax(3, fabs(low));
    int which;
    size_t at = 0;
    const struct run *run = plot_run(r, m, r->n_axes, &which);
    size_t rows = run ? plot_run_rows(r, run) : 0;
    if (run) plot_run_number(run, m, k, &at);
    for (size_t i = 0; i < rows; i++) {
        double v = run_at(run, i).numbers[at];
        if (!isfinite(v)) continue;
        low = fmin(low, v);
        high = fmax(high, v);
    }
    *from = floor(low - room);
    *to = ceil(high + room);
    if (r->kept) r->kept[k] = (struct plot_limits){*from, *to, true};
    out_say(r->s->out, "plot.range-chosen", "name", m->title[k], "from",
            NUM(r->s->out, *from), "to", NUM(r->s->out, *to), NULL);
    return NULL;
}
