#include "session/run.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "board/define.h"
#include "board/functions.h"
#include "board/names.h"
#include "board/params.h"
#include "engine/gates.h"
#include "engine/unfit.h"
#include "learning/hand.h"
#include "session/stage.h"
#include "syntax/parser.h"
#include "text/number.h"

#define REPEAT_MOST 100000000.0

enum { LONGEST_SHOWN = 240 }; /* columns of a script's line: a table may be in it */

/* ---- printing ---- */

/* Names, parts of them and derivatives are printed with what they are. */
static bool has_title(const struct expr *e) {
    const struct expr_node *root = &e->nodes[e->n - 1];
    if (root->kind == EXPR_INDEX) root = &e->nodes[root->kids[0]];
    if (root->kind == EXPR_AT) root = &e->nodes[root->kids[0]];
    return root->kind == EXPR_NAME || root->kind == EXPR_DERIVATIVE;
}

static enum out_colour ink_of(struct session *s, const struct expr *e) {
    const struct expr_node *root = &e->nodes[e->n - 1];
    const struct def *d =
        root->kind == EXPR_NAME ? board_get(s->board, root->name) : NULL;
    if (root->kind == EXPR_DERIVATIVE) return OUT_GRADIENT;
    return d && d->kind == DEF_PARAM ? OUT_PARAM : OUT_PLAIN;
}

enum { WHOLE = 1000, PARTS = 64 }; /* numbers shown at once; of a larger tensor */

/* Columns of what stands in s since its last line began. */
static int columns_of(const char *s) {
    const char *line = strrchr(s, '\n');
    return utf8_width(line ? line + 1 : s);
}

static void add_item(struct session *s, struct buf *b, const struct expr *e,
                     const struct tensor *t, bool bare, bool titled) {
    const struct expr_node *root = &e->nodes[e->n - 1];
    struct buf title = {0};
    int indent = bare ? columns_of(buf_text(b)) : 0;
    if (!bare && (titled || has_title(e))) {
        struct expr part = {.nodes = e->nodes,
                            .n = root->kind == EXPR_AT ? root->kids[0] + 1 : e->n};
        expr_print(&title, &part);
        buf_printf(b, "%s = ", buf_text(&title));
        indent = utf8_width(buf_text(&title)) + 3;
    }
    buf_add(b, out_ink(s->out, ink_of(s, e)));
    size_t most = t->size <= WHOLE ? WHOLE : PARTS;
    tensor_print_rows(b, &t->shape, t->data, s->out->digits, most, indent,
                      s->out->width);
    buf_add(b, out_ink(s->out, OUT_PLAIN));
    if (title.len && root->kind == EXPR_AT) {
        struct buf whole = {0};
        expr_print(&whole, e);
        const char *at = strstr(buf_text(&whole), " at ");
        if (at)
            buf_printf(b, "  %s(%s)%s", out_ink(s->out, OUT_DIM), at + 1,
                       out_ink(s->out, OUT_PLAIN));
        buf_free(&whole);
    }
    buf_free(&title);
}

/* A number that is none deserves a word: where did it come from? */
static void remark(struct session *s, const struct expr *e, const struct tensor *t) {
    for (size_t i = 0; i < t->size; i++) {
        if (isfinite(t->data[i])) continue;
        struct compiled c;
        struct error *err = compile_open(&c, s->board, e);
        if (!err) {
            graph_forward(c.graph);
            struct error *label = unfit_label(c.graph);
            if (!label) label = unfit_gate(c.graph);
            struct buf what = {0};
            bool slope = !label && unfit_is_slope(c.graph) &&
                         unfit_slope(c.graph, &what, s->out->digits);
            bool gate = !slope && unfit_number(c.graph, &what, s->out->digits);
            if (label) out_say_why(s->out, "unfit.why", label);
            else if (what.len)
                out_say(s->out,
                        slope  ? "not-finite.slope"
                        : gate ? "not-finite.gate"
                               : "not-finite.leaf",
                        "what", buf_text(&what), NULL);
            buf_free(&what);
            error_free(label);
            compile_close(&c);
        }
        error_free(err);
        return;
    }
}

#define ITEM_END "\1\1" /* between two, until it is known whether they fit in a line */

/* Side by side with commas where they fit, else below each other. */
static void say_items(struct session *s, char *items) {
    int columns = columns_of(items);
    for (const char *p = items; (p = strstr(p, ITEM_END)); p += 2) columns += 2;
    bool fits = !strchr(items, '\n') && columns <= s->out->width;
    for (char *p = items; (p = strstr(p, ITEM_END)); p += 2) {
        memcpy(p, fits ? ", " : ",\n", 2);
    }
    out_printf(s->out, "%s\n", items);
}

/* undoo, alone in its line: a command may have been meant. */
static struct error *or_command(struct session *s, const struct expr *x,
                                struct error *e) {
    struct near n = {.word = x->nodes[0].name};
    if (x->n != 1 || x->nodes[0].kind != EXPR_NAME) return e;
    session_near(s, &n);
    return near_tell(&n, e);
}

static struct error *run_items(struct session *s, const struct stmt *st) {
    struct buf b = {0};
    bool texts = false, titled = false; /* beside one that has, each has its title */
    struct error *e = NULL;
    for (int i = 0; i < st->n_items; i++) {
        texts |= st->items[i].text != NULL;
        titled |= st->n_items > 1 && !st->items[i].text && has_title(st->items[i].expr);
    }
    for (int i = 0; i < st->n_items && !e; i++) {
        const struct item *item = &st->items[i];
        if (i) buf_add(&b, texts ? " " : ITEM_END);
        if (item->text) {
            buf_add(&b, item->text);
            continue;
        }
        const struct expr_node *root = &item->expr->nodes[item->expr->n - 1];
        const struct def *d =
            root->kind == EXPR_NAME ? board_get(s->board, root->name) : NULL;
        if (d && d->kind == DEF_FUNCTION) {
            buf_printf(&b, "%s(", root->name);
            for (int k = 0; k < d->n_args; k++) {
                buf_printf(&b, "%s%s", k ? ", " : "", d->args[k]);
            }
            buf_add(&b, ") = ");
            expr_print(&b, d->expr);
            continue;
        }
        struct tensor *t;
        if ((e = compile_value(s->board, item->expr, &t))) {
            e = or_command(s, item->expr, e);
            break;
        }
        add_item(s, &b, item->expr, t, texts, titled && root->kind != EXPR_NUMBER);
        if (st->n_items == 1) {
            out_printf(s->out, "%s\n", buf_text(&b));
            remark(s, item->expr, t);
            tensor_unref(t);
            buf_free(&b);
            return NULL;
        }
        tensor_unref(t);
    }
    if (!e && b.len && texts) out_printf(s->out, "%s\n", b.data);
    else if (!e && b.len) say_items(s, b.data);
    buf_free(&b);
    return e;
}

/* ---- statements ---- */

static struct error *run_program(struct session *s, const struct program *p);

/* repeat's counter. What no longer fits is told in the last round: until then it may
 * yet. */
static void count(struct session *s, const char *name, double i, bool last) {
    struct def *def = def_value(DEF_VALUE, tensor_scalar(i));
    struct draft d = {0};
    if (!last) {
        name_set(s->board, name, def, NULL);
        return;
    }
    draft_add(&d, name, def);
    define_set_silently(s, &d);
}

static struct error *run_repeat(struct session *s, const struct stmt *st) {
    double times;
    struct error *e = compile_number(s->board, st->count, &times);
    if (e) return e;
    struct place at = st->count->nodes[st->count->n - 1].at;
    if (!(times >= 0 && times <= REPEAT_MOST) || times != floor(times)) {
        return error_at(error_new("repeat-count", "value", NUM(s->out, times), NULL),
                        at);
    }
    if (s->depth >= 100) return error_at(error_new("too-deep", NULL), st->at);
    bool hushed = s->hushed;
    s->hushed = true;
    s->depth++;
    for (double i = 0; i < times && !e; i++) {
        if (session_stopped(s)) {
            e = interrupt_stopped();
            break;
        }
        if (st->name) count(s, st->name, i, i + 1 >= times);
        e = run_program(s, st->body);
    }
    s->hushed = hushed;
    s->depth--;
    return e;
}

static struct error *run_command(struct session *s, const struct stmt *st) {
    if (s->sandbox && st->command->flags & COMMAND_FILES) {
        return error_new("sandbox-files", "name", st->command->name, NULL);
    }
    return st->command->run(s, st);
}

static struct error *run_define(struct session *s, const struct stmt *st) {
    struct hand *hand = hand_open(s, st);
    struct error *e = define_names(s, st);
    hand_close(s, hand, !e);
    return e;
}

static struct error *run_stmt(struct session *s, const struct stmt *st) {
    switch (st->kind) {
        case STMT_DEFINE: return run_define(s, st);
        case STMT_FUNCTION: return define_function(s, st);
        case STMT_PARAM: return params_define(s, st);
        case STMT_ITEMS: return run_items(s, st);
        case STMT_REPEAT: return run_repeat(s, st);
        case STMT_COMMAND: return run_command(s, st);
    }
    return NULL;
}

/* What a statement says after Ctrl-C: nothing is to be done after it. An error that
 * came of half a value is none of a person's. */
static struct error *stop_here(struct error *e) {
    if (e && !error_is_stop(e) && interrupt_left()) {
        error_free(e);
        e = NULL;
    }
    interrupt_settle();
    if (!e) e = interrupt_stopped();
    return e;
}

static struct error *run_stmts(struct session *s, const struct stmt *st, int n) {
    struct error *e = NULL;
    for (int i = 0; i < n && !e && !s->quit; i++) {
        /* or at a full page, before it came to this statement */
        if (!session_stopped(s)) e = run_stmt(s, &st[i]);
        if (session_stopped(s)) e = stop_here(e);
        if (e && e->at.line < 0) e->at = st[i].at; /* in a formula's own line */
        e = error_at(e, st[i].at);
    }
    return e;
}

static struct error *run_program(struct session *s, const struct program *p) {
    return run_stmts(s, p->stmts, p->n);
}

/* ---- texts ---- */

/* From the beginning of line `from` on to that of line `to`. */
static const char *go_to_line(const char *text, int from, int to) {
    for (; from < to && *text; text++) from += *text == '\n';
    return text;
}

static char *copy_line(const char *text) {
    return mem_copy_n(text, strcspn(text, "\n"));
}

static bool changes(const struct stmt *st, int n) {
    for (int i = 0; i < n; i++) {
        bool command = st[i].kind == STMT_COMMAND;
        if (!command || st[i].command->flags & COMMAND_CHANGES) return true;
    }
    return false;
}

static bool sets(const struct stmt *st, int n, const char *name) {
    for (int i = 0; i < n; i++) {
        for (int k = 0; st[i].kind == STMT_DEFINE && k < st[i].n_refs; k++) {
            if (strcmp(st[i].refs[k].name, name) == 0) return true;
        }
    }
    return false;
}

/* y = y/1000: worked out of what it was. */
static bool scales(const struct stmt *st, int n, const char *name) {
    for (int i = 0; i < n; i++) {
        bool one =
            st[i].kind == STMT_DEFINE && st[i].n_refs == 1 && !st[i].refs[0].n_index;
        if (!one || strcmp(st[i].refs[0].name, name) != 0) continue;
        const struct expr *e = st[i].exprs[0];
        for (int k = 0; k < e->n; k++) {
            if (e->nodes[k].kind == EXPR_NAME && strcmp(e->nodes[k].name, name) == 0)
                return true;
        }
    }
    return false;
}

/* What is done to X or y alone leaves the part to test with as it was. */
static void note_test_part(struct session *s, const struct stmt *st, int n) {
    static const char *const names[][2] = {{"X", "X.test"}, {"y", "y.test"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *name = names[i][0], *test = names[i][1];
        if (scales(st, n, name) && !sets(st, n, test) && board_get(s->board, test))
            out_say(s->out, "define.test-left", "name", name, "test", test, NULL);
    }
}

/* Statements of one source line: undone as one. Undo itself is no line to be undone. */
static struct error *run_line(struct session *s, const char *line,
                              const struct stmt *st, int n) {
    if (!changes(st, n)) return run_stmts(s, st, n);
    struct board *board = s->board; /* a lesson may put another in its place */
    char *label = copy_line(line);
    board_begin(board, label);
    free(label);
    struct error *e = run_stmts(s, st, n);
    board_end(board);
    if (!e && !s->quit && s->board == board) note_test_part(s, st, n);
    return e;
}

void session_show_line(struct session *s, const char *line, size_t n) {
    char *text = mem_copy_n(line, n);
    size_t fit = utf8_fit(text, LONGEST_SHOWN);
    const struct out_page *page = s->out->page;
    if (page) {
        page->command(page->self, text);
        free(text);
        return;
    }
    out_hold(s->out);
    out_printf(s->out, "%s> %.*s%s%s\n", out_ink(s->out, OUT_STRONG), (int)fit, text,
               text[fit] ? "…" : "", out_ink(s->out, OUT_PLAIN));
    out_release_with_next(s->out);
    free(text);
}

static bool is_note(const char *line) {
    line += strspn(line, " \t\r");
    return *line == '#' || *line == '\n' || !*line;
}

/* The source of the statements of a line, without what stands behind it; but for what
 * only says how they are presented. */
static void show_lines(struct session *s, const struct stmt *st, int n,
                       const char *line, const char *end) {
    bool stage = !s->echo;
    for (int i = 0; i < n; i++)
        stage &= st[i].kind == STMT_COMMAND && st[i].command->flags & COMMAND_STAGE;
    for (size_t len; !stage && line < end && *line; line += len + (line[len] == '\n')) {
        len = strcspn(line, "\n");
        if (!is_note(line)) session_show_line(s, line, len);
    }
}

struct error *session_take(struct session *s, struct typed *t, const char *file) {
    struct error *e = t->error;
    const struct program *p = t->program;
    const char *outer = s->file, *line = t->clean;
    int at = 1;
    t->error = NULL;
    s->file = file;
    for (int i = 0, n; p && i < p->n && !e && !s->quit; i += n) {
        const char *before = line;
        line = go_to_line(line, at, p->stmts[i].at.line);
        if (file && s->shown) stage_begin_page(s, before, line);
        at = p->stmts[i].at.line;
        for (n = 1; i + n < p->n && p->stmts[i + n].at.line == at;) n++;
        int next = i + n < p->n ? p->stmts[i + n].at.line : INT_MAX;
        if (file && s->shown)
            show_lines(s, &p->stmts[i], n, line, go_to_line(line, at, next));
        bool might = out_leaves(s->out, true);
        e = run_line(s, line, &p->stmts[i], n);
        out_leaves(s->out, might);
    }
    s->file = outer;
    if (e && e->at.line > 0 && !e->line) {
        error_set_line(e, go_to_line(t->clean, 1, e->at.line));
    }
    if (e && file && !e->file) e->file = mem_copy(file);
    return e;
}

struct error *session_try(struct session *s, const char *text, const char *file) {
    struct typed t = session_read(s, text, false);
    struct error *e = session_take(s, &t, file);
    typed_free(&t);
    return e;
}

bool session_report(struct session *s, struct error *e) {
    if (!e) return true;
    out_flush(s->out);
    out_error(s->out, e);
    error_free(e);
    return false;
}

bool session_run(struct session *s, const char *text, const char *file) {
    return session_report(s, session_try(s, text, file));
}
