/* command: what a command is: a row in a table. Each room exports the rows of its work,
 * main joins them. Help, completion, the manual page and the parser read the rows. To
 * add one: a row and a function in the commands.c of the room whose work it does.
 *
 *     {"step", "한걸음", "E rate 0.1", "rate with", "step E rate 0.1", COMMAND_CHANGES,
 *      descend_step_command, descend_offer}
 *
 * Beside it, what a function of a command asks of the statement that it is given.
 */
#ifndef SYNTAX_COMMAND_H
#define SYNTAX_COMMAND_H

#include "syntax/expr.h"

struct session;
struct offer;

enum command_flags {
    COMMAND_CHANGES = 1,  /* what it does can be undone */
    COMMAND_FILES = 2,    /* writes or reads files: a lesson's own lines may not */
    COMMAND_HIDDEN = 4,   /* not in help's list (synonyms) */
    COMMAND_WORDS = 16,   /* operands are bare words, kept as a text item: help word */
    COMMAND_NAMES = 8,    /* makes names, or takes them away */
    COMMAND_STAGE = 64,   /* for whoever presents a script: not shown with it */
    COMMAND_WRITES = 128, /* the file it names is written */
    COMMAND_ENDS = 256,   /* nothing of a script is run behind it */
    COMMAND_BARE = 512,   /* the word of its clause may be left out: lesson 10 6 */
    COMMAND_DRAWS = 1024, /* shows a drawing: shown again where a lesson goes on */
    COMMAND_MOVES = 2048, /* leaves where one is, or comes back: alone on its line */
    COMMAND_KINDS = 32    /* its first operand may be a kind: plot boundary h */
};

struct command {
    const char *name;
    const char *ko;   /* the Korean word for it, or NULL */
    const char *args; /* "E rate 0.1 steps 20 [every 5] …" as help shows it */
    /* "rate steps every until with": words it understands; behind a | those that no
     * value follows */
    const char *clauses;
    /* run by the tests, after "x = 1; y = 1; param w = 3; h = w*x; E = (h - y)^2" */
    const char *example;
    unsigned flags;
    struct error *(*run)(struct session *s, const struct stmt *c);
    /* What Tab offers behind the word `before` (NULL: behind the command itself).
     * False: names and the words of clauses as well, as where this is NULL. */
    bool (*offer)(struct session *s, const char *before, struct offer *to);
};
/* text: "command.NAME" is its one-line help; "command.NAME.more" (optional) the
 * rest. */

const struct clause *stmt_clause(const struct stmt *c, const char *word); /* or NULL */
/* The command's one operand, which must be an expression (not a text). */
struct error *stmt_expr(const struct stmt *c, const struct expr **out);
/* The command's one operand, which must be a text: the name of a file. */
struct error *stmt_file(const struct stmt *c, const char **out);
/* A name for what an expression is, to print: "E", "mean(E)". Caller frees. */
char *stmt_title(const struct expr *e);

#endif
