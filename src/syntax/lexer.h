/* lexer: text to tokens, all at once: names, numbers, "texts", signs and line ends. A
 * token that cannot be read is TOKEN_BAD with the key of its error: the parser
 * complains only if it needs it (`help what?` keeps the rest of its line as it is).
 *
 * The text is borrowed and already normalised; the tokens are the caller's to free.
 * Line ends on end are one token, and reading ends where more brackets are open than
 * any parser goes into, so that a flood of either takes no room.
 */
#ifndef SYNTAX_LEXER_H
#define SYNTAX_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

enum token_kind {
    TOKEN_END,
    TOKEN_LINE, /* a newline or ; (a newline inside ( or [ is no token) */
    TOKEN_NUMBER,
    TOKEN_NAME,
    TOKEN_TEXT,
    TOKEN_SIGN,
    TOKEN_BAD
};

struct token {
    enum token_kind kind;
    struct place at;
    size_t start, end; /* bytes of the text */
    bool spaced;       /* something stands between it and the token before */
    double number;
    char sign[4];    /* "<=", "∂" */
    const char *bad; /* key of the error */
};

struct tokens {
    struct token *list; /* n of them, the last one TOKEN_END */
    size_t n;
    bool unfinished;     /* an open bracket or text at the end */
    bool cut;            /* there are more of them than were asked for */
    struct error *error; /* there is no memory for more of them; the caller's to free */
};

/* Brackets within brackets, and everything else that nests. */
#define NESTING_MOST 200

/* Up to `most` of them, END not counted. */
struct tokens lexer_read(const char *text, size_t most);
/* Of a text that comes line by line, each of which is read once: is it unfinished?
 * open: what is open before this line, and then after it; empty before the first. */
bool lexer_goes_on(struct buf *open, const char *line);
void tokens_free(struct tokens *t);

#endif
