/* What a gate hands back to an operand: upstream × local gradient, in names and
 * numbers. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/gates.h"
#include "explain/derive.h"
#include "explain/explain_inside.h"

double explain_local(const struct node *n, int k) {
    real one = 1, local = 0;
    n->gate->backward(n, k, &one, &local);
    return local;
}

static void add_tensor(struct buf *b, const struct shape *s, const real *v,
                       int digits) {
    if (s->n == 0) explain_factor(b, v[0], digits);
    else explain_tensor(b, s, v, digits);
}

static bool any_operands(const struct node *n) { return n->gate->max_in == GATE_ANY; }

bool explain_hands(const struct node *n, int k) {
    if (!n->grad || !n->in[k]->grad || n->gate->flags & GATE_NO_GRADIENT) return false;
    if (n->gate->passes && !n->gate->passes(n, k)) return false;
    if (any_operands(n) || gate_is(n, ROLE_PART)) return true;
    return k < GATE_RULED && (n->gate->local[k] || n->gate->rule[k]);
}

/* ---- element by element ---- */

/* The one axis along which operand k is broadcast; -1: none, or several. */
static int broadcast_axis(const struct node *n, int k) {
    const struct shape *in = &n->in[k]->shape, *to = &n->over;
    int axis = -1;
    for (int d = 0; d < to->n; d++) {
        int own = d - (to->n - in->n);
        size_t dim = own < 0 ? 1 : in->dim[own];
        if (dim == to->dim[d]) continue;
        if (axis >= 0) return -1;
        axis = d;
    }
    return axis;
}

/* Each element's upstream times its local gradient, added up. */
static void write_terms(struct buf *b, const struct node *n, int k, int digits) {
    real *seed = mem_alloc(n->size, sizeof *seed);
    for (size_t i = 0; i < n->size; i++) {
        real local = 0;
        seed[i] = 1;
        n->gate->backward(n, k, seed, &local);
        seed[i] = 0;
        if (i) buf_add(b, " + ");
        explain_factor(b, n->grad[i], digits);
        buf_add(b, "·");
        explain_factor(b, local, digits);
    }
    free(seed);
}

static bool hand_elements(struct buf *names, struct buf *numbers, const struct node *of,
                          const struct node *n, int k, int digits) {
    struct buf local = {0}, values = {0};
    if (!derive_local(&local, &values, n, k, digits)) return false;
    bool mean = n->gate->flags & GATE_MEAN;
    size_t over = mean ? n->over_size : n->size;
    bool added = n->in[k]->size < over, whole = n->in[k]->size == 1;
    if (added) buf_add(names, "sum(");
    explain_slope_name(names, of, n);
    buf_printf(names, " · %s", buf_text(&local));
    if (mean && over > 1) buf_printf(names, " / %zu", over);
    int axis = added && !whole ? broadcast_axis(n, k) : -1;
    if (axis >= 0) buf_printf(names, ", axis=%d", axis);
    if (added) buf_add(names, ")");
    bool plain_one = n->size > 1 && strcmp(buf_text(&values), "1") == 0;
    if (added && whole && !mean && over <= WRITTEN_OUT) {
        write_terms(numbers, n, k, digits);
    } else if (!added && !plain_one && over <= SHOWN_NUMBERS) {
        add_tensor(numbers, &n->shape, n->grad, digits);
        buf_printf(numbers, "·%s", buf_text(&values));
        if (mean && over > 1) buf_printf(numbers, " / %zu", over);
    }
    buf_free(&local);
    buf_free(&values);
    return true;
}

/* ---- by a rule in the field's signs: U @ b^T ---- */

struct reading {
    const struct node *of, *node;
    int digits;
    bool numbers;
};

static void add_operand(struct buf *b, const struct reading *r, const struct node *n) {
    if (r->numbers) add_tensor(b, &n->shape, n->value, r->digits);
    else if (n->name || !n->gate || !n->gate->infix) explain_name(b, n, r->digits);
    else {
        buf_add(b, "(");
        explain_name(b, n, r->digits);
        buf_add(b, ")");
    }
}

/* The truth of a cross-entropy: class numbers count as rows with one 1. */
static void add_truth(struct buf *b, const struct reading *r) {
    const struct node *o = r->node->in[0], *y = r->node->in[1];
    size_t classes = o->shape.dim[o->shape.n - 1];
    if (y->size == o->size) {
        add_operand(b, r, y);
    } else if (!r->numbers) {
        buf_add(b, "one_hot(");
        add_operand(b, r, y);
        buf_add(b, ")");
    } else {
        real *rows = mem_alloc(o->size, sizeof *rows);
        for (size_t i = 0; i < o->size; i++) {
            rows[i] = y->value[i / classes] == (real)(i % classes);
        }
        add_tensor(b, &o->shape, rows, r->digits);
        free(rows);
    }
}

/* What a letter of the rule stands for; false: it is just a letter. */
static bool add_letter(struct buf *b, const struct reading *r, char letter) {
    const struct node *n = r->node;
    int k = letter - 'a';
    if (letter == 'U' && r->numbers) add_tensor(b, &n->shape, n->grad, r->digits);
    else if (letter == 'U') explain_slope_name(b, r->of, n);
    else if (letter == 'f') add_operand(b, r, n);
    else if (letter == 'y') add_truth(b, r);
    else if (letter == 'n') buf_printf(b, "%zu", n->in[0]->size / n->size);
    else if (letter == 'N')
        buf_printf(b, "%zu", n->in[0]->shape.n == 2 ? n->in[0]->shape.dim[0] : 1);
    else if (k >= 0 && k < n->n_in) add_operand(b, r, n->in[k]);
    else return false;
    return true;
}

static void add_rule(struct buf *b, const char *rule, const struct reading *r) {
    while (*rule) {
        size_t word = 0;
        while (isalpha((unsigned char)rule[word])) word++;
        if (word == 1 && *rule != 'T' && add_letter(b, r, *rule)) {
            rule++;
        } else if (strncmp(rule, "^T", 2) == 0) {
            buf_add(b, "ᵀ");
            rule += 2;
        } else {
            buf_add_n(b, rule, word ? word : 1);
            rule += word ? word : 1;
        }
    }
}

/* Are all numbers of the rule few enough to be read? */
static bool all_small(const struct node *n) {
    size_t most = n->size;
    for (int k = 0; k < n->n_in; k++)
        most = n->in[k]->size > most ? n->in[k]->size : most;
    return most <= SHOWN_NUMBERS;
}

static void hand_rule(struct out *o, struct buf *names, struct buf *numbers,
                      const struct node *of, const struct node *n, int k) {
    struct reading r = {of, n, o->digits, false};
    char key[40]; /* where it is said in words, for all operands or for this one */
    snprintf(key, sizeof key, "rule.%s", n->gate->name);
    const char *rule = text_get(o->text, key);
    snprintf(key, sizeof key, "rule.%s.%d", n->gate->name, k);
    if (!rule) rule = text_get(o->text, key);
    bool words = rule != NULL;
    if (!words) rule = n->gate->rule[k];
    if (!rule) return; /* Ctrl-C: its formula was not read */
    add_rule(names, rule, &r);
    r.numbers = true;
    if (!words && all_small(n) && strcmp(rule, "U") != 0) add_rule(numbers, rule, &r);
}

void explain_hand_back(struct out *o, struct buf *names, struct buf *numbers,
                       const struct node *of, const struct node *n, int k) {
    if (hand_elements(names, numbers, of, n, k, o->digits)) return;
    if (gate_is(n, ROLE_LIST)) { /* its own part of the upstream */
        explain_slope_name(names, of, n);
        buf_printf(names, "[%d]", k);
    } else if (gate_is(n, ROLE_PART)) {
        struct buf up = {0};
        explain_slope_name(&up, of, n);
        text_add(o->text, names, "explain.placed", "up", buf_text(&up), NULL);
        buf_free(&up);
    } else {
        hand_rule(o, names, numbers, of, n, k);
    }
}
