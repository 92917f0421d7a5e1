/* plots: THE TABLE of pictures: which request each is for, and what makes its chart. */
#ifndef PLOT_PLOTS_H
#define PLOT_PLOTS_H

#include "board/session.h"
#include "plot/chart.h"
#include "plot/sampling.h"

/* What was asked: `plot exprs [vs axes] [from … to …] [as contour]`. Borrows from the
 * statement, but for the titles. */
struct plot_limits {
    double from, to;
    bool set;
};

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

struct plot {
    const char *name;                           /* help's text: plot.NAME */
    bool (*fits)(const struct plot_request *r); /* NULL: asked for by its name */
    struct error *(*make)(const struct plot_request *r, struct chart *c);
    /* the ways that it can be asked for: plot E vs w, b as contour */
    const char *as[3];
    const char *example; /* after the tests' board, and `descend E rate 0.1 steps 3` */
};

extern const struct plot plots[]; /* ends with a row without name */
const struct plot *plot_for(const struct plot_request *r); /* or NULL */

struct error *plot_request_open(struct session *s, const struct stmt *c,
                                struct plot_request *r);
void plot_request_close(struct plot_request *r);

/* ---- by family ---- */

struct error *plot_loss(const struct plot_request *r, struct chart *c);
struct error *plot_curve(const struct plot_request *r, struct chart *c);
struct error *plot_surface(const struct plot_request *r, struct chart *c);
struct error *plot_data(const struct plot_request *r, struct chart *c);
struct error *plot_function(const struct plot_request *r, struct chart *c);
struct error *plot_boundary(const struct plot_request *r, struct chart *c);
bool plot_is_boundary(const struct plot_request *r); /* its word was said */
/* The first formula that the boundary's can be learned by: one number, made of it and
 * of parameters. NULL where there is none. */
const char *plot_boundary_loss(const struct plot_request *r);
struct error *plot_policy(const struct plot_request *r, struct chart *c);
struct error *plot_picture(const struct plot_request *r, struct chart *c);
struct error *plot_points(const struct plot_request *r, struct chart *c);
/* a tensor of two dimensions or more */
bool plot_is_picture(const struct plot_request *r);
/* every operand can be drawn as one */
bool plot_is_function(const struct plot_request *r);

/* ---- in the terminal, by us, without gnuplot: rows ---- */

int plot_boundary_print(struct out *o, const struct chart *c);
int plot_policy_print(struct out *o, const struct chart *c);
int plot_picture_print(struct out *o, const struct chart *c);
int plot_points_print(struct out *o, const struct chart *c);

/* ---- shared ---- */

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
enum hue plot_racer_hue(int k);
/* Points, tangent and path on the curves: today's, from the sampler's leaves. */
void plot_add_today(const struct plot_request *r, struct sampler *m, struct chart *c);
/* Fills the curves (the first n series) over the chart's range. */
void plot_fill_curves(struct sampler *m, struct chart *c);
enum hue plot_hue(int k); /* of the k-th of several lines */

#define PLOT_POINTS 1000 /* of a path or a loss curve, at most */
/* Of `rows` rows, which is point i of n. */
size_t plot_thin(size_t rows, size_t n, size_t i);

#endif
