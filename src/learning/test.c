#include "learning/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "board/compile.h"
#include "learning/batched.h"
#include "text/picture.h"
#include "text/table.h"

enum { WORST = 5, WORST_LINES = 10 /* of their pictures */ };

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
static double sureness(const struct batched *t, size_t row, size_t said) {
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

static void count_answers(struct session *s, struct batched *t, const struct part *p,
                          struct test *k) {
    for (size_t at = 0; at < p->rows && !session_stopped(s); at += t->batch) {
        size_t rows = batches_take_of(&t->data, p, at);
        train_look(t->train, t->data.x, t->data.y, rows, t->answers);
        for (size_t i = 0; i < rows; i++) {
            size_t is = batched_truth(t, i), said = batched_answer(t, i);
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
            (struct picture){shape->dim[2], shape->dim[3], grey + (size_t)i * size, 0};
        picture_enlarge(s->out, &picture[i], WORST_LINES);
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
    struct error *e =
        compile(&c, s->board, &(struct compile_order){.expr = output, .shapes = true});
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

struct error *test_command(struct session *s, const struct stmt *c) {
    struct batched t = {.batch = 100, .rule = {optimiser_find("sgd"), 0.1, 0}};
    const struct expr *output;
    struct program *p = NULL;
    struct error *e = stmt_expr(c, &output);
    if (!e) e = loss_of(s, output, &p);
    if (e) return error_at(e, c->at);
    t.loss = p->stmts[0].items[0].expr;
    t.title = stmt_title(output);
    const struct def *x = board_get(s->board, "X");
    if (x && x->shape.n && x->shape.dim[0] < t.batch) t.batch = x->shape.dim[0];
    e = batched_open(s, &t);
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
    batched_close(&t);
    program_free(p);
    return error_at(e, c->at);
}
