#include "classroom/marks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/memory.h"
#include "lesson/desk.h"
#include "lesson/load.h"
#include "lesson/progress.h"
#include "lesson/steps.h"
#include "practice/drill.h"
#include "text/number.h"

/* A wrong answer, or a slip, that a student gave to a question; once each. */
struct given {
    int question;
    char *text; /* owned */
};

/* A mistake that a student was told at a question; once each. */
struct met {
    const char *key;
    size_t student;
    int question;
};

struct counting {
    struct session *s;
    const struct lesson *own; /* the instructor's own file of it, or NULL */
    bool same;                /* the student had the same edition of it */
    struct mark_lesson *to;
    struct map names; /* of questions, to their place */
    struct given *given;
    size_t n, cap;
    struct met *met;
    size_t n_met, cap_met;
};

/* ---- one student ---- */

struct tally marks_tally(const struct result_lesson *l) {
    struct tally t = {0};
    for (int i = 0; i < l->n_questions; i++) tally_add(&t, &l->questions[i].record);
    return t;
}

double marks_score(const struct result_lesson *l, double points) {
    if (!l->n_questions) return 0;
    double share = marks_tally(l).of[RESULT_SOLVED] / (double)l->n_questions;
    return round(share * points * 100) / 100;
}

static int compare_id(const void *key, const void *part) {
    const struct class_part *p = part;
    return strcmp(key, p->file->result.id);
}

const struct class_part *marks_part(const struct mark_lesson *l, const char *id) {
    return bsearch(id, l->parts, l->n, sizeof *l->parts, compare_id);
}

/* ---- wrong answers ---- */

/* 0.80 and .8 are one answer. */
static char *canonical(const char *text) {
    char *end, to[NUM_SIZE];
    double v = strtod(text, &end);
    bool number =
        end != text && !*end && isfinite(v) && !text[strspn(text, "0123456789+-.eE")];
    return mem_copy(number ? num_format(to, v, 6) : text);
}

/* The line that a slip is known by, or its number: in another edition another slip may
 * have that. */
static char *slip_text(const struct counting *c, const char *name, int slip) {
    const cJSON *line = NULL;
    enum text_lang lang = text_lang(c->s->out->text);
    for (int i = 0; c->same && i < c->own->n_steps; i++) {
        const struct step *step = &c->own->steps[i];
        if (strcmp(step->name, name) != 0) continue;
        const cJSON *slips = lesson_field(step, "slips");
        line =
            cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(slips, slip), "line");
    }
    const char *text = lesson_text(line, lang);
    if (*text) return mem_copy(text);
    return out_sentence(c->s->out, "report.slip", "n", NUM(c->s->out, slip + 1), NULL);
}

static void add_given(struct counting *c, size_t since, int question, char *text) {
    for (size_t i = since; i < c->n; i++) {
        if (strcmp(c->given[i].text, text) != 0) continue;
        free(text);
        return;
    }
    if (c->n == c->cap) {
        c->cap = c->cap ? 2 * c->cap : 256;
        c->given = mem_grow(c->given, c->cap, sizeof *c->given);
    }
    c->given[c->n++] = (struct given){question, text};
}

/* Of a task there are only slips. */
static void add_all_given(struct counting *c, int question, const char *name,
                          const struct record *r) {
    size_t since = c->n;
    for (int i = 0; i < RECORD_WRONG && r->wrong[i]; i++)
        add_given(c, since, question, canonical(r->wrong[i]));
    for (int i = 0; i < RECORD_SLIPS && r->slips[i] && !r->wrong[0]; i++)
        add_given(c, since, question, slip_text(c, name, r->slips[i] - 1));
}

static int compare_given(const void *x, const void *y) {
    const struct given *a = x, *b = y;
    return a->question != b->question ? a->question - b->question
                                      : strcmp(a->text, b->text);
}

/* The longest run of the same one; of two as long the first. */
static void find_common(struct counting *c) {
    if (c->n) qsort(c->given, c->n, sizeof *c->given, compare_given);
    for (size_t i = 0, end; i < c->n; i = end) {
        for (end = i; end < c->n && compare_given(&c->given[i], &c->given[end]) == 0;)
            end++;
        struct mark_question *q = &c->to->questions[c->given[i].question];
        if ((int)(end - i) <= q->gave) continue;
        free(q->common);
        q->common = mem_copy(c->given[i].text);
        q->gave = (int)(end - i);
    }
    for (size_t i = 0; i < c->n; i++) free(c->given[i].text);
    free(c->given);
}

/* ---- mistakes that were told ---- */

/* One by a forged key is nobody's. */
static void add_met(struct counting *c, size_t student, int question,
                    const struct record *r) {
    for (int i = 0; i < RECORD_TOLD && r->told[i]; i++) {
        const char *key = drill_common(r->told[i]);
        if (!*drill_mistake(c->s->out->text, key)) continue;
        if (c->n_met == c->cap_met) {
            c->cap_met = c->cap_met ? 2 * c->cap_met : 64;
            c->met = mem_grow(c->met, c->cap_met, sizeof *c->met);
        }
        c->met[c->n_met++] = (struct met){key, student, question};
    }
}

static int compare_met(const void *x, const void *y) {
    const struct met *a = x, *b = y;
    int keys = strcmp(a->key, b->key);
    if (keys) return keys;
    if (a->student != b->student) return a->student < b->student ? -1 : 1;
    return a->question - b->question;
}

static int compare_mistakes(const void *x, const void *y) {
    const struct mark_mistake *a = x, *b = y;
    return a->n != b->n ? b->n - a->n : strcmp(a->key, b->key);
}

/* All that is of one key, sorted by student and question; of: room for a count each. */
static struct mark_mistake mistake_of(const struct counting *c, const struct met *met,
                                      size_t n, int *of) {
    struct mark_mistake m = {.key = met->key};
    memset(of, 0, (size_t)c->to->n_questions * sizeof *of);
    for (size_t i = 0; i < n; i++) {
        bool other = i == 0 || met[i].student != met[i - 1].student;
        m.n += other;
        if (!other && met[i].question == met[i - 1].question) continue;
        if (++of[met[i].question] <= m.there) continue;
        m.there = of[met[i].question];
        m.question = c->to->questions[met[i].question].name;
    }
    return m;
}

static void find_mistakes(struct counting *c) {
    struct mark_lesson *l = c->to;
    if (c->n_met) {
        int *of = mem_alloc((size_t)l->n_questions, sizeof *of);
        qsort(c->met, c->n_met, sizeof *c->met, compare_met);
        for (size_t i = 0, end; i < c->n_met; i = end) {
            const char *key = c->met[i].key;
            for (end = i; end < c->n_met && strcmp(c->met[end].key, key) == 0;) end++;
            l->mistakes =
                mem_grow(l->mistakes, (size_t)l->n_mistakes + 1, sizeof *l->mistakes);
            l->mistakes[l->n_mistakes++] = mistake_of(c, &c->met[i], end - i, of);
        }
        qsort(l->mistakes, (size_t)l->n_mistakes, sizeof *l->mistakes,
              compare_mistakes);
        free(of);
    }
    free(c->met);
}

/* ---- questions ---- */

static void count_question(struct counting *c, size_t student,
                           const struct result_question *from, int *cap) {
    struct mark_lesson *to = c->to;
    int at = map_get(&c->names, from->name);
    if (at < 0) {
        if (to->n_questions == *cap) {
            *cap = *cap ? 2 * *cap : 32;
            to->questions =
                mem_grow(to->questions, (size_t)*cap, sizeof *to->questions);
        }
        at = to->n_questions++;
        to->questions[at] =
            (struct mark_question){.name = from->name, .kind = from->kind};
        map_set(&c->names, from->name, at);
    }
    struct mark_question *q = &to->questions[at];
    q->n++;
    q->solved += from->record.result == RESULT_SOLVED;
    q->skipped += from->record.result == RESULT_SKIPPED;
    q->tries += from->record.tries;
    q->hints += from->record.hints;
    add_all_given(c, at, from->name, &from->record);
    add_met(c, student, at, &from->record);
}

static int compare_hardness(const void *x, const void *y) {
    const struct mark_question *a = x, *b = y;
    double p = a->solved / (double)a->n, q = b->solved / (double)b->n;
    double s = a->tries / a->n, t = b->tries / b->n;
    if (p != q) return p < q ? -1 : 1;
    if (s != t) return s > t ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* ---- a lesson ---- */

static int compare_numbers(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static void find_times(struct mark_lesson *l) {
    double *minutes = mem_alloc(l->n + 1, sizeof *minutes);
    for (size_t i = 0; i < l->n; i++) minutes[i] = l->parts[i].lesson->seconds / 60;
    qsort(minutes, l->n, sizeof *minutes, compare_numbers);
    l->half = minutes[(l->n - 1) / 2];
    l->most = minutes[l->n - 1];
    free(minutes);
}

static const char *commonest_edition(const struct mark_lesson *l) {
    const char *best = "";
    size_t most = 0;
    for (size_t i = 0; i < l->n && most < l->n - i; i++) {
        const char *edition = l->parts[i].lesson->edition;
        size_t n = 0;
        for (size_t k = i; k < l->n; k++)
            n += strcmp(l->parts[k].lesson->edition, edition) == 0;
        if (n > most) most = n, best = edition;
    }
    return best;
}

static struct lesson *load_as(struct session *s, const char *path, const char *id) {
    struct lesson *own = NULL;
    if (path) error_free(lesson_load(s->home, path, NULL, &own));
    if (own) lesson_set_own(s->home, own);
    if (!own || strcmp(own->id, id) == 0) return own;
    lesson_free(own);
    return NULL;
}

/* The file that the instructor has of it, of the course or played: its title, and what
 * its slips are. */
static struct lesson *open_own(struct session *s, struct mark_lesson *l) {
    char *path = lesson_find_id(s->home, l->id);
    if (!path) path = lesson_find(s->home, (int)l->number);
    struct lesson *own = load_as(s, path, l->id);
    l->counts = own || !path;
    free(path);
    if (own) return own;
    return load_as(s, json_string(progress_of(desk_progress(s), l->id), "file"), l->id);
}

static void find_texts(struct counting *c) {
    for (int i = 0; c->own && i < c->own->n_steps; i++) {
        const struct step *step = &c->own->steps[i];
        int at = map_get(&c->names, step->name);
        struct mark_question *q = at < 0 ? NULL : &c->to->questions[at];
        if (!q || strcmp(q->kind, step->kind->name) != 0) continue;
        const cJSON *text = lesson_field(step, step->kind->name);
        free(q->text);
        q->text = mem_copy(lesson_text(text, text_lang(c->s->out->text)));
    }
}

static void count_lesson(struct session *s, struct mark_lesson *l) {
    struct lesson *own = open_own(s, l);
    struct counting c = {.s = s, .own = own, .to = l};
    int cap = 0;
    const cJSON *title =
        own ? cJSON_GetObjectItemCaseSensitive(own->doc.root, "title") : NULL;
    l->title = mem_copy(own ? lesson_text(title, text_lang(s->out->text)) : l->id);
    l->edition = commonest_edition(l);
    for (size_t i = 0; i < l->n; i++) {
        const struct result_lesson *from = l->parts[i].lesson;
        c.same = own && strcmp(from->edition, own->edition) == 0;
        if (c.same) l->edition = from->edition;
        l->done += from->done;
        for (int k = 0; k < from->n_questions; k++)
            count_question(&c, i, &from->questions[k], &cap);
    }
    for (size_t i = 0; i < l->n; i++)
        l->others += strcmp(l->parts[i].lesson->edition, l->edition) != 0;
    find_common(&c);
    find_mistakes(&c);
    find_texts(&c);
    find_times(l);
    if (l->n_questions)
        qsort(l->questions, (size_t)l->n_questions, sizeof *l->questions,
              compare_hardness);
    map_free(&c.names);
    lesson_free(own);
}

static bool has_course(struct session *s, double number) {
    char *path = lesson_find(s->home, (int)number);
    free(path);
    return path != NULL;
}

struct marks marks_of(struct session *s, const struct class *c) {
    struct marks m = {0};
    m.lessons = mem_alloc(c->n_parts + 1, sizeof *m.lessons);
    for (size_t i = 0; i < c->n_parts; i++) {
        const struct result_lesson *from = c->parts[i].lesson;
        struct mark_lesson *l = m.n ? &m.lessons[m.n - 1] : NULL;
        if (!l || strcmp(l->id, from->id) != 0) {
            l = &m.lessons[m.n++];
            *l = (struct mark_lesson){.id = from->id, .number = c->parts[i].number};
            l->parts = &c->parts[i];
        }
        l->n++;
    }
    for (int i = 0; i < m.n; i++) count_lesson(s, &m.lessons[i]);
    for (int i = 1; i < m.n; i++) {
        struct mark_lesson *a = &m.lessons[i - 1], *b = &m.lessons[i];
        bool both = a->number == b->number && !has_course(s, a->number);
        if (both) a->counts = b->counts = false;
    }
    return m;
}

void marks_free(struct marks *m) {
    for (int i = 0; i < m->n; i++) {
        for (int k = 0; k < m->lessons[i].n_questions; k++) {
            free(m->lessons[i].questions[k].common);
            free(m->lessons[i].questions[k].text);
        }
        free(m->lessons[i].questions);
        free(m->lessons[i].mistakes);
        free(m->lessons[i].title);
    }
    free(m->lessons);
    *m = (struct marks){0};
}
