#include "lesson/lint.h"

#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/lesson.h"
#include "lesson/steps.h"
#include "text/number.h"

void lint_fault(struct lint *t, const cJSON *at, struct error *e) {
    json_fault(&t->lesson->doc, at, e);
    for (size_t i = 0; i < t->faults.n; i++) {
        const struct error *o = t->faults.at[i];
        if (strcmp(o->key, e->key) != 0 || o->at.line != e->at.line ||
            o->at.column != e->at.column) {
            continue;
        }
        error_free(e);
        return;
    }
    faults_add(&t->faults, e);
}

/* ---- texts ---- */

static bool has_hangul(const char *s) {
    size_t len;
    for (uint32_t c; (c = utf8_decode(s, &len)); s += len) {
        if (c >= 0xAC00 && c <= 0xD7A3) return true;
    }
    return false;
}

static bool has_control(const char *s) {
    for (; *s; s++) {
        if (((unsigned char)*s < ' ' && *s != '\n') || *s == 0x7F) return true;
    }
    return false;
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

/* What is typed, or only for the machine, needs no second language. */
static bool is_prose(const char *key) {
    static const char *const others[] = {"id",       "name",  "setup",  "run",
                                         "solution", "until", "answer", "value",
                                         "$schema",  "lines", "line"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcmp(key, others[i]) == 0) return false;
    }
    return true;
}

static void check_texts(struct lint *t, const cJSON *in, const char *key) {
    const cJSON *j;
    cJSON_ArrayForEach(j, in) {
        const char *name = j->string ? j->string : key;
        bool sided = strcmp(name, "en") == 0 || strcmp(name, "ko") == 0;
        if (cJSON_IsString(j)) {
            if (has_control(j->valuestring)) {
                lint_fault(t, j, error_new("lint-control", NULL));
            }
            if (is_prose(sided ? key : name)) check_lines(t, j, j->valuestring);
            if (!sided && is_prose(name) && has_hangul(j->valuestring)) {
                lint_fault(t, j, error_new("lint-one-language", NULL));
            }
        }
        check_texts(t, j, name);
    }
}

/* ---- questions ---- */

static void check_choices(struct lint *t, const struct step *step) {
    const cJSON *choices = lesson_field(step, "choices"), *a, *b, *reply;
    const cJSON *wrong = lesson_field(step, "wrong");
    if (!choices) return;
    int n = cJSON_GetArraySize(choices);
    int right = json_whole(step->json, "answer", -1);
    for (int i = 0; i < n; i++) {
        char *key = mem_copy(NUM(t->out, i));
        if (i != right && !cJSON_GetObjectItemCaseSensitive(wrong, key)) {
            const cJSON *at = wrong ? wrong : step->json;
            lint_fault(t, at, error_new("lint-no-wrong", "i", key, NULL));
        }
        free(key);
    }
    cJSON_ArrayForEach(reply, wrong) {
        char *end;
        long i = strtol(reply->string, &end, 10);
        if (*end || end == reply->string || i < 0 || i >= n || i == right) {
            lint_fault(t, reply, error_new("lint-wrong-right", NULL));
        }
    }
    cJSON_ArrayForEach(a, choices) {
        for (b = a->next; b; b = b->next) {
            for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++) {
                if (strcmp(lesson_text(a, lang), lesson_text(b, lang)) != 0) continue;
                lint_fault(t, b, error_new("lint-same-choice", NULL));
                break;
            }
        }
    }
}

static void check_steps(struct lint *t) {
    for (int i = 0; i < t->lesson->n_steps; i++) {
        const struct step *step = &t->lesson->steps[i];
        if (!step->kind->asks) continue;
        if (!lesson_field(step, "name")) {
            lint_fault(t, step->json, error_new("lint-no-name", NULL));
        }
        check_choices(t, step);
    }
}

/* 03-gradient-descent.json holds lesson 3, gradient-descent. */
static void check_file_name(struct lint *t) {
    const char *slash = strrchr(t->path, '/'), *name = slash ? slash + 1 : t->path;
    size_t digits = strspn(name, "0123456789"), n = strlen(name);
    const cJSON *root = t->lesson->doc.root;
    if (!digits || name[digits] != '-' || n < digits + 7) return;
    if (strtol(name, NULL, 10) != t->lesson->number) {
        lint_fault(t, cJSON_GetObjectItemCaseSensitive(root, "lesson"),
                   error_new("lint-file-name", NULL));
    }
    char *id = mem_copy_n(name + digits + 1, n - digits - 6);
    if (strcmp(id, t->lesson->id) != 0) {
        lint_fault(t, cJSON_GetObjectItemCaseSensitive(root, "id"),
                   error_new("lint-file-name", NULL));
    }
    free(id);
}

/* ---- the whole ---- */

static void print_faults(struct lint *t) {
    for (size_t i = 0; i < t->faults.n; i++) {
        struct error *e = t->faults.at[i];
        struct buf b = {0};
        if (error_value(e, "path")) { /* the path says enough; JSON's lines are long */
            free(e->line);
            e->line = NULL;
        }
        text_add_error(t->out->text, &b, e);
        out_wrap(t->out, buf_text(&b), 0);
        buf_free(&b);
    }
    if (t->faults.n) {
        out_say(t->out, "lint.faults", "file", t->path, "n",
                NUM(t->out, (double)t->faults.n), NULL);
        return;
    }
    int questions = 0;
    for (int i = 0; i < t->lesson->n_steps; i++) {
        questions += t->lesson->steps[i].kind->asks;
    }
    out_say(t->out, "lint.clean", "file", t->path, "steps",
            NUM(t->out, t->lesson->n_steps), "questions", NUM(t->out, questions), NULL);
}

/* lessons/schema.json stands among the lessons. */
static bool is_schema(const char *path) {
    struct json_doc d;
    struct error *e = json_open(path, JSON_MOST, &d);
    const char *schema = e ? NULL : json_string(d.root, "$schema");
    bool is = schema && strncmp(schema, "https://json-schema.org/", 24) == 0;
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
    interrupt_flag = 0;
    t->stop = &interrupt_flag;
    sigaction(SIGALRM, NULL, &before);
    interrupt_catch(SIGALRM, (int)SA_RESETHAND);
    setitimer(ITIMER_REAL, &rings, NULL);
    for (enum text_lang lang = 0; lang < TEXT_LANGS && !interrupt_flag; lang++)
        lint_play(t, lang);
    setitimer(ITIMER_REAL, &off, NULL);
    sigaction(SIGALRM, &before, NULL);
}

int lesson_lint(struct out *o, const struct command *const *tables, const char *home,
                const char *path) {
    struct lint t = {.out = o, .tables = tables, .home = home, .path = path};
    struct lesson *l;
    if (is_schema(path)) {
        out_say(o, "lint.schema", "file", path, NULL);
        return 0;
    }
    struct sigaction usual = {.sa_handler = SIG_DFL}, before;
    sigaction(SIGINT, &usual, &before); /* a lesson may run for ever */
    unsetenv("DISPLAY");                /* its plots open no windows */
    unsetenv("WAYLAND_DISPLAY");
    error_free(lesson_load(path, &t.faults, &l));
    t.lesson = l;
    if (l) {
        check_file_name(&t);
        check_texts(&t, l->doc.root, "");
        check_steps(&t);
        play_both(&t);
    }
    print_faults(&t);
    out_flush(o);
    sigaction(SIGINT, &before, NULL);
    int n = (int)t.faults.n;
    faults_free(&t.faults);
    lesson_free(l);
    return n;
}
