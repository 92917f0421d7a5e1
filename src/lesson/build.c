#include "lesson/build.h"

#include <string.h>

#include "lesson/steps.h"

static bool only_shows(const struct program *p) {
    bool only = p != NULL;
    for (int i = 0; only && i < p->n; i++) {
        const struct stmt *st = &p->stmts[i];
        only = st->kind == STMT_ITEMS ||
               (st->kind == STMT_COMMAND && !(st->command->flags & COMMAND_CHANGES) &&
                strcmp(st->command->name, "undo") != 0 &&
                strcmp(st->command->name, "redo") != 0);
    }
    return only;
}

static void play_silently(struct session *s, const char *line) {
    struct typed t = session_read(s, line, false);
    struct error *e = only_shows(t.program) ? NULL : desk_take_silently(s, &t);
    if (error_is_short(e)) out_error(s->out, e);
    error_free(e);
    typed_free(&t);
}

void build_step(struct session *s, const struct step *step) {
    if (step->kind->makes) play_silently(s, desk_text(s, step->kind->makes(step)));
}

bool build_board(struct session *s, int i) {
    const struct lesson *l = desk_here(s)->lesson;
    const cJSON *line;
    desk_clear(s);
    cJSON_ArrayForEach(line, cJSON_GetObjectItemCaseSensitive(l->doc.root, "setup")) {
        if (!session_stopped(s)) play_silently(s, desk_text(s, line));
    }
    for (int k = 0; k < i && k < l->n_steps && !session_stopped(s); k++)
        build_step(s, &l->steps[k]);
    if (!session_stopped(s)) return true;
    desk_take_back(s);
    return false;
}
