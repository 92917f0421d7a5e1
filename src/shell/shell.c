#include "shell/shell.h"
#include "session/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/lesson.h"
#include "shell/answers.h"
#include "shell/prompt.h"
#include "syntax/lexer.h"

/* ---- Ctrl-C ---- */

void shell_catch_interrupts(struct session *s) {
    /* no SA_RESTART: a read that waits for a key must end too */
    interrupt_catch(SIGINT, 0);
    s->stop = &interrupt_flag;
}

/* Bytes of what is typed until it ends, which is read whole: as a script's. */
#define TYPED_MOST ((size_t)64 << 20)

/* True where there is another line, without its end; *lost: it could not be read, or is
 * longer than any. A line is half a line then. */
static bool read_plain(struct buf *b, struct error **lost) {
    bool line = false;
    for (int c; !*lost && (c = getc_unlocked(stdin)) != EOF;) {
        char byte = (char)(c ? c : 1); /* so that a zero byte is complained about */
        line = true;
        if (c == '\n') break;
        buf_add_n(b, &byte, 1);
        if (b->len > TYPED_MOST) *lost = error_new("input-long", NULL);
        if (interrupt_flag) return false;
    }
    if (ferror(stdin) && !interrupt_flag)
        *lost = error_new("input-lost", "why", strerror(errno), NULL);
    return line && !*lost && !ferror(stdin);
}

/* A plain line: from a pipe, a file, or a terminal without line editing. */
static enum answer ask_plain(struct session *s, const char *words, char **line) {
    struct buf b = {0};
    struct error *lost = NULL;
    if (s->interactive) out_puts(s->out, words);
    out_flush(s->out);
    *line = NULL;
    if (interrupt_flag) return ANSWER_INTERRUPT;
    bool there = read_plain(&b, &lost);
    buf_add(&b, "");
    if (there) *line = buf_take(&b);
    else clearerr(stdin);
    buf_free(&b);
    if (interrupt_flag) {
        if (s->interactive) out_puts(s->out, "\n");
        error_free(lost);
        free(*line);
        *line = NULL;
        return ANSWER_INTERRUPT;
    }
    if (lost) session_report(s, lost);
    if (!there) return lost ? ANSWER_LOST : ANSWER_END;
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
    out_fit(s->out);
    bool script = !s->interactive && !lesson_prompt(s);
    bool fine = script ? run_script_line(s, t, line) : lesson_line(s, t);
    typed_free(t);
    out_flush(s->out);
    if (interrupt_flag) answers_forget_keys(); /* as the terminal does with its own */
    if (s->interactive) interrupt_clear();     /* it was for this line */
    if (ferror(s->out->file)) return false;    /* nobody reads any more: learn | head */
    if (script && !fine) {
        s->status = 1;
        return false;
    }
    return true;
}

/* Is another line needed? If not, what there is has been read. A blank one ends what a
 * person typed. open: of lexer_goes_on. */
static bool goes_on(struct session *s, const struct buf *text, const char *line,
                    struct buf *open, struct typed *t) {
    bool ends = s->interactive && is_blank(line);
    if (text->len == strlen(line)) buf_clear(open); /* it is the first */
    if (lexer_goes_on(open, line) && !ends) return true;
    *t = session_read(s, buf_text(text), !ends);
    bool more = t->unfinished;
    if (more) typed_free(t);
    return more;
}

/* What is typed so far, line under line. */
static void add_line(struct buf *text, const char *line) {
    if (text->len) buf_add(text, "\n");
    buf_add(text, line);
}

static void let_go(struct session *s, struct buf *text) {
    out_say(s->out, "shell.open-left", NULL);
    buf_clear(text);
}

/* Behind an open bracket; a script means what it says. */
static bool is_open(struct session *s, const struct buf *text) {
    return text->len && (s->interactive || lesson_prompt(s));
}

/* The lesson is called there: what was typed so far is let go. */
static bool is_let_go(struct session *s, struct buf *text, const char *line) {
    bool called = is_open(s, text) && lesson_is_called(s, line);
    if (called) let_go(s, text);
    return called;
}

/* undo takes back what was typed so far, and no more. */
static bool is_taken_back(struct session *s, struct buf *text, const char *line) {
    const char *from = line + strspn(line, " \t");
    bool undo = strncmp(from, "undo", 4) == 0 && is_blank(from + 4);
    bool taken = undo && is_open(s, text);
    if (taken) let_go(s, text);
    return taken;
}

static bool reads(struct session *s, const char *text) {
    struct typed t = session_read(s, text, false);
    bool does = t.program && t.program->n && !t.error;
    typed_free(&t);
    return does;
}

/* The line was typed anew: it is whole by itself, and whatever closes the brackets, it
 * can't go on with what stands before it. */
static bool is_anew(struct session *s, const struct buf *text, const struct buf *open,
                    const char *line) {
    if (!is_open(s, text) || is_blank(line)) return false;
    struct buf still = {0}, all = {0};
    buf_add_n(&still, open->data, open->len);
    buf_printf(&all, "%s\n%s", buf_text(text), line);
    lexer_goes_on(&still, line);
    for (size_t i = still.len; i-- > 0;) {
        char c = still.data[i];
        buf_add(&all, c == '(' ? ")" : c == '[' ? "]" : c == '{' ? "}" : "\"");
    }
    bool anew = !reads(s, buf_text(&all)) && reads(s, line);
    buf_free(&still);
    buf_free(&all);
    return anew;
}

/* Behind open->len may stand what is closed. */
static void tell_open(struct session *s, const struct buf *open) {
    char *brackets = mem_copy_n(open->data, open->len);
    out_say(s->out, "shell.open", "open", brackets, NULL);
    free(brackets);
}

/* Brackets that never close: no line is as long. */
static bool is_too_long(struct session *s, struct buf *text) {
    if (text->len <= TYPED_MOST) return false;
    session_report(s, error_new("input-long", NULL));
    buf_clear(text);
    s->status = 1;
    return true;
}

static int loop(struct session *s, bool lesson) {
    const char *term = getenv("TERM");
    bool editing = s->interactive && term && strcmp(term, "dumb") != 0;
    struct buf text = {0}, open = {0};
    char *line = NULL;
    struct prompt *p = editing ? prompt_open(s, true) : NULL;
    if (s->interactive) interrupt_clear(); /* it was for what opened the lesson */
    int first = 1;
    for (int count = 1; !s->quit && (!lesson || lesson_prompt(s)); count++) {
        const char *own = lesson_prompt(s);
        const char *words = text.len ? "… " : own ? own : "> ";
        out_flush(s->out);
        enum answer a = p ? prompt_ask(p, words, &line) : ask_plain(s, words, &line);
        out_turn(s->out, words, a == ANSWER_LINE ? line : "");
        if (a == ANSWER_INTERRUPT || a == ANSWER_LOST) {
            buf_clear(&text);
            if (a == ANSWER_LOST) s->status = 1;
            if (a == ANSWER_LOST || !s->interactive) break;
            interrupt_clear();
            continue;
        }
        if (a == ANSWER_END && (!text.len || !s->interactive)) break;
        if (a == ANSWER_LINE && is_taken_back(s, &text, line)) {
            free(line);
            line = NULL;
            continue;
        }
        if (a == ANSWER_LINE && !is_let_go(s, &text, line) &&
            is_anew(s, &text, &open, line))
            let_go(s, &text);
        if (!text.len) first = count;
        if (a == ANSWER_LINE) {
            if (p) prompt_remember(p, line);
            add_line(&text, line);
        }
        if (is_too_long(s, &text)) {
            free(line);
            break;
        }
        struct typed t = {0};
        bool begins = line && text.len == strlen(line);
        bool more = a == ANSWER_LINE && goes_on(s, &text, line, &open, &t);
        if (more && begins && s->interactive) tell_open(s, &open);
        free(line);
        line = NULL;
        if (more) continue;
        if (!t.clean) t = session_read(s, buf_text(&text), false);
        bool going = take_typed(s, &t, first);
        buf_clear(&text);
        if (!going) break;
    }
    if (text.len && !s->interactive && !interrupt_flag) {
        struct typed t = session_read(s, buf_text(&text), false);
        take_typed(s, &t, first);
    }
    if (s->interactive && !s->quit && !lesson) {
        out_puts(s->out, "\n");
        out_say(s->out, "quit.bye", NULL);
    }
    buf_free(&text);
    buf_free(&open);
    prompt_close(p);
    return interrupt_flag ? SHELL_STOPPED : s->status;
}

int shell_loop(struct session *s) { return loop(s, false); }
int shell_lesson(struct session *s) { return loop(s, true); }
