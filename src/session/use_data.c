#include "session/use_data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
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
                n->names[2], n->values[2], n->names[3], n->values[3], NULL);
    }
}

static void say_set(struct session *s, const struct dataset *d) {
    struct buf x = {0}, y = {0};
    char rows[24], test[24], classes[24];
    shape_print(&x, d->packed ? &d->packed->shape : &d->x->shape);
    shape_print(&y, &d->y->shape);
    snprintf(rows, sizeof rows, "%zu", d->y->shape.dim[0]);
    snprintf(test, sizeof test, "%zu", d->y_test ? d->y_test->shape.dim[0] : 0);
    snprintf(classes, sizeof classes, "%zu", d->classes);
    out_say(s->out, d->classes ? "use.classes" : "use.numbers", "x", buf_text(&x), "y",
            buf_text(&y), "rows", rows, "test", test, "classes", classes, NULL);
    buf_free(&x);
    buf_free(&y);
}

/* One of x 1..3, 5, "mark", or x ..; inputs: of x. */
static struct error *read_column(struct session *s, const struct item *i, bool inputs,
                                 struct data_column *out) {
    *out = (struct data_column){.name = i->text};
    if (i->text) return NULL;
    const struct expr *x = i->expr;
    const struct expr_node *root = &x->nodes[x->n - 1];
    out->rest = root->kind == EXPR_RANGE && !root->n_kids;
    if (out->rest)
        return inputs ? NULL : error_at(error_new("use-columns", NULL), i->at);
    double ends[2] = {0};
    struct error *e = NULL;
    for (int k = 0; k < 2 && !e; k++) {
        int at = root->kind == EXPR_RANGE ? root->kids[k] : x->n - 1;
        struct expr part = {.refs = 1, .nodes = x->nodes, .n = at + 1};
        e = compile_number(s->board, &part, &ends[k]);
    }
    bool whole = ends[0] == floor(ends[0]) && ends[1] == floor(ends[1]);
    if (!e && !(whole && ends[0] >= 0 && ends[1] >= ends[0] && ends[1] < 1e9))
        e = error_at(error_new("use-columns", NULL), i->at);
    out->from = e ? 0 : (size_t)ends[0];
    out->to = e ? 0 : (size_t)ends[1];
    return e;
}

/* at: room for as many as the clause has. */
static struct error *read_columns(struct session *s, const struct clause *c,
                                  struct data_column *at) {
    struct error *e = NULL;
    bool inputs = strcmp(c->word, "x") == 0;
    for (int i = 0; i < c->n_items && !e; i++)
        e = read_column(s, &c->items[i], inputs, &at[i]);
    return e;
}

/* The folder that a file must stand in, or NULL: any. A lesson's own line reads what is
 * beside the lesson; a person's too, where there is no such file here. */
static const char *beside(const struct session *s, const char *path) {
    bool own = s->sandbox || (file_is_beside(path) && access(path, F_OK) != 0);
    return own ? s->beside : NULL;
}

/* By its name: whoever forgets the columns of one means no text. */
static bool is_table(const char *path) {
    static const char *const ends[] = {".csv", ".tsv", ".data", ".dat"};
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t end = strlen(ends[i]);
        if (n > end && strcasecmp(path + n - end, ends[i]) == 0) return true;
    }
    return false;
}

/* Letters are no columns: neither scaled nor told to be classes. */
static struct error *use_text(const struct stmt *c, const struct data_order *how,
                              struct dataset *d) {
    static const char *const words[] = {"scaled", "classes"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct clause *said = stmt_clause(c, words[i]);
        if (said) return error_at(error_new("use-columns", NULL), said->at);
    }
    if (is_table(c->items[0].text))
        return error_at(error_new("use-columns", NULL), c->at);
    return data_load_text(d, c->items[0].text, how);
}

static struct error *use_file(struct session *s, const struct stmt *c,
                              struct data_order *how, struct dataset *d) {
    const struct clause *x = stmt_clause(c, "x"), *y = stmt_clause(c, "y");
    if (s->sandbox && !s->beside)
        return error_new("sandbox-files", "name", "use", NULL);
    how->beside = beside(s, c->items[0].text);
    if (!x && !y && how->window) return use_text(c, how, d);
    if (!x || !y) return error_at(error_new("use-columns", NULL), c->at);
    struct data_column *at[2];
    at[0] = mem_alloc((size_t)x->n_items, sizeof **at);
    at[1] = mem_alloc((size_t)y->n_items, sizeof **at);
    struct error *e = read_columns(s, x, at[0]);
    if (!e) e = read_columns(s, y, at[1]);
    if (!e) {
        struct data_columns xs = {at[0], (size_t)x->n_items},
                            ys = {at[1], (size_t)y->n_items};
        e = data_load_csv(d, c->items[0].text, &xs, &ys, how);
    }
    free(at[0]);
    free(at[1]);
    return e;
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
    d->classes = data_classes(y, NULL);
    data_take(d, x, y, how);
    return NULL;
}

/* What its clauses ask for. */
static struct error *read_order(struct session *s, const struct stmt *c,
                                struct data_order *how) {
    const struct clause *test = stmt_clause(c, "test"),
                        *window = stmt_clause(c, "window");
    struct error *e = NULL;
    double rows = 0;
    *how = (struct data_order){.seed = board_state(s->board)->seed,
                               .test = -1,
                               .home = s->home,
                               .scaled = stmt_clause(c, "scaled"),
                               .classes = stmt_clause(c, "classes")};
    if (test) e = compile_number(s->board, test->value, &how->test);
    if (!e && test && !(how->test >= 0 && how->test < 1))
        e = error_at(error_new("use-share", NULL), test->at);
    if (!e && window) e = compile_number(s->board, window->value, &rows);
    if (!e && window && !(rows >= 1 && rows <= 1e6 && rows == floor(rows)))
        e = error_at(error_new("use-window", NULL), window->at);
    how->window = e ? 0 : (size_t)rows;
    return e;
}

/* Of what is no file, a clause that a file alone can heed. */
static struct error *of_files(const struct stmt *c) {
    static const char *const words[] = {"x", "y", "window", "classes"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct clause *clause = stmt_clause(c, words[i]);
        if (clause)
            return error_at(error_new("use-files", "word", words[i], NULL), clause->at);
    }
    return NULL;
}

struct error *use_command(struct session *s, const struct stmt *c) {
    struct dataset d = {0};
    struct data_order how;
    struct error *e = read_order(s, c, &how);
    bool file = c->n_items == 1 && c->items[0].text;
    if (!e && !file) e = of_files(c);
    if (e) return e;
    const struct expr *x = c->n_items ? c->items[0].expr : NULL;
    if (file) e = use_file(s, c, &how, &d);
    else if (c->n_items == 2 && x && c->items[1].expr) e = use_own(s, c, &how, &d);
    else if (c->n_items == 1 && x->nodes[x->n - 1].kind == EXPR_NAME) {
        e = data_load(&d, x->nodes[x->n - 1].name, &how);
        if (!e && how.scaled && !d.mean) /* pictures, gates, rings: no measures */
            e = error_new("use-scaled", "name", d.name, NULL);
    } else e = error_new("use-what", NULL);
    say_notes(s, &d);
    if (!e) {
        struct draft set = {0};
        say_set(s, &d);
        struct def_source source = {d.name, how.test, how.seed, d.classes};
        add(&set, "X", d.x, d.packed, &source);
        add(&set, "y", d.y, NULL, &source);
        add(&set, "X.test", d.x_test, d.packed_test, &source);
        add(&set, "y.test", d.y_test, NULL, &source);
        if (d.mean || board_get(s->board, "X.mean")) {
            add(&set, "X.mean", d.mean, NULL, &source);
            add(&set, "X.deviation", d.deviation, NULL, &source);
        }
        if (d.letters || board_get(s->board, "X.letters"))
            add(&set, "X.letters", d.letters, NULL, &source);
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
