#include "lesson/lint_faults.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lesson/steps.h"
#include "text/number.h"

/* Of a value of the lesson's document, one fault of a kind. */
static bool is_news(struct lint *t, const cJSON *at, const char *key) {
    struct buf name = {0};
    buf_printf(&name, "%p %s", (const void *)at, key);
    bool news = map_get(&t->known, buf_text(&name)) < 0;
    if (news) map_set(&t->known, arena_copy(t->names, buf_text(&name)), 1);
    buf_free(&name);
    return news;
}

void lint_fault(struct lint *t, const cJSON *at, struct error *e) {
    if (is_news(t, at, e->key)) faults_add_at(&t->faults, &t->lesson->doc, at, e);
    else error_free(e);
}

void lint_print(const struct lint *t) {
    size_t shown = faults_shown(&t->faults);
    for (size_t i = 0; i < shown; i++) {
        struct error *e = t->faults.at[i];
        struct buf b = {0};
        if (error_value(e, "path")) { /* the path says enough; JSON's lines are long */
            free(e->line);
            e->line = NULL;
        }
        text_add_error(t->out->text, &b, e);
        out_wrap(t->out, buf_text(&b), 0);
        buf_free(&b);
    }
    if (t->faults.n > shown) {
        out_say(t->out, "lint.more", "n", NUM(t->out, (double)(t->faults.n - shown)),
                NULL);
    }
    if (t->faults.n) {
        out_say(t->out, "lint.faults", "file", t->path, "n",
                NUM(t->out, (double)t->faults.n), NULL);
        return;
    }
    int questions = 0;
    for (int i = 0; i < t->lesson->n_steps; i++) {
        questions += t->lesson->steps[i].kind->answer != NULL;
    }
    out_say(t->out, "lint.clean", "file", t->path, "steps",
            NUM(t->out, t->lesson->n_steps), "questions", NUM(t->out, questions), NULL);
}
