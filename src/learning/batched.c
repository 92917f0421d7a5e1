#include "learning/batched.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "board/kinds.h"
#include "engine/gates.h"
#include "engine/unfit.h"

/* ---- the graph of a batch ---- */

/* Classes: the loss compares rows of answers with class numbers. */
static void find_output(struct batched *t) {
    const struct node *loss = t->c.root;
    enum gate_answers answers = loss->gate ? loss->gate->answers : ANSWERS_NUMBERS;
    bool binary = answers == ANSWERS_YES;
    t->yes_from = 0.5;
    if (t->measures) {
        t->output = loss->in[0];
        t->classes = loss->in[0]->size / t->batch;
    }
    if (answers == ANSWERS_NUMBERS) return;
    const struct shape *rows = &loss->in[0]->shape;
    if (!rows->n || rows->dim[0] != t->batch) return;
    /* several yes or no in a row */
    if (binary && loss->in[0]->size != t->batch) return;
    t->output = loss->in[0];
    t->classes = binary ? 1 : rows->dim[1];
}

/* Class numbers that are no class of this net are told before the run, not as nan.
 * *top: the largest, at least what it was. */
static struct error *check_labels(const struct batched *t, const struct part *p,
                                  double *top) {
    const struct node *loss = t->c.root, *y = loss->n_in > 1 ? loss->in[1] : NULL;
    bool given = y && !y->gate && y->name && strcmp(y->name, "y") == 0;
    if (!given || !p->y || t->data.y_row != 1) return NULL;
    const struct tensor *answers = def_tensor(p->y);
    struct error *e = NULL;
    for (size_t i = 0; i < p->rows && !e; i++) {
        *top = fmax(*top, answers->data[i]);
        e = unfit_label_of(loss, i, answers->data[i]);
    }
    return e;
}

/* The same of numbers of words, X itself or made of it: batch by batch, as far as the
 * graph goes to where they are. */
static struct error *check_words(struct batched *t, const struct part *p,
                                 const struct node *n, struct node *x) {
    const struct node *words = unfit_labels(n);
    struct graph *g = t->c.graph;
    if (!words || n->gate->flags & GATE_LOSS || !graph_depends(g, words, x))
        return NULL;
    size_t count = (size_t)graph_count(g), n_gates = 0;
    bool *before = mem_alloc(count, sizeof *before);
    struct node **gates = mem_alloc(count, sizeof *gates);
    graph_mark_before(g, words, before);
    for (size_t i = 0; i < count; i++) {
        struct node *each = graph_node(g, (int)i);
        if (before[i] && each->gate) gates[n_gates++] = each;
    }
    struct error *e = NULL;
    for (size_t at = 0; at < p->rows && !e; at += t->batch) {
        size_t rows = batches_take_of(&t->data, p, at);
        for (size_t i = 0; i < rows * t->data.x_row; i++)
            x->value[i] = (real)t->data.x[i];
        if (!graph_forward_some(g, gates, n_gates)) e = interrupt_stopped();
        size_t each = words->size / t->batch;
        for (size_t i = 0; i < rows * each && !e; i++)
            e = unfit_label_of(n, at + i / each, words->value[i]);
    }
    free(before);
    free(gates);
    return e;
}

static struct error *check_all_words(struct batched *t, struct node *x) {
    struct error *e = NULL;
    for (int i = 0; i < graph_count(t->c.graph) && !e; i++) {
        const struct node *n = graph_node(t->c.graph, i);
        e = check_words(t, &t->data.train, n, x);
        if (!e) e = check_words(t, &t->data.test, n, x);
    }
    return e;
}

/* Not fewer neurons in the last layer than the data has classes; more of them (a digit
 * that is not in this part) deserve a word. */
static struct error *check_classes(struct session *s, const struct batched *t,
                                   bool exactly) {
    double top = 0;
    struct error *e = check_labels(t, &t->data.train, &top);
    if (!e) e = check_labels(t, &t->data.test, &top);
    if (e || !exactly || t->measures || !t->output || t->data.y_row != 1 ||
        t->classes < 2)
        return e;
    if (top + 1 >= (double)t->classes) return NULL;
    char outputs[24], classes[24], last[24];
    snprintf(outputs, sizeof outputs, "%zu", t->classes);
    snprintf(classes, sizeof classes, "%.0f", top + 1);
    snprintf(last, sizeof last, "%.0f", top);
    out_say(s->out, "train.outputs-unused", "outputs", outputs, "classes", classes,
            "last", last, NULL);
    return NULL;
}

/* All rows are looked at together where they take no more bytes than this: what is
 * far from the processor's caches is slow to look at. */
static const double eye_most = 1 << 30;

/* Numbers of the batch's graph, in double and twice in float; what gates keep beside
 * them, in both; of each parameter, on the
 * board and in the graph, in float with its gradient and the optimiser's, the last good
 * state, and at least four rows of the record. */
static struct error *check_memory(struct session *s, const struct batched *t,
                                  struct compile_instead *instead, int n) {
    struct compiled c;
    struct compile_order o = {
        .expr = t->loss, .instead = instead, .n_instead = n, .shapes = true};
    struct error *e = compile(&c, s->board, &o);
    if (e) return e;
    double numbers = 0, params = 0, kept = 0, state = (double)t->rule.optimiser->state;
    for (int i = 0; i < graph_count(c.graph); i++) {
        const struct node *node = graph_node(c.graph, i);
        if (node->param) params += (double)node->size;
        else numbers += (double)node->size;
        if (node->gate && node->gate->room)
            kept += (double)node->gate->room(node) * sizeof(real);
        kept += train_room(node) * sizeof(float);
    }
    compile_close(&c);
    double of_param =
        2 * sizeof(real) + (3 + 2 * state) * sizeof(float) + 5 * sizeof(real);
    double bytes =
        numbers * (sizeof(real) + 2 * sizeof(float)) + kept + params * of_param;
    if (t->most > 0 && bytes > t->most) return memory_left_short(bytes);
    return memory_left_for(bytes);
}

/* Parameters, then the averages that layers keep. */
static void find_params(struct session *s, struct batched *t) {
    struct node **params, **averages;
    size_t n = compile_params(&t->c, s->board, &params);
    size_t more = compile_averages(&t->c, &averages);
    t->n_params = n + more;
    t->params = arena_alloc(graph_arena(t->c.graph), n + more + 1, sizeof *t->params);
    memcpy(t->params, params, n * sizeof *params);
    memcpy(t->params + n, averages, more * sizeof *averages);
}

/* Does a look batch by batch give another number than one at all rows? */
static bool mixes(const struct batched *t, const struct node *x, const struct node *y,
                  bool rest) {
    struct kinds k = {.rows = t->batch, .rest = rest};
    const struct graph *g = t->c.graph;
    kinds_cut(&k, x);
    if (y) kinds_cut(&k, y);
    bool whole = !kinds_average(&k, g, t->c.root);
    if (t->output) whole |= kinds_of(&k, g, t->output) != KIND_ROWS;
    kinds_free(&k);
    return whole;
}

static struct error *compile_batch(struct session *s, struct batched *t) {
    const struct part *p = &t->data.train;
    struct compile_instead instead[2] = {{"X", batches_shape(p->x, t->batch), NULL}};
    if (p->y)
        instead[1] = (struct compile_instead){"y", batches_shape(p->y, t->batch), NULL};
    struct error *e = check_memory(s, t, instead, p->y ? 2 : 1);
    struct compile_order o = {
        .expr = t->loss, .instead = instead, .n_instead = p->y ? 2 : 1};
    if (!e) e = compile(&t->c, s->board, &o);
    if (e) return e;
    if (t->c.root->size != 1) {
        struct buf shape = {0};
        shape_print(&shape, &t->c.root->shape);
        e = error_new("not-one-number", "name", t->title, "shape", buf_text(&shape),
                      NULL);
        buf_free(&shape);
        return e;
    }
    find_params(s, t);
    if (!t->n_params || t->params[0]->average)
        return error_new("no-params", "name", t->title, NULL);
    if (!graph_depends(t->c.graph, t->c.root, instead[0].leaf)) {
        return error_new("train-no-data", "name", t->title, NULL);
    }
    t->x = instead[0].leaf;
    t->y = p->y ? instead[1].leaf : NULL;
    find_output(t);
    if (t->epochs && (e = unfit_shares(t->c.graph, t->c.root)))
        return e; /* `test` teaches nothing */
    if ((e = check_classes(s, t, t->epochs > 0))) return e;
    if ((e = check_all_words(t, instead[0].leaf))) return e;
    t->mixes = mixes(t, instead[0].leaf, instead[1].leaf, t->epochs > 0);
    t->mixes_first = t->mixes || mixes(t, instead[0].leaf, instead[1].leaf, false);
    if (t->output) t->answers = mem_alloc(t->output->size, sizeof *t->answers);
    struct train_how how = {.graph = t->c.graph,
                            .loss = t->c.root,
                            .output = t->output,
                            .x = t->x,
                            .y = t->y,
                            .params = t->params,
                            .n_params = t->n_params,
                            .batch = t->batch,
                            .rule = t->rule,
                            .penalty = t->penalty,
                            .seed = board_state(s->board)->seed,
                            .threads = s->threads};
    return train_open(&t->train, &how);
}

/* Where there is no memory for all rows at once, what is seen are means over batches,
 * and that is said. */
static struct error *open_eye(struct session *s, struct batched *t, size_t rows) {
    t->eye = mem_alloc(1, sizeof *t->eye);
    *t->eye = (struct batched){.loss = t->loss,
                               .title = mem_copy(t->title),
                               .batch = rows,
                               .rule = {.optimiser = optimiser_find("sgd")},
                               .measures = t->measures,
                               .most = eye_most};
    struct error *e = batched_open(s, t->eye);
    if (t->mixes && (t->epochs || e)) {
        char batch[24];
        snprintf(batch, sizeof batch, "%zu", t->batch);
        out_say(s->out, e ? "train.by-batches" : "train.mixes", "name", t->title,
                "batch", batch, NULL);
    }
    if (!e) return NULL;
    batched_close(t->eye);
    free(t->eye);
    t->eye = NULL;
    if (error_is_stop(e)) return e;
    error_free(e);
    return NULL;
}

struct error *batched_open(struct session *s, struct batched *t) {
    struct error *e = batches_open(&t->data, s, t->batch);
    if (!e && t->patience && !t->data.test.rows)
        e = error_new("patience-no-test", NULL);
    if (!e) e = compile_batch(s, t);
    if (e || !t->mixes_first) return e;
    size_t test = t->data.test.rows, most = t->data.train.rows;
    if (test > most) most = test;
    return most > t->batch ? open_eye(s, t, most) : NULL;
}

void batched_close(struct batched *t) {
    if (t->eye) batched_close(t->eye);
    free(t->eye);
    if (t->train) train_close(t->train);
    if (t->c.graph) compile_close(&t->c);
    batches_close(&t->data);
    free(t->answers);
    free(t->title);
}

/* ---- looking ---- */

size_t batched_answer(const struct batched *t, size_t row) {
    const float *o = t->answers + row * t->classes;
    size_t best = 0;
    if (t->classes == 1) return (double)o[0] >= t->yes_from;
    for (size_t c = 1; c < t->classes; c++) best = o[c] > o[best] ? c : best;
    return best;
}

/* The right class of a row of the batch in hand: a number, or the largest of
 * one-hot. */
size_t batched_truth(const struct batched *t, size_t row) {
    const float *y = t->data.y + row * t->data.y_row;
    size_t best = 0;
    if (t->data.y_row == 1) return (size_t)(y[0] + (t->classes == 1 ? 0.5f : 0));
    for (size_t c = 1; c < t->data.y_row; c++) best = y[c] > y[best] ? c : best;
    return best;
}

struct batched *batched_eye(struct batched *t) {
    if (!t->eye || (!t->mixes && train_updates(t->train))) return t;
    train_store(t->train);
    for (size_t i = 0; i < t->n_params; i++)
        memcpy(t->eye->params[i]->value, t->params[i]->value,
               t->params[i]->size * sizeof(real));
    train_load(t->eye->train);
    return t->eye;
}

struct score batched_look(struct session *s, struct batched *of, const struct part *p) {
    struct batched *t = batched_eye(of);
    double loss = 0, right = 0;
    if (!p->rows) return (struct score){NAN, NAN};
    for (size_t at = 0; at < p->rows && !session_stopped(s); at += t->batch) {
        size_t rows = batches_take_of(&t->data, p, at);
        loss += (double)rows *
                (double)train_look(t->train, t->data.x, t->data.y, rows, t->answers);
        for (size_t i = 0; t->output && i < rows; i++) {
            right += batched_answer(t, i) == batched_truth(t, i);
        }
    }
    return (struct score){loss / (double)p->rows,
                          t->output ? right / (double)p->rows : NAN};
}
