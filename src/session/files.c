#include "session/files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "board/define.h"
#include "board/names.h"
#include "session/run.h"
#include "text/number.h"

#define SCRIPT_MOST ((size_t)64 << 20)
#define LARGE 1000        /* numbers of a parameter that go beside the script */
#define LARGE_TABLE 50000 /* and of a value: what is smaller is good to read there */
#define WEIGHTS_MOST ((size_t)1 << 30)
#define WEIGHTS "learn weights 1\n"
/* The line of a saved script at which the numbers beside it are read, which must be
 * there: what a person writes after it sees them. */
#define READ_HERE "# the weights beside this script are read here\n"

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
    if (d->kind != DEF_FUNCTION && !define_add_value(s, &b, name)) {
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

static void write_weights(struct buf *w, const char *name, const struct def *d) {
    if (!w->len) buf_add(w, WEIGHTS);
    const struct tensor *t = def_tensor(d);
    buf_printf(w, "%s %zu\n", name, t->size);
    buf_add_n(w, (const char *)t->data, t->size * sizeof(real));
}

void files_write_weights(struct buf *b, const struct board *board) {
    for (size_t i = 0; i < board_count(board); i++) {
        const struct slot *slot = board_at(board, i);
        if (slot->def && slot->def->kind == DEF_PARAM)
            write_weights(b, slot->name, slot->def);
    }
}

static bool is_large(const struct def *d) {
    size_t size = shape_size(&d->shape);
    return (d->kind == DEF_PARAM && size > LARGE) ||
           (d->kind == DEF_VALUE && size > LARGE_TABLE);
}

static void write_dims(struct buf *b, const struct shape *s) {
    for (int k = 0; k < s->n; k++) buf_printf(b, "%s%zu", k ? ", " : "", s->dim[k]);
}

static void write_def(struct buf *b, const char *name, const struct def *d,
                      struct buf *weights) {
    bool large = weights && is_large(d);
    switch (d->kind) {
        case DEF_FUNCTION:
        case DEF_FORMULA:
            buf_add(b, name);
            for (int k = 0; k < d->n_args; k++)
                buf_printf(b, "%s%s", k ? ", " : "(", d->args[k]);
            buf_printf(b, "%s = ", d->n_args ? ")" : "");
            expr_print(b, d->expr);
            break;
        case DEF_VALUE:
            buf_printf(b, "%s = ", name);
            if (large) {
                buf_add(b, "zeros(");
                write_dims(b, &d->shape);
                buf_add(b, ")");
                write_weights(weights, name, d);
                break;
            }
            write_value(b, d);
            break;
        case DEF_PARAM:
            buf_printf(b, "param %s%s", name, d->shape.n ? "[" : "");
            write_dims(b, &d->shape);
            if (d->shape.n) buf_add(b, "]");
            if (d->expr) {
                buf_add(b, " = ");
                expr_print(b, d->expr);
            }
            if (large) {
                write_weights(weights, name, d);
                break;
            }
            buf_printf(b, "\n%s = ", name);
            write_value(b, d);
            break;
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
        done[i] = 1;
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

/* A name after all that it stands on: an explicit stack, as chains may be long. */
void files_write_board(struct buf *b, struct board *board, struct buf *weights) {
    size_t n = board_count(board);
    unsigned char *done = mem_alloc(n + 1, 1);
    size_t *stack = mem_alloc(n + 1, sizeof *stack), depth;
    struct map at = {0};
    write_use(b, board, done);
    for (size_t i = 0; i < n; i++) map_set(&at, board_at(board, i)->name, (int)i);
    for (size_t i = 0; i < n; i++) {
        if (done[i] || !board_at(board, i)->def) continue;
        stack[0] = i;
        depth = 1;
        done[i] = 1;
        while (depth) {
            const struct slot *slot = board_at(board, stack[depth - 1]);
            const struct expr *x =
                slot->def->kind >= DEF_FORMULA ? slot->def->expr : NULL;
            size_t before = depth;
            for (int k = 0; x && k < x->n && depth == before; k++) {
                const char *names[2] = {x->nodes[k].name, x->nodes[k].wrt};
                for (int j = 0; j < 2 && names[j] && depth == before; j++) {
                    int need = map_get(&at, names[j]);
                    if (need < 0 || done[need] || !board_at(board, (size_t)need)->def)
                        continue;
                    done[need] = 1;
                    stack[depth++] = (size_t)need;
                }
            }
            if (depth > before) continue;
            write_def(b, slot->name, slot->def, weights);
            depth--;
        }
    }
    map_free(&at);
    free(stack);
    free(done);
}

static struct error *want_path(const struct stmt *c, const char **path) {
    if (c->n_items != 1 || !c->items[0].text || !*c->items[0].text) {
        return error_new("wants-file", "name", c->command->name, "args",
                         c->command->args, NULL);
    }
    *path = c->items[0].text;
    return NULL;
}

static char *beside(const char *path) {
    struct buf b = {0};
    buf_printf(&b, "%s.weights", path);
    return buf_take(&b);
}

/* Did `save` write this file of weights? A person's own is left alone. */
static bool is_ours(const char *side) {
    char head[sizeof WEIGHTS] = "";
    FILE *f = fopen(side, "rbe");
    if (!f) return false;
    size_t n = fread(head, 1, strlen(WEIGHTS), f);
    fclose(f);
    return n == strlen(WEIGHTS) && memcmp(head, WEIGHTS, n) == 0;
}

/* What `run` would refuse is not written. */
static struct error *write_both(const char *path, const struct buf *script,
                                const char *side, const struct buf *weights) {
    bool fits = script->len <= SCRIPT_MOST && weights->len <= WEIGHTS_MOST;
    struct error *e = fits ? NULL : error_new("file-too-large", "file", path, NULL);
    if (!e && weights->len && access(side, F_OK) == 0 && !is_ours(side)) {
        e = error_new("weights-foreign", "file", side, NULL);
    }
    if (!e && weights->len) e = file_write(side, weights->data, weights->len);
    if (!e) e = file_write(path, buf_text(script), script->len);
    /* of a script that was here before */
    if (!e && !weights->len && is_ours(side)) unlink(side);
    return e;
}

struct error *files_save_command(struct session *s, const struct stmt *c) {
    const char *path = NULL;
    struct error *e = want_path(c, &path);
    if (e) return e;
    struct buf script = {0}, weights = {0};
    char *side = beside(path);
    files_write_board(&script, s->board, &weights);
    if (weights.len) buf_add(&script, READ_HERE);
    e = write_both(path, &script, side, &weights);
    if (!e) {
        out_say(s->out, weights.len ? "save.done-weights" : "save.done", "file", path,
                "weights", side, NULL);
    }
    free(side);
    buf_free(&script);
    buf_free(&weights);
    return e;
}

/* ---- run ---- */

struct error *files_read_weights(struct board *board, const char *path) {
    char *all;
    size_t n;
    struct error *e = file_read(path, WEIGHTS_MOST, &all, &n);
    if (e) return e;
    size_t head = strlen(WEIGHTS), at = head;
    bool good = n >= head && memcmp(all, WEIGHTS, head) == 0;
    board_begin(board, path);
    while (good && at < n) {
        char *end = memchr(all + at, '\n', n - at);
        char *space = end ? memchr(all + at, ' ', (size_t)(end - all) - at) : NULL;
        if (!(good = space != NULL)) break;
        *space = *end = '\0';
        const struct def *d = board_get(board, all + at);
        size_t size = strtoull(space + 1, NULL, 10);
        size_t from = (size_t)(end + 1 - all);
        good = d && d->kind <= DEF_PARAM && shape_size(&d->shape) == size &&
               size <= (n - from) / sizeof(real);
        if (!good) break;
        struct tensor *t;
        if ((e = tensor_new(d->shape, &t))) break;
        memcpy(t->data, all + from, size * sizeof(real));
        struct def *fresh = def_copy(d);
        tensor_unref(fresh->value);
        fresh->value = t;
        name_set(board, all + at, fresh, NULL);
        at = from + size * sizeof(real);
    }
    board_end(board);
    free(all);
    return good || e ? e : error_new("weights-damaged", "file", path, NULL);
}

/* Up to READ_HERE, or, where there is none, to the end; then the weights beside it;
 * then the rest, after blank lines, so that its lines keep their numbers. */
static struct error *run_text(struct session *s, char *text, const char *path) {
    char *rest = strstr(text, "\n" READ_HERE);
    if (rest) rest++;
    if (rest) *rest = '\0';
    struct error *e = session_try(s, text, path);
    char *side = beside(path);
    bool there = access(side, F_OK) == 0;
    if (!e && !s->quit && rest && !there) {
        e = error_new("weights-missing", "file", side, NULL);
    } else if (!e && !s->quit && there && (rest || is_ours(side))) {
        e = files_read_weights(s->board, side);
    }
    free(side);
    if (!rest || e || s->quit) return e;
    for (char *c = text; c < rest; c++) *c = *c == '\n' ? '\n' : ' ';
    *rest = '#';
    return session_try(s, text, path);
}

struct error *files_run(struct session *s, const char *path) {
    if (s->depth >= 20) return error_new("too-deep", NULL);
    char *text;
    size_t n;
    struct error *e = file_read(path, SCRIPT_MOST, &text, &n);
    if (e) return e;
    if (memchr(text, 0, n)) e = error_new("not-text", "file", path, NULL);
    bool sandbox = s->sandbox;
    s->sandbox |= s->sandbox_scripts;
    s->depth++;
    if (!e) e = run_text(s, text, path);
    s->depth--;
    s->sandbox = sandbox;
    free(text);
    return e;
}

struct error *files_run_command(struct session *s, const struct stmt *c) {
    const char *path = NULL;
    struct error *e = want_path(c, &path);
    return e ? e : files_run(s, path);
}
