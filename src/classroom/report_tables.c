#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "classroom/report_inside.h"
#include "lesson/content.h"
#include "practice/drill.h"
#include "text/number.h"

/* Its heads, from keys. */
static struct out_table *headed(struct out *o, const char *const *keys, int n) {
    struct out_table *t = table_new(n);
    for (int i = 0; i < n; i++) {
        char *head = out_sentence(o, keys[i], NULL);
        table_cell(t, head, OUT_DIM);
        free(head);
    }
    return t;
}
#define HEADED(o, keys) headed(o, keys, (int)(sizeof keys / sizeof *keys))

static void number_cell(struct out_table *t, double v, const char *format) {
    char to[NUM_SIZE];
    snprintf(to, sizeof to, format, v);
    table_cell(t, to, OUT_PLAIN);
}

static void say_cell(struct out *o, struct out_table *t, const char *key,
                     const char *what, double n, double all) {
    char *s =
        out_sentence(o, key, "what", what, "n", NUM(o, n), "all", NUM(o, all), NULL);
    table_cell(t, s, OUT_PLAIN);
    free(s);
}

struct out_table *report_questions(struct report *r, const struct mark_lesson *l,
                                   int most, bool texts) {
    static const char *const keys[] = {"report.question",       "result.result.solved",
                                       "result.result.skipped", "result.tries",
                                       "result.hints",          "report.common"};
    struct out *o = r->s->out;
    struct out_table *t = HEADED(o, keys);
    for (int i = 0; i < l->n_questions && i < most; i++) {
        const struct mark_question *q = &l->questions[i];
        struct buf head = {0};
        buf_add(&head, q->name);
        if (texts && q->text) buf_printf(&head, ": %s", q->text);
        table_cell(t, buf_text(&head), OUT_PLAIN);
        buf_free(&head);
        number_cell(t, 100.0 * q->solved / q->n, "%.0f %%");
        number_cell(t, 100.0 * q->skipped / q->n, "%.0f %%");
        number_cell(t, q->tries / q->n, "%.1f");
        number_cell(t, q->hints / q->n, "%.1f");
        if (q->common) say_cell(o, t, "report.gave", q->common, q->gave, q->n);
        else table_cell(t, "", OUT_PLAIN);
    }
    return t;
}

struct out_table *report_mistakes(struct report *r, const struct mark_lesson *l,
                                  int most) {
    static const char *const keys[] = {"report.told", "report.students",
                                       "report.most-at"};
    struct out *o = r->s->out;
    struct out_table *t = HEADED(o, keys);
    for (int i = 0; i < l->n_mistakes && i < most; i++) {
        const struct mark_mistake *m = &l->mistakes[i];
        table_cell(t, drill_mistake(o->text, m->key), OUT_PLAIN);
        say_cell(o, t, "report.of", "", m->n, (double)l->n);
        say_cell(o, t, "report.gave", m->question, m->there, (double)l->n);
    }
    return t;
}

static void student_cells(struct out_table *t, const struct class_file *f) {
    table_cell(t, f->result.id, OUT_STRONG);
    table_cell(t, f->result.name, OUT_PLAIN);
}

struct out_table *report_students(struct report *r, const struct mark_lesson *l) {
    static const char *const keys[] = {
        "result.id",     "result.name",    "result.result.solved", "report.skipped",
        "report.hinted", "report.minutes", "result.done",          "report.note"};
    struct out *o = r->s->out;
    int columns = (int)(sizeof keys / sizeof *keys) - !l->others;
    struct out_table *t = headed(o, keys, columns);
    for (size_t i = 0; i < l->n; i++) {
        const struct result_lesson *from = l->parts[i].lesson;
        struct tally n = marks_tally(from);
        bool other = strcmp(from->edition, l->edition) != 0;
        student_cells(t, l->parts[i].file);
        say_cell(o, t, "report.of", "", n.of[RESULT_SOLVED], from->n_questions);
        number_cell(t, n.of[RESULT_SKIPPED], "%.0f");
        number_cell(t, n.hinted, "%.0f");
        number_cell(t, from->seconds / 60, "%.1f");
        say_cell(o, t, from->done ? "result.done.true" : "result.done.false", "", 0, 0);
        if (l->others) table_cell(t, other ? "*" : "", OUT_PLAIN);
    }
    return t;
}

struct out_table *report_lessons(struct report *r) {
    static const char *const keys[] = {"report.lesson",  "report.title-head",
                                       "report.done",    "report.begun",
                                       "report.minutes", "report.hardest"};
    struct out_table *t = HEADED(r->s->out, keys);
    for (int i = 0; i < r->marks.n; i++) {
        const struct mark_lesson *l = &r->marks.lessons[i];
        number_cell(t, l->number, "%.0f");
        table_cell(t, l->title, OUT_PLAIN);
        number_cell(t, l->done, "%.0f");
        number_cell(t, (double)l->n - l->done, "%.0f");
        number_cell(t, l->half, "%.1f");
        table_cell(t, l->n_questions ? l->questions[0].name : "", OUT_PLAIN);
    }
    return t;
}

struct out_table *report_totals(struct report *r) {
    static const char *const keys[] = {"result.id",      "result.name",
                                       "report.lessons", "result.result.solved",
                                       "report.skipped", "report.minutes"};
    struct out *o = r->s->out;
    struct out_table *t = HEADED(o, keys);
    for (size_t i = 0; i < r->c.n_students; i++) {
        const struct class_file *f = r->c.students[i];
        int done = 0, has = 0, solved = 0, skipped = 0, questions = 0;
        double seconds = 0;
        for (int k = 0; k < r->marks.n; k++) {
            const struct class_part *p = marks_part(&r->marks.lessons[k], f->result.id);
            if (!p) continue;
            struct tally n = marks_tally(p->lesson);
            has++;
            done += p->lesson->done;
            solved += n.of[RESULT_SOLVED];
            skipped += n.of[RESULT_SKIPPED];
            questions += p->lesson->n_questions;
            seconds += p->lesson->seconds;
        }
        if (!has) continue;
        student_cells(t, f);
        say_cell(o, t, "report.of", "", done, has);
        say_cell(o, t, "report.of", "", solved, questions);
        number_cell(t, skipped, "%.0f");
        number_cell(t, seconds / 60, "%.1f");
    }
    return t;
}

/* ---- drills ---- */

/* Those who stand at one level of one kind. */
struct drillers {
    int n, right, tried, gave;
    const char *common;    /* the mistake that most of them make most; or NULL */
    const char **mistakes; /* theirs, n_mistakes of them */
    int n_mistakes;
};

static int compare_mistakes(const void *x, const void *y) {
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static void find_commonest(struct drillers *d) {
    size_t n = (size_t)d->n_mistakes;
    if (n) qsort(d->mistakes, n, sizeof *d->mistakes, compare_mistakes);
    for (int i = 0, end; i < d->n_mistakes; i = end) {
        for (end = i;
             end < d->n_mistakes && strcmp(d->mistakes[end], d->mistakes[i]) == 0;)
            end++;
        if (end - i > d->gave) d->gave = end - i, d->common = d->mistakes[i];
    }
}

static void count_drillers(const struct report *r, const char *kind, int level,
                           struct drillers *d) {
    for (size_t i = 0; i < r->c.n_students; i++) {
        const struct result_file *f = &r->c.students[i]->result;
        for (int k = 0; k < f->n_drills; k++) {
            const struct result_drill *one = &f->drills[k];
            if (one->level != level || strcmp(one->drill, kind) != 0) continue;
            d->n++;
            d->right += one->right;
            d->tried += one->tried;
            if (*one->mistake && d->n_mistakes < (int)r->c.n_students)
                d->mistakes[d->n_mistakes++] = drill_common(one->mistake);
            break; /* of a forged file too each is one student */
        }
    }
    find_commonest(d);
}

struct out_table *report_drills(struct report *r) {
    static const char *const keys[] = {"result.drill",    "result.level",
                                       "report.students", "result.right",
                                       "result.tried",    "result.mistake"};
    struct out *o = r->s->out;
    struct out_table *t = HEADED(o, keys);
    const char **mistakes = mem_alloc(r->c.n_students + 1, sizeof *mistakes);
    for (const struct drill_kind *k = drill_kinds; k->name; k++) {
        for (int level = 1; level <= drill_levels(k); level++) {
            struct drillers d = {.mistakes = mistakes};
            count_drillers(r, k->name, level, &d);
            if (!d.n) continue;
            table_cell(t, drill_name(r->s, k), OUT_STRONG);
            number_cell(t, level, "%.0f");
            number_cell(t, d.n, "%.0f");
            number_cell(t, d.right, "%.0f");
            number_cell(t, d.tried, "%.0f");
            const char *called = d.common ? drill_mistake(o->text, d.common) : "";
            if (*called) say_cell(o, t, "report.gave", called, d.gave, d.n);
            else table_cell(t, "", OUT_PLAIN);
        }
    }
    free(mistakes);
    return t;
}

size_t report_bar(struct report *r, const struct mark_lesson *l, int i, char **word) {
    static const char *const keys[REPORT_BARS] = {"report.done", "report.begun",
                                                  "report.nothing"};
    size_t done = (size_t)l->done, none = r->all > l->n ? r->all - l->n : 0;
    size_t of[REPORT_BARS] = {done, l->n - done, none};
    if (word) *word = out_sentence(r->s->out, keys[i], NULL);
    return of[i];
}

char *report_title(struct report *r, const struct mark_lesson *l) {
    return out_sentence(r->s->out, "play.title", "n", NUM(r->s->out, l->number),
                        "title", l->title, NULL);
}

char *report_count(struct report *r, const struct mark_lesson *l) {
    double all = (double)(r->all > l->n ? r->all : l->n);
    return out_sentence(r->s->out, "report.count", "n", NUM(r->s->out, (double)l->n),
                        "all", NUM(r->s->out, all), NULL);
}

char *report_time(struct report *r, const struct mark_lesson *l) {
    char half[NUM_SIZE], most[NUM_SIZE];
    snprintf(half, sizeof half, "%.0f", l->half);
    snprintf(most, sizeof most, "%.0f", l->most);
    return out_sentence(r->s->out, "report.time", "half", half, "most", most, NULL);
}

const struct mark_lesson *report_lesson(struct report *r, double number) {
    for (int i = 0; i < r->marks.n; i++) {
        const struct mark_lesson *l = &r->marks.lessons[i];
        if (l->counts && l->number == number) return l;
    }
    return NULL;
}

char *report_head(struct report *r, const struct mark_lesson *l) {
    const char *id = lesson_is_id(l->id) ? l->id : "?"; /* a forged one: any letters */
    return out_sentence(r->s->out, l->counts ? "report.head" : "report.head-other", "n",
                        NUM(r->s->out, l->number), "id", id, NULL);
}
