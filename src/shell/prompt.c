#include "shell/prompt.h"

#include <langinfo.h>
#include <locale.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/places.h"
#include "shell/complete.h"
#include "shell/key.h"

#define HISTORY_MOST 1000
enum { TIMES_MOST = 100 }; /* that a key may count: Esc 9 9 x */

struct prompt {
    struct session *s;
    FILE *heard;   /* where readline writes while somebody listens, or NULL */
    char *line;    /* what was typed; NULL: end of input */
    bool ready;    /* line is there */
    char *history; /* its file, or NULL */
};

static struct prompt *prompt; /* readline's callbacks know only this one */

/* ---- the terminal, while a key is waited for ---- */

/* ^C and the like go behind the line, before readline goes back to its start. */
static void leave_line(const char *words) {
    out_puts(prompt->s->out, words);
    out_flush(prompt->s->out);
    rl_callback_sigcleanup();
    rl_callback_handler_remove();
}

static void end_line(void) { leave_line("\n"); }

/* On the line the cursor is in, wherever the shell left it, and as wide as the window
 * is now. */
static void draw_again(void) {
    rl_deprep_terminal(); /* it may be the shell's by now, whatever readline thinks */
    rl_reset_after_signal();
    rl_reset_screen_size();
    fputc('\r', rl_outstream);
    rl_on_new_line();
    rl_forced_update_display();
}

static const struct key_hooks hooks = {end_line, rl_cleanup_after_signal, draw_again,
                                       rl_resize_terminal, false};

/* Readline waits itself, too: for the rest of a letter, or a y or n. */
static int read_key(FILE *in) {
    unsigned char byte;
    (void)in;
    if (key_read(&hooks, &byte)) return byte;
    return interrupt_flag ? CTRL('G') : EOF;
}

/* ---- readline ---- */

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
 * country. It goes by the environment (LC_ALL=C) each time it begins a line, so it is
 * told each time. */
static int read_utf8(void) {
    if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        setlocale(LC_CTYPE, "C.UTF-8");
    }
    rl_variable_bind("input-meta", "on");
    rl_variable_bind("output-meta", "on");
    rl_variable_bind("convert-meta", "off"); /* else a byte of Hangul is a Meta key */
    return 0;
}

/* NULL where there is none to keep it in. A FIFO would hold us up, a folder is none. */
static char *history_file(void) {
    char *path = places_state("history");
    struct stat st;
    if (!path || stat(path, &st) != 0 || S_ISREG(st.st_mode)) return path;
    free(path);
    return NULL;
}

static ssize_t pass(void *self, const char *bytes, size_t n) {
    struct prompt *p = self;
    out_pass(p->s->out, bytes, n);
    return (ssize_t)n;
}

/* Readline takes its stream anew with each line. */
static void choose_stream(struct prompt *p) {
    bool heard = out_is_heard(p->s->out);
    if (heard && !p->heard)
        p->heard = fopencookie(p, "w", (cookie_io_functions_t){.write = pass});
    rl_outstream = heard && p->heard ? p->heard : stdout;
}

/* Else a slip of the fingers fills the memory, and nobody comes through to stop it. */
static void read_char(void) {
    rl_callback_read_char();
    if (rl_numeric_arg > TIMES_MOST) rl_numeric_arg = TIMES_MOST;
}

/* Of a lesson's line, until the prompt closes. */
static void remember(const char *line) { add_history(line); }

struct prompt *prompt_open(struct session *s, bool pastes) {
    prompt = mem_alloc(1, sizeof *prompt);
    prompt->s = s;
    s->remember = remember;
    read_utf8();
    rl_startup_hook = read_utf8;
    rl_getc_function = read_key;
    rl_readline_name = "learn";
    rl_catch_signals = 0;
    rl_attempted_completion_function = on_tab;
    rl_completer_quote_characters = "\"";
    rl_basic_word_break_characters = " \t\n,;()[]{}=+-*/^@<>~!\"";
    rl_completer_word_break_characters = (char *)rl_basic_word_break_characters;
    rl_variable_bind("enable-bracketed-paste", pastes ? "on" : "off");
    rl_unbind_function_in_map(rl_start_kbd_macro, emacs_ctlx_keymap); /* reads unseen */
    rl_variable_bind("enable-active-region", "off"); /* a pasted line is as any other */
    atexit(rl_deprep_terminal);                      /* whoever ends the program */
    using_history();
    stifle_history(HISTORY_MOST);
    prompt->history = history_file();
    if (prompt->history) read_history(prompt->history);
    return prompt;
}

void prompt_close(struct prompt *p) {
    if (!p) return;
    p->s->remember = NULL;
    if (p->history) history_truncate_file(p->history, HISTORY_MOST);
    free(p->history);
    clear_history();
    rl_outstream = stdout; /* rl_deprep_terminal may have a last word */
    if (p->heard) fclose(p->heard);
    free(p);
    prompt = NULL;
}

/* Kept at once, so that a killed terminal loses nothing. */
void prompt_remember(struct prompt *p, const char *line) {
    if (!line[strspn(line, " \t")]) return;
    const HIST_ENTRY *last = history_get(history_base + history_length - 1);
    if (last && strcmp(last->line, line) == 0) return;
    add_history(line);
    if (!p->history || append_history(1, p->history) == 0) return;
    FILE *f = fopen(p->history, "ae"); /* append_history wants the file to be there */
    if (f) fclose(f);
    append_history(1, p->history);
}

enum answer prompt_ask(struct prompt *p, const char *words, char **line) {
    p->ready = false;
    choose_stream(p);
    key_watch();
    /* the window may have changed while nobody asked */
    if (RL_ISSTATE(RL_STATE_INITIALIZED)) rl_reset_screen_size();
    rl_eof_found = 0; /* a Ctrl-D of before is over */
    rl_callback_handler_install(words, on_line);
    key_give_typed();
    while (!p->ready && key_wait(&hooks)) read_char();
    if (!p->ready) leave_line("^C\n");
    key_unwatch();
    if (!p->ready) return ANSWER_INTERRUPT;
    *line = p->line;
    return p->line ? ANSWER_LINE : ANSWER_END;
}
