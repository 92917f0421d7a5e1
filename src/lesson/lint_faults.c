#include "lesson/lint_faults.h"

#include <stdio.h>
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
    t->calls++;
    if (is_news(t, at, e->key)) faults_add_at(&t->faults, &t->lesson->doc, at, e);
    else error_free(e);
}

void lint_warn(struct lint *t, const cJSON *at, struct error *e) {
    if (is_news(t, at, e->key)) faults_add_at(&t->warnings, &t->lesson->doc, at, e);
    else error_free(e);
}

static int by_place(const void *a, const void *b) {
    const struct error *x = *(struct error *const *)a, *y = *(struct error *const *)b;
    int lines = x->at.line - y->at.line;
    return lines ? lines : x->at.column - y->at.column;
}

/* As `--step` counts: a note has the number of the step before it, or none. */
static void note_step(struct lint *t, const struct error *e) {
    const char *path = error_value(e, "path");
    int i;
    if (!path || sscanf(path, "steps[%d]", &i) != 1) return;
    bool known = t->lesson && i >= 0 && i < t->lesson->n_steps;
    int number = known ? t->lesson->steps[i].number : 0;
    if (!number) number = 1;
    if (!t->step || number < t->step) t->step = number;
}

/* As compilers say it, so that editors find the place. */
static void tell_all(struct lint *t, struct faults *f, const char *label) {
    size_t shown = faults_shown(f);
    qsort(f->at, shown, sizeof *f->at, by_place);
    for (size_t i = 0; i < shown; i++) {
        struct error *e = f->at[i];
        struct buf b = {0};
        e->label = label;
        note_step(t, e);
        if (error_value(e, "path")) { /* the path says enough; JSON's lines are long */
            free(e->line);
            e->line = NULL;
        }
        text_add_error(t->out->text, &b, e);
        out_wrap(t->out, buf_text(&b), 0);
        buf_free(&b);
    }
    if (f->n > shown)
        out_say(t->out, "lint.more", "n", NUM(t->out, (double)(f->n - shown)), NULL);
}

void lint_tell(struct lint *t) {
    tell_all(t, &t->faults, "error");
    tell_all(t, &t->warnings, "warning");
    t->told[0] += t->faults.n;
    t->told[1] += t->warnings.n;
    faults_free(&t->faults);
    faults_free(&t->warnings);
    out_flush(t->out);
}

void lint_print(struct lint *t) {
    lint_tell(t);
    const char *faults = NUM(t->out, (double)t->told[0]),
               *warnings = NUM(t->out, (double)t->told[1]);
    if (t->told[0]) {
        const char *key = t->told[1] ? "lint.faults-and-warnings" : "lint.faults";
        out_say(t->out, key, "file", t->path, "n", faults, "warnings", warnings, NULL);
        return;
    }
    int questions = 0;
    for (int i = 0; i < t->lesson->n_steps; i++) {
        questions += t->lesson->steps[i].kind->answer != NULL;
    }
    out_say(t->out, "lint.clean", "file", t->path, "steps",
            NUM(t->out, t->lesson->n_steps), "questions", NUM(t->out, questions), NULL);
    if (t->told[1])
        out_say(t->out, "lint.warnings", "file", t->path, "n", warnings, NULL);
}
