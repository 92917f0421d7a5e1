#include "board/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/map.h"
#include "base/memory.h"
#include "board/compile.h"
#include "board/functions.h"

/* ---- what stands on a name that is changed ---- */

struct change {
    const char *name;
    bool shape; /* or kind: not its numbers alone */
};

struct changes { /* to look after, in order; what that changes comes behind */
    struct change *at;
    size_t n, cap;
    struct map numbers; /* those that are there for their numbers alone */
};

static void add(struct changes *c, const char *name, bool shape) {
    if (!shape && map_get(&c->numbers, name) >= 0) return;
    if (!shape) map_set(&c->numbers, name, 1);
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 16;
        c->at = mem_grow(c->at, c->cap, sizeof *c->at);
    }
    c->at[c->n++] = (struct change){name, shape};
}

struct error *names_fit(struct board *b, const struct draft *draft, const char *name,
                        struct def *d) {
    struct compiled c;
    struct compile_order o = {.expr = d->expr,
                              .draft = draft,
                              .owner = name,
                              .shapes = true,
                              .shallow = true};
    struct error *e = compile(&c, b, &o);
    if (e) return e;
    d->shape = c.root->shape;
    d->sized = c.sized;
    compile_close(&c);
    return NULL;
}

/* Works out anew the shape of a formula that stands on something changed, and whether
 * it fits. True where that is another than before. */
static bool refit(struct board *b, const struct slot *slot) {
    const struct def *d = slot->def;
    struct def *fresh = def_copy(d);
    struct error *e = names_fit(b, NULL, slot->name, fresh);
    fresh->broken = e != NULL;
    error_free(e);
    bool other = fresh->broken != d->broken || fresh->sized != d->sized ||
                 !shape_equal(&fresh->shape, &d->shape);
    if (other) board_set(b, slot->name, fresh);
    else def_unref(fresh);
    return other;
}

/* Which formulas name what: found once, however much changes. A list for each name, of
 * slots in their order. */
struct standing {
    struct map first;
    struct {
        size_t slot;
        int next;
    } * at;
    size_t n, cap;
};

static void stands_on(struct standing *s, size_t slot, const char *name) {
    int next = name ? map_get(&s->first, name) : 0;
    if (!name || (next >= 0 && s->at[next].slot == slot)) return;
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 64;
        s->at = mem_grow(s->at, s->cap, sizeof *s->at);
    }
    s->at[s->n].slot = slot;
    s->at[s->n].next = next;
    map_set(&s->first, name, (int)s->n++);
}

static struct standing find_standing(const struct board *b) {
    struct standing s = {0};
    for (size_t i = board_count(b); i-- > 0;) { /* each goes before those behind it */
        const struct def *d = board_at(b, i)->def;
        for (int k = 0; d && d->kind == DEF_FORMULA && k < d->expr->n; k++) {
            const struct expr_node *x = &d->expr->nodes[k];
            stands_on(&s, i, x->name);
            stands_on(&s, i, x->wrt);
            for (int j = 0; j < x->n_binds; j++) stands_on(&s, i, x->binds[j].name);
        }
    }
    return s;
}

/* Numbers matter to shapes only where one hangs on them, maybe through others:
 * n = 3; m = 2*n; x = zeros(m, 2). */
static void look_after(struct board *b, struct changes *c) {
    struct standing s = find_standing(b);
    for (size_t at = 0; at < c->n; at++) {
        struct change by = c->at[at];
        for (int k = map_get(&s.first, by.name); k >= 0; k = s.at[k].next) {
            const struct slot *slot = board_at(b, s.at[k].slot);
            const struct def *d = slot->def;
            if (!function_names(d->expr, by.name)) continue;
            if ((by.shape || d->sized) && refit(b, slot)) add(c, slot->name, true);
            else if (board_has(b, HAS_SIZED)) add(c, slot->name, false);
        }
    }
    map_free(&s.first);
    free(s.at);
}

/* Those that no longer fit: "h, E". */
static void name_broken(const struct board *b, const struct changes *c,
                        struct buf *broken) {
    struct map seen = {0};
    for (size_t i = 0; i < c->n; i++) {
        const char *name = c->at[i].name;
        const struct def *d = board_get(b, name);
        if (!c->at[i].shape || !d || !d->broken || map_get(&seen, name) >= 0) continue;
        buf_add_listed(broken, "%s", name);
        map_set(&seen, name, 1);
    }
    map_free(&seen);
}

/* ---- setting ---- */

static void set(struct board *b, const char *name, struct def *def, struct changes *c) {
    const struct def *old = board_get(b, name);
    if (!old && !def) return;
    bool params = old && def && old->kind == DEF_PARAM && def->kind == DEF_PARAM;
    bool functions =
        (old && old->kind == DEF_FUNCTION) || (def && def->kind == DEF_FUNCTION);
    bool other = !old || !def || functions || !shape_equal(&old->shape, &def->shape);
    const struct run *run = board_state(b)->run;
    if (old && !params && run && strcmp(run->loss_name, name) == 0) {
        board_set_run(b, NULL, 0); /* another E: its old run means nothing */
    }
    board_set(b, name, def);
    /* on a name that was not there only broken formulas stand */
    if (old ? other : board_has(b, HAS_BROKEN)) add(c, name, true);
    else if (old && board_has(b, HAS_SIZED)) add(c, name, false);
}

static void settle(struct board *b, struct changes *c, struct buf *broken) {
    if (!c->n) return;
    interrupt_hold(); /* a formula that is not looked at would seem broken */
    look_after(b, c);
    interrupt_release();
    if (broken) name_broken(b, c, broken);
    free(c->at);
    map_free(&c->numbers);
}

void names_set(struct board *b, struct draft *d, struct buf *broken) {
    struct changes c = {0};
    for (size_t i = 0; i < d->n; i++) {
        set(b, d->at[i].name, d->at[i].def, &c);
        d->at[i].def = NULL;
    }
    settle(b, &c, broken);
}

void name_set(struct board *b, const char *name, struct def *def, struct buf *broken) {
    struct changes c = {0};
    set(b, name, def, &c);
    settle(b, &c, broken);
}

struct error *names_set_numbers(struct board *b, size_t n, const char *const *names,
                                const real *const *numbers) {
    struct draft d = {0};
    struct error *e = NULL;
    for (size_t i = 0; i < n && !e; i++) {
        const struct def *old = board_get(b, names[i]);
        struct tensor *t;
        if ((e = tensor_new(old->shape, &t))) break;
        memcpy(t->data, numbers[i], t->size * sizeof *t->data);
        draft_add(&d, names[i], def_with(old, t));
    }
    if (!e) names_set(b, &d, NULL);
    draft_drop(&d);
    return e;
}
