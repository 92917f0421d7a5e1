#include "learning/epochs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/units.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "engine/descent.h"
#include "engine/unfit.h"
#include "learning/batched.h"
#include "learning/batches.h"
#include "learning/learning_inside.h"
#include "learning/rule.h"
#include "text/number.h"
#include "text/picture.h"
#include "text/table.h"
#include "train/train.h"

#define COUNT_MOST 1e9

/* ---- the order ---- */

static struct error *read_penalty(struct session *s, const struct stmt *c,
                                  double *out) {
    struct error *e = stmt_number(s, c, "penalty", 0, out);
    if (e || (isfinite(*out) && *out >= 0)) return e;
    return error_at(error_new("penalty-negative", "value", NUM(s->out, *out), NULL),
                    c->at);
}

static struct error *read_order(struct session *s, const struct stmt *c,
                                struct batched *t) {
    struct error *e = stmt_expr(c, &t->loss);
    if (e) return e;
    t->title = stmt_title(t->loss);
    const struct def *x = board_get(s->board, "X");
    bool few = x && x->shape.n && x->shape.dim[0] < 32;
    t->epochs = 10;
    t->batch = few ? x->shape.dim[0] : 32;
    e = stmt_whole(s, c, "epochs", 1, COUNT_MOST, &t->epochs);
    if (!e) e = stmt_whole(s, c, "batch", 1, COUNT_MOST, &t->batch);
    if (!e) e = stmt_whole(s, c, "patience", 1, COUNT_MOST, &t->patience);
    if (!e) e = rule_read(s, c, NULL, true, &t->rule);
    if (!e) e = read_penalty(s, c, &t->penalty);
    /* each update multiplies a weight by 1 − rate·penalty */
    if (e || !t->rule.optimiser->plain || t->rule.rate * t->penalty <= 2) return e;
    return error_at(error_new("penalty-far", "rate", NUM(s->out, t->rule.rate),
                              "penalty", NUM(s->out, t->penalty), "factor",
                              NUM(s->out, 1 - t->rule.rate * t->penalty), NULL),
                    c->at);
}

/* ---- telling ---- */

/* [#######       ] 3/5  0:12 left, redrawn in place; only on a terminal. */
static void say_progress(struct session *s, const struct batched *t, size_t epoch,
                         size_t row, double began, double loss) {
    enum { BAR = 24, TITLE = 16, NARROW = 60 };
    double done =
        ((double)epoch + (double)row / (double)t->data.train.rows) / (double)t->epochs;
    double left = (clock_seconds() - began) * (1 - done) / done;
    char bar[BAR + 1];
    int columns = s->out->width < NARROW ? BAR / 3 : BAR;
    for (int i = 0; i < columns; i++)
        bar[i] = i < (int)(done * (double)columns) ? '#' : ' ';
    bar[columns] = '\0';
    char time[UNITS_SIZE];
    char *ahead =
        out_sentence(s->out, "train.left", "time", units_time(time, left), NULL);
    const char *title = utf8_width(t->title) > TITLE ? "…" : t->title;
    struct buf line = {0}, safe = {0};
    buf_printf(&line, "[%s] %zu/%zu  %s = %.5g  %s ", bar, epoch + 1, t->epochs, title,
               loss, ahead);
    utf8_add_line(&safe, buf_text(&line));
    const char *text = buf_text(&safe);
    out_control(s->out, "\r%.*s", (int)utf8_fit(text, s->out->width - 1), text);
    out_flush(s->out);
    buf_free(&line);
    buf_free(&safe);
    free(ahead);
}

static void clear_progress(struct session *s) {
    if (s->out->moves) out_control(s->out, "\r\033[K");
}

static void cell(struct session *s, char *to, size_t n, double v, bool percent) {
    if (isnan(v)) snprintf(to, n, "%s", "");
    else if (percent) snprintf(to, n, "%.1f %%", 100 * v);
    else snprintf(to, n, "%s", NUM(s->out, v));
}

/* Columns of fixed width, so that rows can be printed as they come: as wide as a number
 * may be (-1.23457e-300). */
static void say_row(struct session *s, struct out_table *t,
                    const char *const cells[5]) {
    enum { FIRST = 6 };
    int digits = s->out->digits > 6 ? s->out->digits : 6;
    table_put(s->out, t, cells[0], OUT_PLAIN, FIRST);
    for (int i = 1; i < 5; i++) {
        int columns = (i < 3 ? digits : 6) + 7;
        if (cells[i]) table_put(s->out, t, cells[i], OUT_PLAIN, columns);
    }
    table_end_row(s->out, t);
    out_flush(s->out);
    out_wait(s->out, 0);
}

/* The table, its heads said. */
static struct out_table *say_heads(struct session *s, const struct batched *t) {
    static const char *const keys[] = {"train.epoch", "train.loss", "train.loss-test",
                                       "train.accuracy", "train.accuracy-test"};
    char *heads[5];
    for (int i = 0; i < 5; i++)
        heads[i] = out_sentence(s->out, keys[i], "name", t->title, NULL);
    bool test = t->data.test.rows, classes = t->output;
    struct out_table *table = table_new(2 + test + classes + (classes && test));
    say_row(
        s, table,
        (const char *[]){heads[0], heads[1], test ? heads[2] : NULL,
                         classes ? heads[3] : NULL, classes && test ? heads[4] : NULL});
    for (int i = 0; i < 5; i++) free(heads[i]);
    return table;
}

static void say_epoch(struct session *s, struct out_table *table,
                      const struct batched *t, size_t epoch, struct score train,
                      struct score test) {
    char n[24], cells[4][40];
    snprintf(n, sizeof n, "%zu", epoch);
    cell(s, cells[0], sizeof cells[0], train.loss, false);
    cell(s, cells[1], sizeof cells[1], test.loss, false);
    cell(s, cells[2], sizeof cells[2], train.accuracy, true);
    cell(s, cells[3], sizeof cells[3], test.accuracy, true);
    bool has_test = t->data.test.rows;
    say_row(s, table,
            (const char *[]){n, cells[0], has_test ? cells[1] : NULL,
                             t->output ? cells[2] : NULL,
                             t->output && has_test ? cells[3] : NULL});
}

/* What was learned is numbers still: the last batch's update is in no loss yet. */
static bool all_finite(const struct batched *t) {
    for (size_t i = 0; i < t->n_params; i++) {
        for (size_t k = 0; k < t->params[i]->size; k++) {
            if (!isfinite(t->params[i]->value[k])) return false;
        }
    }
    return true;
}

/* ---- the record ---- */

static void record(struct run *r, const struct batched *t, real *numbers, size_t epoch,
                   struct score train, struct score test) {
    size_t at = 0;
    for (size_t i = 0; i < t->n_params; at += t->params[i++]->size) {
        memcpy(numbers + at, t->params[i]->value, t->params[i]->size * sizeof(real));
    }
    run_add(r, epoch, train.loss, numbers);
    run_see(r, (real[]){test.loss, train.accuracy, test.accuracy});
}

/* ---- the loop ---- */

/* rows shown at most; epochs that are all looked at */
enum { ROWS = 20, LOOKED_AT = 100 };

/* A loss so many times its start (or 1) goes nowhere any more. */
static const double grown = 1e6;

enum ending { ENDED, STOPPED, EXPLODED, GROWN, PATIENCE };

/* One epoch; *loss: the mean over the batches as they were learnt. */
static enum ending run_epoch(struct session *s, struct batched *t, size_t epoch,
                             double began, double *loss) {
    double sum = 0, shown = 0;
    train_rate(t->train, rule_rate(t->rule, epoch));
    size_t rows = t->data.train.rows, seen = 0;
    bool bar = s->out->moves;
    batches_shuffle(&t->data, board_state(s->board)->seed, epoch + 1);
    for (size_t at = 0; at < rows; at += t->batch) {
        size_t n = batches_take(&t->data, at);
        t->in_hand = n;
        double batch = (double)train_batch(t->train, t->data.x, t->data.y, n);
        if (session_stopped(s)) break;
        if (!isfinite(batch)) return EXPLODED;
        sum += batch * (double)n;
        seen += n;
        if (bar && clock_seconds() - shown > 0.1) {
            shown = clock_seconds();
            say_progress(s, t, epoch, at + n, began, sum / (double)seen);
        }
    }
    if (seen) *loss = sum / (double)seen;
    return seen < rows ? STOPPED : ENDED;
}

/* Looks at all rows, where they are shown or somebody waits for the best of them; or
 * false. */
static bool look_after(struct session *s, struct batched *t, bool shown,
                       enum ending *end, struct score *train, struct score *test) {
    bool looks = *end == ENDED && (shown || t->epochs <= LOOKED_AT || t->patience);
    if (looks) {
        struct score seen = batched_look(s, t, &t->data.train);
        *test = batched_look(s, t, &t->data.test);
        if (session_stopped(s)) *end = STOPPED;
        else *train = seen;
    }
    looks &= *end == ENDED;
    if (!looks) {
        train->accuracy = NAN;
        *test = (struct score){NAN, NAN};
    }
    return looks;
}

/* A run in the making. */
struct going {
    enum ending end;
    size_t epoch, best_epoch;
    double best, first, last; /* test loss; training loss at the start, and now */
    float *good;              /* what is gone back to: the best, or the last */
};

/* ---- no number any more: whose fault is it? ---- */

/* The batch in hand, in double, with the weights of now. */
static void put_in(const struct batched *t, struct batched *in) {
    train_store(t->train);
    for (size_t i = 0; i < t->n_params; i++)
        memcpy(in->params[i]->value, t->params[i]->value,
               t->params[i]->size * sizeof(real));
    for (size_t i = 0; i < in->x->size; i++) in->x->value[i] = (real)t->data.x[i];
    for (size_t i = 0; in->y && i < in->y->size; i++)
        in->y->value[i] = (real)t->data.y[i];
}

/* The gate where it began, with the numbers put in: 0/0 in a batch of one row; or, from
 * the weights of before, one whose slope is no number. */
static enum descent_why why_exploded(struct session *s, struct batched *t,
                                     const struct going *g, struct buf *what) {
    struct batched one = {.loss = t->loss,
                          .title = mem_copy(t->title),
                          .batch = t->in_hand,
                          .rule = {.optimiser = optimiser_find("sgd")},
                          .measures = t->measures};
    enum descent_why why = WHY_FAR;
    struct error *e = batched_open(s, &one);
    if (!e) {
        put_in(t, &one);
        graph_forward(one.c.graph);
        if (unfit_number(one.c.graph, what, s->out->digits)) why = WHY_NUMBER;
    }
    if (!e && why == WHY_FAR)
        e = graph_want(one.c.graph, one.c.root, one.params, (int)one.n_params);
    if (!e && why == WHY_FAR) {
        buf_clear(what);
        train_load_state(t->train, g->good);
        put_in(t, &one);
        graph_forward(one.c.graph);
        graph_backward(one.c.graph, one.c.root);
        if (unfit_slope(one.c.graph, what, s->out->digits)) why = WHY_SLOPE;
    }
    batched_close(&one);
    error_free(e);
    return why;
}

static struct error *say_ending(struct session *s, const struct batched *t,
                                const struct going *g, enum descent_why why,
                                const char *what) {
    static const char *const exploded[] = {[WHY_SLOPE] = "train.slope",
                                           [WHY_NUMBER] = "train.meets",
                                           [WHY_FAR] = "train.exploded"};
    char n[24], at[24], loss[NUM_SIZE], rate[NUM_SIZE], smaller[NUM_SIZE];
    snprintf(n, sizeof n, "%zu", g->epoch);
    snprintf(at, sizeof at, "%zu", g->best_epoch);
    bool far = g->end == GROWN;
    snprintf(loss, sizeof loss, "%s", NUM(s->out, far ? g->last : g->best));
    snprintf(rate, sizeof rate, "%s", NUM(s->out, t->rule.rate));
    snprintf(smaller, sizeof smaller, "%s",
             NUM(s->out, t->rule.rate > 1 ? 0.1 : t->rule.rate / 10));
    if (g->best_epoch < g->epoch && t->patience && g->end != PATIENCE)
        out_say(s->out, "train.best", "best", at, "loss", loss, NULL);
    switch (g->end) {
        case ENDED: break;
        case STOPPED: return error_new("stopped-training", "epoch", n, NULL);
        case PATIENCE:
        case EXPLODED:
        case GROWN:
            out_say(s->out,
                    far                  ? "train.grown"
                    : g->end == PATIENCE ? "train.patience"
                                         : exploded[why],
                    "name", t->title, "what", what, "epoch", n, "best", at, "loss",
                    loss, "rate", rate, "smaller", smaller, NULL);
    }
    return NULL;
}

/* The penalty is for weights that multiply many inputs; biases and single numbers stay
 * out of it. */
static void say_spared(struct session *s, const struct batched *t) {
    bool none = t->penalty > 0;
    for (size_t i = 0; i < t->n_params; i++) none &= t->params[i]->shape.n < 2;
    if (none) out_say(s->out, "train.penalty-none", NULL);
}

/* Before anything is learned: the loss must be a number. */
static struct error *check_start(struct session *s, const struct batched *t,
                                 double loss) {
    if (session_stopped(s)) return interrupt_stopped();
    if (isfinite(loss)) return NULL;
    struct compiled c;
    struct error *e = compile_open(&c, s->board, t->loss); /* in double, on all rows */
    if (!e) {
        graph_forward(c.graph);
        e = learning_not_finite(c.graph, t->title, s->out->digits);
        compile_close(&c);
    }
    return e;
}

/* After an epoch: is it the best yet, and is that enough? */
static void settle_epoch(struct batched *t, struct going *g, double test) {
    bool known = g->end != STOPPED || !t->patience;
    if (known && (test < g->best || isnan(test))) {
        g->best = test;
        g->best_epoch = g->epoch;
    }
    if (!t->patience || g->best_epoch == g->epoch) train_save_state(t->train, g->good);
    if (t->patience && g->epoch - g->best_epoch >= t->patience && g->end == ENDED)
        g->end = PATIENCE;
    if (g->end == ENDED && g->last > grown * fmax(fabs(g->first), 1)) g->end = GROWN;
}

/* The weights that are left: with patience the best, else the last that were good. */
static void leave_weights(struct batched *t, const struct going *g) {
    bool back = t->patience && g->best_epoch < g->epoch;
    if (!back && g->end != EXPLODED) return;
    train_load_state(t->train, g->good);
    train_store(t->train);
}

static struct error *train_all(struct session *s, struct batched *t) {
    size_t numbers = 0;
    for (size_t i = 0; i < t->n_params; i++) numbers += t->params[i]->size;
    struct run *r = run_new(t->title, t->n_params, t->params, 0, true);
    real *row = mem_alloc(numbers, sizeof *row);
    float *good = mem_alloc(train_state_size(t->train), sizeof *good);
    double began = clock_seconds();
    size_t every = (t->epochs + ROWS - 1) / ROWS;
    r->taught = (struct taught){t->rule, t->batch, t->epochs, t->penalty};
    train_save_state(t->train, good);
    struct score train = batched_look(s, t, &t->data.train),
                 test = batched_look(s, t, &t->data.test);
    struct going g = {ENDED,      0,          0,   t->patience ? test.loss : INFINITY,
                      train.loss, train.loss, good};
    struct error *e = check_start(s, t, train.loss);
    record(r, t, row, 0, train, test);
    if (e) {
        free(good);
        free(row);
        run_unref(r);
        return e;
    }
    say_spared(s, t);
    out_hold(s->out);
    struct out_table *table = say_heads(s, t);
    say_epoch(s, table, t, 0, train, test);
    out_release(s->out);
    while (g.epoch < t->epochs && g.end == ENDED) {
        g.end = run_epoch(s, t, g.epoch, began, &train.loss);
        clear_progress(s);
        if (g.end == EXPLODED) break;
        train_store(t->train);
        if (!all_finite(t)) g.end = EXPLODED;
        if (g.end == EXPLODED) break;
        g.epoch++;
        bool shown = g.epoch % every == 0 || g.epoch == t->epochs || g.end == STOPPED;
        bool looked = look_after(s, t, shown, &g.end, &train, &test);
        if (looked && !isfinite(train.loss)) {
            g.end = EXPLODED;
            g.epoch--;
            break;
        }
        g.last = train.loss;
        /* what the batches were before their updates is no loss of these weights */
        record(r, t, row, g.epoch, looked ? train : (struct score){NAN, NAN}, test);
        settle_epoch(t, &g, test.loss);
        if (shown || g.end == GROWN) say_epoch(s, table, t, g.epoch, train, test);
    }
    struct buf what = {0};
    enum descent_why why = g.end == EXPLODED ? why_exploded(s, t, &g, &what) : WHY_FAR;
    leave_weights(t, &g);
    table_end(s->out, table, 1);
    table_free(table);
    struct error *stopped = say_ending(s, t, &g, why, buf_text(&what));
    e = compile_keep(s->board, t->n_params, t->params);
    board_set_run(s->board, r, e ? 0 : t->patience ? g.best_epoch : g.epoch);
    if (!e) e = stopped;
    else error_free(stopped);
    buf_free(&what);
    free(good);
    free(row);
    return e;
}

struct error *epochs_train_command(struct session *s, const struct stmt *c) {
    struct batched t = {0};
    struct error *e = read_order(s, c, &t);
    if (!e) e = batched_open(s, &t);
    if (!e) e = train_all(s, &t);
    batched_close(&t);
    return error_at(e, c->at);
}
