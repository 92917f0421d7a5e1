#include "learning/descend.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "board/compile.h"
#include "board/define.h"
#include "board/offer.h"
#include "board/params.h"
#include "engine/gates.h"
#include "engine/unfit.h"
#include "learning/descent_table.h"
#include "learning/learning_inside.h"
#include "learning/rule.h"
#include "text/number.h"

/* A loss this many times its start (or 1) has exploded: no rate that works goes
 * there. */
#define EXPLODED 1e12
#define COUNT_MOST 1e12

/* ---- reading an order ---- */

struct run *learning_run_of(struct session *s, const char *loss) {
    struct run *r = board_state(s->board)->run;
    return r && strcmp(r->loss_name, loss) == 0 ? r : NULL;
}

static struct error *read_rule(struct session *s, const struct stmt *c,
                               struct descend_order *o) {
    char *title = stmt_title(o->loss);
    const struct run *r = o->extend ? learning_run_of(s, title) : NULL;
    free(title);
    const struct rule last = r ? run_last_rule(r) : (struct rule){0};
    return rule_read(s, c, last.optimiser ? &last : NULL, false, &o->rule);
}

struct error *descend_read(struct session *s, const struct stmt *c,
                           struct descend_order *o) {
    struct error *e = o->loss ? NULL : stmt_expr(c, &o->loss);
    if (e) return e;
    const struct clause *until = stmt_clause(c, "until");
    o->until = until ? until->value : NULL;
    if ((e = read_rule(s, c, o))) return e;
    o->steps = until ? DESCEND_STEPS_MOST : 20;
    o->every = 1;
    e = stmt_whole(s, c, "steps", 0, COUNT_MOST, &o->steps);
    return e ? e : stmt_whole(s, c, "every", 0, COUNT_MOST, &o->every);
}

/* ---- the run ---- */

bool learning_replay(struct descent *d, const struct run *r, size_t step) {
    struct rule today = d->rule;
    descent_load(d, run_at(r, run_find(r, step)));
    while (d->step < step && !r->epochs && !interrupt_flag) {
        d->rule = run_rule_at(r, d->step);
        if (!d->rule.optimiser || !descent_step(d)) break;
    }
    d->rule = today;
    return d->step == step;
}

/* Is the run at these parameters where it stands? Then d is there too, with the
 * optimiser's numbers; else as it was. */
static bool fits_run(const struct run *r, struct descent *d, size_t step) {
    if (r->n_params != d->n_params || r->n_numbers != d->n_numbers ||
        r->n_state != d->n_state) {
        return false;
    }
    for (size_t i = 0; i < d->n_params; i++) {
        if (strcmp(r->names[i], d->params[i]->name) != 0) return false;
    }
    size_t bytes = d->n_numbers * sizeof(real);
    real *today = mem_alloc(d->n_numbers, sizeof *today);
    memcpy(today, d->numbers, bytes);
    bool same = learning_replay(d, r, step) && !memcmp(today, d->numbers, bytes);
    if (!same) {
        memcpy(d->numbers, today, bytes);
        memset(d->numbers + d->n_numbers, 0, d->n_state * sizeof(real));
        d->step = d->t = 0;
        descent_look(d);
    }
    free(today);
    return same;
}

struct run *learning_open_run(struct session *s, struct descent *d, const char *loss,
                              bool extend) {
    struct run *r = extend ? learning_run_of(s, loss) : NULL;
    size_t step = board_state(s->board)->run_step;
    if (r && fits_run(r, d, step)) {
        board_change_state(s->board); /* undo holds on to r as it is */
        size_t rows = run_find(r, step) + 1;
        bool kept = run_at(r, rows - 1).step == step;
        if (r->refs > 1 || rows < r->n_rows || !kept) {
            r = run_copy(r, rows);
            if (!kept) run_add(r, step, d->loss->value[0], d->numbers);
            board_set_run(s->board, r, step);
        }
        return r;
    }
    if (interrupt_flag) return NULL;
    r = run_new(loss, d->n_params, d->params, d->n_state, false);
    run_add(r, 0, d->loss->value[0], d->numbers);
    if (!extend) run_race(r, d->rule, board_state(s->board)->run);
    board_set_run(s->board, r, 0);
    return r;
}

struct error *learning_keep(struct session *s, const struct descent *d) {
    struct error *e = compile_keep(s->board, d->n_params, d->params);
    if (!e) board_change_state(s->board)->run_step = d->step;
    return e;
}

/* ---- a descent ---- */

static struct error *no_params(struct session *s, const char *title) {
    (void)s;
    return error_new("no-params", "name", title, NULL);
}

/* The averages that the loss depends on, behind its parameters. */
static void add_averages(struct job *j) {
    struct node **found;
    size_t n = compile_averages(&j->c, &found), all = j->n_learned + n;
    struct node **params =
        arena_alloc(graph_arena(j->c.graph), all + 1, sizeof *params);
    memcpy(params, j->params, j->n_learned * sizeof *params);
    for (size_t i = 0; i < n; i++) {
        if (graph_depends(j->c.graph, j->loss, found[i]))
            params[j->n_params++] = found[i];
    }
    j->params = params;
}

/* A comparison, or what is made of one: E alone would be met by any number but 0. */
static bool is_condition(const struct graph *g, const struct node *until) {
    bool is = false;
    for (int id = 0; id <= until->id && !is; id++) {
        const struct node *n = graph_node(g, id);
        is = n->gate && n->gate->flags & GATE_FLAT && graph_depends(g, until, n);
    }
    return is;
}

static struct error *check_until(const struct job *j, const struct expr *until) {
    if (!j->until || is_condition(j->c.graph, j->until)) return NULL;
    struct buf said = {0};
    expr_print(&said, until);
    struct error *e = error_at(
        error_new("until-condition", "until", buf_text(&said), "name", j->title, NULL),
        until->nodes[until->n - 1].at);
    buf_free(&said);
    return e;
}

struct error *job_open(struct session *s, const struct descend_order *o,
                       struct job *j) {
    const struct board_state *state = board_state(s->board);
    bool rows = o->every && !o->seen && !o->extend;
    int n_watch = rows ? state->n_watch : 0;
    int n = 1 + n_watch + (o->until ? 1 : 0);
    const struct expr **exprs = mem_alloc((size_t)n, sizeof *exprs);
    struct node **roots = mem_alloc((size_t)n, sizeof *roots);
    exprs[0] = o->loss;
    for (int i = 0; i < n_watch; i++) exprs[1 + i] = state->watch[i];
    if (o->until) exprs[n - 1] = o->until;
    j->title = stmt_title(o->loss);
    struct compile_order all = {.exprs = exprs, .n = n, .roots = roots};
    struct error *e = compile(&j->c, s->board, &all);
    if (!e) {
        j->loss = roots[0];
        j->until = o->until ? roots[n - 1] : NULL;
        j->n_params = compile_params(&j->c, s->board, &j->params);
        size_t used = 0; /* those the loss depends on; a watched one may be another's */
        for (size_t i = 0; i < j->n_params; i++) {
            if (graph_depends(j->c.graph, j->loss, j->params[i])) {
                j->params[used++] = j->params[i];
            }
        }
        j->n_params = j->n_learned = used;
        add_averages(j);
        if (j->loss->size != 1) e = error_new("not-one-number", "name", j->title, NULL);
        else if (!j->n_learned) e = no_params(s, j->title);
        else e = check_until(j, o->until);
        if (rows && !e) {
            j->columns = columns_new(s->out, j->title, j->loss, j->params, j->n_learned,
                                     exprs + 1, roots + 1, n_watch);
        }
    }
    free(exprs);
    free(roots);
    return e;
}

void job_close(struct job *j) {
    columns_free(j->columns);
    free(j->title);
    if (j->c.graph) compile_close(&j->c);
}

/* In stretches that end where a row is shown or somebody looks. */
static enum descent_end go_down(struct session *s, const struct descend_order *o,
                                struct job *j, struct descent *d, struct run *r) {
    size_t first = d->step, shown = d->step;
    struct descent_how how = {r, j->until, EXPLODED * fmax(1, fabs(d->loss->value[0])),
                              s->stop};
    enum descent_end end = DESCENT_ENDED;
    run_rule(r, o->rule);
    run_reserve(r, o->steps);
    if (j->columns) columns_row(s->out, j->columns, d->step);
    if (o->seen) o->seen(o->context, d);
    while (d->step - first < o->steps && end == DESCENT_ENDED) {
        size_t done = d->step - first, n = o->steps - done;
        if (o->seen) n = 1;
        else if (j->columns && o->every - done % o->every < n)
            n = o->every - done % o->every;
        end = descent_go(d, n, &how);
        if (d->step == first + done) break;
        if (j->columns) columns_row(s->out, j->columns, shown = d->step);
        if (o->seen && !o->seen(o->context, d) && end == DESCENT_ENDED) {
            end = DESCENT_STOPPED;
        }
    }
    if (j->columns && shown != d->step) columns_row(s->out, j->columns, d->step);
    if (j->columns) columns_end(s->out, j->columns);
    return end;
}

/* Not every end is the rate's fault: sqrt has no slope at 0. */
static void say_explosion(struct session *s, const struct descend_order *o,
                          const struct job *j, struct descent *d) {
    static const char *const keys[] = {[WHY_SLOPE] = "descend.slope",
                                       [WHY_NUMBER] = "descend.meets",
                                       [WHY_FAR] = "descend.exploded"};
    char step[NUM_SIZE];
    struct buf what = {0};
    double loss = d->loss->value[0];
    bool grown = fabs(loss) > EXPLODED;
    enum descent_why why = grown ? WHY_FAR : descent_why(d, &what, s->out->digits);
    num_format(step, (double)d->step, 15);
    out_say(s->out, keys[why], "name", j->title, "step", step, "loss",
            NUM(s->out, loss), "rate", NUM(s->out, o->rule.rate), "smaller",
            NUM(s->out, o->rule.rate / 10), "what", buf_text(&what), NULL);
    buf_free(&what);
}

static struct error *say_ending(struct session *s, const struct descend_order *o,
                                const struct job *j, struct descent *d,
                                enum descent_end end) {
    char step[NUM_SIZE];
    num_format(step, (double)d->step, 15);
    const char *loss = NUM(s->out, d->loss->value[0]);
    bool might = out_leaves(s->out, false); /* this is said, whatever was left */
    if (end == DESCENT_EXPLODED) {
        say_explosion(s, o, j, d);
    } else if (end == DESCENT_STOPPED) {
        return error_new("stopped-descent", "name", j->title, "step", step, "loss",
                         loss, NULL);
    } else if (o->until) {
        struct buf until = {0};
        expr_print(&until, o->until);
        out_say(s->out, end == DESCENT_MET ? "descend.met" : "descend.not-met", "until",
                buf_text(&until), "step", step, "name", j->title, "loss", loss, NULL);
        buf_free(&until);
    } else if (!o->every && s->interactive && !s->hushed) {
        out_say(s->out, "descend.done", "name", j->title, "step", step, "loss", loss,
                NULL);
    }
    out_leaves(s->out, might);
    return NULL;
}

/* w ← 3 − 0.1·4 = 2.6, for each parameter (the first numbers of a large one). */
static void say_update(struct session *s, const struct job *j, const struct descent *d,
                       const real *before, const real *slopes, double clip) {
    bool plain = d->rule.optimiser->plain;
    double rate = rule_rate(d->rule, d->t - 1);
    struct buf b = {0};
    size_t at = 0;
    for (size_t i = 0; i < d->n_learned; i++) {
        const struct node *p = d->params[i];
        for (size_t k = 0; k < p->size && k < 8; k++) {
            buf_printf(&b, "%s%s%s", out_ink(s->out, OUT_PARAM), p->name,
                       out_ink(s->out, OUT_PLAIN));
            shape_print_index(&b, &p->shape, k);
            real g = slopes[at + k];
            real by = plain ? clip * g : before[at + k] - p->value[k];
            buf_printf(&b, " ← %s − ", NUM(s->out, before[at + k]));
            if (plain) buf_printf(&b, "%s·", NUM(s->out, rate));
            buf_printf(&b, by < 0 ? "(%s)" : "%s", NUM(s->out, by));
            buf_printf(&b, " = %s", NUM(s->out, p->value[k]));
            if (!plain || clip < 1)
                buf_printf(&b, "   (d%s/d%s = %s)", j->title, p->name, NUM(s->out, g));
            buf_add(&b, "\n");
        }
        if (p->size > 8) buf_printf(&b, "  … (%zu)\n", p->size);
        at += p->size;
    }
    out_puts(s->out, buf_text(&b));
    buf_free(&b);
}

static struct error *look_at_step(struct session *s, const struct descend_order *o,
                                  struct job *j, struct descent *d, struct run *r) {
    real *before = mem_alloc(d->n_numbers, sizeof *before);
    real *slopes = mem_alloc(d->n_numbers, sizeof *slopes);
    size_t at = 0;
    for (size_t i = 0; i < d->n_learned; i++) {
        memcpy(before + at, d->params[i]->value, d->params[i]->size * sizeof(real));
        memcpy(slopes + at, d->params[i]->grad, d->params[i]->size * sizeof(real));
        at += d->params[i]->size;
    }
    real loss = d->loss->value[0];
    double clip = descent_clip(d);
    enum descent_end end = go_down(s, o, j, d, r);
    struct error *e = NULL;
    if (end == DESCENT_STOPPED) {
        e = interrupt_stopped();
    } else if (end == DESCENT_EXPLODED) {
        e = say_ending(s, o, j, d, end);
    } else {
        say_update(s, j, d, before, slopes, clip);
        out_printf(s->out, "%s%s%s: %s → %s\n", out_ink(s->out, OUT_LOSS), j->title,
                   out_ink(s->out, OUT_PLAIN), NUM(s->out, loss),
                   NUM(s->out, d->loss->value[0]));
    }
    free(before);
    free(slopes);
    return e;
}

struct error *learning_not_finite(const struct graph *g, const char *title,
                                  int digits) {
    struct buf what = {0};
    struct error *e = unfit_label(g);
    if (!e) e = unfit_gate(g);
    if (!e && unfit_number(g, &what, digits))
        e = error_new("loss-meets", "name", title, "what", buf_text(&what), NULL);
    buf_free(&what);
    return e ? e : error_new("loss-not-finite", "name", title, NULL);
}

/* A batch norm goes by its batch while it learns and by its averages at rest: two E,
 * and the table has the first. */
static void say_at_rest(struct session *s, const struct descend_order *o,
                        const struct job *j) {
    double rest;
    struct error *e = compile_number(s->board, o->loss, &rest);
    if (!e)
        out_say(s->out, "descend.at-rest", "name", j->title, "rest", NUM(s->out, rest),
                NULL);
    error_free(e);
}

struct error *descend_run(struct session *s, const struct descend_order *o) {
    struct job j = {0};
    struct descent d = {0};
    struct error *e = job_open(s, o, &j);
    if (!e) e = descent_open(&d, j.c.graph, j.loss, j.params, j.n_params, o->rule);
    if (!e) {
        descent_look(&d);
        e = interrupt_left() ? interrupt_stopped() : unfit_label(j.c.graph);
        if (!e) e = unfit_shares(j.c.graph, j.loss);
        if (!e && !isfinite(j.loss->value[0]))
            e = learning_not_finite(j.c.graph, j.title, s->out->digits);
        if (!e) {
            struct run *r = learning_open_run(s, &d, j.title, o->extend);
            if (!r) {
                e = interrupt_stopped();
            } else if (o->extend) {
                e = look_at_step(s, o, &j, &d, r);
            } else {
                e = say_ending(s, o, &j, &d, go_down(s, o, &j, &d, r));
            }
            /* where it was stopped, what was learned is kept */
            if (r && (!e || error_is_stop(e))) {
                struct error *lost = learning_keep(s, &d);
                if (lost) error_free(e);
                if (lost) e = lost;
            }
            if (!e && d.n_settling) say_at_rest(s, o, &j);
        }
        descent_close(&d);
    }
    job_close(&j);
    return e;
}

/* ---- commands ---- */

struct error *descend_step_command(struct session *s, const struct stmt *c) {
    struct descend_order o = {.extend = true};
    struct error *e = descend_read(s, c, &o);
    o.steps = 1;
    return e ? e : descend_run(s, &o);
}

struct error *descend_command(struct session *s, const struct stmt *c) {
    struct descend_order o = {0};
    struct error *e = descend_read(s, c, &o);
    return e ? e : descend_run(s, &o);
}

/* Running averages, too, begin where they began. */
static struct error *begin_averages(struct session *s, const struct compiled *c) {
    struct node **averages;
    size_t n = compile_averages(c, &averages);
    for (int i = 0; i < graph_count(c->graph); i++) {
        const struct node *gate = graph_node(c->graph, i);
        if (gate->gate && gate->gate->settle) gate->gate->settle(gate, true);
    }
    return compile_keep(s->board, n, averages);
}

struct error *descend_init_command(struct session *s, const struct stmt *c) {
    const struct expr *loss;
    struct error *e = stmt_expr(c, &loss);
    if (e) return e;
    const struct expr_node *root = &loss->nodes[loss->n - 1];
    const struct expr_node *of =
        root->kind == EXPR_INDEX ? &loss->nodes[root->kids[0]] : root;
    if (of != root && of->kind == EXPR_NAME) {
        char *part = stmt_title(loss);
        e = error_new("init-part", "name", of->name, "part", part, NULL);
        free(part);
        return e;
    }
    struct compiled compiled;
    if ((e = compile_open(&compiled, s->board, loss))) return e;
    struct node **params;
    size_t n = compile_params(&compiled, s->board, &params);
    char *title = stmt_title(loss);
    if (!n) e = no_params(s, title);
    else e = params_init(s, n, params);
    if (!e) e = begin_averages(s, &compiled);
    if (!e) board_set_run(s->board, NULL, 0);
    for (size_t i = 0; i < n && !e && s->interactive; i++) {
        struct buf b = {0};
        buf_add(&b, params[i]->name);
        define_add_value(s, &b, params[i]->name, DEFINE_SHOWN);
        out_printf(s->out, "%s\n", buf_text(&b));
        buf_free(&b);
    }
    free(title);
    compile_close(&compiled);
    return e;
}

struct error *descend_watch_command(struct session *s, const struct stmt *c) {
    for (int i = 0; i < c->n_items; i++) {
        if (!c->items[i].expr) return error_new("wants-exprs", "name", "watch", NULL);
        struct shape shape;
        struct error *e = compile_shape(s->board, c->items[i].expr, &shape);
        if (e) return e;
    }
    struct board_state *state = board_change_state(s->board);
    for (int i = 0; i < state->n_watch; i++) expr_unref(state->watch[i]);
    free(state->watch);
    state->watch =
        c->n_items ? mem_alloc((size_t)c->n_items, sizeof *state->watch) : NULL;
    state->n_watch = c->n_items;
    for (int i = 0; i < c->n_items; i++) state->watch[i] = expr_ref(c->items[i].expr);
    if (!c->n_items && s->interactive) out_say(s->out, "watch.default", NULL);
    return NULL;
}

bool descend_offer(struct session *s, const char *before, struct offer *to) {
    (void)s;
    if (!before || strcmp(before, "with") != 0) return false;
    for (size_t i = 0; i < optimiser_count(); i++)
        offer_word(to, optimiser_at(i)->name);
    return true;
}
