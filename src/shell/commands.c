/* The shell's own commands. To add one: a row in the table and a function; its sentence
 * is "command.NAME" in text/words/shell.json. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/keep.h"
#include "base/memory.h"
#include "board/compile.h"
#include "board/offer.h"
#include "shell/shell.h"
#include "text/number.h"

#define LOG_HEAD "# learn log\n" /* by which a log of ours is known */

static const char *operand_text(const struct stmt *c) {
    return c->n_items ? c->items[0].text : NULL;
}

static struct error *run_quit(struct session *s, const struct stmt *c) {
    (void)c;
    s->quit = true;
    if (s->interactive) out_say(s->out, "quit.bye", NULL);
    return NULL;
}

/* By its short name, or as people call it. */
static bool is_lang(const char *word, enum text_lang lang) {
    static const char *const names[TEXT_LANGS][3] = {
        [TEXT_EN] = {"english", "영어", "eng"},
        [TEXT_KO] = {"korean", "한국어", "한글"},
    };
    bool is = strcmp(word, text_lang_name(lang)) == 0;
    for (size_t i = 0; i < sizeof names[0] / sizeof *names[0]; i++) {
        is |= strcasecmp(word, names[lang][i]) == 0;
    }
    return is;
}

static struct error *run_lang(struct session *s, const struct stmt *c) {
    const char *word = operand_text(c);
    struct near n = {.word = word ? word : ""};
    for (enum text_lang lang = 0; word && lang < TEXT_LANGS; lang++) {
        near_try(&n, text_lang_name(lang));
        if (!is_lang(word, lang)) continue;
        text_set_lang(s->out->text, lang);
        out_say(s->out, "lang.set", NULL);
        bool own = !s->depth; /* no script's */
        struct error *e =
            s->sandbox || !own ? NULL : keep_write("lang", text_lang_name(lang));
        if (e) out_say_why(s->out, "lang.unkept", e);
        error_free(e);
        return NULL;
    }
    return near_tell(&n, error_new("wants-lang", NULL));
}

static struct error *close_log(struct out *o) {
    FILE *log = o->log;
    o->log = NULL;
    if (!log) return NULL;
    bool lost = ferror(log);
    lost |= fclose(log) != 0;
    return lost ? error_new("log-lost", NULL) : NULL;
}

/* A log of ours goes on at its end; a person's file is left alone. */
static struct error *open_log(const char *name, FILE **out) {
    char first[sizeof LOG_HEAD] = "";
    struct stat st;
    struct error *e = file_check_name(name);
    if (e) return e;
    /* not waiting: a FIFO that nobody reads is refused as well */
    int fd = open(name, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                  0666);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "a+");
    if (!f) {
        e = error_new("file-open", "file", name, "why", strerror(errno), NULL);
        if (fd >= 0) close(fd);
        return e;
    }
    if (fstat(fd, &st) != 0 || S_ISFIFO(st.st_mode)) {
        fclose(f);
        return error_new("not-a-file", "file", name, NULL);
    }
    if (S_ISREG(st.st_mode) && st.st_size > 0) {
        rewind(f);
        if (!fgets(first, sizeof first, f) || strcmp(first, LOG_HEAD) != 0) {
            fclose(f);
            return error_new("log-foreign", "file", name, NULL);
        }
        fseek(f, 0, SEEK_END);
    } else {
        fputs(LOG_HEAD, f);
    }
    *out = f;
    return NULL;
}

static struct error *run_log(struct session *s, const struct stmt *c) {
    struct out *o = s->out;
    const char *name = operand_text(c);
    if (!name) return error_new("wants-log", NULL);
    bool again = file_rehearses();
    if (strcmp(name, "off") == 0) {
        out_say(o, o->log || again ? "log.off" : "log.none", NULL);
        return again ? NULL : close_log(o);
    }
    FILE *f = NULL;
    struct error *e = again ? NULL : open_log(name, &f);
    if (e) return e;
    e = again ? NULL : close_log(o);
    o->log = again ? o->log : f;
    out_say(o, "log.on", "file", name, NULL);
    return e;
}

static struct error *run_digits(struct session *s, const struct stmt *c) {
    size_t n;
    struct error *e = stmt_whole(s, c, NULL, 1, 17, &n);
    if (e) return e;
    s->out->digits = (int)n;
    out_say(s->out, "digits.set", "n", NUM(s->out, s->out->digits), NULL);
    return NULL;
}

static struct error *run_threads(struct session *s, const struct stmt *c) {
    size_t n;
    struct error *e = stmt_whole(s, c, NULL, 1, 64, &n);
    if (e) return e;
    s->threads = (int)n;
    out_say(s->out, "threads.used", "n", NUM(s->out, s->threads), NULL);
    return NULL;
}

/* One text, or one in each language. */
static const char *pause_text(struct session *s, const struct stmt *c) {
    bool korean = c->n_items == 2 && text_lang(s->out->text) == TEXT_KO;
    return c->n_items ? c->items[korean].text : NULL;
}

/* Where nobody is there, it goes on. */
static struct error *run_pause(struct session *s, const struct stmt *c) {
    for (int i = 0; i < c->n_items; i++) {
        if (i >= TEXT_LANGS || !c->items[i].text)
            return error_at(error_new("pause-texts", NULL), c->items[i].at);
    }
    const char *text = pause_text(s, c);
    if (text) out_wrap(s->out, text, 0);
    char *words = out_sentence(s->out, "pause.key", NULL);
    bool there = s->out->key, left = out_ask_key(s->out, words) == KEY_STOP;
    free(words);
    return session_stopped(s) || (there && left) ? interrupt_stopped() : NULL;
}

static struct error *run_clear(struct session *s, const struct stmt *c) {
    (void)c;
    out_clear(s->out);
    return NULL;
}

/* ---- what Tab offers ---- */

static bool offer_lang(struct session *s, const char *before, struct offer *to) {
    (void)s;
    for (enum text_lang lang = 0; !before && lang < TEXT_LANGS; lang++)
        offer_word(to, text_lang_name(lang));
    return true;
}

static bool offer_log(struct session *s, const char *before, struct offer *to) {
    (void)s;
    if (!before) offer_word(to, "off");
    return true;
}

const struct command shell_commands[] = {
    {"quit", "끝", "", "", NULL, COMMAND_ENDS | COMMAND_MOVES, run_quit, NULL},
    {"exit", NULL, "", "", NULL, COMMAND_HIDDEN | COMMAND_ENDS, run_quit, NULL},
    {"lang", NULL, "ko | en", "", NULL, COMMAND_WORDS, run_lang, offer_lang},
    {"log", NULL, "\"session.txt\" | off", "", NULL,
     COMMAND_WORDS | COMMAND_FILES | COMMAND_WRITES, run_log, offer_log},
    {"digits", NULL, "9", "", "digits 9", 0, run_digits, NULL},
    {"threads", NULL, "2", "", "threads 1", 0, run_threads, NULL},
    {"pause", NULL, "[\"…\"[, \"…\"]]", "", "pause \"ready?\"", COMMAND_STAGE,
     run_pause, NULL},
    {"clear", NULL, "", "", "clear", COMMAND_STAGE, run_clear, NULL},
    {0},
};
