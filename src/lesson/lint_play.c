#include "lesson/lint_play.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "board/mark.h"
#include "lesson/lint_lazy.h"
#include "lesson/lint_sight.h"
#include "lesson/load.h"
#include "lesson/play.h"
#include "lesson/scratch.h"
#include "lesson/steps.h"
#include "lesson/take.h"
#include "lesson/task.h"
#include "session/run.h"
#include "text/number.h"

#define QUICK 0.1 /* seconds */

struct game {
    struct lint *lint;
    struct session *s;
    const char *lang;
    const struct step *step;   /* in lint's own copy, for places */
    const struct step **quick; /* tries whose solution takes no time */
    const cJSON *at;           /* the same, or the whole lesson before its first step */
    FILE *memory;
    char *said; /* all that was said so far */
    size_t n, seen,
        asked;          /* … of it; where lines were looked at; behind the question */
    const cJSON *ran;   /* the line of the lesson that was run last */
    struct sight sight; /* what of it the student sees, since the last key */
};

/* ---- what is said ---- */

void game_fault(struct game *g, const cJSON *at, struct error *e) {
    lint_fault(g->lint, at, e);
}

void game_warn(struct game *g, const cJSON *at, struct error *e) {
    lint_warn(g->lint, at, e);
}

void game_say(struct game *g, const cJSON *at, const char *key, const char *answer,
              const char *what) {
    lint_fault(g->lint, at,
               error_new(key, "lang", g->lang, "answer", answer, "what", what, "text",
                         what, NULL));
}

/* Its words in one line. */
void game_error(struct game *g, const cJSON *at, const char *key, struct error *e) {
    struct buf b = {0};
    if (*g->lint->stop) { /* it was stopped, and that is said once */
        error_free(e);
        return;
    }
    free(e->line); /* the line is in the file */
    e->line = NULL;
    text_add_error(g->lint->out->text, &b, e);
    for (size_t i = 0; i < b.len; i++) {
        if (b.data[i] == '\n') b.data[i] = ' ';
    }
    game_say(g, at, key, "", buf_text(&b));
    buf_free(&b);
    error_free(e);
}

static bool has_nan(const char *line) {
    for (const char *p = line; (p = strstr(p, "nan")); p += 3) {
        bool before = p > line && (isalnum((unsigned char)p[-1]) || p[-1] < 0);
        if (!before && !isalnum((unsigned char)p[3])) return true;
    }
    return false;
}

/* Looks at what was said since the last time. */
static void check_said(struct game *g) {
    fflush(g->memory);
    while (g->seen < g->n) {
        size_t n = strcspn(g->said + g->seen, "\n");
        char *line = mem_copy_n(g->said + g->seen, n);
        int width = utf8_width(line);
        if (width > LINT_COLUMNS) {
            lint_fault(g->lint, g->at,
                       error_new("lint-wide", "lang", g->lang, "columns",
                                 NUM(g->s->out, width), "text", line, NULL));
        }
        if (has_nan(line)) game_say(g, g->at, "lint-nan", "", line);
        free(line);
        g->seen += n + 1;
    }
    if (g->seen > g->n) g->seen = g->n;
}

static size_t said_so_far(struct game *g) {
    fflush(g->memory);
    return g->n;
}

char *game_saw(struct game *g, const char *expr) {
    return sight_gives(g->s, &g->sight, expr);
}

void game_look(struct game *g, const cJSON *at, double answer) {
    char *shown = g->ran ? sight_shows(&g->sight, answer) : NULL;
    struct buf asked = {0};
    if (!shown) return;
    json_place(&g->lint->lesson->doc, at, &asked);
    game_warn(g, g->ran,
              error_new("warn-shown", "value", shown, "asked", buf_text(&asked), NULL));
    buf_free(&asked);
    free(shown);
}

void game_seen(struct game *g, const cJSON *at, const char *expr, double answer) {
    if (lesson_is_challenge(g->lint->lesson))
        return; /* it may be worked out elsewhere */
    if (!sight_is_given(g->s, expr) || sight_says(g->said, g->asked, answer)) return;
    game_warn(
        g, at,
        error_new("warn-unseen", "expr", expr, "value", NUM(g->s->out, answer), NULL));
}

static void fault_of_sight(struct game *g, struct error *e) {
    if (!e) return;
    game_say(g, g->at, e->key, error_value(e, "rows"), "");
    error_free(e);
}

/* ---- lines of the lesson ---- */

/* Only names without a folder are written and read, in a folder of our own. */
static bool works_here(const struct program *p) {
    bool files = false;
    for (int i = 0; i < p->n; i++) {
        const struct stmt *st = &p->stmts[i];
        if (st->kind == STMT_REPEAT && !works_here(st->body)) return false;
        if (st->kind != STMT_COMMAND) continue;
        files |= (st->command->flags & COMMAND_FILES) != 0;
        for (int k = 0; k < st->n_items; k++) {
            const char *text = st->items[k].text;
            files |= text && strcmp(st->command->name, "use") == 0;
            if (text && strchr(text, '/')) return false;
        }
        for (int k = 0; k < st->n_clauses; k++) {
            const char *text = st->clauses[k].text;
            files |= text != NULL;
            if (text && strchr(text, '/')) return false;
        }
    }
    return files;
}

static bool wants_scratch(struct session *s, const char *line) {
    struct program *p;
    struct error *e = session_parse(s, line, &p);
    bool wants = !e && works_here(p);
    if (!e) program_free(p);
    error_free(e);
    return wants;
}

/* The student's line may write files, and read them in a later step, so it does that in
 * a folder that is gone after the game. What it reads is a stranger's: no line of a
 * script that it runs may touch files. */
static struct error *run_in_scratch(struct game *g, const char *line) {
    int here = scratch_enter();
    if (here < 0) return desk_run(g->s, line, true);
    g->s->sandbox_scripts = true;
    struct error *e = desk_run(g->s, line, false);
    g->s->sandbox_scripts = false;
    scratch_leave(here);
    return e;
}

static struct error *run_solution(struct game *g, const char *line) {
    desk_show_line(g->s, line);
    return wants_scratch(g->s, line) ? run_in_scratch(g, line)
                                     : desk_run(g->s, line, true);
}

/* ---- questions ---- */

static void type_line(struct game *g, const char *line) {
    struct typed t = session_read(g->s, line, false);
    take_typed(g->s, &t);
    typed_free(&t);
}

static bool passed(const struct game *g) {
    return desk_record(g->s)->result == RESULT_SOLVED;
}

static void forget(const struct game *g) { record_clear(desk_record(g->s)); }

/* Types a wrong answer: it must be taken as one, and change nothing. */
static void type_wrong(struct game *g, const cJSON *at, const char *answer) {
    int before = desk_record(g->s)->tries;
    type_line(g, answer);
    if (passed(g)) {
        game_say(g, at, "lint-wrong-passes", answer, "");
    } else if (desk_record(g->s)->tries == before && !desk_here(g->s)->short_of) {
        game_say(g, at, "lint-wrong-unread", answer, "");
    }
    if (!mark_same(g->s->board, desk_began(g->s)))
        game_say(g, at, "lint-changes", "", "");
    forget(g);
}

/* A line that a student might run: it must not lead there, and a known slip must be
 * what it is known for. */
static void run_wrong(struct game *g, const cJSON *at, int i, const char *line) {
    const struct step_kind *kind = g->step->kind;
    struct error *e = run_solution(g, line);
    if (e) {
        game_error(g, at, "lint-fails", e);
    } else if (task_passes(g->s, g->step)) {
        game_say(g, at, "lint-wrong-passes", line, "");
    } else if (kind->slipped && !kind->slipped(g->s, g->step, i)) {
        game_say(g, at, "lint-slip-unmet", line, "");
    }
    desk_go_back(g->s);
}

static void type_nothing(struct game *g) {
    type_line(g, "");
    if (passed(g)) game_say(g, g->at, "lint-empty-passes", "", "");
    forget(g);
}

static void take_hints(struct game *g) {
    int n = cJSON_GetArraySize(lesson_field(g->step, "hints")), seen = 0;
    while (seen <= n && play_hint(g->s)) seen++;
    if (seen != n) game_say(g, g->at, "lint-hint", "", "");
}

static void type_wrongs(struct game *g) {
    const struct step_kind *kind = g->step->kind;
    struct buf b = {0};
    const cJSON *at;
    for (int i = 0; kind->wrong && (at = kind->wrong(g->s, g->step, i, &b)); i++) {
        if (b.len && kind->settled) run_wrong(g, at, i, buf_text(&b));
        else if (b.len) type_wrong(g, at, buf_text(&b));
        buf_clear(&b);
    }
    buf_free(&b);
}

/* What is run in the solution's place when it is skipped leads there too. */
static void run_instead(struct game *g) {
    const struct step_kind *kind = g->step->kind;
    const cJSON *at = kind->makes ? kind->makes(g->step) : NULL;
    if (!at || at == lesson_field(g->step, kind->answer)) return;
    const char *line = desk_text(g->s, at);
    struct error *e = desk_run(g->s, line, true);
    if (e) game_error(g, at, "lint-fails", e);
    else if (!task_passes(g->s, g->step)) game_say(g, at, "lint-right-fails", line, "");
    desk_go_back(g->s);
}

/* The answer does not pass; of a board what it is instead. */
static void fails_right(struct game *g, const cJSON *at, const char *line) {
    const cJSON *until = lesson_field(g->step, "until");
    if (!cJSON_IsString(until)) {
        game_say(g, at, "lint-right-fails", line, "");
        return;
    }
    char *now = sight_values(g->s, until->valuestring);
    lint_fault(g->lint, at,
               error_new("lint-never", "lang", g->lang, "answer", line, "until",
                         until->valuestring, "what", now, NULL));
    free(now);
}

static void type_right(struct game *g) {
    const struct step_kind *kind = g->step->kind;
    const cJSON *at = lesson_field(g->step, kind->answer);
    struct buf line = {0};
    struct error *e = kind->solution(g->s, g->step, &line);
    if (e && strcmp(e->key, "lesson-not-finite") == 0) { /* a kind's lint says it */
        error_free(e);
        if (kind->lint) kind->lint(g, g->s, g->step);
        return;
    }
    double start = clock_seconds();
    if (!e && kind->settled) e = run_solution(g, buf_text(&line));
    else if (!e) type_line(g, buf_text(&line));
    double took = clock_seconds() - start;
    if (e) {
        game_error(g, at, "lint-fails", e);
    } else {
        size_t before = g->lint->calls;
        bool right = kind->settled ? task_passes(g->s, g->step) : passed(g);
        if (kind->lint) kind->lint(g, g->s, g->step);
        bool unknown = desk_here(g->s)->short_of;
        if (!right && !unknown && g->lint->calls == before)
            fails_right(g, at, buf_text(&line));
        if (right && kind->settled)
            lazy_play(&(struct lazy_order){g->s, g->step, game_say, g});
        bool quick = kind->settled && took < QUICK;
        if (quick) g->quick[desk_here(g->s)->at] = g->step;
        if (kind->settled) play_pass(g->s, RESULT_SOLVED);
    }
    buf_free(&line);
}

/* The solution of one step at another, where all have been played. */
static void play_others(struct game *g) {
    int n = g->lint->lesson->n_steps;
    for (int i = 0; i < n && !*g->lint->stop; i++) {
        const struct step *step = &g->lint->lesson->steps[i];
        struct lazy_order o = {g->s, step, game_say, g};
        if (step->kind->settled) lazy_play_others(&o, i, g->quick, n);
    }
}

/* A text or a question, which stands on one page. */
static void show_step(struct game *g) {
    size_t from = said_so_far(g);
    play_enter(g->s, desk_here(g->s)->at);
    size_t to = said_so_far(g);
    g->asked = to;
    if (desk_here(g->s)->at) fault_of_sight(g, sight_text(g->said + from, to - from));
}

static void run_step(struct game *g) {
    const cJSON *at = g->step->kind->makes(g->step);
    desk_show_line(g->s, desk_text(g->s, at));
    size_t from = said_so_far(g);
    struct error *e = desk_run(g->s, desk_text(g->s, at), true);
    if (e) game_error(g, at, "lint-fails", e);
    size_t to = said_so_far(g);
    fault_of_sight(g, sight_output(&g->sight, g->said + from, to - from));
    g->ran = at;
}

/* Nothing that is typed then says anything: it is played no further. */
static bool is_true_already(struct game *g) {
    const struct step_kind *kind = g->step->kind;
    if (!kind->settled || !task_passes(g->s, g->step)) return false;
    const cJSON *until = lesson_field(g->step, "until");
    char *now = sight_values(g->s, until->valuestring);
    game_say(g, until, "lint-already", until->valuestring, now);
    free(now);
    struct buf line = {0};
    error_free(kind->solution(g->s, g->step, &line)); /* later steps stand on it */
    error_free(run_solution(g, buf_text(&line)));
    buf_free(&line);
    sight_key(&g->sight);
    return true;
}

static void play_question(struct game *g) {
    show_step(g);
    if (is_true_already(g)) return;
    type_nothing(g);
    take_hints(g);
    type_wrongs(g);
    if (g->step->kind->settled) run_instead(g);
    type_right(g);
    sight_key(&g->sight);
}

/* The lines a what-if begins with work, one after the other. */
static void play_open_lines(struct game *g) {
    const cJSON *line;
    cJSON_ArrayForEach(line, lesson_field(g->step, "lines")) {
        struct error *e = run_solution(g, desk_text(g->s, line));
        if (e) game_error(g, line, "lint-fails", e);
    }
    desk_go_back(g->s);
}

static void play_one(struct game *g) {
    const struct step_kind *kind = g->step->kind;
    if (kind->answer) {
        play_question(g);
    } else if (kind->makes) {
        run_step(g);
    } else {
        show_step(g);
        play_open_lines(g);
        bool pauses = play_pauses(g->lint->lesson, g->step);
        if (kind->waits || pauses) sight_key(&g->sight);
    }
}

/* ---- the whole ---- */

/* On a board of its own first, where what goes wrong is heard. */
static bool check_setup(struct game *g) {
    size_t before = g->lint->calls;
    const cJSON *line;
    g->s->sandbox = true;
    cJSON_ArrayForEach(
        line, cJSON_GetObjectItemCaseSensitive(g->lint->lesson->doc.root, "setup")) {
        struct error *e =
            session_try(g->s, lesson_text(line, text_lang(g->s->out->text)), NULL);
        if (!e) continue;
        game_error(g, line, "lint-fails", e);
        break; /* the rest only follows from it */
    }
    g->s->sandbox = false;
    return g->lint->calls == before;
}

/* rate 0.1, steps 20: part of a command, which stands alone in a text. */
static bool is_clause(const struct session *s, const char *word) {
    size_t n = strlen(word);
    for (int t = 0; s->tables[t]; t++) {
        for (const struct command *c = s->tables[t]; c->name; c++) {
            const char *w = c->clauses ? c->clauses : "";
            for (; (w = strstr(w, word)); w += n)
                if ((w == c->clauses || w[-1] == ' ') && (!w[n] || w[n] == ' '))
                    return true;
        }
    }
    return false;
}

/* `decend E` in a text: what is shown as something to type can be typed. */
static void check_code(struct game *g, const cJSON *at, const char *code) {
    struct program *p = NULL;
    if (strstr(code, "…") || strstr(code, "...")) return;
    struct error *e = session_parse(g->s, code, &p);
    if (!e) program_free(p);
    const char *near = e ? error_value(e, "near") : NULL;
    if (e && strcmp(e->key, "no-command") == 0 && near &&
        !is_clause(g->s, error_value(e, "name")))
        game_warn(g, at, error_new("warn-code", "text", code, "near", near, NULL));
    error_free(e);
}

static void check_text(void *to, const cJSON *j, enum field_type type) {
    struct game *g = to;
    if (!field_kinds[type].prose) return;
    const cJSON *part, *at = j;
    if (cJSON_IsObject(j)) at = cJSON_GetObjectItemCaseSensitive(j, g->lang);
    const char *s = cJSON_IsString(at) ? at->valuestring : NULL, *end;
    for (; s && (s = strchr(s, '`')) && (end = strchr(s + 1, '`')); s = end + 1) {
        char *code = mem_copy_n(s + 1, (size_t)(end - s - 1));
        check_code(g, at, code);
        free(code);
    }
    if (cJSON_IsArray(j)) cJSON_ArrayForEach(part, j) check_text(to, part, type);
}

static void check_typed(struct game *g) {
    form_walk(g->lint->lesson->doc.root, FIELD_LESSON, check_text, g);
}

/* What could not be judged for want of memory is no answer that does not pass. */
static void tell_short(struct game *g) {
    struct error **e = &desk_of(g->s)->short_of;
    if (*e) game_error(g, g->at, "lint-fails", *e);
    *e = NULL;
}

void lint_play(struct lint *t, enum text_lang lang) {
    struct game g = {.lint = t, .lang = text_lang_name(lang)};
    struct lesson *l;
    struct error *e = lesson_load(t->home, t->path, NULL, &l);
    g.memory = open_memstream(&g.said, &g.n);
    if (e || !g.memory) {
        if (!e) lesson_free(l);
        if (g.memory) fclose(g.memory);
        free(g.said);
        error_free(e);
        return;
    }
    struct out o = {.file = g.memory,
                    .errors = g.memory,
                    .width = LINT_COLUMNS,
                    .digits = 6,
                    .text = text_open(lang)};
    g.s = session_open(&o, t->tables);
    g.s->home = t->home;
    g.s->stop = t->stop;
    g.s->beside = l->folder;
    g.at = t->lesson->doc.root;
    g.quick = mem_alloc((size_t)l->n_steps, sizeof *g.quick);
    bool sound = check_setup(&g);
    desk_of(g.s)->practice = true;
    e = play_open(g.s, l);
    bool open = !e && sound;
    if (error_is_short(e)) game_error(&g, g.at, "lint-fails", e);
    else error_free(e);
    for (int i = 0; open && i < l->n_steps && !*t->stop; i++) {
        desk_here(g.s)->at = i;
        g.step = &t->lesson->steps[i];
        g.at = g.step->json;
        play_one(&g);
        tell_short(&g);
        check_said(&g);
    }
    if (open) check_typed(&g);
    if (open) play_others(&g);
    tell_short(&g);
    if (*t->stop) {
        game_say(&g, g.at, "lint-slow", NUM(&o, LINT_SECONDS), "");
    }
    session_close(g.s);
    sight_key(&g.sight);
    free(g.quick);
    scratch_remove();
    text_close(o.text);
    fclose(g.memory);
    free(g.said);
}
