#include "lesson/play.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "board/mark.h"
#include "lesson/build.h"
#include "lesson/lesson.h"
#include "lesson/load.h"
#include "lesson/save.h"
#include "lesson/steps.h"
#include "lesson/task.h"
#include "session/run.h"
#include "text/number.h"

/* ---- opening and leaving ---- */

void play_leave(struct session *s) {
    if (!desk_holds(s)) return;
    save_all(s);
    desk_leave(s);
}

struct error *play_open(struct session *s, struct lesson *l) {
    struct lesson_play *p = desk_of(s);
    play_leave(s);
    p->lesson = l;
    p->own = s->board;
    s->beside = l->folder;
    p->key = clock_seconds();
    p->records = mem_alloc((size_t)l->n_steps + 1, sizeof *p->records);
    p->marks = mem_alloc((size_t)l->n_steps + 1, sizeof *p->marks);
    s->board = board_new();
    s->first = lesson_commands;
    struct error *e = build_board(s, 0);
    if (e) desk_leave(s);
    return e;
}

/* ---- going on ---- */

struct tally play_count(const struct lesson_play *p) {
    struct tally t = {0};
    for (int i = 0; i < p->lesson->n_steps; i++) {
        const struct record *r = &p->records[i];
        if (!p->lesson->steps[i].kind->answer) continue;
        tally_add(&t, r);
    }
    return t;
}

void play_headline(struct session *s) {
    const struct lesson_play *p = desk_here(s);
    const cJSON *root = p->lesson->doc.root, *goal;
    const char *title = desk_text(s, cJSON_GetObjectItemCaseSensitive(root, "title"));
    double minutes = json_number(root, "minutes", 0);
    out_puts(s->out, out_ink(s->out, OUT_STRONG));
    out_say(s->out, lesson_says(p->lesson, SAYS_TITLE), "n",
            NUM(s->out, p->lesson->number), "title", title, NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    out_say(s->out, "play.goals", "minutes", NUM(s->out, minutes), NULL);
    cJSON_ArrayForEach(goal, cJSON_GetObjectItemCaseSensitive(root, "goals")) {
        struct buf b = {0};
        buf_printf(&b, "- %s", desk_text(s, goal));
        out_wrap(s->out, buf_text(&b), 2);
        buf_free(&b);
    }
    desk_aside(s, "play.help");
}

static void list_results(struct session *s, int result, const char *key) {
    const struct lesson_play *p = desk_here(s);
    struct buf b = {0};
    for (int i = 0; i < p->lesson->n_steps; i++) {
        const struct record *r = &p->records[i];
        if (p->lesson->steps[i].kind->answer && r->result == result) {
            buf_add_listed(&b, "%d", p->lesson->steps[i].number);
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
    const struct lesson_play *p = desk_here(s);
    struct tally t = play_count(p);
    int n = p->lesson->number;
    out_puts(s->out, "\n");
    out_puts(s->out, out_ink(s->out, OUT_STRONG));
    out_say(s->out, lesson_says(p->lesson, SAYS_END), "n", NUM(s->out, n), NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    int all = t.of[RESULT_OPEN] + t.of[RESULT_SKIPPED] + t.of[RESULT_SOLVED];
    out_say(s->out, "play.score", "all", NUM(s->out, all), "solved",
            NUM(s->out, t.of[RESULT_SOLVED]), "first", NUM(s->out, t.first), "hinted",
            NUM(s->out, t.hinted), NULL);
    list_results(s, RESULT_SKIPPED, "play.skipped");
    list_results(s, RESULT_OPEN, "play.open");
    char *path = p->lesson->own ? NULL : lesson_find(s->home, n + 1);
    const char *then = lesson_says(p->lesson, path ? SAYS_THEN : SAYS_LAST);
    out_say(s->out, p->lesson->own ? "play.own" : then, "n", NUM(s->out, n + 1), NULL);
    free(path);
}

/* A text is read in peace, unless a question follows at once. */
bool play_pauses(const struct lesson *l, const struct step *step) {
    if (!step->kind->reads) return false;
    const struct step *end = l->steps + l->n_steps;
    do step++;
    while (step < end && !step->kind->show);
    return step < end && !step->kind->answer;
}

static bool pauses(const struct session *s, const struct step *step) {
    return s->interactive && play_pauses(desk_here(s)->lesson, step);
}

static void set_mark(struct session *s) {
    struct lesson_play *p = desk_here(s);
    struct mark *m = &p->marks[p->at];
    board_free(m->board);
    m->board = mark_take(s->board);
    m->lines = p->lines.n;
    m->losses = p->lines.losses;
}

/* A text, a question, lines to try stand on one page; what a line says comes as it
 * comes. */
void play_display_by(struct session *s, const struct step *step, play_shows *by) {
    bool text = step->kind->reads || step->kind->answer || step->kind->waits;
    bool might = out_leaves(s->out, false); /* a question is seen, whatever was left */
    const struct play_host *host = desk_here(s)->host;
    if (text) out_hold(s->out);
    if (host && step->kind->answer) host->lead(s, step);
    by(s, step);
    if (text) out_release(s->out);
    out_leaves(s->out, might);
}

void play_display(struct session *s, const struct step *step) {
    play_display_by(s, step, step->kind->show);
}

void play_stand(struct session *s, int i) {
    struct lesson_play *p = desk_here(s);
    p->moves++;
    p->hint = 0;
    p->waits = false;
    p->at = i;
    if (!p->resuming) p->fill = (struct fill){0};
    const struct step *step = desk_step(s);
    if (step && step->kind->prepare) step->kind->prepare(s, step);
    set_mark(s);
}

void play_return(struct session *s, int i) {
    struct lesson_play *p = desk_here(s);
    p->moves++;
    p->at = i;
    lines_cut(&p->lines, p->marks[i].lines);
}

/* A chapter of a recording. */
static void mark(struct session *s, const struct step *step) {
    struct buf label = {0};
    buf_printf(&label, "%d %s", step->number, step->name);
    out_mark(s->out, buf_text(&label));
    buf_free(&label);
}

static int rows_of(struct session *s, const char *text, int indent) {
    char *wrapped = out_wrapped(s->out, text, indent);
    int rows = utf8_rows(wrapped, strlen(wrapped));
    free(wrapped);
    return rows;
}

/* Rows of the question that follows right behind step i, with the texts before it; 0:
 * something else follows. */
static int rows_ahead(struct session *s, int i) {
    const struct lesson *l = desk_here(s)->lesson;
    int rows = 0;
    while (++i < l->n_steps) {
        const struct step *step = &l->steps[i];
        if (!step->kind->show) continue;
        if (step->kind->sketch || !(step->kind->reads || step->kind->answer)) break;
        struct buf b = {0};
        const cJSON *text = lesson_field(step, step->kind->name), *choice;
        buf_printf(&b, "[%d/%d] %s", step->number, l->n_shown, desk_text(s, text));
        rows += 1 + rows_of(s, buf_text(&b), 0);
        buf_free(&b);
        if (!step->kind->answer) continue;
        cJSON_ArrayForEach(choice, lesson_field(step, "choices")) {
            buf_printf(&b, "1. %s", desk_text(s, choice));
            rows += rows_of(s, buf_text(&b), 2);
            buf_free(&b);
        }
        return rows + 1; /* how to answer */
    }
    return 0;
}

void play_enter(struct session *s, int i) {
    play_stand(s, i);
    const struct play_host *host = desk_here(s)->host;
    if (i == 0 && !host) play_headline(s);
    const struct step *step = desk_step(s);
    if (step && step->kind->show) mark(s, step);
    if (!step && host) host->ended(s);
    else if (!step) summary(s);
    if (!step || !step->kind->show) return;
    s->out->ahead = step->kind->reads || host ? 0 : rows_ahead(s, i);
    play_display(s, step);
    s->out->ahead = 0;
}

void play_go(struct session *s, int i) {
    struct lesson_play *p = desk_here(s);
    const struct step *step;
    do {
        play_enter(s, i++);
        if (!desk_holds(s)) return; /* the host had no more */
        step = desk_step(s);
        p->waits = step && (step->kind->waits || pauses(s, step) || session_stopped(s));
    } while (step && !step->kind->answer && !p->waits);
    if (step && step->kind->answer && session_stopped(s)) {
        out_turn(s->out, "", ""); /* no more was wanted, but a question is seen */
        play_display(s, step);
    } else if (p->waits && !step->kind->waits) {
        desk_aside(s, "play.enter");
    }
    save_all(s);
}

/* A question right after a text is read with it. */
static int first_of(const struct lesson *l, int i) {
    bool text = i > 0 && i < l->n_steps && l->steps[i].kind->answer &&
                l->steps[i - 1].kind->reads;
    return text ? i - 1 : i;
}

void play_from(struct session *s, int i) {
    play_go(s, first_of(desk_here(s)->lesson, i));
}

static bool draws(const struct stmt *st) {
    return st->kind == STMT_COMMAND && st->command->flags & COMMAND_DRAWS;
}

/* What can't be drawn any more (the losses of a net that was loaded) is left out. */
static void draw(struct session *s, const struct stmt *st) {
    struct board *b = mark_take(s->board);
    struct error *e = desk_rehearse(s, b, st->source);
    board_free(b);
    if (!e) {
        desk_show_line(s, st->source);
        e = desk_run(s, st->source, true);
    }
    error_free(e);
}

/* The picture that a question is about, which was drawn right before it. */
static void draw_before(struct session *s, int i) {
    const struct lesson *l = desk_here(s)->lesson;
    const struct step_kind *kind = i < l->n_steps ? l->steps[i].kind : NULL;
    bool asks = kind && kind->answer && !kind->sketch; /* that has its own */
    int before = first_of(l, i) - 1;
    while (before >= 0 && !l->steps[before].kind->show) before--; /* notes */
    const cJSON *line = before < 0 ? NULL : lesson_field(&l->steps[before], "run");
    if (!asks || !line) return;
    struct typed t = session_read(s, desk_text(s, line), false);
    s->out->ahead = rows_ahead(s, before);
    for (int k = 0; t.program && k < t.program->n; k++) {
        if (draws(&t.program->stmts[k])) draw(s, &t.program->stmts[k]);
    }
    s->out->ahead = 0;
    typed_free(&t);
}

void play_come_to(struct session *s, int i) {
    draw_before(s, i);
    play_from(s, i);
}

struct error *play_jump(struct session *s, int i) {
    struct error *e = build_board(s, i);
    if (e) return e;
    if (desk_here(s)->no_files) desk_aside(s, "play.no-files");
    play_come_to(s, i);
    return NULL;
}

/* Of Ctrl-C the line's end tells. */
static void tell(struct session *s, struct error *e) {
    if (error_is_stop(e)) error_free(e);
    else session_report(s, e);
}

/* The board as the step began, new names gone: a task to come may ask for them. */
static void put_back(struct session *s) {
    struct lesson_play *p = desk_here(s);
    mark_restore(s->board, desk_began(s), desk_label(s));
    lines_cut(&p->lines, p->marks[p->at].lines);
}

/* The board as the step makes it. False: it could not, and is as the step began. */
static bool make_anew(struct session *s) {
    put_back(s);
    struct error *e = build_step(s, desk_step(s));
    if (!e) return true;
    put_back(s); /* the way on is not half gone */
    tell(s, e);
    return false;
}

/* What is tried out beside a task is put back, so that the lesson goes on from the
 * numbers it speaks of. */
void play_go_on(struct session *s) {
    struct lesson_play *p = desk_here(s);
    if (!desk_step(s)) {
        out_say(s->out, lesson_says(desk_here(s)->lesson, SAYS_OVER), NULL);
        return;
    }
    struct board *began = desk_began(s);
    const struct step_kind *kind = desk_step(s)->kind;
    if (kind->makes && !kind->answer) { /* the lesson's own line, which was stopped */
        if (!make_anew(s)) return;
    } else if (kind->settled) {
        task_tidy(s, desk_step(s));
    } else if (!mark_same(s->board, began)) {
        put_back(s);
        out_say(s->out, "play.put-back", NULL);
    }
    if (kind->restore) kind->restore(s);
    if (p->host) p->host->passed(s);
    else if (!p->practice) play_go(s, p->at + 1);
}

void play_pass(struct session *s, enum result result) {
    struct record *r = desk_record(s);
    if (result == RESULT_SOLVED) record_right(r);
    else record_shown(r);
    if (!desk_here(s)->host) record_mark(r, (int)clock_day());
    const char *why = desk_text(s, lesson_field(desk_step(s), "why"));
    if (*why) out_wrap(s->out, why, 0);
    play_go_on(s);
}

struct error *play_line(struct session *s, const struct step *step, const char *line) {
    struct error *e = desk_run(s, line, true);
    if (!e || strcmp(e->key, "sandbox-files") != 0) return e;
    error_free(e);
    out_say(s->out, "step.try.files", NULL);
    const char *makes =
        step->kind->makes ? desk_text(s, step->kind->makes(step)) : line;
    return strcmp(makes, line) == 0 ? NULL : desk_run(s, makes, true);
}

/* ---- the lesson's commands ---- */

/* There are no hints, but something was tried. */
static char *clue(struct session *s) {
    const struct step *step = desk_step(s);
    const struct step_kind *kind = step ? step->kind : NULL;
    bool tried = kind && kind->answer &&
                 (desk_record(s)->tries ||
                  (kind->settled && !mark_same(s->board, desk_began(s))));
    return tried && kind->clue && !desk_here(s)->talk ? kind->clue(s, step) : NULL;
}

static void note_hint(struct session *s, int seen) {
    struct record *r = desk_record(s);
    if (r->result == RESULT_OPEN && seen > r->hints) r->hints = seen;
    save_all(s);
}

bool play_hint(struct session *s) {
    struct lesson_play *p = desk_here(s);
    const struct step *step = desk_step(s);
    const cJSON *hints = step ? lesson_field(step, "hints") : NULL;
    int n = hints ? cJSON_GetArraySize(hints) : 0;
    char *says = step && step->kind->hint ? step->kind->hint(s, step) : NULL;
    if (!says && !n) says = clue(s);
    if (says) {
        out_wrap(s->out, says, 0);
        free(says);
        p->moves++;
        note_hint(s, 1);
        return true;
    }
    if (p->hint >= n) {
        const char *key = p->talk ? n ? "hint.no-more.talk" : "hint.none.talk"
                          : n     ? "hint.no-more"
                                  : "hint.none";
        out_say(s->out, step && step->kind->answer ? key : "hint.nothing", NULL);
        p->moves++;
        return false;
    }
    struct buf b = {0};
    text_add(s->out->text, &b, "hint.n", "i", NUM(s->out, p->hint + 1), "n",
             NUM(s->out, n), NULL);
    buf_printf(&b, " %s", desk_text(s, cJSON_GetArrayItem(hints, p->hint)));
    out_wrap(s->out, buf_text(&b), 0);
    buf_free(&b);
    p->hint++;
    p->moves++;
    note_hint(s, p->hint);
    return true;
}

void play_skip(struct session *s) {
    const struct step *step = desk_step(s);
    if (!step || !step->kind->answer) {
        play_go_on(s);
        return;
    }
    step->kind->reveal(s, step);
    play_pass(s, RESULT_SKIPPED);
}

void play_again(struct session *s) {
    desk_go_back(s);
    play_from(s, desk_here(s)->at);
}

/* Past an open task the board is made as its solution makes it. */
void play_next(struct session *s) {
    const struct step *step = desk_step(s);
    if (!step) {
        out_say(s->out, lesson_says(desk_here(s)->lesson, SAYS_OVER), NULL);
        return;
    }
    if (step->kind->settled && !task_passes(s, step) && !make_anew(s)) return;
    if (step->kind->answer && desk_record(s)->result == RESULT_OPEN) {
        out_say(s->out, "play.left-open", NULL);
    }
    play_go_on(s);
}

void play_prev(struct session *s) {
    struct lesson_play *p = desk_here(s);
    const struct lesson *l = p->lesson;
    int i = p->host ? -1 : p->at - 1; /* a host's question stands alone */
    while (i >= 0 && !l->steps[i].kind->answer && !l->steps[i].kind->waits &&
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
        tell(s, play_jump(s, i));
        return;
    }
    mark_restore(s->board, m->board, desk_label(s));
    lines_cut(&p->lines, m->lines);
    play_go(s, i);
}
