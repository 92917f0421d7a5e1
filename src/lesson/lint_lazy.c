#include "lesson/lint_lazy.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/mark.h"
#include "lesson/steps.h"
#include "lesson/task.h"
#include "text/number.h"

enum {
    TYPED_MOST = 8, /* numbers that somebody would type in */
    NAMES_MOST = 12
};

enum how {
    SETS,   /* the solution sets it */
    PLAIN,  /* to a number, as it may well be typed */
    USES,   /* it only names it */
    LEARNS, /* a parameter that is another by then */
};

struct lazy {
    struct session *s;
    struct board *solved;
    struct {
        char *name; /* owned: w, or Q[2, 1] */
        enum how how;
    } at[NAMES_MOST];
    int n;
    bool learns;
};

static void add_name(struct lazy *z, const char *name, enum how how) {
    for (int i = 0; i < z->n; i++) {
        if (strcmp(z->at[i].name, name) != 0) continue;
        if (z->at[i].how == PLAIN) z->at[i].how = how; /* it goes on from there */
        return;
    }
    if (z->n == NAMES_MOST) return;
    z->at[z->n].name = mem_copy(name);
    z->at[z->n++].how = how;
}

static void add_ref(struct lazy *z, const struct ref *r, enum how how) {
    struct buf name = {0};
    buf_add(&name, r->name);
    for (int i = 0; i < r->n_index; i++) {
        buf_add(&name, i ? ", " : "[");
        expr_print(&name, r->index[i]);
    }
    buf_add(&name, r->n_index ? "]" : "");
    add_name(z, buf_text(&name), how);
    buf_free(&name);
}

/* ---- what the solution is about ---- */

static void add_named(struct lazy *z, const struct expr *e) {
    if (e && e->n == 1 && e->nodes[0].kind == EXPR_NAME)
        add_name(z, e->nodes[0].name, USES);
}

static bool is_plain(const struct expr *e) {
    bool plain = true;
    for (int i = 0; i < e->n && plain; i++) {
        enum expr_kind kind = e->nodes[i].kind;
        plain = kind == EXPR_NUMBER || kind == EXPR_GATE || kind == EXPR_LIST;
    }
    return plain;
}

static void add_names(struct lazy *z, const struct program *p) {
    for (int i = 0; p && i < p->n; i++) {
        const struct stmt *st = &p->stmts[i];
        for (int k = 0; k < st->n_refs; k++) {
            bool plain = st->op == '=' && k < st->n_exprs && is_plain(st->exprs[k]);
            add_ref(z, &st->refs[k], plain ? PLAIN : SETS);
        }
        for (int k = 0; k < st->n_pdefs; k++) add_name(z, st->pdefs[k].name, SETS);
        for (int k = 0; k < st->n_items; k++) add_named(z, st->items[k].expr);
        if (st->kind == STMT_REPEAT) add_names(z, st->body);
        z->learns |= st->kind == STMT_COMMAND && st->command->flags & COMMAND_CHANGES;
    }
}

static bool is_learned(const struct slot *slot, const struct board *began) {
    const struct def *d = slot->def, *was = board_get(began, slot->name);
    return d && d->kind == DEF_PARAM && was && was != d;
}

/* The parameters that it has learned, unless that is more than anybody types. */
static void add_learned(struct lazy *z, const struct board *began) {
    bool few = z->learns;
    for (size_t i = 0; i < board_count(z->solved); i++) {
        const struct slot *slot = board_at(z->solved, i);
        if (is_learned(slot, began)) few &= shape_size(&slot->def->shape) <= TYPED_MOST;
    }
    for (size_t i = 0; few && i < board_count(z->solved); i++) {
        const struct slot *slot = board_at(z->solved, i);
        if (is_learned(slot, began)) add_name(z, slot->name, LEARNS);
    }
}

static bool knows(const struct lazy *z, const char *name) {
    bool does = false;
    for (int i = 0; i < z->n; i++) does |= strcmp(z->at[i].name, name) == 0;
    return does;
}

/* What `until` looks at, whole and in parts: it may be set as well as found. */
static void add_looked_at(struct lazy *z, const struct expr *e) {
    for (int i = 0; i < e->n; i++) {
        const struct expr_node *node = &e->nodes[i];
        bool part =
            node->kind == EXPR_INDEX && e->nodes[node->kids[0]].kind == EXPR_NAME;
        if (!part && node->kind != EXPR_NAME) continue;
        struct buf name = {0};
        expr_print(&name, &(struct expr){.nodes = e->nodes, .n = i + 1});
        if (!knows(z, buf_text(&name))) add_name(z, buf_text(&name), USES);
        buf_free(&name);
    }
}

/* ---- what is typed ---- */

static size_t add_numbers(struct session *s, struct buf *b, const struct shape *shape,
                          int dim, const real *v) {
    size_t n = 0;
    if (dim == shape->n) {
        buf_add(b, NUM(s->out, *v));
        return 1;
    }
    for (size_t i = 0; i < shape->dim[dim]; i++) {
        buf_add(b, i ? ", " : "[");
        n += add_numbers(s, b, shape, dim + 1, v + n);
    }
    buf_add(b, "]");
    return n;
}

/* w = 3: as it comes out, and is shown. Of what nobody would type a 1 must do. */
static bool add_value(struct lazy *z, int i, struct buf *line) {
    struct tensor *t;
    const char *name = z->at[i].name;
    const struct def *d = board_get(z->solved, name); /* NULL: a part of one */
    if (d && d->kind == DEF_FUNCTION) return false;
    buf_printf(line, "%s%s = ", line->len ? "; " : "", name);
    if (d && shape_size(&d->shape) > TYPED_MOST) {
        buf_add(line, "1");
        return true;
    }
    struct error *e = desk_value(z->s, z->solved, name, &t);
    bool has = !e;
    if (has) add_numbers(z->s, line, &t->shape, 0, t->data);
    if (has) tensor_unref(t);
    error_free(e);
    return has;
}

static bool is_listed(const struct lazy_order *o, const char *line) {
    const cJSON *each;
    cJSON_ArrayForEach(each, lesson_field(o->step, "accept")) {
        if (strcmp(desk_text(o->s, each), line) == 0) return true;
    }
    return strcmp(desk_text(o->s, lesson_field(o->step, "solution")), line) == 0;
}

static bool passes(const struct lazy_order *o, const char *line) {
    struct error *e = desk_run_silently(o->s, line);
    bool does = !e && task_passes(o->s, o->step);
    error_free(e);
    desk_go_back(o->s);
    return does;
}

static void must_fail(const struct lazy_order *o, const char *line) {
    if (is_listed(o, line) || !passes(o, line)) return;
    o->fault(o->g, lesson_field(o->step, "until"), "lint-lazy", line, "");
}

static void must_pass(const struct lazy_order *o) {
    const cJSON *each;
    cJSON_ArrayForEach(each, lesson_field(o->step, "accept")) {
        const char *line = desk_text(o->s, each);
        if (!passes(o, line)) o->fault(o->g, each, "lint-right-fails", line, "");
    }
}

/* Each name alone; then all that the solution makes, as they come out. */
static void type_values(const struct lazy_order *o, struct lazy *z) {
    struct buf all = {0};
    bool other = false, whole = z->n > 0;
    for (int i = 0; i < z->n; i++) {
        struct buf line = {0};
        bool has = add_value(z, i, &line);
        enum how how = z->at[i].how;
        if (has && how != PLAIN && how != LEARNS) must_fail(o, buf_text(&line));
        if (how != USES) {
            buf_printf(&all, "%s%s", all.len ? "; " : "", buf_text(&line));
            other |= how != PLAIN;
            whole &= has;
        }
        buf_free(&line);
    }
    if (whole && other) must_fail(o, buf_text(&all));
    buf_free(&all);
}

static bool is_plain_name(const struct lazy *z, const char *name) {
    bool is = false;
    for (int i = 0; i < z->n; i++) {
        bool how = z->at[i].how == PLAIN || z->at[i].how == LEARNS;
        is |= how && strcmp(z->at[i].name, name) == 0;
    }
    return is;
}

/* before == E, w - 1: what was to be reached is set to what stands across from it. */
static void type_across(const struct lazy_order *o, const struct lazy *z,
                        const struct expr *e) {
    for (int i = 0; i < e->n; i++) {
        const struct expr_node *node = &e->nodes[i];
        if (node->kind != EXPR_GATE || node->n_kids != 2) continue;
        for (int k = 0; k < 2; k++) {
            int left = node->kids[k], right = node->kids[!k];
            const char *name = e->nodes[left].name;
            if (e->nodes[left].kind != EXPR_NAME || is_plain_name(z, name)) continue;
            struct buf line = {0};
            buf_printf(&line, "%s = ", name);
            expr_print(&line, &(struct expr){.nodes = e->nodes, .n = right + 1});
            must_fail(o, buf_text(&line));
            buf_free(&line);
        }
    }
}

/* A formula with today's number in the place of the i-th part, a name. */
static void type_number(const struct lazy_order *o, const struct program *p,
                        const struct stmt *st, int i) {
    struct expr_node *node = &st->exprs[0]->nodes[i], name = *node;
    struct buf line = {0};
    struct error *e = desk_number(o->s, desk_began(o->s), name.name, &node->number);
    for (int k = 0; !e && k < p->n; k++) {
        buf_add(&line, k ? "; " : "");
        if (&p->stmts[k] != st) {
            buf_add(&line, p->stmts[k].source);
            continue;
        }
        node->kind = EXPR_NUMBER;
        buf_printf(&line, "%s = ", st->refs[0].name);
        expr_print(&line, st->exprs[0]);
    }
    *node = name;
    if (!e) must_fail(o, buf_text(&line));
    error_free(e);
    buf_free(&line);
}

static void type_numbers(const struct lazy_order *o, const struct program *p) {
    for (int i = 0; p && i < p->n; i++) {
        const struct stmt *st = &p->stmts[i];
        bool one = st->kind == STMT_DEFINE && st->op == '=' && st->n_refs == 1 &&
                   !st->refs[0].n_index && st->n_exprs == 1;
        for (int k = 0; one && k < st->exprs[0]->n; k++) {
            if (st->exprs[0]->nodes[k].kind == EXPR_NAME) type_number(o, p, st, k);
        }
    }
}

void lazy_play(const struct lazy_order *o) {
    struct lazy z = {.s = o->s, .solved = mark_take(o->s->board)};
    const char *solution = desk_text(o->s, lesson_field(o->step, "solution"));
    desk_go_back(o->s);
    struct typed t = session_read(o->s, solution, false);
    add_names(&z, t.program);
    add_learned(&z, desk_began(o->s));
    const cJSON *json = lesson_field(o->step, "until");
    struct typed until =
        session_read(o->s, cJSON_IsString(json) ? json->valuestring : "", false);
    const struct program *u = until.program;
    const struct expr *looks =
        u && u->n == 1 && u->stmts->n_items == 1 ? u->stmts->items[0].expr : NULL;
    if (looks) add_looked_at(&z, looks);
    type_values(o, &z);
    if (looks) type_across(o, &z, looks);
    type_numbers(o, t.program);
    must_pass(o);
    typed_free(&until);
    typed_free(&t);
    mark_put_back(o->s->board, z.solved, "");
    for (int i = 0; i < z.n; i++) free(z.at[i].name);
    board_free(z.solved);
}

void lazy_play_others(const struct lazy_order *o, int i, const struct step **steps,
                      int n) {
    struct lesson_play *p = desk_here(o->s);
    struct mark *m = &p->marks[i];
    p->at = i;
    m->lines = p->lines.n;
    m->losses = p->lines.losses;
    mark_restore(o->s->board, m->board, "");
    for (int k = 0; k < n; k++) {
        if (!steps[k] || k == i) continue;
        must_fail(o, desk_text(o->s, lesson_field(steps[k], "solution")));
    }
}
