/* main: options; opens a session; nothing else. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "lesson/lesson.h"
#include "plot/plot.h"
#include "session/run.h"
#include "shell/keep.h"
#include "shell/manual.h"
#include "shell/shell.h"
#include "text/number.h"

#define VERSION "0.1"
#define SCRIPT_MOST ((size_t)64 << 20)

static const struct command *const tables[] = {session_commands, plot_commands,
                                               lesson_commands, shell_commands, NULL};

struct options {
    const char *lang, *line; /* --lang's word; -c's text */
    int pass; /* of a lesson that types itself, or -1: --type solutions|wrong|hints */
    bool plain, echo, help, version, manual, commands;
    char **words; /* lesson 3; run demo.learn; lint FILE… */
    int n_words;
};

/* ---- options ---- */

static int pass_of(const char *word) {
    static const char *const words[] = {"solutions", "wrong", "hints"};
    int pass = 0;
    while (pass < LESSON_PASSES && strcmp(word, words[pass]) != 0) pass++;
    return pass;
}

/* False: wrong usage. Options may stand before and after the words. */
static bool read_options(int argc, char **argv, struct options *o) {
    o->words = mem_alloc((size_t)argc + 1, sizeof *o->words);
    o->pass = -1;
    bool only_words = false;
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i];
        bool more = i + 1 < argc;
        if (only_words || a[0] != '-' || !a[1]) {
            o->words[o->n_words++] = argv[i];
        } else if (strcmp(a, "--") == 0) {
            only_words = true;
        } else if (strcmp(a, "--plain") == 0) {
            o->plain = true;
        } else if (strcmp(a, "--echo") == 0) {
            o->echo = true;
        } else if (strcmp(a, "--man") == 0) {
            o->manual = true;
        } else if (strcmp(a, "--commands") == 0) {
            o->commands = true;
        } else if (strcmp(a, "--help") == 0 || strcmp(a, "-h") == 0) {
            o->help = true;
        } else if (strcmp(a, "--version") == 0) {
            o->version = true;
        } else if (strncmp(a, "--lang=", 7) == 0) {
            o->lang = a + 7;
        } else if (strcmp(a, "--lang") == 0 && more) {
            o->lang = argv[++i];
        } else if (strcmp(a, "--type") == 0 && more) {
            o->pass = pass_of(argv[++i]);
        } else if (strcmp(a, "-c") == 0 && more) {
            o->line = argv[++i];
        } else {
            return false;
        }
    }
    bool known = !o->lang || strcmp(o->lang, "en") == 0 || strcmp(o->lang, "ko") == 0;
    bool lesson = o->n_words && strcmp(o->words[0], "lesson") == 0;
    return known && !(o->line && o->n_words) && o->pass < LESSON_PASSES &&
           (o->pass < 0 || lesson);
}

static int usage(struct out *o, bool asked) {
    char *s = out_sentence(o, "main.usage", NULL);
    fprintf(asked ? o->file : o->errors, "%s\n", s);
    free(s);
    return asked ? 0 : 2;
}

/* A whole number, 0 or more; -1 otherwise. */
static int number_of(const char *s) {
    char *end;
    long n = strtol(s, &end, 10);
    return *s >= '0' && *s <= '9' && !*end && n <= 9999 ? (int)n : -1;
}

/* ---- where things are ---- */

static bool has_lessons(const char *home) {
    struct buf b = {0};
    buf_printf(&b, "%s/lessons", home);
    bool has = access(buf_text(&b), R_OK) == 0;
    buf_free(&b);
    return has;
}

/* $LEARN_HOME, else the program's own folder, else ../share/learn beside it. */
static char *find_home(void) {
    const char *given = getenv("LEARN_HOME");
    if (given && *given) return mem_copy(given);
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0) return mem_copy(".");
    path[n] = '\0';
    *strrchr(path, '/') = '\0';
    if (has_lessons(path)) return mem_copy(path);
    struct buf b = {0};
    buf_printf(&b, "%s/../share/learn", path);
    return buf_take(&b);
}

/* For readline, which edits by characters; numbers keep their point whatever the
 * country. */
static void set_locale(void) {
    if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        setlocale(LC_CTYPE, "C.UTF-8");
    }
}

static void open_out(struct out *o, const struct options *options) {
    const char *term = getenv("TERM"), *colours = getenv("NO_COLOR");
    char *saved = keep_read("lang");
    *o = (struct out){.file = stdout, .errors = stderr, .width = 80, .digits = 6};
    o->text = text_open(text_choose(options->lang, saved));
    o->terminal = isatty(STDOUT_FILENO);
    o->plain = options->plain;
    o->colour = o->terminal && !o->plain && term && strcmp(term, "dumb") != 0 &&
                !(colours && *colours);
    struct winsize w;
    if (o->terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col) {
        o->width = w.ws_col < 40 ? 40 : w.ws_col > 200 ? 200 : w.ws_col;
    }
    free(saved);
}

/* ---- what to do ---- */

static int fail(struct session *s, struct error *e) {
    out_flush(s->out);
    out_error(s->out, e);
    error_free(e);
    return 1;
}

static int run_script(struct session *s, const char *path) {
    char *text;
    size_t n;
    struct error *e = file_read(path, SCRIPT_MOST, &text, &n);
    if (e) return fail(s, e);
    for (size_t i = 0; i < n; i++) {
        if (!text[i]) text[i] = '\1'; /* so that a zero byte is complained about */
    }
    bool fine = session_run(s, text, path) && !session_stopped(s);
    free(text);
    return fine ? s->status : 1;
}

static int lint(struct session *s, char **files, int n) {
    int faults = 0;
    for (int i = 0; i < n; i++)
        faults += lesson_lint(s->out, tables, s->home, files[i]);
    return faults ? 1 : 0;
}

static void welcome(struct session *s) {
    out_say(s->out, "main.welcome", "version", VERSION, NULL);
    out_say(s->out, "main.suggest", "n", NUM(s->out, lesson_suggested(s)), NULL);
}

static int start(struct session *s, const struct options *o) {
    int n = o->n_words;
    const char *word = n ? o->words[0] : "", *second = n > 1 ? o->words[1] : "";
    if (o->line) return session_run(s, o->line, "-c") ? s->status : 1;
    if (strcmp(word, "run") == 0 && n == 2) return run_script(s, second);
    if (strcmp(word, "lint") == 0 && n > 1) return lint(s, o->words + 1, n - 1);
    s->interactive = isatty(STDIN_FILENO) && s->out->terminal;
    if (strcmp(word, "lesson") == 0 && n <= 2) {
        int number = n == 2 ? number_of(second) : lesson_suggested(s);
        if (number < 0) return usage(s->out, false);
        struct error *e = lesson_open(s, number, 0);
        if (e) return fail(s, e);
        if (o->pass >= 0) return lesson_type(s, (enum lesson_pass)o->pass);
    } else if (n) {
        return usage(s->out, false);
    } else if (s->interactive) {
        welcome(s);
    }
    return shell_loop(s);
}

int main(int argc, char **argv) {
    set_locale();
    signal(SIGPIPE, SIG_IGN); /* gnuplot may die; standard output may be closed */
    struct options options = {0};
    bool fine = read_options(argc, argv, &options);
    struct out out;
    open_out(&out, &options);
    int status;
    if (!fine || options.help) {
        status = usage(&out, fine);
    } else if (options.version) {
        out_puts(&out, "learn " VERSION "\n");
        status = 0;
    } else if (options.manual || options.commands) {
        if (options.manual) manual_page(&out, tables, VERSION);
        else manual_commands(&out, tables);
        status = 0;
    } else {
        char *home = find_home();
        struct session *s = session_open(&out, tables);
        s->home = home;
        s->echo = options.echo;
        shell_catch_interrupts(s);
        status = start(s, &options);
        session_close(s);
        free(home);
    }
    out_flush(&out);
    errno = out.failed; /* a reader who leaves early is no fault */
    bool lost = out.failed && out.failed != EPIPE;
    if (out.log && (ferror(out.log) | fclose(out.log))) {
        if (!lost) errno = EIO;
        lost = true;
    }
    if (lost) {
        perror("learn");
        status = 1;
    }
    text_close(out.text);
    free(options.words);
    return status;
}
