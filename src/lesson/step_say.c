/* say: a text to read. note: for the presenter alone, so the player passes over it.
 * run: one of the lesson's own lines, shown and run. */
#include <string.h>

#include "lesson/steps.h"

const struct field say_fields[] = {
    {"say", FIELD_TEXT, true}, {"name", FIELD_NAME, false}, {0}};
const struct field note_fields[] = {
    {"note", FIELD_TEXT, true}, {"name", FIELD_NAME, false}, {0}};
const struct field run_fields[] = {
    {"run", FIELD_LINE, true}, {"name", FIELD_NAME, false}, {0}};

void say_show(struct session *s, const struct step *step) {
    desk_say(s, desk_text(s, lesson_field(step, "say")));
}

const cJSON *run_makes(const struct step *step) { return lesson_field(step, "run"); }

void run_show(struct session *s, const struct step *step) {
    const char *line = desk_text(s, lesson_field(step, "run"));
    desk_show_line(s, line);
    struct error *e = desk_run(s, line, true);
    bool loops = strncmp(line, "repeat ", strlen("repeat ")) == 0;
    if (loops && s->remember) s->remember(line); /* to be gone on with */
    if (!e) return;
    out_error(s->out, e);
    error_free(e);
}
