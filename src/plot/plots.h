/* plots: THE TABLE of pictures: which request each is for, and what makes its chart. */
#ifndef PLOT_PLOTS_H
#define PLOT_PLOTS_H

#include "plot/request.h"

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
struct error *plot_answers(const struct plot_request *r, struct chart *c);
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
bool plot_is_answers(const struct plot_request *r);
/* every operand can be drawn as one */
bool plot_is_function(const struct plot_request *r);

/* ---- in the terminal, by us, without gnuplot: rows ---- */

int plot_boundary_print(struct out *o, const struct chart *c);
int plot_policy_print(struct out *o, const struct chart *c);
int plot_picture_print(struct out *o, const struct chart *c);
int plot_points_print(struct out *o, const struct chart *c);

#endif
