/* expr: what a line of the language becomes: expressions, and the statements made of
 * them. An expression is a flat array of nodes, operands before the node that uses
 * them, the root last: walked by a loop, copied by memcpy, as deep as a formula likes.
 *
 * A program owns its statements; a statement owns its expressions (program_free frees
 * all). Expressions are shared by reference with the definitions made from them.
 */
#ifndef SYNTAX_EXPR_H
#define SYNTAX_EXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "engine/tensor.h"

enum expr_kind {
    EXPR_NUMBER, /* number */
    EXPR_VALUE,  /* tensor: what now(…) became */
    EXPR_NAME,   /* name */
    EXPR_GATE,   /* name is a gate's: operators and functions; kids: operands */
    EXPR_CALL,   /* name is a function of one's own, or now, zeros, normal …; kids */
    EXPR_LIST,   /* [a, b, c]; kids */
    EXPR_INDEX,  /* kids[0][kids[1], …]; a range is an EXPR_RANGE kid */
    EXPR_RANGE,  /* from .. to, both ends in; .. alone, without kids: all of them */
    EXPR_DERIVATIVE, /* d name / d wrt */
    EXPR_AT          /* kids[0] at the bindings in binds */
};

struct expr_bind { /* at w = 2; at w[0] = 2 has index kids */
    char *name;
    int first_index, n_index; /* among kids of the EXPR_AT node */
    int value;                /* node */
    struct place at;
};

struct expr_node {
    enum expr_kind kind;
    struct place at;
    double number;
    char *name, *wrt;
    bool partial; /* DERIVATIVE: ∂E/∂w, since dE/dw would be a quotient */
    struct tensor *tensor;
    int *kids, n_kids;
    int axis;     /* node of axis=, -1 where not given */
    char **words; /* size=3, pad=1: the words of the last n_words kids */
    int n_words;
    struct expr_bind *binds;
    int n_binds;
    int height; /* of the tree below: at most EXPR_HEIGHT */
};

#define EXPR_HEIGHT 1000

struct expr {
    int refs;
    struct expr_node *nodes;
    int n;
};

struct expr *expr_ref(struct expr *e);
void expr_unref(struct expr *e);
size_t expr_bytes(const struct expr *e); /* of memory, about; NULL is fine */
/* As a person would type it: "(w*x - y)^2". */
void expr_print(struct buf *b, const struct expr *e);
/* A tensor as the language reads it back, bit for bit: [[1, 0.1], [2, 0/0]]. */
void expr_print_numbers(struct buf *b, const struct shape *s, const real *v);

/* ---- statements ---- */

struct ref { /* w, W[0,1] */
    char *name;
    struct expr **index; /* EXPR roots, or EXPR_RANGE */
    int n_index;
    struct place at;
};

struct item { /* a text or an expression */
    char *text;
    struct expr *expr;
    struct place at;
};

struct axis { /* w from -3 to 5 by 1 */
    struct ref ref;
    struct expr *from, *to, *by;
};

enum clause_kind {
    CLAUSE_VALUE,
    CLAUSE_VS,
    CLAUSE_RANGE,
    CLAUSE_WITH,
    CLAUSE_AS,
    CLAUSE_INTO,
    CLAUSE_COLUMNS,
    CLAUSE_ALONE
};

struct clause {
    enum clause_kind kind;
    char *word;         /* "rate", "vs", "with" … */
    char *name;         /* with momentum: "momentum"; as contour: "contour" */
    struct expr *value; /* rate 0.1; with momentum 0.9 (or NULL) */
    char *text;         /* into "file.png" */
    struct item *items; /* x 1..3, "mark" */
    int n_items;
    struct axis *axes; /* vs w from -3 to 5, b; a bare range is one axis without name */
    int n_axes;
    struct place at;
};

enum stmt_kind {
    STMT_DEFINE,
    STMT_FUNCTION,
    STMT_PARAM,
    STMT_COMMAND,
    STMT_ITEMS,
    STMT_REPEAT
};

struct pdef { /* param W[2, 1] = xavier */
    char *name;
    struct expr **dims;
    int n_dims;
    bool shaped; /* had brackets */
    struct expr *value;
    struct place at;
};

struct stmt {
    enum stmt_kind kind;
    struct place at;
    char *source; /* the statement's own text */
    /* DEFINE: refs op exprs; FUNCTION: name(args) = exprs[0] */
    struct ref *refs;
    int n_refs;
    char op; /* '=', '-' (-=), '+' (+=) */
    struct expr **exprs;
    int n_exprs;
    char *name; /* function's name; REPEAT … as name; COMMAND's word */
    char **args;
    int n_args;
    struct pdef *pdefs;
    int n_pdefs;
    struct item *items; /* ITEMS, COMMAND */
    int n_items;
    struct clause *clauses;
    int n_clauses;
    struct expr *count;   /* REPEAT */
    struct program *body; /* REPEAT */
    const struct command *command;
    char *word; /* COMMAND: plot boundary h: "boundary"; or NULL */
};

struct program {
    struct stmt *stmts;
    int n;
};

void program_free(struct program *p);

#endif
