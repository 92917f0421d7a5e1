/* The commands of practice. To add one: a row in the table and a function; its sentence
 * is "command.NAME" in text/words/practice.json. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/offer.h"
#include "lesson/desk.h"
#include "lesson/lesson.h"
#include "lesson/wording.h"
#include "practice/drill.h"
#include "practice/practice.h"
#include "practice/review.h"
#include "text/number.h"
#include "text/table.h"

enum { MANY = 1000 };

struct wanted {
    const struct drill_kind *kind;
    bool leveled;
    long level;
};

/* level 4, 4단계, 4: the number counts. */
static struct error *read_word(const struct session *s, const char *word,
                               struct wanted *w) {
    char *end;
    long level = strtol(word, &end, 10);
    bool number = end != word && (!*end || wording_is_one_of(end, DRILL_LEVEL));
    struct near n = {.word = word};
    if (wording_is_one_of(word, DRILL_LEVEL)) return NULL;
    if (number) w->level = level, w->leveled = true;
    else if (!(w->kind = drill_kind_find(word)))
        return drill_no_kind(s, "no-drill", &n);
    return NULL;
}

static struct error *read_words(const struct session *s, const char *words,
                                struct wanted *w) {
    struct error *e = NULL;
    for (size_t n; words && *words && !e; words += n + strspn(words + n, " \t")) {
        n = strcspn(words, " \t");
        char *word = mem_copy_n(words, n);
        e = read_word(s, word, w);
        free(word);
    }
    return e;
}

static struct error *open(struct session *s, const char *words, bool at_prompt) {
    struct wanted w = {0};
    struct error *e = read_words(s, words, &w);
    if (!e && !w.kind) w.kind = drill_suggested(s);
    if (!e && w.leveled) e = drill_check_level(s, w.kind, w.level);
    return e ? e : drill_open(s, w.kind, w.leveled ? (int)w.level : 0, at_prompt);
}

struct error *practice_drill(struct session *s, const char *words) {
    return open(s, words, false);
}

/* A lesson's own lines may not turn its pages, nor may a talk's. */
static struct error *refuse(const struct session *s) {
    if (s->sandbox) return error_new("lesson-inside", NULL);
    return desk_holds(s) && desk_here(s)->talk ? error_new("lesson-talk", NULL) : NULL;
}

static struct error *run_drill(struct session *s, const struct stmt *c) {
    struct error *e = refuse(s);
    bool at_prompt = !desk_holds(s) || desk_here(s)->at_prompt;
    return e ? e : open(s, c->n_items ? c->items[0].text : NULL, at_prompt);
}

static struct error *run_review(struct session *s, const struct stmt *c) {
    (void)c;
    struct error *e = refuse(s);
    bool at_prompt = !desk_holds(s) || desk_here(s)->at_prompt;
    if (!e && !review_begin(s, MANY, NULL, at_prompt)) review_say_next(s);
    return e;
}

/* ---- progress ---- */

static void add_cell(struct session *s, struct out_table *t, const char *key, double n,
                     double all, enum out_colour ink) {
    char *cell =
        out_sentence(s->out, key, "n", NUM(s->out, n), "all", NUM(s->out, all), NULL);
    table_cell(t, cell, ink);
    free(cell);
}

/* A row a kind that was practised: level, right of tried. */
static void list_drills(struct session *s) {
    struct out_table *t = table_new(4);
    bool any = false;
    add_cell(s, t, "progress.drill", 0, 0, OUT_DIM);
    add_cell(s, t, "progress.level", 0, 0, OUT_DIM);
    add_cell(s, t, "progress.right", 0, 0, OUT_DIM);
    add_cell(s, t, "progress.commonest", 0, 0, OUT_DIM);
    for (const struct drill_kind *k = drill_kinds; k->name; k++) {
        struct drill_state state;
        if (!drill_read(s, k, &state)) continue;
        any = true;
        table_cell(t, drill_name(s, k), OUT_STRONG);
        add_cell(s, t, "progress.level-of", state.level, drill_levels(k), OUT_VALUE);
        add_cell(s, t, "progress.of", state.right, state.tried, OUT_VALUE);
        table_cell(t, drill_mistake(s->out->text, state.mistake), OUT_PLAIN);
    }
    if (any) out_puts(s->out, "\n");
    if (any) table_print(s->out, t, true);
    table_free(t);
}

static struct error *run_progress(struct session *s, const struct stmt *c) {
    struct error *e = lesson_progress(s, c);
    if (!e) list_drills(s);
    return e;
}

/* ---- what Tab offers ---- */

static bool offer_drill(struct session *s, const char *before, struct offer *to) {
    (void)s;
    const struct drill_kind *of = before ? drill_kind_find(before) : NULL;
    for (const struct drill_kind *k = drill_kinds; !before && k->name; k++)
        offer_word(to, k->name);
    if (of) offer_word(to, "level");
    return true;
}

const struct command practice_commands[] = {
    {"drill", "연습", "[backward [level 4]]", "", NULL, COMMAND_WORDS, run_drill,
     offer_drill},
    {"review", "복습", "", "", "review", 0, run_review, NULL},
    {"progress", "진도", "", "", "progress", 0, run_progress, NULL},
    {0},
};
