#include "learning/epochs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/units.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "learning/batched.h"
#include "learning/batches.h"
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
    return e ? e : read_penalty(s, c, &t->penalty);
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

enum ending { ENDED, STOPPED, EXPLODED, PATIENCE };

/* One epoch; *loss: the mean over the batches as they were learnt. */
static enum ending run_epoch(struct session *s, struct batched *t, size_t epoch,
                             double began, double *loss) {
    double sum = 0, shown = 0;
    size_t rows = t->data.train.rows, seen = 0;
    bool bar = s->out->moves;
    batches_shuffle(&t->data, board_state(s->board)->seed, epoch + 1);
    for (size_t at = 0; at < rows; at += t->batch) {
        size_t n = batches_take(&t->data, at);
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

static struct error *say_ending(struct session *s, const struct batched *t,
                                enum ending end, size_t epoch, double best,
                                size_t best_epoch) {
    char n[24], at[24];
    snprintf(n, sizeof n, "%zu", epoch);
    snprintf(at, sizeof at, "%zu", best_epoch);
    if (end == STOPPED) return error_new("stopped-training", "epoch", n, NULL);
    if (end == PATIENCE) {
        out_say(s->out, "train.patience", "epoch", n, "best", at, "loss",
                NUM(s->out, best), NULL);
    }
    if (end == EXPLODED) {
        out_say(s->out, "train.exploded", "name", t->title, "epoch", n, "rate",
                NUM(s->out, t->rule.rate), "smaller",
                NUM(s->out, t->rule.rate > 1 ? 0.1 : t->rule.rate / 10), NULL);
    }
    return NULL;
}

static struct error *train_all(struct session *s, struct batched *t) {
    size_t numbers = 0;
    for (size_t i = 0; i < t->n_params; i++) numbers += t->params[i]->size;
    struct run *r = run_new(t->title, t->n_params, t->params, 0, true);
    real *row = mem_alloc(numbers, sizeof *row);
    float *good = mem_alloc(train_state_size(t->train), sizeof *good);
    double began = clock_seconds(), best = INFINITY;
    size_t best_epoch = 0, epoch = 0, every = (t->epochs + ROWS - 1) / ROWS;
    enum ending end = ENDED;
    r->taught = (struct taught){t->rule, t->batch, t->epochs, t->penalty};
    train_save_state(t->train, good);
    struct score train = batched_look(s, t, &t->data.train),
                 test = batched_look(s, t, &t->data.test);
    record(r, t, row, 0, train, test);
    if (session_stopped(s)) { /* before anything was learned */
        free(good);
        free(row);
        run_unref(r);
        return error_new("stopped", NULL);
    }
    out_hold(s->out);
    struct out_table *table = say_heads(s, t);
    say_epoch(s, table, t, 0, train, test);
    out_release(s->out);
    while (epoch < t->epochs && end == ENDED) {
        end = run_epoch(s, t, epoch, began, &train.loss);
        clear_progress(s);
        if (end == EXPLODED) { /* the last good weights stay */
            train_load_state(t->train, good);
            train_store(t->train);
            break;
        }
        epoch++;
        bool shown = epoch % every == 0 || epoch == t->epochs || end == STOPPED;
        if (end == ENDED && (shown || t->epochs <= LOOKED_AT || t->patience)) {
            struct score seen = batched_look(s, t, &t->data.train);
            test = batched_look(s, t, &t->data.test);
            if (session_stopped(s)) end = STOPPED;
            else train = seen;
        }
        if (end == STOPPED) { /* nobody has looked since */
            train.accuracy = NAN;
            test = (struct score){NAN, NAN};
        }
        train_store(t->train);
        record(r, t, row, epoch, train, test);
        if (shown) say_epoch(s, table, t, epoch, train, test);
        if (test.loss < best || isnan(test.loss)) best = test.loss, best_epoch = epoch;
        if (!t->patience || best_epoch == epoch) train_save_state(t->train, good);
        if (t->patience && epoch - best_epoch >= t->patience && end == ENDED) {
            end = PATIENCE;
            train_load_state(t->train, good);
            train_store(t->train);
        }
    }
    table_end(s->out, table, 1);
    table_free(table);
    struct error *stopped = say_ending(s, t, end, epoch, best, best_epoch);
    struct error *e = compile_keep(s->board, t->n_params, t->params);
    board_set_run(s->board, r, e ? 0 : end == PATIENCE ? best_epoch : epoch);
    if (!e) e = stopped;
    else error_free(stopped);
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
