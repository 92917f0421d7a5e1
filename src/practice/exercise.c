#include "practice/exercise.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "lesson/desk.h"
#include "lesson/draw.h"
#include "lesson/told.h"
#include "text/number.h"

/* Of the draws the first ones have to tell all mistakes of the gates apart; where none
 * does, a later one may be taken by the other rules. */
enum { NAMES = 8, TRIES = 5000, TRIES_TOLD = 60 };
/* So many good ones are compared; so many exercises are remembered. */
enum { COMPARED = 8, TRIES_MORE = 200, PAST = 4 };

/* ---- drawing ---- */

struct drawing {
    struct session *s;
    struct dice *dice;
    char *names[NAMES + 1], *values[NAMES + 1]; /* owned; NULL: no more */
    int n;
    struct buf drawn; /* all of it, in its order: "3 5 -2" */
};

static size_t roll(struct dice *d, size_t n) {
    return (size_t)(dice_uniform(d) * (double)n);
}

static bool is_among(const char *list, long value) {
    char *end;
    for (long v; (v = strtol(list, &end, 10)), end != list; list = end)
        if (v == value) return true;
    return false;
}

/* 1..5, -3..3 not 0 1 */
static void add_whole(struct dice *d, struct buf *b, const char *spec) {
    char *end;
    long from = strtol(spec, &end, 10), to = strtol(end + strlen(".."), &end, 10), v;
    const char *not = strstr(end, "not ");
    do v = from + (long)roll(d, (size_t)(to - from + 1));
    while (not &&is_among(not +strlen("not "), v));
    buf_printf(b, "%ld", v);
}

/* w|x */
static void add_word(struct dice *d, struct buf *b, const char *spec) {
    size_t n = 1;
    for (const char *at = spec; (at = strchr(at, '|')); at++) n++;
    for (size_t i = roll(d, n); i; i--) spec = strchr(spec, '|') + 1;
    buf_add_n(b, spec, strcspn(spec, "|"));
}

static const char *value_of(const struct drawing *x, const char *name) {
    for (int i = 0; i < x->n; i++)
        if (strcmp(x->names[i], name) == 0) return x->values[i];
    return NULL;
}

static void add_drawn(struct drawing *x, struct buf *b, char *spec) {
    const char *known = value_of(x, spec);
    char *equals = strchr(spec, '=');
    if (known) {
        buf_add(b, known);
        return;
    }
    struct buf value = {0};
    const char *from = equals ? equals + 1 : spec;
    if (strchr(from, '|')) add_word(x->dice, &value, from);
    else add_whole(x->dice, &value, from);
    buf_add(b, buf_text(&value));
    buf_printf(&x->drawn, "%s%s", x->drawn.len ? " " : "", buf_text(&value));
    if (equals && x->n < NAMES) {
        *equals = '\0';
        x->names[x->n] = mem_copy(spec);
        x->values[x->n++] = mem_copy(buf_text(&value));
    }
    buf_free(&value);
}

static char *drawn(struct drawing *x, const char *text) {
    struct buf b = {0};
    while (*text) {
        size_t plain = strcspn(text, "{");
        buf_add_n(&b, text, plain);
        text += plain;
        if (!*text) break;
        size_t n = strcspn(text, "}");
        if (text[1] == ' ') { /* repeat 5 { … } */
            buf_add_n(&b, text, n);
            text += n;
            continue;
        }
        char *spec = mem_copy_n(text + 1, n - 1);
        add_drawn(x, &b, spec);
        free(spec);
        text += n + 1;
    }
    buf_add(&b, "");
    return buf_take(&b);
}

static void forget(struct drawing *x) {
    for (int i = 0; i < x->n; i++) {
        free(x->names[i]);
        free(x->values[i]);
        x->names[i] = x->values[i] = NULL;
    }
    x->n = 0;
    buf_free(&x->drawn);
}

/* ---- what was drawn, looked at ---- */

struct tried {
    struct board *board;
    char *hidden, *lines, *answer, *until, *solution, *slips[EXERCISE_SLIPS], *worked;
    double value;
    double flaws; /* how much better others may be */
};

static bool is_short(double v) { return draw_is_short(v, 1e-6); }

static bool is_number(struct tried *t, struct session *s, const char *formula,
                      double *out) {
    struct error *e = desk_number(s, t->board, formula, out);
    bool fine = !e && isfinite(*out);
    error_free(e);
    return fine;
}

/* What only shows is not run here: a plot takes its time. */
static bool only_shows(struct session *s, const char *line) {
    struct typed t = session_read(s, line, false);
    bool only = t.program != NULL;
    for (int i = 0; only && i < t.program->n; i++)
        only = desk_only_shows(&t.program->stmts[i]);
    typed_free(&t);
    return only;
}

static bool run_lines(struct session *s, struct board *b, const char *lines) {
    bool fine = true;
    for (size_t n; *lines && fine; lines += n + (lines[n] == '\n')) {
        n = strcspn(lines, "\n");
        char *line = mem_copy_n(lines, n);
        struct error *e = only_shows(s, line) ? NULL : desk_rehearse(s, b, line);
        fine = !e;
        error_free(e);
        free(line);
    }
    return fine;
}

/* All that stands on it can be written down in four figures. */
static bool board_is_short(struct session *s, struct board *b) {
    bool fine = true;
    for (size_t i = 0; i < board_count(b) && fine; i++) {
        struct tensor *t = NULL;
        struct error *e = desk_value(s, b, board_at(b, i)->name, &t);
        for (size_t k = 0; t && k < t->size; k++) fine &= is_short(t->data[k]);
        tensor_unref(t);
        error_free(e);
    }
    return fine;
}

static bool is_apart(double a, double b, double within) {
    return fabs(a - b) > within + 1e-9 * fmax(1, fabs(a));
}

/* Each mistake comes to a number of its own, so that it can be told by it. */
static bool slips_differ(struct session *s, const struct exercise_row *row,
                         struct tried *t) {
    double values[EXERCISE_SLIPS];
    for (int i = 0; i < EXERCISE_SLIPS && t->slips[i]; i++) {
        if (!is_number(t, s, t->slips[i], &values[i])) return false;
        if (!is_apart(values[i], t->value, row->within)) return false;
        for (int k = 0; k < i; k++)
            if (!is_apart(values[i], values[k], row->within)) return false;
    }
    return true;
}

/* It is not done yet, and its solution does it. */
static bool mends(struct session *s, struct tried *t) {
    double before, after;
    return run_lines(s, t->board, t->hidden) && run_lines(s, t->board, t->lines) &&
           is_number(t, s, t->until, &before) && before == 0 &&
           run_lines(s, t->board, t->solution) && is_number(t, s, t->until, &after) &&
           after != 0;
}

static bool is_good(struct session *s, const struct exercise_row *row, struct tried *t,
                    const char *needs, bool strict) {
    double holds = 1;
    if (t->until) return mends(s, t);
    bool exact = row->within <= 0, all = exact && !row->sizes;
    return run_lines(s, t->board, t->hidden) && run_lines(s, t->board, t->lines) &&
           is_number(t, s, t->answer, &t->value) &&
           (!needs || (is_number(t, s, needs, &holds) && holds != 0)) &&
           (!exact || is_short(t->value)) && (!all || board_is_short(s, t->board)) &&
           slips_differ(s, row, t) && (!strict || told_apart(s, t->board, t->answer));
}

/* ---- the best of some ---- */

#define LONG_NUMBER 100.0
#define SAME_DRAW 16
#define SAME_ANSWER 8
#define LONG_ONE 8
#define EQUAL_INPUTS 2

/* Of what was drawn before, by its place: the share that is the same. */
static double same_share(const char *now, const char *then) {
    int all = 0, same = 0;
    while (*now) {
        size_t n = strcspn(now, " "), m = strcspn(then, " ");
        all++;
        same += n == m && strncmp(now, then, n) == 0;
        now += n + (now[n] == ' ');
        then += m + (then[m] == ' ');
    }
    return all ? (double)same / all : 0;
}

static double flaws_of_past(const struct drawing *x, const struct exercise_row *row,
                            const struct tried *t, const cJSON *past) {
    const cJSON *one;
    double flaws = 0;
    cJSON_ArrayForEach(one, past) {
        const cJSON *drawn = cJSON_GetObjectItemCaseSensitive(one, "drawn");
        double share = cJSON_IsString(drawn)
                           ? same_share(buf_text(&x->drawn), drawn->valuestring)
                           : 0;
        bool same = fabs(json_number(one, "value", NAN) - t->value) < 1e-9;
        flaws += share < 1 ? share : SAME_DRAW;
        if (same && !row->choices && t->answer) flaws += SAME_ANSWER;
    }
    return flaws;
}

/* x = [3, 3] */
static bool is_all_one(const struct tensor *t) {
    for (size_t i = 1; i < t->size; i++)
        if (t->data[i] != t->data[0]) return false;
    return t->size > 1;
}

/* Long numbers, and inputs that can't be told apart. */
static double flaws_of_board(struct session *s, const struct tried *t) {
    double flaws = fabs(t->value) >= LONG_NUMBER ? LONG_ONE : 0, seen[NAMES];
    int n = 0;
    for (size_t i = 0; i < board_count(t->board); i++) {
        const struct slot *at = board_at(t->board, i);
        bool given =
            at->def && (at->def->kind == DEF_VALUE || at->def->kind == DEF_PARAM);
        struct tensor *v = NULL;
        error_free(desk_value(s, t->board, at->name, &v));
        for (size_t k = 0; v && k < v->size; k++)
            if (fabs(v->data[k]) >= LONG_NUMBER) flaws += LONG_ONE;
        if (v && given && is_all_one(v)) flaws += EQUAL_INPUTS;
        for (int k = 0; v && given && v->size == 1 && k < n; k++)
            if (seen[k] == v->data[0]) flaws += EQUAL_INPUTS;
        if (v && given && v->size == 1 && n < NAMES) seen[n++] = v->data[0];
        tensor_unref(v);
    }
    return flaws;
}

/* What is really run, and what is about sizes, is taken as it comes. */
static double flaws_of(const struct drawing *x, const struct exercise_row *row,
                       const struct tried *t, const cJSON *past) {
    double flaws = flaws_of_past(x, row, t, past);
    return row->sizes || row->hidden || row->until ? flaws
                                                   : flaws + flaws_of_board(x->s, t);
}

static void remember(cJSON *past, const struct drawing *x, const struct tried *t) {
    cJSON *one = cJSON_CreateObject();
    cJSON_AddStringToObject(one, "drawn", buf_text(&x->drawn));
    cJSON_AddNumberToObject(one, "value", t->value);
    cJSON_AddItemToArray(past, one);
    while (cJSON_GetArraySize(past) > PAST) cJSON_DeleteItemFromArray(past, 0);
}

static void free_tried(struct tried *t) {
    board_free(t->board);
    free(t->hidden);
    free(t->lines);
    free(t->answer);
    free(t->until);
    free(t->solution);
    free(t->worked);
    for (int i = 0; i < EXERCISE_SLIPS; i++) free(t->slips[i]);
    *t = (struct tried){0};
}

static char *drawn_or(struct drawing *x, const char *text) {
    return text ? drawn(x, text) : NULL;
}

/* Draws once. False: these numbers won't do. */
static bool try_row(struct drawing *x, const struct exercise_row *row, bool strict,
                    struct tried *t) {
    char *needs;
    forget(x);
    *t = (struct tried){.board = board_new()};
    t->hidden = drawn(x, row->hidden ? row->hidden : "");
    t->lines = drawn(x, row->lines);
    t->answer = drawn_or(x, row->answer);
    t->until = drawn_or(x, row->until);
    t->solution = drawn_or(x, row->solution);
    t->worked = drawn_or(x, row->worked);
    needs = drawn_or(x, row->needs);
    for (int i = 0; i < EXERCISE_SLIPS && row->slips[i].value; i++)
        t->slips[i] = drawn(x, row->slips[i].value);
    bool good = is_good(x->s, row, t, needs, strict);
    free(needs);
    if (!good) free_tried(t);
    return good;
}

/* ---- as a lesson ---- */

/* {"en": …, "ko": …} of a key, with what has a name put in. */
static cJSON *text_of(struct drawing *x, const char *key, const char *asked) {
    struct text *t = x->s->out->text;
    enum text_lang lang = text_lang(t);
    cJSON *both = cJSON_CreateObject();
    char *const *n = x->names, *const *v = x->values;
    for (enum text_lang in = 0; in < TEXT_LANGS; in++) {
        struct buf b = {0};
        text_set_lang(t, in);
        text_add(t, &b, key, "asked", asked, n[0], v[0], n[1], v[1], n[2], v[2], n[3],
                 v[3], n[4], v[4], n[5], v[5], n[6], v[6], n[7], v[7], NULL);
        cJSON_AddStringToObject(both, text_lang_name(in), buf_text(&b));
        buf_free(&b);
    }
    text_set_lang(t, lang);
    return both;
}

static void add_hints(struct drawing *x, cJSON *step, const struct exercise_row *row,
                      const char *asked) {
    cJSON *hints = cJSON_CreateArray();
    for (int i = 1; i < 10; i++) {
        char key[80];
        snprintf(key, sizeof key, "%s.hint.%d", row->hints ? row->hints : row->ask, i);
        if (!text_get(x->s->out->text, key)) break;
        cJSON_AddItemToArray(hints, text_of(x, key, asked));
    }
    if (hints->child) cJSON_AddItemToObject(step, "hints", hints);
    else cJSON_Delete(hints);
}

static void add_slips(struct drawing *x, cJSON *step, const struct exercise_row *row,
                      const struct tried *t) {
    if (!t->slips[0]) return;
    cJSON *slips = cJSON_AddArrayToObject(step, "slips");
    for (int i = 0; i < EXERCISE_SLIPS && t->slips[i]; i++) {
        cJSON *slip = cJSON_CreateObject();
        cJSON_AddStringToObject(slip, "name", row->slips[i].say);
        cJSON_AddStringToObject(slip, "value", t->slips[i]);
        cJSON_AddItemToObject(slip, "say", text_of(x, row->slips[i].say, t->answer));
        cJSON_AddItemToArray(slips, slip);
    }
}

static void add_choices(struct drawing *x, cJSON *step, const struct exercise_row *row,
                        const struct tried *t) {
    cJSON *choices = cJSON_AddArrayToObject(step, "choices");
    for (const char *at = row->choices; *at; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");
        char *key = mem_copy_n(at, n);
        cJSON_AddItemToArray(choices, text_of(x, key, t->answer));
        free(key);
        at += n;
    }
    cJSON_AddNumberToObject(step, "answer", t->value);
}

static void add_lines(cJSON *steps, const char *lines) {
    for (size_t n; *lines; lines += n + (lines[n] == '\n')) {
        n = strcspn(lines, "\n");
        char *line = mem_copy_n(lines, n);
        cJSON *step = cJSON_CreateObject();
        cJSON_AddStringToObject(step, "run", line);
        cJSON_AddItemToArray(steps, step);
        free(line);
    }
}

static void add_setup(cJSON *setup, const char *lines) {
    for (size_t n; *lines; lines += n + (lines[n] == '\n')) {
        n = strcspn(lines, "\n");
        char *line = mem_copy_n(lines, n);
        cJSON_AddItemToArray(setup, cJSON_CreateString(line));
        free(line);
    }
}

static cJSON *question(struct drawing *x, const struct exercise_row *row,
                       const struct tried *t) {
    const char *asked = t->answer ? t->answer : "";
    cJSON *step = cJSON_CreateObject(), *text = text_of(x, row->ask, asked);
    cJSON_AddStringToObject(step, "name", "drill");
    cJSON_AddItemToObject(step,
                          row->until     ? "try"
                          : row->choices ? "ask"
                                         : "predict",
                          text);
    if (row->until) {
        cJSON_AddStringToObject(step, "until", t->until);
        cJSON_AddStringToObject(step, "solution", t->solution);
    } else if (row->choices) {
        add_choices(x, step, row, t);
    } else {
        cJSON_AddStringToObject(step, "answer", t->answer);
        cJSON_AddNumberToObject(step, "within", row->within);
        add_slips(x, step, row, t);
    }
    add_hints(x, step, row, asked);
    if (row->why) cJSON_AddItemToObject(step, "why", text_of(x, row->why, asked));
    return step;
}

static struct error *write_lesson(struct drawing *x, const struct drill_kind *k,
                                  const struct exercise_row *row, const struct tried *t,
                                  char **out) {
    cJSON *root = cJSON_CreateObject();
    char id[40], title[80];
    snprintf(id, sizeof id, "drill-%s", k->name);
    snprintf(title, sizeof title, "drill.%s", k->name);
    cJSON_AddNumberToObject(root, "format", 1);
    cJSON_AddNumberToObject(root, "lesson", row->level);
    cJSON_AddStringToObject(root, "id", id);
    cJSON_AddItemToObject(root, "title", text_of(x, title, ""));
    cJSON_AddNumberToObject(root, "minutes", 1);
    cJSON_AddArrayToObject(root, "goals");
    add_setup(cJSON_AddArrayToObject(root, "setup"), t->hidden);
    cJSON *steps = cJSON_AddArrayToObject(root, "steps");
    add_lines(steps, t->lines);
    cJSON_AddItemToArray(steps, question(x, row, t));
    if (t->worked) add_lines(steps, t->worked);
    struct error *e = json_print(root, out);
    if (!e) cJSON_Minify(*out);
    cJSON_Delete(root);
    return e;
}

/* One of those of the level. */
static const struct exercise_row *choose(const struct drill_kind *k, int level,
                                         struct dice *d) {
    const struct exercise_row *row = k->rows;
    size_t n = 0;
    while (row->level && row->level < level) row++;
    while (row[n].level == level) n++;
    return row + roll(d, n);
}

/* What is really run takes its time: the first that will do. */
static int compared(const struct exercise_row *row) {
    return row->hidden || row->until ? 1 : COMPARED;
}

/* Another that will do: it is the better one, or forgotten. */
static void compare(struct drawing *best, struct tried *t, struct drawing *x,
                    struct tried *other, bool first) {
    if (first || other->flaws < t->flaws) {
        struct drawing worse = *best;
        struct tried bad = *t;
        *best = *x, *t = *other;
        *x = worse, *other = bad;
    }
    free_tried(other);
    forget(x);
}

struct error *exercise_make(struct session *s, const struct drill_kind *k, int level,
                            struct dice *dice, cJSON *past, char **out) {
    struct drawing x = {.s = s, .dice = dice}, best = x;
    struct tried t = {0}, other;
    struct error *e = NULL;
    desk_of(s);
    const struct exercise_row *row = choose(k, level, dice);
    int found = 0;
    for (int i = 0; !e && found < compared(row) && i < (found ? TRIES_MORE : TRIES);
         i++) {
        if (session_stopped(s)) e = interrupt_stopped();
        else if (try_row(&x, row, i < TRIES_TOLD, &other)) {
            other.flaws = flaws_of(&x, row, &other, past);
            compare(&best, &t, &x, &other, !found++);
            if (t.flaws < 1) break;
        }
    }
    if (found && !e) e = write_lesson(&best, k, row, &t, out);
    else if (!e) e = error_new("drill-draws", "kind", k->name, NULL);
    if (found && !e && past) remember(past, &best, &t);
    if (found) free_tried(&t);
    forget(&best);
    forget(&x);
    return e;
}

/* ---- kinds ---- */

const struct drill_kind *drill_kind_find(const char *word) {
    for (const struct drill_kind *k = drill_kinds; k->name; k++)
        if (strcmp(k->name, word) == 0 || strcmp(k->ko, word) == 0) return k;
    return NULL;
}

const char *drill_name(const struct session *s, const struct drill_kind *k) {
    return text_lang(s->out->text) == TEXT_KO ? k->ko : k->name;
}

int drill_levels(const struct drill_kind *k) {
    int levels = 0;
    for (const struct exercise_row *row = k->rows; row->level; row++)
        levels = row->level;
    return levels;
}

struct error *drill_no_kind(const struct session *s, const char *key, struct near *n) {
    struct buf known = {0};
    for (const struct drill_kind *k = drill_kinds; k->name; k++) {
        buf_add_listed(&known, "%s", drill_name(s, k));
        near_try(n, k->name);
        near_try(n, k->ko);
    }
    struct error *e = error_new(key, "kind", n->word, "known", buf_text(&known), NULL);
    buf_free(&known);
    return near_tell(n, e);
}

struct error *drill_check_level(const struct session *s, const struct drill_kind *k,
                                long level) {
    int most = drill_levels(k);
    if (level >= 1 && level <= most) return NULL;
    return error_new("no-level", "kind", drill_name(s, k), "level",
                     NUM(s->out, (double)level), "levels", NUM(s->out, most), NULL);
}
