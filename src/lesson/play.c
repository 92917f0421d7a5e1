#include "lesson/play.h"
#include "session/run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "lesson/mark.h"
#include "lesson/progress.h"
#include "lesson/shrug.h"
#include "lesson/steps.h"
#include "syntax/normalise.h"
#include "text/number.h"

#define LINES_BYTES ((size_t)256 << 10)
#define LINES_MOST 1000
#define LINE_SECONDS 0.5
#define PRAISES 8

/* ---- the lesson in hand ---- */

static void close_play(struct session *s, void *state) {
    struct lesson_play *p = state;
    play_leave(s);
    play_bury(s);
    if (play_here(s) != p) return; /* buried whole */
    progress_close(p->progress);
    free(p);
}

struct lesson_play *play_here(const struct session *s) {
    return session_state(s, close_play);
}

bool play_in_hand(const struct session *s) {
    const struct lesson_play *p = play_here(s);
    return p && p->lesson;
}

const struct step *play_step(const struct session *s) {
    const struct lesson_play *p = play_here(s);
    return p->at < p->lesson->n_steps ? &p->lesson->steps[p->at] : NULL;
}

struct record *play_record(const struct session *s) {
    return &play_here(s)->records[play_here(s)->at];
}

struct board *play_began(const struct session *s) {
    return play_here(s)->marks[play_here(s)->at].board;
}

const char *play_text(const struct session *s, const cJSON *text) {
    return lesson_text(text, text_lang(s->out->text));
}

void play_say(struct session *s, const char *text) {
    const struct lesson_play *p = play_here(s);
    struct buf b = {0};
    buf_printf(&b, "[%d/%d] %s", p->at + 1, p->lesson->n_steps, text);
    out_puts(s->out, "\n");
    out_wrap(s->out, buf_text(&b), 0);
    buf_free(&b);
}

void play_aside(struct session *s, const char *key) {
    out_puts(s->out, out_ink(s->out, OUT_DIM));
    out_say(s->out, key, NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
}

void play_line(struct session *s, const char *line) {
    struct buf safe = {0};
    utf8_add_safe(&safe, line, false);
    out_printf(s->out, "\n%s> %s%s\n", out_ink(s->out, OUT_STRONG), buf_text(&safe),
               out_ink(s->out, OUT_PLAIN));
    buf_free(&safe);
}

void play_count(const struct lesson_play *p, int counts[RESULTS], int *hinted) {
    memset(counts, 0, RESULTS * sizeof *counts);
    *hinted = 0;
    for (int i = 0; i < p->lesson->n_steps; i++) {
        const struct record *r = &p->records[i];
        if (!p->lesson->steps[i].kind->asks) continue;
        counts[r->result]++;
        *hinted += r->result == RESULT_SOLVED && r->hints > 0;
    }
}

/* ---- lines ---- */

void lines_add(struct lines *l, const char *line) {
    if (l->n == LINES_MOST || l->bytes > LINES_BYTES) lines_cut(l, 0);
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

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A line that was stopped, or took long, is not for playing again: then the lines are
 * forgotten, and the definitions will do. */
static void write_down(struct session *s, const char *line, double took) {
    struct lines *l = &play_here(s)->lines;
    if (session_stopped(s) || took > LINE_SECONDS) lines_cut(l, 0);
    else lines_add(l, line);
}

struct error *play_run(struct session *s, const char *line, bool own) {
    struct lesson_play *p = play_here(s);
    struct board *board = s->board, *before = mark_take(board);
    enum text_lang lang = text_lang(s->out->text);
    bool sandbox = s->sandbox, quit = s->quit;
    unsigned moves = p->moves;
    double start = seconds();
    if (own) s->sandbox = true;
    struct error *e = session_try(s, line, NULL);
    s->sandbox = sandbox;
    if (own) {
        text_set_lang(s->out->text, lang);
        if (s->quit != quit && !e) e = error_new("lesson-inside", NULL);
        s->quit = quit;
    }
    bool here = p->lesson && s->board == board && p->moves == moves;
    if (here && !mark_same(board, before)) write_down(s, line, seconds() - start);
    board_free(before);
    return e;
}

struct error *play_run_silently(struct session *s, const char *line) {
    struct out *out = s->out, quiet = *out;
    quiet.file = fopen("/dev/null", "w");
    if (!quiet.file) return error_new("no-silence", NULL);
    quiet.errors = quiet.file;
    quiet.log = NULL;
    quiet.terminal = quiet.colour = false;
    s->out = &quiet;
    struct error *e = play_run(s, line, true);
    s->out = out;
    fclose(quiet.file);
    return e;
}

struct error *play_value(struct session *s, struct board *b, const char *expr,
                         struct tensor **out) {
    struct board *now = s->board;
    struct program *p;
    s->board = b;
    struct error *e = session_parse(s, expr, &p);
    if (!e) {
        const struct stmt *st = p->n == 1 ? p->stmts : NULL;
        bool is_expr =
            st && st->kind == STMT_ITEMS && st->n_items == 1 && st->items[0].expr;
        e = is_expr ? compile_value(b, st->items[0].expr, out)
                    : error_new("lesson-not-expr", NULL);
        program_free(p);
    }
    s->board = now;
    return e;
}

struct error *play_number(struct session *s, struct board *b, const char *expr,
                          double *out) {
    struct tensor *t;
    struct error *e = play_value(s, b, expr, &t);
    if (e) return e;
    *out = t->data[0];
    if (t->size != 1) e = error_new("not-a-number", NULL);
    tensor_unref(t);
    return e;
}

/* ---- opening and leaving ---- */

struct lesson_play *play_of(struct session *s) {
    struct lesson_play *p = play_here(s);
    if (p) return p;
    p = mem_alloc(1, sizeof *p);
    session_keep(s, close_play, p);
    return p;
}

void play_open(struct session *s, struct lesson *l) {
    struct lesson_play *p = play_of(s);
    play_leave(s);
    p->lesson = l;
    p->own = s->board;
    p->records = mem_alloc((size_t)l->n_steps + 1, sizeof *p->records);
    p->marks = mem_alloc((size_t)l->n_steps + 1, sizeof *p->marks);
    s->board = board_new();
    resume_build(s, 0);
}

static void forget_marks(struct lesson_play *p) {
    for (int i = 0; i <= p->lesson->n_steps; i++) board_free(p->marks[i].board);
    free(p->marks);
    p->marks = NULL;
}

void play_leave(struct session *s) {
    struct lesson_play *p = play_here(s);
    if (!play_in_hand(s)) return;
    resume_save(s);
    p->behind = mem_grow(p->behind, p->n_behind + 1, sizeof *p->behind);
    p->behind[p->n_behind++] = s->board;
    s->board = p->own;
    forget_marks(p);
    lines_cut(&p->lines, 0);
    free(p->lines.at);
    free(p->records);
    lesson_free(p->lesson);
    buf_free(&p->prompt);
    struct lesson_play rest = {.progress = p->progress,
                               .moves = p->moves + 1,
                               .practice = p->practice,
                               .behind = p->behind,
                               .n_behind = p->n_behind};
    *p = rest;
}

void play_bury(struct session *s) {
    struct lesson_play *p = play_here(s);
    if (!p) return;
    for (size_t i = 0; i < p->n_behind; i++) board_free(p->behind[i]);
    free(p->behind);
    p->behind = NULL;
    p->n_behind = 0;
    /* Progress that could not be written lives here, so then the room stays open. */
    if (p->lesson || progress_in_memory(p->progress)) return;
    progress_close(p->progress);
    free(p);
    session_keep(s, close_play, NULL);
}

/* ---- going on ---- */

static void headline(struct session *s) {
    const struct lesson_play *p = play_here(s);
    const cJSON *root = p->lesson->doc.root, *goal;
    const char *title = play_text(s, cJSON_GetObjectItemCaseSensitive(root, "title"));
    double minutes = json_number(root, "minutes", 0);
    out_puts(s->out, out_ink(s->out, OUT_STRONG));
    out_say(s->out, "play.title", "n", NUM(s->out, p->lesson->number), "title", title,
            NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    out_say(s->out, "play.goals", "minutes", NUM(s->out, minutes), NULL);
    cJSON_ArrayForEach(goal, cJSON_GetObjectItemCaseSensitive(root, "goals")) {
        struct buf b = {0};
        buf_printf(&b, "- %s", play_text(s, goal));
        out_wrap(s->out, buf_text(&b), 2);
        buf_free(&b);
    }
    play_aside(s, "play.help");
}

static void list_results(struct session *s, enum result result, const char *key) {
    const struct lesson_play *p = play_here(s);
    struct buf b = {0};
    for (int i = 0; i < p->lesson->n_steps; i++) {
        const struct record *r = &p->records[i];
        if (p->lesson->steps[i].kind->asks && r->result == result) {
            buf_printf(&b, "%s%d", b.len ? ", " : "", i + 1);
        }
    }
    if (b.len) {
        out_say(s->out, key, "steps", buf_text(&b), "n", NUM(s->out, p->lesson->number),
                NULL);
    }
    buf_free(&b);
}

/* After the last step: what was done, and where to go from here. */
static void summary(struct session *s) {
    const struct lesson_play *p = play_here(s);
    int counts[RESULTS], hinted, n = p->lesson->number;
    play_count(p, counts, &hinted);
    int all = counts[0] + counts[1] + counts[2];
    out_puts(s->out, "\n");
    out_puts(s->out, out_ink(s->out, OUT_STRONG));
    out_say(s->out, "play.end", "n", NUM(s->out, n), NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    out_say(s->out, "play.score", "all", NUM(s->out, all), "solved",
            NUM(s->out, counts[RESULT_SOLVED]), "hinted", NUM(s->out, hinted), NULL);
    list_results(s, RESULT_SKIPPED, "play.skipped");
    list_results(s, RESULT_OPEN, "play.open");
    char *path = lesson_find(s->home, n + 1);
    out_say(s->out, path ? "play.then" : "play.last", "n", NUM(s->out, n + 1), NULL);
    free(path);
}

/* A text is read in peace, unless a question follows at once. */
static bool pauses(const struct session *s, const struct step *step) {
    if (!s->interactive || strcmp(step->kind->name, "say") != 0) return false;
    const struct lesson *l = play_here(s)->lesson;
    const struct step *end = l->steps + l->n_steps;
    do step++;
    while (step < end && strcmp(step->kind->name, "note") == 0);
    return step < end && !step->kind->asks;
}

static void set_mark(struct session *s) {
    struct lesson_play *p = play_here(s);
    struct mark *m = &p->marks[p->at];
    board_free(m->board);
    *m = (struct mark){mark_take(s->board), p->lines.n};
}

void play_enter(struct session *s, int i) {
    struct lesson_play *p = play_here(s);
    p->moves++;
    p->hint = 0;
    p->waits = false;
    p->at = i;
    set_mark(s);
    if (i == 0) headline(s);
    if (play_step(s)) play_step(s)->kind->show(s, play_step(s));
    else summary(s);
}

void play_go(struct session *s, int i) {
    struct lesson_play *p = play_here(s);
    const struct step *step;
    do {
        play_enter(s, i++);
        step = play_step(s);
        p->waits = step && (step->kind->waits || pauses(s, step) || session_stopped(s));
    } while (step && !step->kind->asks && !p->waits);
    if (p->waits && !step->kind->waits) play_aside(s, "play.enter");
    resume_save(s);
}

/* A question right after a text is read with it. */
static int first_of(const struct lesson *l, int i) {
    bool text = i > 0 && i < l->n_steps && l->steps[i].kind->asks &&
                strcmp(l->steps[i - 1].kind->name, "say") == 0;
    return text ? i - 1 : i;
}

void play_from(struct session *s, int i) {
    play_go(s, first_of(play_here(s)->lesson, i));
}

void play_jump(struct session *s, int i) {
    resume_build(s, i);
    play_from(s, i);
}

/* What is tried out beside a task is put back, so that the lesson goes on from the
 * numbers it speaks of. */
static void go_on(struct session *s) {
    struct lesson_play *p = play_here(s);
    struct board *began = play_began(s);
    if (!play_step(s)->kind->settled && !mark_same(s->board, began)) {
        mark_put_back(s->board, began, play_step(s)->name);
        lines_cut(&p->lines, p->marks[p->at].lines);
        out_say(s->out, "play.put-back", NULL);
    }
    if (!p->practice) play_go(s, p->at + 1);
}

void play_pass(struct session *s, enum result result) {
    struct record *r = play_record(s);
    if (result > r->result) r->result = result;
    const char *why = play_text(s, lesson_field(play_step(s), "why"));
    if (*why) out_wrap(s->out, why, 0);
    go_on(s);
}

/* ---- what is typed ---- */

/* Never the same words twice running, yet the same each time the lesson is played. */
static void praise(struct session *s) {
    const struct lesson_play *p = play_here(s);
    int before = 0;
    for (int i = 0; i < p->at; i++) before += p->lesson->steps[i].kind->asks;
    struct buf key = {0};
    buf_printf(&key, "play.praise.%d", before % PRAISES);
    out_puts(s->out, out_ink(s->out, OUT_VALUE));
    out_say(s->out, buf_text(&key), NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    buf_free(&key);
}

static void remind(struct session *s) {
    struct buf key = {0};
    buf_printf(&key, "step.%s.open", play_step(s)->kind->name);
    play_aside(s, buf_text(&key));
    buf_free(&key);
}

static void take_empty(struct session *s) {
    const struct step *step = play_step(s);
    if (!step) out_say(s->out, "play.over", NULL);
    else if (step->kind->asks) remind(s);
    else go_on(s);
}

/* After a line of the student's own: is the task done? */
static void look(struct session *s, bool changed) {
    const struct step *step = play_step(s);
    if (!step || !step->kind->asks) return;
    if (!step->kind->settled) {
        remind(s);
    } else if (step->kind->settled(s, step)) {
        praise(s);
        play_pass(s, RESULT_SOLVED);
    } else if (changed && !step->kind->remark(s, step)) {
        remind(s);
    }
}

static bool take_line(struct session *s, const char *line) {
    struct lesson_play *p = play_here(s);
    unsigned moves = p->moves;
    struct board *board = s->board, *before = mark_take(board);
    struct error *e = play_run(s, line, false);
    bool fine = !e, changed = !mark_same(board, before);
    board_free(before);
    if (e) {
        out_flush(s->out);
        out_error(s->out, e);
        error_free(e);
    }
    if (!play_in_hand(s) || p->moves != moves || s->quit) return fine;
    if (fine) look(s, changed);
    if (changed && p->moves == moves) resume_save(s);
    return fine;
}

static char *clean(const char *line) {
    char *s = normalise(line);
    size_t from = strspn(s, " \t\r\n"), n = strlen(s);
    while (n > from && strchr(" \t\r\n", s[n - 1])) n--;
    char *text = mem_copy_n(s + from, n - from);
    free(s);
    return text;
}

static void say_way_out(struct session *s, const struct step *step) {
    const cJSON *hints = lesson_field(step, "hints");
    int n = hints ? cJSON_GetArraySize(hints) : 0;
    out_say(s->out,
            play_here(s)->hint < n ? "play.shrug"
            : n                    ? "hint.no-more"
                                   : "hint.none",
            NULL);
}

static bool take_clean(struct session *s, const char *text, const char *line) {
    struct lesson_play *p = play_here(s);
    if (!*text) {
        take_empty(s);
        return true;
    }
    if (p->at_prompt && (strcmp(text, "quit") == 0 || strcmp(text, "끝") == 0)) {
        return session_run(s, "leave", NULL);
    }
    const struct step *step = play_step(s);
    enum verdict v = VERDICT_NONE;
    if (step && step->kind->asks && shrug_is(text)) {
        say_way_out(s, step);
        return true;
    }
    if (step && step->kind->judge) v = step->kind->judge(s, step, text);
    if (v == VERDICT_NONE) return take_line(s, line);
    if (v == VERDICT_WRONG) {
        play_record(s)->misses++;
        resume_save(s);
    }
    if (v == VERDICT_RIGHT) {
        praise(s);
        play_pass(s, RESULT_SOLVED);
    }
    return true;
}

bool play_take(struct session *s, const char *line) {
    char *text = clean(line);
    bool fine = take_clean(s, text, line);
    free(text);
    return fine;
}

/* ---- the lesson's commands ---- */

bool play_hint(struct session *s) {
    struct lesson_play *p = play_here(s);
    const struct step *step = play_step(s);
    const cJSON *hints = step ? lesson_field(step, "hints") : NULL;
    int n = hints ? cJSON_GetArraySize(hints) : 0;
    if (p->hint >= n) {
        const char *key = n ? "hint.no-more" : "hint.none";
        out_say(s->out, step && step->kind->asks ? key : "hint.nothing", NULL);
        p->moves++;
        return false;
    }
    struct buf b = {0};
    text_add(s->out->text, &b, "hint.n", "i", NUM(s->out, p->hint + 1), "n",
             NUM(s->out, n), NULL);
    buf_printf(&b, " %s", play_text(s, cJSON_GetArrayItem(hints, p->hint)));
    out_wrap(s->out, buf_text(&b), 0);
    buf_free(&b);
    p->hint++;
    p->moves++;
    struct record *r = play_record(s);
    if (r->result == RESULT_OPEN && p->hint > r->hints) r->hints = p->hint;
    resume_save(s);
    return true;
}

void play_skip(struct session *s) {
    const struct step *step = play_step(s);
    if (!step || !step->kind->asks) {
        take_empty(s);
        return;
    }
    step->kind->reveal(s, step);
    play_pass(s, RESULT_SKIPPED);
}

void play_again_board(struct session *s) {
    struct lesson_play *p = play_here(s);
    const struct mark *m = &p->marks[p->at];
    if (mark_same(s->board, m->board)) return;
    mark_restore(s->board, m->board, "again");
    lines_cut(&p->lines, m->lines);
}

void play_again(struct session *s) {
    play_again_board(s);
    play_from(s, play_here(s)->at);
}

/* Past an open task the board is made as its solution makes it. */
void play_next(struct session *s) {
    const struct step *step = play_step(s);
    if (!step) {
        out_say(s->out, "play.over", NULL);
        return;
    }
    if (step->kind->settled && !step->kind->settled(s, step)) {
        struct buf line = {0};
        struct error *e = step->kind->solution(s, step, &line);
        if (!e) e = play_run_silently(s, buf_text(&line));
        error_free(e);
        buf_free(&line);
    }
    if (step->kind->asks && play_record(s)->result == RESULT_OPEN) {
        out_say(s->out, "play.left-open", NULL);
    }
    go_on(s);
}

void play_prev(struct session *s) {
    struct lesson_play *p = play_here(s);
    const struct lesson *l = p->lesson;
    int i = p->at - 1;
    while (i >= 0 && !l->steps[i].kind->asks && !l->steps[i].kind->waits &&
           !pauses(s, &l->steps[i])) {
        i--;
    }
    if (i < 0) {
        out_say(s->out, "play.first", NULL);
        return;
    }
    i = first_of(l, i);
    const struct mark *m = &p->marks[i];
    if (!m->board) {
        play_jump(s, i);
        return;
    }
    mark_restore(s->board, m->board, "prev");
    lines_cut(&p->lines, m->lines);
    play_go(s, i);
}
