#include "plot/plots.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "text/number.h"

static bool is_loss(const struct plot_request *r) {
    return !r->n_axes && !r->range && !plot_is_function(r);
}

static bool is_function(const struct plot_request *r) {
    return !r->n_axes && plot_is_function(r);
}

/* vs a name that holds several numbers: they are data. */
static bool is_data(const struct plot_request *r) {
    if (r->n_axes != 1 || r->axes[0].ref.n_index) return false;
    const struct def *d = board_get(r->s->board, r->axes[0].ref.name);
    return d && d->kind != DEF_FUNCTION && d->kind != DEF_PARAM &&
           shape_size(&d->shape) > 1;
}

static bool is_curve(const struct plot_request *r) { return r->n_axes == 1; }
static bool is_surface(const struct plot_request *r) {
    return r->n_axes == 2 && r->n == 1;
}
static bool is_points(const struct plot_request *r) {
    return r->as; /* as points: no other way is this row's */
}

/* To add a plot: a row here (the first that fits is drawn), a function that fills a
 * chart in plot_*.c, and its text plot.NAME in src/text/words/plot.json. */
// clang-format off
const struct plot plots[] = {
    {"boundary", NULL, plot_boundary, {0}, "use xor; net 2-2-1 tanh; plot boundary O"},
    {"policy", NULL, plot_policy, {0},
     "Q = zeros(2, 2, 4); Q[0,0,1] = 1; plot policy Q"},
    {"points", is_points, plot_points, {"points"},
     "X = [[0, 1], [2, 3], [4, 1]]; plot X, [0, 1, 1] as points"},
    {"picture", plot_is_picture, plot_picture, {0},
     "X = reshape([0, 0.5, 1, 0.2], 1, 1, 2, 2); plot X[0]"},
    {"function", is_function, plot_function, {0}, "plot relu from -3 to 3"},
    {"answers", plot_is_answers, plot_answers, {0},
     "y = [[1], [2], [4]]; O = y*1.2 - 0.5; plot y, O"},
    {"loss", is_loss, plot_loss, {0}, "plot E"},
    {"data", is_data, plot_data, {0}, "plot h vs x"},
    {"curve", is_curve, plot_curve, {0}, "plot E vs w from -3 to 5"},
    {"surface", is_surface, plot_surface, {"surface", "contour"},
     "plot E vs w, x from 0 to 2 as contour"},
    {0},
};
// clang-format on

static bool takes_way(const struct plot *p, const struct clause *as) {
    for (const char *const *way = p->as; *way; way++) {
        if (strcmp(*way, as->name) == 0) return true;
    }
    return false;
}

static bool is_for(const struct plot *p, const struct plot_request *r) {
    if (r->as && !takes_way(p, r->as)) return false;
    if (r->word) return !p->fits && strcmp(p->name, r->word) == 0;
    return p->fits && p->fits(r);
}

const struct plot *plot_for(const struct plot_request *r) {
    for (const struct plot *p = plots; p->name; p++) {
        if (is_for(p, r)) return p;
    }
    return NULL;
}

/* ---- the request ---- */

static struct error *unknown_way(const struct plot_request *r) {
    struct buf known = {0};
    for (const struct plot *p = plots; p->name; p++) {
        for (const char *const *way = p->as; *way; way++)
            buf_add_listed(&known, "%s", *way);
    }
    struct error *e = error_at(
        error_new("plot-as", "name", r->as->name, "known", buf_text(&known), NULL),
        r->as->at);
    buf_free(&known);
    return e;
}

static struct error *unknown_word(const struct plot_request *r, const struct stmt *c) {
    struct buf known = {0};
    for (const struct plot *p = plots; p->name; p++) {
        if (!p->fits) buf_add_listed(&known, "%s", p->name);
    }
    struct error *e = error_at(
        error_new("plot-word", "name", r->word, "known", buf_text(&known), NULL),
        c->at);
    buf_free(&known);
    return e;
}

/* plot boundary: of what? Its example tells how it goes on: plot boundary O. */
static struct error *lacks_formula(struct session *s, const struct stmt *c) {
    const struct expr *of = c->items[0].expr;
    const struct expr_node *root = &of->nodes[of->n - 1];
    if (c->word || root->kind != EXPR_NAME || board_get(s->board, root->name))
        return NULL;
    for (const struct plot *p = plots; p->name; p++) {
        if (p->fits || strcmp(p->name, root->name) != 0) continue;
        return error_at(error_new("plot-of", "command", c->name, "name", p->name, "of",
                                  strrchr(p->example, ' ') + 1, NULL),
                        c->items[0].at);
    }
    return NULL;
}

struct error *plot_request_open(struct session *s, const struct stmt *c,
                                struct plot_request *r) {
    *r = (struct plot_request){.s = s};
    if (!c->n_items) return error_new("plot-what", NULL);
    if (c->n_items > 6) return error_new("plot-too-many", NULL);
    for (int i = 0; i < c->n_items; i++) {
        if (!c->items[i].expr) return error_at(error_new("plot-what", NULL), c->at);
    }
    struct error *lacks = lacks_formula(s, c);
    if (lacks) return lacks;
    for (int i = 0; i < c->n_clauses; i++) {
        const struct clause *k = &c->clauses[i];
        r->file |= k->kind == CLAUSE_INTO;
        if (k->kind == CLAUSE_VS) {
            r->axes = k->axes;
            r->n_axes = k->n_axes;
        } else if (k->kind == CLAUSE_RANGE) {
            r->range = k->axes;
        } else if (k->kind == CLAUSE_AS) {
            r->as = k;
        }
    }
    r->word = c->word;
    r->n = c->n_items;
    r->exprs = mem_alloc((size_t)r->n, sizeof *r->exprs);
    r->titles = mem_alloc((size_t)r->n, sizeof *r->titles);
    for (int i = 0; i < r->n; i++) {
        r->exprs[i] = c->items[i].expr;
        r->titles[i] = stmt_title(r->exprs[i]);
    }
    if ((!r->as && !r->word) || plot_for(r)) return NULL;
    struct error *e = r->as ? unknown_way(r) : unknown_word(r, c);
    plot_request_close(r);
    return e;
}

void plot_request_close(struct plot_request *r) {
    for (int i = 0; i < r->n; i++) free(r->titles[i]);
    free(r->titles);
    free(r->exprs);
    *r = (struct plot_request){0};
}
