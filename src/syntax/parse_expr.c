/* Expressions: one function for each rule of the grammar, tightest last. Each returns
 * the index of the node it made, or -1 with p->error set. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "engine/gates.h"
#include "syntax/habits.h"
#include "syntax/parser_inside.h"

struct reader {
    struct parser *p;
    struct expr *expr;
    int cap;
};

static int read_expr(struct reader *b);
static int read_cmp(struct reader *b);
static int read_unary(struct reader *b);

/* ---- making nodes ---- */

static int height_of(const struct reader *b, int node) {
    return node < 0 ? 0 : b->expr->nodes[node].height;
}

/* A node over what stands between two tokens, `to` not included. Where memory gives out
 * it is the last one: read_prim reads no more then. */
static int add_node(struct reader *b, enum expr_kind kind, const struct token *from) {
    struct expr *e = b->expr;
    parse_has_room(b->p, e->n, sizeof *e->nodes);
    if (e->n == b->cap) {
        b->cap = b->cap ? 2 * b->cap : 2; /* most are of a number or a name */
        e->nodes = mem_grow(e->nodes, (size_t)b->cap, sizeof *e->nodes);
    }
    struct place at = from->at;
    const struct token *last = b->p->t > b->p->first ? b->p->t - 1 : b->p->t;
    if (last > from && last->at.line == at.line) {
        at.length = last->at.column + last->at.length - at.column;
    }
    e->nodes[e->n] =
        (struct expr_node){.kind = kind, .at = at, .axis = -1, .height = 1};
    return e->n++;
}

/* Takes over kids; a formula that is too high for the walks over it is refused. */
static int add_tree(struct reader *b, enum expr_kind kind, const char *name, int *kids,
                    int n_kids, const struct token *from) {
    int i = add_node(b, kind, from);
    struct expr_node *n = &b->expr->nodes[i];
    n->name = name ? mem_copy(name) : NULL;
    n->kids = kids;
    n->n_kids = n_kids;
    for (int k = 0; k < n_kids; k++) {
        int height = height_of(b, kids[k]) + 1;
        if (height > n->height) n->height = height;
    }
    if (n->height <= EXPR_HEIGHT) return i;
    parse_fail(b->p, from, error_new("too-deep", NULL));
    return -1;
}

static int add_gate(struct reader *b, const char *name, int left, int right,
                    const struct token *from) {
    int n = right < 0 ? 1 : 2;
    int *kids = mem_alloc((size_t)n, sizeof *kids);
    kids[0] = left;
    if (n == 2) kids[1] = right;
    return add_tree(b, EXPR_GATE, name, kids, n, from);
}

/* ---- lists, index, calls ---- */

static int read_index(struct reader *b) {
    const struct token *from = b->p->t;
    if (parse_takes(b->p, "..")) return add_tree(b, EXPR_RANGE, NULL, NULL, 0, from);
    int first = read_cmp(b);
    if (first < 0 || !parse_takes(b->p, "..")) return first;
    int last = read_cmp(b);
    if (last < 0) return -1;
    int *kids = mem_alloc(2, sizeof *kids);
    kids[0] = first;
    kids[1] = last;
    return add_tree(b, EXPR_RANGE, NULL, kids, 2, from);
}

/* Elements up to a closing ]; kids has *n already and is the caller's to free. */
static bool read_kids(struct reader *b, int (*read)(struct reader *),
                      const struct token *open, int **kids, int *n) {
    do {
        int kid = read(b);
        if (kid < 0) return false;
        *PARSE_MORE(*kids, *n) = kid;
    } while (parse_takes(b->p, ","));
    return parse_closes(b->p, open, "]");
}

static int read_list(struct reader *b) {
    const struct token *open = b->p->t;
    int *kids = NULL, n = 0;
    parse_next(b->p);
    if (!read_kids(b, read_cmp, open, &kids, &n)) {
        free(kids);
        return -1;
    }
    return add_tree(b, EXPR_LIST, NULL, kids, n, open);
}

/* What stands in the brackets of a call. axis=0 becomes the node's axis; other words,
 * as size=3, must be in the function's row. */
struct args {
    int *kids, n, axis;
    char **words;
    int n_words;
};

static void args_free(struct args *a) {
    for (int k = 0; k < a->n_words; k++) free(a->words[k]);
    free(a->words);
    free(a->kids);
}

static bool read_keyword(struct reader *b, const char *function, struct args *a) {
    struct parser *p = b->p;
    char *word = parse_slice(p, p->t);
    struct error *e = p->world->check_word(p->world->context, function, word);
    if (e) {
        free(word);
        return parse_fail(p, p->t, e);
    }
    bool twice = strcmp(word, "axis") == 0 && a->axis >= 0;
    for (int i = 0; i < a->n_words; i++) twice |= strcmp(a->words[i], word) == 0;
    if (twice) {
        parse_fail(p, p->t, error_new("clause-twice", "word", word, NULL));
        free(word);
        return false;
    }
    parse_next(p);
    parse_next(p);
    int kid = read_cmp(b);
    if (strcmp(word, "axis") == 0) {
        a->axis = kid;
        free(word);
    } else {
        *PARSE_MORE(a->words, a->n_words) = word;
        *PARSE_MORE(a->kids, a->n) = kid;
    }
    return kid >= 0;
}

/* softmax(O at X = 3): `at` stands behind the whole. */
static bool says_at(struct parser *p, const char *function, const struct token *open) {
    if (!parse_is_word(p, p->t, "at")) return false;
    const struct token *name = p->t[1].kind == TOKEN_NAME ? &p->t[1] : p->t;
    struct buf whole = {0};
    buf_printf(&whole, "%s(%.*s) at %.*s = …", function,
               (int)(p->t[-1].end - open->end), p->text + open->end,
               (int)(name->end - name->start), p->text + name->start);
    parse_fail(p, p->t, error_new("at-inside", "whole", buf_text(&whole), NULL));
    buf_free(&whole);
    return true;
}

static bool read_args(struct reader *b, const char *function, struct args *a) {
    const struct token *open = b->p->t;
    parse_next(b->p);
    if (parse_takes(b->p, ")")) return true;
    do {
        if (b->p->t->kind == TOKEN_NAME && parse_is_sign(b->p->t + 1, "=")) {
            if (!read_keyword(b, function, a)) return false;
            continue;
        }
        if (a->n_words) { /* the words come last */
            parse_fail(b->p, b->p->t, error_new("keyword-last", NULL));
            return false;
        }
        int kid = read_cmp(b);
        if (kid < 0) return false;
        *PARSE_MORE(a->kids, a->n) = kid;
    } while (parse_takes(b->p, ","));
    return !says_at(b->p, function, open) && parse_closes(b->p, open, ")");
}

static int read_call(struct reader *b, const char *name, const struct token *from) {
    struct args a = {.axis = -1};
    const struct gate *gate = gate_find(name);
    bool known = gate && (gate->flags & GATE_CALL);
    if (!read_args(b, name, &a)) {
        args_free(&a);
        return -1;
    }
    int i = add_tree(b, known ? EXPR_GATE : EXPR_CALL, name, a.kids, a.n, from);
    if (i < 0) { /* the kids are the node's already */
        a.kids = NULL;
        args_free(&a);
        return -1;
    }
    b->expr->nodes[i].axis = a.axis;
    b->expr->nodes[i].words = a.words;
    b->expr->nodes[i].n_words = a.n_words;
    return i;
}

/* ---- names and derivatives ---- */

/* Is dE or dw, written dE/dw, a name of its own? */
static bool are_names(const struct parser *p, const char *top, const char *bottom) {
    return parse_knows(p, top) || parse_knows(p, bottom);
}

/* top: dE, bottom: dw */
static int add_derivative(struct reader *b, const char *top, const char *bottom,
                          const struct token *from) {
    int i = add_node(b, EXPR_DERIVATIVE, from);
    b->expr->nodes[i].name = mem_copy(top + 1);
    b->expr->nodes[i].wrt = mem_copy(bottom + 1);
    b->expr->nodes[i].partial = are_names(b->p, top, bottom);
    return i;
}

/* The name in a token behind its d. */
static char *d_name(const struct parser *p, const struct token *t) {
    struct buf b = {0};
    buf_printf(&b, "d%.*s", (int)(t->end - t->start), p->text + t->start);
    return buf_take(&b);
}

/* ∂E/∂w */
static int read_partial(struct reader *b) {
    struct parser *p = b->p;
    const struct token *t = p->t;
    if (t[1].kind != TOKEN_NAME || !parse_is_sign(t + 2, "/") ||
        !parse_is_sign(t + 3, "∂") || t[4].kind != TOKEN_NAME) {
        parse_fail(p, t, error_new("bad-derivative", NULL));
        return -1;
    }
    char *top = d_name(p, t + 1), *bottom = d_name(p, t + 4);
    for (int i = 0; i < 5; i++) parse_next(p);
    int node = add_derivative(b, top, bottom, t);
    free(top);
    free(bottom);
    return node;
}

/* Do dE and dw, written dE/dw, mean the derivative? Where one of them is a name of its
 * own, nobody can tell: an error. */
static bool means_derivative(struct parser *p, const char *top, const char *bottom) {
    bool e = parse_knows(p, top + 1), w = parse_knows(p, bottom + 1);
    /* one known: the other is missed by its name, not as dw */
    if (!are_names(p, top, bottom)) return e || w;
    if (e && w) {
        parse_fail(p, p->t,
                   error_new("ambiguous-derivative", "top", top, "bottom", bottom, "of",
                             top + 1, "wrt", bottom + 1, NULL));
    }
    return false;
}

/* dE/dw without spaces, or -2 where it is something else. */
static int read_derivative(struct reader *b) {
    struct parser *p = b->p;
    const struct token *t = p->t;
    const char *d = p->text;
    if (d[t->start] != 'd' || t->end - t->start < 2 || !parse_is_sign(t + 1, "/") ||
        t[1].spaced || t[2].kind != TOKEN_NAME || t[2].spaced || d[t[2].start] != 'd' ||
        t[2].end - t[2].start < 2) {
        return -2;
    }
    char *top = parse_slice(p, t), *bottom = parse_slice(p, t + 2);
    int node = -2;
    if (means_derivative(p, top, bottom)) {
        for (int i = 0; i < 3; i++) parse_next(p);
        node = add_derivative(b, top, bottom, t);
    }
    free(top);
    free(bottom);
    return p->error ? -1 : node;
}

/* torch.exp(x) is exp(x) here. */
static bool is_python_name(struct parser *p, const char *name) {
    static const char *const modules[] = {"torch.", "np.",    "numpy.",  "math.",
                                          "tf.",    "F.",     "nn.",     "jnp.",
                                          "keras.", "optim.", "random.", "layers."};
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        size_t n = strlen(modules[i]);
        if (strncmp(name, modules[i], n) != 0 || parse_knows(p, name)) continue;
        /* np.random.normal, torch.nn.GELU: the last part is what is meant */
        char *last = mem_copy(strrchr(name, '.') + 1);
        const char *here = habit_word(last);
        for (int lower = 0; lower < 2 && !here; lower++) {
            for (char *c = last; lower && *c; c++)
                *c = (char)tolower((unsigned char)*c);
            if (p->world->is_function(p->world->context, last)) here = last;
        }
        struct error *e = here ? error_new("habit", "here", here, NULL)
                               : error_new("habit-unknown", "name", name, NULL);
        parse_fail(p, p->t, e);
        free(last);
        return true;
    }
    return false;
}

static int read_name(struct reader *b) {
    struct parser *p = b->p;
    const struct token *from = p->t;
    int node = read_derivative(b);
    if (node != -2) return node;
    char *name = parse_slice(p, from);
    node = -1;
    if (!is_python_name(p, name)) {
        parse_next(p);
        if (parse_sees(p, "(")) {
            node = read_call(b, name, from);
        } else {
            node = add_node(b, EXPR_NAME, from);
            b->expr->nodes[node].name = mem_copy(name);
        }
    }
    free(name);
    return node;
}

/* ---- numbers, brackets ---- */

/* Lessons and steps, as a course counts them. */
static bool is_counter(const struct parser *p, const struct token *t) {
    static const char *const words[] = {"강", "과", "장", "단원", "차시", "번", "단계"};
    bool is = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        is |= parse_is_word(p, t, words[i]);
    return is;
}

static int read_number(struct reader *b) {
    struct parser *p = b->p;
    const struct token *t = p->t;
    bool beside = t[1].kind == TOKEN_NAME && !t[1].spaced;
    if (beside && p->counts && is_counter(p, t + 1)) {
        parse_next(p);
    } else if (beside) { /* 2x */
        char *number = parse_slice(p, t), *name = parse_slice(p, t + 1);
        const char *whole = p->text + t[1].start;
        if (*whole == 'd' && parse_is_sign(t + 2, "/")) { /* 0.1dE/dw */
            free(name);
            name = mem_copy_n(whole, strcspn(whole, " \n;,)]}"));
        }
        parse_fail(p, t,
                   error_new("write-times", "number", number, "name", name, NULL));
        free(number);
        free(name);
        return -1;
    }
    parse_next(p);
    int i = add_node(b, EXPR_NUMBER, t);
    b->expr->nodes[i].number = t->number;
    return i;
}

static int read_brackets(struct reader *b) {
    const struct token *open = b->p->t;
    parse_next(b->p);
    int node = read_expr(b);
    return node >= 0 && parse_closes(b->p, open, ")") ? node : -1;
}

static int read_prim(struct reader *b) {
    struct parser *p = b->p;
    if (p->error) return -1;
    if (p->t->kind == TOKEN_NUMBER) return read_number(b);
    if (p->t->kind == TOKEN_NAME && !parse_is_word(p, p->t, "at")) return read_name(b);
    if (parse_sees(p, "(")) return read_brackets(b);
    if (parse_sees(p, "[")) return read_list(b);
    if (parse_sees(p, "∂")) return read_partial(b);
    parse_unexpected(p);
    return -1;
}

/* ---- operators ---- */

static int read_post(struct reader *b) {
    const struct token *from = b->p->t;
    int node = read_prim(b);
    while (node >= 0 && parse_sees(b->p, "[") && !b->p->t->spaced) {
        const struct token *open = b->p->t;
        int *kids = NULL, n = 0;
        *PARSE_MORE(kids, n) = node;
        parse_next(b->p);
        if (!read_kids(b, read_index, open, &kids, &n)) {
            free(kids);
            return -1;
        }
        node = add_tree(b, EXPR_INDEX, NULL, kids, n, from);
    }
    if (node < 0 || !(parse_takes(b->p, "^") || parse_takes(b->p, "**"))) return node;
    int power = read_unary(b); /* to the right: 2^-3, 2^3^2 */
    return power < 0 ? -1 : add_gate(b, "pow", node, power, from);
}

static int read_sign(struct reader *b) {
    const struct token *from = b->p->t;
    bool minus = parse_sees(b->p, "-");
    if (!minus && !parse_sees(b->p, "+")) return read_post(b);
    parse_next(b->p);
    int node = read_unary(b);
    if (node < 0 || !minus) return node;
    struct expr_node *n = &b->expr->nodes[node];
    if (n->kind != EXPR_NUMBER) return add_gate(b, "neg", node, -1, from);
    n->number = -n->number;
    n->at.length += n->at.column - from->at.column;
    n->at.column = from->at.column;
    return node;
}

static int read_unary(struct reader *b) {
    if (!parse_enters(b->p)) return -1;
    int node = read_sign(b);
    b->p->depth--;
    return node;
}

static const struct gate *take_sign(struct parser *p, int precedence) {
    const struct gate *g = p->t->kind == TOKEN_SIGN ? gate_typed(p->t->sign, 2) : NULL;
    if (!g || g->precedence != precedence) return NULL;
    parse_next(p);
    return g;
}

/* a op b op c, from the left. */
static int read_chain(struct reader *b, int precedence, int (*read)(struct reader *)) {
    const struct token *from = b->p->t;
    int node = read(b);
    const struct gate *gate;
    while (node >= 0 && (gate = take_sign(b->p, precedence))) {
        int right = read(b);
        node = right < 0 ? -1 : add_gate(b, gate->name, node, right, from);
    }
    return node;
}

static int read_term(struct reader *b) { return read_chain(b, HOLDS_TERM, read_unary); }

static int read_sum(struct reader *b) { return read_chain(b, HOLDS_SUM, read_term); }

static int read_cmp(struct reader *b) {
    const struct token *from = b->p->t;
    int left = read_sum(b);
    const struct gate *gate = left < 0 ? NULL : take_sign(b->p, HOLDS_COMPARE);
    if (!gate) return left;
    int right = read_sum(b);
    if (right < 0) return -1;
    const struct token *more = b->p->t;
    if (take_sign(b->p, HOLDS_COMPARE)) { /* a < b < c */
        parse_fail(b->p, more, error_new("one-comparison", NULL));
        return -1;
    }
    return add_gate(b, gate->name, left, right, from);
}

/* ---- at w = 2, x[0] = 3 ---- */

/* Is a binding next (w =, w[0] =), or after a comma just another item? */
static bool sees_bind(const struct parser *p) {
    const struct token *t = p->t;
    if (t->kind != TOKEN_NAME) return false;
    t++;
    if (parse_is_sign(t, "[")) {
        for (int open = 0; t->kind != TOKEN_END && t->kind != TOKEN_LINE; t++) {
            open += parse_is_sign(t, "[") - parse_is_sign(t, "]");
            if (!open) break;
        }
        if (parse_is_sign(t, "]")) t++;
    }
    return parse_is_sign(t, "=");
}

/* Kids get the index; the bind itself is added to *binds. */
static bool read_bind(struct reader *b, int **kids, int *n_kids,
                      struct expr_bind **binds, int *n_binds) {
    struct parser *p = b->p;
    if (p->t->kind != TOKEN_NAME) return parse_unexpected(p);
    struct expr_bind *bind = PARSE_MORE(*binds, *n_binds);
    bind->name = parse_slice(p, p->t);
    bind->at = p->t->at;
    bind->first_index = *n_kids;
    parse_next(p);
    if (parse_sees(p, "[")) {
        const struct token *open = p->t;
        parse_next(p);
        if (!read_kids(b, read_index, open, kids, n_kids)) return false;
    }
    bind->n_index = *n_kids - bind->first_index;
    if (!parse_takes(p, "=")) return parse_unexpected(p);
    bind->value = read_cmp(b);
    return bind->value >= 0;
}

/* dE/dw at -8: of which name? */
static bool lacks_name(struct reader *b, int base, const struct token *from) {
    struct parser *p = b->p;
    const struct token *value = p->t, *last = value + parse_is_sign(value, "-");
    const struct expr_node *n = &b->expr->nodes[base];
    if (last->kind != TOKEN_NUMBER) return false;
    struct buf here = {0};
    buf_printf(&here, "%.*s %s = %.*s", (int)(value[-1].end - from->start),
               p->text + from->start, n->kind == EXPR_DERIVATIVE ? n->wrt : "w",
               (int)(last->end - value->start), p->text + value->start);
    parse_fail(p, value, error_new("otherwise", "here", buf_text(&here), NULL));
    buf_free(&here);
    return true;
}

static int read_at(struct reader *b, int base, const struct token *from) {
    int *kids = NULL, n_kids = 0, n_binds = 0;
    struct expr_bind *binds = NULL;
    *PARSE_MORE(kids, n_kids) = base;
    bool fine;
    do {
        parse_next(b->p); /* `at`, or the comma */
        fine = !lacks_name(b, base, from) &&
               read_bind(b, &kids, &n_kids, &binds, &n_binds);
        if (!fine || !parse_sees(b->p, ",")) break;
        b->p->t++;
        bool more = sees_bind(b->p);
        b->p->t--;
        if (!more) break;
    } while (true);
    int i = add_tree(b, EXPR_AT, NULL, kids, n_kids, from);
    if (i < 0) i = b->expr->n - 1; /* it is in the expression: freed with it */
    struct expr_node *n = &b->expr->nodes[i];
    n->binds = binds;
    n->n_binds = n_binds;
    for (int k = 0; k < n_binds; k++) {
        int height = height_of(b, binds[k].value) + 1;
        if (height > n->height) n->height = height;
    }
    if (n->height > EXPR_HEIGHT) parse_fail(b->p, from, error_new("too-deep", NULL));
    return b->p->error ? -1 : i;
}

static int read_expr(struct reader *b) {
    const struct token *from = b->p->t;
    int node = read_cmp(b);
    if (node < 0 || !parse_is_word(b->p, b->p->t, "at")) return node;
    return read_at(b, node, from);
}

/* ---- the ways in ---- */

static bool read_whole(struct parser *p, int (*read)(struct reader *),
                       struct expr **out) {
    struct reader b = {p, mem_alloc(1, sizeof(struct expr)), 0};
    b.expr->refs = 1;
    if (read(&b) >= 0 && !p->error) {
        *out = b.expr;
        return true;
    }
    expr_unref(b.expr);
    return false;
}

bool parse_expr(struct parser *p, struct expr **out) {
    return read_whole(p, read_expr, out);
}

bool parse_cmp(struct parser *p, struct expr **out) {
    return read_whole(p, read_cmp, out);
}

bool parse_index(struct parser *p, struct expr **out) {
    return read_whole(p, read_index, out);
}
