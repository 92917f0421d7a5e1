#include "session/files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "board/define.h"
#include "session/run.h"

#define SCRIPT_MOST ((size_t)64 << 20)
#define LARGE 1000 /* numbers of a parameter that go beside the script */
#define WEIGHTS "learn weights 1\n"
/* The line of a saved script at which the numbers beside it are read: what a person
 * writes after it sees them. */
#define READ_HERE "# weights\n"

/* ---- show ---- */

struct error *files_show_command(struct session *s, const struct stmt *c) {
    (void)c;
    bool any = false;
    for (size_t i = 0; i < board_count(s->board); i++) {
        const struct slot *slot = board_at(s->board, i);
        const struct def *d = slot->def;
        if (!d) continue;
        any = true;
        struct buf b = {0};
        buf_printf(&b, "%s%s", d->kind == DEF_PARAM ? "param " : "", slot->name);
        for (int k = 0; k < d->n_args; k++)
            buf_printf(&b, "%s%s", k ? ", " : "(", d->args[k]);
        if (d->n_args) buf_add(&b, ")");
        if (d->kind >= DEF_FORMULA) {
            buf_add(&b, " = ");
            expr_print(&b, d->expr);
        }
        if (d->kind != DEF_FUNCTION && !define_add_value(s, &b, slot->name)) {
            char *note = out_sentence(s->out, "show.broken", NULL);
            buf_printf(&b, "   (%s)", note);
            free(note);
        }
        if (d->kind == DEF_PARAM) out_puts(s->out, out_ink(s->out, OUT_PARAM));
        define_say(s, buf_text(&b));
        if (d->kind == DEF_PARAM) out_puts(s->out, out_ink(s->out, OUT_PLAIN));
        buf_free(&b);
    }
    if (!any) out_say(s->out, "show.empty", NULL);
    return NULL;
}

/* ---- save ---- */

static void write_exact(struct buf *b, const struct shape *s, int dim, const real **v) {
    if (dim == s->n) {
        buf_printf(b, "%.17g", *(*v)++);
        return;
    }
    buf_add(b, "[");
    for (size_t i = 0; i < s->dim[dim]; i++) {
        if (i) buf_add(b, ", ");
        write_exact(b, s, dim + 1, v);
    }
    buf_add(b, "]");
}

static void write_value(struct buf *b, const struct def *d) {
    const real *v = def_tensor(d)->data;
    write_exact(b, &d->shape, 0, &v);
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

static void write_def(struct buf *b, const char *name, const struct def *d,
                      struct buf *weights) {
    bool large = weights && d->kind == DEF_PARAM && shape_size(&d->shape) > LARGE;
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
            write_value(b, d);
            break;
        case DEF_PARAM:
            buf_printf(b, "param %s", name);
            for (int k = 0; k < d->shape.n; k++) {
                buf_printf(b, "%s%zu", k ? ", " : "[", d->shape.dim[k]);
            }
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

/* A name after all that it stands on: an explicit stack, as chains may be long. */
void files_write_board(struct buf *b, struct board *board, struct buf *weights) {
    size_t n = board_count(board);
    unsigned char *done = mem_alloc(n + 1, 1);
    size_t *stack = mem_alloc(n + 1, sizeof *stack), depth;
    struct map at = {0};
    buf_printf(b, "seed %llu\n", (unsigned long long)board_state(board)->seed);
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

struct error *files_save_command(struct session *s, const struct stmt *c) {
    const char *path = NULL;
    struct error *e = want_path(c, &path);
    if (e) return e;
    struct buf script = {0}, weights = {0};
    files_write_board(&script, s->board, &weights);
    char *side = beside(path);
    if (weights.len) buf_add(&script, READ_HERE);
    if (weights.len) e = file_write(side, weights.data, weights.len);
    if (!e) e = file_write(path, buf_text(&script), script.len);
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
    struct error *e = file_read(path, SCRIPT_MOST * 16, &all, &n);
    if (e) { /* none beside the script: it has no large parameter */
        error_free(e);
        return NULL;
    }
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
        good = d && d->kind == DEF_PARAM && shape_size(&d->shape) == size &&
               size <= (n - from) / sizeof(real);
        if (!good) break;
        struct tensor *t;
        if ((e = tensor_new(d->shape, &t))) break;
        memcpy(t->data, all + from, size * sizeof(real));
        struct def *fresh = def_copy(d);
        tensor_unref(fresh->value);
        fresh->value = t;
        board_set(board, all + at, fresh);
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
    if (!e && !s->quit) e = files_read_weights(s->board, side);
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
