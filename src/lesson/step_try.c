/* try: the student types whatever leads there; `until` judges the board, never the
 * spelling. A slip of a try is a condition too: where it is true, its words are said.
 */
#include <math.h>
#include <string.h>

#include "lesson/steps.h"

// clang-format off
const struct field try_fields[] = {
    {"try", FIELD_TEXT, true},      {"until", FIELD_EXPR, true},
    {"solution", FIELD_LINE, true}, {"why", FIELD_TEXT, false},
    {"hints", FIELD_TEXTS, false},  {"slips", FIELD_SLIPS, false},
    {"name", FIELD_NAME, false},    {"instead", FIELD_LINE, false},
    {0},
};
// clang-format on

void try_show(struct session *s, const struct step *step) {
    play_say(s, play_text(s, lesson_field(step, "try")));
}

/* For every element. Where it cannot be worked out (a name is not there yet) it does
 * not hold. */
static bool holds(struct session *s, const cJSON *condition) {
    struct tensor *t;
    if (cJSON_IsNumber(condition)) return condition->valuedouble != 0;
    struct error *e = play_value(s, s->board, condition->valuestring, &t);
    bool all = !e;
    for (size_t i = 0; !e && i < t->size; i++) {
        all &= t->data[i] != 0 && !isnan(t->data[i]);
    }
    if (!e) tensor_unref(t);
    error_free(e);
    return all;
}

bool try_settled(struct session *s, const struct step *step) {
    return holds(s, lesson_field(step, "until"));
}

bool try_slipped(struct session *s, const cJSON *slip) {
    return holds(s, cJSON_GetObjectItemCaseSensitive(slip, "value"));
}

bool try_remark(struct session *s, const struct step *step) {
    const cJSON *slip;
    cJSON_ArrayForEach(slip, lesson_field(step, "slips")) {
        if (!try_slipped(s, slip)) continue;
        out_wrap(s->out, play_text(s, cJSON_GetObjectItemCaseSensitive(slip, "say")),
                 0);
        return true;
    }
    return false;
}

struct error *try_solution(struct session *s, const struct step *step, struct buf *b) {
    buf_add(b, play_text(s, lesson_field(step, "solution")));
    return NULL;
}

/* It is the lesson's own line now, so one that touches files is shown but not run:
 * where later steps stand on what it makes, `instead` makes the same without a file. */
void try_reveal(struct session *s, const struct step *step) {
    const char *line = play_text(s, lesson_field(step, "solution"));
    const cJSON *instead = lesson_field(step, "instead");
    play_again_board(s);
    play_line(s, line);
    struct error *e = play_run(s, line, true);
    if (e && strcmp(e->key, "sandbox-files") == 0) {
        error_free(e);
        out_say(s->out, "step.try.files", NULL);
        e = instead ? play_run(s, play_text(s, instead), true) : NULL;
    }
    if (!e) return;
    out_error(s->out, e);
    error_free(e);
}
