/* session: the context of one person at one board, handed to every command: what is
 * defined, where answers go, which commands there are. The same session serves the
 * prompt, -c, scripts, lessons and tests. What runs a line stands in session/run.h.
 *
 *     struct session *s = session_open(&out, tables);
 *     bool ok = session_run(s, "param w = 3; w^2", NULL);    // session/run.h
 *     session_close(s);
 *
 * The session owns its board; out and the tables are the caller's.
 */
#ifndef BOARD_SESSION_H
#define BOARD_SESSION_H

#include <signal.h>

#include "base/near.h"
#include "board/board.h"
#include "syntax/command.h"
#include "text/out.h"

/* What rooms above keep in a session, of which it knows nothing more: closed with
 * it. */
typedef void session_closer(struct session *s, void *state);
struct session_slot {
    session_closer *close;
    void *state;
};
enum { SESSION_SLOTS = 4 }; /* one for each such room */

struct session {
    struct out *out;
    struct board *board;
    /* NULL-ended; each ends with a row without name */
    const struct command *const *tables;
    const struct command *first; /* the one of what is open, or NULL: help's first */
    volatile sig_atomic_t *stop; /* set by Ctrl-C; a long command looks at it */
    const char *file;            /* the script being run, or NULL */
    int depth;                   /* scripts within scripts */
    bool sandbox;                /* a lesson's own line: no files, but … */
    const char *beside;          /* … data in its folder; NULL: none there */
    bool sandbox_scripts; /* what `run` reads may not touch files either: lint's */
    bool interactive;     /* a person is typing */
    bool hushed; /* definitions do not answer: in repeat, in a lesson's lines */
    bool mends;  /* what no longer fits is made anew by lines that follow */
    bool echo;   /* lines that are read are shown, as a session looks: --echo */
    bool shown;  /* and those of the script that is run, each before it runs */
    int threads; /* that training may use */
    bool quit;   /* quit was said */
    int status;  /* exit status so far */
    /* Before a lesson opens: true where something else is asked first, and opens it. */
    bool (*before)(struct session *s, const char *lesson, bool at_prompt);
    /* A line that nobody typed, and that the arrow up is to bring back; or NULL. */
    void (*remember)(const char *line);
    const char *home; /* lessons and so on: the folder of the program's own files */
    struct session_slot slots[SESSION_SLOTS];
};

struct session *session_open(struct out *out, const struct command *const *tables);
void session_close(struct session *s);
/* A room's own, found by the function that closes it; NULL: it keeps nothing. */
void *session_state(const struct session *s, session_closer *close);
void session_keep(struct session *s, session_closer *close, void *state);
/* The row of a command's word, in either language; or NULL. */
const struct command *session_command(struct session *s, const char *word);
/* The commands, and what else begins a statement, are what may have been meant. */
void session_near(struct session *s, struct near *n);
bool session_stopped(struct session *s); /* Ctrl-C was hit */
/* What was typed, made clean and read once, at the door, and handed on from there. */
struct typed {
    char *clean;             /* owned; as normalise makes it */
    struct program *program; /* owned; NULL: it can't be read, or is unfinished */
    struct error *error;     /* owned; why it can't */
    bool unfinished;         /* an open bracket or text wants another line */
};

/* Reads a text against today's names and commands. more: another line may come, so an
 * unfinished one is no error. */
struct typed session_read(struct session *s, const char *text, bool more);
void typed_free(struct typed *t);
/* The same, where only the program is wanted. */
struct error *session_parse(struct session *s, const char *text, struct program **out);
/* A clause's number, or otherwise where it is not given. */
struct error *stmt_number(struct session *s, const struct stmt *c, const char *word,
                          double otherwise, double *out);
/* A clause's whole number, from least to most; *out stays as it is where it is not
 * given. word NULL: the command's one operand. */
struct error *stmt_whole(struct session *s, const struct stmt *c, const char *word,
                         double least, double most, size_t *out);

#endif
