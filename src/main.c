/* main: options; opens a session; nothing else. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/built.h"
#include "base/file.h"
#include "base/keep.h"
#include "base/places.h"
#include "classroom/handout.h"
#include "classroom/report.h"
#include "classroom/submit.h"
#include "classroom/worksheet.h"
#include "lesson/lesson.h"
#include "plot/plot.h"
#include "practice/practice.h"
#include "present/keys.h"
#include "present/notes_view.h"
#include "present/recorder.h"
#include "present/talk.h"
#include "session/files.h"
#include "session/run.h"
#include "shell/completion.h"
#include "shell/key.h"
#include "shell/manual.h"
#include "shell/options.h"
#include "shell/shell.h"
#include "text/number.h"
#include "train/train.h"

#define VERSION "0.2"

static const struct command *const tables[] = {session_commands, plot_commands,
                                               lesson_commands,  practice_commands,
                                               shell_commands,   NULL};

static int usage(struct out *o) {
    char *s = options_usage(o);
    fprintf(o->file, "%s\n", s);
    free(s);
    return 0;
}

static int wrong_usage(struct out *o, struct error *e) {
    out_error(o, e);
    error_free(e);
    return 2;
}

static void open_out(struct out *o, const struct options *options) {
    const char *term = getenv("TERM"), *colours = getenv("NO_COLOR"),
               *accessible = getenv("ACCESSIBLE");
    char *saved = keep_read("lang");
    *o = (struct out){.file = stdout, .errors = stderr, .width = 80, .digits = 6};
    o->text = text_open(text_choose(options->lang, saved));
    o->terminal = isatty(STDOUT_FILENO);
    o->plain = options->plain || (accessible && *accessible && *accessible != '0');
    o->depth = paint_depth(term, getenv("COLORTERM"));
    o->moves = o->terminal && !o->plain && term && strcmp(term, "dumb") != 0;
    o->colour = o->moves && o->depth != PAINT_NONE && !(colours && *colours);
    out_fit(o);
    free(saved);
}

/* Status 1 where something of what was said could not be written. */
static int close_out(struct out *o, int status) {
    out_flush(o);
    out_close_pages(o);
    errno = o->failed; /* a reader who leaves early is no fault */
    bool lost = o->failed && o->failed != EPIPE;
    if (o->log && (ferror(o->log) | fclose(o->log))) {
        if (!lost) errno = EIO;
        lost = true;
    }
    if (lost) perror("learn");
    text_close(o->text);
    return lost ? 1 : status;
}

static int version(struct out *o) {
    const char *kernels;
    struct error *e = train_kernels(&kernels);
    if (e) return wrong_usage(o, e);
    out_puts(o, "learn " VERSION "\n");
    out_say(o, "main.built", "compiler", built_by(), "kernels", kernels, NULL);
    return 0;
}

/* ---- what to do ---- */

static int fail(struct session *s, struct error *e) {
    out_flush(s->out);
    out_error(s->out, e);
    error_free(e);
    return 1;
}

static int open_lesson(struct session *s, const struct options *o) {
    const char *word = o->n_words ? o->words[0] : NULL;
    const char *step = o->n_words > 1 ? o->words[2] : o->step;
    if (word && !lesson_is_named(word))
        return wrong_usage(s->out, error_new("option-lesson", "name", word, NULL));
    const char *wanted = word ? word : NUM(s->out, lesson_suggested(s, NULL));
    struct error *e = lesson_open(s, wanted, step);
    if (e) return fail(s, e);
    return o->pass >= 0 ? lesson_type(s, (enum lesson_pass)o->pass) : shell_loop(s);
}

static int open_drill(struct session *s, const struct options *o) {
    struct buf words = {0};
    for (int i = 0; i < o->n_words; i++) buf_printf(&words, "%s ", o->words[i]);
    struct error *e = practice_drill(s, buf_text(&words));
    buf_free(&words);
    return e ? fail(s, e) : shell_loop(s);
}

static int present(struct session *s, const struct options *o) {
    struct talk_options talk = {.from = o->from,
                                .automatic = o->automatic,
                                .speed = o->speed < 0 ? 3 : o->speed,
                                .pace = o->pace < 0 ? 0.25 : o->pace,
                                .record = o->record,
                                .loop = o->loop,
                                .anyway = o->anyway};
    if (!isatty(STDOUT_FILENO))
        screen_set_size(o->rows ? o->rows : 24, o->columns ? o->columns : 80);
    return talk_present(s, o->words[0], &talk);
}

static int run(struct session *s, const struct options *o) {
    s->shown = s->interactive || o->echo;
    s->interactive = false;
    struct error *e = files_run(s, o->words[0]);
    int status = e ? fail(s, e) : s->status;
    return session_stopped(s) ? SHELL_STOPPED : status;
}

/* learn new lesson [NAME] */
static int new_one(struct session *s, const struct options *o) {
    if (!o->n_words || strcmp(o->words[0], "lesson") != 0)
        return wrong_usage(s->out, error_new("option-new", NULL));
    struct error *e = lesson_new(s, o->n_words > 1 ? o->words[1] : NULL);
    return e ? fail(s, e) : 0;
}

static void open_terminal(struct session *s) {
    s->interactive = isatty(STDIN_FILENO) && s->out->terminal;
    if (s->interactive) out_open_pages(s->out, key_press);
    if (s->interactive && s->out->moves) s->out->ask = key_ask;
}

static void play_alone(void *self, const char *path, const char *step) {
    struct session *s = self;
    open_terminal(s);
    struct error *e = lesson_open(s, path, step);
    if (e) fail(s, e);
    else shell_lesson(s);
    session_close(s); /* what was learned is kept */
}

static int lint(struct session *s, const struct options *o) {
    bool bad = false;
    struct lint_order order = {s->out,     tables,     s->home, o->words,
                               o->n_words, play_alone, s};
    if (o->watch) return lesson_watch(&order);
    for (int i = 0; i < o->n_words; i++) {
        struct lint_found f = lesson_lint(s->out, tables, s->home, o->words[i], false);
        bad |= f.faults || (o->strict && f.warnings);
    }
    return bad;
}

static int notes(struct session *s, const struct options *o) {
    char *end = NULL;
    long pid = o->n_words ? strtol(o->words[0], &end, 10) : 0;
    if (end && (*end || pid <= 0))
        return wrong_usage(s->out,
                           error_new("option-notes", "name", o->words[0], NULL));
    return notes_view(s->out, pid);
}

static int submit_job(struct session *s, const struct options *o) {
    struct submit_order order = {.words = o->words, .n_words = o->n_words};
    order.id = o->id, order.name = o->name, order.to = o->to;
    order.yes = o->yes, order.program = VERSION;
    int status = submit(s, &order);
    return session_stopped(s) ? SHELL_STOPPED : status;
}

static int report_job(struct session *s, const struct options *o) {
    struct report_order order = {.words = o->words, .n_words = o->n_words};
    order.only = o->only, order.require = o->require, order.points = o->points;
    order.csv = o->csv, order.grades = o->grades;
    order.html = o->html, order.roster = o->roster;
    int status = report(s, &order);
    return session_stopped(s) ? SHELL_STOPPED : status;
}

static int handout_job(struct session *s, const struct options *o) {
    struct handout_order order = {.word = o->words[0], .to = o->to};
    order.langs = o->both ? (1u << TEXT_LANGS) - 1 : 1u << text_lang(s->out->text);
    order.answers = o->answers, order.teacher = o->teacher, order.mine = o->mine;
    order.live = o->live;
    if (!lesson_is_named(order.word))
        return wrong_usage(s->out,
                           error_new("option-lesson", "name", order.word, NULL));
    int status = handout(s, &order);
    return session_stopped(s) ? SHELL_STOPPED : status;
}

static int worksheet_job(struct session *s, const struct options *o) {
    struct worksheet_order order = {.words = o->words, .n_words = o->n_words};
    order.to = o->to, order.answers = o->answers;
    order.langs = o->both ? (1u << TEXT_LANGS) - 1 : 1u << text_lang(s->out->text);
    int status = worksheet(s, &order);
    return session_stopped(s) ? SHELL_STOPPED : status;
}

/* A person's: with somebody at a terminal there are pages, and keys that turn them. */
static const struct {
    int (*go)(struct session *s, const struct options *o);
    bool person;
    // clang-format off
} jobs[JOBS] = {
    [JOB_LESSON] = {open_lesson, true},
    [JOB_DRILL] = {open_drill, true},
    [JOB_PRESENT] = {present, true},
    [JOB_RUN] = {run, true},
    [JOB_NEW] = {new_one, false},
    [JOB_LINT] = {lint, false},
    [JOB_NOTES] = {notes, false},
    [JOB_SUBMIT] = {submit_job, true},
    [JOB_REPORT] = {report_job, true},
    [JOB_HANDOUT] = {handout_job, false},
    [JOB_WORKSHEET] = {worksheet_job, false},
};
// clang-format on

static int open_prompt(struct session *s) {
    if (s->interactive) {
        out_say(s->out, "main.welcome", "version", VERSION, NULL);
        bool begun;
        int n = lesson_suggested(s, &begun);
        out_say(s->out, begun ? "main.resume" : "main.suggest", "n", NUM(s->out, n),
                NULL);
    }
    return shell_loop(s);
}

/* The job, while all it says is kept. */
static int record(struct session *s, const struct options *o) {
    struct recorder *r;
    struct buf title = {0};
    for (char **word = o->words - 1; word < o->words + o->n_words; word++)
        buf_printf(&title, "%s%s", title.len ? " " : "learn ", *word);
    struct error *e = recorder_open(s->out, o->record, buf_text(&title), &r);
    buf_free(&title);
    if (e) return wrong_usage(s->out, e);
    int status = jobs[o->job].go(s, o);
    e = recorder_close(r);
    return e ? fail(s, e) : status;
}

static int start(struct session *s, const struct options *o) {
    if (o->line) {
        int status = session_run(s, o->line, "-c") ? s->status : 1;
        return session_stopped(s) ? SHELL_STOPPED : status;
    }
    if (o->job == JOB_UNKNOWN) return wrong_usage(s->out, options_no_word(o->words[0]));
    if (o->job == JOB_PROMPT || jobs[o->job].person) open_terminal(s);
    if (o->record && o->job != JOB_PRESENT) return record(s, o); /* by its own clock */
    return o->job == JOB_PROMPT ? open_prompt(s) : jobs[o->job].go(s, o);
}

static int open_session(struct out *out, const struct options *o) {
    char *home = places_home();
    struct session *s = session_open(out, tables);
    s->home = home;
    s->before = review_before;
    s->echo = o->echo;
    shell_catch_interrupts(s);
    int status = start(s, o);
    session_close(s);
    free(home);
    return status;
}

int main(int argc, char **argv) {
    if (!file_hold_standard()) return 1;
    signal(SIGPIPE, SIG_IGN); /* gnuplot may die; standard output may be closed */
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a write that fails */
    struct options options;
    struct out out;
    struct error *e = options_read(argc, argv, &options);
    open_out(&out, &options);
    int status = 0;
    if (e) status = wrong_usage(&out, e);
    else if (options.help) status = usage(&out);
    else if (options.version) status = version(&out);
    else if (options.manual) manual_page(&out, tables, VERSION, keys_manual);
    else if (options.commands) manual_commands(&out, tables);
    else if (options.schema) lesson_schema(&out);
    else if (options.completion)
        status = (e = completion_script(&out, options.completion))
                     ? wrong_usage(&out, e)
                     : 0;
    else status = open_session(&out, &options);
    return close_out(&out, status);
}
