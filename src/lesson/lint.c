/* lint: `learn lint FILE`: reads a lesson, then plays it in both languages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/lesson.h"
#include "lesson/lint_advice.h"
#include "lesson/lint_naming.h"
#include "lesson/lint_play.h"
#include "lesson/load.h"
#include "lesson/scratch.h"
#include "lesson/steps.h"
#include "text/number.h"

/* ---- texts ---- */

static void check_string(struct lint *t, const cJSON *at, const char *s) {
    size_t len;
    for (uint32_t c; s && (c = utf8_decode(s, &len)); s += len) {
        char sign[16];
        if (c == '\n' || utf8_safe(c)) continue;
        snprintf(sign, sizeof sign, "U+%04X", (unsigned)c);
        lint_fault(t, at, error_new("lint-control", "sign", sign, NULL));
        return;
    }
}

/* Nowhere in the file, not in a name either, stands what no text may show. */
static void check_strings(struct lint *t, const cJSON *j) {
    const cJSON *part;
    check_string(t, j, j->string);
    check_string(t, j, j->valuestring);
    cJSON_ArrayForEach(part, j) check_strings(t, part);
}

static void check_width(struct lint *t, const cJSON *at, const char *s, size_t n) {
    char *part = mem_copy_n(s, n);
    int width = utf8_width(part);
    if (width > LINT_COLUMNS) {
        const char *lang = at->string && strcmp(at->string, "en") == 0 ? "en" : "ko";
        lint_fault(t, at,
                   error_new("lint-wide", "lang", lang, "columns", NUM(t->out, width),
                             "text", part, NULL));
    }
    free(part);
}

/* A line that begins with two spaces stands as it is; others break between words. */
static void check_lines(struct lint *t, const cJSON *at, const char *s) {
    while (*s) {
        size_t n = strcspn(s, "\n");
        if (n > 2 && s[0] == ' ' && s[1] == ' ') {
            check_width(t, at, s, n);
        } else {
            for (size_t i = 0, word; i < n; i += word + 1) {
                word = strcspn(s + i, " \n");
                check_width(t, at, s + i, word);
            }
        }
        s += n + (s[n] == '\n');
    }
}

static void check_text(void *to, const cJSON *j, enum field_type type) {
    bool prose = field_kinds[type].prose;
    const cJSON *part;
    if (!prose) return; /* what is typed, or only for the machine */
    if (cJSON_IsString(j)) {
        check_lines(to, j, j->valuestring);
        if (utf8_has_hangul(j->valuestring)) {
            lint_fault(to, j, error_new("lint-one-language", NULL));
        }
    }
    cJSON_ArrayForEach(part, j) {
        if (cJSON_IsString(part)) check_lines(to, part, part->valuestring);
        else check_text(to, part, type);
    }
}

/* ---- questions ---- */

static void check_steps(struct lint *t) {
    for (int i = 0; i < t->lesson->n_steps; i++) {
        const struct step *step = &t->lesson->steps[i];
        if (!step->kind->answer) continue;
        if (!lesson_field(step, "name")) {
            lint_fault(t, step->json, error_new("lint-no-name", NULL));
        }
    }
}

/* 03-gradient-descent.json holds lesson 3, gradient-descent. */
static void check_file_name(struct lint *t) {
    struct lesson_name name;
    const cJSON *root = t->lesson->doc.root;
    if (!lesson_read_name(t->path, &name)) return;
    if (name.number != t->lesson->number) {
        lint_fault(t, cJSON_GetObjectItemCaseSensitive(root, "lesson"),
                   error_new("lint-file-name", NULL));
    }
    if (strlen(t->lesson->id) != name.n ||
        strncmp(name.id, t->lesson->id, name.n) != 0) {
        lint_fault(t, cJSON_GetObjectItemCaseSensitive(root, "id"),
                   error_new("lint-file-name", NULL));
    }
}

/* ---- ended from outside ---- */

static const int endings[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDINGS = sizeof endings / sizeof *endings };

static volatile sig_atomic_t ended_by;

static void end_soon(int signal_number) {
    ended_by = signal_number;
    interrupt_now();
}

/* What ends the program stops the game first, so that its folder is gone; a second time
 * it ends it at once. Who has it ignored (nohup) goes on. */
static void catch_endings(struct sigaction before[ENDINGS]) {
    struct sigaction act = {.sa_handler = end_soon,
                            .sa_flags = (int)SA_RESETHAND | SA_NODEFER};
    interrupt_clear();
    ended_by = 0;
    for (int i = 0; i < ENDINGS; i++) {
        sigaction(endings[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) sigaction(endings[i], &act, NULL);
    }
}

static void release_endings(const struct sigaction before[ENDINGS]) {
    if (ended_by) {
        scratch_remove();
        signal(ended_by, SIG_DFL);
        raise(ended_by);
    }
    for (int i = 0; i < ENDINGS; i++) sigaction(endings[i], &before[i], NULL);
}

/* ---- the whole ---- */

/* lessons/schema.json stands among the lessons. */
static bool is_schema(const char *path) {
    struct json_doc d;
    struct error *e = json_open(path, JSON_MOST, &d);
    const char *schema = e ? NULL : json_string(d.root, "$schema");
    bool is = schema && strcmp(schema, LESSON_SCHEMA) == 0;
    json_close(&d);
    error_free(e);
    return is;
}

/* A lesson that runs for ever would keep a student waiting as long: playing is stopped
 * like any command, or, where nobody looks at the flag, by the alarm's second ring. */
static void play_both(struct lint *t) {
    const struct itimerval off = {0}, rings = {.it_value.tv_sec = LINT_SECONDS,
                                               .it_interval.tv_sec = LINT_GRACE};
    struct sigaction before;
    t->stop = &interrupt_flag;
    sigaction(SIGALRM, NULL, &before);
    interrupt_catch(SIGALRM, (int)SA_RESETHAND);
    setitimer(ITIMER_REAL, &rings, NULL);
    for (enum text_lang lang = 0; lang < TEXT_LANGS && !interrupt_flag; lang++)
        lint_play(t, lang);
    setitimer(ITIMER_REAL, &off, NULL);
    sigaction(SIGALRM, &before, NULL);
    interrupt_clear();
}

struct lint_found lesson_lint(struct out *o, const struct command *const *tables,
                              const char *home, const char *path, bool at_once) {
    struct lint t = {.out = o, .tables = tables, .home = home, .path = path};
    struct lesson *l;
    if (is_schema(path)) {
        out_say(o, "lint.schema", "file", path, NULL);
        return (struct lint_found){0};
    }
    t.names = arena_new();
    struct sigaction before[ENDINGS];
    catch_endings(before);
    error_free(lesson_load(home, path, &t.faults, &l));
    t.lesson = l;
    if (l) {
        check_strings(&t, l->doc.root);
        check_file_name(&t);
        form_walk(l->doc.root, FIELD_LESSON, check_text, &t);
        check_steps(&t);
        lint_naming(&t);
        lint_advise(&t);
        if (at_once) lint_tell(&t);
        play_both(&t);
    }
    release_endings(before);
    lint_print(&t);
    out_flush(o);
    struct lint_found found = {(int)t.told[0], (int)t.told[1], t.step, l != NULL};
    faults_free(&t.faults);
    faults_free(&t.warnings);
    map_free(&t.known);
    arena_free(t.names);
    lesson_free(l);
    return found;
}
