/* The acts of a talk, and the ways from one to another. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "board/mark.h"
#include "present/speaker.h"
#include "session/run.h"

/* A step that took longer is not run again only to be drawn. */
#define COSTLY_SECONDS 1.0

static const struct deck_step *here(const struct talk *t) {
    return &t->deck.steps[t->at];
}

bool talk_asks(const struct talk *t) {
    return t->at < t->deck.n && here(t)->asks && t->act < 1;
}

/* ---- typing ---- */

/* A key makes the line whole; any but that to go on is then taken as well. */
static bool hands_rest(struct talk *t, double seconds) {
    struct press p = talk_wait(t, seconds, false);
    if (p.event == PRESSER_TIME) return false;
    t->pressed = p.event != PRESSER_KEY || p.key != TALK_GO_ON;
    t->next = p;
    return true;
}

/* The rows of a line as it will stand behind "> ", of one that goes on in the next. */
static void fold(struct buf *rows, const char *line, int columns) {
    for (size_t n; *line; line += n + (line[n] == '\n')) {
        n = strcspn(line, "\n");
        char *part = mem_copy_n(line, n);
        if (rows->len) buf_add(rows, "\n… ");
        screen_fold(rows, part, 2, columns);
        free(part);
    }
}

static void type(struct talk *t) {
    struct out *o = t->s->out;
    struct buf rows = {0}, shown = {0};
    int back;
    bool at_once = t->hurry || !t->options.speed || !o->moves || !o->screen;
    out_printf(o, "\n%s> ", out_ink(o, OUT_STRONG));
    fold(&rows, buf_text(&t->line), o->width);
    typist_take(&t->typist, "");
    if (at_once) out_puts(o, buf_text(&rows)); /* no syllable is half made */
    else typist_take(&t->typist, buf_text(&rows));
    for (double wait; (wait = typist_next(&t->typist, &shown, &back)) >= 0;) {
        if (!at_once) out_flush(o);
        at_once = at_once || hands_rest(t, wait);
        out_back(o, back);
        out_puts(o, buf_text(&shown));
    }
    out_puts(o, out_ink(o, OUT_PLAIN));
    buf_free(&rows);
    buf_free(&shown);
}

/* ---- acts ---- */

/* By itself a talk never goes back but to its beginning. */
static void mark(struct talk *t, int i) {
    if (i && !t->presser.person) return;
    board_free(t->before[i]);
    t->before[i] = mark_take(t->s->board);
}

static void begin(struct talk *t) {
    const struct deck_step *step = here(t);
    if (step->page || !t->at) stage_fresh(t->stage);
    stage_hear(t->stage, t->at);
    mark(t, t->at);
    t->took[t->at] = 0;
    speaker_mark(t);
    t->deck.kind->begin(&t->deck, t->at);
}

/* Where nobody is there to mend it, a talk ends with the line that fails. */
static void fail(struct talk *t, struct error *e) {
    bool stopped = error_is_stop(e);
    t->failed = !stopped;
    session_report(t->s, e);
    if (stopped || t->hurry || t->options.automatic < 0) return;
    t->over = true;
    t->status = 1;
}

static void show(struct talk *t) {
    out_hold(t->s->out);
    t->deck.kind->show(&t->deck, t->at);
    out_release(t->s->out);
    if (!t->deck.failed) return;
    fail(t, t->deck.failed);
    t->deck.failed = NULL;
}

static void run(struct talk *t, int k) {
    struct session *s = t->s;
    bool person = s->interactive;
    double start = clock_seconds(), waited = t->waited;
    out_puts(s->out, "\n");
    out_turn(s->out, "> ", buf_text(&t->line));
    s->interactive = t->presser.person && !t->letters && !t->hurry;
    struct error *e = t->deck.kind->run(&t->deck, t->at, k, buf_text(&t->line));
    s->interactive = person;
    t->took[t->at] += clock_seconds() - start - (t->waited - waited);
    if (error_is_stop(e)) t->took[t->at] = HUGE_VAL; /* it was too long for somebody */
    t->left = t->pressed && error_is_stop(e);        /* by a key that leads elsewhere */
    if (t->left) error_free(e), t->took[t->at] = 0;
    else if (e) fail(t, e);
    interrupt_clear();
}

static void read_line(struct talk *t, int k) {
    buf_clear(&t->line);
    error_free(t->deck.kind->line(&t->deck, t->at, k, &t->line));
}

static void show_end(struct talk *t) {
    stage_deafen(t->stage);
    stage_fresh(t->stage);
    mark(t, t->at);
    out_say(t->s->out, t->options.automatic < 0 ? "talk.end" : "talk.end.alone", NULL);
    out_flush(t->s->out);
    speaker_tell(t, "end", NULL);
}

void talk_perform(struct talk *t) {
    int k;
    if (t->at == t->deck.n) {
        show_end(t);
        return;
    }
    struct deck_step *step = &t->deck.steps[t->at];
    enum act act = deck_act(step, t->act, &k);
    file_rehearse(t->hurry && t->act < step->done);
    if (t->act == 0) begin(t);
    buf_clear(&t->said);
    if (act == ACT_TYPE || act == ACT_RUN) read_line(t, k);
    if (act != ACT_RUN) out_turn(t->s->out, "", "");
    t->failed = t->left = false;
    t->rows = 0;
    speaker_tell(t, act == ACT_TYPE ? "typing" : "running", NULL);
    if (act == ACT_SHOW) show(t);
    else if (act == ACT_TYPE) type(t);
    else if (act == ACT_RUN) run(t, k);
    else t->deck.kind->reveal(&t->deck, t->at);
    out_flush(t->s->out);
    file_rehearse(false);
    if (!t->left && t->act >= step->done) step->done = t->act + 1;
    speaker_tell(t, t->failed ? "failed" : act == ACT_TYPE ? "typed" : "shown", NULL);
    if (!t->hurry && !t->pressed) presser_forget(&t->presser);
}

/* ---- from one to another ---- */

static bool is_last(const struct talk *t) {
    return t->at < t->deck.n && t->act + 1 == deck_acts(here(t));
}

void talk_settle(struct talk *t) {
    if (is_last(t) && !t->left) mark(t, t->at + 1);
}

/* Is nobody waited for here? */
static bool flows(const struct talk *t) {
    int k;
    if (t->at == t->deck.n || t->failed) return false;
    return (is_last(t) && here(t)->flows) ||
           (t->one_press && deck_act(here(t), t->act, &k) == ACT_TYPE);
}

static void step_on(struct talk *t) {
    if (t->at < t->deck.n && !is_last(t)) {
        t->act++;
    } else {
        t->at++;
        t->act = 0;
    }
}

/* The window may have changed while something ran. */
void talk_advance(struct talk *t) {
    if (t->at == t->deck.n) {
        t->over = !t->options.loop;
        if (!t->over) talk_go(t, 0, 0);
        return;
    }
    do {
        step_on(t);
        talk_perform(t);
    } while (flows(t) && !t->over && !t->pressed);
    bool changed = t->at < t->deck.n && stage_changed(t->stage, t->at);
    if (changed && !t->over && !t->pressed) talk_go(t, t->at, t->act);
}

/* Steps that took long are drawn as they were, in whatever words. */
static bool is_kept(const struct talk *t, int i) {
    bool words = stage_has_words(t->stage, i) || !t->deck.kind->own_names;
    return t->took[i] > COSTLY_SECONDS && stage_is_whole(t->stage, i) && words &&
           t->before[i + 1];
}

static void put_board(struct talk *t, const struct board *mark) {
    if (mark && !mark_same(t->s->board, mark)) mark_restore(t->s->board, mark, "back");
}

static void draw_costly(struct talk *t) {
    stage_deafen(t->stage);
    if (here(t)->page) stage_fresh(t->stage);
    t->deck.kind->begin(&t->deck, t->at);
    stage_add(t->stage, t->at);
    put_board(t, t->before[t->at + 1]);
    t->act = deck_acts(here(t)) - 1;
    stage_hear_on(t->stage, t->at);
}

static void play_to(struct talk *t, int i, int act) {
    bool read_on = t->read_on, all = act + 1 == deck_acts(&t->deck.steps[i]);
    t->hurry = true;
    for (t->act = 0;; step_on(t)) {
        bool whole = t->act == 0 && (t->at < i || all);
        t->read_on = read_on && t->at == i && t->act == act;
        if (whole && is_kept(t, t->at)) draw_costly(t);
        else talk_perform(t);
        if (t->at == i && t->act == act) break;
    }
    t->hurry = t->read_on = false;
}

/* The board where a step begins: as it was then, or made anew. False: stopped, or no
 * memory, and said. */
static bool make_board(struct talk *t, int i) {
    if (t->before[i]) {
        put_board(t, t->before[i]);
        return true;
    }
    int from = i;
    while (from >= 0 && !t->before[from]) from--;
    if (from >= 0) put_board(t, t->before[from]);
    bool fine = session_report(t->s, t->deck.kind->build(&t->deck, from, i));
    interrupt_clear();
    return fine;
}

void talk_go(struct talk *t, int i, int act) {
    int page = deck_page(&t->deck, i < t->deck.n ? i : t->deck.n - 1);
    bool end = i == t->deck.n, last = !end && act + 1 == deck_acts(&t->deck.steps[i]);
    t->pressed = false;
    if (!end && !make_board(t, page)) return;
    t->at = end ? i : page;
    if (end) t->act = 0, talk_perform(t);
    else play_to(t, i, act);
    if (last) put_board(t, t->before[i + 1]);
    presser_forget(&t->presser);
}

void talk_begin(struct talk *t, int i) {
    if (i < t->deck.n && !t->deck.steps[i].page) {
        talk_go(t, i - 1, deck_acts(&t->deck.steps[i - 1]) - 1);
        talk_advance(t);
    } else if (make_board(t, i)) {
        t->at = i;
        t->act = 0;
        talk_perform(t);
        if (flows(t)) talk_advance(t);
    }
}

bool talk_back(struct talk *t) {
    int i = t->at - 1;
    while (i >= 0 && t->deck.steps[i].flows) i--;
    if (i < 0) return false;
    int page = deck_page(&t->deck, i), act = deck_acts(&t->deck.steps[i]) - 1;
    bool there = t->before[i + 1] || t->at == t->deck.n;
    if (!there || !stage_has(t->stage, page, i) || !t->s->out->moves) {
        talk_go(t, i, act);
        return true;
    }
    put_board(t, t->before[i + 1]);
    t->at = i;
    t->act = act;
    t->deck.kind->return_to(&t->deck, i);
    speaker_tell(t, "shown", NULL);
    stage_hear_on(t->stage, i);
    talk_draw(t);
    return true;
}

void talk_draw(struct talk *t) {
    if (t->at == t->deck.n) talk_perform(t);
    else stage_draw(t->stage, deck_page(&t->deck, t->at), t->at);
}
