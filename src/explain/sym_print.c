#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/gates.h"
#include "explain/explain_inside.h"
#include "explain/sym.h"
#include "text/number.h"

enum { IN_SUM = HOLDS_SUM, IN_PRODUCT = HOLDS_TERM, IN_POWER = HOLDS_ALL };

struct printer {
    struct buf *b;
    enum sym_form form;
    int digits;
};

static void print(struct printer *p, const struct sym *s, int tight);

static void add_number(struct printer *p, double v) {
    buf_add(p->b, num_format((char[NUM_SIZE]){0}, v, p->digits));
}

/* ---- products and quotients ---- */

/* The number of a product as a fraction of whole numbers where its digits would not say
 * it: 0.666… is 2 / 3. */
static void as_fraction(double v, int digits, double *above, double *below) {
    *above = v;
    *below = 1;
    char shown[NUM_SIZE];
    if (strtod(num_format(shown, v, digits), NULL) == v) return;
    for (int d = 2; d < 1000; d++) {
        double n = round(v * d);
        if (n != 0 && fabs(n) < 1e6 && fabs(n / d - v) <= 4e-16 * fabs(v)) {
            *above = n;
            *below = d;
            return;
        }
    }
}

static bool is_below(const struct sym *s) {
    return s->kind == SYM_POWER && s->kids[1]->kind == SYM_NUMBER &&
           s->kids[1]->number < 0;
}

static void print_power(struct printer *p, const struct sym *base, double e) {
    if (e == 1) {
        print(p, base, IN_PRODUCT + 1);
        return;
    }
    print(p, base, IN_POWER);
    if (e == 2 || e == 3) {
        buf_add(p->b, e == 2 ? "²" : "³");
    } else {
        buf_add(p->b, "^");
        add_number(p, e);
    }
}

static void print_factors(struct printer *p, const struct sym *s, double number,
                          bool below) {
    bool any = number != 1;
    if (any) add_number(p, number);
    int n = s->kind == SYM_PRODUCT ? s->n : 1;
    for (int i = 0; i < n; i++) {
        const struct sym *k = s->kind == SYM_PRODUCT ? s->kids[i] : s;
        if (k->kind == SYM_NUMBER || is_below(k) != below) continue;
        if (any) buf_add(p->b, "·");
        any = true;
        if (below) print_power(p, k->kids[0], -k->kids[1]->number);
        else print(p, k, IN_PRODUCT + 1);
    }
    if (!any) buf_add(p->b, "1");
}

static int count_below(const struct sym *s) {
    if (s->kind != SYM_PRODUCT) return is_below(s);
    int n = 0;
    for (int i = 0; i < s->n; i++) n += is_below(s->kids[i]);
    return n;
}

static double number_of(const struct sym *s) {
    return s->kind == SYM_PRODUCT && s->kids[0]->kind == SYM_NUMBER ? s->kids[0]->number
                                                                    : 1;
}

static void print_product(struct printer *p, const struct sym *s, double number) {
    double above, below;
    as_fraction(number, p->digits, &above, &below);
    int under = count_below(s) + (below != 1);
    if (above < 0) {
        buf_add(p->b, "−");
        above = -above;
    }
    print_factors(p, s, above, false);
    if (!under) return;
    buf_add(p->b, under > 1 ? " / (" : " / ");
    if (count_below(s)) print_factors(p, s, below, true);
    else add_number(p, below);
    if (under > 1) buf_add(p->b, ")");
}

/* ---- sums ---- */

static void print_sum(struct printer *p, const struct sym *s) {
    for (int i = 0; i < s->n; i++) {
        const struct sym *k = s->kids[i];
        bool minus = i > 0 && (k->kind == SYM_NUMBER ? k->number : number_of(k)) < 0;
        if (i) buf_add(p->b, minus ? " − " : " + ");
        if (!minus) print(p, k, IN_SUM);
        else if (k->kind == SYM_NUMBER) add_number(p, -k->number);
        else print_product(p, k, -number_of(k));
    }
}

/* ---- the rest ---- */

static void print_call(struct printer *p, const struct sym *s) {
    if (s->gate->role == ROLE_PART) {
        print(p, s->kids[0], IN_POWER);
        explain_index(p->b, &s->node->attr);
        return;
    }
    bool list = s->gate->role == ROLE_LIST;
    if (!s->gate->infix) buf_printf(p->b, "%s", list ? "[" : s->gate->name);
    if (!s->gate->infix && !list) buf_add(p->b, "(");
    for (int i = 0; i < s->n; i++) {
        if (i) buf_add(p->b, s->gate->infix ? s->gate->infix : ", ");
        print(p, s->kids[i], s->gate->infix ? s->gate->precedence + 1 : 0);
    }
    if (s->node) explain_settings(p->b, s->node, p->digits);
    if (!s->gate->infix) buf_add(p->b, list ? "]" : ")");
}

static void print_node(struct printer *p, const struct node *n, int tight) {
    bool numbers = p->form == SYM_NUMBERS || (!n->gate && !n->name);
    if (numbers) {
        bool brackets = tight > IN_SUM && n->size == 1 && n->value[0] < 0;
        if (brackets) buf_add(p->b, "(");
        explain_value(p->b, n, p->digits);
        if (brackets) buf_add(p->b, ")");
    } else if (n->name) {
        buf_add(p->b, n->name);
    } else { /* an unnamed gate, as an operand of a local derivative */
        bool brackets = n->gate->infix && n->gate->precedence < tight;
        if (brackets) buf_add(p->b, "(");
        explain_node(p->b, n, EXPLAIN_NAMES, false, p->digits);
        if (brackets) buf_add(p->b, ")");
    }
}

static int precedence(const struct sym *s) {
    switch (s->kind) {
        case SYM_NUMBER: return s->number < 0 ? IN_SUM : IN_POWER;
        case SYM_NODE: return IN_POWER; /* sees to its own */
        case SYM_SUM: return IN_SUM;
        case SYM_PRODUCT: return number_of(s) < 0 ? IN_SUM : IN_PRODUCT;
        case SYM_POWER: return is_below(s) ? IN_PRODUCT : IN_POWER - 1;
        case SYM_CALL: return s->gate->infix ? s->gate->precedence : IN_POWER;
    }
    return 0;
}

static void print(struct printer *p, const struct sym *s, int tight) {
    if (p->b->len > 8000) return; /* the caller gives it up */
    bool brackets = precedence(s) < tight;
    if (brackets) buf_add(p->b, "(");
    switch (s->kind) {
        case SYM_NUMBER: add_number(p, s->number); break;
        case SYM_NODE: print_node(p, s->node, tight); break;
        case SYM_SUM: print_sum(p, s); break;
        case SYM_PRODUCT: print_product(p, s, number_of(s)); break;
        case SYM_CALL: print_call(p, s); break;
        case SYM_POWER:
            if (is_below(s)) {
                print_product(p, s, 1);
            } else if (s->kids[1]->kind == SYM_NUMBER) {
                print_power(p, s->kids[0], s->kids[1]->number);
            } else {
                print(p, s->kids[0], IN_POWER);
                buf_add(p->b, "^");
                print(p, s->kids[1], IN_POWER);
            }
            break;
    }
    if (brackets) buf_add(p->b, ")");
}

void sym_print(struct buf *b, const struct sym *s, enum sym_form form, int digits) {
    struct printer p = {b, form, digits};
    print(&p, s, 0);
}

void sym_print_factor(struct buf *b, const struct sym *s, enum sym_form form,
                      int digits) {
    struct printer p = {b, form, digits};
    print(&p, s, IN_PRODUCT);
}
