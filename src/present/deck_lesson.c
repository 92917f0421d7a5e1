/* A lesson as a talk. Its notes are for the speaker: they stand after the step that
 * they are about. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lesson/build.h"
#include "lesson/load.h"
#include "lesson/play.h"
#include "lesson/slips.h"
#include "lesson/steps.h"
#include "lesson/take.h"
#include "present/deck.h"
#include "present/notes.h"

static const struct step *step_of(const struct deck *d, int i) {
    return &d->lesson->steps[d->steps[i].source];
}

static const cJSON *lines_of(const struct step *step) {
    return step->kind->typed ? lesson_field(step, step->kind->typed) : NULL;
}

static bool is_title(const struct deck *d, int i) { return !d->steps[i].number; }

static void lesson_begin(struct deck *d, int i) {
    play_stand(d->s, d->steps[i].source);
}

static void lesson_return(struct deck *d, int i) {
    play_return(d->s, d->steps[i].source);
}

static void lesson_show(struct deck *d, int i) {
    if (is_title(d, i)) play_headline(d->s);
    else step_of(d, i)->kind->show(d->s, step_of(d, i));
}

/* What is typed is the line, one of several, or the answer. */
static struct error *lesson_line(struct deck *d, int i, int k, struct buf *b) {
    const struct step *step = step_of(d, i);
    const cJSON *lines = lines_of(step);
    if (!lines) return step->kind->solution(d->s, step, b);
    buf_add(b, desk_text(d->s,
                         cJSON_IsArray(lines) ? cJSON_GetArrayItem(lines, k) : lines));
    return NULL;
}

static struct error *lesson_run(struct deck *d, int i, int k, const char *line) {
    const struct step *step = step_of(d, i);
    (void)k;
    bool is_line = lines_of(step) != NULL;
    if (is_line && step->kind->answer) desk_go_back(d->s);
    struct error *e = is_line ? play_line(d->s, step, line) : NULL;
    if (!e && step->kind->answer) play_pass(d->s, RESULT_SKIPPED);
    return e;
}

static void lesson_reveal(struct deck *d, int i) {
    (void)i;
    play_skip(d->s);
}

static bool lesson_take(struct deck *d, int i, struct typed *t) {
    (void)i;
    desk_record(d->s)->result = RESULT_OPEN;
    take_typed(d->s, t);
    return desk_record(d->s)->result == RESULT_SOLVED;
}

static void lesson_hint(struct deck *d, int i) {
    (void)i;
    play_hint(d->s);
}

static struct error *lesson_build(struct deck *d, int from, int i) {
    (void)from;
    struct error *e = build_board(d->s, d->steps[i].source);
    desk_bury(d->s); /* the board of before */
    return e;
}

static void lesson_label(struct deck *d, int i, struct buf *b) {
    const struct step *step = step_of(d, i);
    const cJSON *text = lesson_field(step, step->kind->name);
    if (is_title(d, i))
        text = cJSON_GetObjectItemCaseSensitive(d->lesson->doc.root, "title");
    buf_add(b, desk_text(d->s, text));
}

static void add_note(struct deck *d, int i, struct buf *b) {
    int k = is_title(d, i) ? 0 : d->steps[i].source + 1;
    for (; k < d->lesson->n_steps; k++) {
        const struct step *note = &d->lesson->steps[k];
        if (note->kind->show) return;
        buf_printf(b, "%s%s", b->len ? "\n" : "",
                   desk_text(d->s, lesson_field(note, note->kind->name)));
    }
}

/* "1: E grows": a number alone says nothing to whoever doesn't see the choices. */
static void add_answer(struct deck *d, const struct step *step, struct buf *b) {
    const cJSON *choices = lesson_field(step, "choices");
    if (step->kind->solution) error_free(step->kind->solution(d->s, step, b));
    const cJSON *choice = cJSON_GetArrayItem(choices, atoi(buf_text(b)) - 1);
    if (choice) buf_printf(b, ": %s", desk_text(d->s, choice));
}

/* "3: look at the tangent" */
static void add_slips(struct deck *d, const struct step *step, struct arena *a,
                      struct notes_page *page) {
    struct slip slip = {0};
    int n = 0;
    while (slip_next(d->s, step, &slip)) {
        buf_printf(&slip.typed, ": %s", desk_text(d->s, slip.say));
        if (n < NOTES_LIST) page->slips[n++] = arena_copy(a, buf_text(&slip.typed));
    }
}

static void lesson_tell(struct deck *d, int i, struct arena *a,
                        struct notes_page *page) {
    const struct step *step = step_of(d, i);
    const cJSON *root = d->lesson->doc.root;
    struct buf note = {0}, answer = {0};
    page->number = d->lesson->number;
    page->title =
        arena_copy(a, desk_text(d->s, cJSON_GetObjectItemCaseSensitive(root, "title")));
    page->minutes = (int)json_number(root, "minutes", 0);
    add_note(d, i, &note);
    if (note.len) page->note = arena_copy(a, buf_text(&note));
    buf_free(&note);
    if (is_title(d, i)) return;
    add_answer(d, step, &answer);
    if (answer.len) page->answer = arena_copy(a, buf_text(&answer));
    int left = cJSON_GetArraySize(lesson_field(step, "hints")) - desk_here(d->s)->hint;
    page->hints = left > 0 ? left : 0;
    add_slips(d, step, a, page);
    buf_free(&answer);
}

static void lesson_close(struct deck *d) { desk_leave(d->s); }

static const struct deck_kind lesson_deck = {
    lesson_begin,  lesson_return, lesson_show, lesson_line,  lesson_run,
    lesson_reveal, lesson_take,   lesson_hint, lesson_build, lesson_label,
    lesson_tell,   lesson_close,  true};

static void add_step(struct deck *d, int source) {
    const struct step *step = &d->lesson->steps[source];
    const struct step_kind *kind = step->kind;
    const struct deck_step *before = &d->steps[d->n - 1];
    const cJSON *lines = lines_of(step);
    struct deck_step *to = &d->steps[d->n++];
    bool own = kind->typed && !kind->answer && !kind->waits; /* nothing but the line */
    *to = (struct deck_step){.number = step->number,
                             .source = source,
                             .name = step->name,
                             .kind = kind->name,
                             .shows = !own,
                             .asks = kind->answer};
    /* A question is about what was just drawn: it stands under it. */
    to->page = to->shows && !before->flows && !(to->asks && !before->shows);
    if (d->n == 2) to->page = true; /* after the title */
    to->flows = kind->reads && !play_pauses(d->lesson, step) && kind->show;
    to->lines = cJSON_IsArray(lines) ? cJSON_GetArraySize(lines) : lines || kind->says;
    to->reveals = kind->answer && !to->lines;
}

struct error *deck_open_lesson(struct deck *d, struct session *s, struct lesson *l) {
    *d = (struct deck){
        .kind = &lesson_deck, .s = s, .lesson = l, .n = 1, .count = l->n_shown};
    d->steps = mem_alloc((size_t)l->n_steps + 1, sizeof *d->steps);
    d->steps[0] = (struct deck_step){
        .name = "title", .kind = "title", .page = true, .shows = true};
    for (int i = 0; i < l->n_steps; i++)
        if (l->steps[i].kind->show) add_step(d, i);
    d->steps[d->n - 1].flows = false;
    struct error *e = play_open(s, l);
    if (e) {
        free(d->steps);
        *d = (struct deck){0}; /* nothing is left to close */
        return e;
    }
    desk_here(s)->practice = desk_here(s)->talk = true;
    return NULL;
}
