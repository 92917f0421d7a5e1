/* session: one person at one board: what they type comes in, what is answered goes out.
 * The same session serves the prompt, -c, scripts, lessons and tests.
 *
 *     struct session *s = session_open(&out, tables);
 *     bool ok = session_run(s, "param w = 3; w^2", NULL);
 *     session_close(s);
 *
 * Commands are rows (struct command) in tables that the rooms export and main joins.
 */
#ifndef BOARD_SESSION_H
#define BOARD_SESSION_H

#include <signal.h>

#include "board/board.h"
#include "board/compile.h"
#include "text/out.h"

struct session;

enum command_flags {
    COMMAND_CHANGES = 1, /* what it does can be undone */
    COMMAND_FILES = 2,   /* writes or reads files: a lesson's own lines may not */
    COMMAND_HIDDEN = 4,  /* not in help's list (synonyms) */
    COMMAND_KEEPS = 8,   /* on an error or Ctrl-C what was done so far is kept */
    COMMAND_WORDS = 16,  /* operands are bare words, kept as a text item: help word */
    COMMAND_KINDS = 32   /* its first operand may be a kind: plot boundary h */
};

struct command {
    const char *name;
    const char *ko;      /* the Korean word for it, or NULL */
    const char *args;    /* "E rate 0.1 steps 20 [every 5] …" as help shows it */
    const char *clauses; /* "rate steps every until with": words it understands */
    /* run by the tests, after "x = 1; y = 1; param w = 3; h = w*x; E = (h - y)^2" */
    const char *example;
    unsigned flags;
    struct error *(*run)(struct session *s, const struct stmt *c);
};
/* text: "command.NAME" is its one-line help; "command.NAME.more" (optional) the
 * rest. */

struct session {
    struct out *out;
    struct board *board;
    /* NULL-ended; each ends with a row without name */
    const struct command *const *tables;
    volatile sig_atomic_t *stop; /* set by Ctrl-C; a long command looks at it */
    const char *file;            /* the script being run, or NULL */
    int depth;                   /* scripts within scripts */
    bool sandbox;                /* a lesson's own line: no files */
    bool sandbox_scripts; /* what `run` reads may not touch files either: lint's */
    bool interactive;     /* a person is typing */
    bool echo;        /* lines that are read are shown, as a session looks: --echo */
    int threads;      /* that training may use */
    bool quit;        /* quit was said */
    int status;       /* exit status so far */
    const char *home; /* lessons and so on: the folder of the program's own files */
    struct lesson_play *lesson; /* the lesson in hand (lesson room), or NULL */
    struct plotter *plotter;    /* gnuplot (plot room), or NULL until needed */
    void *shell;                /* the prompt's own */
    void (*close_lesson)(struct session *s); /* set by the rooms that open these */
    void (*close_plotter)(struct session *s);
};

struct session *session_open(struct out *out, const struct command *const *tables);
void session_close(struct session *s);
/* Runs a text: one line, or a whole script; prints errors. False where one stopped
 * it. */
bool session_run(struct session *s, const char *text, const char *file);
/* The same, without printing the error: the caller owns it. */
struct error *session_try(struct session *s, const char *text, const char *file);
const struct command *session_command(struct session *s, const char *word);
bool session_stopped(struct session *s); /* Ctrl-C was hit */
/* For parsing by the rooms above. */
struct error *session_parse(struct session *s, const char *text, struct program **out);

/* ---- helpers for commands ---- */

const struct clause *stmt_clause(const struct stmt *c, const char *word); /* or NULL */
/* The clause's number, or otherwise where it is not given. */
struct error *stmt_number(struct session *s, const struct stmt *c, const char *word,
                          double otherwise, double *out);
/* The command's one operand, which must be an expression (not a text). */
struct error *stmt_expr(const struct stmt *c, const struct expr **out);
/* A name for what an expression is, to print: "E", "mean(E)". Caller frees. */
char *stmt_title(const struct expr *e);

extern const struct command language_commands[];

#endif
