/* options: what stands after `learn` on the command line.
 *
 *     struct options o;
 *     struct error *e = options_read(argc, argv, &o);    // wrong usage
 *     char *words = options_usage(out);      // how it is used; the caller frees it
 */
#ifndef SHELL_OPTIONS_H
#define SHELL_OPTIONS_H

#include <stdbool.h>

#include "base/error.h"
#include "text/out.h"

/* What the first word asks for. To add one: a row of jobs in options.c, its sentence
 * `job.WORD` in text/words/shell.json, and in main what it does. */
enum job {
    JOB_LESSON,
    JOB_DRILL,
    JOB_PRESENT,
    JOB_RUN,
    JOB_NEW,
    JOB_LINT,
    JOB_SUBMIT,
    JOB_NOTES,
    JOB_REPORT,
    JOB_HANDOUT,
    JOB_WORKSHEET,

    JOBS,
    JOB_PROMPT = JOBS,
    JOB_UNKNOWN
};

struct options {
    const char *lang, *line; /* --lang's word; -c's text; or NULL */
    const char *record;      /* a file, or NULL */
    int pass; /* of a lesson that types itself, or -1: --type solutions|wrong|hints */
    const char *id, *name, *to; /* --id, --name, -o: a student's, and a file */
    const char *csv, *grades, *html, *roster; /* files of a report, or NULL */
    const char *completion;                   /* a shell, or NULL */
    int only, require, points; /* --lesson, --require: a lesson's number, or -1 */
    bool yes, answers, teacher, mine;
    const char *live; /* where learn stands as a page; or NULL */
    bool both;        /* --lang both */
    bool watch;       /* lints at every save */
    bool strict;      /* a warning is a fault */
    const char *step; /* --step's: of a lesson, its number or name; or NULL */
    bool plain, echo, help, version, manual, commands, schema;
    enum job job;
    char **words; /* behind the job's own: 3, mine.json; demo.learn; FILE… */
    int n_words;

    /* of a talk */
    const char *from;       /* a step */
    double automatic, pace; /* seconds; less than 0: not given */
    int speed;              /* of typing; less than 0: not given */
    int rows, columns;      /* of a terminal that there is not; 0: not given */
    bool loop, anyway;
};

/* A row of the table: an option as it is written, and what it wants. */
struct option_row {
    const char *name;     /* "lang": --lang; NULL: it has only a letter */
    char letter;          /* 'c': -c; 0: none */
    const char *argument; /* as help shows it, or NULL: it wants none */
    const char *key;      /* of the sentence that says what it does */
    size_t field; /* in struct options: a bool, or a const char * with argument */
    bool (*take)(struct options *o,
                 const char *argument); /* or so; false: wrong usage */
    unsigned jobs; /* 1 << JOB_…: the words it may follow; 0: it may stand anywhere */
};

extern const struct option_row option_rows[]; /* ends with a row without a key */

/* Options may stand before and after the words; argv is put in another order, and the
 * words are borrowed from it. */
struct error *options_read(int argc, char **argv, struct options *o);
/* The word where a job's could stand is none, or too much or too little follows it. */
struct error *options_no_word(const char *word);
/* Its first word: "lesson". */
const char *options_job(enum job job);
/* That what stands there is none of what the row wants. */
struct error *options_wants(const struct option_row *row);
/* "--lang en|ko" */
void options_add_form(struct buf *b, const struct option_row *row);
/* How it is used: a line for each first word. */
void options_add_usage(struct buf *b, struct out *out);
/* The same with the options. */
char *options_usage(struct out *out);

#endif
