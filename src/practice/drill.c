#include "practice/drill.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "lesson/load.h"
#include "lesson/play.h"
#include "lesson/progress.h"
#include "lesson/seed.h"
#include "lesson/steps.h"
#include "practice/boxes.h"
#include "session/run.h"
#include "text/number.h"

enum { IN_A_ROW = 2, MISSES = 2 };

struct drill {
    const struct drill_kind *kind;
    int level;
    int done;                                   /* exercises of this sitting */
    void (*then)(struct session *s, bool knew); /* review's: it goes on from there */
    bool knew;                                  /* what it was asked */
    bool asked;                                 /* its lines have just been shown */
    char *kept;                                 /* the record that was saved last */
};

static void close_drill(struct session *s, void *state) {
    struct drill *d = state;
    (void)s;
    free(d->kept);
    free(d);
}

static struct drill *drill_here(const struct session *s) {
    return session_state(s, close_drill);
}

static struct drill *drill_of(struct session *s) {
    if (!drill_here(s))
        session_keep(s, close_drill, mem_alloc(1, sizeof(struct drill)));
    return drill_here(s);
}

/* ---- what is kept ---- */

static const cJSON *kept_of(struct session *s, const struct drill_kind *k) {
    return progress_kept(desk_progress(s), "drills", k->name);
}

/* A copy to be changed; as it is in the file by now. */
static cJSON *entry_of(struct session *s, const struct drill_kind *k) {
    const cJSON *kept = kept_of(s, k);
    return kept ? cJSON_Duplicate(kept, 1) : cJSON_CreateObject();
}

static void keep(struct session *s, const struct drill_kind *k, cJSON *entry) {
    progress_keep(desk_progress(s), s->out, "drills", k->name, entry);
}

static int count_up(cJSON *object, const char *key) {
    int n = json_whole(object, key, 0) + 1;
    json_set_number(object, key, n);
    return n;
}

static int level_of(const struct drill_kind *k, const cJSON *entry) {
    int level = json_whole(entry, "level", 1), most = drill_levels(k);
    return level < 1 ? 1 : level > most ? most : level;
}

/* ---- an exercise ---- */

/* The one step that is answered; n_steps: there is none. */
static int question_of(const struct lesson *l) {
    int i = 0;
    while (i < l->n_steps && !l->steps[i].kind->answer) i++;
    return i;
}

/* The one in hand, where it is of that level; NULL: there is none. */
static struct lesson *in_hand(struct session *s, const cJSON *entry, int level) {
    const cJSON *kept = cJSON_GetObjectItemCaseSensitive(entry, "exercise");
    const char *text = kept ? json_string(kept, "text") : NULL;
    struct lesson *l = NULL;
    if (text && json_whole(kept, "level", 0) == level)
        error_free(lesson_parse(s->home, mem_copy(text), "drill", &l));
    if (!l || question_of(l) < l->n_steps) return l;
    lesson_free(l); /* somebody else's */
    return NULL;
}

/* What was drawn last. */
static cJSON *past_of(cJSON *entry) {
    cJSON *past = cJSON_GetObjectItemCaseSensitive(entry, "past");
    if (cJSON_IsArray(past)) return past;
    cJSON_DeleteItemFromObjectCaseSensitive(entry, "past");
    return cJSON_AddArrayToObject(entry, "past");
}

/* Another one, drawn and kept. */
static struct error *draw(struct session *s, const struct drill_kind *k, int level,
                          cJSON *entry, struct lesson **out) {
    char *text;
    struct dice dice =
        dice_for(person_seed(s), k->name, (uint64_t)count_up(entry, "begun"));
    struct error *e = exercise_make(s, k, level, &dice, past_of(entry), &text);
    if (e) return e;
    cJSON_DeleteItemFromObjectCaseSensitive(entry, "exercise");
    cJSON *kept = cJSON_AddObjectToObject(entry, "exercise");
    cJSON_AddNumberToObject(kept, "level", level);
    cJSON_AddStringToObject(kept, "text", text);
    return lesson_parse(s->home, text, "drill", out);
}

static const struct play_host host;

static struct record *record_of(const struct lesson_play *p) {
    return &p->records[question_of(p->lesson)];
}

/* The next one has a head of its own. */
static void say_number(struct session *s) {
    out_puts(s->out, "\n");
    out_puts(s->out, out_ink(s->out, OUT_DIM));
    out_say(s->out, "drill.next", "n", NUM(s->out, drill_here(s)->done + 1), NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
}

/* A picture is not held back. */
static bool is_drawn(const struct lesson *l) {
    const char *line = json_string(l->steps[0].json, "run");
    return line && strncmp(line, "plot ", strlen("plot ")) == 0;
}

static struct error *show(struct session *s, struct lesson *l, const cJSON *entry,
                          bool at_prompt) {
    struct drill *d = drill_of(s);
    struct error *e = play_open(s, l);
    if (e) return e;
    struct lesson_play *p = desk_here(s);
    p->host = &host;
    p->round = d->done;
    d->asked = false;
    free(d->kept); /* another's record */
    d->kept = NULL;
    p->at_prompt = at_prompt;
    const cJSON *kept = cJSON_GetObjectItemCaseSensitive(entry, "exercise");
    *record_of(p) = record_read(cJSON_GetObjectItemCaseSensitive(kept, "record"));
    bool together = !is_drawn(l);
    if (together) out_hold(s->out);
    if (d->done && !d->then) say_number(s);
    play_go(s, 0);
    if (together) out_release(s->out);
    return NULL;
}

static struct error *open_next(struct session *s, const struct drill_kind *k, int level,
                               bool at_prompt) {
    cJSON *entry = entry_of(s, k);
    int at = level ? level : level_of(k, entry);
    struct lesson *l = in_hand(s, entry, at);
    struct error *e = l ? NULL : draw(s, k, at, entry, &l);
    if (!e) {
        struct drill *d = drill_of(s);
        d->kind = k;
        d->level = at;
        if (at != level_of(k, entry)) json_set_number(entry, "streak", 0);
        json_set_number(entry, "level", at);
        keep(s, k, cJSON_Duplicate(entry, 1));
        e = show(s, l, entry, at_prompt);
    }
    cJSON_Delete(entry);
    return e;
}

static void say_head(struct session *s) {
    const struct drill *d = drill_here(s);
    struct buf name = {0};
    buf_printf(&name, "drill.%s", d->kind->name);
    out_puts(s->out, out_ink(s->out, OUT_STRONG));
    out_say(s->out, "drill.head", "kind", drill_name(s, d->kind), "level",
            NUM(s->out, d->level), "levels", NUM(s->out, drill_levels(d->kind)), "what",
            text_get(s->out->text, buf_text(&name)), NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    buf_free(&name);
}

struct error *drill_open(struct session *s, const struct drill_kind *k, int level,
                         bool at_prompt) {
    struct drill *d = drill_of(s);
    d->kind = k;
    d->level = level ? level : level_of(k, kept_of(s, k));
    d->done = 0;
    d->then = NULL;
    say_head(s);
    return open_next(s, k, level, at_prompt);
}

/* ---- what becomes of it ---- */

/* THE TABLE of drills' own slips that are one of the gates' mistakes, or one slip of
 * two kinds: what they say is of the exercise, what they are called and counted by is
 * common. */
static const struct {
    const char *slip, *mistake;
} common[] = {
    {"slip.sign", "mistake.minus"},
    {"slip.value", "mistake.value"},
    {"slip.two", "mistake.pow.lost"},
    {"slip.doubled", "mistake.pow.double"},
    {"slip.plus", "mistake.mul.sum"},
    {"slip.minus", "mistake.sub.sum"},
    {"slip.plus-times", "mistake.add.times"},
    {"slip.minus-one", "mistake.sub.sign"},
    {"slip.both", "mistake.choice.both"},
    {"slip.max-loser", "mistake.choice.loser"},
    {"slip.relu", "mistake.relu.kept"},
    {"slip.mean", "mistake.mean.sum"},
    {"slip.kernel", "mistake.conv.sum"},
    {"slip.flipped", "mistake.conv.turned"},
    {"slip.rule-sign", "slip.uphill"},
    {"slip.rule-rate", "slip.rate"},
    {"slip.q-rate", "slip.rate"},
};

const char *drill_common(const char *key) {
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
        if (strcmp(common[i].slip, key) == 0) return common[i].mistake;
    }
    return key;
}

/* Which mistake it was, and how often by now. */
static void count_mistake(struct session *s) {
    const struct drill *d = drill_here(s);
    const char *told = desk_here(s)->told;
    if (!*told) return;
    cJSON *entry = entry_of(s, d->kind);
    count_up(json_object_in(entry, "slips"), drill_common(told));
    keep(s, d->kind, entry);
}

/* Known at once it goes a box on, if it is in one; else it comes back. */
static void box(cJSON *entry, int level, bool knew) {
    char key[16];
    snprintf(key, sizeof key, "%d", level);
    cJSON *again = json_object_in(entry, "again");
    if (knew && !cJSON_GetObjectItemCaseSensitive(again, key)) return;
    boxes_put(json_object_in(again, key), knew);
}

/* Two right in a row lead up, two that were shown down. */
static int next_level(struct session *s, const struct drill *d, cJSON *entry,
                      const struct record *r) {
    bool first = record_knew(r);
    bool shown = r->result != RESULT_SOLVED || r->shown;
    double was = json_number(entry, "streak", 0);
    int streak = fabs(was) < (double)IN_A_ROW ? (int)was : 0, level = d->level;
    streak = first   ? (streak > 0 ? streak : 0) + 1
             : shown ? (streak < 0 ? streak : 0) - 1
                     : 0;
    if (streak >= IN_A_ROW) streak = 0, level++;
    if (streak <= -IN_A_ROW) streak = 0, level--;
    int most = drill_levels(d->kind);
    level = level < 1 ? 1 : level > most ? most : level;
    if (first) count_up(entry, "right");
    count_up(entry, "tried");
    json_set_number(entry, "streak", streak);
    json_set_number(entry, "level", level);
    json_set_number(entry, "day", (double)clock_day());
    if (level != d->level)
        out_say(s->out, level > d->level ? "drill.up" : "drill.down", "level",
                NUM(s->out, level), NULL);
    return level;
}

static void count_asked(struct session *s) {
    struct drill *d = drill_here(s);
    cJSON *entry = entry_of(s, d->kind);
    d->knew = record_knew(desk_record(s));
    box(entry, d->level, d->knew);
    keep(s, d->kind, entry);
}

static void count(struct session *s) {
    struct drill *d = drill_here(s);
    const struct record *r = desk_record(s);
    cJSON *entry = entry_of(s, d->kind);
    if (!record_knew(r)) box(entry, d->level, false);
    next_level(s, d, entry, r);
    cJSON_DeleteItemFromObjectCaseSensitive(entry, "exercise");
    keep(s, d->kind, entry);
    d->done++;
}

static void go_on(struct session *s) {
    struct drill *d = drill_here(s);
    if (d->then) {
        d->then(s, d->knew);
        return;
    }
    struct error *e = open_next(s, d->kind, 0, desk_here(s)->at_prompt);
    if (!e) return;
    play_leave(s);
    session_report(s, e);
}

/* What is asked to two places is worked out to three figures. */
static void work_out(struct session *s) {
    enum { FIGURES = 3 };
    struct lesson_play *p = desk_here(s);
    int digits = s->out->digits;
    bool rough = json_number(desk_step(s)->json, "within", 0) > 0;
    if (rough) s->out->digits = FIGURES;
    play_go(s, p->at + 1);
    s->out->digits = digits;
}

/* What was right needs no working out. */
static void passed(struct session *s) {
    const struct lesson_play *p = desk_here(s);
    bool right = desk_record(s)->result == RESULT_SOLVED && !desk_record(s)->shown;
    bool over = p->at + 1 == p->lesson->n_steps;
    if (drill_here(s)->then) count_asked(s);
    else count(s);
    if (right || over) go_on(s);
    else work_out(s);
}

/* A second miss, and it is worked out. */
static void missed(struct session *s) {
    count_mistake(s);
    if (desk_record(s)->tries < MISSES) return;
    out_say(s->out, "drill.work-out", NULL);
    play_skip(s);
}

/* The record alone changes; the rest was kept when it was drawn. */
static void save(struct session *s) {
    struct drill *d = drill_here(s);
    const struct record *r = record_of(desk_here(s));
    if (d->then || !record_says(r) || r->result != RESULT_OPEN) return;
    cJSON *record = cJSON_CreateObject();
    record_put(r, record);
    char *text = cJSON_PrintUnformatted(record);
    if (text && d->kept && strcmp(text, d->kept) == 0) {
        cJSON_free(text);
        cJSON_Delete(record);
        return;
    }
    free(d->kept);
    d->kept = text;
    cJSON *entry = entry_of(s, d->kind);
    cJSON *exercise = cJSON_GetObjectItemCaseSensitive(entry, "exercise");
    cJSON_DeleteItemFromObjectCaseSensitive(exercise, "record");
    if (!cJSON_AddItemToObject(exercise, "record", record)) cJSON_Delete(record);
    keep(s, d->kind, entry);
}

static void left(struct session *s) {
    const struct drill *d = drill_here(s);
    if (d->then) {
        out_say(s->out, "review.left-drill", NULL);
        return;
    }
    out_say(s->out, "drill.left", "kind", drill_name(s, d->kind), "level",
            NUM(s->out, level_of(d->kind, kept_of(s, d->kind))), NULL);
}

static void prompt(const struct session *s, struct buf *b) {
    const struct drill *d = drill_here(s);
    buf_printf(b, "%s %d> ", drill_name(s, d->kind), d->level);
}

/* Asked once more, its lines come once more; a picture alone says nothing new. */
static void lead(struct session *s, const struct step *asked) {
    struct drill *d = drill_here(s);
    const struct lesson *l = desk_here(s)->lesson;
    for (const struct step *step = l->steps; d->asked && step < asked; step++) {
        const char *line = json_string(step->json, "run");
        if (line && !is_drawn(l)) desk_show_line(s, line);
    }
    d->asked = true;
}

static const struct play_host host = {passed, missed, go_on, save, left, prompt, lead};

/* ---- asked again ---- */

struct error *drill_ask(struct session *s, const struct drill_kind *k, int level,
                        bool at_prompt, void (*done)(struct session *s, bool knew)) {
    struct drill *d = drill_of(s);
    struct lesson *l;
    cJSON *entry = entry_of(s, k);
    struct error *e = draw(s, k, level, entry, &l);
    int begun = json_whole(entry, "begun", 0);
    cJSON *past = cJSON_DetachItemFromObjectCaseSensitive(entry, "past");
    cJSON_Delete(entry);
    if (e) {
        cJSON_Delete(past);
        return e;
    }
    entry = entry_of(s, k); /* the one in hand stays there */
    json_set_number(entry, "begun", begun);
    cJSON_DeleteItemFromObjectCaseSensitive(entry, "past");
    cJSON_AddItemToObject(entry, "past", past);
    keep(s, k, entry);
    d->kind = k;
    d->level = level;
    d->then = done;
    return show(s, l, NULL, at_prompt);
}

const char *drill_mistake(const struct text *t, const char *key) {
    struct buf name = {0};
    buf_printf(&name, "%s.name", key);
    const char *called = text_get(t, buf_text(&name));
    buf_free(&name);
    if (!called) called = text_get(t, key);
    return called ? called : "";
}

/* How often, under whichever key it was counted (an older learn kept slips apart). */
static double times(const cJSON *slips, const char *mistake) {
    const cJSON *slip;
    double n = 0;
    cJSON_ArrayForEach(slip, slips) {
        bool is = slip->string && cJSON_IsNumber(slip) && slip->valuedouble > 0 &&
                  strcmp(drill_common(slip->string), mistake) == 0;
        if (is) n += slip->valuedouble;
    }
    return n;
}

static const char *commonest(const cJSON *entry) {
    const cJSON *slips = cJSON_GetObjectItemCaseSensitive(entry, "slips"), *slip;
    const char *name = "";
    double most = 0;
    cJSON_ArrayForEach(slip, slips) {
        const char *mistake = slip->string ? drill_common(slip->string) : "";
        double n = times(slips, mistake);
        if (n > most) most = n, name = mistake;
    }
    return name;
}

bool drill_read(struct session *s, const struct drill_kind *k,
                struct drill_state *out) {
    const cJSON *entry = kept_of(s, k);
    *out = (struct drill_state){.level = level_of(k, entry),
                                .right = json_whole(entry, "right", 0),
                                .tried = json_whole(entry, "tried", 0),
                                .mistake = commonest(entry)};
    return out->tried;
}

/* ---- which kind ---- */

static bool is_learned(struct session *s, const struct drill_kind *k) {
    const cJSON *lesson = progress_of(desk_progress(s), k->lesson);
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(lesson, "done"));
}

/* Days since it was practised, and as many more as it goes badly. */
static double wants(struct session *s, const struct drill_kind *k) {
    enum { NEVER = 1000, BADLY = 10 };
    const cJSON *kept = kept_of(s, k);
    double tried = json_number(kept, "tried", 0);
    if (tried < 1) return NEVER;
    double wrong = 1 - json_number(kept, "right", 0) / tried;
    double days = (double)clock_day() - json_number(kept, "day", 0);
    return fmax(0, days) + (double)BADLY * wrong; /* a clock may have jumped */
}

const struct drill_kind *drill_suggested(struct session *s) {
    const struct drill_kind *best = NULL;
    double most = 0;
    for (const struct drill_kind *k = drill_kinds; k->name; k++) {
        double want = wants(s, k);
        if (is_learned(s, k) && (!best || want > most)) best = k, most = want;
    }
    return best ? best : drill_kinds;
}
