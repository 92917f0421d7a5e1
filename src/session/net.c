#include "session/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/whole.h"
#include "board/mark.h"
#include "engine/gates.h"
#include "learning/truth.h"
#include "session/run.h"

enum { NET_LAYERS = 32 };

static struct error *no_activation(const char *name) {
    struct buf known = {0};
    for (size_t i = 0; i < gate_count(); i++) {
        if (gate_at(i)->flags & GATE_ACTIVATION)
            buf_add_listed(&known, "%s", gate_at(i)->name);
    }
    struct error *e =
        error_new("net-activation", "name", name, "known", buf_text(&known), NULL);
    buf_free(&known);
    return e;
}

/* "784-16-16-10 sigmoid" → sizes and an activation. */
static struct error *read_net(const char *text, size_t *sizes, int *n,
                              const char **activation) {
    char *at = (char *)(uintptr_t)text;
    *n = 0;
    for (;;) {
        char most[24];
        if (*n == NET_LAYERS)
            return error_new("net-many", "most", whole_text(most, NET_LAYERS), NULL);
        unsigned long long size = strtoull(at, &at, 10);
        if (size < 1 || size > 1000000000) return error_new("net-sizes", NULL);
        sizes[*n] = (size_t)size;
        (*n)++;
        while (*at == ' ') at++;
        if (*at != '-') break;
        at++;
        while (*at == ' ') at++;
    }
    *activation = *at ? at : "relu";
    const struct gate *g = gate_find(*activation);
    if (*n < 2) return error_new("net-sizes", NULL);
    return g && g->flags & GATE_ACTIVATION ? NULL : no_activation(*activation);
}

/* Runs one of the lines that net writes, and shows it. What no longer fits meanwhile
 * may well be written by the next. */
static struct error *write_line(struct session *s, const char *line) {
    bool hushed = s->hushed, mends = s->mends, shown = s->shown;
    s->hushed = s->mends = true;
    s->shown = false;
    struct error *e = session_try(s, line, s->file);
    s->hushed = hushed;
    s->mends = mends;
    s->shown = shown;
    if (!e) out_printf(s->out, "%s\n", line);
    return e;
}

static void add_broken(const struct board *b, struct map *names) {
    for (size_t i = 0; i < board_count(b); i++) {
        const struct slot *slot = board_at(b, i);
        if (slot->def && slot->def->broken) map_set(names, slot->name, 1);
    }
}

/* What stood on the old net and does not fit the new one. */
static void tell_broken(struct session *s, const struct map *before) {
    struct buf names = {0};
    for (size_t i = 0; i < board_count(s->board) && !s->mends; i++) {
        const struct slot *slot = board_at(s->board, i);
        if (!slot->def || !slot->def->broken || map_get(before, slot->name) >= 0) {
            continue;
        }
        buf_add_listed(&names, "%s", slot->name);
    }
    if (names.len) {
        out_say(s->out, "define.broken", "name", "O", "names", buf_text(&names), NULL);
    }
    buf_free(&names);
}

/* Weights of the old net that fit the new one, so that it begins as that ended. A bias
 * alone is not worth a word. */
static void tell_kept(struct session *s, const struct board *before) {
    const char *first = NULL, *last = NULL;
    for (size_t i = 0; i < board_count(before); i++) {
        const struct slot *slot = board_at(before, i);
        const char *dot = strrchr(slot->name, '.');
        bool weight =
            slot->def && slot->def->kind == DEF_PARAM && dot && strcmp(dot, ".W") == 0;
        if (!weight || board_get(s->board, slot->name) != slot->def) continue;
        char *owner = mem_copy_n(slot->name, (size_t)(dot - slot->name));
        bool anew = board_get(s->board, owner) != board_get(before, owner);
        free(owner);
        if (!anew) continue;
        if (!first) first = slot->name;
        last = slot->name;
    }
    if (!first || !board_get(s->board, "E")) return;
    out_say(s->out, first == last ? "net.kept" : "net.kept-all", "name", first, "last",
            last, NULL);
}

static struct error *input_of_net(struct session *s, size_t wants, struct buf *input) {
    const struct def *x = board_get(s->board, "X");
    if (!x || x->shape.n < 2) return error_new("net-input", NULL);
    size_t has = shape_size(&x->shape) / x->shape.dim[0];
    buf_add(input, x->shape.n > 2 ? "flatten(X)" : "X");
    if (has == wants) return NULL;
    char h[24], w[24];
    return error_new("net-width", "has", whole_text(h, has), "wants",
                     whole_text(w, wants), NULL);
}

/* Are they measures by the rule, but no others than the net's classes could be? */
static bool are_some(const struct truth *y, size_t neurons) {
    return y->kind == TRUTH_MEASURES && neurons > 1 && y->below && y->below <= neurons;
}

/* A last layer whose answers y cannot be compared with is not written. */
static struct error *check_answers(const struct truth *y, size_t neurons,
                                   const char *text) {
    bool classes = y->kind == TRUTH_CLASSES, one = classes && y->classes <= 2;
    size_t wants = classes ? y->classes : y->numbers;
    bool fits = classes ? one || neurons >= wants : neurons == wants;
    if (y->kind == TRUTH_UNKNOWN || fits || are_some(y, neurons)) return NULL;
    char has[24], w[24];
    struct buf line = {0};
    const char *last = strrchr(text, '-') + 1;
    last += strspn(last, " ");
    buf_printf(&line, "net %.*s%zu%s", (int)(last - text), text, wants,
               last + strspn(last, "0123456789"));
    struct error *e =
        error_new(classes || y->kind == TRUTH_ONE_HOT ? "net-classes" : "net-measures",
                  "has", whole_text(has, neurons), "wants", whole_text(w, wants),
                  "line", buf_text(&line), NULL);
    buf_free(&line);
    return e;
}

struct error *net_command(struct session *s, const struct stmt *c) {
    size_t sizes[NET_LAYERS];
    int n;
    const char *activation = NULL,
               *text = c->n_items && c->items[0].text ? c->items[0].text : "";
    struct buf line = {0}, input = {0};
    struct map broken = {0};
    struct board *before = mark_take(s->board);
    struct truth y = truth_of(board_get(s->board, "y"));
    enum gate_answers answers = ANSWERS_CLASSES;
    add_broken(s->board, &broken);
    struct error *e = read_net(text, sizes, &n, &activation);
    if (!e) e = input_of_net(s, sizes[0], &input);
    if (!e) e = check_answers(&y, sizes[n - 1], text);
    if (!e) answers = truth_answers(&y, sizes[n - 1], false);
    for (int i = 1; i < n && !e; i++) {
        bool last = i == n - 1;
        buf_clear(&line);
        if (last && answers == ANSWERS_YES)
            buf_printf(&line, "O = sigmoid(dense(%s, 1))", buf_text(&input));
        else if (last)
            buf_printf(&line, "O = dense(%s, %zu)", buf_text(&input), sizes[i]);
        else
            buf_printf(&line, "h%d = %s(dense(%s, %zu))", i, activation,
                       buf_text(&input), sizes[i]);
        e = write_line(s, buf_text(&line));
        buf_clear(&input);
        buf_printf(&input, "h%d", i);
    }
    if (!e && board_get(s->board, "y")) {
        char most[24];
        if (answers == ANSWERS_NUMBERS) out_say(s->out, "net.measures", NULL);
        if (are_some(&y, sizes[n - 1]))
            out_say(s->out, "net.some", "last", whole_text(most, sizes[n - 1] - 1),
                    NULL);
        buf_clear(&line);
        buf_printf(&line, "E = %s(O, y)", truth_loss(answers));
        e = write_line(s, buf_text(&line));
    }
    tell_broken(s, &broken);
    if (!s->mends) tell_kept(s, before);
    board_free(before);
    map_free(&broken);
    buf_free(&line);
    buf_free(&input);
    return e;
}
