/* try: the student types whatever leads there; `until` judges the board, never the
 * spelling. A slip of a try is a condition too: where it is true, its words are said.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lesson/lint_play.h"
#include "lesson/play.h"
#include "lesson/steps.h"

// clang-format off
const struct field try_fields[] = {
    {"try", FIELD_TEXT, true},      {"until", FIELD_EXPR, true},
    {"solution", FIELD_LINE, true}, {"why", FIELD_TEXT, false},
    {"hints", FIELD_TEXTS, false},  {"slips", FIELD_SLIPS, false},
    {"name", FIELD_NAME, false},    {"instead", FIELD_LINE, false},
    {"same", FIELD_EXPR, false},    {"accept", FIELD_LINES, false},
    {0},
};
// clang-format on

void try_show(struct session *s, const struct step *step) {
    desk_say(s, desk_text(s, lesson_field(step, "try")));
}

/* For every element. Where it cannot be worked out (a name is not there yet) it does
 * not hold. */
static bool holds(struct session *s, const cJSON *condition) {
    struct tensor *t;
    if (cJSON_IsNumber(condition)) return condition->valuedouble != 0;
    struct error *e = desk_value(s, s->board, condition->valuestring, &t);
    bool all = !e;
    for (size_t i = 0; !e && i < t->size; i++) {
        all &= t->data[i] != 0 && !isnan(t->data[i]);
    }
    if (!e) tensor_unref(t);
    if (error_is_short(e)) desk_unjudged(s, e);
    else error_free(e);
    return all;
}

bool try_settled(struct session *s, const struct step *step) {
    return holds(s, lesson_field(step, "until"));
}

static bool slips_on(struct session *s, const cJSON *slip) {
    return holds(s, cJSON_GetObjectItemCaseSensitive(slip, "value"));
}

int try_remark(struct session *s, const struct step *step) {
    const cJSON *slip;
    int i = 0;
    cJSON_ArrayForEach(slip, lesson_field(step, "slips")) {
        if (slips_on(s, slip)) {
            const cJSON *say = cJSON_GetObjectItemCaseSensitive(slip, "say");
            out_wrap(s->out, desk_text(s, say), 0);
            return i;
        }
        i++;
    }
    return -1;
}

const cJSON *try_makes(const struct step *step) {
    const cJSON *instead = lesson_field(step, "instead");
    return instead ? instead : lesson_field(step, "solution");
}

struct error *try_solution(struct session *s, const struct step *step, struct buf *b) {
    buf_add(b, desk_text(s, lesson_field(step, "solution")));
    return NULL;
}

/* How the line begins. */
char *try_clue(struct session *s, const struct step *step) {
    const char *line = desk_text(s, lesson_field(step, "solution"));
    size_t n = strcspn(line, " =([{+-*;,");
    if (!n || !line[n]) return NULL;
    char *begin = mem_copy_n(line, n);
    char *says = out_sentence(s->out, "hint.begins", "begin", begin, NULL);
    free(begin);
    return says;
}

/* It is the lesson's own line now. */
void try_reveal(struct session *s, const struct step *step) {
    const char *line = desk_text(s, lesson_field(step, "solution"));
    desk_go_back(s);
    desk_show_line(s, line);
    struct error *e = play_line(s, step, line);
    if (!e) return;
    out_error(s->out, e);
    error_free(e);
}

/* ---- what goes wrong ---- */

static const cJSON *slip_at(const struct step *step, int i) {
    return cJSON_GetArrayItem(lesson_field(step, "slips"), i - 1);
}

/* A line that changes something, but not what is asked; then those of the slips. */
const cJSON *try_wrong(struct session *s, const struct step *step, int i,
                       struct buf *b) {
    if (i == 0) {
        text_add(s->out->text, b, "step.try.guess", NULL);
        return lesson_field(step, "until");
    }
    const cJSON *slip = slip_at(step, i);
    const cJSON *line = cJSON_GetObjectItemCaseSensitive(slip, "line");
    buf_add(b, desk_text(s, line));
    return line ? line : slip;
}

bool try_slipped(struct session *s, const struct step *step, int i) {
    return i == 0 || slips_on(s, slip_at(step, i));
}

/* A condition that can't be worked out even now never will. */
static void check_condition(struct game *g, struct session *s, const cJSON *at,
                            const char *key) {
    struct tensor *t;
    if (!cJSON_IsString(at)) return; /* a number, or not there */
    struct error *e = desk_value(s, s->board, at->valuestring, &t);
    if (e) game_error(g, at, key, e);
    else tensor_unref(t);
}

void try_lint(struct game *g, struct session *s, const struct step *step) {
    const cJSON *slip;
    check_condition(g, s, lesson_field(step, "until"), "lint-not-bool");
    check_condition(g, s, lesson_field(step, "same"), "lint-fails");
    cJSON_ArrayForEach(slip, lesson_field(step, "slips")) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(slip, "value");
        check_condition(g, s, value, "lint-fails");
    }
}
