/* typist: types a lesson through from its first step to its last, as students do. */
#include <stdio.h>

#include "lesson/lesson.h"
#include "lesson/play.h"
#include "lesson/steps.h"

static void type(struct session *s, const char *line) {
    out_printf(s->out, "%s%s\n", lesson_prompt(s), line);
    struct typed t = session_read(s, line, false);
    lesson_line(s, &t);
    typed_free(&t);
    out_flush(s->out);
}

static void type_wrong(struct session *s, const struct step *step) {
    const struct step_kind *kind = step->kind;
    bool changes = kind->settled; /* lines, not answers */
    struct buf line = {0};
    for (int i = 0; kind->wrong && kind->wrong(s, step, i, &line); i++) {
        if (changes && i) type(s, "again");
        if (line.len) type(s, buf_text(&line));
        buf_clear(&line);
    }
    if (changes) type(s, "again");
    buf_free(&line);
}

/* One more than there are. */
static void type_hints(struct session *s, const struct step *step) {
    int n = cJSON_GetArraySize(lesson_field(step, "hints"));
    for (int i = 0; i <= n; i++) type(s, "hint");
}

static void type_open(struct session *s, const struct step *step) {
    const cJSON *line;
    cJSON_ArrayForEach(line, lesson_field(step, "lines")) type(s, desk_text(s, line));
}

static void type_solution(struct session *s, const struct step *step) {
    struct buf line = {0};
    error_free(step->kind->solution(s, step, &line));
    type(s, buf_text(&line));
    buf_free(&line);
}

int lesson_type(struct session *s, enum lesson_pass pass) {
    const struct step *step;
    while (desk_holds(s) && (step = desk_step(s))) {
        int at = desk_here(s)->at;
        bool asks = step->kind->answer;
        if (asks && pass == LESSON_WRONG) type_wrong(s, step);
        if (asks && pass == LESSON_HINTS) type_hints(s, step);
        if (!asks && pass == LESSON_SOLUTIONS) type_open(s, step);
        if (asks) type_solution(s, step);
        else type(s, "");
        if (desk_holds(s) && desk_here(s)->at == at) return 1; /* no way on */
    }
    if (desk_holds(s)) type(s, "progress");
    return 0;
}
