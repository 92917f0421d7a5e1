#include "learning/epochs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/memory_left.h"
#include "base/utf8.h"
#include "engine/gates.h"
#include "learning/batches.h"
#include "text/number.h"
#include "text/picture.h"
#include "text/table.h"
#include "train/train.h"

/* ---- the order ---- */

struct training {
    const struct expr *loss;
    char *title;
    size_t epochs, batch, patience; /* patience 0: none */
    struct rule rule;
    double penalty;
    struct batches data;
    struct compiled c;
    struct train *train;
    struct node *output; /* what y is compared with, where that is classes; or NULL */
    struct node **params;
    size_t n_params, classes;
    float *answers; /* output of one batch */
};

static struct error *count(struct session *s, const struct stmt *c, const char *word,
                           double least, double otherwise, size_t *out) {
    double v;
    struct error *e = stmt_number(s, c, word, otherwise, &v);
    if (e) return e;
    *out = (size_t)otherwise;
    if (!stmt_clause(c, word)) return NULL;
    if (!(v >= least && v <= 1e9) || v != floor(v)) {
        return error_at(
            error_new("not-a-count", "word", word, "value", NUM(s->out, v), NULL),
            stmt_clause(c, word)->at);
    }
    *out = (size_t)v;
    return NULL;
}

static struct error *read_rule(struct session *s, const struct stmt *c,
                               struct training *t) {
    const struct clause *with = stmt_clause(c, "with");
    t->rule.optimiser = optimiser_find(with ? with->name : "sgd");
    if (!t->rule.optimiser) {
        return error_at(error_new("unknown-optimiser", "name", with->name, "known",
                                  "sgd, momentum, adam", NULL),
                        with->at);
    }
    t->rule.setting = t->rule.optimiser->setting;
    struct error *e = NULL;
    if (with && with->value)
        e = compile_number(s->board, with->value, &t->rule.setting);
    bool adam = strcmp(t->rule.optimiser->name, "adam") == 0;
    if (!e) e = stmt_number(s, c, "rate", adam ? 0.001 : 0.1, &t->rule.rate);
    if (!e) e = stmt_number(s, c, "penalty", 0, &t->penalty);
    if (!e && !(t->rule.rate >= 0 && isfinite(t->rule.rate))) {
        e = error_at(
            error_new("rate-negative", "value", NUM(s->out, t->rule.rate), NULL),
            c->at);
    }
    if (!e && !(t->penalty >= 0 && isfinite(t->penalty))) {
        e = error_at(
            error_new("penalty-negative", "value", NUM(s->out, t->penalty), NULL),
            c->at);
    }
    return e;
}

static struct error *read_order(struct session *s, const struct stmt *c,
                                struct training *t) {
    struct error *e = stmt_expr(c, &t->loss);
    if (e) return e;
    t->title = stmt_title(t->loss);
    const struct def *x = board_get(s->board, "X");
    bool few = x && x->shape.n && x->shape.dim[0] < 32;
    e = count(s, c, "epochs", 1, 10, &t->epochs);
    if (!e) e = count(s, c, "batch", 1, few ? (double)x->shape.dim[0] : 32, &t->batch);
    if (!e) e = count(s, c, "patience", 1, 0, &t->patience);
    return e ? e : read_rule(s, c, t);
}

/* ---- the graph of a batch ---- */

/* Classes: the loss compares rows of answers with class numbers. */
static void find_output(struct training *t) {
    const struct node *loss = t->c.root;
    const char *gate = loss->gate ? loss->gate->name : "";
    bool binary = strcmp(gate, "binary_cross_entropy") == 0;
    if (!binary && strcmp(gate, "cross_entropy") != 0) return;
    const struct shape *rows = &loss->in[0]->shape;
    if (!rows->n || rows->dim[0] != t->batch) return;
    /* several yes or no in a row */
    if (binary && loss->in[0]->size != t->batch) return;
    t->output = loss->in[0];
    t->classes = binary ? 1 : rows->dim[1];
}

/* Class numbers that are no class of this net are told before the run, not as nan.
 * *top: the largest, at least what it was. */
static struct error *check_labels(const struct training *t, const struct part *p,
                                  double *top) {
    if (!t->output || !p->y || t->data.y_row != 1) return NULL;
    double most = t->classes > 1 ? (double)t->classes - 1 : 1;
    const struct tensor *answers = def_tensor(p->y);
    for (size_t i = 0; i < p->rows; i++) {
        double y = answers->data[i];
        if (y > *top) *top = y;
        if (y >= 0 && y <= most && (t->classes == 1 || y == floor(y))) continue;
        char row[24], label[40], last[24];
        snprintf(row, sizeof row, "%zu", i);
        snprintf(label, sizeof label, "%.6g", y);
        snprintf(last, sizeof last, "%.0f", most);
        return error_new("label-outside", "row", row, "label", label, "last", last,
                         NULL);
    }
    return NULL;
}

/* Neither fewer neurons in the last layer than the data has classes, nor more. */
static struct error *check_classes(const struct training *t, bool exactly) {
    double top = 0;
    struct error *e = check_labels(t, &t->data.train, &top);
    if (!e) e = check_labels(t, &t->data.test, &top);
    if (e || !exactly || !t->output || t->data.y_row != 1 || t->classes < 2) return e;
    if (top + 1 >= (double)t->classes) return NULL;
    char outputs[24], classes[24], last[24];
    snprintf(outputs, sizeof outputs, "%zu", t->classes);
    snprintf(classes, sizeof classes, "%.0f", top + 1);
    snprintf(last, sizeof last, "%.0f", top);
    return error_new("outputs-unused", "outputs", outputs, "classes", classes, "last",
                     last, NULL);
}

/* Numbers of the batch's graph, in double and twice in float; of each parameter, on the
 * board and in the graph, in float with its gradient and the optimiser's, the last good
 * state, and at least four rows of the record. */
static struct error *check_memory(struct session *s, const struct training *t,
                                  struct compile_instead *instead, int n) {
    struct compiled c;
    struct error *e = compile_instead_shapes(&c, s->board, t->loss, instead, n);
    if (e) return e;
    double numbers = 0, params = 0, state = (double)t->rule.optimiser->state;
    for (int i = 0; i < graph_count(c.graph); i++) {
        const struct node *node = graph_node(c.graph, i);
        if (node->param) params += (double)node->size;
        else numbers += (double)node->size;
    }
    compile_close(&c);
    double of_param =
        2 * sizeof(real) + (3 + 2 * state) * sizeof(float) + 5 * sizeof(real);
    double bytes = numbers * (sizeof(real) + 2 * sizeof(float)) + params * of_param;
    return memory_left_for(bytes);
}

static struct error *compile_batch(struct session *s, struct training *t) {
    const struct part *p = &t->data.train;
    struct compile_instead instead[2] = {{"X", batches_shape(p->x, t->batch), NULL}};
    if (p->y)
        instead[1] = (struct compile_instead){"y", batches_shape(p->y, t->batch), NULL};
    struct error *e = check_memory(s, t, instead, p->y ? 2 : 1);
    if (!e) e = compile_instead(&t->c, s->board, t->loss, instead, p->y ? 2 : 1);
    if (e) return e;
    if (t->c.root->size != 1) {
        struct buf shape = {0};
        shape_print(&shape, &t->c.root->shape);
        e = error_new("not-one-number", "name", t->title, "shape", buf_text(&shape),
                      NULL);
        buf_free(&shape);
        return e;
    }
    t->n_params = compile_params(&t->c, s->board, &t->params);
    if (!t->n_params) return error_new("no-params", "name", t->title, NULL);
    if (!graph_depends(t->c.graph, t->c.root, instead[0].leaf)) {
        return error_new("train-no-data", "name", t->title, NULL);
    }
    find_output(t);
    if ((e = check_classes(t, t->epochs > 0))) return e; /* `test` teaches nothing */
    if (t->output) t->answers = mem_alloc(t->output->size, sizeof *t->answers);
    struct train_how how = {.graph = t->c.graph,
                            .loss = t->c.root,
                            .output = t->output,
                            .x = instead[0].leaf,
                            .y = p->y ? instead[1].leaf : NULL,
                            .params = t->params,
                            .n_params = t->n_params,
                            .batch = t->batch,
                            .rule = t->rule,
                            .penalty = t->penalty,
                            .seed = board_state(s->board)->seed,
                            .threads = s->threads};
    return train_open(&t->train, &how);
}

static struct error *training_open(struct session *s, struct training *t) {
    struct error *e = batches_open(&t->data, s, t->batch);
    if (!e && t->patience && !t->data.test.rows)
        e = error_new("patience-no-test", NULL);
    return e ? e : compile_batch(s, t);
}

static void training_close(struct training *t) {
    if (t->train) train_close(t->train);
    if (t->c.graph) compile_close(&t->c);
    batches_close(&t->data);
    free(t->answers);
    free(t->title);
}

/* ---- looking ---- */

struct score {
    double loss, accuracy; /* nan where there is none */
};

static size_t answer_of(const struct training *t, size_t row) {
    const float *o = t->answers + row * t->classes;
    size_t best = 0;
    if (t->classes == 1) return o[0] >= 0.5f;
    for (size_t c = 1; c < t->classes; c++) best = o[c] > o[best] ? c : best;
    return best;
}

/* The right class of a row of the batch in hand: a number, or the largest of
 * one-hot. */
static size_t truth_of(const struct training *t, size_t row) {
    const float *y = t->data.y + row * t->data.y_row;
    size_t best = 0;
    if (t->data.y_row == 1) return (size_t)(y[0] + (t->classes == 1 ? 0.5f : 0));
    for (size_t c = 1; c < t->data.y_row; c++) best = y[c] > y[best] ? c : best;
    return best;
}

static struct score look(struct session *s, struct training *t, const struct part *p) {
    double loss = 0, right = 0;
    if (!p->rows) return (struct score){NAN, NAN};
    for (size_t at = 0; at < p->rows && !session_stopped(s); at += t->batch) {
        size_t rows = batches_take_of(&t->data, p, at);
        loss += (double)rows *
                (double)train_look(t->train, t->data.x, t->data.y, rows, t->answers);
        for (size_t i = 0; t->output && i < rows; i++) {
            right += answer_of(t, i) == truth_of(t, i);
        }
    }
    return (struct score){loss / (double)p->rows,
                          t->output ? right / (double)p->rows : NAN};
}

/* ---- telling ---- */

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* [#######       ] 3/5  0:12 left, redrawn in place; only on a terminal. */
static void say_progress(struct session *s, const struct training *t, size_t epoch,
                         size_t row, double began, double loss) {
    enum { BAR = 24, TITLE = 16 };
    double done =
        ((double)epoch + (double)row / (double)t->data.train.rows) / (double)t->epochs;
    double left = (seconds() - began) * (1 - done) / done;
    char bar[BAR + 1];
    for (int i = 0; i < BAR; i++) bar[i] = i < (int)(done * BAR) ? '#' : ' ';
    bar[BAR] = '\0';
    char time[24];
    snprintf(time, sizeof time, "%d:%02d", (int)left / 60, (int)left % 60);
    char *ahead = out_sentence(s->out, "train.left", "time", time, NULL);
    const char *title = utf8_width(t->title) > TITLE ? "…" : t->title;
    out_printf(s->out, "\r[%s] %zu/%zu  %s = %.5g  %s ", bar, epoch + 1, t->epochs,
               title, loss, ahead);
    out_flush(s->out);
    free(ahead);
}

static void clear_progress(struct session *s) {
    if (s->out->terminal && !s->out->plain) out_puts(s->out, "\r\033[K");
}

static void cell(struct session *s, char *to, size_t n, double v, bool percent) {
    if (isnan(v)) snprintf(to, n, "%s", "");
    else if (percent) snprintf(to, n, "%.1f %%", 100 * v);
    else snprintf(to, n, "%s", NUM(s->out, v));
}

/* Columns of fixed width, so that rows can be printed as they come. */
static void say_row(struct session *s, const char *const cells[5]) {
    for (int i = 0; i < 5; i++) {
        if (!cells[i]) continue;
        out_pad(s->out, cells[i], i ? 15 : 6, true);
    }
    out_puts(s->out, "\n");
    out_flush(s->out);
}

static void say_heads(struct session *s, const struct training *t) {
    static const char *const keys[] = {"train.epoch", "train.loss", "train.loss-test",
                                       "train.accuracy", "train.accuracy-test"};
    char *heads[5];
    for (int i = 0; i < 5; i++)
        heads[i] = out_sentence(s->out, keys[i], "name", t->title, NULL);
    bool test = t->data.test.rows, classes = t->output;
    say_row(s, (const char *[]){heads[0], heads[1], test ? heads[2] : NULL,
                                classes ? heads[3] : NULL,
                                classes && test ? heads[4] : NULL});
    for (int i = 0; i < 5; i++) free(heads[i]);
}

static void say_epoch(struct session *s, const struct training *t, size_t epoch,
                      struct score train, struct score test) {
    char n[24], cells[4][40];
    snprintf(n, sizeof n, "%zu", epoch);
    cell(s, cells[0], sizeof cells[0], train.loss, false);
    cell(s, cells[1], sizeof cells[1], test.loss, false);
    cell(s, cells[2], sizeof cells[2], train.accuracy, true);
    cell(s, cells[3], sizeof cells[3], test.accuracy, true);
    bool has_test = t->data.test.rows;
    say_row(s, (const char *[]){n, cells[0], has_test ? cells[1] : NULL,
                                t->output ? cells[2] : NULL,
                                t->output && has_test ? cells[3] : NULL});
}

/* ---- the record ---- */

static void keep_params(struct session *s, const struct training *t) {
    for (size_t i = 0; i < t->n_params; i++) {
        const struct node *p = t->params[i];
        struct def *d = def_copy(board_get(s->board, p->name));
        tensor_unref(d->value);
        d->value = tensor_zeros(p->shape);
        memcpy(d->value->data, p->value, p->size * sizeof(real));
        board_set(s->board, p->name, d);
    }
}

static void record(struct run *r, const struct training *t, real *numbers, size_t epoch,
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
static enum ending run_epoch(struct session *s, struct training *t, size_t epoch,
                             double began, double *loss) {
    double sum = 0, shown = 0;
    size_t rows = t->data.train.rows, seen = 0;
    bool bar = s->out->terminal && !s->out->plain;
    batches_shuffle(&t->data, board_state(s->board)->seed, epoch + 1);
    for (size_t at = 0; at < rows; at += t->batch) {
        size_t n = batches_take(&t->data, at);
        double batch = (double)train_batch(t->train, t->data.x, t->data.y, n);
        if (!isfinite(batch)) return EXPLODED;
        sum += batch * (double)n;
        seen += n;
        if (session_stopped(s)) break;
        if (bar && seconds() - shown > 0.1) {
            shown = seconds();
            say_progress(s, t, epoch, at + n, began, sum / (double)seen);
        }
    }
    *loss = sum / (double)seen;
    return seen < rows ? STOPPED : ENDED;
}

static void say_ending(struct session *s, const struct training *t, enum ending end,
                       size_t epoch, double best, size_t best_epoch) {
    char n[24], at[24];
    snprintf(n, sizeof n, "%zu", epoch);
    snprintf(at, sizeof at, "%zu", best_epoch);
    if (end == STOPPED) out_say(s->out, "train.stopped", "epoch", n, NULL);
    if (end == PATIENCE) {
        out_say(s->out, "train.patience", "epoch", n, "best", at, "loss",
                NUM(s->out, best), NULL);
    }
    if (end == EXPLODED) {
        out_say(s->out, "train.exploded", "name", t->title, "epoch", n, "rate",
                NUM(s->out, t->rule.rate), "smaller",
                NUM(s->out, t->rule.rate > 1 ? 0.1 : t->rule.rate / 10), NULL);
    }
}

static struct error *train_all(struct session *s, struct training *t) {
    size_t numbers = 0;
    for (size_t i = 0; i < t->n_params; i++) numbers += t->params[i]->size;
    struct run *r = run_new(t->title, t->n_params, t->params, 0, true);
    real *row = mem_alloc(numbers, sizeof *row);
    float *good = mem_alloc(train_state_size(t->train), sizeof *good);
    double began = seconds(), best = INFINITY;
    size_t best_epoch = 0, epoch = 0, every = (t->epochs + ROWS - 1) / ROWS;
    enum ending end = ENDED;
    r->taught = (struct taught){t->rule, t->batch, t->epochs, t->penalty};
    train_save_state(t->train, good);
    struct score train = look(s, t, &t->data.train), test = look(s, t, &t->data.test);
    record(r, t, row, 0, train, test);
    say_heads(s, t);
    say_epoch(s, t, 0, train, test);
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
            train = look(s, t, &t->data.train);
            test = look(s, t, &t->data.test);
        }
        if (end == STOPPED) { /* nobody has looked since */
            train.accuracy = NAN;
            test = (struct score){NAN, NAN};
        }
        train_store(t->train);
        record(r, t, row, epoch, train, test);
        if (shown) say_epoch(s, t, epoch, train, test);
        if (test.loss < best || isnan(test.loss)) best = test.loss, best_epoch = epoch;
        if (!t->patience || best_epoch == epoch) train_save_state(t->train, good);
        if (t->patience && epoch - best_epoch >= t->patience && end == ENDED) {
            end = PATIENCE;
            train_load_state(t->train, good);
            train_store(t->train);
        }
    }
    say_ending(s, t, end, epoch, best, best_epoch);
    board_set_run(s->board, r, end == PATIENCE ? best_epoch : epoch);
    keep_params(s, t);
    free(good);
    free(row);
    return NULL;
}

struct error *training_train_command(struct session *s, const struct stmt *c) {
    struct training t = {0};
    struct error *e = read_order(s, c, &t);
    if (!e) e = training_open(s, &t);
    if (!e) e = train_all(s, &t);
    training_close(&t);
    return error_at(e, c->at);
}

/* ---- test ---- */

enum { WORST = 5 };

struct mistake {
    size_t row, is, said;
    double sure; /* of the wrong answer */
};

struct test {
    size_t classes, right;
    size_t *confusion; /* [is, said] */
    struct mistake worst[WORST];
    int n_worst;
};

/* How sure of its answer, by softmax. */
static double sureness(const struct training *t, size_t row, size_t said) {
    const float *o = t->answers + row * t->classes;
    double sum = 0;
    if (t->classes == 1) return said ? (double)o[0] : 1 - (double)o[0];
    for (size_t c = 0; c < t->classes; c++) sum += exp((double)(o[c] - o[said]));
    return 1 / sum;
}

/* Keeps the surest few, the surest first. */
static void add_mistake(struct test *k, struct mistake m) {
    int at = k->n_worst < WORST ? k->n_worst++ : WORST;
    if (at == WORST && k->worst[--at].sure >= m.sure) return;
    for (; at > 0 && k->worst[at - 1].sure < m.sure; at--)
        k->worst[at] = k->worst[at - 1];
    k->worst[at] = m;
}

static void count_answers(struct session *s, struct training *t, const struct part *p,
                          struct test *k) {
    for (size_t at = 0; at < p->rows && !session_stopped(s); at += t->batch) {
        size_t rows = batches_take_of(&t->data, p, at);
        train_look(t->train, t->data.x, t->data.y, rows, t->answers);
        for (size_t i = 0; i < rows; i++) {
            size_t is = truth_of(t, i), said = answer_of(t, i);
            k->right += is == said;
            k->confusion[is * k->classes + said]++;
            if (is != said) {
                add_mistake(k,
                            (struct mistake){at + i, is, said, sureness(t, i, said)});
            }
        }
    }
}

static void say_confusion(struct session *s, const struct test *k) {
    enum { SHOWN = 20 };
    char text[24];
    if (k->classes > SHOWN) return;
    struct out_table *t = table_new((int)k->classes + 1);
    char *corner = out_sentence(s->out, "test.corner", NULL);
    table_cell(t, corner, OUT_DIM);
    free(corner);
    for (size_t c = 0; c < k->classes; c++) {
        snprintf(text, sizeof text, "%zu", c);
        table_cell(t, text, OUT_STRONG);
    }
    for (size_t is = 0; is < k->classes; is++) {
        snprintf(text, sizeof text, "%zu", is);
        table_cell(t, text, OUT_STRONG);
        for (size_t said = 0; said < k->classes; said++) {
            size_t n = k->confusion[is * k->classes + said];
            snprintf(text, sizeof text, "%zu", n);
            table_cell(t, n ? text : "·",
                       is == said ? OUT_VALUE
                       : n        ? OUT_LOSS
                                  : OUT_DIM);
        }
    }
    table_print(s->out, t, 1);
    table_free(t);
}

static void say_mistakes(struct session *s, const struct test *k) {
    for (int i = 0; i < k->n_worst; i++) {
        const struct mistake *m = &k->worst[i];
        char is[24], said[24], sure[24], at[24];
        snprintf(at, sizeof at, "%zu", m->row);
        snprintf(is, sizeof is, "%zu", m->is);
        snprintf(said, sizeof said, "%zu", m->said);
        snprintf(sure, sizeof sure, "%.0f", 100 * m->sure);
        out_say(s->out, "test.mistake", "row", at, "is", is, "said", said, "sure", sure,
                NULL);
    }
}

/* The worst as pictures, in one row: the table above must not scroll away. */
static void draw_mistakes(struct session *s, const struct part *p,
                          const struct test *k) {
    const struct shape *shape = &p->x->shape;
    if (shape->n != 4 || shape->dim[1] != 1 || s->out->plain) return;
    size_t size = shape->dim[2] * shape->dim[3], number[WORST];
    real *grey = mem_alloc(WORST * size, sizeof *grey);
    struct picture picture[WORST];
    for (int i = 0; i < k->n_worst; i++) {
        number[i] = k->worst[i].row;
        picture[i] =
            (struct picture){shape->dim[2], shape->dim[3], grey + (size_t)i * size};
        def_read(p->x, number[i], 1, grey + (size_t)i * size);
    }
    picture_print_row(s->out, picture, number, k->n_worst);
    free(grey);
}

/* cross_entropy(O, y), as if it had been typed: what O is to be compared with. */
static struct error *loss_of(struct session *s, const struct expr *output,
                             struct program **p) {
    struct compiled c;
    struct buf text = {0}, o = {0};
    struct error *e = compile_shapes(&c, s->board, output);
    if (e) return e;
    const struct shape *shape = &c.root->shape;
    bool one = shape->n < 2 || shape->dim[shape->n - 1] == 1;
    expr_print(&o, output);
    buf_printf(&text, "%s(%s, y)", one ? "binary_cross_entropy" : "cross_entropy",
               buf_text(&o));
    compile_close(&c);
    e = session_parse(s, buf_text(&text), p);
    buf_free(&text);
    buf_free(&o);
    return e;
}

struct error *training_test_command(struct session *s, const struct stmt *c) {
    struct training t = {.batch = 100, .rule = {optimiser_find("sgd"), 0.1, 0}};
    const struct expr *output;
    struct program *p = NULL;
    struct error *e = stmt_expr(c, &output);
    if (!e) e = loss_of(s, output, &p);
    if (e) return error_at(e, c->at);
    t.loss = p->stmts[0].items[0].expr;
    t.title = stmt_title(output);
    const struct def *x = board_get(s->board, "X");
    if (x && x->shape.n && x->shape.dim[0] < t.batch) t.batch = x->shape.dim[0];
    e = training_open(s, &t);
    if (!e && !t.output) e = error_new("test-rows", "name", t.title, NULL);
    if (!e) {
        const struct part *part = t.data.test.rows ? &t.data.test : &t.data.train;
        struct test k = {.classes = t.classes > 1 ? t.classes : 2};
        k.confusion = mem_alloc(k.classes * k.classes, sizeof *k.confusion);
        count_answers(s, &t, part, &k);
        char right[24], rows[24], percent[24];
        snprintf(right, sizeof right, "%zu", k.right);
        snprintf(rows, sizeof rows, "%zu", part->rows);
        snprintf(percent, sizeof percent, "%.2f",
                 100 * (double)k.right / (double)part->rows);
        out_say(s->out, part == &t.data.test ? "test.accuracy" : "test.accuracy-train",
                "right", right, "rows", rows, "percent", percent, NULL);
        say_confusion(s, &k);
        say_mistakes(s, &k);
        draw_mistakes(s, part, &k);
        free(k.confusion);
    }
    training_close(&t);
    program_free(p);
    return error_at(e, c->at);
}
