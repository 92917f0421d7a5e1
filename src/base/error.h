/* error: what went wrong, where, and what to try: made where the fault is noticed.
 *
 * Functions that can fail on a person's input return `struct error *`: NULL is success;
 * otherwise the caller owns it. An error holds a key and named values, not a sentence,
 * so that it is shown in the language of the moment: text/words has "error.KEY"
 * (what) and, where there is advice, "error.KEY.try" (what to try). Where it says what
 * is "near", or all that is "known" and a word of that is near "name", the advice is
 * "error.KEY.near", or "error.near": did you mean it? (near.h)
 *
 *     return error_new("unknown-optimiser", "name", "adm", "known", "sgd, adam", NULL);
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#define ERROR_ARGS 8

/* Where in a source text. line and column count from 1; 0 is nowhere. column and length
 * count characters (code points), so that a caret stands right after Hangul too. */
struct place {
    int line, column, length;
};

struct error {
    const char *key; /* a literal */
    size_t count;
    const char *names[ERROR_ARGS]; /* literals */
    char *values[ERROR_ARGS];      /* owned */
    struct place at;
    char *file; /* owned; NULL: what was typed */
    char *line; /* owned; what stands round the place in its line, for the caret */
    int cut;    /* characters of that line before it */
    const char *label; /* a literal before its sentence: "warning"; or NULL */
    bool whole;        /* the script that it ends was to run whole or not at all */
    bool of_file;      /* a file was read whole, and is not what it should be */
};

/* Pairs of name and value, all `const char *`, ended by NULL. */
struct error *error_new(const char *key, ...) __attribute__((sentinel));
/* Sets the place where none is set yet; returns e. */
struct error *error_at(struct error *e, struct place at);
/* `line` is where the place's line begins, in a longer text or not. What stands near
 * the place is kept, however long the line. */
void error_set_line(struct error *e, const char *line);
const char *error_value(const struct error *e, const char *name); /* or NULL */
/* Is it no fault, but that Ctrl-C was hit? "stopped" and "stopped-…" are the keys. */
bool error_is_stop(const struct error *e); /* NULL is none */
/* Was it for want of memory, not for what was asked? Then nobody takes it for a no. */
bool error_is_short(const struct error *e);
void error_free(struct error *e);

#endif
