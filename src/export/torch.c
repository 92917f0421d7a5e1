#include "export/torch.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>

#include "base/memory.h"
#include "engine/gates.h"
#include "text/number.h"

/* ---- names ---- */

/* Python's own words, and those that forward uses. */
static const char *const reserved[] = {
    "False",  "None",     "True",     "and",    "as",   "assert", "async",    "await",
    "break",  "class",    "continue", "def",    "del",  "elif",   "else",     "except",
    "for",    "from",     "finally",  "global", "if",   "import", "in",       "is",
    "lambda", "nonlocal", "not",      "or",     "pass", "raise",  "return",   "try",
    "while",  "with",     "yield",    "torch",  "self", "number", "__debug__"};

/* Python reads names in NFKC (ϵ is ε), so they are written so; a dot becomes _. */
const char *python_name(struct python *p, const char *wish) {
    size_t n;
    uint8_t *same =
        u8_normalize(UNINORM_NFKC, (const uint8_t *)wish, strlen(wish), NULL, &n);
    struct buf base = {0}, name = {0};
    buf_add_n(&base, same ? (const char *)same : wish, same ? n : strlen(wish));
    for (size_t i = 0; i < base.len; i++) {
        unsigned char c = (unsigned char)base.data[i];
        if (c < 128 && !isalnum(c)) base.data[i] = '_';
    }
    buf_add(&name, buf_text(&base));
    for (int i = 2; map_get(&p->taken, buf_text(&name)) >= 0; i++) {
        buf_clear(&name);
        buf_printf(&name, "%s_%d", buf_text(&base), i);
    }
    const char *kept = arena_copy(graph_arena(p->x->c.graph), buf_text(&name));
    map_set(&p->taken, kept, 1);
    buf_free(&base);
    buf_free(&name);
    free(same);
    return kept;
}

static void count_uses(const struct python *p, const struct node *n, int *uses) {
    for (const char *form = p->forms[n->id], *at = form; *at; at++) {
        int k = form_operand(form, at, n->n_in);
        if (k < 0) continue;
        int end = form_goes_on(at + 1) ? n->n_in : k + 1;
        for (; k < end; k++) uses[n->in[k]->id]++;
    }
}

/* What every gate is in Python. */
static void write_forms(struct python *p) {
    struct graph *g = p->x->c.graph;
    struct arena *arena = graph_arena(g);
    p->forms = arena_alloc(arena, (size_t)graph_count(g), sizeof *p->forms);
    for (int i = 0; i < graph_count(g); i++) {
        const struct node *n = graph_node(g, i);
        if (!n->gate) continue;
        struct forms f = export_forms(p->x, n);
        p->forms[i] = arena_copy(arena, buf_text(&f.torch));
        buf_free(&f.torch);
        buf_free(&f.onnx);
    }
}

/* A formula without a name that is used twice gets one from whom it belongs to: O_in.
 */
static const char *name_inner(struct python *p, const struct node *n) {
    const struct graph *g = p->x->c.graph;
    struct buf wish = {0};
    for (int i = n->id + 1; i < graph_count(g) && !wish.len; i++) {
        const struct node *owner = graph_node(g, i);
        if (owner->gate && owner->name) buf_printf(&wish, "%s_in", owner->name);
    }
    const char *name = python_name(p, wish.len ? buf_text(&wish) : "inner");
    buf_free(&wish);
    return name;
}

void python_open(struct python *p, struct exported *x) {
    struct graph *g = x->c.graph;
    int count = graph_count(g);
    int *uses = mem_alloc((size_t)count, sizeof *uses);
    *p = (struct python){.x = x};
    p->names = arena_alloc(graph_arena(g), (size_t)count, sizeof *p->names);
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        map_set(&p->taken, reserved[i], 1);
    }
    graph_name(g, x->c.root, export_title(x->c.root));
    write_forms(p);
    for (int i = 0; i < count; i++) {
        const struct node *n = graph_node(g, i);
        if (n->gate) count_uses(p, n, uses);
        if (n->name) p->names[i] = python_name(p, n->name);
    }
    for (int i = 0; i < count; i++) {
        const struct node *n = graph_node(g, i);
        if (p->names[i] || n->constant) continue;
        if (!n->gate && n->size > 1) p->names[i] = python_name(p, "fixed");
        else if (n->gate && uses[i] > 1) p->names[i] = name_inner(p, n);
    }
    free(uses);
}

void python_close(struct python *p) { map_free(&p->taken); }

/* ---- numbers ---- */

void python_number(struct buf *b, real v) {
    if (isnan(v)) buf_add(b, "torch.nan");
    else if (isinf(v)) buf_add(b, v < 0 ? "-torch.inf" : "torch.inf");
    if (!isfinite(v)) return;
    char exact[NUM_SIZE];
    buf_add(b, num_exact(exact, v));
}

void python_numbers(struct buf *b, const struct shape *s, const real *v) {
    tensor_write(b, s, v, python_number);
}

/* ---- brackets ----
 * How tightly an expression holds together: HOLDS_… as in the gates' rows. */
enum { OPEN = 0 };

/* The loosest operator outside brackets in a form. */
static int form_holds(const char *form) {
    static const struct {
        const char *sign;
        int holds;
    } signs[] = {
        {" < ", HOLDS_COMPARE},  {" > ", HOLDS_COMPARE},  {" <= ", HOLDS_COMPARE},
        {" >= ", HOLDS_COMPARE}, {" == ", HOLDS_COMPARE}, {" != ", HOLDS_COMPARE},
        {" + ", HOLDS_SUM},      {" - ", HOLDS_SUM},      {" * ", HOLDS_TERM},
        {" / ", HOLDS_TERM},     {" @ ", HOLDS_TERM},     {" ** ", HOLDS_POWER}};
    int depth = 0, holds = form[0] == '-' ? HOLDS_SIGN : HOLDS_ALL;
    for (; *form; form++) {
        if (strchr("([", *form)) depth++;
        if (strchr(")]", *form)) depth--;
        for (size_t k = 0; !depth && k < sizeof signs / sizeof *signs; k++) {
            bool here = strncmp(form, signs[k].sign, strlen(signs[k].sign)) == 0;
            if (here && signs[k].holds < holds) holds = signs[k].holds;
        }
    }
    return holds;
}

/* A + B, of two operands and nothing else. */
static bool is_operator(const char *form) {
    return form[0] == 'A' && form[strlen(form) - 1] == 'B';
}

/* How tightly an operand must hold to stand at `at` in the form without brackets. */
static int wanted(const char *form, const char *at) {
    char before = at > form ? at[-1] : 0;
    bool first = before == '(' || before == '[' || (before == ' ' && at[-2] == ',');
    int holds = form_holds(form);
    if (first && at[1] && strchr("),]", at[1])) return OPEN; /* an argument of a call */
    if (form[0] == '-' && !form[2]) return holds;
    if (!is_operator(form)) return HOLDS_ALL;
    bool chains = holds != HOLDS_COMPARE && holds != HOLDS_POWER; /* a - b - c */
    return at > form || !chains ? holds + 1 : holds;
}

static void add_node(const struct python *p, struct buf *b, const struct node *n,
                     int holds);

static void add_operand(const struct python *p, struct buf *b, const struct node *n,
                        int k, int holds) {
    const struct node *in = n->in[k], *other = n->n_in == 2 ? n->in[!k] : NULL;
    /* a bare number stands only beside a tensor */
    bool bare =
        in->constant && other && !other->constant && is_operator(p->forms[n->id]);
    if (bare && in->value[0] >= 0) python_number(b, in->value[0]);
    else add_node(p, b, in, holds);
}

static void add_gate(const struct python *p, struct buf *b, const struct node *n) {
    for (const char *form = p->forms[n->id], *at = form; *at; at++) {
        int k = form_operand(form, at, n->n_in);
        if (k < 0) {
            buf_add_n(b, at, 1);
            continue;
        }
        add_operand(p, b, n, k, wanted(form, at));
        size_t more = form_goes_on(at + 1);
        while (more && ++k < n->n_in) {
            buf_add(b, ", ");
            add_operand(p, b, n, k, OPEN);
        }
        at += more;
    }
}

/* A node where it is used: its name, or all of it. */
static void add_node(const struct python *p, struct buf *b, const struct node *n,
                     int holds) {
    if (p->names[n->id]) {
        buf_add(b, p->names[n->id]);
    } else if (!n->gate) {
        buf_add(b, "number(");
        python_number(b, n->value[0]);
        buf_add(b, n->value[0] == floor(n->value[0]) && fabs(n->value[0]) < 1e6 ? ".0)"
                                                                                : ")");
    } else {
        bool brackets = form_holds(p->forms[n->id]) < holds;
        if (brackets) buf_add(b, "(");
        add_gate(p, b, n);
        if (brackets) buf_add(b, ")");
    }
}

struct error *python_formulas(const struct python *p, struct buf *b) {
    struct graph *g = p->x->c.graph;
    for (int i = 0; i < graph_count(g); i++) {
        const struct node *n = graph_node(g, i);
        if (!n->gate || !graph_depends(g, p->x->c.root, n)) continue;
        if (!*p->forms[i]) return error_new("export-gate", "gate", n->gate->name, NULL);
        if (!p->names[i]) continue;
        buf_printf(b, "        %s = ", p->names[i]);
        add_gate(p, b, n);
        buf_add(b, "\n");
    }
    return NULL;
}
