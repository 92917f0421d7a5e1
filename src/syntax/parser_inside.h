/* parser_inside: what the two halves of the parser share: parser.c reads statements,
 * parse_expr.c expressions. Every reader answers false (or -1) once p->error is set,
 * and the caller goes straight back; what was built so far is freed with its owner.
 */
#ifndef SYNTAX_PARSER_INSIDE_H
#define SYNTAX_PARSER_INSIDE_H

#include "base/map.h"
#include "syntax/lexer.h"
#include "syntax/parser.h"

struct parser {
    const char *text;
    const struct token *t; /* the token in hand; END is never passed */
    const struct token *first;
    const struct parse_world *world;
    struct map names; /* defined by this text: 1; 0 where it is so no more */
    bool counts;      /* 4강 is 4: a number's counter may stand behind it */
    int depth;        /* nesting, at most NESTING_MOST */
    struct error *error;
};

/* ---- tokens ---- */
bool parse_sees(const struct parser *p, const char *sign); /* is the token this sign? */
bool parse_is_sign(const struct token *t, const char *sign);
bool parse_takes(struct parser *p, const char *sign); /* the same, and goes past it */
bool parse_is_word(const struct parser *p, const struct token *t, const char *word);
void parse_next(struct parser *p);
char *parse_slice(const struct parser *p, const struct token *t); /* its text; owned */
char *parse_text(const struct parser *p, const struct token *t);  /* without quotes */

/* ---- complaints; each returns false ---- */
bool parse_fail(struct parser *p, const struct token *t, struct error *e);
bool parse_unexpected(struct parser *p); /* the token in hand has no place here */
/* Goes past a closing bracket, or complains about the open one. */
bool parse_closes(struct parser *p, const struct token *open, const char *sign);
bool parse_enters(struct parser *p); /* one level deeper; p->depth-- leaves it */

/* ---- names ---- */
bool parse_knows(const struct parser *p, const char *name);

/* ---- expressions: *out owned ---- */
bool parse_expr(struct parser *p, struct expr **out);  /* with `at` */
bool parse_cmp(struct parser *p, struct expr **out);   /* without */
bool parse_index(struct parser *p, struct expr **out); /* a cmp or a range */

/* The rest of a command, whose row is s->command already. */
bool parse_command(struct parser *p, struct stmt *s);

/* Is there memory for one more of what PARSE_MORE has n of, and for what it owns? */
bool parse_has_room(struct parser *p, int n, size_t size);
/* Makes room for one more, zeroed, at the end of an array; returns it. */
void *parse_more(void *array, int *n, size_t size);
#define PARSE_MORE(array, n) \
    ((array) = parse_more((array), &(n), sizeof *(array)), &(array)[(n)-1])

#endif
