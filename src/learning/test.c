#include "learning/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "board/compile.h"
#include "data/data.h"
#include "engine/gates.h"
#include "learning/batched.h"
#include "learning/truth.h"
#include "text/number.h"
#include "text/picture.h"
#include "text/table.h"

enum { WORST = 5, WORST_LINES = 10 /* of their pictures */ };

/* A row that was missed: of measures, and in which column of y; of classes their
 * numbers, and how sure the net was of the wrong one. */
struct miss {
    size_t row, column;
    double is, said, by; /* by: how far off, or how sure */
};

struct worst { /* the few that are missed by most, the worst first */
    struct miss at[WORST];
    int n;
};

struct test {
    size_t classes, right;
    bool signs;        /* classes -1 and 1, by the sign of the answer */
    size_t *confusion; /* [is, said] */
    struct worst worst;
    const struct tensor *letters; /* of a text: what its classes are; or NULL */
};

/* Those of the board, where they are as many as the classes. */
static const struct tensor *letters_of(const struct session *s, size_t classes) {
    const struct def *d = board_get(s->board, "X.letters");
    bool text =
        d && d->kind == DEF_VALUE && d->shape.n == 1 && d->shape.dim[0] == classes;
    return text && data_are_letters(def_tensor(d)) ? def_tensor(d) : NULL;
}

/* What class c is called. */
static const char *class_name(const struct test *k, size_t c, char text[24]) {
    if (k->signs && !c) return "-1";
    if (k->letters) {
        struct buf letter = {0};
        data_show_letter(&letter, (uint32_t)k->letters->data[c]);
        snprintf(text, 24, "%s", buf_text(&letter));
        buf_free(&letter);
        return text;
    }
    snprintf(text, 24, "%zu", c);
    return text;
}

/* How sure of its answer, by softmax. */
static double sureness(const struct batched *t, size_t row, size_t said) {
    const float *o = t->answers + row * t->classes;
    double sum = 0;
    if (t->classes == 1 && t->yes_from == 0) return fabs((double)o[0]);
    if (t->classes == 1) return said ? (double)o[0] : 1 - (double)o[0];
    for (size_t c = 0; c < t->classes; c++) sum += exp((double)(o[c] - o[said]));
    return 1 / sum;
}

static void add_miss(struct worst *w, struct miss m) {
    int at = w->n < WORST ? w->n++ : WORST;
    if (at == WORST && !(w->at[--at].by < m.by)) return;
    for (; at > 0 && w->at[at - 1].by < m.by; at--) w->at[at] = w->at[at - 1];
    w->at[at] = m;
}

static void count_answers(struct session *s, struct batched *t, const struct part *p,
                          struct test *k) {
    for (size_t at = 0; at < p->rows && !session_stopped(s); at += t->batch) {
        size_t rows = batches_take_of(&t->data, p, at);
        train_look(t->train, t->data.x, t->data.y, rows, t->answers);
        for (size_t i = 0; i < rows; i++) {
            size_t is = k->signs ? t->data.y[i] > 0 : batched_truth(t, i);
            size_t said = batched_answer(t, i);
            k->right += is == said;
            k->confusion[is * k->classes + said]++;
            if (is == said) continue;
            add_miss(&k->worst, (struct miss){at + i, 0, (double)is, (double)said,
                                              sureness(t, i, said)});
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
        table_cell(t, class_name(k, c, text), OUT_STRONG);
    }
    for (size_t is = 0; is < k->classes; is++) {
        table_cell(t, class_name(k, is, text), OUT_STRONG);
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

static void say_mistakes(struct session *s, const struct batched *t,
                         const struct test *k) {
    bool side = t->classes == 1 && t->yes_from == 0; /* no chance: how far from 0 */
    for (int i = 0; i < k->worst.n; i++) {
        const struct miss *m = &k->worst.at[i];
        char is[24], said[24], sure[40], at[24];
        snprintf(at, sizeof at, "%zu", m->row);
        if (side) snprintf(sure, sizeof sure, "%.4g", m->said > 0 ? m->by : -m->by);
        else snprintf(sure, sizeof sure, "%.0f", 100 * m->by);
        out_say(s->out, side ? "test.mistake-sign" : "test.mistake", "row", at, "is",
                class_name(k, (size_t)m->is, is), "said",
                class_name(k, (size_t)m->said, said), "sure", sure, NULL);
    }
}

/* Of one class: of the rows said to be it the share that is it, of those that are it
 * the share said to be it, and the mean of both that minds the smaller. */
struct found {
    bool there; /* in what is or in what was said */
    double precision, recall, f1;
};

static struct found found(const struct test *k, size_t c) {
    size_t right = k->confusion[c * k->classes + c], said = 0, is = 0;
    for (size_t i = 0; i < k->classes; i++) {
        said += k->confusion[i * k->classes + c];
        is += k->confusion[c * k->classes + i];
    }
    struct found f = {said + is > 0, said ? (double)right / (double)said : 0,
                      is ? (double)right / (double)is : 0, 0};
    if (right) f.f1 = 2 * f.precision * f.recall / (f.precision + f.recall);
    return f;
}

static const char *share(char to[24], double of, size_t n) {
    if (n) snprintf(to, 24, "%.4f", of / (double)n);
    return n ? to : "–";
}

/* Of two classes what is found of the second, the yes; of more the means over those
 * that are there. */
static void say_found(struct session *s, const struct test *k) {
    struct found sum = {0}, low = {.f1 = 2};
    char p[24], r[24], f1[24], name[24], worst[24], least[24];
    size_t lowest = 0, n = 0;
    for (size_t c = k->classes == 2; c < k->classes; c++) {
        struct found f = found(k, c);
        if (!f.there) continue;
        n++;
        sum.precision += f.precision;
        sum.recall += f.recall;
        sum.f1 += f.f1;
        if (f.f1 < low.f1) low = f, lowest = c;
    }
    const char *key = k->letters        ? "test.found-letters"
                      : k->classes == 2 ? "test.found"
                                        : "test.found-mean";
    out_say(s->out, key, "class", class_name(k, 1, name), "precision",
            share(p, sum.precision, n), "recall", share(r, sum.recall, n), "f1",
            share(f1, sum.f1, n), "worst", class_name(k, lowest, worst), "least",
            share(least, low.f1, 1), NULL);
}

/* The worst as pictures, in one row: the table above must not scroll away. */
static void draw_mistakes(struct session *s, const struct part *p,
                          const struct test *k) {
    const struct shape *shape = &p->x->shape;
    if (shape->n != 4 || shape->dim[1] != 1 || s->out->plain) return;
    size_t size = shape->dim[2] * shape->dim[3], number[WORST];
    real *grey = mem_alloc(WORST * size, sizeof *grey);
    struct picture picture[WORST];
    for (int i = 0; i < k->worst.n; i++) {
        number[i] = k->worst.at[i].row;
        picture[i] =
            (struct picture){shape->dim[2], shape->dim[3], grey + (size_t)i * size, 0};
        picture_enlarge(s->out, &picture[i], WORST_LINES);
        def_read(p->x, number[i], 1, grey + (size_t)i * size);
    }
    picture_print_row(s->out, picture, number, k->worst.n);
    free(grey);
}

/* ---- measures ---- */

struct measured {
    double squares, off;   /* summed up, over all numbers of y */
    double *mean, *around; /* of each column of y: of all rows, and about it */
    struct worst worst;
};

/* The first time over the rows for the means, the second for what is about them. */
static void measure(struct session *s, struct batched *t, const struct part *p,
                    struct measured *m, bool first) {
    size_t k = t->data.y_row;
    for (size_t at = 0; at < p->rows && !session_stopped(s); at += t->batch) {
        size_t rows = batches_take_of(&t->data, p, at);
        if (!first) train_look(t->train, t->data.x, t->data.y, rows, t->answers);
        for (size_t i = 0; i < rows * k; i++) {
            double is = (double)t->data.y[i], *mean = &m->mean[i % k];
            if (first) {
                *mean += is / (double)p->rows;
                continue;
            }
            double said = (double)t->answers[i], off = said - is;
            m->squares += off * off;
            m->off += fabs(off);
            m->around[i % k] += (is - *mean) * (is - *mean);
            add_miss(&m->worst, (struct miss){at + i / k, i % k, is, said, fabs(off)});
        }
    }
}

static void say_measured(struct session *s, const struct batched *t,
                         const struct part *p, const struct measured *m) {
    double n = (double)(p->rows * t->data.y_row), around = 0;
    char rows[24], r2[24] = "–";
    for (size_t k = 0; k < t->data.y_row; k++) around += m->around[k];
    snprintf(rows, sizeof rows, "%zu", p->rows);
    if (around > 0) snprintf(r2, sizeof r2, "%.4f", 1 - m->squares / around);
    out_say(s->out, p == &t->data.test ? "test.measures" : "test.measures-train",
            "rows", rows, "loss", NUM(s->out, m->squares / n), "off",
            NUM(s->out, m->off / n), "r2", r2, NULL);
    for (int i = 0; i < m->worst.n; i++) {
        const struct miss *w = &m->worst.at[i];
        char at[24], column[24];
        snprintf(at, sizeof at, "%zu", w->row);
        snprintf(column, sizeof column, "%zu", w->column);
        if (w->is == w->said) continue;
        out_say(s->out, t->data.y_row > 1 ? "test.miss-of" : "test.miss", "row", at,
                "column", column, "is", NUM(s->out, w->is), "said",
                NUM(s->out, w->said), NULL);
    }
}

static void test_measures(struct session *s, struct batched *t, const struct part *p) {
    struct measured m = {0};
    m.mean = mem_alloc(t->data.y_row, sizeof *m.mean);
    m.around = mem_alloc(t->data.y_row, sizeof *m.around);
    measure(s, t, p, &m, true);
    measure(s, t, p, &m, false);
    if (!session_stopped(s)) say_measured(s, t, p, &m);
    free(m.mean);
    free(m.around);
}

static void test_classes(struct session *s, struct batched *t, const struct part *p,
                         bool signs) {
    struct test k = {.classes = t->classes > 1 ? t->classes : 2, .signs = signs};
    k.letters = letters_of(s, k.classes);
    k.confusion = mem_alloc(k.classes * k.classes, sizeof *k.confusion);
    count_answers(s, t, p, &k);
    char right[24], rows[24], percent[24];
    snprintf(right, sizeof right, "%zu", k.right);
    snprintf(rows, sizeof rows, "%zu", p->rows);
    snprintf(percent, sizeof percent, "%.2f", 100 * (double)k.right / (double)p->rows);
    out_say(s->out, p == &t->data.test ? "test.accuracy" : "test.accuracy-train",
            "right", right, "rows", rows, "percent", percent, NULL);
    say_confusion(s, &k);
    say_found(s, &k);
    say_mistakes(s, t, &k);
    draw_mistakes(s, p, &k);
    free(k.confusion);
}

/* ---- which of them ---- */

struct question {
    bool measures, signs;
    double yes_from;
    struct program *loss; /* what O is to be compared with y by, as if it were typed */
};

static struct error *question_of(struct session *s, const struct expr *output,
                                 struct question *q) {
    struct compiled c;
    struct buf text = {0}, o = {0};
    const struct truth y = truth_of(board_get(s->board, "y"));
    struct error *e =
        compile(&c, s->board, &(struct compile_order){.expr = output, .shapes = true});
    if (e) return e;
    const struct shape *shape = &c.root->shape;
    size_t rows = shape->n ? shape->dim[0] : 1,
           neurons = rows ? c.root->size / rows : 1;
    q->yes_from = gate_yes_from(c.root);
    enum gate_answers answers = truth_answers(&y, neurons, q->yes_from == 0);
    q->measures = answers == ANSWERS_NUMBERS;
    q->signs = q->measures && y.kind == TRUTH_SIGNS;
    expr_print(&o, output);
    buf_printf(&text, "%s(%s, y)", truth_loss(answers), buf_text(&o));
    compile_close(&c);
    e = session_parse(s, buf_text(&text), &q->loss);
    buf_free(&text);
    buf_free(&o);
    return e;
}

struct error *test_command(struct session *s, const struct stmt *c) {
    struct batched t = {.batch = 100, .rule = {.optimiser = optimiser_find("sgd")}};
    const struct expr *output;
    struct question q = {0};
    struct error *e = stmt_expr(c, &output);
    if (!e) e = question_of(s, output, &q);
    if (e) return error_at(e, c->at);
    t.loss = q.loss->stmts[0].items[0].expr;
    t.title = stmt_title(output);
    t.measures = q.measures;
    const struct def *x = board_get(s->board, "X");
    if (x && x->shape.n && x->shape.dim[0] < t.batch) t.batch = x->shape.dim[0];
    e = batched_open(s, &t);
    if (!e && !t.output) e = error_new("test-rows", "name", t.title, NULL);
    if (!e) {
        struct batched *eye = batched_eye(&t);
        const struct part *part =
            eye->data.test.rows ? &eye->data.test : &eye->data.train;
        eye->yes_from = q.signs || t.classes > 1 ? 0 : q.yes_from;
        if (q.measures && !q.signs) test_measures(s, eye, part);
        else test_classes(s, eye, part, q.signs);
    }
    batched_close(&t);
    program_free(q.loss);
    return error_at(e, c->at);
}
