#include "session/files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/own.h"
#include "base/units.h"
#include "base/utf8.h"
#include "board/define.h"
#include "board/mark.h"
#include "board/names.h"
#include "board/params.h"
#include "session/run.h"
#include "session/stage.h"
#include "session/weights.h"
#include "text/number.h"

#define SCRIPT_MOST ((size_t)64 << 20)
#define LARGE 1000        /* numbers of a parameter that go beside the script */
#define LARGE_TABLE 50000 /* and of a value: what is smaller is good to read there */
#define RESTORE "restore "
/* In scripts of before: here the numbers in s.learn.weights are read. */
#define READ_HERE "# the weights beside this script are read here"
/* A script that came over such a pair, and has nothing beside it. */
#define ALL_HERE "# all numbers of this script are in it\n"

/* As it reads back: where dE/dw would be a quotient, or unknown names, it is ∂E/∂w. */
static void print_formula(struct buf *b, const struct board *board,
                          const struct expr *e) {
    struct expr copy = *e;
    copy.nodes = mem_alloc((size_t)e->n, sizeof *copy.nodes);
    memcpy(copy.nodes, e->nodes, (size_t)e->n * sizeof *copy.nodes);
    for (int i = 0; i < e->n; i++) {
        struct expr_node *n = &copy.nodes[i];
        if (n->kind != EXPR_DERIVATIVE) continue;
        struct buf top = {0}, bottom = {0};
        buf_printf(&top, "d%s", n->name);
        buf_printf(&bottom, "d%s", n->wrt);
        n->partial |= board_get(board, buf_text(&top)) ||
                      board_get(board, buf_text(&bottom)) ||
                      (!board_get(board, n->name) && !board_get(board, n->wrt));
        buf_free(&top);
        buf_free(&bottom);
    }
    expr_print(b, &copy);
    free(copy.nodes);
}

/* ---- show ---- */

void files_show_one(struct session *s, const char *name, const struct def *d) {
    struct buf b = {0};
    buf_printf(&b, "%s%s", d->kind == DEF_PARAM ? "param " : "", name);
    for (int k = 0; k < d->n_args; k++) {
        buf_printf(&b, "%s%s", k ? ", " : "(", d->args[k]);
    }
    if (d->n_args) buf_add(&b, ")");
    if (d->kind >= DEF_FORMULA) {
        buf_add(&b, " = ");
        expr_print(&b, d->expr);
    }
    if (d->kind != DEF_FUNCTION && !define_add_value(s, &b, name, SIZE_MAX)) {
        char *note = out_sentence(s->out, "show.broken", NULL);
        buf_printf(&b, "   (%s)", note);
        free(note);
    }
    if (d->kind == DEF_PARAM) out_puts(s->out, out_ink(s->out, OUT_PARAM));
    define_say(s, buf_text(&b));
    if (d->kind == DEF_PARAM) out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    buf_free(&b);
}

struct error *files_show_command(struct session *s, const struct stmt *c) {
    (void)c;
    bool any = false;
    for (size_t i = 0; i < board_count(s->board); i++) {
        const struct slot *slot = board_at(s->board, i);
        if (interrupt_flag) return interrupt_error();
        if (slot->def) files_show_one(s, slot->name, slot->def);
        any |= slot->def != NULL;
    }
    if (!any) out_say(s->out, "show.empty", NULL);
    return NULL;
}

/* ---- save ---- */

static void write_value(struct buf *b, const struct def *d) {
    expr_print_numbers(b, &d->shape, def_tensor(d)->data);
}

static bool is_large(const struct def *d) {
    size_t size = shape_size(&d->shape);
    return (d->kind == DEF_PARAM && size > LARGE) ||
           (d->kind == DEF_VALUE && size > LARGE_TABLE);
}

static void write_dims(struct buf *b, const struct shape *s) {
    for (int k = 0; k < s->n; k++) buf_printf(b, "%s%zu", k ? ", " : "", s->dim[k]);
}

enum { BEGUN = 1, WRITTEN };

struct writing {
    struct buf *b;
    struct board *board;
    struct map at;              /* slots by name */
    unsigned char *done, *lost; /* of each slot; lost: it no longer fits */
    size_t *stack;
    bool beside; /* large ones stand beside */
};

static const struct def *def_at(const struct writing *w, size_t i) {
    return board_at(w->board, i)->def;
}

/* A place among the names that an expression has: at a node, the how manyth. */
struct names {
    int node, k;
    bool bound; /* the name that was got last is one that an `at` gives a value */
};

/* The next name in what slot i stands for; -1: no more. */
static int next_name(const struct writing *w, size_t i, struct names *at) {
    const struct expr *x = def_at(w, i)->expr;
    while (x && at->node < x->n) {
        const struct expr_node *n = &x->nodes[at->node];
        int k = at->k++;
        if (k >= 2 + n->n_binds) {
            *at = (struct names){at->node + 1, 0, false};
            continue;
        }
        const char *name = k == 0 ? n->name : k == 1 ? n->wrt : n->binds[k - 2].name;
        int need = name ? map_get(&w->at, name) : -1;
        at->bound = k > 1;
        if (need >= 0 && def_at(w, (size_t)need)) return need;
    }
    return -1;
}

/* Does slot `from` stand on slot i? */
static bool reaches(const struct writing *w, size_t from, size_t i) {
    size_t n = board_count(w->board), depth = 0;
    unsigned char *seen = mem_alloc(n, 1);
    size_t *stack = mem_alloc(n, sizeof *stack);
    bool found = false;
    stack[depth++] = from;
    while (depth && !found) {
        size_t top = stack[--depth];
        struct names at = {0};
        for (int need; !found && (need = next_name(w, top, &at)) >= 0;) {
            found = (size_t)need == i;
            if (seen[need]) continue;
            seen[need] = 1;
            stack[depth++] = (size_t)need;
        }
    }
    free(seen);
    free(stack);
    return found;
}

/* A parameter's expression goes along where it can still be drawn by it. */
static bool is_drawn(const struct writing *w, size_t i) {
    const struct def *d = def_at(w, i);
    struct names at = {0};
    if (!d->expr || d->kind != DEF_PARAM) return false;
    return next_name(w, i, &at) < 0 ||
           (!reaches(w, i, i) && params_can_draw(w->board, d));
}

static void write_param(const struct writing *w, size_t i, bool large) {
    const struct def *d = def_at(w, i);
    const char *name = board_at(w->board, i)->name;
    struct buf *b = w->b;
    buf_printf(b, "param %s%s", name, d->shape.n ? "[" : "");
    write_dims(b, &d->shape);
    if (d->shape.n) buf_add(b, "]");
    if (is_drawn(w, i)) {
        buf_add(b, " = ");
        print_formula(b, w->board, d->expr);
    }
    if (large) return;
    buf_printf(b, "\n%s = ", name);
    write_value(b, d);
}

/* Does it no longer fit, or stand on what doesn't? */
static bool is_lost(const struct writing *w, size_t i) {
    struct names at = {0};
    bool lost = def_at(w, i)->broken;
    if (def_at(w, i)->kind < DEF_FORMULA) return false;
    for (int need; !lost && (need = next_name(w, i, &at)) >= 0;) lost = w->lost[need];
    return lost;
}

/* large: its numbers stand beside, and are restored later. What is lost would be
 * refused, and stop the rest: it becomes a comment. */
static void write_def(const struct writing *w, size_t i) {
    const struct def *d = def_at(w, i);
    const char *name = board_at(w->board, i)->name;
    struct buf *b = w->b;
    bool large = w->beside && is_large(d);
    w->lost[i] = is_lost(w, i);
    switch (d->kind) {
        case DEF_FUNCTION:
        case DEF_FORMULA:
            buf_printf(b, "%s%s", w->lost[i] ? "# " : "", name);
            for (int k = 0; k < d->n_args; k++)
                buf_printf(b, "%s%s", k ? ", " : "(", d->args[k]);
            buf_printf(b, "%s = ", d->n_args ? ")" : "");
            print_formula(b, w->board, d->expr);
            break;
        case DEF_VALUE:
            buf_printf(b, "%s = ", name);
            if (!large) {
                write_value(b, d);
                break;
            }
            buf_add(b, "zeros(");
            write_dims(b, &d->shape);
            buf_add(b, ")");
            break;
        case DEF_PARAM: write_param(w, i, large); break;
    }
    buf_add(b, "\n");
}

/* A data set as the line that brings it, with the seed that its rows were thrown by.
 * What it brought is done then; what was changed since is written as numbers. */
static void write_use(struct buf *b, const struct board *board, unsigned char *done) {
    const struct def_source *from = NULL;
    uint64_t seed = board_state(board)->seed;
    for (size_t i = 0; i < board_count(board); i++) {
        const struct def *d = board_at(board, i)->def;
        if (!d || !d->source.set) continue;
        from = &d->source; /* `use` brings all of its names at once: there is but one */
        done[i] = WRITTEN;
    }
    if (from) {
        char share[NUM_SIZE];
        buf_printf(b, "seed %llu\nuse %s", (unsigned long long)from->seed, from->set);
        if (from->test >= 0) buf_printf(b, " test %s", num_exact(share, from->test));
        buf_add(b, "\n");
    }
    if (!from || from->seed != seed)
        buf_printf(b, "seed %llu\n", (unsigned long long)seed);
}

/* One that slot i stands on and that isn't there yet; -1: all are. Of a = b at c = 3
 * and c = a + 1, which go round, c is needed by name only. */
static int needs(const struct writing *w, size_t i) {
    struct names at = {0};
    if (def_at(w, i)->kind == DEF_PARAM && !is_drawn(w, i)) return -1;
    for (int need; (need = next_name(w, i, &at)) >= 0;) {
        if (!w->done[need] && !(at.bound && reaches(w, (size_t)need, i))) return need;
    }
    return -1;
}

/* Such a c stands in for itself by zeros, until it has its turn. */
static void stand_in(const struct writing *w, size_t i) {
    struct names at = {0};
    for (int need; (need = next_name(w, i, &at)) >= 0;) {
        const struct shape *shape = &def_at(w, (size_t)need)->shape;
        if (!at.bound || w->done[need] == WRITTEN) continue;
        buf_printf(w->b, "%s = %s", board_at(w->board, (size_t)need)->name,
                   shape->n ? "zeros(" : "0");
        write_dims(w->b, shape);
        buf_add(w->b, shape->n ? ")\n" : "\n");
    }
}

/* A name after all that it stands on: an explicit stack, as chains may be long. */
static void write_slot(struct writing *w, size_t i) {
    size_t depth = 0;
    if (w->done[i] || !def_at(w, i)) return;
    w->stack[depth++] = i;
    w->done[i] = BEGUN;
    while (depth) {
        size_t top = w->stack[depth - 1];
        int need = needs(w, top);
        if (need >= 0) {
            w->done[need] = BEGUN;
            w->stack[depth++] = (size_t)need;
            continue;
        }
        if (def_at(w, top)->kind >= DEF_FORMULA) stand_in(w, top);
        write_def(w, top);
        w->done[top] = WRITTEN;
        depth--;
    }
}

/* lost: the names that are there as comments only; or NULL. */
static void write_board(struct buf *b, struct board *board, const char *weights,
                        struct buf *lost) {
    size_t n = board_count(board);
    struct writing w = {.b = b, .board = board, .beside = weights != NULL};
    w.done = mem_alloc(n + 1, 1);
    w.lost = mem_alloc(n + 1, 1);
    w.stack = mem_alloc(n + 1, sizeof *w.stack);
    write_use(b, board, w.done);
    for (size_t i = 0; i < n; i++) map_set(&w.at, board_at(board, i)->name, (int)i);
    /* the sizes of others may hang on the numbers that stand beside */
    for (size_t i = 0; weights && i < n; i++) {
        if (def_at(&w, i) && is_large(def_at(&w, i))) write_slot(&w, i);
    }
    if (weights) {
        buf_add(b, RESTORE);
        weights_add_quoted(b, weights);
        buf_add(b, "\n");
    }
    for (size_t i = 0; i < n; i++) write_slot(&w, i);
    for (size_t i = 0; lost && i < n; i++) {
        if (!w.lost[i]) continue;
        buf_add_listed(lost, "%s", board_at(board, i)->name);
    }
    map_free(&w.at);
    free(w.stack);
    free(w.lost);
    free(w.done);
}

void files_write_board(struct buf *b, struct board *board, const char *weights) {
    write_board(b, board, weights, NULL);
}

/* s.learn.weights, beside what is behind the path: what its weights' names begin
 * with. */
static char *weights_of(const char *path) {
    struct buf b = {0};
    char *behind = file_behind(path);
    buf_printf(&b, "%s.weights", pair_last(path));
    char *base = file_beside(behind, buf_text(&b));
    buf_free(&b);
    free(behind);
    return base;
}

/* Where a script names its weights, behind the quotation mark; or NULL. */
static char *restored_in(char *script) {
    char *at = strstr(script, "\n" RESTORE "\"");
    return at ? at + strlen("\n" RESTORE "\"") : NULL;
}

/* The weights that the script at a path names, or NULL. */
static char *named_in(const char *path) {
    char *text;
    size_t n;
    struct buf name = {0};
    struct error *e = file_read(path, SCRIPT_MOST, &text, &n);
    const char *at = e ? NULL : restored_in(text);
    for (; at && *at && !strchr("\"/\n", *at); at++) {
        if (*at == '\\' && at[1]) at++; /* a quote in the name */
        buf_add_n(&name, at, 1);
    }
    if (!e) free(text);
    error_free(e);
    return name.len ? buf_take(&name) : NULL;
}

static bool any_large(const struct board *b) {
    bool any = false;
    for (size_t i = 0; i < board_count(b); i++) {
        const struct def *d = board_at(b, i)->def;
        any |= d && is_large(d);
    }
    return any;
}

/* What `run` would refuse is not written. */
static struct error *check_size(const struct buf *script, const char *path) {
    char size[UNITS_SIZE], most[UNITS_SIZE];
    if (script->len <= SCRIPT_MOST) return NULL;
    return error_new("script-too-large", "file", path, "size",
                     units_bytes(size, (double)script->len), "most",
                     units_bytes(most, (double)SCRIPT_MOST), NULL);
}

#define NO_SUM "-00000000"

/* The sum in the name of the weights, in a script that was printed before it was
 * known. */
static void put_sum(struct buf *script, const char *sum) {
    char *name = restored_in(script->data);
    char *end = strchr(name, '\n') - 1; /* its quotation mark */
    memcpy(end - strlen(NO_SUM), sum, strlen(NO_SUM));
}

/* About what the script takes, twice as it grows; what stands beside is not in it. */
static struct error *room_for(const struct board *b) {
    enum { DIGITS = 20 };
    double bytes = 0;
    for (size_t i = 0; i < board_count(b); i++) {
        const struct def *d = board_at(b, i)->def;
        if (!d) continue;
        bytes += (double)expr_bytes(d->expr);
        if (d->kind <= DEF_PARAM && !is_large(d) && !d->source.set)
            bytes += (double)(DIGITS * shape_size(&d->shape));
    }
    return memory_left_for(2 * bytes);
}

/* The numbers first, then the script that names them. *side is the numbers' file, or
 * NULL. The script is printed before, as it may be too large. */
static struct error *save_pair(struct session *s, const char *path, const char *base,
                               char **side, bool *there, struct buf *lost) {
    struct buf script = {0}, name = {0};
    struct pair p = weights_pair(base);
    bool large = any_large(s->board);
    buf_printf(&name, "%s" NO_SUM, pair_last(base));
    struct error *e = own_check(path);
    if (!e) e = room_for(s->board);
    own_begin(&script);
    if (!e) write_board(&script, s->board, large ? buf_text(&name) : NULL, lost);
    if (!e && !large && access(base, F_OK) == 0) buf_add(&script, ALL_HERE);
    if (!e) e = check_size(&script, path);
    if (!e && large) e = weights_write(base, s->board, is_large, side, there);
    if (!e && large) e = interrupt_error();
    if (!e && large) put_sum(&script, pair_sum(&p, *side));
    if (!e) e = own_write(path, &script);
    buf_free(&script);
    buf_free(&name);
    return e;
}

struct error *files_save_command(struct session *s, const struct stmt *c) {
    const char *path = NULL;
    char *side = NULL;
    bool there = false;
    struct error *e = stmt_file(c, &path);
    if (e) return e;
    char *behind = file_behind(path), *base = weights_of(path);
    int lock = file_lock(behind);
    char *old = named_in(path);
    struct pair p = weights_pair(base);
    struct buf lost = {0};
    e = save_pair(s, path, base, &side, &there, &lost);
    pair_end(&p, behind, e, side, there, old, lock);
    if (!e && lost.len) out_say(s->out, "save.broken", "names", buf_text(&lost), NULL);
    if (!e) {
        out_say(s->out, side ? "save.done-weights" : "save.done", "file", path,
                "weights", side ? side : "", NULL);
    }
    buf_free(&lost);
    free(behind);
    free(base);
    free(old);
    free(side);
    return e;
}

/* ---- run ---- */

/* A script of before, whose numbers stand in s.learn.weights: at a comment of its own,
 * or, in older ones, at the end. They are restored there; lines keep their numbers.
 * NULL: it is none. */
static char *renew(const char *text, const char *path) {
    char *base = weights_of(path);
    const char *here = strstr(text, "\n" READ_HERE);
    struct buf b = {0};
    struct pair p = weights_pair(base);
    bool beside = access(base, F_OK) == 0 && !strstr(text, "\n" RESTORE) &&
                  !strstr(text, "\n" ALL_HERE) && pair_is_ours(&p, base);
    if (here || beside) {
        size_t n = here ? (size_t)(here + 1 - text) : strlen(text);
        buf_add_n(&b, text, n);
        if (!here) buf_add(&b, "\n");
        buf_add(&b, RESTORE);
        weights_add_quoted(&b, pair_last(base));
        if (here) buf_add(&b, here + 1 + strlen(READ_HERE));
    }
    free(base);
    return b.len ? buf_take(&b) : NULL;
}

/* Where weights cannot be restored the board is left as it was, not with numbers that
 * nobody learned. */
static struct error *try_whole(struct session *s, const char *text, const char *path) {
    struct board *before = mark_take(s->board);
    struct typed t = session_read(s, text, false);
    if (t.program && !s->sandbox) stage_say_files(s, t.program, path);
    struct error *e = session_take(s, &t, path);
    typed_free(&t);
    if (e && e->whole) mark_restore(s->board, before, path);
    if (e) e->whole = false; /* a script that runs this one stands as far as it came */
    board_free(before);
    return e;
}

/* With a place, in a text; with what it may be written in instead. */
static struct error *check_text(const char *path, const char *text, size_t n) {
    size_t bad;
    bool wide =
        n > 1 && (memcmp(text, "\xFF\xFE", 2) == 0 || !memcmp(text, "\xFE\xFF", 2));
    if (!wide && memchr(text, 0, n)) return error_new("not-text", "file", path, NULL);
    if (!wide && utf8_valid(text, n, &bad)) return NULL;
    struct error *e = error_new("script-charset", "file", path, "charset",
                                wide ? "utf-16" : "cp949", NULL);
    e->at = (struct place){.line = 1, .column = 1};
    for (size_t i = 0; !wide && i < bad; i++) {
        e->at.line += text[i] == '\n';
        e->at.column = text[i] == '\n' ? 1 : e->at.column + 1;
    }
    e->file = mem_copy(path);
    return e;
}

struct error *files_read(const char *path, char **text) {
    size_t n;
    struct error *e = file_read(path, SCRIPT_MOST, text, &n);
    if (e) return e;
    if ((e = check_text(path, *text, n))) free(*text);
    return e;
}

struct error *files_run(struct session *s, const char *path) {
    if (s->depth >= 20) return error_new("too-deep", NULL);
    char *text;
    struct error *e = files_read(path, &text);
    if (e) return e;
    bool sandbox = s->sandbox;
    s->sandbox |= s->sandbox_scripts;
    s->depth++;
    char *renewed = renew(text, path);
    e = try_whole(s, renewed ? renewed : text, path);
    free(renewed);
    s->depth--;
    s->sandbox = sandbox;
    free(text);
    return e;
}

struct error *files_run_command(struct session *s, const struct stmt *c) {
    const char *path = NULL;
    struct error *e = stmt_file(c, &path);
    return e ? e : files_run(s, path);
}
