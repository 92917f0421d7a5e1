/* sym: formulas that simplify themselves as they are made: numbers folded, 0 and 1
 * dropped, like terms and powers merged, the number first, then formulas, then names:
 * 2·(w·x − y)·x. There is no quotient: a / b is a·b^-1 and printed as a quotient.
 *
 * Everything lives in one arena and is never changed once made, so parts are shared.
 *
 *     struct sym *two_x = sym_product(a, (struct sym *[]){sym_number(a, 2), x}, 2);
 *     sym_print(&b, sym_power(a, two_x, sym_number(a, 2)), SYM_NAMES, 6);
 */
#ifndef EXPLAIN_SYM_H
#define EXPLAIN_SYM_H

#include "base/buf.h"
#include "engine/graph.h"

enum sym_kind { SYM_NUMBER, SYM_NODE, SYM_SUM, SYM_PRODUCT, SYM_POWER, SYM_CALL };

struct sym {
    enum sym_kind kind;
    double number;           /* NUMBER */
    const struct node *node; /* NODE: stands for its value; CALL: whose attr it has */
    const struct gate *gate; /* CALL */
    struct sym **kids;       /* POWER: base and exponent */
    int n;
    uint64_t hash;
    size_t weight; /* of the formula written out; grows no further than SYM_HEAVY */
};

#define SYM_HEAVY 1000

struct sym *sym_number(struct arena *a, double v);
struct sym *sym_node(struct arena *a, const struct node *n);
struct sym *sym_sum(struct arena *a, struct sym *const *terms, int n);
struct sym *sym_product(struct arena *a, struct sym *const *factors, int n);
struct sym *sym_power(struct arena *a, struct sym *base, struct sym *exponent);
struct sym *sym_call(struct arena *a, const struct gate *gate, struct sym *const *kids,
                     int n, const struct node *attr);
/* What gate makes of formulas: add, sub, mul, div, neg and pow as above, others as
 * calls. */
struct sym *sym_gate(struct arena *a, const struct gate *gate, struct sym *const *kids,
                     int n, const struct node *attr);
bool sym_equal(const struct sym *a, const struct sym *b);
struct shape sym_shape(const struct sym *s);
/* Does it compare or choose (a > 0, where)? Then its numbers are not worth reading. */
bool sym_chooses(const struct sym *s);

enum sym_form { SYM_NAMES, SYM_NUMBERS };
void sym_print(struct buf *b, const struct sym *s, enum sym_form form, int digits);
/* As a factor: sums and negative numbers in brackets. */
void sym_print_factor(struct buf *b, const struct sym *s, enum sym_form form,
                      int digits);
/* Products of sums multiplied out: (x + 1)·x is x² + x. The same where it gets too
 * long. */
struct sym *sym_expand(struct arena *a, struct sym *s);
/* Its value, worked out by the engine: a graph of its own. *out owned; NULL where the
 * engine refuses it. */
struct tensor *sym_value(const struct sym *s);

#endif
