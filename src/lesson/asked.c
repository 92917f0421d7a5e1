#include "lesson/asked.h"

#include <stdlib.h>
#include <string.h>

#include "board/names.h"
#include "lesson/move.h"

static void ask_name(struct asked *a, const char *name) {
    map_set(&a->names, arena_copy(a->arena, name), 1);
}

/* other: of a line that does as well. */
static void ask_program(struct asked *a, const struct program *p, bool other) {
    for (int i = 0; i < p->n; i++) {
        const struct stmt *st = &p->stmts[i];
        unsigned flags = st->kind == STMT_COMMAND ? st->command->flags : 0;
        for (int k = 0; k < st->n_refs; k++) {
            ask_name(a, st->refs[k].name);
            if (other) map_set(&a->made, arena_copy(a->arena, st->refs[k].name), 0);
        }
        for (int k = 0; k < st->n_pdefs; k++) {
            ask_name(a, st->pdefs[k].name);
            map_set(&a->made, arena_copy(a->arena, st->pdefs[k].name), 1);
        }
        if (st->kind == STMT_FUNCTION) ask_name(a, st->name);
        if (st->kind == STMT_REPEAT) ask_program(a, st->body, other);
        a->params |= (flags & COMMAND_CHANGES) != 0;
        a->all |= (flags & COMMAND_NAMES) != 0;
    }
}

static void ask_line(struct session *s, struct asked *a, const cJSON *line,
                     bool other) {
    if (!line) return;
    struct typed t = session_read(s, desk_text(s, line), false);
    if (t.program) ask_program(a, t.program, other);
    typed_free(&t);
}

struct asked asked_of(struct session *s, const struct step *step) {
    struct asked a = {.arena = arena_new()};
    const cJSON *line;
    ask_line(s, &a, lesson_field(step, "solution"), false);
    ask_line(s, &a, lesson_field(step, "instead"), false);
    cJSON_ArrayForEach(line, lesson_field(step, "accept")) ask_line(s, &a, line, true);
    return a;
}

void asked_free(struct asked *a) {
    map_free(&a->names);
    map_free(&a->made);
    arena_free(a->arena);
}

bool asked_is(const struct asked *a, const char *name, const struct def *d) {
    const char *dot = strrchr(name, '.');
    if (a->all || (a->params && d->kind == DEF_PARAM)) return true;
    if (map_get(&a->names, name) >= 0) return true;
    if (!dot) return false;
    char *owner = mem_copy_n(name, (size_t)(dot - name));
    bool is = map_get(&a->names, owner) >= 0;
    free(owner);
    return is;
}

void asked_plain(const struct asked *a, const struct board *b, struct buf *names) {
    for (size_t i = 0; i < board_count(b); i++) {
        const struct slot *slot = board_at(b, i);
        bool plain = slot->def && slot->def->kind != DEF_PARAM;
        if (plain && map_get(&a->made, slot->name) > 0)
            buf_add_listed(names, "%s", slot->name);
    }
}

/* ---- the rest is as it was ---- */

static bool same_formula(const struct expr *a, const struct expr *b) {
    struct buf x = {0}, y = {0};
    expr_print(&x, a);
    expr_print(&y, b);
    bool same = strcmp(buf_text(&x), buf_text(&y)) == 0;
    buf_free(&x);
    buf_free(&y);
    return same;
}

/* Does a student see no difference? */
static bool reads_same(const struct def *a, const struct def *b) {
    if (!a || a->kind != b->kind || !shape_equal(&a->shape, &b->shape)) return false;
    bool same = a->n_args == b->n_args;
    for (int i = 0; same && i < a->n_args; i++) same = !strcmp(a->args[i], b->args[i]);
    if (a->kind > DEF_PARAM) return same && same_formula(a->expr, b->expr);
    size_t n = shape_size(&a->shape);
    return !a->packed && !b->packed && n <= MOVE_MOST &&
           memcmp(def_tensor(a)->data, def_tensor(b)->data, n * sizeof(real)) == 0;
}

static bool has_all(const struct board *a, const struct board *b) {
    bool has = true;
    for (size_t i = 0; has && i < board_count(b); i++) {
        const struct slot *slot = board_at(b, i);
        const struct def *d = board_get(a, slot->name);
        has = d == slot->def || (slot->def && reads_same(d, slot->def));
    }
    return has;
}

bool asked_reads_same(const struct board *a, const struct board *b) {
    return has_all(a, b) && has_all(b, a);
}

bool asked_stands(const struct asked *a, const struct board *b,
                  const struct board *wanted) {
    bool stands = true;
    for (size_t i = 0; stands && i < board_count(wanted); i++) {
        const struct slot *slot = board_at(wanted, i);
        const struct def *d = slot->def, *now = board_get(b, slot->name);
        if (d && asked_is(a, slot->name, d)) stands = d == now || reads_same(now, d);
    }
    return stands;
}

void asked_put_back(const struct asked *a, struct board *b, const struct board *was,
                    struct buf *told) {
    for (size_t i = 0; i < board_count(was); i++) {
        const char *name = board_at(was, i)->name;
        struct def *d = board_at(was, i)->def;
        const struct def *now = board_get(b, name);
        if (!d || now == d || asked_is(a, name, d)) continue;
        if (reads_same(now, d)) {
            board_set(b, name, def_ref(d)); /* what stands on it sees none either */
            continue;
        }
        if (told) buf_add_listed(told, "%s", name);
        name_set(b, name, def_ref(d), NULL);
    }
    uint64_t seed = board_state(was)->seed;
    if (a->all || board_state(b)->seed == seed) return;
    board_change_state(b)->seed = seed; /* the dice that the lesson's numbers are of */
    if (told) buf_add_listed(told, "seed");
}
