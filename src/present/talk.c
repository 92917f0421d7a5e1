#include "present/talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/lesson.h"
#include "lesson/load.h"
#include "present/speaker.h"
#include "session/run.h"
#include "shell/prompt.h"
#include "text/number.h"

#define QUIT_SECONDS 2.0
#define PAGE_BYTES 400.0 /* that a room reads in --auto's time */

static struct talk *talk; /* the page that is full knows only this one */

/* ---- waiting ---- */

void talk_tell(struct talk *t, const char *key) {
    struct out *o = t->s->out;
    char *words = out_sentence(o, key, "speed", NUM(o, t->typist.speed), NULL);
    stage_status(t->stage, words);
    speaker_tell(t, NULL, words);
    free(words);
}

/* The notes are looked after meanwhile. */
struct press talk_wait(struct talk *t, double seconds, bool asked) {
    double start = clock_now(&t->presser.clock), end = start + seconds;
    for (;;) {
        int due = speaker_due(t);
        double left = seconds < 0 ? -1 : end - clock_now(&t->presser.clock);
        if (seconds >= 0 && left < 0) left = 0;
        bool sooner = due >= 0 && (left < 0 || due < left * 1000);
        struct press p = presser_wait(&t->presser, sooner ? due / 1000.0 : left, asked);
        if (p.event == PRESSER_KEY) speaker_begins(t);
        if (p.event == PRESSER_TIME && sooner) continue;
        t->waited += clock_now(&t->presser.clock) - start;
        return p;
    }
}

/* How long a room looks at what came since the last key; for ever where somebody is
 * there. */
static double patience(const struct talk *t) {
    if (t->options.automatic < 0) return -1;
    double much = 1;
    if (t->at < t->deck.n) much = (double)stage_bytes(t->stage, t->at) / PAGE_BYTES;
    return t->options.automatic * (much < 0.25 ? 0.25 : much > 2.5 ? 2.5 : much);
}

/* How long what a key laid over the page stays: at a stand, where nobody may be left
 * who would take it away, ten pages' time. */
static double patience_over(const struct talk *t) {
    if (!t->presser.person) return 0;
    return t->options.loop ? 10 * t->options.automatic : -1;
}

/* Whatever is pressed, and nothing else: the time stands still. */
static void wait_for_any(struct talk *t, void (*again)(struct talk *t)) {
    struct press p;
    do {
        p = talk_wait(t, patience_over(t), false);
        if (p.event == PRESSER_SCREEN && again) again(t);
    } while (p.event == PRESSER_SCREEN);
    presser_keep(&t->presser, p);
    presser_forget(&t->presser);
    if (p.event == PRESSER_GONE) t->over = true;
}

static struct press next_press(struct talk *t) {
    if (!t->pressed) return talk_wait(t, patience(t), talk_asks(t));
    t->pressed = false;
    return t->next;
}

/* ---- what the keys do ---- */

/* What the room says, as it is typed, in a row of its own. */
static void show_said(struct talk *t) {
    struct out *o = t->s->out;
    int was = stage_deafen(t->stage);
    if (!o->moves) return;
    char *words = out_sentence(o, "talk.room", "said", buf_text(&t->said), NULL);
    out_control(o, "\r\033[K");
    out_printf(o, "%s", t->said.len ? words : "");
    out_flush(o);
    out_control(o, t->said.len ? "" : "\r\033[K");
    free(words);
    stage_hear_on(t->stage, was);
}

static void take_answer(struct talk *t, char sent) {
    bool sign = sent == '-' || sent == '.';
    if (sent == '.' && !t->said.len) return;
    if (t->said.len > 16 || (sign && strchr(buf_text(&t->said), sent))) return;
    buf_add_n(&t->said, &sent, 1);
    show_said(t);
}

/* The lesson answers. A right one is all that there was to the step. */
static void give_answer(struct talk *t) {
    struct out *o = t->s->out;
    char *said = buf_take(&t->said),
         *words = out_sentence(o, "talk.room", "said", said, NULL);
    if (o->moves) out_control(o, "\r\033[K");
    out_turn(o, "", "");
    out_printf(o, "%s%s%s\n", out_ink(o, OUT_STRONG), words, out_ink(o, OUT_PLAIN));
    struct typed typed = session_read(t->s, said, false);
    if (t->deck.kind->take(&t->deck, t->at, &typed))
        t->act = deck_acts(&t->deck.steps[t->at]) - 1;
    typed_free(&typed);
    out_flush(o);
    interrupt_clear();
    presser_forget(&t->presser);
    free(said);
    free(words);
}

static void go_on(struct talk *t) {
    if (t->said.len) give_answer(t);
    else talk_advance(t);
}

static void back(struct talk *t) {
    if (t->said.len) {
        t->said.data[--t->said.len] = '\0';
        show_said(t);
    } else if (!talk_back(t)) {
        talk_tell(t, "talk.first");
    }
}

static void blank_again(struct talk *t) { stage_blank(t->stage); }

static void blank(struct talk *t) {
    const char *was = t->state;
    speaker_rests(t, true);
    speaker_tell(t, "blank", NULL);
    stage_blank(t->stage);
    wait_for_any(t, blank_again);
    speaker_rests(t, false);
    speaker_tell(t, was, NULL);
    talk_draw(t);
}

static void zoom_again(struct talk *t) { stage_zoom(t->stage, t->at); }

static void zoom(struct talk *t) {
    if (t->at == t->deck.n) return;
    zoom_again(t);
    wait_for_any(t, zoom_again);
    talk_draw(t);
}

static void faster(struct talk *t) {
    if (t->typist.speed < TYPIST_FASTEST) t->typist.speed++;
    talk_tell(t, "talk.speed");
}

static void slower(struct talk *t) {
    if (t->typist.speed > TYPIST_SLOWEST) t->typist.speed--;
    talk_tell(t, "talk.speed");
}

static void one_press(struct talk *t) {
    t->one_press = !t->one_press;
    talk_tell(t, t->one_press ? "talk.one-press" : "talk.two-presses");
}

static void hint(struct talk *t) {
    if (!talk_asks(t)) return;
    out_turn(t->s->out, "", "");
    t->deck.kind->hint(&t->deck, t->at);
    out_flush(t->s->out);
}

static void again(struct talk *t) {
    talk_begin(t, t->at < t->deck.n ? t->at : t->at - 1);
}

/* Where names are others in another language the boards of the way here are made
 * anew. */
static void lang(struct talk *t) {
    struct text *text = t->s->out->text;
    text_set_lang(text, text_lang(text) == TEXT_EN ? TEXT_KO : TEXT_EN);
    for (int i = 0; t->deck.kind->own_names && i <= t->deck.n; i++) {
        board_free(t->before[i]);
        t->before[i] = NULL;
    }
    if (!t->deck.kind->own_names) talk_settle(t);
    talk_go(t, t->at, t->act);
}

static void window(struct talk *t) {
    t->letters = !t->letters;
    talk_tell(t, t->letters ? "talk.letters" : "talk.windows");
}

static void quit(struct talk *t) {
    double now = clock_seconds();
    t->over = now - t->quit_at < QUIT_SECONDS;
    t->quit_at = now;
    if (!t->over) talk_tell(t, "talk.quit");
}

/* ---- over the page ---- */

/* In parts that a screen holds. True: a digit was pressed, which is t->next. */
static bool show_over(struct talk *t, const char *text) {
    int rows, columns;
    screen_size(&rows, &columns);
    if (rows < STAGE_ROWS) rows = STAGE_ROWS;
    while (*text && !t->over) {
        size_t n = 0;
        for (int i = 0; i < rows - 1 && text[n]; i++) n += strcspn(text + n, "\n") + 1;
        char *part = mem_copy_n(text, n);
        stage_over(t->stage, part);
        free(part);
        text += n;
        t->next = talk_wait(t, patience_over(t), false);
        t->over = t->next.event == PRESSER_GONE;
        presser_keep(&t->presser, t->next);
        if (t->next.sent >= '0' && t->next.sent <= '9') return true;
    }
    return false;
}

static void add_row(struct talk *t, struct buf *b, const char *head, int columns,
                    const char *text) {
    struct buf line = {0}, safe = {0};
    int pad = columns - utf8_width(head);
    buf_printf(&line, "%s%*s  %s", head, pad > 0 ? pad : 0, "", text);
    utf8_add_line(&safe, buf_text(&line));
    size_t fit = utf8_fit(buf_text(&safe), t->s->out->width - 1);
    buf_add_n(b, buf_text(&safe), fit);
    buf_add(b, "\n");
    buf_free(&line);
    buf_free(&safe);
}

static void help(struct talk *t) {
    enum { HEAD = 24 };
    struct buf b = {0};
    for (const struct key_row *row = key_rows; row->name; row++) {
        struct buf key = {0};
        buf_printf(&key, "talk.key.%s", row->name);
        add_row(t, &b, row->shown, HEAD, text_get(t->s->out->text, buf_text(&key)));
        buf_free(&key);
    }
    if (!speaker_shows_keys(t, buf_text(&b))) {
        show_over(t, buf_text(&b));
        talk_draw(t);
    }
    buf_free(&b);
}

/* 19 Enter; anything else is another wish. digit: it has begun. */
static void read_number(struct talk *t, char digit) {
    char number[6] = "";
    size_t n = 0;
    struct press p = {PRESSER_KEY, TALK_NOTHING, digit};
    for (;;) {
        if (p.sent >= '0' && p.sent <= '9' && n < sizeof number - 1)
            number[n++] = p.sent;
        else if (p.key == TALK_BACK && n) n--;
        else if (p.sent && p.event == PRESSER_KEY) break;
        number[n] = '\0';
        char *words = out_sentence(t->s->out, "talk.go-to", "n", number, NULL);
        stage_status(t->stage, words);
        free(words);
        p = talk_wait(t, patience_over(t), false);
        if (p.event != PRESSER_KEY && p.event != PRESSER_SCREEN) break;
    }
    presser_keep(&t->presser, p);
    int i = p.key == TALK_GO_ON && n ? deck_find(&t->deck, number) : -1;
    talk_draw(t);
    if (i >= 0) talk_begin(t, i);
    else if (p.key == TALK_GO_ON && n) talk_tell(t, "talk.no-step");
    t->over = t->over || p.event == PRESSER_GONE;
}

static void go_to(struct talk *t) { read_number(t, 0); }

static void list(struct talk *t) {
    struct buf b = {0};
    for (int i = 0; i < t->deck.n; i++) {
        struct buf label = {0}, head = {0};
        const struct deck_step *step = &t->deck.steps[i];
        t->deck.kind->label(&t->deck, i, &label);
        buf_printf(&head, "%s%3.0d %s", i == t->at ? "→" : " ", step->number,
                   step->kind);
        add_row(t, &b, buf_text(&head), 13, buf_text(&label));
        buf_free(&label);
        buf_free(&head);
    }
    bool digit = show_over(t, buf_text(&b));
    buf_free(&b);
    if (digit) read_number(t, t->next.sent);
    else talk_draw(t);
}

static void (*const actions[])(struct talk *t) = {
    [TALK_GO_ON] = go_on,   [TALK_BACK] = back,        [TALK_LIVE] = talk_live,
    [TALK_BLANK] = blank,   [TALK_ZOOM] = zoom,        [TALK_FASTER] = faster,
    [TALK_SLOWER] = slower, [TALK_HINT] = hint,        [TALK_ONE_PRESS] = one_press,
    [TALK_GO_TO] = go_to,   [TALK_LIST] = list,        [TALK_AGAIN] = again,
    [TALK_LANG] = lang,     [TALK_REDRAW] = talk_draw, [TALK_WINDOW] = window,
    [TALK_QUIT] = quit,     [TALK_HELP] = help,
};

static void take_key(struct talk *t, struct press p) {
    if (p.key == TALK_ANSWER && (p.sent != '.' || t->said.len)) {
        take_answer(t, p.sent);
        return;
    }
    enum talk_key key = p.key == TALK_ANSWER ? TALK_BLANK : p.key; /* a . first */
    if (key != TALK_QUIT) t->quit_at = 0;
    if (key < sizeof actions / sizeof *actions && actions[key]) actions[key](t);
}

/* A page that was full is where it is read on. */
static void lay_out(struct talk *t) {
    speaker_resized(t);
    talk_settle(t);
    t->read_on = t->left_full;
    t->left_full = false;
    talk_go(t, t->at, t->act);
}

/* What was told of something else is wiped before anything is said. */
static void take(struct talk *t, struct press p) {
    if (stage_tells(t->stage) && p.event != PRESSER_SCREEN) talk_draw(t);
    if (p.event == PRESSER_TIME) talk_advance(t);
    else if (p.event == PRESSER_INTERRUPT && t->presser.person)
        talk_tell(t, "talk.quit");
    else if (p.event == PRESSER_INTERRUPT || p.event == PRESSER_GONE) t->over = true;
    else if (p.event == PRESSER_SCREEN) lay_out(t);
    else take_key(t, p);
}

/* ---- while a line runs ---- */

static bool leads_away(enum talk_key key) {
    static const bool away[] = {
        [TALK_BACK] = true,  [TALK_LIVE] = true,  [TALK_GO_TO] = true,
        [TALK_LIST] = true,  [TALK_AGAIN] = true, [TALK_LANG] = true,
        [TALK_REDRAW] = true};
    return key < sizeof away / sizeof *away && away[key];
}

/* A full page: to go on is to see the rest; whatever leads elsewhere ends it first. */
static int on_full_page(bool turns) {
    (void)turns;
    struct talk *t = talk;
    int page = t->s->out->height - 1;
    bool read = !t->read_on || t->rows + page <= t->rows_read;
    if (t->hurry && read) t->rows += page;
    if (t->hurry && read) return ' ';
    t->hurry = t->read_on = false;
    presser_forget(&t->presser);
    speaker_tell(t, "page", NULL);
    for (;;) {
        struct press p = talk_wait(t, patience(t), false);
        bool on = p.event == PRESSER_KEY && p.key == TALK_GO_ON;
        if (on || p.event == PRESSER_TIME) {
            t->rows += page;
            return ' ';
        }
        if (p.event == PRESSER_INTERRUPT) interrupt_now();
        if (p.event == PRESSER_INTERRUPT) return KEY_STOP;
        if (p.event == PRESSER_KEY && p.key == TALK_BLANK) {
            blank(t);
            return KEY_AGAIN;
        }
        if (p.event == PRESSER_KEY && p.key == TALK_QUIT) {
            quit(t);
            if (t->over) return KEY_STOP;
            continue;
        }
        if (p.event == PRESSER_KEY && !leads_away(p.key)) continue;
        t->left_full = p.event == PRESSER_SCREEN;
        if (t->left_full) t->rows_read = t->rows, interrupt_now();
        t->next = p;
        t->pressed = true;
        return KEY_STOP;
    }
}

/* A room sees learning, row by row; a key makes it fast. */
static void on_row(double seconds) {
    struct talk *t = talk;
    if (t->hurry) return;
    bool row = seconds <= 0;
    if (row && presser_pressed(&t->presser)) return;
    double wait = row ? t->options.pace : seconds;
    clock_wait(&t->presser.clock, wait);
    t->waited += wait;
}

/* ---- the whole ---- */

/* A recording without a terminal is one of a usual one. */
static void set_screen(struct talk *t) {
    struct out *o = t->s->out;
    if (t->options.record && !o->terminal && !o->plain) {
        o->terminal = o->moves = o->colour = true;
        o->depth = PAINT_256;
    }
    out_fit(o);
    if (o->terminal && !o->screen) out_open_pages(o, on_full_page);
    if (o->screen) o->key = on_full_page;
    o->wait = on_row;
}

/* An error: there can be no recording. */
static struct error *open_talk(struct talk *t) {
    t->presser = (struct presser){.person = t->s->interactive, .other = -1};
    t->presser.clock.stands = t->options.automatic >= 0 && !t->presser.person;
    t->typist = typist_new(t->options.speed ? t->options.speed : TYPIST_USUAL);
    t->before = mem_alloc((size_t)t->deck.n + 1, sizeof(struct board *));
    t->took = mem_alloc((size_t)t->deck.n, sizeof *t->took);
    t->state = "shown";
    t->quit_at = -QUIT_SECONDS;
    talk = t;
    clock_begin(&t->presser.clock);
    set_screen(t);
    t->stage = stage_open(t->s->out, t->deck.n);
    return speaker_open(t);
}

static void close_talk(struct talk *t) {
    prompt_close(t->prompt);
    t->s->out->wait = NULL;
    for (int i = 0; i <= t->deck.n; i++) board_free(t->before[i]);
    free(t->before);
    free(t->took);
    buf_free(&t->line);
    buf_free(&t->said);
    stage_close(t->stage);
    deck_close(&t->deck);
}

static struct error *find_start(const struct talk *t, int *first) {
    const char *from = t->options.from;
    *first = from ? deck_find(&t->deck, from) : 0;
    if (*first >= 0) return NULL;
    return error_new("talk-from", "name", from, "n", NUM(t->s->out, t->deck.count),
                     NULL);
}

static struct error *give(struct talk *t, int first) {
    struct error *e = open_talk(t);
    if (!e) {
        presser_open(&t->presser);
        talk_begin(t, first);
        while (!t->over) take(t, next_press(t));
        stage_fresh(t->stage);
        presser_close(&t->presser);
    } else {
        t->status = TALK_WRONG_USAGE;
    }
    struct error *lost = speaker_close(t);
    if (lost) t->status = 1;
    close_talk(t);
    return e ? e : lost;
}

enum { ONE_ROW = 4000 }; /* columns, so that a fault is not folded */

/* A talk is no place for lint: one's own lesson is looked at before. */
static struct error *check(struct session *s, const char *path) {
    char *said = NULL;
    size_t n = 0;
    struct out quiet = {.text = s->out->text, .width = ONE_ROW, .digits = 6};
    quiet.file = quiet.errors = open_memstream(&said, &n);
    if (!quiet.file) mem_none(1, 1);
    int faults = lesson_lint(&quiet, s->tables, s->home, path, false).faults;
    fclose(quiet.file);
    char *first = strstr(said, ": error: "); /* a warning may stand before it */
    while (first && first > said && first[-1] != '\n') first--;
    if (!first) first = said;
    first[strcspn(first, "\n")] = '\0';
    struct error *e = NULL;
    if (faults)
        e = error_new("talk-faults", "n", NUM(s->out, faults), "first", first, "file",
                      path, NULL);
    free(said);
    return e;
}

static struct error *open_lesson(struct session *s, const char *what, bool anyway,
                                 struct deck *d) {
    char *path = NULL;
    struct lesson *l = NULL;
    struct error *e = lesson_file(s, what, &path);
    if (!e) e = lesson_load(s->home, path, NULL, &l);
    if (!e && !anyway && lesson_is_own(s->home, path)) e = check(s, path);
    free(path);
    if (!e) return deck_open_lesson(d, s, l);
    if (l) lesson_free(l);
    return e;
}

static struct error *fits(const struct session *s) {
    int rows, columns;
    screen_size(&rows, &columns);
    if (!rows || (rows >= STAGE_ROWS && columns >= STAGE_COLUMNS)) return NULL;
    return error_new("talk-small", "rows", NUM(s->out, rows), "columns",
                     NUM(s->out, columns), NULL);
}

/* A number, or a file of JSON; all else is a script. */
static bool is_lesson(const char *what) {
    const char *dot = strrchr(what, '.');
    return !what[strspn(what, "0123456789")] || (dot && strcmp(dot, ".json") == 0);
}

/* A file; or, a word alone, one of the demos that come along. */
static struct error *open_demo(struct session *s, const char *what, struct deck *d) {
    struct buf path = {0};
    bool word = s->home && *what && !strpbrk(what, "/.");
    if (word) buf_printf(&path, "%s/lessons/demos/%s.learn", s->home, what);
    bool there = word && access(buf_text(&path), R_OK) == 0;
    struct error *e = deck_open_demo(d, s, there ? buf_text(&path) : what);
    buf_free(&path);
    return e;
}

int talk_present(struct session *s, const char *what, const struct talk_options *o) {
    struct talk t = {.s = s, .options = *o};
    int first = 0;
    struct error *e = NULL;
    if (!s->interactive && o->automatic < 0) e = error_new("talk-nobody", NULL);
    if (!e && o->loop && !s->interactive) e = error_new("talk-loop", NULL);
    if (!e) e = fits(s);
    bool usage = e;
    if (!e && is_lesson(what)) e = open_lesson(s, what, o->anyway, &t.deck);
    else if (!e) e = open_demo(s, what, &t.deck);
    if (!e) e = find_start(&t, &first);
    if (!e) {
        session_report(s, give(&t, first));
        return t.status;
    }
    if (t.deck.steps) deck_close(&t.deck);
    session_report(s, e);
    return usage ? TALK_WRONG_USAGE : 1;
}
