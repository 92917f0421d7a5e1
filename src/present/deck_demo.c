/* A demo script as a talk: its pages, and its lines one after another. What only says
 * how a script is presented (pause, clear) is not typed but done. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "board/mark.h"
#include "present/deck.h"
#include "present/demo.h"
#include "present/notes.h"
#include "session/run.h"

static const struct demo_step *step_of(const struct deck *d, int i) {
    return &d->demo->steps[d->steps[i].source];
}

static const char *in_today(const struct deck *d, char *const texts[TEXT_LANGS]) {
    return texts[text_lang(d->s->out->text)];
}

static struct error *take(struct deck *d, const char *line, int at) {
    struct session *s = d->s;
    struct typed t = session_read(s, line, false);
    bool hushed = s->hushed;
    s->hushed = true; /* a definition needs no answer: it was read */
    s->depth++;
    struct error *e = session_take(s, &t, d->demo->path);
    s->depth--;
    s->hushed = hushed;
    s->quit = false;
    typed_free(&t);
    bool here = e && e->file && strcmp(e->file, d->demo->path) == 0;
    if (here && e->at.line) e->at.line += at - 1;
    return e;
}

static void demo_begin(struct deck *d, int i) { (void)d, (void)i; }

static int at_once(bool turns) { return turns ? ' ' : '\r'; }

/* The talk waits by itself. */
static void demo_show(struct deck *d, int i) {
    const struct demo_step *step = step_of(d, i);
    struct out *o = d->s->out;
    const char *title = in_today(d, step->title);
    if (title) out_puts(o, out_ink(o, OUT_STRONG));
    if (title) out_wrap(o, title, 0);
    if (title) out_puts(o, out_ink(o, OUT_PLAIN));
    if (!step->line || d->steps[i].lines) return;
    int (*key)(bool turns) = o->key;
    if (key) o->key = at_once;
    out_puts(o, "\n");
    d->failed = take(d, step->line, step->at);
    o->key = key;
}

static struct error *demo_line(struct deck *d, int i, int k, struct buf *b) {
    (void)k;
    buf_add(b, step_of(d, i)->line);
    return NULL;
}

static struct error *demo_run(struct deck *d, int i, int k, const char *line) {
    (void)k;
    return take(d, line, step_of(d, i)->at);
}

static struct error *demo_build(struct deck *d, int from, int i) {
    struct session *s = d->s;
    struct out *out = s->out, quiet = {.text = out->text, .width = 80, .digits = 6};
    struct error *e = NULL;
    if (from < 0) mark_restore(s->board, d->start, "");
    s->out = &quiet;
    for (int k = from < 0 ? 0 : from; k < i && !e; k++) {
        const struct demo_step *step = step_of(d, k);
        file_rehearse(d->steps[k].done == deck_acts(&d->steps[k]));
        d->steps[k].done = deck_acts(&d->steps[k]);
        if (step->line) e = take(d, step->line, step->at);
        file_rehearse(false);
        if (!error_is_stop(e)) { /* it was said when it ran */
            error_free(e);
            e = NULL;
        }
    }
    s->out = out;
    return e;
}

static void demo_label(struct deck *d, int i, struct buf *b) {
    const char *title = in_today(d, step_of(d, i)->title), *line = step_of(d, i)->line;
    buf_add(b, title ? title : line ? line : "");
}

static void demo_tell(struct deck *d, int i, struct arena *a, struct notes_page *page) {
    const char *note = in_today(d, step_of(d, i)->note);
    const char *title = in_today(d, d->demo->steps[0].title), *path = d->demo->path;
    for (int k = 1; !title && k < d->n; k++) title = in_today(d, step_of(d, k)->title);
    const char *slash = strrchr(path, '/');
    page->number = -1;
    page->title = arena_copy(a, title ? title : slash ? slash + 1 : path);
    page->note = note ? arena_copy(a, note) : NULL;
}

static void demo_close(struct deck *d) {
    board_free(d->start);
    demo_free(d->demo);
}

static const struct deck_kind demo_deck = {.begin = demo_begin,
                                           .return_to = demo_begin,
                                           .show = demo_show,
                                           .line = demo_line,
                                           .run = demo_run,
                                           .build = demo_build,
                                           .label = demo_label,
                                           .tell = demo_tell,
                                           .close = demo_close};

/* What a line does to a talk. */
struct kind_of_line {
    bool stage; /* it says how the script is presented, and nothing else */
    bool says;  /* … with a text, which is read in peace */
    bool ends;  /* no line behind it is run */
    bool empty; /* … and it does nothing else */
};

static struct kind_of_line kind_of(struct session *s, const char *line) {
    struct typed t = session_read(s, line, false);
    int n = t.program ? t.program->n : 0;
    struct kind_of_line kind = {.stage = n > 0};
    for (int i = 0; i < n; i++) {
        const struct stmt *st = &t.program->stmts[i];
        unsigned flags = st->kind == STMT_COMMAND ? st->command->flags : 0;
        kind.stage = kind.stage && flags & COMMAND_STAGE;
        kind.says |= kind.stage && st->n_items && st->items[0].text;
        kind.ends |= (flags & COMMAND_ENDS) != 0;
    }
    kind.empty = kind.ends && n == 1;
    typed_free(&t);
    return kind;
}

struct error *deck_open_demo(struct deck *d, struct session *s, const char *path) {
    *d = (struct deck){.kind = &demo_deck, .s = s};
    struct error *e = demo_load(path, &d->demo);
    if (e) return e;
    d->steps = mem_alloc((size_t)d->demo->n + 1, sizeof *d->steps);
    d->start = mark_take(s->board);
    for (int i = 0; i < d->demo->n; i++) {
        struct demo_step *step = &d->demo->steps[i];
        struct kind_of_line line = {0};
        if (step->line) line = kind_of(s, step->line);
        if (line.empty) free(step->line), step->line = NULL;
        if (line.empty && !step->title[0]) break;
        bool stage = line.stage, says = line.says || step->title[0];
        d->steps[d->n++] = (struct deck_step){.number = ++d->count,
                                              .source = i,
                                              .name = "",
                                              .kind = step->title[0] ? "page" : "line",
                                              .page = !i || step->title[0],
                                              .shows = step->title[0] || stage,
                                              .flows = stage && !says,
                                              .lines = step->line && !stage};
        if (line.ends) break;
    }
    return d->n ? NULL : error_new("talk-nothing", "file", path, NULL);
}
