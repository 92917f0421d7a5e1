/* lesson: loading, playing, linting and the progress of lessons; commands in
 * commands.c.
 *
 * A lesson in hand stands between what is typed and the session: lesson_line gets each
 * line first. It answers where it waits for an answer (a bare number, a choice, Enter);
 * any other line is for the session to run on the lesson's own board, after which a
 * `try` is judged by the state.
 *
 *     struct error *e = lesson_open(s, "3", NULL);   // shows its first steps
 *     struct typed t = session_read(s, "1", false);
 *     lesson_line(s, &t);                       // an answer; or a line
 *
 * Inside: load (files), steps (THE TABLE of kinds), play (the lesson in hand), mark
 * (boards to come back to), resume and progress (what is kept), lint, new.
 */
#ifndef LESSON_LESSON_H
#define LESSON_LESSON_H

#include "board/session.h"

extern const struct command
    lesson_commands[]; /* learn lesson lessons next prev hint … */

/* Feeds one line a person typed: to the lesson if one is in hand and wants it, else to
 * the session. False where the line failed. */
bool lesson_line(struct session *s, struct typed *t);
/* Is the line, typed behind an open bracket, a word for us (hint, help w, 힌트요),
 * which could be nothing else there? */
bool lesson_is_called(struct session *s, const char *line);
/* Could that be a lesson: a number, or the path of a .json file? */
bool lesson_is_named(const char *word);
/* Its file, which the caller frees. */
struct error *lesson_file(struct session *s, const char *word, char **path);
/* Opens it at its saved step (or at `step`, a number from 1 or a name; NULL: none is
 * wanted), shows it. */
struct error *lesson_open(struct session *s, const char *word, const char *step);
/* The command `progress`: of the lessons. */
struct error *lesson_progress(struct session *s, const struct stmt *c);
/* The lesson to offer: the last unfinished one, else lesson 0. *begun: it is one
 * (begun may be NULL). */
int lesson_suggested(struct session *s, bool *begun);
/* The prompt to show ("learn 3.7> "), or NULL where no lesson is in hand. */
const char *lesson_prompt(struct session *s);
/* Types the lesson in hand through to its end as a student would: a transcript. With
 * the solutions at once; every wrong answer first; or every hint first. 1 where a
 * solution does not lead on, otherwise 0. */
enum lesson_pass { LESSON_SOLUTIONS, LESSON_WRONG, LESSON_HINTS, LESSON_PASSES };
int lesson_type(struct session *s, enum lesson_pass pass);
/* learn new lesson [NAME]: writes NAME.json here; NULL: my-lesson. */
struct error *lesson_new(struct session *s, const char *name);
/* learn lint FILE…: prints what it finds; how much that is. */
struct lint_found {
    int faults, warnings;
    int step;   /* the first that something was found in, from 1; 0: none */
    bool plays; /* its shape is right, so it can be played */
};
/* at_once: what reading finds is said before it is played. */
struct lint_found lesson_lint(struct out *o, const struct command *const *tables,
                              const char *home, const char *path, bool at_once);
/* learn lint --watch FILE…: at every save, until q. The exit status. */
struct lint_order {
    struct out *out;
    const struct command *const *tables;
    const char *home;
    char **paths;
    int n;
    /* A person plays it from a step on, and leaves; the shell's, in a child. */
    void (*play)(void *self, const char *path, const char *step);
    void *self;
};
int lesson_watch(const struct lint_order *order);

/* Prints the JSON Schema of lesson files, for editors. */
#define LESSON_SCHEMA "https://json-schema.org/draft/2020-12/schema"
void lesson_schema(struct out *o);

#endif
