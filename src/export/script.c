/* The PyTorch script: the frame is src/export/torch.py; here its places are filled
 * in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/own.h"
#include "board/compile.h"
#include "board/kinds.h"
#include "export/npz.h"
#include "export/torch.h"
#include "text/words.h"

enum {
    WRITTEN = 100, /* numbers that stand in the script itself; more go beside it */
    HUGE_DATA = 1 << 26, /* numbers of a data set that is left where it is */
    WIDE = 84
};

struct script {
    struct session *s;
    struct python p;
    struct buf weights, fixed, inputs, rows, test; /* names in quotes, commas between */
    struct buf over;  /* "X": 255.0 where whole numbers went along */
    struct buf board; /* BOARD's lines, while they are few */
    struct npz beside;
    char *side;        /* its path, when it is written */
    size_t numbers;    /* of all that goes along */
    bool small, whole; /* all of it is written; all of the data goes along */
    struct node **params;
    size_t n_params;
    bool trains;
    const char *learn;
    struct taught how;
    struct error *error; /* there is no memory for its numbers */
};

/* ---- the numbers that go along ---- */

static void add_quoted(struct buf *b, const char *name) {
    size_t line = b->len;
    while (line && b->data[line - 1] != '\n') line--;
    if (b->len) buf_add(b, b->len - line > WIDE - 20 ? ",\n    " : ", ");
    buf_printf(b, "\"%s\"", name);
}

static void put(struct script *t, const char *name, const struct shape *s,
                const real *v) {
    if (!t->small) {
        npz_add(&t->beside, name, s, v);
        return;
    }
    buf_printf(&t->board, "    \"%s\": ", name);
    python_numbers(&t->board, s, v);
    buf_add(&t->board, ",\n");
}

/* Pictures as the bytes that they are, and what white is. */
static bool put_packed(struct script *t, const char *board_name, const char *name) {
    const struct def *d = board_get(t->s->board, board_name);
    const struct packed *p = d && t->whole && !t->small ? d->packed : NULL;
    if (!p || p->mean) return false;
    npz_add_packed(&t->beside, name, p);
    buf_add_listed(&t->over, "\"%s\": ", name);
    python_number(&t->over, p->over);
    return true;
}

/* All of a data set's rows, while they are not too many: the caller's, so that those of
 * a large one are numbers no longer than they are written. */
static struct tensor *whole_of(struct script *t, const char *name) {
    const struct def *d = board_get(t->s->board, name);
    struct tensor *all = NULL;
    if (!d || d->kind != DEF_VALUE || !t->whole || t->error) return NULL;
    if (!d->packed) return tensor_ref(def_tensor(d));
    t->error = tensor_new(d->shape, &all);
    if (all) def_read(d, 0, d->shape.dim[0], all->data);
    return all;
}

/* False where they do not go along. */
static bool put_rows(struct script *t, const char *board_name, const char *name) {
    if (put_packed(t, board_name, name)) return true;
    struct tensor *all = whole_of(t, board_name);
    if (all) put(t, name, &all->shape, all->data);
    tensor_unref(all);
    return all != NULL;
}

static bool has_rows(const struct script *t, const struct node *n) {
    return n->shape.n && export_varies(t->p.x, n, 0);
}

static void put_input(struct script *t, const struct node *n) {
    const char *name = t->p.names[n->id];
    bool whole = has_rows(t, n) && put_rows(t, n->name, name);
    struct buf other = {0};
    add_quoted(&t->inputs, name);
    if (has_rows(t, n)) add_quoted(&t->rows, name);
    if (!whole) put(t, name, &n->shape, n->value);
    buf_printf(&other, "%s.test", n->name);
    if (whole && board_get(t->s->board, buf_text(&other))) {
        name = python_name(&t->p, buf_text(&other));
        if (put_rows(t, buf_text(&other), name)) add_quoted(&t->test, name);
    }
    buf_free(&other);
}

static void count_numbers(struct script *t) {
    const struct graph *g = t->p.x->c.graph;
    size_t data = 0;
    for (int i = 0; i < graph_count(g); i++) {
        const struct node *n = graph_node(g, i);
        if (!n->gate && !n->constant) t->numbers += n->size;
    }
    for (int i = 0; i < t->p.x->n_inputs; i++) {
        const struct node *n = t->p.x->inputs[i];
        const struct def *d = has_rows(t, n) ? board_get(t->s->board, n->name) : NULL;
        if (d && d->kind == DEF_VALUE) data += shape_size(&d->shape);
    }
    t->whole = data <= HUGE_DATA;
    t->small = t->numbers + data <= WRITTEN;
}

static void put_all(struct script *t) {
    const struct exported *x = t->p.x;
    for (int i = 0; i < graph_count(x->c.graph); i++) {
        const struct node *n = graph_node(x->c.graph, i);
        const char *name = t->p.names[i];
        if (n->gate || !name || !graph_depends(x->c.graph, x->c.root, n)) continue;
        if (export_is_input(x, n)) {
            put_input(t, n);
        } else {
            bool learns = n->param && export_is_own(t->s->board, n);
            add_quoted(learns ? &t->weights : &t->fixed, name);
            put(t, name, &n->shape, n->value);
        }
    }
}

/* ---- the parts of the script ---- */

/* Behind a link the numbers stand beside what it leads to. */
static void add_load(struct buf *b, const char *side) {
    buf_add(b, "BOARD = load(HERE.resolve().with_name(\"");
    for (const char *c = pair_last(side); *c; c++) {
        if (*c == '"' || *c == '\\') buf_add(b, "\\");
        if ((unsigned char)*c < ' ') buf_printf(b, "\\x%02x", (unsigned)*c);
        else buf_add_n(b, c, 1);
    }
    buf_add(b, "\"))\n");
}

static void add_tables(const struct script *t, struct buf *b) {
    const struct node *root = t->p.x->c.root;
    buf_printf(b, "WEIGHTS = [%s]\nFIXED = [%s]\n", buf_text(&t->weights),
               buf_text(&t->fixed));
    buf_printf(b, "INPUTS = [%s]\nROWS = [%s]\n", buf_text(&t->inputs),
               buf_text(&t->rows));
    buf_printf(b, "OVER = {%s}\n", buf_text(&t->over));
    if (t->trains) {
        buf_printf(b, "TEST = [%s]\nWHOLE = %s\n", buf_text(&t->test),
                   t->whole ? "True" : "False");
        buf_printf(b, "PRECISION = torch.float%s\n", t->how.batch ? "32" : "64");
    }
    if (t->small) buf_printf(b, "BOARD = {\n%s}\n", buf_text(&t->board));
    else add_load(b, t->side);
    buf_add(b, "LEARN = ");
    if (t->learn) buf_printf(b, "BOARD[\"%s\"]", t->learn);
    else python_numbers(b, &root->shape, root->value);
    buf_add(b, "\n");
}

/* h1_W, h1_b = self.weights: so that the formulas have the names they had. */
static void add_unpacking(struct buf *b, const struct buf *names, const char *from) {
    if (!names->len) return;
    buf_add(b, "        [");
    for (size_t i = 0; i < names->len; i++) {
        if (names->data[i] == '"') continue;
        buf_add_n(b, &names->data[i], 1);
        if (names->data[i] == '\n') buf_add(b, "     ");
    }
    buf_printf(b, "] = self.%s\n", from);
}

static void add_arguments(const struct script *t, struct buf *b) {
    for (int i = 0; i < t->p.x->n_inputs; i++) {
        buf_printf(b, ", %s", t->p.names[t->p.x->inputs[i]->id]);
    }
}

/* The optimiser's row says how it is called. */
static void add_optimiser(const struct script *t, struct buf *b) {
    const struct rule *r = &t->how.rule;
    for (const char *c = r->optimiser->torch; *c; c++) {
        if (strncmp(c, "{weights}", 9) == 0 && t->how.penalty > 0) {
            buf_add(b,
                    "[{\"params\": [w for w in net.weights if w.dim() > 1], "
                    "\"weight_decay\": ");
            python_number(b, t->how.penalty);
            buf_add(
                b,
                "},\n        {\"params\": [w for w in net.weights if w.dim() < 2]}]");
        } else if (strncmp(c, "{weights}", 9) == 0) {
            buf_add(b, "net.parameters()");
        } else if (strncmp(c, "{rate}", 6) == 0) {
            buf_add(b, "order.rate");
        } else if (strncmp(c, "{setting}", 9) == 0) {
            python_number(b, r->setting);
        } else {
            buf_add_n(b, c, 1);
            continue;
        }
        c += strcspn(c, "}");
    }
}

/* Must all rows be looked at together: is the mean over parts not the whole's? */
static bool sees_all(const struct script *t) {
    const struct exported *x = t->p.x;
    struct kinds k = {.rows = x->few, .rest = true};
    for (int i = 0; i < x->n_inputs; i++)
        if (has_rows(t, x->inputs[i])) kinds_cut(&k, x->inputs[i]);
    bool all = !kinds_average(&k, x->c.graph, x->c.root);
    kinds_free(&k);
    return all;
}

/* Lines that are there only where the rule wants them. */
static void add_schedule(const struct script *t, struct buf *b) {
    if (t->how.rule.decay <= 0) return;
    buf_add(b, "    schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, ");
    python_number(b, t->how.rule.decay);
    buf_add(b, ")\n");
}

static void add_clip(const struct script *t, struct buf *b) {
    if (t->how.rule.clip <= 0) return;
    buf_add(b, "            torch.nn.utils.clip_grad_norm_(net.parameters(), ");
    python_number(b, t->how.rule.clip);
    buf_add(b, ")\n");
}

static struct error *add_place(const struct script *t, struct buf *b, const char *place,
                               const char *path) {
    const struct node *root = t->p.x->c.root;
    const char *slash = strrchr(path, '/');
    if (strncmp(place, "say ", 4) == 0) {
        struct buf key = {0};
        buf_printf(&key, "export.torch.%s", place + 4);
        char *said = out_sentence(t->s->out, buf_text(&key), NULL);
        buf_add(b, said);
        free(said);
        buf_free(&key);
        return NULL;
    }
    if (!strcmp(place, "file")) buf_add(b, slash ? slash + 1 : path);
    else if (!strcmp(place, "tables")) add_tables(t, b);
    else if (!strcmp(place, "arguments")) add_arguments(t, b);
    else if (!strcmp(place, "root")) buf_add(b, t->p.names[root->id]);
    else if (!strcmp(place, "few")) buf_printf(b, "%zu", t->p.x->few);
    else if (!strcmp(place, "optimiser")) add_optimiser(t, b);
    else if (!strcmp(place, "part")) buf_add(b, sees_all(t) ? "rows" : "1000");
    else if (!strcmp(place, "schedule")) add_schedule(t, b);
    else if (!strcmp(place, "clipping")) add_clip(t, b);
    else if (!strcmp(place, "slower"))
        buf_add(b, t->how.rule.decay > 0 ? "        schedule.step()\n" : "");
    else if (!strcmp(place, "epochs")) buf_printf(b, "%zu", t->how.epochs);
    else if (!strcmp(place, "batch")) buf_printf(b, "%zu", t->how.batch);
    else if (!strcmp(place, "rate")) python_number(b, t->how.rule.rate);
    else if (!strcmp(place, "formulas")) {
        add_unpacking(b, &t->weights, "weights");
        add_unpacking(b, &t->fixed, "fixed");
        return python_formulas(&t->p, b);
    }
    return NULL;
}

/* The frame with its places filled; what stands between #train and #end only where
 * there is something to train. */
static struct error *fill_frame(const struct script *t, struct buf *b,
                                const char *path) {
    struct error *e = NULL;
    bool on = true;
    for (const char *c = words_torch; *c && !e;) {
        size_t line = strcspn(c, "\n") + 1;
        bool begins = strncmp(c, "#train\n", 7) == 0,
             ends = strncmp(c, "#end\n", 5) == 0;
        if (begins || ends || !on) {
            on = ends || (on && t->trains);
            c += line;
            continue;
        }
        for (const char *end = c + line; c < end && !e;) {
            const char *close = strncmp(c, "{{", 2) == 0 ? strstr(c, "}}") : NULL;
            if (!close) {
                buf_add_n(b, c++, 1);
                continue;
            }
            char *place = mem_copy_n(c + 2, (size_t)(close - c) - 2);
            e = add_place(t, b, place, path);
            free(place);
            c = close + 2;
        }
    }
    return e;
}

/* ---- the whole ---- */

/* As the last train or descend went about it. */
static void find_rule(struct script *t) {
    const struct run *r = board_state(t->s->board)->run;
    t->how =
        (struct taught){.rule = {optimiser_find("sgd"), .rate = 0.1}, .epochs = 20};
    if (r && r->taught.batch) {
        t->how = r->taught;
    } else if (r && run_rule_at(r, r->last).optimiser) {
        t->how.rule = run_rule_at(r, r->last);
    }
}

static bool can_train(struct script *t) {
    struct exported *x = t->p.x;
    t->n_params = compile_params(&x->c, t->s->board, &t->params);
    if (!t->n_params || x->c.root->size != 1) return false;
    struct error *e = graph_want(x->c.graph, x->c.root, t->params, (int)t->n_params);
    error_free(e);
    return !e;
}

/* m.py: m, beside what is behind the path: what the names of its numbers begin with. */
static char *base_of(const char *path) {
    char *behind = file_behind(path), *name = mem_copy(pair_last(path));
    name[strlen(name) - 3] = '\0';
    char *base = file_beside(behind, name);
    free(behind);
    free(name);
    return base;
}

/* The numbers that the script at a path names, or NULL. */
static char *named_in(const char *path) {
    static const char before[] = "\nBOARD = load(HERE.resolve().with_name(\"";
    char *text, *name = NULL;
    size_t n;
    struct error *e = file_read(path, (size_t)64 << 20, &text, &n);
    const char *at = e ? NULL : strstr(text, before);
    if (at) at += sizeof before - 1;
    if (at) name = mem_copy_n(at, strcspn(at, "\"/\n"));
    if (!e) free(text);
    error_free(e);
    return name;
}

/* The numbers first, if there are too many for the script, then the script. */
static struct error *write_both(struct script *t, const char *path, bool *there) {
    const struct node *root = t->p.x->c.root;
    struct buf text = {0};
    own_begin(&text);
    put_all(t);
    if (!t->small && root->size > WRITTEN) {
        put(t, t->learn = python_name(&t->p, "learn"), &root->shape, root->value);
    }
    struct error *e = t->error;
    if (e) npz_drop(&t->beside);
    else if (!t->small) e = npz_close(&t->beside, &t->side, there);
    if (!e) e = interrupt_error();
    if (!e) e = fill_frame(t, &text, path);
    if (!e) e = own_write(path, &text);
    buf_free(&text);
    return e;
}

static struct error *write_all(struct script *t, const char *path) {
    const char *key = t->small ? "export.torch.done" : "export.torch.done-beside";
    char *base = base_of(path), *behind = file_behind(path);
    int lock = file_lock(behind);
    char *old = named_in(path);
    bool there = false;
    struct pair p = npz_pair(base);
    struct error *e = own_check(path);
    if (!e && !t->small) npz_open(&t->beside, base);
    if (!e) e = write_both(t, path, &there);
    pair_end(&p, behind, e, t->side, there, old, lock);
    if (!e)
        out_say(t->s->out, key, "file", path, "beside", t->side ? t->side : "", NULL);
    if (!e && !t->whole) out_say(t->s->out, "export.torch.huge", NULL);
    if (!e && t->trains) out_say(t->s->out, "export.torch.trains", "file", path, NULL);
    free(base);
    free(behind);
    free(old);
    return e;
}

struct error *export_torch(struct session *s, struct exported *x, const char *path) {
    struct script t = {.s = s};
    python_open(&t.p, x);
    t.trains = can_train(&t);
    find_rule(&t);
    count_numbers(&t);
    struct error *e = write_all(&t, path);
    struct buf *const all[] = {&t.weights, &t.fixed, &t.inputs, &t.rows,
                               &t.test,    &t.board, &t.over};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) buf_free(all[i]);
    free(t.side);
    python_close(&t.p);
    return e;
}
