/* result: what a student hands in: one JSON file that a person can read, made from the
 * progress of one or more lessons. THE TABLES of its fields (result.c) are the only
 * list of them: the file is written and read by them, the preview and the CSV of a
 * class are made from them.
 *
 *     struct result_file r = {.id = "20251234", …};        // or result_read
 *     struct buf b = {0};
 *     result_write(&r, &b);                           // the file
 *     struct error *e = result_read(text, n, "a.json", &r);   // takes text
 *     result_free(&r);
 *
 * {
 *  "learn-result": 1,
 *  "program": "0.1",
 *  "made": "2026-11-27T14:32:07+09:00",
 *  "student": {"id": "20251234", "name": "김민지"},
 *  "lessons": [
 *   {"id": "gradient-descent", "number": 3, …, "questions": [
 *     {"name": "e-at-2", "kind": "predict", "result": "solved", "tries": 2, …,
 *      "wrong": ["2"], "slips": [], "told": ["mistake.pow.double"]},
 *     …]}],
 *  "drills": [{"drill": "backward", "level": 3, "right": 7, "tried": 9,
 *              "mistake": "mistake.mul.own"}, …],        (where any was practised)
 *  "crc32": "b1946ac9"
 * }
 *
 * The CRC is of all before its own line, without carriage returns and a mark at the
 * start (mail and spreadsheets change those). It shows damage, not who wrote the file.
 */
#ifndef CLASSROOM_RESULT_H
#define CLASSROOM_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "lesson/record.h"

/* The most that is read: bytes of a file, questions and lessons in it, characters of a
 * text. */
enum {
    RESULT_MOST = 1 << 20,
    RESULT_QUESTIONS = 2000,
    RESULT_DRILLS = 100,
    RESULT_CHARACTERS = 80
};

/* All strings are owned, and of one safe line (result_line). */
struct result_question {
    char *name, *kind;
    struct record record;
};

struct result_lesson {
    char *id, *edition, *lang, *began;
    double number, seconds;
    bool done;
    struct result_question *questions;
    int n_questions;
};

/* A kind of drill that was practised. */
struct result_drill {
    char *drill, *mistake; /* the commonest one's key, or "" */
    int level, right, tried;
};

struct result_file {
    char *program, *made, *id, *name;
    struct result_drill *drills;
    int n_drills;
    struct result_lesson *lessons;
    int n_lessons;
};

/* ---- the tables ---- */

enum result_type {
    RESULT_TEXT,    /* char * */
    RESULT_NUMBER,  /* double, whole */
    RESULT_COUNT,   /* int */
    RESULT_TRUTH,   /* bool */
    RESULT_MISTAKE, /* char *: a mistake's key (drill_mistake) */
    RESULT_OUTCOME, /* int: "open", "skipped", "solved" */
    RESULT_WRONG,   /* a record's texts */
    RESULT_SLIPS,   /* a record's numbers, from 0 as the lesson has them */
    RESULT_TOLD     /* a record's mistakes, by key; an older file has none */
};

struct result_field {
    const char *name; /* in the file; the sentence `result.NAME` is its head */
    enum result_type type;
    size_t at; /* in its struct */
};

/* Each ends with a row without a name. */
extern const struct result_field result_head[],
    result_student[];                               /* struct result_file */
extern const struct result_field result_lesson[];   /* struct result_lesson */
extern const struct result_field result_question[]; /* struct result_question */
extern const struct result_field result_drill[];    /* struct result_drill */

/* Where it is in its struct. */
const void *result_at(const struct result_field *field, const void *of);
/* The value of a field as plain text; the parts of a list with "; " between. */
void result_add(struct buf *b, const struct result_field *field, const void *of);
/* "open", "skipped", "solved" */
const char *result_word(int outcome);

/* ---- the file ---- */

void result_write(const struct result_file *r, struct buf *b);
/* n bytes with a zero behind them, which it takes over; path: what they are called. */
struct error *result_read(char *text, size_t n, const char *path,
                          struct result_file *r);
void result_free(struct result_file *r);

/* A person's text as it is kept: one line, composed (NFC), without what can't be seen
 * or controls, no spaces around it, cut. The caller owns it. */
char *result_line(const char *s);

#endif
