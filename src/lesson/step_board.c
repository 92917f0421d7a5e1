/* board: chalk in the student's hand: a graph with numbers of one's own and empty boxes
 * above and below its wires, to be filled in order, or by name in any order. A wrong
 * number is told by its mistake (explain/mistakes.h); after two the box is worked out.
 *
 * The numbers are drawn from the person's dice, before the step begins: they stand on
 * the board, so that every command can look at them, and are put back when it is done.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "board/mark.h"
#include "explain/explain.h"
#include "lesson/answer.h"
#include "lesson/chalk.h"
#include "lesson/draw.h"
#include "lesson/lint_play.h"
#include "lesson/play.h"
#include "lesson/steps.h"
#include "syntax/normalise.h"
#include "text/number.h"

enum { MISSES = 2 }; /* then it is worked out */

const struct field board_fields[] = {
    {"board", FIELD_TEXT, true},
    {"graph", FIELD_NAME, true},
    {"fill", FIELD_FILL, false},
    {"draw", FIELD_DRAWS, false},
    {"within", FIELD_NUMBER, false},
    {"why", FIELD_TEXT, false},
    {"hints", FIELD_TEXTS, false},
    {"name", FIELD_NAME, false},
    {0},
};

/* Each draw has a name of its own, and finds room. */
void board_check(struct check *c, const cJSON *json) {
    struct draw all[CHALK_DRAWS], d;
    int n = 0;
    const cJSON *one;
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(json, "draw")) {
        if (!cJSON_IsString(one) || !draw_read(one->valuestring, &d)) continue;
        bool twice = n == CHALK_DRAWS;
        for (int i = 0; i < n; i++) twice |= strcmp(all[i].name, d.name) == 0;
        if (twice) form_fault(c, one, "lesson-draw-twice", d.name, "");
        if (n < CHALK_DRAWS) all[n++] = d;
        else draw_free(&d);
    }
    while (n) draw_free(&all[--n]);
}

static size_t next_blank(const struct chalk *k) {
    size_t i = 0;
    while (i < k->n && k->filled[i]) i++;
    return i;
}

/* ---- the numbers come, and go ---- */

static void take_away(struct session *s) {
    struct lesson_play *p = desk_here(s);
    const struct mark *m = &p->marks[p->at];
    if (!m->before) return;
    mark_restore(s->board, m->before, desk_label(s));
    lines_cut(&p->lines, m->before_lines);
}

/* Of those kept one is open still, whatever a damaged file says. */
static struct error *mend_boxes(struct session *s, const struct step *step) {
    struct chalk k;
    struct error *e = chalk_open(s, step, s->board, &k);
    if (e) return e;
    if (next_blank(&k) == k.n) desk_here(s)->fill = (struct fill){0};
    chalk_close(&k);
    return NULL;
}

void board_prepare(struct session *s, const struct step *step) {
    struct lesson_play *p = desk_here(s);
    struct mark *m = &p->marks[p->at];
    struct record *r = desk_record(s);
    char *line;
    if (m->before && mark_same(s->board, m->board)) { /* again: the same numbers */
        take_away(s);
    } else {
        bool done = r->result != RESULT_OPEN && !p->practice;
        if (done && !p->resuming && r->draw < RECORD_DRAWS) r->draw++;
        board_free(m->before);
        m->before = mark_take(s->board);
        m->before_lines = p->lines.n;
    }
    struct dice dice = chalk_dice(s, step, r->draw);
    struct error *e = chalk_throw(s, step, &dice, &line);
    if (!e && line) e = desk_run_silently(s, line);
    if (!e && p->fill.boxes) e = mend_boxes(s, step);
    error_free(e); /* showing it says why */
    free(line);
}

void board_restore(struct session *s) { take_away(s); }

/* ---- what is shown ---- */

static bool is_lint(struct session *s) {
    return desk_here(s)->practice && !desk_here(s)->talk;
}

static void draw(struct session *s, struct chalk *k) {
    out_puts(s->out, "\n");
    blanks_draw(s->out, &k->c, k->which, k->blanks, k->n, k->filled);
}

static char *name_of(const struct chalk *k, size_t i) {
    struct buf b = {0};
    blank_name(&b, &k->c, &k->blanks[i]);
    return buf_take(&b);
}

static void ask_next(struct session *s, const struct chalk *k, const char *key) {
    size_t next = next_blank(k);
    if (next == k->n) return;
    char *name = name_of(k, next);
    out_puts(s->out, out_ink(s->out, OUT_STRONG));
    out_say(s->out, key, "name", name, NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    free(name);
}

void board_sketch(struct session *s, const struct step *step) {
    struct chalk k;
    struct error *e = chalk_open(s, step, desk_began(s), &k);
    if (e) {
        out_error(s->out, e);
        error_free(e);
        return;
    }
    draw(s, &k);
    chalk_close(&k);
}

static bool is_right(const struct step *step, const struct blank *b, double typed) {
    double value = blank_value(b), within = json_number(step->json, "within", 0);
    return fabs(typed - value) <= within + 1e-9 * fmax(1, fabs(value));
}

/* `h = 5`, `dE/dw = 10`: names of the board's own, and no right numbers. */
static void explain_how(struct session *s, const struct step *step,
                        const struct chalk *k) {
    size_t at[] = {0, k->n - 1};
    while (at[0] < k->n - 1 && !k->blanks[at[0]].node->name) at[0]++;
    struct buf examples = {0};
    for (size_t i = 0; i < (at[0] < at[1] ? 2 : 1); i++) {
        double number = i ? 10 : 5;
        while (is_right(step, &k->blanks[at[i]], number)) number++;
        char *name = name_of(k, at[i]);
        buf_add_listed(&examples, "`%s = %g`", name, number);
        free(name);
    }
    out_puts(s->out, out_ink(s->out, OUT_DIM));
    out_say(s->out, "step.board.how", "examples", buf_text(&examples), NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    buf_free(&examples);
}

static void ask_anew(struct session *s, const struct step *step, bool how) {
    struct chalk k;
    board_sketch(s, step);
    struct error *e = chalk_open(s, step, desk_began(s), &k);
    error_free(e);
    if (e) return;
    ask_next(s, &k, "step.board.ask");
    if (how && !desk_here(s)->fill.boxes) explain_how(s, step, &k);
    chalk_close(&k);
}

void board_redraw(struct session *s, const struct step *step) {
    ask_anew(s, step, false);
}

void board_show(struct session *s, const struct step *step) {
    desk_say(s, desk_text(s, lesson_field(step, "board")));
    ask_anew(s, step, true);
}

/* The gate of the open box; once, and then the step's own hints. */
char *board_hint(struct session *s, const struct step *step) {
    struct fill *fill = &desk_here(s)->fill;
    struct chalk k;
    if (is_lint(s)) return NULL; /* it counts those */
    struct error *e = chalk_open(s, step, desk_began(s), &k);
    error_free(e);
    if (e) return NULL;
    size_t i = next_blank(&k);
    char *says = NULL;
    if (i < k.n && fill->hinted != (int)i + 1) {
        struct buf rule = {0};
        char *name = name_of(&k, i);
        fill->hinted = (int)i + 1;
        blank_rule(&rule, s->out, &k.c, &k.blanks[i]);
        bool named = strcmp(name, buf_text(&rule)) != 0;
        says = out_sentence(s->out,
                            k.blanks[i].gradient ? "step.board.hint.slope"
                            : named              ? "step.board.hint"
                                                 : "step.board.hint.gate",
                            "name", name, "rule", buf_text(&rule), NULL);
        buf_free(&rule);
        free(name);
    }
    chalk_close(&k);
    return says;
}

/* ---- judging ---- */

/* Without spaces, as it would be typed: d(h−y) is d(h-y). */
static char *dense(const char *name) {
    char *clean = normalise(name);
    size_t n = 0;
    for (const char *c = clean; *c; c++) {
        bool slope = strncmp(c, "∂", strlen("∂")) == 0;
        bool times = strncmp(c, "·", strlen("·")) == 0;
        if (slope || times) c += strlen(slope ? "∂" : "·") - 1;
        if (*c != ' ') clean[n++] = slope ? 'd' : times ? '*' : *c;
    }
    clean[n] = '\0';
    return clean;
}

/* Which box is called so; k->n: none. */
static size_t find_blank(const struct chalk *k, const char *said) {
    char *wanted = dense(said);
    size_t i = 0;
    for (; i < k->n; i++) {
        char *own = name_of(k, i), *name = dense(own);
        bool is = strcmp(name, wanted) == 0;
        free(own);
        free(name);
        if (is) break;
    }
    free(wanted);
    return i;
}

static void fill_in(struct session *s, struct chalk *k, size_t i) {
    k->filled[i] = true;
    desk_here(s)->fill.boxes |= (uint64_t)1 << i;
    desk_here(s)->fill.missed = 0;
}

/* On to the next box; the graph is drawn anew where the way turns round. */
static void go_to_next(struct session *s, struct chalk *k, size_t from) {
    size_t to = next_blank(k);
    if (to == k->n) return;
    bool turns = k->blanks[to].gradient && !k->blanks[from].gradient;
    if (turns) draw(s, k);
    ask_next(s, k, turns ? "step.board.back" : "step.board.next");
}

/* The mistake that makes the number; or what to look at. */
static void reply(struct session *s, const struct step *step, const struct chalk *k,
                  size_t i, double typed) {
    const struct blank *b = &k->blanks[i];
    struct diagnosis d =
        mistakes_diagnose(k->m, b->gradient ? MISTAKE_GRADIENT : MISTAKE_VALUE, b->node,
                          0, typed, json_number(step->json, "within", 0));
    struct buf said = {0};
    char *name = name_of(k, i);
    const struct node *above = b->gradient ? blank_above(&k->c, b) : NULL;
    bool told = mistakes_say(&said, s->out, &d);
    if (!told) {
        struct buf gate = {0}, up = {0};
        if (above) {
            explain_node(&gate, above, EXPLAIN_NAMES, false, s->out->digits);
            blank_name(&up, &k->c, &(struct blank){above, true});
        }
        text_add(s->out->text, &said,
                 !b->gradient ? "step.board.wrong-value"
                 : above      ? "step.board.wrong"
                              : "step.board.wrong-ways",
                 "name", name, "gate", buf_text(&gate), "up", buf_text(&up), NULL);
        buf_free(&gate);
        buf_free(&up);
    }
    out_wrap(s->out, buf_text(&said), 0);
    buf_clear(&said);
    if (told) buf_printf(&said, "mistake.%s", d.mistake[0].key); /* the likelier */
    desk_told(s, buf_text(&said));
    buf_free(&said);
    free(name);
}

static void note_wrong(struct session *s, const struct chalk *k, size_t i,
                       double typed) {
    struct buf b = {0};
    blank_name(&b, &k->c, &k->blanks[i]);
    buf_printf(&b, " = %s", NUM(s->out, typed));
    record_wrong(desk_record(s), buf_text(&b));
    buf_free(&b);
}

/* The box is worked out, and it goes on. */
static void work_out(struct session *s, struct chalk *k, size_t i) {
    out_say(s->out, "step.board.worked", NULL);
    blank_work_out(s->out, &k->c, &k->blanks[i]);
    fill_in(s, k, i);
}

static enum verdict judge_wrong(struct session *s, const struct step *step,
                                struct chalk *k, size_t i, double typed) {
    struct fill *fill = &desk_here(s)->fill;
    reply(s, step, k, i, typed);
    note_wrong(s, k, i, typed);
    fill->missed = fill->box == (int)i ? fill->missed + 1 : 1;
    fill->box = (int)i;
    if (fill->missed < MISSES || is_lint(s)) return VERDICT_WRONG;
    work_out(s, k, i);
    if (next_blank(k) < k->n) {
        go_to_next(s, k, i);
        return VERDICT_WRONG;
    }
    draw(s, k);
    play_pass(s, RESULT_SOLVED); /* without praise */
    return VERDICT_UNCLEAR;
}

/* Which box a part is about, the next or one by its name, `e = 5`, "the gradient of w
 * is 5"; *number is what is said of it. k->n: none; and *other, where it is a number
 * that there is, the caller's. */
static size_t find_part(struct session *s, const char *part, const struct chalk *k,
                        const char **number, char **other) {
    struct buf root = {0};
    double v;
    *number = part;
    *other = NULL;
    blank_name(&root, &k->c, &(struct blank){k->c.root, true});
    char *subject = answer_subject(part, buf_text(&root), number);
    buf_free(&root);
    size_t i = subject ? find_blank(k, subject) : next_blank(k);
    if (i < k->n) {
        free(subject);
        return i;
    }
    bool words = !strchr(part, '=');
    struct error *e = subject ? desk_number(s, desk_began(s), subject, &v) : NULL;
    if (subject && !e && (words || strchr(subject, '/'))) *other = subject;
    else free(subject);
    error_free(e);
    if (*other || !words) return k->n;
    *number = part; /* it is 5 */
    return next_blank(k);
}

/* A number, read as at any question. */
static struct answer read_part(struct session *s, const char *number, bool named,
                               const struct chalk *k, size_t i) {
    struct typed t = session_read(s, number, false);
    char *name = name_of(k, i);
    struct answer a = answer_number(s, t.clean, t.program, named ? NULL : name, name);
    typed_free(&t);
    free(name);
    return a;
}

static bool is_one(const struct step *step, const struct blank *b,
                   const struct answer *a) {
    for (int i = 0; i < a->n; i++) {
        if (is_right(step, b, a->value[i])) return true;
    }
    return false;
}

static enum verdict judge_part(struct session *s, const struct step *step,
                               struct chalk *k, const char *part, bool last) {
    const char *number;
    char *other;
    size_t i = find_part(s, part, k, &number, &other);
    if (other) out_say(s->out, "step.board.other", "name", other, NULL);
    if (other) {
        free(other);
        return VERDICT_UNCLEAR;
    }
    if (i == k->n) return VERDICT_NONE;
    struct answer a = read_part(s, number, number != part, k, i);
    if (!a.n) return VERDICT_NONE;
    char *name = name_of(k, i);
    double value = blank_value(&k->blanks[i]);
    enum verdict v = VERDICT_UNCLEAR;
    if (k->filled[i]) {
        out_say(s->out, "step.board.filled", "name", name, "value", NUM(s->out, value),
                NULL);
    } else if (is_one(step, &k->blanks[i], &a)) {
        fill_in(s, k, i);
        if (next_blank(k) == k->n) v = VERDICT_RIGHT;
        else if (last) {
            out_say(s->out, "step.board.right", "name", name, "value",
                    NUM(s->out, value), NULL);
            go_to_next(s, k, i);
        }
    } else if (a.is_line && number == part) {
        v = VERDICT_NONE; /* a calculation on the way */
    } else {
        v = judge_wrong(s, step, k, i, a.value[0]);
    }
    free(name);
    return v;
}

/* `h = 6; e = -3` is several. */
enum verdict board_judge(struct session *s, const struct step *step, const char *line,
                         const struct program *p) {
    struct chalk k;
    enum verdict v = VERDICT_NONE;
    unsigned moves = desk_here(s)->moves;
    struct error *e = chalk_open(s, step, desk_began(s), &k);
    (void)p;
    if (e) {
        error_free(e);
        return VERDICT_NONE;
    }
    while (*line) {
        line += strspn(line, " ;");
        size_t n = strcspn(line, ";");
        char *part = mem_copy_n(line, n);
        line += n;
        line += strspn(line, " ;");
        v = judge_part(s, step, &k, part, !*line);
        free(part);
        if (v != VERDICT_UNCLEAR) break;
        if (desk_here(s)->moves != moves) break; /* it has gone on, or is over */
    }
    if (v == VERDICT_RIGHT) draw(s, &k);
    chalk_close(&k);
    return v;
}

/* ---- the answer ---- */

struct error *board_solution(struct session *s, const struct step *step,
                             struct buf *b) {
    struct chalk k;
    struct error *e = chalk_open(s, step, desk_began(s), &k);
    if (e) return e;
    for (size_t i = 0; i < k.n; i++) {
        char *name = name_of(&k, i);
        buf_printf(b, "%s%s = %s", i ? "; " : "", name,
                   NUM(s->out, blank_value(&k.blanks[i])));
        free(name);
    }
    chalk_close(&k);
    return NULL;
}

void board_reveal(struct session *s, const struct step *step) {
    struct chalk k;
    struct error *e = chalk_open(s, step, desk_began(s), &k);
    error_free(e);
    if (e) return;
    memset(k.filled, true, sizeof k.filled);
    draw(s, &k);
    chalk_close(&k);
}

/* ---- what goes wrong ---- */

/* Of each box a number that a mistake makes, or one far off; by its name. */
const cJSON *board_wrong(struct session *s, const struct step *step, int i,
                         struct buf *b) {
    struct chalk k;
    struct error *e = chalk_open(s, step, desk_began(s), &k);
    error_free(e);
    if (e) return NULL;
    bool there = (size_t)i < k.n;
    if (there) {
        const struct blank *at = &k.blanks[i];
        struct mistake all[64];
        int n = mistakes_list(k.m, at->gradient ? MISTAKE_GRADIENT : MISTAKE_VALUE,
                              at->node, 0, all, 64),
            first = 0;
        while (first < n && is_right(step, at, all[first].number)) first++;
        double number = first < n ? all[first].number : 2 * fabs(blank_value(at)) + 7;
        char *name = name_of(&k, (size_t)i);
        buf_printf(b, "%s = %s", name, NUM(s->out, number));
        free(name);
    }
    chalk_close(&k);
    return there ? lesson_field(step, "graph") : NULL;
}

/* Twenty people's numbers: each of them short, and the graph within the page. */
void board_lint(struct game *g, struct session *s, const struct step *step) {
    enum { PEOPLE = 20 };
    bool exact = json_number(step->json, "within", 0) <= 0;
    const cJSON *at = lesson_field(step, "draw");
    if (!at) at = lesson_field(step, "graph");
    struct board *before = desk_here(s)->marks[desk_here(s)->at].before;
    struct board *now = s->board;
    for (int i = 0; i < PEOPLE; i++) {
        struct dice dice = chalk_dice(s, step, i);
        char *line;
        s->board = before ? before : now;
        struct error *e = chalk_throw(s, step, &dice, &line);
        struct board *b = mark_take(s->board);
        s->board = now;
        if (!e && line) e = desk_rehearse(s, b, line);
        struct chalk k;
        bool open = !e && !(e = chalk_open(s, step, b, &k));
        struct out quiet = {
            .width = s->out->width, .digits = s->out->digits, .text = s->out->text};
        bool fits = !open || blanks_draw(&quiet, &k.c, k.which, k.blanks, k.n, NULL);
        bool longs = exact && open && chalk_is_long(&k);
        if (open) chalk_close(&k);
        if (e) game_error(g, at, "lint-fails", e);
        else if (!fits)
            game_say(g, lesson_field(step, "graph"), "lint-board-wide", "", "");
        else if (longs) game_say(g, at, "lint-board-long", "", line ? line : "");
        board_free(b);
        free(line);
        if (!open || !fits || longs) return;
    }
}
