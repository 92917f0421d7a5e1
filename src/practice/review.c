#include "practice/review.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "lesson/lesson.h"
#include "lesson/load.h"
#include "lesson/play.h"
#include "lesson/progress.h"
#include "lesson/steps.h"
#include "practice/boxes.h"
#include "practice/drill.h"
#include "practice/practice.h"
#include "practice/stands.h"
#include "session/run.h"
#include "text/number.h"

enum { WARM_UP = 2 };

/* A question, or a drill's level. */
struct due {
    char *path, *name; /* owned; NULL: a drill */
    const struct drill_kind *kind;
    int level;
    long due, day;
};

struct review {
    struct due *items;
    int n, at, right;
    int gone;   /* questions that their lesson has no more */
    bool ahead; /* the clock has jumped */
    bool begun; /* a lesson's warm-up has been offered */
    char *then; /* the lesson to open afterwards, or NULL */
    bool at_prompt;
};

static void empty(struct review *r) {
    for (int i = 0; i < r->n; i++) {
        free(r->items[i].path);
        free(r->items[i].name);
    }
    free(r->items);
    free(r->then);
    *r = (struct review){.begun = r->begun};
}

static void close_review(struct session *s, void *state) {
    (void)s;
    empty(state);
    free(state);
}

static struct review *review_here(const struct session *s) {
    return session_state(s, close_review);
}

static struct review *review_of(struct session *s) {
    if (!review_here(s))
        session_keep(s, close_review, mem_alloc(1, sizeof(struct review)));
    return review_here(s);
}

/* ---- what there is ---- */

static struct due *add(struct review *r, const cJSON *kept) {
    r->items = mem_grow(r->items, (size_t)r->n + 1, sizeof *r->items);
    struct due *item = &r->items[r->n++];
    *item = (struct due){.due = boxes_due(kept), .day = json_whole(kept, "day", 0)};
    r->ahead |= boxes_is_ahead(kept);
    return item;
}

static const struct step *step_of(const struct lesson *l, const char *name) {
    const struct step *step = l->steps, *end = step + l->n_steps;
    while (step < end && (strcmp(step->name, name) != 0 || !step->kind->answer)) step++;
    return step < end ? step : NULL;
}

static bool has_some(const cJSON *records) {
    const cJSON *record;
    bool some = false;
    cJSON_ArrayForEach(record, records) some |= boxes_due(record) < LONG_MAX;
    return some;
}

/* The lesson as it is now: what it no longer asks is left out. */
static void add_lesson(struct session *s, struct review *r, const cJSON *entry) {
    const cJSON *records = cJSON_GetObjectItemCaseSensitive(entry, "records"), *record;
    const char *file = json_string(entry, "file");
    if (!has_some(records)) return;
    char *path = file ? mem_copy(file) : lesson_find_id(s->home, entry->string);
    struct lesson *l = NULL;
    struct error *e = path ? lesson_load(s->home, path, NULL, &l) : NULL;
    cJSON_ArrayForEach(record, records) {
        if (boxes_due(record) == LONG_MAX) continue;
        if (!l || !step_of(l, record->string)) {
            r->gone++;
            continue;
        }
        struct due *item = add(r, record);
        item->path = mem_copy(path);
        item->name = mem_copy(record->string);
    }
    error_free(e);
    lesson_free(l);
    free(path);
}

static void add_drill(struct review *r, const struct drill_kind *k,
                      const cJSON *entry) {
    const cJSON *kept;
    cJSON_ArrayForEach(kept, cJSON_GetObjectItemCaseSensitive(entry, "again")) {
        if (boxes_due(kept) == LONG_MAX) continue;
        int level = (int)strtol(kept->string, NULL, 10);
        if (level < 1 || level > drill_levels(k)) continue;
        struct due *item = add(r, kept);
        item->kind = k;
        item->level = level;
    }
}

static int by_due(const void *a, const void *b) {
    const struct due *x = a, *y = b;
    return x->due != y->due ? (x->due < y->due ? -1 : 1)
                            : (x->day > y->day) - (x->day < y->day);
}

static void collect(struct session *s, struct review *r) {
    const struct progress *p = desk_progress(s);
    const cJSON *entry;
    empty(r);
    cJSON_ArrayForEach(entry, progress_all(p)) add_lesson(s, r, entry);
    for (const struct drill_kind *k = drill_kinds; k->name; k++)
        add_drill(r, k, progress_kept(p, "drills", k->name));
    if (r->n) qsort(r->items, (size_t)r->n, sizeof *r->items, by_due);
}

static int count_due(const struct review *r, int most) {
    int n = 0;
    while (n < r->n && n < most && r->items[n].due <= clock_day()) n++;
    return n;
}

/* ---- asked ---- */

static const struct play_host host;
static void ask_next(struct session *s);

static void say_from(struct session *s, const struct due *item,
                     const struct lesson *l) {
    double days = (double)(clock_day() - item->day);
    const char *ago = days > 1   ? "review.ago"
                      : days > 0 ? "review.yesterday"
                                 : "review.lately";
    char *when = out_sentence(s->out, ago, "days", NUM(s->out, days), NULL);
    out_puts(s->out, "\n");
    out_puts(s->out, out_ink(s->out, OUT_DIM));
    if (l) {
        const char *title =
            lesson_text(cJSON_GetObjectItemCaseSensitive(l->doc.root, "title"),
                        text_lang(s->out->text));
        out_say(s->out, "review.lesson", "n", NUM(s->out, l->number), "title", title,
                "when", when, NULL);
    } else {
        out_say(s->out, "review.drill", "kind", drill_name(s, item->kind), "level",
                NUM(s->out, item->level), "when", when, NULL);
    }
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    free(when);
}

static struct error *ask_lesson(struct session *s, const struct due *item) {
    struct lesson *l;
    struct error *e = lesson_load(s->home, item->path, NULL, &l);
    if (e) return e;
    const struct step *step = step_of(l, item->name);
    int i = step ? (int)(step - l->steps) : -1;
    if (i < 0) { /* it has changed since it was looked at */
        lesson_free(l);
        return error_new("review-gone", NULL);
    }
    lesson_set_own(s->home, l);
    say_from(s, item, l);
    if ((e = play_open(s, l))) return e;
    desk_here(s)->host = &host;
    desk_here(s)->at_prompt = review_here(s)->at_prompt;
    desk_here(s)->round = review_here(s)->at;
    if ((e = play_jump(s, i))) desk_leave(s);
    return e;
}

/* One right more, or none; and the next. */
static void answered(struct session *s, bool knew) {
    struct review *r = review_here(s);
    r->right += knew;
    r->at++;
    ask_next(s);
}

static struct error *ask(struct session *s, const struct due *item) {
    if (!item->kind) return ask_lesson(s, item);
    say_from(s, item, NULL);
    return drill_ask(s, item->kind, item->level, review_here(s)->at_prompt, answered);
}

static void end(struct session *s) {
    struct review *r = review_here(s);
    char *then = r->then;
    bool at_prompt = r->at_prompt;
    r->then = NULL;
    out_puts(s->out, "\n");
    out_say(s->out, then ? "review.begin" : "review.end", "right",
            NUM(s->out, r->right), "n", NUM(s->out, r->n), NULL);
    empty(r);
    play_leave(s);
    struct error *e = then ? lesson_open(s, then, NULL) : NULL;
    if (then && !e) desk_here(s)->at_prompt = at_prompt;
    session_report(s, e);
    free(then);
}

/* What can't be asked is told, and passed over. */
static void ask_next(struct session *s) {
    struct review *r = review_here(s);
    struct error *e = NULL;
    while (r->at < r->n && (e = ask(s, &r->items[r->at]))) {
        bool stopped = error_is_stop(e);
        session_report(s, e);
        if (stopped) {
            play_leave(s);
            return;
        }
        r->at++;
    }
    if (r->at >= r->n) end(s);
}

bool review_begin(struct session *s, int most, const char *then, bool at_prompt) {
    struct review *r = review_of(s);
    collect(s, r);
    int due = count_due(r, most);
    if (r->ahead && due) out_say(s->out, "review.clock", NULL);
    if (r->gone && !then)
        out_say(s->out, "review.gone", "n", NUM(s->out, r->gone), NULL);
    if (!due) return false;
    for (int i = due; i < r->n; i++) {
        free(r->items[i].path);
        free(r->items[i].name);
    }
    r->n = due;
    r->then = then ? mem_copy(then) : NULL;
    r->at_prompt = at_prompt;
    out_say(s->out, then ? "review.before" : "review.head", "n", NUM(s->out, due),
            NULL);
    ask_next(s);
    return true;
}

void review_say_next(struct session *s) {
    struct review *r = review_of(s);
    collect(s, r);
    if (!r->n) {
        out_say(s->out, "review.none", NULL);
        return;
    }
    long next = r->items[0].due;
    int n = 0;
    while (n < r->n && r->items[n].due == next) n++;
    double days = (double)(next - clock_day());
    char *when = out_sentence(s->out, days > 1 ? "review.in" : "review.tomorrow",
                              "days", NUM(s->out, days), NULL);
    out_say(s->out, "review.next", "when", when, "n", NUM(s->out, n), NULL);
    free(when);
}

bool review_before(struct session *s, const char *word, bool at_prompt) {
    struct review *r = review_of(s);
    if (r->begun) return false;
    r->begun = true;
    return review_begin(s, WARM_UP, word, at_prompt);
}

/* ---- a lesson's question in hand ---- */

static void keep(struct session *s, bool knew) {
    const struct lesson *l = desk_here(s)->lesson;
    struct progress *p = desk_progress(s);
    const cJSON *was = progress_of(p, l->id);
    cJSON *entry = was ? cJSON_Duplicate(was, 1) : NULL;
    cJSON *record = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(entry, "records"), desk_step(s)->name);
    if (cJSON_IsObject(record)) {
        boxes_put(record, knew);
        progress_save(p, s->out, l->id, entry);
    } else {
        cJSON_Delete(entry);
    }
}

static void passed(struct session *s) {
    bool knew = record_knew(desk_record(s));
    keep(s, knew);
    answered(s, knew);
}

static void missed(struct session *s) { (void)s; }
static void save(struct session *s) { (void)s; }

static void left(struct session *s) {
    const struct review *r = review_here(s);
    out_say(s->out, "review.left", "n", NUM(s->out, r->n - r->at), NULL);
}

static void prompt(const struct session *s, struct buf *b) {
    const struct review *r = review_here(s);
    buf_printf(b, "%s %d/%d> ", text_get(s->out->text, "review.prompt"), r->at + 1,
               r->n);
}

static void lead(struct session *s, const struct step *step) {
    if (!step->kind->sketch) stands_show(s, step); /* that has its own formulas */
}

static const struct play_host host = {passed, missed, end, save, left, prompt, lead};
