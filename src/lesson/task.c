#include "lesson/task.h"

#include <ctype.h>

#include "base/clock.h"
#include "board/mark.h"
#include "lesson/same.h"
#include "lesson/steps.h"

/* Statements that may stand behind a slip; and nobody waits long for it. */
enum { LAST = 4 };
#define LOOK_SECONDS 0.5

enum fit {
    FIT,
    FIT_OPEN,
    FIT_TODAY, /* but not with other numbers */
    FIT_PLAIN  /* but for a name that is to be a parameter */
};

/* The board b, that it has made. */
static enum fit fit(struct session *s, const struct step *step, const struct asked *a,
                    const struct board *b, const struct script *did) {
    struct board *now = s->board, *kept = mark_take(b);
    enum fit f = FIT_OPEN;
    asked_put_back(a, kept, desk_began(s), NULL);
    s->board = kept;
    if (step->kind->settled(s, step)) {
        bool today, same = same_as_wanted(s, step, a, kept, did, &today);
        f = same ? FIT : today ? FIT_TODAY : FIT_OPEN;
        struct buf plain = {0};
        asked_plain(a, kept, &plain);
        if (same && plain.len) f = FIT_PLAIN;
        buf_free(&plain);
        if (session_stopped(s)) f = FIT_OPEN; /* nothing was looked at to its end */
    }
    s->board = now;
    board_free(kept);
    return f;
}

static enum fit fit_now(struct session *s, const struct step *step,
                        const struct asked *a) {
    struct script did = script_of(s);
    enum fit f = fit(s, step, a, s->board, &did);
    script_free(&did);
    return f;
}

bool task_passes(struct session *s, const struct step *step) {
    struct asked a = asked_of(s, step);
    bool passes = fit_now(s, step, &a) == FIT;
    asked_free(&a);
    return passes;
}

/* The board, and the lines that made it, as if there had been no slip. */
static void begin_anew(struct session *s, struct board *b, const struct script *did) {
    struct lesson_play *p = desk_here(s);
    mark_put_back(s->board, b, desk_label(s));
    const struct mark *m = &p->marks[p->at];
    lines_cut(&p->lines, m->losses == p->lines.losses ? m->lines : 0);
    for (size_t i = did->first; i < did->all.n; i++) {
        lines_add(&p->lines, did->all.at[i]);
    }
}

/* A slip, and then the right line, is right. */
static bool done_by_last(struct session *s, const struct step *step,
                         const struct asked *a, const struct script *did, bool *anew) {
    struct board *b = mark_take(desk_began(s));
    script_play(s, b, did);
    bool done = fit(s, step, a, b, did) == FIT;
    *anew = done && !asked_reads_same(s->board, b); /* undo may have led there */
    if (done) begin_anew(s, b, did);
    board_free(b);
    return done;
}

bool task_done(struct session *s, const struct step *step, bool *anew) {
    struct asked a = asked_of(s, step);
    struct script did = script_of(s);
    size_t n = did.all.n;
    bool done = fit(s, step, &a, s->board, &did) == FIT;
    double end = clock_seconds() + LOOK_SECONDS;
    *anew = false;
    did.known = true; /* the last are */
    for (size_t k = 1; !done && k <= LAST && k <= n && clock_seconds() < end; k++) {
        did.first = n - k;
        done = done_by_last(s, step, &a, &did, anew);
    }
    script_free(&did);
    asked_free(&a);
    return done;
}

static bool does_alone(struct session *s, const struct step *step, const char *line,
                       bool begins) {
    struct asked a = asked_of(s, step);
    struct script did = {.known = true};
    struct board *b = mark_take(desk_began(s));
    struct error *e = desk_rehearse(s, b, line);
    lines_add(&did.all, line);
    bool done = !e && fit(s, step, &a, b, &did) == FIT;
    if (done && begins) begin_anew(s, b, &did);
    error_free(e);
    board_free(b);
    script_free(&did);
    asked_free(&a);
    return done;
}

bool task_done_alone(struct session *s, const struct step *step, const char *line) {
    return !mark_same(s->board, desk_began(s)) && does_alone(s, step, line, true);
}

bool task_would_be(struct session *s, const struct step *step, const char *line) {
    return does_alone(s, step, line, false);
}

bool task_done_at_end(struct session *s, const struct step *step,
                      const struct program *p) {
    struct script did = script_of(s);
    bool forgotten = !did.known, done = false;
    double end = clock_seconds() + LOOK_SECONDS;
    script_free(&did);
    for (int k = 1; forgotten && !done && k <= LAST && k < p->n; k++) {
        struct buf line = {0};
        for (int i = p->n - k; i < p->n; i++)
            buf_printf(&line, "%s%s", line.len ? "; " : "", p->stmts[i].source);
        done = clock_seconds() < end && task_done_alone(s, step, buf_text(&line));
        buf_free(&line);
    }
    return done;
}

/* A name that is asked for, and that b has not yet. */
static bool is_ahead(const struct asked *a, const struct board *now,
                     const struct board *b) {
    bool ahead = false;
    for (size_t i = 0; i < board_count(now); i++) {
        const struct slot *slot = board_at(now, i);
        ahead |= slot->def && map_get(&a->names, slot->name) >= 0 &&
                 !board_get(b, slot->name);
    }
    return ahead;
}

/* Is our board where the way is after this statement of it? */
static bool is_there(struct session *s, const struct asked *a, struct board *b,
                     const char *line) {
    struct board *before = mark_take(b);
    error_free(desk_rehearse(s, b, line));
    bool there = !mark_same(b, before) && asked_stands(a, s->board, b) &&
                 !is_ahead(a, s->board, b);
    board_free(before);
    return there;
}

static bool defines(const struct stmt *st) {
    return st->kind == STMT_DEFINE || st->kind == STMT_PARAM ||
           st->kind == STMT_FUNCTION;
}

static void play(struct session *s, struct board *b, const struct stmt *st) {
    error_free(desk_rehearse(s, b, st->source));
}

/* … after some of the first n, of which the others may as well come later. bits:
 * which. */
static bool is_part(struct session *s, const struct asked *a, const struct program *p,
                    int n, unsigned bits) {
    struct board *b = mark_take(desk_began(s)), *whole = mark_take(b);
    bool there = false;
    for (int i = 0; i < n; i++) {
        if (bits >> i & 1) there = is_there(s, a, b, p->stmts[i].source);
    }
    for (int i = 0; i < n && there; i++) {
        play(s, whole, &p->stmts[i]);
        if (!(bits >> i & 1)) play(s, b, &p->stmts[i]);
    }
    there &= asked_stands(a, b, whole);
    board_free(b);
    board_free(whole);
    return there;
}

/* … after some rounds of a repeat, which count as statements, since a person types the
 * line again. */
static bool is_round(struct session *s, const struct asked *a, struct board *b,
                     const struct stmt *repeat, double end) {
    enum { ROUNDS = 32 };
    bool there = false;
    for (int k = 0; k < ROUNDS && !there && clock_seconds() < end; k++) {
        for (int i = 0; i < repeat->body->n && !there; i++)
            there = is_there(s, a, b, repeat->body->stmts[i].source);
    }
    return there;
}

static bool is_repeat(const struct stmt *st) {
    return st->kind == STMT_REPEAT && !st->name;
}

/* Definitions in any order in which they come to the same; then statement by statement,
 * of which the last would be the end. */
static bool is_on_way(struct session *s, const struct asked *a, const struct program *p,
                      double end) {
    enum { MOST = 6 };
    int n = 0, at;
    bool there = false;
    while (n < p->n && n < MOST && defines(&p->stmts[n])) n++;
    unsigned all = (1u << n) - (n == p->n);
    for (unsigned bits = 1; bits < all && !there && clock_seconds() < end; bits++)
        there = is_part(s, a, p, n, bits);
    struct board *b = mark_take(desk_began(s));
    for (at = 0; at < n; at++) play(s, b, &p->stmts[at]);
    for (; at < p->n && !there && clock_seconds() < end; at++) {
        const struct stmt *st = &p->stmts[at];
        if (is_repeat(st)) {
            there = is_round(s, a, b, st, end);
            break;
        }
        there = at < p->n - 1 && is_there(s, a, b, st->source);
    }
    board_free(b);
    return there;
}

bool task_begun(struct session *s, const struct step *step) {
    struct typed t =
        session_read(s, desk_text(s, lesson_field(step, "solution")), false);
    struct asked a = asked_of(s, step);
    bool begun =
        t.program && is_on_way(s, &a, t.program, clock_seconds() + LOOK_SECONDS);
    asked_free(&a);
    typed_free(&t);
    return begun;
}

/* w = 2.6 or -2.6 is what came out; w = 3 - 0.1*4 a formula with today's numbers. */
static bool is_number(const struct expr *x) {
    bool is = true;
    for (int i = 0; i < x->n; i++) {
        const struct expr_node *n = &x->nodes[i];
        bool sign = n->kind == EXPR_GATE && n->n_kids == 1;
        is &= n->kind == EXPR_NUMBER || n->kind == EXPR_LIST || sign;
    }
    return is;
}

/* What a parameter begins with is typed in where the task makes one: that does not
 * count. */
static bool is_typed_in(const struct stmt *st, const struct asked *a, bool *counts) {
    bool typed = st->kind == STMT_DEFINE || st->kind == STMT_PARAM;
    *counts = true;
    for (int k = 0; k < st->n_pdefs; k++)
        *counts &= map_get(&a->made, st->pdefs[k].name) <= 0;
    for (int k = 0; k < st->n_exprs; k++) typed &= is_number(st->exprs[k]);
    typed &= st->kind == STMT_PARAM || st->op == '='; /* w -= 0.4 says w itself */
    return typed;
}

/* The numbers of today lead there: one typed in, or a formula that lacks something. */
static const char *today(struct session *s, const struct asked *a) {
    struct script did = script_of(s);
    bool typed = false, counts = false;
    for (size_t i = did.all.n; i-- > 0 && !counts;) {
        struct typed t = session_read(s, did.all.at[i], false);
        for (int k = 0; t.program && k < t.program->n; k++)
            typed = is_typed_in(&t.program->stmts[k], a, &counts);
        typed_free(&t);
    }
    script_free(&did);
    return typed ? "step.try.today" : "step.try.formula";
}

/* e = …, where E is asked for, if the last line sets that. */
static bool sets_other_case(struct session *s, const struct asked *a, struct buf *name,
                            struct buf *meant) {
    struct script did = script_of(s);
    const char *line = did.all.n ? did.all.at[did.all.n - 1] : "";
    struct typed t = session_read(s, line, false);
    const struct stmt *st = t.program && t.program->n == 1 ? t.program->stmts : NULL;
    const char *sets = st && st->n_refs == 1    ? st->refs[0].name
                       : st && st->n_pdefs == 1 ? st->pdefs[0].name
                                                : "";
    buf_add(name, sets);
    buf_add(meant, sets);
    bool latin = isalpha((unsigned char)*sets);
    if (latin) meant->data[0] ^= 'a' ^ 'A';
    bool other = latin && map_get(&a->names, sets) < 0 &&
                 map_get(&a->names, buf_text(meant)) >= 0;
    typed_free(&t);
    script_free(&did);
    return other;
}

static bool remark(struct session *s, const struct step *step, const struct asked *a) {
    struct buf names = {0}, meant = {0};
    const struct board *began = desk_began(s);
    enum fit f = fit_now(s, step, a);
    bool said = true;
    if (sets_other_case(s, a, &names, &meant)) {
        out_say(s->out, "step.try.case", "name", buf_text(&names), "asked",
                buf_text(&meant), NULL);
    } else if (buf_clear(&names), f == FIT_PLAIN) {
        asked_plain(a, s->board, &names);
        out_say(s->out, "step.try.param", "names", buf_text(&names), NULL);
    } else if (f == FIT_TODAY) {
        out_say(s->out, today(s, a), NULL);
    } else if (step->kind->settled(s, step)) {
        struct board *kept = mark_take(s->board);
        asked_put_back(a, kept, began, &names);
        said = names.len > 0;
        if (said) out_say(s->out, "step.try.only", "names", buf_text(&names), NULL);
        board_free(kept);
    } else {
        said = false;
    }
    buf_free(&names);
    buf_free(&meant);
    return said;
}

bool task_remark(struct session *s, const struct step *step, int *slip) {
    *slip = step->kind->remark ? step->kind->remark(s, step) : -1;
    if (*slip >= 0) return true;
    struct asked a = asked_of(s, step);
    bool said = remark(s, step, &a);
    asked_free(&a);
    return said;
}

void task_tidy(struct session *s, const struct step *step) {
    struct asked a = asked_of(s, step);
    struct buf names = {0};
    board_begin(s->board, desk_label(s));
    asked_put_back(&a, s->board, desk_began(s), &names);
    board_end(s->board);
    if (names.len) out_say(s->out, "play.tidied", "names", buf_text(&names), NULL);
    buf_free(&names);
    asked_free(&a);
}
