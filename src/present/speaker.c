#include "present/speaker.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "present/cast.h"
#include "present/notes.h"
#include "session/run.h"

/* ---- the clock ---- */

void speaker_begins(struct talk *t) {
    if (t->begun) return;
    t->begun = true;
    t->since = clock_now(&t->presser.clock);
}

static double elapsed(const struct talk *t) {
    if (!t->begun) return 0;
    return (t->resting ? t->rested_at : clock_now(&t->presser.clock)) - t->since;
}

void speaker_rests(struct talk *t, bool rests) {
    double now = clock_now(&t->presser.clock);
    if (rests) t->rested_at = now;
    else if (t->resting) t->since += now - t->rested_at;
    t->resting = rests;
}

/* ---- the notes ---- */

static const char *label_of(struct talk *t, struct arena *a, int i) {
    struct buf label = {0}, line = {0}, key = {0};
    t->deck.kind->label(&t->deck, i, &label);
    buf_printf(&key, "notes.kind.%s", t->deck.steps[i].kind);
    const char *kind = text_get(t->s->out->text, buf_text(&key));
    buf_printf(&line, "%s: %s", kind ? kind : t->deck.steps[i].kind, buf_text(&label));
    char *copy = arena_copy(a, buf_text(&line));
    buf_free(&label);
    buf_free(&line);
    buf_free(&key);
    return copy;
}

static void fill(struct talk *t, struct arena *a, struct notes_page *page) {
    enum { AHEAD = 2 };
    int at = t->at < t->deck.n ? t->at : t->deck.n - 1, k;
    const struct deck_step *step = &t->deck.steps[at];
    enum act act = deck_act(step, t->act, &k);
    *page = (struct notes_page){.step = step->number,
                                .steps = t->deck.count,
                                .name = step->name,
                                .kind = step->kind,
                                .state = t->state,
                                .elapsed = elapsed(t),
                                .running = t->begun && !t->resting,
                                .lang = text_lang_name(text_lang(t->s->out->text))};
    if (act == ACT_TYPE || act == ACT_RUN) page->line = buf_text(&t->line);
    t->deck.kind->tell(&t->deck, at, a, page);
    for (int i = 0; i < AHEAD && at + 1 + i < t->deck.n; i++)
        page->next[i] = label_of(t, a, at + 1 + i);
}

void speaker_tell(struct talk *t, const char *state, const char *said) {
    if (state) t->state = state;
    if (!t->notes || t->hurry) return;
    struct arena *a = arena_new();
    struct notes_page page;
    char *foot = out_sentence(t->s->out, "talk.foot", NULL);
    fill(t, a, &page);
    bool lost = !said && t->cast && cast_lost(t->cast);
    char *cut = lost ? out_sentence(t->s->out, "notes.cast-lost", NULL) : NULL;
    page.said = lost ? cut : said;
    page.foot = foot;
    page.keys = t->keys;
    t->keys_stand = t->keys;
    notes_show(t->notes, &page);
    free(foot);
    free(cut);
    arena_free(a);
}

bool speaker_shows_keys(struct talk *t, const char *keys) {
    if (!t->notes || !notes_seen(t->notes)) return false;
    t->keys = t->keys_stand ? NULL : keys;
    speaker_tell(t, NULL, NULL);
    t->keys = NULL;
    return true;
}

int speaker_due(struct talk *t) { return t->notes ? notes_due(t->notes) : -1; }

static bool next_key(void *self, char *sent) {
    struct talk *t = self;
    int key = notes_key(t->notes);
    *sent = (char)key;
    return key >= 0;
}

static void open_notes(struct talk *t) {
    if (!t->presser.person) return;
    struct error *e = notes_open(&t->notes);
    if (e) t->notes = NULL; /* a talk goes on without */
    session_report(t->s, e);
    if (!t->notes) return;
    t->presser.other = notes_fd(t->notes);
    t->presser.other_key = next_key;
    t->presser.self = t;
}

/* ---- the recording ---- */

static void heard(void *self, const char *bytes, size_t n) {
    struct talk *t = self;
    cast_heard(t->cast, clock_now(&t->presser.clock), bytes, n);
}

void speaker_mark(struct talk *t) {
    if (!t->cast || t->hurry) return;
    struct buf b = {0};
    const struct deck_step *step = &t->deck.steps[t->at];
    buf_printf(&b, "%d %s", step->number, step->name);
    if (!*step->name) t->deck.kind->label(&t->deck, t->at, &b);
    out_flush(t->s->out);
    cast_mark(t->cast, clock_now(&t->presser.clock), buf_text(&b));
    buf_free(&b);
}

void speaker_resized(struct talk *t) {
    int rows, columns;
    screen_size(&rows, &columns);
    if (t->cast) cast_resize(t->cast, clock_now(&t->presser.clock), columns, rows);
}

struct error *speaker_open(struct talk *t) {
    struct buf title = {0};
    int rows, columns;
    struct error *e = NULL;
    screen_size(&rows, &columns);
    t->deck.kind->label(&t->deck, 0, &title);
    if (t->options.record)
        e = cast_open(t->options.record, buf_text(&title), columns, rows, &t->cast);
    buf_free(&title);
    if (e) return e;
    if (t->cast) out_listen(t->s->out, t, heard);
    open_notes(t);
    return NULL;
}

struct error *speaker_close(struct talk *t) {
    if (t->notes) notes_close(t->notes);
    if (!t->cast) return NULL;
    out_unlisten(t->s->out, t);
    return cast_close(t->cast);
}
