#include "lesson/build.h"

#include <string.h>

#include "base/interrupt.h"
#include "lesson/steps.h"

static bool only_shows(const struct program *p) {
    bool only = p != NULL;
    for (int i = 0; only && i < p->n; i++) only = desk_only_shows(&p->stmts[i]);
    return only;
}

struct error *build_line(struct session *s, const char *line) {
    struct typed t = session_read(s, line, false);
    struct error *e = only_shows(t.program) ? NULL : desk_take_silently(s, &t);
    typed_free(&t);
    if (error_is_short(e)) return e;
    desk_here(s)->no_files |= e && strcmp(e->key, "sandbox-files") == 0;
    error_free(e);
    return session_stopped(s) ? interrupt_stopped() : NULL;
}

struct error *build_step(struct session *s, const struct step *step) {
    if (!step->kind->makes) return NULL;
    return build_line(s, desk_text(s, step->kind->makes(step)));
}

struct error *build_board(struct session *s, int i) {
    const struct lesson *l = desk_here(s)->lesson;
    const cJSON *line;
    struct error *e = NULL;
    desk_clear(s);
    desk_here(s)->no_files = false;
    cJSON_ArrayForEach(line, cJSON_GetObjectItemCaseSensitive(l->doc.root, "setup")) {
        if (!e) e = build_line(s, desk_text(s, line));
    }
    for (int k = 0; k < i && k < l->n_steps && !e; k++) e = build_step(s, &l->steps[k]);
    if (e) desk_take_back(s);
    return e;
}
