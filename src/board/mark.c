#include "board/mark.h"

#include <stdlib.h>

#include "base/memory.h"

static void copy_state(struct board *to, const struct board *from) {
    struct board_state *now = board_change_state(to);
    const struct board_state *then = board_state(from);
    for (int i = 0; i < now->n_watch; i++) expr_unref(now->watch[i]);
    free(now->watch);
    now->n_watch = then->n_watch;
    now->watch = NULL;
    if (then->n_watch)
        now->watch = mem_alloc((size_t)then->n_watch, sizeof *now->watch);
    for (int i = 0; i < then->n_watch; i++) now->watch[i] = expr_ref(then->watch[i]);
    now->seed = then->seed;
    now->draws = then->draws;
    board_set_run(to, then->run ? run_ref(then->run) : NULL, then->run_step);
}

static void copy_names(struct board *to, const struct board *from) {
    for (size_t i = 0; i < board_count(from); i++) {
        const struct slot *slot = board_at(from, i);
        if (board_get(to, slot->name) == slot->def) continue;
        board_set(to, slot->name, slot->def ? def_ref(slot->def) : NULL);
    }
}

struct board *mark_take(const struct board *b) {
    struct board *mark = board_new();
    copy_names(mark, b);
    copy_state(mark, b);
    return mark;
}

static bool same_names(const struct board *a, const struct board *b) {
    for (size_t i = 0; i < board_count(a); i++) {
        const struct slot *slot = board_at(a, i);
        if (board_get(b, slot->name) != slot->def) return false;
    }
    return true;
}

bool mark_same(const struct board *b, const struct board *mark) {
    const struct board_state *x = board_state(b), *y = board_state(mark);
    bool same = x->seed == y->seed && x->draws == y->draws && x->run == y->run &&
                x->run_step == y->run_step && x->n_watch == y->n_watch;
    for (int i = 0; same && i < x->n_watch; i++) same = x->watch[i] == y->watch[i];
    return same && same_names(b, mark) && same_names(mark, b);
}

void mark_put_back(struct board *b, const struct board *mark, const char *label) {
    board_begin(b, label);
    copy_names(b, mark);
    copy_state(b, mark);
    board_end(b);
}

void mark_restore(struct board *b, const struct board *mark, const char *label) {
    board_begin(b, label);
    for (size_t i = 0; i < board_count(b); i++) {
        const char *name = board_at(b, i)->name;
        if (board_get(b, name) && !board_get(mark, name)) board_set(b, name, NULL);
    }
    mark_put_back(b, mark, label);
    board_end(b);
}
