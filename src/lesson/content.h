/* content: what a lesson file holds, once it is read and its shape is known to be right
 * (load): the steps, their fields, and texts in the language of the moment.
 *
 *     const struct step *step = &l->steps[0];
 *     lesson_text(lesson_field(step, "say"), TEXT_KO);
 *     lesson_free(l);
 */
#ifndef LESSON_CONTENT_H
#define LESSON_CONTENT_H

#include <stdbool.h>

#include "lesson/json.h"
#include "text/text.h"

/* What a field may hold: THE TABLE of these is in form.c. */
enum field_type {
    FIELD_NONE,
    FIELD_TEXT, /* a string, or {"en": …, "ko": …} */
    FIELD_LINE, /* a TEXT to be run: one line */
    FIELD_EXPR, /* a string, or a number */
    FIELD_NUMBER,
    FIELD_WHOLE,
    FIELD_NAME, /* a plain string */
    FIELD_ID,   /* the same, that files may be named by */
    FIELD_FORMAT,
    FIELD_TEXTS,
    FIELD_LINES,
    FIELD_ANSWER, /* of ask: the number of a choice (from 0), or TEXT, or TEXTS */
    FIELD_WRONG,  /* {"1": TEXT}: a choice, or a word, and what to say to it */
    FIELD_SLIP,   /* {"value": EXPR, "say": TEXT} */
    FIELD_SLIPS,
    FIELD_FILL, /* of board: forward, backward or both */
    FIELD_DRAW, /* a number of one's own: draw.h */
    FIELD_DRAWS,
    FIELD_STEP,
    FIELD_STEPS,
    FIELD_LESSON, /* the whole; the last */
    FIELD_TYPES
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
    int number; /* as people count them: a note, which is passed over, has the number of
                 * the step before it */
};

struct lesson {
    struct json_doc doc;
    int number;
    char *id; /* progress is kept by it */
    /* Where it stands, a whole path: data beside it is read there. NULL: it is not
     * known. */
    char *folder;
    bool own;        /* a person's: none of the program's */
    char edition[9]; /* the CRC of its file: another one may ask other things */
    struct step *steps;
    int n_steps;
    int n_shown; /* the last one's number */
};

const cJSON *lesson_field(const struct step *s, const char *name); /* or NULL */
const char *lesson_text(const cJSON *text, enum text_lang lang);   /* "" for NULL */
/* Letters, digits and -: files and tables are named by it. */
bool lesson_is_id(const char *id);
/* The place of the step of that number among the steps; n_steps: there is none. */
int lesson_find_step(const struct lesson *l, int number);
void lesson_free(struct lesson *l);

#endif
