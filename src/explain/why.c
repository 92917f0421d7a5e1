/* why dE/dw rate 0.1: the update in words: what the slope says, which way, how far. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "board/compile.h"
#include "engine/gates.h"
#include "explain/explain_inside.h"
#include "text/number.h"
#include "text/table.h"

enum { ROWS_SHOWN = 8 };

/* One number, in sentences. */
struct update {
    const char *of, *wrt, *slope; /* names */
    double was, grad, rate, by, new, loss, after;
};

static void say(struct out *o, const char *key, const struct update *u) {
    char *more = out_sentence(
        o, key, "of", u->of, "wrt", u->wrt, "slope", u->slope, "grad", NUM(o, u->grad),
        "size", NUM(o, fabs(u->grad)), "rate", NUM(o, u->rate), "by",
        NUM(o, fabs(u->by)), "was", NUM(o, u->was), "new", NUM(o, u->new), "loss",
        NUM(o, u->loss), "after", NUM(o, u->after), "less",
        num_format((char[NUM_SIZE]){0}, u->loss - u->after, 3), NULL);
    out_wrap(o, more, 0);
    free(more);
}

/* w ← 3 − 0.1·4 = 2.6 */
static void say_arrow(struct out *o, const struct update *u) {
    struct buf line = {0};
    buf_printf(&line, "%s ← ", u->wrt);
    buf_printf(&line, "%s − %s·", NUM(o, u->was), NUM(o, u->rate));
    explain_factor(&line, u->grad, o->digits);
    out_printf(o, "  %s%s = %s%s\n", out_ink(o, OUT_PARAM), buf_text(&line),
               NUM(o, u->new), out_ink(o, OUT_PLAIN));
    buf_free(&line);
}

static void say_outcome(struct out *o, const struct update *u) {
    if (!isfinite(u->after)) say(o, "why.broken", u);
    else if (u->after > u->loss) say(o, "why.too-far", u);
    else if (u->after == u->loss) say(o, "why.same", u);
    else if (strcmp(NUM(o, u->after), NUM(o, u->loss)) == 0) say(o, "why.a-little", u);
    else say(o, "why.better", u);
}

static void say_one(struct out *o, const struct update *u, bool learns) {
    if (!isfinite(u->grad)) {
        say(o, "why.not-a-number", u);
        return;
    }
    if (u->grad == 0) {
        say(o, "why.flat", u);
        return;
    }
    bool same = fabs(u->grad) == 1;
    if (u->grad > 0) say(o, same ? "why.up-same" : "why.up", u);
    else say(o, same ? "why.down-same" : "why.down", u);
    say(o, u->grad > 0 ? "why.left" : "why.right", u);
    if (!learns) {
        say(o, "why.no-param", u);
        return;
    }
    say(o, "why.far", u);
    say_arrow(o, u);
    say_outcome(o, u);
}

/* The element with the i-th steepest slope among those not taken yet. */
static size_t find_steepest(const struct node *w, const size_t *taken, size_t n) {
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < w->size; i++) {
        bool free_ = true;
        for (size_t k = 0; k < n && free_; k++) free_ = taken[k] != i;
        if (free_ && (best == SIZE_MAX || fabs(w->grad[i]) > fabs(w->grad[best])))
            best = i;
    }
    return best;
}

static void say_steepest(struct out *o, const struct node *w, const struct update *u,
                         size_t steepest) {
    size_t up = 0, down = 0;
    struct buf cell = {0};
    for (size_t i = 0; i < w->size; i++) up += w->grad[i]<0, down += w->grad[i]> 0;
    buf_add(&cell, u->slope);
    shape_print_index(&cell, &w->shape, steepest);
    out_say(o, "why.steepest", "shown", NUM(o, ROWS_SHOWN), "all",
            NUM(o, (double)w->size), "up", NUM(o, (double)up), "down",
            NUM(o, (double)down), "still", NUM(o, (double)(w->size - up - down)),
            "cell", buf_text(&cell), NULL);
    buf_free(&cell);
}

/* Many: a row for each, or for the steepest few, and what they do together. */
static void say_rows(struct out *o, const struct node *w, const struct update *u) {
    static const char *const keys[] = {"why.column.name", "why.column.was",
                                       "why.column.slope", "why.column.by",
                                       "why.column.new"};
    struct out_table *t = table_new(5);
    for (int i = 0; i < 5; i++) {
        char *head = out_sentence(o, keys[i], NULL);
        table_cell(t, head, OUT_DIM);
        free(head);
    }
    size_t shown = w->size < ROWS_SHOWN ? w->size : ROWS_SHOWN, rows[ROWS_SHOWN];
    for (size_t r = 0; r < shown; r++) {
        size_t i = rows[r] = shown < w->size ? find_steepest(w, rows, r) : r;
        struct buf name = {0};
        buf_add(&name, u->wrt);
        shape_print_index(&name, &w->shape, i);
        table_cell(t, buf_text(&name), OUT_PARAM);
        table_cell(t, NUM(o, w->value[i]), OUT_PLAIN);
        table_cell(t, NUM(o, w->grad[i]), OUT_GRADIENT);
        table_cell(t, NUM(o, -u->rate * w->grad[i]), OUT_PLAIN);
        table_cell(t, NUM(o, w->value[i] - u->rate * w->grad[i]), OUT_PARAM);
        buf_free(&name);
    }
    say(o, "why.each", u);
    table_print(o, t, 1);
    table_free(t);
    if (shown < w->size) say_steepest(o, w, u, rows[0]);
}

/* The loss where w (all of it, or one element) would be after the update; today's w is
 * put back. */
static double look_after(struct compiled *c, struct node *w, size_t element,
                         double rate) {
    struct nudge g = explain_nudge(c, w);
    real *was = arena_alloc(graph_arena(c->graph), w->size, sizeof *was);
    memcpy(was, w->value, w->size * sizeof *was);
    for (size_t i = 0; i < w->size; i++) {
        if (element == i || element == EXPLAIN_ALL) w->value[i] -= rate * w->grad[i];
    }
    graph_forward_some(g.graph, g.after, g.n);
    double loss = c->root->value[0];
    memcpy(w->value, was, w->size * sizeof *was);
    graph_forward_some(g.graph, g.after, g.n);
    graph_backward(c->graph, c->root);
    return loss;
}

struct error *explain_why(struct out *o, struct compiled *c, struct node *wrt,
                          size_t element, double rate) {
    struct error *e = explain_one_number(c->root);
    if (!e) e = graph_want(c->graph, c->root, &wrt, 1);
    if (e) return e;
    graph_backward(c->graph, c->root);
    double after = look_after(c, wrt, element, rate);
    bool one = wrt->size == 1 || element != EXPLAIN_ALL;
    size_t at = element == EXPLAIN_ALL ? 0 : element;
    struct buf slope = {0}, name = {0};
    explain_slope_name(&slope, c->root, wrt);
    explain_name(&name, wrt, o->digits);
    if (element != EXPLAIN_ALL) {
        shape_print_index(&slope, &wrt->shape, at);
        shape_print_index(&name, &wrt->shape, at);
    }
    struct update u = {.of = c->root->name,
                       .wrt = buf_text(&name),
                       .slope = buf_text(&slope),
                       .was = wrt->value[at],
                       .grad = wrt->grad[at],
                       .rate = rate,
                       .by = rate * wrt->grad[at],
                       .new = wrt->value[at] - rate * wrt->grad[at],
                       .loss = c->root->value[0],
                       .after = after};
    if (one) {
        explain_pushes(o, c, wrt, at, u.wrt, u.slope);
        say_one(o, &u, wrt->param);
    } else {
        say_rows(o, wrt, &u);
        if (wrt->param) say_outcome(o, &u);
    }
    buf_free(&slope);
    buf_free(&name);
    return NULL;
}
