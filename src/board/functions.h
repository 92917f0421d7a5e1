/* functions: THE TABLE of what the language has and is no gate: functions that make a
 * value while the graph is built, layers that own weights, the ways to draw a
 * parameter, pi. To add one: a row in functions.c, and its sentence call.NAME.
 *
 *     const struct call *row = call_find("xavier");   // row->draw: of one weight
 */
#ifndef BOARD_FUNCTIONS_H
#define BOARD_FUNCTIONS_H

#include "base/near.h"
#include "base/random.h"
#include "board/builder.h"

/* What a layer owns, O.W and O.b: their shapes and how they are drawn at first. */
struct layer_parts {
    int n;
    struct {
        const char *name;
        struct shape shape;
        const char *drawn; /* "xavier"; NULL: uniform(−spread, spread) */
        double spread;
        bool told;    /* init=… says it instead */
        bool average; /* no parameter: a value, that updates move by themselves */
    } part[4];
};

struct call {
    const char *name, *example;
    int min, max; /* arguments */
    int settings; /* of which so many come before the shape */
    bool draws;   /* throws dice: a line with it is worked out now */
    bool value;   /* names nothing on the board: a line of such is worked out now */
    bool frozen;  /* a definition keeps its value of that moment: now(E) */
    bool of_name; /* its argument is a name, not that name's value: is_param(w) */
    enum def_kind kind; /* and this is what it is asked to be */
    double constant;    /* what it is; where there is no build */
    struct error *(*build)(struct builder *b, const struct expr *e,
                           const struct expr_node *x, const struct call *row,
                           struct scope *s, const struct locals *l, struct node **out);
    /* One element, after the settings; in, out: how many numbers come in and go out of
     * each (1 but for a parameter). With it `param W[2] = NAME` is a way to draw W. */
    double (*draw)(struct dice *d, const double *setting, double in, double out);
    const char *words; /* "size stride pad": what may be given as size=3 */
    /* A layer's own parts, from the shape of what goes in and how many units it is told
     * to have (1 where it is told of none). NULL: it owns none. */
    struct error *(*parts)(struct builder *b, const struct expr *e,
                           const struct expr_node *x, const struct shape *given,
                           size_t units, struct layer_parts *to);
    const char *owns; /* what a layer owns, in its gate's order: "W b" */
    bool or_given;    /* where the second operand is a tensor, that is the weights */
};

const struct call *call_find(const char *name);
size_t call_count(void);
const struct call *call_at(size_t i);
bool call_draws(const struct expr *e);
bool call_constant(const char *name, double *out); /* pi */
/* Is it a function of the language: a gate that is called, or a row here? */
bool function_is(const char *name);
/* Each of them once: from *at = 0 on, until NULL. */
const char *function_next(size_t *at);
/* Does e name anything of the board (names, derivatives, layers)? NULL: any name. */
bool function_names(const struct expr *e, const char *name);
/* NULL, where this function, or gate, knows the word of `word=…`. */
struct error *function_check_word(const char *function, const char *word);

/* What to say of a name that means nothing here; the board's names and the functions
 * are what may have been meant. */
struct error *name_unknown(const struct board *b, const char *name);
void name_near(const struct board *b, struct near *n);

#endif
