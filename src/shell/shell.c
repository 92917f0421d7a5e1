#include "shell/shell.h"
#include "session/run.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/places.h"
#include "base/utf8.h"
#include "lesson/lesson.h"
#include "shell/complete.h"

#define HISTORY_MOST 1000

/* ---- Ctrl-C ---- */

void shell_catch_interrupts(struct session *s) {
    /* no SA_RESTART: a read that waits for a key must end too */
    interrupt_catch(SIGINT, 0);
    s->stop = &interrupt_flag;
}

/* ---- the prompt: readline's callbacks know only this one pointer ---- */

struct prompt {
    struct session *s;
    char *line;    /* what was typed; NULL: end of input */
    bool ready;    /* line is there */
    char *history; /* its file, or NULL */
};

static struct prompt *prompt;

static void on_line(char *line) {
    prompt->line = line;
    prompt->ready = true;
    rl_callback_handler_remove(); /* the terminal is as usual while the line runs */
}

/* readline wants what is common to all first, then all. */
static char **on_tab(const char *word, int start, int end) {
    (void)end;
    bool in_text = start > 0 && rl_line_buffer[start - 1] == '"';
    if (in_text) return NULL; /* readline completes file names itself */
    rl_attempted_completion_over = 1;
    char **words = complete_words(prompt->s, rl_line_buffer, start, word);
    size_t n = 0;
    while (words[n]) n++;
    if (!n) {
        free(words);
        return NULL;
    }
    size_t common = strlen(words[0]);
    for (size_t i = 1; i < n; i++) {
        size_t k = 0;
        while (k < common && words[i][k] == words[0][k]) k++;
        common = k;
    }
    while (common && (words[0][common] & 0xC0) == 0x80) common--; /* whole characters */
    char **matches = mem_alloc(n + 2, sizeof *matches);
    matches[0] = mem_copy_n(words[0], common);
    memcpy(matches + 1, words, n * sizeof *words);
    if (n == 1) {
        free(matches[1]);
        matches[1] = NULL;
    }
    free(words);
    return matches;
}

/* For readline, which edits by characters; numbers keep their point whatever the
 * country. */
static void set_locale(void) {
    if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        setlocale(LC_CTYPE, "C.UTF-8");
    }
}

static void open_prompt(struct prompt *p) {
    set_locale();
    prompt = p;
    rl_readline_name = "learn";
    rl_catch_signals = 0;
    rl_attempted_completion_function = on_tab;
    rl_completer_quote_characters = "\"";
    rl_basic_word_break_characters = " \t\n,;()[]{}=+-*/^@<>~!\"";
    rl_completer_word_break_characters = (char *)rl_basic_word_break_characters;
    rl_variable_bind("enable-bracketed-paste", "on");
    using_history();
    stifle_history(HISTORY_MOST);
    p->history = places_state("history");
    if (p->history) read_history(p->history);
}

static void close_prompt(struct prompt *p) {
    if (p->history) history_truncate_file(p->history, HISTORY_MOST);
    free(p->history);
    clear_history();
    prompt = NULL;
}

/* Kept at once, so that a killed terminal loses nothing. */
static void remember(struct prompt *p, const char *line) {
    if (!line[strspn(line, " \t")]) return;
    const HIST_ENTRY *last = history_get(history_base + history_length - 1);
    if (last && strcmp(last->line, line) == 0) return;
    add_history(line);
    if (!p->history || append_history(1, p->history) == 0) return;
    FILE *f = fopen(p->history, "ae"); /* append_history wants the file to be there */
    if (f) fclose(f);
    append_history(1, p->history);
}

enum answer { ANSWER_LINE, ANSWER_END, ANSWER_INTERRUPT, ANSWER_LOST };

/* Ctrl-C comes only while pselect waits, so none is lost between looking and waiting.
 */
static enum answer ask_readline(struct prompt *p, const char *words, char **line) {
    sigset_t block, before;
    sigemptyset(&block);
    sigaddset(&block, SIGINT);
    sigprocmask(SIG_BLOCK, &block, &before);
    p->ready = false;
    interrupt_flag = 0;
    rl_callback_handler_install(words, on_line);
    while (!p->ready && !interrupt_flag) {
        fd_set in;
        FD_ZERO(&in);
        FD_SET(STDIN_FILENO, &in);
        if (pselect(STDIN_FILENO + 1, &in, NULL, NULL, NULL, &before) > 0) {
            rl_callback_read_char();
        } else if (errno == EINTR && !interrupt_flag) {
            rl_resize_terminal();
        }
    }
    if (!p->ready) {
        out_puts(p->s->out, "^C\n"); /* before readline goes back to the line's start */
        out_flush(p->s->out);
        rl_callback_sigcleanup();
        rl_callback_handler_remove();
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (!p->ready) return ANSWER_INTERRUPT;
    *line = p->line;
    return p->line ? ANSWER_LINE : ANSWER_END;
}

/* A plain line: from a pipe, a file, or a terminal without line editing. */
static enum answer ask_plain(struct session *s, const char *words, char **line) {
    if (s->interactive) out_puts(s->out, words);
    out_flush(s->out);
    size_t cap = 0;
    *line = NULL;
    interrupt_flag = 0;
    ssize_t n = getline(line, &cap, stdin);
    int why = ferror(stdin) ? errno : 0; /* a line is half a line then */
    if (n < 0 || why) {
        free(*line);
        *line = NULL;
        clearerr(stdin);
        if (interrupt_flag) out_puts(s->out, "\n");
        if (interrupt_flag) return ANSWER_INTERRUPT;
        if (!why) return ANSWER_END;
        session_report(s, error_new("input-lost", "why", strerror(why), NULL));
        return ANSWER_LOST;
    }
    if (n && (*line)[n - 1] == '\n') (*line)[--n] = '\0';
    for (ssize_t i = 0; i < n; i++) {
        if (!(*line)[i])
            (*line)[i] = '\1'; /* so that a zero byte is complained about */
    }
    if (s->echo) out_printf(s->out, "%s%s\n", words, *line);
    return ANSWER_LINE;
}

/* ---- lines ---- */

static bool is_blank(const char *s) { return !s[strspn(s, " \t\r\n")]; }

/* A script's text, whose errors say where in it they are. */
static bool run_script_line(struct session *s, struct typed *t, int line) {
    struct error *e = session_take(s, t, "stdin");
    bool here = e && e->file && strcmp(e->file, "stdin") == 0;
    if (here && e->at.line) e->at.line += line - 1;
    return session_report(s, e);
}

/* False: it is time to end. */
static bool take_typed(struct session *s, struct typed *t, int line) {
    interrupt_flag = 0;
    out_fit(s->out);
    bool script = !s->interactive && !lesson_prompt(s);
    bool fine = script ? run_script_line(s, t, line) : lesson_line(s, t);
    typed_free(t);
    out_flush(s->out);
    if (ferror(s->out->file)) return false; /* nobody reads any more: learn | head */
    if (script && (!fine || interrupt_flag)) {
        s->status = 1;
        return false;
    }
    return true;
}

/* Is another line needed? If not, what there is has been read. A blank one ends what a
 * person typed. Inside a block only a line that could close it is looked at, so that a
 * long one is not read again and again. */
static bool goes_on(struct session *s, const struct buf *text, const char *line,
                    struct typed *t) {
    bool ends = s->interactive && is_blank(line);
    if (!ends && text->len > strlen(line) && !strpbrk(line, ")]}\"")) return true;
    *t = session_read(s, buf_text(text), !ends);
    bool more = t->unfinished;
    if (more) typed_free(t);
    return more;
}

int shell_loop(struct session *s) {
    const char *term = getenv("TERM");
    bool editing = s->interactive && term && strcmp(term, "dumb") != 0;
    struct prompt p = {.s = s};
    struct buf text = {0};
    char *line = NULL;
    if (editing) open_prompt(&p);
    int first = 1;
    for (int count = 1; !s->quit; count++) {
        const char *own = lesson_prompt(s);
        const char *words = text.len ? "… " : own ? own : "> ";
        enum answer a =
            editing ? ask_readline(&p, words, &line) : ask_plain(s, words, &line);
        if (a == ANSWER_INTERRUPT || a == ANSWER_LOST) {
            buf_clear(&text);
            if (a == ANSWER_LOST || !s->interactive) {
                s->status = a == ANSWER_LOST ? 1 : 130;
                break;
            }
            continue;
        }
        if (a == ANSWER_END && (!text.len || !s->interactive)) break;
        if (!text.len) first = count;
        if (a == ANSWER_LINE) {
            if (editing) remember(&p, line);
            if (text.len) buf_add(&text, "\n");
            buf_add(&text, line);
        }
        struct typed t = {0};
        bool more = a == ANSWER_LINE && goes_on(s, &text, line, &t);
        free(line);
        line = NULL;
        if (more) continue;
        if (!t.clean) t = session_read(s, buf_text(&text), false);
        bool going = take_typed(s, &t, first);
        buf_clear(&text);
        if (!going) break;
    }
    if (text.len && !s->interactive) {
        struct typed t = session_read(s, buf_text(&text), false);
        take_typed(s, &t, first);
    }
    if (s->interactive && !s->quit) {
        out_puts(s->out, "\n");
        out_say(s->out, "quit.bye", NULL);
    }
    buf_free(&text);
    if (editing) close_prompt(&p);
    return s->status;
}
