/* board: the definitions a person has made, by name: parameters, values, formulas, own
 * functions. A definition is never changed, only replaced by another, and the board
 * writes down what was there: that is undo.
 *
 * Owner: the session (a lesson has a board of its own). Definitions are shared by
 * reference.
 */
#ifndef BOARD_BOARD_H
#define BOARD_BOARD_H

#include <stdint.h>

#include "base/map.h"
#include "base/random.h"
#include "data/packed.h"
#include "engine/run.h"
#include "syntax/expr.h"

enum def_kind { DEF_VALUE, DEF_PARAM, DEF_FORMULA, DEF_FUNCTION };

/* How a parameter will be drawn: large ones wait until somebody looks, so that VGG-16
 * can be summed up without its memory. */
struct undrawn {
    double (*draw)(struct dice *d, const double *setting, double in, double out);
    struct dice dice;
    double setting[2], in, out; /* in, out: numbers that come in and go out */
};

/* So many numbers. False: left half-way (base/interrupt.h). */
bool undrawn_draw(struct undrawn *u, real *to, size_t n);

/* The set of the table that a value came from, which makes it again: the line that
 * brought it, and the seed of then. */
struct def_source {
    const char *set; /* a literal; NULL: none */
    double test;     /* the share asked for; negative: none was */
    uint64_t seed;
    size_t classes; /* y's, where it was said that it is classes, or seen; else 0 */
};

struct def {
    int refs;
    enum def_kind kind;
    struct shape shape;
    struct tensor *value;     /* VALUE, PARAM; by def_tensor: it may wait to be drawn */
    struct packed *packed;    /* VALUE: a set of pictures, instead of value */
    struct def_source source; /* VALUE: while it is as `use` brought it */
    struct undrawn undrawn;
    struct tensor *half; /* of undrawn: Ctrl-C came while it was drawn; or NULL */
    struct expr *expr;   /* FORMULA, FUNCTION; PARAM: how it is drawn (or NULL) */
    char **args;         /* FUNCTION */
    int n_args;
    uint64_t draws; /* how often this name has thrown its dice */
    bool broken;    /* a redefinition elsewhere left it without sense */
    bool sized;     /* FORMULA: its shape hangs on numbers of others: zeros(n), X[i] */
};

struct slot {
    char *name;
    struct def *def;  /* NULL: not defined (now) */
    unsigned journal; /* the line that already saved it */
};

/* What else a line can change: settings, dice, the last run. */
struct board_state {
    uint64_t seed, draws;
    struct run *run; /* the last descent, or NULL; shared */
    size_t run_step; /* where in it we stand */
    /* columns chosen with `watch`; counted by n_watch; shared refs */
    struct expr **watch;
    int n_watch;
};

struct board;
struct board *board_new(void);
void board_free(struct board *b);

const struct def *board_get(const struct board *b, const char *name); /* NULL: none */
size_t board_count(const struct board *b); /* slots, in order of first definition */
const struct slot *board_at(const struct board *b, size_t i);
/* Exchanges what a name stands for: takes over one reference to def (NULL removes).
 * What stands on the name is names_set's care (names.h), the way to set one. */
void board_set(struct board *b, const char *name, struct def *def);
void board_reset(struct board *b);

const struct board_state *board_state(const struct board *b);
/* Saves the state for undo and gives it to be changed. */
struct board_state *board_change_state(struct board *b);
/* Replaces the state's run (takes over the reference; may be NULL) and step. */
void board_set_run(struct board *b, struct run *run, size_t step);

/* Lines: what happens between begin and end is undone as one. End is false where
 * nothing changed. Lines may nest; the outermost counts. label is the line's text. */
void board_begin(struct board *b, const char *label);
bool board_end(struct board *b);
const char *board_undo(struct board *b); /* the line undone, or NULL */
const char *board_redo(struct board *b);

struct def *def_new(enum def_kind kind);
/* takes the reference */
struct def *def_value(enum def_kind kind, struct tensor *value);
struct def *def_packed(struct packed *pictures); /* a VALUE; takes the reference */
struct def *def_copy(const struct def *d); /* one fresh reference, to change and set */
/* The same with other numbers, of its shape; takes the reference. */
struct def *def_with(const struct def *d, struct tensor *value);
struct def *def_ref(const struct def *d);
void def_unref(struct def *d);

/* The numbers of a VALUE or PARAM (borrowed), drawn or unpacked now where they
 * waited. */
const struct tensor *def_tensor(const struct def *d);
/* Has them drawn or unpacked, or says that there is no memory for it: before def_tensor
 * of what may be large. */
struct error *def_hold(const struct def *d);
/* Rows of a VALUE (of its first dimension), without unpacking the others. */
void def_read(const struct def *d, size_t from, size_t rows, real *to);
/* All numbers of a VALUE or PARAM in their order, some at a time; what waits to be
 * drawn or unpacked goes on waiting. After Ctrl-C not all of them. */
void def_stream(const struct def *d, void (*take)(void *to, const real *v, size_t n),
                void *to);

enum { LARGE_VALUE = 1 << 18 }; /* numbers */
/* Of these it is known whether one stands on the board, without looking through it. */
enum board_has {
    HAS_LARGE, /* a value that is better worked with in chunks (chunks.h) */
    HAS_BROKEN,
    HAS_SIZED,
    HAS_KINDS
};
bool board_has(const struct board *b, enum board_has kind);

#endif
