#include "lesson/same.h"

#include <math.h>

#include "board/mark.h"
#include "lesson/move.h"

struct script script_of(struct session *s) {
    struct script did = {0};
    did.known = desk_done(s, &did.all);
    return did;
}

void script_play(struct session *s, struct board *b, const struct script *did) {
    for (size_t i = did->first; i < did->all.n; i++) {
        error_free(desk_rehearse(s, b, did->all.at[i]));
    }
}

void script_free(struct script *did) { lines_free(&did->all); }

/* ---- values ---- */

static bool value_on(struct session *s, struct board *b, const cJSON *expr,
                     struct tensor **t) {
    struct error *e = desk_value(s, b, expr->valuestring, t);
    bool has = !e;
    error_free(e);
    return has;
}

static bool is_near(double a, double b) {
    return fabs(a - b) <= 1e-9 * fmax(1, fabs(b)) || a == b || (isnan(a) && isnan(b));
}

/* Where it can't be worked out as it should be, nothing can be said against it. */
static bool same_value(struct session *s, struct board *b, struct board *wanted,
                       const cJSON *expr) {
    struct tensor *x, *y;
    if (!value_on(s, wanted, expr, &y)) return true;
    bool same = value_on(s, b, expr, &x);
    bool both = same;
    if (both) same = shape_equal(&x->shape, &y->shape);
    for (size_t i = 0; same && i < x->size; i++) {
        same = is_near(x->data[i], y->data[i]);
    }
    if (both) tensor_unref(x);
    tensor_unref(y);
    return same;
}

/* How a task was done, and a line that does it as it should be done. */
struct way {
    struct session *s;
    const struct asked *asked;
    const struct script *did;
    const char *line;
    const cJSON *expr; /* what must come out the same */
    bool today;        /* it does, with the numbers that there are */
};

/* Also when what stands under it moves, so that a number that is right for once is not
 * taken for a formula. */
static bool stays_same(const struct way *w, struct board *b, struct board *wanted) {
    if (!same_value(w->s, b, wanted, w->expr)) return false;
    struct board *x = mark_take(b), *y = mark_take(wanted);
    const struct board *began = desk_began(w->s);
    for (size_t i = 0; i < board_count(began); i++) {
        const struct slot *slot = board_at(began, i);
        const struct def *d = slot->def;
        if (!d || move_is_table(d) || asked_is(w->asked, slot->name, d)) continue;
        move_name(x, slot->name, 0);
        move_name(y, slot->name, 0);
    }
    bool same = same_value(w->s, x, y, w->expr);
    board_free(x);
    board_free(y);
    return same;
}

/* On b, which has been played, or from `start` on; where the line can't be run there,
 * that says nothing. Takes start. */
static bool same_from(struct way *w, struct board *b, struct board *start) {
    struct board *wanted = mark_take(start), *mine = mark_take(b ? b : start);
    struct error *refused = desk_rehearse(w->s, wanted, w->line);
    if (!refused && !b) script_play(w->s, mine, w->did);
    asked_put_back(w->asked, mine, start, NULL);
    w->today |= b && !refused && same_value(w->s, mine, wanted, w->expr);
    bool same =
        error_is_short(refused) ? false : refused || stays_same(w, mine, wanted);
    error_free(refused);
    board_free(mine);
    board_free(wanted);
    board_free(start);
    return same;
}

/* Where all has moved but the tables; then where one table has. */
static bool same_elsewhere(struct way *w) {
    enum { POINTS = 2 };
    const struct board *began = desk_began(w->s);
    bool same = true;
    for (int point = 1; same && point <= POINTS; point++) {
        struct board *start = mark_take(began);
        for (size_t i = 0; i < board_count(began); i++) {
            const struct slot *slot = board_at(began, i);
            if (!move_is_table(slot->def)) move_name(start, slot->name, point);
        }
        same = same_from(w, NULL, start);
    }
    for (size_t i = 0; same && i < board_count(began); i++) {
        if (!move_is_table(board_at(began, i)->def)) continue;
        struct board *start = mark_take(began);
        move_name(start, board_at(began, i)->name, 1);
        same = same_from(w, NULL, start);
    }
    return same;
}

/* What is forgotten can't be played elsewhere, so it is not taken for right: what took
 * so long may have ended with a number. */
static bool same_by(struct way *w, struct board *b, const cJSON *line) {
    w->line = desk_text(w->s, line);
    return w->did->known && same_from(w, b, mark_take(desk_began(w->s))) &&
           same_elsewhere(w);
}

bool same_as_wanted(struct session *s, const struct step *step, const struct asked *a,
                    struct board *b, const struct script *did, bool *today) {
    struct way w = {s, a, did, NULL, lesson_field(step, "same"), false};
    const cJSON *other;
    bool same =
        !cJSON_IsString(w.expr) || same_by(&w, b, lesson_field(step, "solution"));
    cJSON_ArrayForEach(other, lesson_field(step, "accept")) {
        if (!same) same = same_by(&w, b, other);
    }
    *today = w.today;
    return same;
}
