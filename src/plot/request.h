/* request: what was asked to be drawn, and what every picture asks of it: ranges, the
 * run behind it, those that raced it, hues. Who draws it is the table in plots.h.
 *
 *     struct plot_request r;
 *     struct error *e = plot_request_open(s, c, &r);         // plots.h; c: plot E vs w
 *     if (!e) e = plot_range(&r, &sampler, 0, &from, &to);
 *     plot_request_close(&r);
 */
#ifndef PLOT_REQUEST_H
#define PLOT_REQUEST_H

#include "board/session.h"
#include "plot/chart.h"
#include "plot/sampling.h"

struct plot_limits {
    double from, to;
    bool set;
};

/* `plot exprs [vs axes] [from … to …] [as contour]`. Borrows from the statement, but
 * for the titles. */
struct plot_request {
    struct session *s;
    const struct expr **exprs;
    char **titles; /* "E", "mean(E)" */
    int n;
    const struct axis *axes; /* vs */
    int n_axes;
    const struct axis *range; /* a range without vs */
    const struct clause *as;  /* as contour; or NULL */
    const char *word;         /* plot boundary h: "boundary"; or NULL */
    bool file;                /* into a file: wider than the terminal */
    /* of each axis: what the first frame chose, the others keep */
    struct plot_limits *kept;
};

/* was this way asked for? */
bool plot_as(const struct plot_request *r, const char *way);

/* The range of axis k: what was given, else around today and the path (and says so). */
struct error *plot_range(const struct plot_request *r, const struct sampler *m, int k,
                         double *from, double *to);
/* The run of one of the exprs, where it changed every axis; *which is the expr. */
const struct run *plot_run(const struct plot_request *r, const struct sampler *m,
                           int n_axes, int *which);
/* Where the axis's number stands among a run's. False where the run has no such one. */
bool plot_run_number(const struct run *run, const struct sampler *m, int k,
                     size_t *out);
/* up to now */
size_t plot_run_rows(const struct plot_request *r, const struct run *run);
/* The runs that raced this one, from the oldest (at most RUN_RACE); how many. */
int plot_racers(const struct run *run, const struct run **racers);
/* For the legend: "rate 0.1, momentum 0.9: 20 updates, E = 0.3". Owned. */
char *plot_racer_title(struct out *o, const struct run *run);
/* Each run of a race has a hue and a sign of its own, from picture to picture. */
enum hue plot_racer_hue(const struct run *run);
char plot_racer_mark(const struct run *run);
/* Where we stand; its title (taken) says so where that is outside the frame. */
struct series *plot_add_point(struct out *o, struct chart *c, char *title, double x,
                              double y);
/* Points, tangent and path on the curves: today's, from the sampler's leaves. */
void plot_add_today(const struct plot_request *r, struct sampler *m, struct chart *c);
/* Fills the curves (the first n series) over the chart's range. */
void plot_fill_curves(struct sampler *m, struct chart *c);
enum hue plot_hue(int k); /* of the k-th of several lines */

#define PLOT_POINTS 1000 /* of a path or a loss curve, at most */
/* Of `rows` rows, which is point i of n. */
size_t plot_thin(size_t rows, size_t n, size_t i);

#endif
