#include "lesson/lint_advice.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lesson/load.h"
#include "lesson/steps.h"
#include "text/number.h"

enum { OWN = 100, TEXTS_MOST = 3 };
#define LEAST_SECONDS 20.0
#define MOST_SECONDS 180.0

static void warn(struct lint *t, const cJSON *at, const char *key) {
    lint_warn(t, at, error_new(key, NULL));
}

/* ---- the whole ---- */

static const cJSON *of_root(const struct lint *t, const char *name) {
    return cJSON_GetObjectItemCaseSensitive(t->lesson->doc.root, name);
}

static void check_own(struct lint *t) {
    const struct lesson *l = t->lesson;
    struct lesson_name name;
    if (lesson_read_name(t->path, &name)) return; /* the course's, it says */
    if (l->number < OWN) warn(t, of_root(t, "lesson"), "warn-number");
    if (lesson_is_taken(t->home, l->id)) warn(t, of_root(t, "id"), "warn-id");
}

static void check_minutes(struct lint *t) {
    int n = 0;
    double minutes = json_number(t->lesson->doc.root, "minutes", 0);
    for (int i = 0; i < t->lesson->n_steps; i++)
        n += t->lesson->steps[i].kind->show != NULL;
    double seconds = n ? 60 * minutes / n : LEAST_SECONDS;
    if (seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS) return;
    lint_warn(
        t, of_root(t, "minutes"),
        error_new("warn-minutes", "minutes", NUM(t->out, minutes), "steps",
                  NUM(t->out, n), "seconds", NUM(t->out, (double)(int)seconds), NULL));
}

static void check_notes(struct lint *t) {
    for (int i = 0; i < t->lesson->n_steps; i++)
        if (!t->lesson->steps[i].kind->show) return;
    warn(t, of_root(t, "steps"), "warn-no-note");
}

static void check_texts(struct lint *t) {
    int row = 0;
    for (int i = 0; i < t->lesson->n_steps; i++) {
        const struct step *step = &t->lesson->steps[i];
        if (!step->kind->show) continue;
        row = step->kind->reads ? row + 1 : 0;
        if (row == TEXTS_MOST + 1) warn(t, step->json, "warn-texts");
    }
}

/* ---- texts ---- */

/* English, no formula nor a name: it has a word that sentences are made with. */
static bool is_sentence(const char *s) {
    static const char words[] =
        " a an and are as do does for how in is it not of on or "
        "so that the then this to what where which who why with "
        "you your ";
    struct buf word = {0};
    bool is = false;
    for (bool end = false; !end && !is; s++) {
        end = !*s;
        if (isalpha((unsigned char)*s)) {
            buf_printf(&word, "%s%c", word.len ? "" : " ", tolower((unsigned char)*s));
        } else {
            buf_add(&word, " ");
            is = word.len > 1 && strstr(words, buf_text(&word));
            buf_clear(&word);
        }
    }
    buf_free(&word);
    return is;
}

static void check_sides(void *to, const cJSON *j, enum field_type type) {
    const cJSON *part;
    if (!field_kinds[type].prose) return;
    const char *en = json_string(j, "en"), *ko = json_string(j, "ko");
    if (en && ko && strcmp(en, ko) == 0 && is_sentence(en))
        warn(to, cJSON_GetObjectItemCaseSensitive(j, "ko"), "warn-same-text");
    cJSON_ArrayForEach(part, j) {
        if (!cJSON_IsString(part)) check_sides(to, part, type);
    }
}

/* ---- questions ---- */

/* What says something: no spaces, backticks, quotes, full stops. */
static char *bare(const char *s) {
    struct buf b = {0};
    for (; *s; s++)
        if (!strchr(" \t\n`\"'", *s)) buf_add_n(&b, s, 1);
    while (b.len && strchr(".!:", b.data[b.len - 1])) b.len--;
    char *text = mem_copy_n(buf_text(&b), b.len);
    buf_free(&b);
    return text;
}

/* The hint is the answer, and nothing is left to think of. */
static bool gives_away(const char *hint, const char *answer) {
    char *a = bare(hint), *b = bare(answer);
    bool away = strlen(b) > 1 && strcmp(a, b) == 0;
    free(a);
    free(b);
    return away;
}

/* What a person types or says to solve it, or NULL. */
static const cJSON *answer_of(const struct step *step) {
    const cJSON *answer = lesson_field(step, step->kind->answer);
    const cJSON *choices = lesson_field(step, "choices");
    if (!choices) return cJSON_IsArray(answer) ? answer->child : answer;
    return cJSON_GetArrayItem(choices, json_whole(step->json, "answer", 0));
}

static void check_hints(struct lint *t, const struct step *step) {
    const cJSON *hints = lesson_field(step, "hints"), *hint;
    bool helped = lesson_field(step, "choices"); /* by the reply to each wrong one */
    if (!helped && (!hints || !hints->child)) warn(t, step->json, "warn-no-hints");
    cJSON_ArrayForEach(hint, hints) {
        for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++) {
            const char *answer = lesson_text(answer_of(step), lang);
            if (!gives_away(lesson_text(hint, lang), answer)) continue;
            warn(t, hint, "warn-hint");
            break;
        }
    }
}

void lint_advise(struct lint *t) {
    check_own(t);
    if (!lesson_is_challenge(t->lesson)) {
        check_minutes(t);
        check_notes(t);
    }
    check_texts(t);
    form_walk(t->lesson->doc.root, FIELD_LESSON, check_sides, t);
    for (int i = 0; i < t->lesson->n_steps; i++) {
        const struct step *step = &t->lesson->steps[i];
        if (step->kind->answer) check_hints(t, step);
    }
}
