#include "board/board.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/utf8.h"
#include "engine/gates.h"

/* What undo may hold on to. The newest line is kept whatever its size. */
#define UNDO_BUDGET ((size_t)256 << 20)
#define UNDO_UNASKED ((size_t)8 << 20) /* kept wherever there is so much */

struct change {
    int slot;
    struct def *before;
};

struct line { /* what one line changed, as it was before (or, redoing, after) */
    char *label;
    struct change *changes;
    size_t n, cap;
    bool has_state;
    struct board_state state;
    size_t bytes;
};

struct lines {
    struct line *at;
    size_t n, cap;
    size_t bytes, fine; /* up to so many nobody has to ask what is left */
};

struct board {
    struct slot *slots;
    size_t n, cap;
    struct map names;
    struct board_state state;
    struct lines undo, redo;
    struct line now; /* the line in hand */
    int depth;       /* of nested begins */
    unsigned serial;
    size_t has[HAS_KINDS]; /* how many definitions of that kind */
    char *said;            /* label lent to the caller of undo */
};

/* ---- definitions ---- */

struct def *def_new(enum def_kind kind) {
    struct def *d = mem_alloc(1, sizeof *d);
    d->refs = 1;
    d->kind = kind;
    return d;
}

struct def *def_value(enum def_kind kind, struct tensor *value) {
    struct def *d = def_new(kind);
    d->value = value;
    d->shape = value->shape;
    return d;
}

struct def *def_packed(struct packed *pictures) {
    struct def *d = def_new(DEF_VALUE);
    d->packed = pictures;
    d->shape = pictures->shape;
    return d;
}

struct def *def_copy(const struct def *from) {
    struct def *d = mem_alloc(1, sizeof *d);
    *d = *from;
    d->refs = 1;
    d->source = (struct def_source){0}; /* it is to be changed */
    d->half = NULL;
    if (d->value) tensor_ref(d->value);
    packed_ref(d->packed);
    if (d->expr) expr_ref(d->expr);
    if (d->n_args) d->args = mem_alloc((size_t)d->n_args, sizeof *d->args);
    for (int i = 0; i < d->n_args; i++) d->args[i] = mem_copy(from->args[i]);
    return d;
}

struct def *def_with(const struct def *from, struct tensor *value) {
    struct def *d = def_copy(from);
    tensor_unref(d->value);
    packed_unref(d->packed);
    d->value = value;
    d->packed = NULL;
    d->source = (struct def_source){0};
    return d;
}

static bool waits(const struct def *d) {
    return !d->value && (d->undrawn.draw || d->packed);
}

struct drawing {
    struct undrawn *by;
    real *to;
    size_t n;
};

static void draw_all(void *context) {
    struct drawing *d = context;
    struct undrawn *u = d->by;
    for (size_t i = 0; i < d->n; i++) {
        d->to[i] = u->draw(&u->dice, u->setting, u->in, u->out);
    }
}

bool undrawn_draw(struct undrawn *u, real *to, size_t n) {
    return interrupt_run(draw_all, &(struct drawing){u, to, n});
}

const struct tensor *def_tensor(const struct def *d) {
    if (!waits(d)) return d->value;
    struct def *mine = (struct def *)(uintptr_t)d; /* the same numbers whenever it is */
    struct undrawn u = d->undrawn;
    struct tensor *t = d->half ? d->half : tensor_zeros(d->shape);
    if (d->packed) packed_read(d->packed, 0, d->shape.dim[0], t->data);
    bool whole = d->packed || undrawn_draw(&u, t->data, t->size);
    mine->half = whole ? NULL : t;
    mine->value = whole ? t : NULL;
    return t;
}

struct error *def_hold(const struct def *d) {
    double bytes = waits(d) ? (double)shape_size(&d->shape) * sizeof(real) : 0;
    struct error *e = memory_left_for(bytes);
    if (!e) def_tensor(d);
    if (!e && d->half) e = interrupt_stopped();
    return e;
}

void def_read(const struct def *d, size_t from, size_t rows, real *to) {
    size_t row = shape_size(&d->shape) / d->shape.dim[0];
    if (d->packed) packed_read(d->packed, from, rows, to);
    else memcpy(to, def_tensor(d)->data + from * row, rows * row * sizeof(real));
}

void def_stream(const struct def *d, void (*take)(void *to, const real *v, size_t n),
                void *to) {
    enum { PART = 1 << 16 };
    size_t size = shape_size(&d->shape), row = d->packed ? d->packed->row : 1;
    size_t part = row < PART ? PART / row * row : row;
    struct dice dice = d->undrawn.dice;
    if (d->value || (!d->packed && !d->undrawn.draw)) {
        take(to, def_tensor(d)->data, size);
        return;
    }
    real *v = mem_alloc(part, sizeof *v);
    for (size_t at = 0, n; at < size; at += n) {
        const struct undrawn *u = &d->undrawn;
        n = size - at < part ? size - at : part;
        if (d->packed) packed_read(d->packed, at / row, n / row, v);
        for (size_t i = 0; !d->packed && i < n; i++)
            v[i] = u->draw(&dice, u->setting, u->in, u->out);
        take(to, v, n);
        if (interrupt_flag) break;
    }
    free(v);
}

struct def *def_ref(const struct def *d) {
    struct def *mine = (struct def *)(uintptr_t)d;
    if (mine) mine->refs++;
    return mine;
}

void def_unref(struct def *d) {
    if (!d || --d->refs > 0) return;
    tensor_unref(d->value);
    tensor_unref(d->half);
    packed_unref(d->packed);
    expr_unref(d->expr);
    for (int i = 0; i < d->n_args; i++) free(d->args[i]);
    free(d->args);
    free(d);
}

static bool is_of(const struct def *d, enum board_has kind) {
    if (!d) return false;
    if (kind == HAS_BROKEN) return d->broken;
    if (kind == HAS_SIZED) return d->sized;
    return d->kind == DEF_VALUE && d->shape.n && shape_size(&d->shape) >= LARGE_VALUE;
}

bool board_has(const struct board *b, enum board_has kind) { return b->has[kind] > 0; }

/* ---- state: the seed, the dice, the last run, the columns ---- */

static struct board_state state_copy(const struct board_state *from) {
    struct board_state s = *from;
    if (s.run) run_ref(s.run);
    if (s.n_watch) {
        s.watch = mem_alloc((size_t)s.n_watch, sizeof *s.watch);
        for (int i = 0; i < s.n_watch; i++) s.watch[i] = expr_ref(from->watch[i]);
    }
    return s;
}

static void state_free(struct board_state *s) {
    if (s->run) run_unref(s->run);
    for (int i = 0; i < s->n_watch; i++) expr_unref(s->watch[i]);
    free(s->watch);
}

/* ---- lines ---- */

static void line_free(struct line *l) {
    for (size_t i = 0; i < l->n; i++) def_unref(l->changes[i].before);
    if (l->has_state) state_free(&l->state);
    free(l->changes);
    free(l->label);
    *l = (struct line){0};
}

static void lines_clear(struct lines *ls) {
    for (size_t i = 0; i < ls->n; i++) line_free(&ls->at[i]);
    ls->n = ls->bytes = 0;
}

static size_t def_bytes(const struct def *d) {
    size_t bytes = d && d->value ? d->value->size * sizeof(real) : 0;
    bytes += d && d->packed ? shape_size(&d->shape) * (size_t)d->packed->width : 0;
    return sizeof(struct change) + bytes + (d ? expr_bytes(d->expr) : 0) + sizeof *d;
}

/* What a line keeps alive: of its run what `now`, the one in hand, does not hold. */
static size_t line_bytes(const struct line *l, const struct run *now) {
    size_t bytes = sizeof *l + strlen(l->label);
    for (size_t i = 0; i < l->n; i++) bytes += def_bytes(l->changes[i].before);
    if (l->has_state) bytes += run_bytes(l->state.run, now);
    return bytes;
}

/* Never more than is left for everything else. Some more goes than has to, so that it
 * is not for each line that this is looked at. */
static void lines_trim(struct lines *ls) {
    double left = fmax(memory_left(), (double)UNDO_UNASKED);
    size_t gone = 0, most = UNDO_BUDGET;
    if (left < (double)most) most = (size_t)left;
    bool over = ls->bytes > most;
    while (over && ls->bytes > most / 8 * 7 && gone + 1 < ls->n) {
        ls->bytes -= ls->at[gone].bytes;
        line_free(&ls->at[gone++]);
    }
    ls->n -= gone;
    if (gone) memmove(ls->at, ls->at + gone, ls->n * sizeof *ls->at);
    ls->fine = ls->bytes + UNDO_UNASKED < most ? ls->bytes + UNDO_UNASKED : most;
}

static void lines_push(struct lines *ls, struct line l, const struct run *now) {
    if (ls->n == ls->cap) {
        ls->cap = ls->cap ? ls->cap * 2 : 16;
        ls->at = mem_grow(ls->at, ls->cap, sizeof *ls->at);
    }
    l.bytes = line_bytes(&l, now);
    ls->at[ls->n++] = l;
    ls->bytes += l.bytes;
    if (ls->bytes > UNDO_UNASKED && ls->bytes > ls->fine) lines_trim(ls);
}

/* The one place where what a slot holds is exchanged. Gives back what was there. */
static struct def *slot_put(struct board *b, int slot, struct def *d) {
    struct def *was = b->slots[slot].def;
    b->slots[slot].def = d;
    for (int k = 0; k < HAS_KINDS; k++) {
        b->has[k] += (size_t)is_of(d, (enum board_has)k);
        b->has[k] -= (size_t)is_of(was, (enum board_has)k);
    }
    return was;
}

/* Puts back what a line saved, and leaves in the line what was there: undo and redo are
 * the same exchange. */
static void line_swap(struct board *b, struct line *l) {
    for (size_t i = l->n; i-- > 0;) {
        struct change *c = &l->changes[i];
        c->before = slot_put(b, c->slot, c->before);
    }
    if (l->has_state) {
        struct board_state after = b->state;
        b->state = l->state;
        l->state = after;
    }
}

void board_begin(struct board *b, const char *label) {
    if (b->depth++) return;
    b->serial++;
    b->now = (struct line){.label = mem_copy(label)};
}

/* What a line that failed was about to change may be as it was. */
static void drop_same_state(struct board *b) {
    const struct board_state *is = &b->state, *was = &b->now.state;
    if (!b->now.has_state || is->seed != was->seed || is->draws != was->draws) return;
    if (is->run != was->run || is->run_step != was->run_step) return;
    if (is->n_watch != was->n_watch) return;
    for (int i = 0; i < is->n_watch; i++) {
        if (is->watch[i] != was->watch[i]) return;
    }
    state_free(&b->now.state);
    b->now.has_state = false;
}

bool board_end(struct board *b) {
    assert(b->depth > 0);
    if (--b->depth) return false;
    drop_same_state(b);
    bool changed = b->now.n || b->now.has_state;
    if (changed) {
        lines_clear(&b->redo);
        lines_push(&b->undo, b->now, b->state.run);
        b->now = (struct line){0};
    } else {
        line_free(&b->now);
    }
    return changed;
}

static const char *exchange(struct board *b, struct lines *from, struct lines *to) {
    if (!from->n) return NULL;
    struct line l = from->at[--from->n];
    from->bytes -= l.bytes;
    line_swap(b, &l);
    free(b->said);
    b->said = mem_copy(l.label);
    lines_push(to, l, b->state.run);
    return b->said;
}

const char *board_undo(struct board *b) { return exchange(b, &b->undo, &b->redo); }
const char *board_redo(struct board *b) { return exchange(b, &b->redo, &b->undo); }

/* ---- the board ---- */

struct board *board_new(void) {
    struct board *b = mem_alloc(1, sizeof *b);
    b->state.seed = 1;
    return b;
}

void board_free(struct board *b) {
    if (!b) return;
    lines_clear(&b->undo);
    lines_clear(&b->redo);
    line_free(&b->now);
    for (size_t i = 0; i < b->n; i++) {
        def_unref(b->slots[i].def);
        free(b->slots[i].name);
    }
    state_free(&b->state);
    map_free(&b->names);
    free(b->undo.at);
    free(b->redo.at);
    free(b->slots);
    free(b->said);
    free(b);
}

const struct def *board_get(const struct board *b, const char *name) {
    int i = map_get(&b->names, name);
    return i < 0 ? NULL : b->slots[i].def;
}

size_t board_count(const struct board *b) { return b->n; }
const struct slot *board_at(const struct board *b, size_t i) { return &b->slots[i]; }

static int slot_of(struct board *b, const char *name) {
    int i = map_get(&b->names, name);
    if (i >= 0) return i;
    if (b->n == b->cap) {
        b->cap = b->cap ? b->cap * 2 : 32;
        b->slots = mem_grow(b->slots, b->cap, sizeof *b->slots);
    }
    b->slots[b->n] = (struct slot){.name = mem_copy(name)};
    map_set(&b->names, b->slots[b->n].name, (int)b->n);
    return (int)b->n++;
}

void board_set(struct board *b, const char *name, struct def *def) {
    int i = slot_of(b, name);
    struct slot *s = &b->slots[i];
    struct line *l = &b->now;
    /* saved already, or nothing to undo to */
    if (!b->depth || s->journal == b->serial) {
        def_unref(slot_put(b, i, def));
    } else {
        if (l->n == l->cap) {
            l->cap = l->cap ? l->cap * 2 : 4;
            l->changes = mem_grow(l->changes, l->cap, sizeof *l->changes);
        }
        l->changes[l->n++] = (struct change){i, s->def};
        s->journal = b->serial;
        slot_put(b, i, def);
    }
}

const struct board_state *board_state(const struct board *b) { return &b->state; }

struct board_state *board_change_state(struct board *b) {
    if (b->depth && !b->now.has_state) {
        b->now.state = state_copy(&b->state);
        b->now.has_state = true;
    }
    return &b->state;
}

void board_set_run(struct board *b, struct run *run, size_t step) {
    struct board_state *s = board_change_state(b);
    if (s->run) run_unref(s->run);
    s->run = run;
    s->run_step = step;
}

void board_reset(struct board *b) {
    for (size_t i = 0; i < b->n; i++) {
        if (b->slots[i].def) board_set(b, b->slots[i].name, NULL);
    }
    struct board_state *s = board_change_state(b);
    state_free(s);
    *s = (struct board_state){.seed = 1};
}
