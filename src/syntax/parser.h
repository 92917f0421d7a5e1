/* parser: text to program, statement by statement; every complaint has a place.
 *
 * What is a command, and which names exist (for `dE/dw` against a division) the parser
 * asks through struct parse_world, so it needs no board.
 */
#ifndef SYNTAX_PARSER_H
#define SYNTAX_PARSER_H

#include "syntax/expr.h"

struct command;

struct parse_world {
    void *context;
    const struct command *(*command)(void *context, const char *word); /* or NULL */
    bool (*is_name)(void *context, const char *name);
    /* of the language itself: not to be given as a name */
    bool (*is_function)(void *context, const char *name);
    /* size=3, axis=1: NULL, where this function knows such a word */
    struct error *(*check_word)(void *context, const char *function, const char *word);
    /* What to say of a line that begins with a word which means nothing: the command
     * that was meant; NULL where none is near. */
    struct error *(*no_command)(void *context, const char *word);
};

/* The text is normalised (normalise) already; *out is owned by the caller. unfinished:
 * NULL; or it is set where an open ( [ { or "… wants another line, and nothing is read
 * then. */
struct error *parse_program(const char *text, const struct parse_world *world,
                            bool *unfinished, struct program **out);

/* The i-th word that begins a statement and is no command: param, repeat; or NULL. */
const char *parse_statement_word(size_t i);

#endif
