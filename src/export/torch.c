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
    "False",  "None",     "True",     "and",    "as",   "assert",   "async",  "await",
    "break",  "class",    "continue", "def",    "del",  "elif",     "else",   "except",
    "for",    "from",     "finally",  "global", "if",   "import",   "in",     "is",
    "lambda", "nonlocal", "not",      "or",     "pass", "raise",    "return", "try",
    "while",  "with",     "yield",    "torch",  "self", "__debug__"};

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

/* How often a form writes its operand k. */
static int mentions(const struct node *n, int k) {
    size_t length;
    const char *form = gate_form(n, n->gate->torch, &length);
    int times = 0;
    if (k > 2 || strstr(form, "{all}")) return 1;
    for (size_t i = 0; i < length; i++) {
        bool word = (i && isalnum((unsigned char)form[i - 1])) ||
                    isalnum((unsigned char)form[i + 1]);
        times += form[i] == 'A' + k && !word;
    }
    return times;
}

static void count_uses(const struct graph *g, int *uses) {
    for (int i = 0; i < graph_count(g); i++) {
        const struct node *n = graph_node(g, i);
        if (!n->gate || !n->gate->torch) continue;
        for (int k = 0; k < n->n_in; k++) uses[n->in[k]->id] += mentions(n, k);
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
    count_uses(g, uses);
    for (int i = 0; i < count; i++) {
        const struct node *n = graph_node(g, i);
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

/* ---- a row's words: {axis} ---- */

static void add_sizes(const struct python *p, struct buf *b, const struct node *n,
                      int count) {
    for (int d = 0; d < count; d++) {
        if (d) buf_add(b, ", ");
        if (export_varies(p->x, n, d)) buf_add(b, "-1");
        else buf_printf(b, "%zu", n->shape.dim[d]);
    }
}

static void add_index(struct buf *b, const struct node *n) {
    for (int k = 0; k < n->attr.n_index; k++) {
        if (k) buf_add(b, ", ");
        if (n->attr.index[k].single) buf_printf(b, "%zu", n->attr.index[k].from);
        else buf_printf(b, "%zu:%zu", n->attr.index[k].from, n->attr.index[k].to + 1);
    }
}

static void add_node(const struct python *p, struct buf *b, const struct node *n,
                     int holds);

static void add_word(const struct python *p, struct buf *b, const struct node *n,
                     const char *word, size_t length) {
    const struct attr *a = &n->attr;
    struct buf is = {0};
    buf_add_n(&is, word, length);
    const char *w = buf_text(&is);
    if (!strcmp(w, "all")) {
        for (int k = 0; k < n->n_in; k++) {
            if (k) buf_add(b, ", ");
            add_node(p, b, n->in[k], 0);
        }
    } else if (!strcmp(w, "axis")) {
        if (a->has_axis) buf_printf(b, ", dim=%d, keepdim=True", a->axis);
    } else if (!strcmp(w, "along")) {
        buf_printf(b, ", dim=%d", a->has_axis ? a->axis : -1);
    } else if (!strcmp(w, "count")) {
        buf_printf(b, "%d", a->count);
    } else if (!strcmp(w, "stride")) {
        buf_printf(b, "%d", a->stride);
    } else if (!strcmp(w, "pad")) {
        buf_printf(b, "%d", a->pad);
    } else if (!strcmp(w, "share")) {
        python_number(b, a->share);
    } else if (!strcmp(w, "shape")) {
        add_sizes(p, b, n, n->shape.n);
    } else if (!strcmp(w, "rows")) {
        add_sizes(p, b, n, n->shape.n - 1);
    } else if (!strcmp(w, "ranges")) {
        add_index(b, n);
    }
    buf_free(&is);
}

/* ---- brackets ----
 * How tightly an expression holds together: HOLDS_… as in the gates' rows. */
enum { OPEN = 0 };

/* The loosest operator outside brackets in a form. */
static int form_holds(const char *form, size_t length) {
    static const struct {
        const char *sign;
        int holds;
    } signs[] = {
        {" < ", HOLDS_COMPARE},  {" > ", HOLDS_COMPARE},  {" <= ", HOLDS_COMPARE},
        {" >= ", HOLDS_COMPARE}, {" == ", HOLDS_COMPARE}, {" != ", HOLDS_COMPARE},
        {" + ", HOLDS_SUM},      {" - ", HOLDS_SUM},      {" * ", HOLDS_TERM},
        {" / ", HOLDS_TERM},     {" @ ", HOLDS_TERM},     {" ** ", HOLDS_POWER}};
    int depth = 0, holds = form[0] == '-' ? HOLDS_SIGN : HOLDS_ALL;
    for (size_t i = 0; i < length; i++) {
        if (strchr("([", form[i])) depth++;
        if (strchr(")]", form[i])) depth--;
        for (size_t k = 0; !depth && k < sizeof signs / sizeof *signs; k++) {
            bool here = strncmp(form + i, signs[k].sign, strlen(signs[k].sign)) == 0;
            if (here && signs[k].holds < holds) holds = signs[k].holds;
        }
    }
    return holds;
}

/* A + B, of two operands and nothing else. */
static bool is_operator(const char *form, size_t length) {
    return length > 1 && form[0] == 'A' && form[length - 1] == 'B';
}

/* How tightly an operand must hold to stand at `at` in the form without brackets. */
static int wanted(const char *form, size_t length, size_t at) {
    char before = at ? form[at - 1] : 0, after = at + 1 < length ? form[at + 1] : 0;
    bool first =
        before == '(' || before == '[' || (before == ' ' && form[at - 2] == ',');
    int holds = form_holds(form, length);
    if (first && after && strchr("),]{", after))
        return OPEN; /* an argument of a call */
    if (length == 2 && form[0] == '-') return holds;
    if (!is_operator(form, length)) return HOLDS_ALL;
    bool chains = holds != HOLDS_COMPARE && holds != HOLDS_POWER; /* a - b - c */
    return at || !chains ? holds + 1 : holds;
}

static void add_gate(const struct python *p, struct buf *b, const struct node *n) {
    size_t length;
    const char *form = gate_form(n, n->gate->torch, &length);
    for (size_t i = 0; i < length; i++) {
        char c = form[i];
        bool word = (i && isalnum((unsigned char)form[i - 1])) ||
                    (i + 1 < length && isalnum((unsigned char)form[i + 1]));
        const struct node *in = NULL;
        if (c >= 'A' && c <= 'C' && c - 'A' < n->n_in) in = n->in[c - 'A'];
        if (c == '{') {
            size_t end = i + strcspn(form + i, "}");
            add_word(p, b, n, form + i + 1, end - i - 1);
            i = end;
        } else if (in && !word) {
            /* a bare number stands only beside a tensor */
            const struct node *other = n->n_in == 2 ? n->in[c == 'A'] : NULL;
            bool bare =
                in->constant && other && !other->constant && is_operator(form, length);
            if (bare && in->value[0] >= 0) python_number(b, in->value[0]);
            else add_node(p, b, in, wanted(form, length, i));
        } else {
            buf_add_n(b, &c, 1);
        }
    }
}

/* A node where it is used: its name, or all of it. */
static void add_node(const struct python *p, struct buf *b, const struct node *n,
                     int holds) {
    if (p->names[n->id]) {
        buf_add(b, p->names[n->id]);
    } else if (!n->gate) {
        buf_add(b, "torch.tensor(");
        python_number(b, n->value[0]);
        buf_add(b, n->value[0] == floor(n->value[0]) && fabs(n->value[0]) < 1e6 ? ".0)"
                                                                                : ")");
    } else {
        size_t length;
        const char *form = gate_form(n, n->gate->torch, &length);
        bool brackets = form_holds(form, length) < holds;
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
        if (!n->gate->torch)
            return error_new("export-gate", "gate", n->gate->name, NULL);
        if (!p->names[i]) continue;
        buf_printf(b, "        %s = ", p->names[i]);
        add_gate(p, b, n);
        buf_add(b, "\n");
    }
    return NULL;
}
