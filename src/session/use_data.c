#include "session/use_data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "board/compile.h"
#include "board/define.h"
#include "board/offer.h"
#include "data/data.h"
#include "text/table.h"

/* ---- data ---- */

/* 60,000 */
static void print_count(char to[32], size_t n) {
    if (n < 1000) snprintf(to, 32, "%zu", n);
    else snprintf(to, 32, "%zu,%03zu", n / 1000, n % 1000);
}

static char *about(struct session *s, const struct data_row *row) {
    struct buf key = {0}, size = {0};
    char rows[32], test[32], inputs[32], classes[32];
    buf_printf(&key, "data.%s", row->name);
    if (row->x.n == 3) buf_printf(&size, "%zu×%zu", row->x.dim[1], row->x.dim[2]);
    print_count(rows, row->rows);
    print_count(test, row->test_rows);
    print_count(inputs, shape_size(&row->x));
    print_count(classes, row->classes);
    char *sentence =
        out_sentence(s->out, buf_text(&key), "rows", rows, "test", test, "inputs",
                     inputs, "size", buf_text(&size), "classes", classes, NULL);
    buf_free(&key);
    buf_free(&size);
    return sentence;
}

struct error *use_data_command(struct session *s, const struct stmt *c) {
    (void)c;
    struct out_table *t = table_new(2);
    for (size_t i = 0; data_at(i); i++) {
        char *sentence = about(s, data_at(i));
        table_cell(t, data_at(i)->name, OUT_STRONG);
        table_cell(t, sentence, OUT_PLAIN);
        free(sentence);
    }
    table_print(s->out, t, 0);
    table_free(t);
    out_say(s->out, "data.more", NULL);
    return NULL;
}

/* ---- use ---- */

/* The tensor or the pictures; neither takes the name away. */
static void add(struct draft *to, const char *name, const struct tensor *t,
                const struct packed *p, const struct def_source *source) {
    struct def *d = p   ? def_packed(packed_ref(p))
                    : t ? def_value(DEF_VALUE, tensor_ref(t))
                        : NULL;
    if (d) d->source = *source;
    draft_add(to, name, d);
}

static void say_notes(struct session *s, const struct dataset *d) {
    for (size_t i = 0; i < d->n_notes; i++) {
        const struct data_note *n = &d->notes[i];
        out_say(s->out, n->key, n->names[0], n->values[0], n->names[1], n->values[1],
                NULL);
    }
}

static void say_set(struct session *s, const struct dataset *d) {
    struct buf x = {0}, y = {0};
    char rows[24], test[24], classes[24];
    shape_print(&x, d->pictures ? &d->pictures->shape : &d->x->shape);
    shape_print(&y, &d->y->shape);
    snprintf(rows, sizeof rows, "%zu", d->y->shape.dim[0]);
    snprintf(test, sizeof test, "%zu", d->y_test ? d->y_test->shape.dim[0] : 0);
    snprintf(classes, sizeof classes, "%zu", d->classes);
    out_say(s->out, d->classes ? "use.classes" : "use.numbers", "x", buf_text(&x), "y",
            buf_text(&y), "rows", rows, "test", test, "classes", classes, NULL);
    buf_free(&x);
    buf_free(&y);
}

/* x 1..3, y "mark" */
static struct error *read_columns(struct session *s, const struct stmt *c,
                                  const char *word, struct data_columns *out) {
    const struct clause *k = stmt_clause(c, word);
    *out = (struct data_columns){0};
    if (!k) return error_at(error_new("use-columns", NULL), c->at);
    out->names = k->text;
    if (k->text) return NULL;
    const struct expr_node *root = &k->value->nodes[k->value->n - 1];
    double ends[2] = {0};
    struct error *e = NULL;
    for (int i = 0; i < 2 && !e; i++) {
        int at = root->kind == EXPR_RANGE ? root->kids[i] : k->value->n - 1;
        struct expr part = {.refs = 1, .nodes = k->value->nodes, .n = at + 1};
        e = compile_number(s->board, &part, &ends[i]);
    }
    bool whole = ends[0] == floor(ends[0]) && ends[1] == floor(ends[1]);
    if (!e && !(whole && ends[0] >= 0 && ends[1] >= ends[0] && ends[1] < 1e6)) {
        e = error_at(error_new("use-columns", NULL), k->at);
    }
    out->from = e ? 0 : (size_t)ends[0];
    out->to = e ? 0 : (size_t)ends[1];
    return e;
}

/* The folder that a file must stand in, or NULL: any. A lesson's own line reads what is
 * beside the lesson; a person's too, where there is no such file here. */
static const char *beside(const struct session *s, const char *path) {
    bool own = s->sandbox || (file_is_beside(path) && access(path, F_OK) != 0);
    return own ? s->beside : NULL;
}

static struct error *use_file(struct session *s, const struct stmt *c,
                              struct data_order *how, struct dataset *d) {
    struct data_columns x, y;
    const char *path = c->items[0].text;
    if (s->sandbox && !s->beside)
        return error_new("sandbox-files", "name", "use", NULL);
    how->beside = beside(s, path);
    struct error *e = read_columns(s, c, "x", &x);
    if (!e) e = read_columns(s, c, "y", &y);
    return e ? e : data_load_csv(d, path, &x, &y, how);
}

/* use A, b: tensors of one's own become X and y. */
static struct error *use_own(struct session *s, const struct stmt *c,
                             const struct data_order *how, struct dataset *d) {
    struct tensor *x = NULL, *y = NULL;
    struct error *e = compile_value(s->board, c->items[0].expr, &x);
    if (!e) e = compile_value(s->board, c->items[1].expr, &y);
    if (!e && (!x->shape.n || !y->shape.n || x->shape.dim[0] != y->shape.dim[0])) {
        struct buf a = {0}, b = {0};
        shape_print(&a, &x->shape);
        shape_print(&b, &y->shape);
        e = error_new("use-rows", "a", buf_text(&a), "b", buf_text(&b), NULL);
        buf_free(&a);
        buf_free(&b);
    }
    if (e) {
        tensor_unref(x);
        tensor_unref(y);
        return e;
    }
    *d = (struct dataset){0};
    if (how->test > 0) {
        data_split(d, x, y, how->test, how->seed);
    } else {
        d->x = x;
        d->y = y;
    }
    return NULL;
}

struct error *use_command(struct session *s, const struct stmt *c) {
    struct dataset d = {0};
    struct data_order how = {board_state(s->board)->seed, -1, s->home, NULL};
    const struct clause *test = stmt_clause(c, "test");
    struct error *e = NULL;
    if (test) e = compile_number(s->board, test->value, &how.test);
    if (!e && test && !(how.test >= 0 && how.test < 1)) {
        e = error_at(error_new("use-share", NULL), test->at);
    }
    if (e) return e;
    const struct expr *x = c->n_items ? c->items[0].expr : NULL;
    if (c->n_items == 1 && c->items[0].text) e = use_file(s, c, &how, &d);
    else if (c->n_items == 2 && x && c->items[1].expr) e = use_own(s, c, &how, &d);
    else if (c->n_items == 1 && x->nodes[x->n - 1].kind == EXPR_NAME) {
        e = data_load(&d, x->nodes[x->n - 1].name, &how);
    } else e = error_new("use-what", NULL);
    say_notes(s, &d);
    if (!e) {
        struct draft set = {0};
        say_set(s, &d);
        struct def_source source = {d.name, how.test, how.seed};
        add(&set, "X", d.x, d.pictures, &source);
        add(&set, "y", d.y, NULL, &source);
        add(&set, "X.test", d.x_test, d.pictures_test, &source);
        add(&set, "y.test", d.y_test, NULL, &source);
        define_set_silently(s, &set); /* the set has answered, not each of its parts */
    }
    data_close(&d);
    return error_at(e, c->at);
}

bool use_offer(struct session *s, const char *before, struct offer *to) {
    (void)s;
    for (size_t i = 0; !before && data_at(i); i++) offer_word(to, data_at(i)->name);
    return false;
}
