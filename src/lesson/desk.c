#include "lesson/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "board/mark.h"
#include "lesson/progress.h"
#include "session/run.h"

#define LINES_BYTES ((size_t)256 << 10)
#define LINES_MOST 1000
#define LINE_SECONDS 0.5
#define PAUSE_SECONDS 120.0

/* ---- the lesson in hand ---- */

/* All has been saved by then: each line sees to that. */
static void close_desk(struct session *s, void *state) {
    struct lesson_play *p = state;
    desk_leave(s);
    if (progress_in_memory(p->progress)) progress_look(p->progress, s->out);
    desk_bury(s);
    if (desk_here(s) != p) return; /* buried whole */
    progress_close(p->progress);
    free(p);
}

struct lesson_play *desk_here(const struct session *s) {
    return session_state(s, close_desk);
}

struct lesson_play *desk_of(struct session *s) {
    struct lesson_play *p = desk_here(s);
    if (p) return p;
    p = mem_alloc(1, sizeof *p);
    session_keep(s, close_desk, p);
    return p;
}

bool desk_holds(const struct session *s) {
    const struct lesson_play *p = desk_here(s);
    return p && p->lesson;
}

const struct step *desk_step(const struct session *s) {
    const struct lesson_play *p = desk_here(s);
    return p->at < p->lesson->n_steps ? &p->lesson->steps[p->at] : NULL;
}

struct record *desk_record(const struct session *s) {
    return &desk_here(s)->records[desk_here(s)->at];
}

void desk_told(struct session *s, const char *mistake) {
    snprintf(desk_here(s)->told, TOLD_MOST, "%s", mistake);
    record_told(desk_record(s), mistake);
}

void desk_count_time(const struct session *s) {
    struct lesson_play *p = desk_here(s);
    double now = clock_seconds(), took = now - p->key;
    if (took > PAUSE_SECONDS) took = PAUSE_SECONDS;
    p->key = now;
    p->seconds += took;
    if (desk_record(s)->result != RESULT_SOLVED) desk_record(s)->seconds += took;
}

struct board *desk_began(const struct session *s) {
    return desk_here(s)->marks[desk_here(s)->at].board;
}

struct progress *desk_progress(struct session *s) {
    struct lesson_play *p = desk_of(s);
    if (p->progress) progress_look(p->progress, s->out);
    else p->progress = progress_open(s->out);
    return p->progress;
}

const char *desk_text(const struct session *s, const cJSON *text) {
    return lesson_text(text, text_lang(s->out->text));
}

void desk_say(struct session *s, const char *text) {
    const struct lesson_play *p = desk_here(s);
    struct buf b = {0};
    if (!p->host) buf_printf(&b, "[%d/%d] ", desk_step(s)->number, p->lesson->n_shown);
    buf_add(&b, text);
    out_puts(s->out, "\n");
    out_wrap(s->out, buf_text(&b), 0);
    buf_free(&b);
}

void desk_aside(struct session *s, const char *key) {
    if (desk_here(s)->talk) return;
    out_puts(s->out, out_ink(s->out, OUT_DIM));
    out_say(s->out, key, NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
}

char *desk_key(const struct session *s, const char *key) {
    struct buf b = {0};
    bool bare = !cJSON_GetArraySize(lesson_field(desk_step(s), "hints"));
    const char *talk = desk_here(s)->talk ? ".talk" : "";
    buf_printf(&b, "%s%s", key, bare ? ".bare" : talk);
    return buf_take(&b);
}

void desk_show_line(struct session *s, const char *line) {
    out_puts(s->out, "\n");
    session_show_line(s, line, strlen(line));
}

const char *desk_label(const struct session *s) {
    return text_get(s->out->text, "play.label");
}

void desk_go_back(struct session *s) {
    struct lesson_play *p = desk_here(s);
    const struct mark *m = &p->marks[p->at];
    if (mark_same(s->board, m->board)) return;
    mark_restore(s->board, m->board, desk_label(s));
    lines_cut(&p->lines, m->lines);
}

/* ---- lines ---- */

static void lines_forget(struct lines *l) {
    lines_cut(l, 0);
    l->losses++;
}

void lines_add(struct lines *l, const char *line) {
    if (l->n == LINES_MOST || l->bytes > LINES_BYTES) lines_forget(l);
    l->bytes += strlen(line);
    l->at = mem_grow(l->at, l->n + 1, sizeof *l->at);
    l->at[l->n++] = mem_copy(line);
}

void lines_cut(struct lines *l, size_t n) {
    while (l->n > n) {
        l->bytes -= strlen(l->at[--l->n]);
        free(l->at[l->n]);
    }
}

void lines_free(struct lines *l) {
    lines_cut(l, 0);
    free(l->at);
}

/* A line that was stopped, took long or is long is not for playing again: then the
 * lines are forgotten, and the definitions will do. */
static void write_down(struct session *s, const char *line, double took) {
    struct lines *l = &desk_here(s)->lines;
    bool is_long = took > LINE_SECONDS || strlen(line) > LINES_BYTES;
    if (session_stopped(s) || is_long) lines_forget(l);
    else lines_add(l, line);
}

struct error *desk_take(struct session *s, struct typed *t, bool own, bool *changed) {
    struct lesson_play *p = desk_here(s);
    struct board *board = s->board, *before = mark_take(board);
    enum text_lang lang = text_lang(s->out->text);
    bool sandbox = s->sandbox, quit = s->quit, hushed = s->hushed, mends = s->mends;
    unsigned moves = p->moves;
    double start = clock_seconds(), waited = s->out->waited;
    if (own) s->sandbox = s->hushed = s->mends = true;
    struct error *e = session_take(s, t, NULL);
    s->sandbox = sandbox;
    s->hushed = hushed;
    s->mends = mends;
    if (own) {
        bool outside = s->quit != quit || text_lang(s->out->text) != lang;
        text_set_lang(s->out->text, lang);
        if (outside && !e) e = error_new("lesson-inside", NULL);
        s->quit = quit;
    }
    bool here = p->lesson && !p->aside && s->board == board && p->moves == moves;
    *changed = !mark_same(board, before);
    if (here && *changed)
        write_down(s, t->clean, clock_seconds() - start - (s->out->waited - waited));
    board_free(before);
    return e;
}

struct error *desk_run(struct session *s, const char *line, bool own) {
    bool changed;
    struct typed t = session_read(s, line, false);
    struct error *e = desk_take(s, &t, own, &changed);
    typed_free(&t);
    return e;
}

struct error *desk_take_silently(struct session *s, struct typed *t) {
    bool changed;
    struct out *out = s->out, quiet = *out;
    quiet.file = quiet.errors = quiet.log = NULL;
    quiet.page = NULL;
    quiet.terminal = quiet.colour = quiet.moves = false;
    quiet.screen = NULL; /* nobody sees it, nobody is asked */
    quiet.key = NULL;
    quiet.ask = NULL;
    s->out = &quiet;
    struct error *e = desk_take(s, t, true, &changed);
    s->out = out;
    return e;
}

struct error *desk_run_silently(struct session *s, const char *line) {
    struct typed t = session_read(s, line, false);
    struct error *e = desk_take_silently(s, &t);
    typed_free(&t);
    return e;
}

static bool is_command(const struct stmt *st, const char *name) {
    return st->kind == STMT_COMMAND && strcmp(st->command->name, name) == 0;
}

bool desk_only_shows(const struct stmt *st) {
    bool history = is_command(st, "undo") || is_command(st, "redo");
    return st->kind == STMT_ITEMS || (st->kind == STMT_COMMAND && !history &&
                                      !(st->command->flags & COMMAND_CHANGES));
}

/* An undo takes back what the line before it did; after a redo nobody knows. */
bool desk_done(struct session *s, struct lines *out) {
    const struct lesson_play *p = desk_here(s);
    const struct mark *m = &p->marks[p->at];
    bool all = m->losses == p->lines.losses;
    size_t first = all ? m->lines : 0, n = 0; /* lines that did something, since */
    size_t *starts = mem_alloc(p->lines.n - first + 1, sizeof *starts);
    *out = (struct lines){0};
    for (size_t i = first; i < p->lines.n; i++) {
        struct typed t = session_read(s, p->lines.at[i], false);
        size_t start = out->n;
        for (int k = 0; t.program && k < t.program->n; k++) {
            const struct stmt *st = &t.program->stmts[k];
            if (is_command(st, "undo")) {
                if (n) lines_cut(out, start = starts[--n]);
            } else if (is_command(st, "redo")) {
                all = false;
            } else if (!desk_only_shows(st)) {
                lines_add(out, st->source);
            }
        }
        if (out->n > start) starts[n++] = start;
        typed_free(&t);
    }
    free(starts);
    return all && !out->losses;
}

struct error *desk_rehearse(struct session *s, struct board *b, const char *line) {
    struct board *now = s->board;
    bool interactive = s->interactive;
    s->board = b;
    desk_here(s)->aside = true;
    s->interactive = false;
    struct error *e = desk_run_silently(s, line);
    s->interactive = interactive;
    desk_here(s)->aside = false;
    s->board = now;
    return e;
}

struct error *desk_value(struct session *s, struct board *b, const char *expr,
                         struct tensor **out) {
    struct board *now = s->board;
    struct program *p;
    s->board = b;
    struct error *e = session_parse(s, expr, &p);
    if (!e) {
        const struct stmt *st = p->n == 1 ? p->stmts : NULL;
        bool is_expr =
            st && st->kind == STMT_ITEMS && st->n_items == 1 && st->items[0].expr;
        bool equals = st && st->kind == STMT_DEFINE && st->op == '=' && st->n_refs == 1;
        e = is_expr  ? compile_value(b, st->items[0].expr, out)
            : equals ? error_new("lesson-equals", "name", st->refs[0].name, NULL)
                     : error_new("lesson-not-expr", NULL);
        program_free(p);
    }
    s->board = now;
    return e;
}

void desk_unjudged(struct session *s, struct error *e) {
    struct lesson_play *p = desk_here(s);
    if (error_is_short(e) && p->practice && !p->short_of) {
        p->short_of = e;
        return;
    }
    out_error(s->out, e);
    error_free(e);
}

struct error *desk_number(struct session *s, struct board *b, const char *expr,
                          double *out) {
    struct tensor *t;
    struct error *e = desk_value(s, b, expr, &t);
    if (e) return e;
    *out = t->data[0];
    if (t->size != 1) e = error_new("not-a-number", NULL);
    tensor_unref(t);
    return e;
}

/* An empty board in the place of the lesson's, which the line may still be using. */
void desk_clear(struct session *s) {
    struct lesson_play *p = desk_here(s);
    p->behind = mem_grow(p->behind, p->n_behind + 1, sizeof *p->behind);
    p->behind[p->n_behind++] = s->board;
    s->board = board_new();
    lines_cut(&p->lines, 0);
}

void desk_take_back(struct session *s) {
    struct lesson_play *p = desk_here(s);
    board_free(s->board);
    s->board = p->behind[--p->n_behind];
    lines_forget(&p->lines); /* they made the other one */
}

/* ---- leaving ---- */

static void forget_marks(struct lesson_play *p) {
    for (int i = 0; i <= p->lesson->n_steps; i++) {
        board_free(p->marks[i].board);
        board_free(p->marks[i].before);
    }
    free(p->marks);
    p->marks = NULL;
}

void desk_leave(struct session *s) {
    struct lesson_play *p = desk_here(s);
    if (!desk_holds(s)) return;
    p->behind = mem_grow(p->behind, p->n_behind + 1, sizeof *p->behind);
    p->behind[p->n_behind++] = s->board;
    s->board = p->own;
    s->first = NULL;
    s->beside = NULL;
    forget_marks(p);
    lines_free(&p->lines);
    for (int i = 0; i <= p->lesson->n_steps; i++) record_clear(&p->records[i]);
    free(p->records);
    cJSON_free(p->kept);
    lesson_free(p->lesson);
    buf_free(&p->prompt);
    struct lesson_play rest = {.progress = p->progress,
                               .moves = p->moves + 1,
                               .practice = p->practice,
                               .talk = p->talk,
                               .number_told = p->number_told,
                               .behind = p->behind,
                               .n_behind = p->n_behind};
    *p = rest;
}

void desk_bury(struct session *s) {
    struct lesson_play *p = desk_here(s);
    if (!p) return;
    for (size_t i = 0; i < p->n_behind; i++) board_free(p->behind[i]);
    free(p->behind);
    p->behind = NULL;
    p->n_behind = 0;
    /* Progress that could not be written lives here, so then the room stays open. */
    if (p->lesson || progress_in_memory(p->progress)) return;
    progress_close(p->progress);
    free(p);
    session_keep(s, close_desk, NULL);
}
