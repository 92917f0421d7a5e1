#include "lesson/lint_faults.h"

#include <stdlib.h>
#include <string.h>

#include "lesson/steps.h"
#include "text/number.h"

void lint_fault(struct lint *t, const cJSON *at, struct error *e) {
    json_fault(&t->lesson->doc, at, e);
    for (size_t i = 0; i < t->faults.n; i++) {
        const struct error *o = t->faults.at[i];
        if (strcmp(o->key, e->key) != 0 || o->at.line != e->at.line ||
            o->at.column != e->at.column) {
            continue;
        }
        error_free(e);
        return;
    }
    faults_add(&t->faults, e);
}

void lint_print(const struct lint *t) {
    for (size_t i = 0; i < t->faults.n; i++) {
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
