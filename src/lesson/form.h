/* form: what a lesson file may hold: the types of its fields, and a check that a file
 * keeps to them, so that nobody further on looks again.
 *
 *     struct faults faults = {0};
 *     struct check c = {&doc, &faults};
 *     form_check(&c, doc.root, FIELD_LESSON);
 *     form_walk(doc.root, FIELD_LESSON, look_at, context);
 */
#ifndef LESSON_FORM_H
#define LESSON_FORM_H

#include <stdbool.h>

#include "lesson/content.h"

#define FAULTS_SHOWN 50

struct faults {
    struct error *at[FAULTS_SHOWN]; /* owned: the first of them */
    size_t n;                       /* how many there are */
};

void faults_add(struct faults *f, struct error *e);
size_t faults_shown(const struct faults *f);
void faults_free(struct faults *f);

struct check {
    const struct json_doc *doc;
    struct faults *faults;
};

struct field_kind {
    const char *name; /* in the schema, and its words: "schema.type.NAME" */
    void (*check)(struct check *c, const cJSON *j); /* NULL: what follows says it all */
    /* Of these one: */
    bool sided;                 /* a string, or one for each language */
    enum field_type items;      /* a list of these */
    enum field_type values;     /* an object of these, whatever the keys */
    const struct field *fields; /* an object of these */
    const char *schema;         /* what more a JSON Schema says of it */
    bool prose;                 /* for people to read, not typed nor run */
};

extern const struct field_kind field_kinds[FIELD_TYPES];

/* In C what stands in a JSON Schema: JSON("type": "integer", "maximum": MOST). */
#define JSON(...) JSON_TEXT(__VA_ARGS__)
#define JSON_TEXT(...) #__VA_ARGS__

/* The kind that a step's key makes it, or NULL. */
const struct step_kind *form_kind(const cJSON *step);
/* Takes e, says where it is. Only of those that will be shown: looking for a place
 * takes as long as the file. */
void faults_add_at(struct faults *f, const struct json_doc *doc, const cJSON *at,
                   struct error *e);
/* Adds what is wrong with j, which should be of that type. */
void form_check(struct check *c, const cJSON *j, enum field_type type);
void form_fault(struct check *c, const cJSON *at, const char *key, const char *name,
                const char *known);
/* Visits what j is made of, down to what has no parts of its own; j is of the right
 * shape. */
void form_walk(const cJSON *j, enum field_type type,
               void (*visit)(void *to, const cJSON *j, enum field_type type), void *to);

#endif
