#include "board/define.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "board/functions.h"
#include "board/layers.h"
#include "board/names.h"
#include "board/rewrite.h"
#include "engine/gates.h"
#include "text/number.h"

/* ---- loops: h → E → h ---- */

struct visit {
    const char *name;
    int from; /* index of the visit that led here */
};

/* Does `e`, as the new meaning of `name`, come back to `name` through formulas? */
static struct error *find_loop(struct board *b, const struct draft *draft,
                               const char *name, const struct expr *e) {
    struct visit *v = NULL;
    int n = 0, cap = 0, found = -1;
    struct map seen = {0};
    for (int at = -1; at < n && found < 0; at++) {
        const struct def *d = at < 0 ? NULL : draft_find(draft, v[at].name);
        if (at >= 0 && !d) d = board_get(b, v[at].name);
        const struct expr *x = at < 0                        ? e
                               : d && d->kind >= DEF_FORMULA ? d->expr
                                                             : NULL;
        for (int i = 0; x && i < x->n && found < 0; i++) {
            const struct expr_node *k = &x->nodes[i];
            bool refers = k->kind == EXPR_NAME || k->kind == EXPR_CALL ||
                          k->kind == EXPR_DERIVATIVE;
            const char *names[2] = {k->name, k->wrt};
            for (int j = 0; refers && j < 2 && names[j] && found < 0; j++) {
                if (map_get(&seen, names[j]) >= 0) continue;
                if (n == cap) v = mem_grow(v, (size_t)(cap = cap * 2 + 16), sizeof *v);
                v[n] = (struct visit){names[j], at};
                map_set(&seen, names[j], n);
                if (strcmp(names[j], name) == 0) found = n;
                n++;
            }
        }
    }
    struct error *err = NULL;
    if (found >= 0) {
        struct buf loop = {0};
        buf_add(&loop, name);
        for (int i = v[found].from; i >= 0; i = v[i].from) {
            struct buf longer = {0};
            buf_printf(&longer, "%s → %s", v[i].name, buf_text(&loop));
            buf_free(&loop);
            loop = longer;
        }
        struct buf whole = {0};
        buf_printf(&whole, "%s → %s", name, buf_text(&loop));
        err = error_new("loop", "name", name, "loop", buf_text(&whole), NULL);
        buf_free(&whole);
        buf_free(&loop);
    }
    map_free(&seen);
    free(v);
    return err;
}

static struct error *check_loop(struct board *b, const char *name,
                                const struct expr *e) {
    /* nothing stands on a new name */
    return board_get(b, name) ? find_loop(b, NULL, name, e) : NULL;
}

/* Formulas that are set together may stand on one another: A, B = B + x, A + x. */
static struct error *check_loops(struct board *b, const struct draft *d,
                                 struct place at) {
    struct error *e = NULL;
    for (size_t i = 0; i < d->n && !e; i++) {
        const struct def *new = d->at[i].def;
        bool formula = new->kind == DEF_FORMULA;
        e = formula ? find_loop(b, d, d->at[i].name, new->expr) : NULL;
    }
    return error_at(e, at);
}

/* ---- answers ---- */

/* A definition answers with its value, unless that takes a while: a net over a data
 * set. */
enum { SHOWN_AT_ONCE = 1000000, ANSWER_NODES = 100000 };

static size_t numbers_in(const struct graph *g) {
    size_t n = 0;
    for (int i = 0; i < graph_count(g); i++) n += graph_node(g, i)->size;
    return n;
}

bool define_add_value(struct session *s, struct buf *b, const char *name, size_t most) {
    struct compiled c;
    struct error *e = compile_name(&c, s->board, name, ANSWER_NODES);
    bool now = !e && c.root->size <= most && numbers_in(c.graph) < SHOWN_AT_ONCE;
    if (now) {
        compile_close(&c);
        e = compile_name(&c, s->board, name, 0);
    }
    if (!e && now) {
        graph_forward(c.graph);
        buf_add(b, " = ");
        int indent = utf8_width(buf_text(b));
        bool beside = !c.root->shape.n || indent <= s->out->width / 2;
        if (!beside) buf_printf(b, "\n%*s", indent = 2, "");
        tensor_print_rows(b, &c.root->shape, c.root->value, s->out->digits, 12, indent,
                          s->out->width);
    } else if (!e) {
        buf_add(b, "   ");
        shape_print(b, &c.root->shape);
    }
    bool large = e && strcmp(e->key, "too-many-nodes") == 0;
    if (large) {
        const struct shape *shape = &board_get(s->board, name)->shape;
        if (shape->n) buf_add(b, "   ");
        if (shape->n) shape_print(b, shape);
    }
    /* refused for want of memory, or stopped: it is not the name's fault */
    bool fits = !e || large || error_is_short(e) || error_is_stop(e);
    if (!e) compile_close(&c);
    error_free(e);
    return fits;
}

void define_say(struct session *s, const char *text) {
    bool wraps = !strchr(text, '\n') && utf8_width(text) > s->out->width;
    if (wraps) out_wrap(s->out, text, 0);
    else out_printf(s->out, "%s\n", text);
}

/* Q[6, 1] = -0.5   (was 0): of a tensor that is too large to be shown whole. */
static void say_element(struct session *s, const struct drafted *d) {
    struct buf b = {0};
    char *was = out_sentence(s->out, "define.was", "was", NUM(s->out, d->was), NULL);
    buf_printf(&b, "%s = %s   (%s)", d->element, NUM(s->out, d->is), was);
    out_puts(s->out, out_ink(s->out, OUT_DIM));
    define_say(s, buf_text(&b));
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    buf_free(&b);
    free(was);
}

static void say_definition(struct session *s, const char *name, const struct def *d,
                           const char *was) {
    struct buf b = {0};
    buf_add(&b, name);
    if (d->kind == DEF_FORMULA) {
        buf_add(&b, " = ");
        expr_print(&b, d->expr);
    }
    define_add_value(s, &b, name, DEFINE_SHOWN);
    if (was && *was) {
        char *note = out_sentence(s->out, "define.was", "was", was, NULL);
        const char *line = strrchr(buf_text(&b), '\n');
        int used = utf8_width(line ? line + 1 : buf_text(&b));
        bool fits = used + 5 + utf8_width(note) <= s->out->width;
        buf_printf(&b, fits ? "   (%s)" : "\n  (%s)", note);
        free(note);
    }
    out_puts(s->out, out_ink(s->out, OUT_DIM));
    define_say(s, buf_text(&b));
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    buf_free(&b);
}

static void describe(struct session *s, const struct def *d, struct buf *b) {
    if (!d || d->kind == DEF_FUNCTION) return;
    if (d->kind == DEF_FORMULA) expr_print(b, d->expr);
    else if (shape_size(&d->shape) >= LARGE_VALUE) shape_print(b, &d->shape);
    else tensor_print(b, &d->shape, def_tensor(d)->data, s->out->digits, 8);
    if (utf8_width(buf_text(b)) > s->out->width / 2) {
        buf_clear(b);
        if (d->shape.n) shape_print(b, &d->shape);
    }
}

/* Sets what is drafted; says, if asked, what each name was and is; and what no longer
 * fits. */
static void put(struct session *s, struct draft *d, bool answers) {
    struct buf *was = mem_alloc(d->n, sizeof *was), names = {0}, broken = {0};
    for (size_t i = 0; i < d->n; i++) {
        if (d->at[i].part) continue;
        buf_add_listed(&names, "%s", d->at[i].name);
        if (answers) describe(s, board_get(s->board, d->at[i].name), &was[i]);
    }
    names_set(s->board, d, &broken);
    for (size_t i = 0; i < d->n; i++) {
        const char *name = d->at[i].name;
        const struct def *now = board_get(s->board, name);
        bool says = answers && !d->at[i].part && now->kind != DEF_FUNCTION;
        if (says && d->at[i].element) say_element(s, &d->at[i]);
        else if (says) say_definition(s, name, now, buf_text(&was[i]));
        buf_free(&was[i]);
    }
    if (broken.len && !s->mends) {
        out_say(s->out, "define.broken", "name", buf_text(&names), "names",
                buf_text(&broken), NULL);
    }
    free(was);
    buf_free(&names);
    buf_free(&broken);
    draft_drop(d);
}

void define_set(struct session *s, struct draft *d) {
    put(s, d, s->interactive && !s->hushed);
}

void define_set_silently(struct session *s, struct draft *d) { put(s, d, false); }

/* ---- name = expression ---- */

/* Evaluates with the dice of the name it is for. */
static struct error *value_for(struct session *s, const char *name,
                               const struct expr *e, struct tensor **out,
                               uint64_t *draws) {
    const struct def *d = board_get(s->board, name);
    *draws = d ? d->draws : 0;
    if (!call_draws(e)) return compile_value(s->board, e, out);
    struct dice dice = dice_for(board_state(s->board)->seed, name, (*draws)++);
    return compile_drawn(s->board, &(struct compile_order){.expr = e, .dice = &dice},
                         out);
}

struct error *define_shape_differs(const char *name, const struct shape *is,
                                   const struct shape *given) {
    struct buf a = {0}, b = {0};
    shape_print(&a, is);
    shape_print(&b, given);
    struct error *e = error_new("param-shape", "name", name, "shape", buf_text(&a),
                                "given", buf_text(&b), NULL);
    buf_free(&a);
    buf_free(&b);
    return e;
}

/* The one number of a large tensor that a line sets is what is to be seen. */
static void note_element(struct drafted *d, const size_t *at, double was, double is) {
    const struct shape *shape = &d->def->shape;
    if (shape_size(shape) <= DEFINE_SHOWN) return;
    struct buf b = {0};
    buf_printf(&b, "%s[", d->name);
    for (int k = 0; k < shape->n; k++) buf_printf(&b, "%s%zu", k ? ", " : "", at[k]);
    buf_add(&b, "]");
    d->element = buf_take(&b);
    d->was = was;
    d->is = is;
}

/* W[0,1] = 2: a copy of W with that part filled. */
static struct error *plan_element(struct session *s, const struct ref *r,
                                  const struct expr *right, struct draft *draft) {
    /* W[0], W[1] = 7, 8: the second stands on the first */
    const struct def *old = draft_find(draft, r->name);
    if (!old) old = board_get(s->board, r->name);
    if (!old) return error_at(name_unknown(s->board, r->name), r->at);
    if (old->kind != DEF_VALUE && old->kind != DEF_PARAM) {
        return error_at(error_new("set-formula-part", "name", r->name, NULL), r->at);
    }
    if (r->n_index > old->shape.n) {
        struct buf b = {0};
        shape_print(&b, &old->shape);
        struct error *e = error_new("too-many-indices", "shape", buf_text(&b), NULL);
        buf_free(&b);
        return error_at(e, r->at);
    }
    size_t from[MAX_DIMS], to[MAX_DIMS], part = 1;
    for (int k = 0; k < old->shape.n; k++) {
        from[k] = 0;
        to[k] = old->shape.dim[k] - 1;
        if (k < r->n_index) {
            const struct expr *ix = r->index[k];
            struct error *e = compile_range(s->board, ix, ix->n - 1, old->shape.dim[k],
                                            &from[k], &to[k]);
            if (e) return e;
        }
        part *= to[k] - from[k] + 1;
    }
    struct tensor *v, *t;
    uint64_t draws;
    struct error *e = value_for(s, r->name, right, &v, &draws);
    if (e) return e;
    if (v->size != 1 && v->size != part) {
        struct shape want = {.n = 1, .dim = {part}};
        e = define_shape_differs(r->name, &want, &v->shape);
    }
    if (!e) e = def_hold(old);
    if (!e) e = tensor_new(old->shape, &t);
    if (!e) {
        memcpy(t->data, def_tensor(old)->data, t->size * sizeof(real));
        size_t last = 0;
        for (size_t i = 0; i < part; i++) {
            size_t rest = i, offset = 0, scale = 1;
            for (int k = old->shape.n - 1; k >= 0; k--) {
                size_t len = to[k] - from[k] + 1;
                offset += (from[k] + rest % len) * scale;
                scale *= old->shape.dim[k];
                rest /= len;
            }
            t->data[last = offset] = v->data[v->size == 1 ? 0 : i];
        }
        double was = def_tensor(old)->data[last];
        struct def *d = def_with(old, t);
        d->draws = draws;
        struct drafted *set = draft_add(draft, r->name, d);
        if (part == 1) note_element(set, from, was, t->data[last]);
    }
    tensor_unref(v);
    return e;
}

static struct error *plan_now(struct session *s, const struct ref *r,
                              const struct expr *right, struct draft *draft) {
    const struct def *old = board_get(s->board, r->name);
    struct tensor *v;
    struct def *d;
    uint64_t draws;
    struct error *e = value_for(s, r->name, right, &v, &draws);
    if (e) return e;
    if (old && old->kind == DEF_PARAM) {
        if (!shape_equal(&old->shape, &v->shape)) {
            if (v->size == 1) { /* W = 0 fills it */
                struct tensor *full;
                e = tensor_new(old->shape, &full);
                for (size_t i = 0; !e && i < full->size; i++)
                    full->data[i] = v->data[0];
                if (!e) {
                    tensor_unref(v);
                    v = full;
                }
            } else {
                e = define_shape_differs(r->name, &old->shape, &v->shape);
            }
        }
        if (e) {
            tensor_unref(v);
            return error_at(e, r->at);
        }
        d = def_with(old, v);
    } else {
        d = def_value(DEF_VALUE, v);
    }
    d->draws = draws;
    draft_add(draft, r->name, d);
    return NULL;
}

static struct error *plan_formula(struct session *s, const struct ref *r,
                                  struct expr *right, struct draft *draft) {
    struct error *e = check_loop(s->board, r->name, right);
    if (e) return error_at(e, r->at);
    struct draft own = {0}; /* a layer's parts: this formula alone sees them yet */
    struct def *d = def_new(DEF_FORMULA);
    d->expr = expr_ref(right);
    e = layers_draft(s, r->name, right, &own);
    if (!e) e = names_fit(s->board, &own, r->name, d);
    for (size_t i = 0; i < own.n && !e; i++) {
        draft_add(draft, own.at[i].name, def_ref(own.at[i].def))->part = true;
    }
    draft_drop(&own);
    if (e) def_unref(d);
    else draft_add(draft, r->name, d);
    return e;
}

/* -= and +=: the right side with the name before it. */
static struct error *plan(struct session *s, const struct stmt *st, int i,
                          struct draft *draft) {
    const struct ref *r = &st->refs[i];
    struct expr *right = st->exprs[i];
    const struct def *old = board_get(s->board, r->name);
    if (st->op != '=') {
        if (!old) return error_at(name_unknown(s->board, r->name), r->at);
        struct expr *sum = rewrite_update(r, st->op, right);
        struct error *e =
            r->n_index ? plan_element(s, r, sum, draft) : plan_now(s, r, sum, draft);
        expr_unref(sum);
        return e;
    }
    if (r->n_index) return plan_element(s, r, right, draft);
    struct error *e = rewrite_now(s->board, NULL, right, &right);
    if (e) return e;
    bool now = (old && old->kind == DEF_PARAM) || !function_names(right, NULL) ||
               function_names(right, r->name) || call_draws(right);
    e = now ? plan_now(s, r, right, draft) : plan_formula(s, r, right, draft);
    expr_unref(right);
    return e;
}

struct error *define_names(struct session *s, const struct stmt *st) {
    if (st->n_refs != st->n_exprs)
        return error_at(error_new("sides-differ", NULL), st->at);
    struct draft d = {0};
    struct error *e = NULL;
    for (int i = 0; i < st->n_refs && !e; i++) e = plan(s, st, i, &d);
    if (!e && st->n_refs > 1) e = check_loops(s->board, &d, st->at);
    if (e) draft_drop(&d);
    else define_set(s, &d);
    return e;
}

struct error *define_function(struct session *s, const struct stmt *st) {
    const struct expr *body = st->exprs[0];
    /* a slip in the body is told now, not at a call */
    for (int i = 0; i < body->n; i++) {
        const struct expr_node *x = &body->nodes[i];
        bool is_arg = false;
        for (int k = 0; x->name && k < st->n_args; k++) {
            is_arg |= strcmp(st->args[k], x->name) == 0;
        }
        if (x->kind == EXPR_CALL && strcmp(x->name, st->name) == 0) {
            return error_at(error_new("function-calls-itself", "name", st->name, NULL),
                            x->at);
        }
        if (x->kind != EXPR_NAME || is_arg || board_get(s->board, x->name) ||
            call_constant(x->name, &(double){0})) {
            continue;
        }
        return error_at(name_unknown(s->board, x->name), x->at);
    }
    struct error *e = check_loop(s->board, st->name, body);
    if (e) return error_at(e, st->at);
    struct def *d = def_new(DEF_FUNCTION);
    d->expr = expr_ref(st->exprs[0]);
    d->n_args = st->n_args;
    d->args = mem_alloc((size_t)st->n_args + 1, sizeof *d->args);
    for (int i = 0; i < st->n_args; i++) d->args[i] = mem_copy(st->args[i]);
    struct draft one = {0};
    draft_add(&one, st->name, d);
    define_set(s, &one);
    return NULL;
}
