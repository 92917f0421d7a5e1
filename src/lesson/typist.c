/* typist: types a lesson through from its first step to its last, as students do. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lesson/lesson.h"
#include "lesson/play.h"
#include "lesson/steps.h"
#include "text/number.h"

static void type(struct session *s, const char *line) {
    out_printf(s->out, "%s%s\n", lesson_prompt(s), line);
    lesson_line(s, line);
    out_flush(s->out);
}

static void type_choices(struct session *s, const struct step *step) {
    int n = cJSON_GetArraySize(lesson_field(step, "choices"));
    int right = json_whole(step->json, "answer", -1);
    for (int i = 0; i < n; i++) {
        if (i != right) type(s, NUM(s->out, i + 1));
    }
}

static void type_words(struct session *s, const struct step *step) {
    const cJSON *word;
    cJSON_ArrayForEach(word, lesson_field(step, "wrong")) type(s, word->string);
    type(s, "?");
}

static void type_numbers(struct session *s, const struct step *step) {
    double value, within = json_number(step->json, "within", 0);
    const cJSON *slip;
    char shown[NUM_SIZE];
    struct error *e = predict_number(s, lesson_field(step, "answer"), &value);
    if (!e) type(s, NUM(s->out, ceil(2 * fabs(value) + 3 * within + 1)));
    error_free(e);
    cJSON_ArrayForEach(slip, lesson_field(step, "slips")) {
        const cJSON *expr = cJSON_GetObjectItemCaseSensitive(slip, "value");
        e = predict_number(s, expr, &value);
        if (!e) {
            predict_digits(s, step, value, shown);
            type(s, shown);
        }
        error_free(e);
    }
}

/* A line that changes something, but not what is asked. */
static void type_lines(struct session *s, const struct step *step) {
    const cJSON *slip;
    type(s, text_lang(s->out->text) == TEXT_KO ? "짐작 = 0" : "guess = 0");
    cJSON_ArrayForEach(slip, lesson_field(step, "slips")) {
        const cJSON *line = cJSON_GetObjectItemCaseSensitive(slip, "line");
        type(s, "again");
        if (line) type(s, play_text(s, line));
    }
    type(s, "again");
}

static void type_wrong(struct session *s, const struct step *step) {
    if (step->kind->settled) type_lines(s, step);
    else if (lesson_field(step, "choices")) type_choices(s, step);
    else if (strcmp(step->kind->name, "ask") == 0) type_words(s, step);
    else type_numbers(s, step);
}

/* One more than there are. */
static void type_hints(struct session *s, const struct step *step) {
    int n = cJSON_GetArraySize(lesson_field(step, "hints"));
    for (int i = 0; i <= n; i++) type(s, "hint");
}

static void type_open(struct session *s, const struct step *step) {
    const cJSON *line;
    cJSON_ArrayForEach(line, lesson_field(step, "lines")) type(s, play_text(s, line));
}

static void type_solution(struct session *s, const struct step *step) {
    struct buf line = {0};
    error_free(step->kind->solution(s, step, &line));
    type(s, buf_text(&line));
    buf_free(&line);
}

int lesson_type(struct session *s, enum lesson_pass pass) {
    const struct step *step;
    while (play_in_hand(s) && (step = play_step(s))) {
        int at = play_here(s)->at;
        bool asks = step->kind->asks;
        if (asks && pass == LESSON_WRONG) type_wrong(s, step);
        if (asks && pass == LESSON_HINTS) type_hints(s, step);
        if (!asks && pass == LESSON_SOLUTIONS) type_open(s, step);
        if (asks) type_solution(s, step);
        else type(s, "");
        if (play_in_hand(s) && play_here(s)->at == at) return 1; /* no way on */
    }
    if (play_in_hand(s)) type(s, "progress");
    return 0;
}
