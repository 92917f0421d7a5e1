/* lint_play: plays a lesson as students do: badly first, then well. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/lint.h"
#include "lesson/mark.h"
#include "lesson/play.h"
#include "lesson/steps.h"
#include "session/run.h"
#include "text/number.h"

struct game {
    struct lint *lint;
    struct session *s;
    const char *lang;
    const struct step *step;
    const cJSON *at; /* the step in lint's own copy, for places */
    FILE *memory;
    char *said; /* all that was said so far */
    size_t n, seen;
    char folder[32]; /* where the student's lines write; empty: not made yet */
};

/* ---- what is said ---- */

static void fault(struct game *g, const cJSON *at, const char *key, const char *answer,
                  const char *what) {
    lint_fault(g->lint, at,
               error_new(key, "lang", g->lang, "answer", answer, "what", what, "text",
                         what, NULL));
}

/* Takes e; its words in one line. */
static void fault_error(struct game *g, const cJSON *at, const char *key,
                        struct error *e) {
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
    fault(g, at, key, "", buf_text(&b));
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
        if (has_nan(line)) fault(g, g->at, "lint-nan", "", line);
        free(line);
        g->seen += n + 1;
    }
    if (g->seen > g->n) g->seen = g->n;
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

static void remove_folder(const char *folder) {
    DIR *d = opendir(folder);
    const struct dirent *entry;
    while (d && (entry = readdir(d))) unlinkat(dirfd(d), entry->d_name, 0);
    if (d) closedir(d);
    rmdir(folder);
}

/* The student's line may write files, and read them in a later step, so it does that in
 * a folder that is gone after the game. What it reads is a stranger's: no line of a
 * script that it runs may touch files. */
static struct error *run_in_scratch(struct game *g, const char *line) {
    int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char name[] = "/tmp/learn-lint-XXXXXX";
    if (!g->folder[0] && mkdtemp(name)) memcpy(g->folder, name, sizeof name);
    if (here < 0 || !g->folder[0] || chdir(g->folder) != 0) {
        if (here >= 0) close(here);
        return play_run(g->s, line, true);
    }
    g->s->sandbox_scripts = true;
    struct error *e = play_run(g->s, line, false);
    g->s->sandbox_scripts = false;
    if (fchdir(here) != 0) g->folder[0] = '\0';
    close(here);
    return e;
}

static struct error *run_solution(struct game *g, const char *line) {
    play_line(g->s, line);
    return wants_scratch(g->s, line) ? run_in_scratch(g, line)
                                     : play_run(g->s, line, true);
}

/* ---- questions ---- */

static bool passed(const struct game *g) {
    return play_record(g->s)->result == RESULT_SOLVED;
}

static void forget(const struct game *g) { *play_record(g->s) = (struct record){0}; }

/* Types a wrong answer: it must be taken as one, and change nothing. */
static void type_wrong(struct game *g, const cJSON *at, const char *answer) {
    int before = play_record(g->s)->misses;
    play_take(g->s, answer);
    if (passed(g)) {
        fault(g, at, "lint-wrong-passes", answer, "");
    } else if (play_record(g->s)->misses == before) {
        fault(g, at, "lint-wrong-unread", answer, "");
    }
    if (!mark_same(g->s->board, play_began(g->s))) fault(g, at, "lint-changes", "", "");
    forget(g);
}

static void type_nothing(struct game *g) {
    play_take(g->s, "");
    if (passed(g)) fault(g, g->at, "lint-empty-passes", "", "");
    forget(g);
}

static void take_hints(struct game *g) {
    int n = cJSON_GetArraySize(lesson_field(g->step, "hints")), seen = 0;
    while (seen <= n && play_hint(g->s)) seen++;
    if (seen != n) fault(g, g->at, "lint-hint", "", "");
}

static const cJSON *place_of(const struct game *g, const char *field) {
    const cJSON *at = cJSON_GetObjectItemCaseSensitive(g->at, field);
    return at ? at : g->at;
}

static void answer_ask(struct game *g) {
    int n = cJSON_GetArraySize(lesson_field(g->step, "choices"));
    int right = json_whole(g->step->json, "answer", -1);
    for (int i = 0; i < n; i++) {
        if (i != right) type_wrong(g, place_of(g, "answer"), NUM(g->s->out, i + 1));
    }
    if (!n) type_wrong(g, place_of(g, "answer"), "zzzzqq");
}

/* False: there is no right answer. */
static bool answer_predict(struct game *g) {
    double right, within = json_number(g->step->json, "within", 0), value;
    struct error *e = predict_number(g->s, lesson_field(g->step, "answer"), &right);
    if (e) {
        fault_error(g, place_of(g, "answer"), "lint-fails", e);
        return false;
    }
    if (!isfinite(right)) {
        fault(g, place_of(g, "answer"), "lint-nan", "", "answer");
        return false;
    }
    struct buf wrong = {0};
    buf_printf(&wrong, "%.17g", right + 3 * within + 1 + fabs(right));
    type_wrong(g, place_of(g, "answer"), buf_text(&wrong));
    buf_free(&wrong);
    const cJSON *slips = place_of(g, "slips"), *slip;
    double values[16];
    int n = 0;
    if (slips == g->at) return true;
    cJSON_ArrayForEach(slip, slips) {
        const cJSON *at = cJSON_GetObjectItemCaseSensitive(slip, "value");
        e = predict_number(g->s, at, &value);
        if (e) {
            fault_error(g, at, "lint-fails", e);
            continue;
        }
        if (!isfinite(value) || fabs(value - right) <= within) {
            fault(g, at, "lint-slip", "", "");
            continue;
        }
        for (int k = 0; k < n; k++) {
            if (fabs(values[k] - value) > 1e-12 * (1 + fabs(value))) continue;
            fault(g, at, "lint-slip-same", "", "");
        }
        if (n < 16) values[n++] = value;
        struct buf typed = {0};
        buf_printf(&typed, "%.17g", value);
        type_wrong(g, at, buf_text(&typed));
        buf_free(&typed);
    }
    return true;
}

/* False where it cannot be worked out on the board as it is now. */
static bool check_condition(struct game *g, const cJSON *at, const char *key) {
    struct tensor *t;
    if (!cJSON_IsString(at)) return true;
    struct error *e = play_value(g->s, g->s->board, at->valuestring, &t);
    if (e) fault_error(g, at, key, e);
    else tensor_unref(t);
    return !e;
}

/* The line of a slip makes it, and does not pass. */
static void try_slips(struct game *g, const cJSON *slips) {
    const cJSON *slip;
    cJSON_ArrayForEach(slip, slips) {
        const cJSON *line = cJSON_GetObjectItemCaseSensitive(slip, "line");
        if (!line) continue;
        struct error *e = run_solution(g, play_text(g->s, line));
        if (e) {
            fault_error(g, line, "lint-fails", e);
        } else if (g->step->kind->settled(g->s, g->step)) {
            fault(g, line, "lint-wrong-passes", play_text(g->s, line), "");
        } else if (!try_slipped(g->s, slip)) {
            fault(g, line, "lint-slip-unmet", play_text(g->s, line), "");
        }
        play_again_board(g->s);
    }
}

/* What is run in the solution's place when it is skipped leads there too. */
static void try_instead(struct game *g, const cJSON *until) {
    const cJSON *at = lesson_field(g->step, "instead");
    if (!at) return;
    const char *line = play_text(g->s, at);
    struct error *e = play_run(g->s, line, true);
    if (e) fault_error(g, place_of(g, "instead"), "lint-fails", e);
    else if (!g->step->kind->settled(g->s, g->step)) {
        fault(g, until, "lint-right-fails", line, "");
    }
    play_again_board(g->s);
}

/* Where the board is already as it should be, anything at all would pass. */
static void answer_try(struct game *g) {
    const cJSON *until = place_of(g, "until"), *slips = place_of(g, "slips"), *slip;
    play_take(g->s, "0");
    if (passed(g)) fault(g, until, "lint-wrong-passes", "0", "");
    forget(g);
    if (slips == g->at) slips = NULL;
    try_slips(g, slips);
    try_instead(g, until);
    const char *line = play_text(g->s, lesson_field(g->step, "solution"));
    struct error *e = run_solution(g, line);
    if (e) {
        fault_error(g, place_of(g, "solution"), "lint-fails", e);
        return;
    }
    if (check_condition(g, until, "lint-not-bool") &&
        !g->step->kind->settled(g->s, g->step)) {
        fault(g, until, "lint-right-fails", line, "");
    }
    cJSON_ArrayForEach(slip, slips) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(slip, "value");
        check_condition(g, value, "lint-fails");
    }
    play_pass(g->s, RESULT_SOLVED);
}

static void type_right(struct game *g) {
    struct buf line = {0};
    struct error *e = g->step->kind->solution(g->s, g->step, &line);
    if (!e) {
        play_take(g->s, buf_text(&line));
        if (!passed(g)) {
            fault(g, place_of(g, "answer"), "lint-right-fails", buf_text(&line), "");
        }
    }
    error_free(e); /* said already */
    buf_free(&line);
}

static void play_question(struct game *g) {
    play_enter(g->s, play_here(g->s)->at);
    type_nothing(g);
    take_hints(g);
    if (g->step->kind->settled) {
        answer_try(g);
        return;
    }
    if (strcmp(g->step->kind->name, "ask") == 0) answer_ask(g);
    if (strcmp(g->step->kind->name, "predict") == 0 && !answer_predict(g)) return;
    type_right(g);
}

/* The lines a what-if begins with work, one after the other. */
static void play_open_lines(struct game *g) {
    const cJSON *line;
    cJSON_ArrayForEach(line, cJSON_GetObjectItemCaseSensitive(g->at, "lines")) {
        struct error *e = run_solution(g, play_text(g->s, line));
        if (e) fault_error(g, line, "lint-fails", e);
    }
    play_again_board(g->s);
}

static void play_one(struct game *g) {
    const cJSON *run = lesson_field(g->step, "run");
    if (run) {
        play_line(g->s, play_text(g->s, run));
        struct error *e = play_run(g->s, play_text(g->s, run), true);
        if (e) fault_error(g, place_of(g, "run"), "lint-fails", e);
    } else if (g->step->kind->asks) {
        play_question(g);
    } else {
        play_enter(g->s, play_here(g->s)->at);
        play_open_lines(g);
    }
}

/* ---- the whole ---- */

/* On a board of its own first, where what goes wrong is heard. */
static void check_setup(struct game *g) {
    const cJSON *line;
    g->s->sandbox = true;
    cJSON_ArrayForEach(
        line, cJSON_GetObjectItemCaseSensitive(g->lint->lesson->doc.root, "setup")) {
        struct error *e =
            session_try(g->s, lesson_text(line, text_lang(g->s->out->text)), NULL);
        if (e) fault_error(g, line, "lint-fails", e);
    }
    g->s->sandbox = false;
}

void lint_play(struct lint *t, enum text_lang lang) {
    struct game g = {.lint = t, .lang = text_lang_name(lang)};
    struct lesson *l;
    struct error *e = lesson_load(t->path, NULL, &l);
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
    g.at = t->lesson->doc.root;
    check_setup(&g);
    play_of(g.s)->practice = true;
    play_open(g.s, l);
    for (int i = 0; i < l->n_steps && !*t->stop; i++) {
        play_here(g.s)->at = i;
        g.step = &l->steps[i];
        g.at = t->lesson->steps[i].json;
        play_one(&g);
        check_said(&g);
    }
    if (*t->stop) {
        fault(&g, g.at, "lint-slow", NUM(&o, LINT_SECONDS), "");
    }
    session_close(g.s);
    if (g.folder[0]) remove_folder(g.folder);
    text_close(o.text);
    fclose(g.memory);
    free(g.said);
}
