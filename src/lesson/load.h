/* load: a lesson file in memory, its shape checked: every step is of one kind and holds
 * what its kind's row allows, so that nobody further on looks again.
 *
 *     struct lesson *l;
 *     struct error *e = lesson_load("lessons/03-gradient-descent.json", NULL, &l);
 *     lesson_text(lesson_field(&l->steps[0], "say"), TEXT_KO);
 *     lesson_free(l);
 */
#ifndef LESSON_LOAD_H
#define LESSON_LOAD_H

#include "lesson/json.h"
#include "text/text.h"

/* What a field of a lesson or a step may hold. TEXT: a string, or both languages. */
enum field_type {
    FIELD_TEXT,
    FIELD_LINE, /* a TEXT to be run: one line */
    FIELD_EXPR, /* a string, or a number */
    FIELD_NUMBER,
    FIELD_WHOLE,
    FIELD_NAME, /* a plain string */
    FIELD_TEXTS,
    FIELD_LINES,
    FIELD_ANSWER, /* of ask: the number of a choice (from 0), or TEXT, or TEXTS */
    FIELD_WRONG,  /* {"1": TEXT}: a choice, or a word, and what to say to it */
    FIELD_SLIPS,  /* [{"value": EXPR, "say": TEXT}] */
    FIELD_STEPS
};

struct field {
    const char *name;
    enum field_type type;
    bool needed;
};

struct step_kind;

struct step {
    const struct step_kind *kind;
    const cJSON *json;
    char *name; /* its own, or "step-7" */
};

struct lesson {
    struct json_doc doc;
    int number;
    const char *id;
    struct step *steps;
    int n_steps;
};

struct faults {
    struct error **at; /* owned */
    size_t n, cap;
};

void faults_add(struct faults *f, struct error *e);
void faults_free(struct faults *f);

/* The first fault is returned; with `all` every one is put there instead, *out is NULL
 * then. */
struct error *lesson_load(const char *path, struct faults *all, struct lesson **out);
void lesson_free(struct lesson *l);

const cJSON *lesson_field(const struct step *s, const char *name); /* or NULL */
const char *lesson_text(const cJSON *text, enum text_lang lang);   /* "" for NULL */

/* The path of lesson `number` under home, or NULL. The caller frees it. */
char *lesson_find(const char *home, int number);
/* The numbers there are, in order; how many (at most `most`). */
int lesson_numbers(const char *home, int *numbers, int most);

#endif
