#include "board/session.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/whole.h"
#include "board/compile.h"
#include "board/functions.h"
#include "syntax/normalise.h"
#include "syntax/parser.h"
#include "text/number.h"

struct session *session_open(struct out *out, const struct command *const *tables) {
    struct session *s = mem_alloc(1, sizeof *s);
    s->out = out;
    s->tables = tables;
    s->board = board_new();
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    s->threads = processors < 1 ? 1 : processors > 4 ? 4 : (int)processors;
    return s;
}

void session_close(struct session *s) {
    if (!s) return;
    for (int i = 0; i < SESSION_SLOTS; i++) {
        struct session_slot *slot = &s->slots[i];
        if (slot->state) slot->close(s, slot->state);
    }
    board_free(s->board);
    free(s);
}

void *session_state(const struct session *s, session_closer *close) {
    for (int i = 0; i < SESSION_SLOTS; i++) {
        if (s->slots[i].close == close) return s->slots[i].state;
    }
    return NULL;
}

void session_keep(struct session *s, session_closer *close, void *state) {
    int i = 0;
    while (i < SESSION_SLOTS && s->slots[i].close && s->slots[i].close != close) i++;
    assert(i < SESSION_SLOTS);
    s->slots[i] = (struct session_slot){close, state};
}

const struct command *session_command(struct session *s, const char *word) {
    for (int t = 0; s->tables[t]; t++) {
        for (const struct command *c = s->tables[t]; c->name; c++) {
            if (strcmp(c->name, word) == 0) return c;
            if (c->ko && strcmp(c->ko, word) == 0) return c;
        }
    }
    return NULL;
}

void session_near(struct session *s, struct near *n) {
    for (int t = 0; s->tables[t]; t++) {
        for (const struct command *c = s->tables[t]; c->name; c++) {
            near_try(n, c->name);
            near_try(n, c->ko);
        }
    }
    for (size_t i = 0; parse_statement_word(i); i++)
        near_try(n, parse_statement_word(i));
}

bool session_stopped(struct session *s) {
    interrupt_look();
    return s->stop && *s->stop;
}

/* ---- parsing ---- */

static const struct command *world_command(void *context, const char *word) {
    return session_command(context, word);
}

static bool world_is_name(void *context, const char *name) {
    struct session *s = context;
    return board_get(s->board, name) != NULL;
}

static bool world_is_function(void *context, const char *name) {
    (void)context;
    return function_is(name);
}

static struct error *world_check_word(void *context, const char *function,
                                      const char *word) {
    (void)context;
    return function_check_word(function, word);
}

static struct error *world_no_command(void *context, const char *word) {
    struct near n = {.word = word};
    session_near(context, &n);
    return n.best ? near_tell(&n, error_new("no-command", "name", word, NULL)) : NULL;
}

#define MADE_CLEAN 8.0 /* bytes for a byte of what is not plain, at most, on the way */

static bool is_plain(const char *text) {
    while (*text && (unsigned char)*text < 0x80) text++;
    return !*text;
}

struct typed session_read(struct session *s, const char *text, bool more) {
    struct parse_world world = {s,
                                world_command,
                                world_is_name,
                                world_is_function,
                                world_check_word,
                                world_no_command};
    struct typed t = {0};
    double bytes = (double)strlen(text);
    t.error = memory_left_for(is_plain(text) ? bytes : MADE_CLEAN * bytes);
    t.clean = t.error ? mem_copy("") : normalise(text);
    if (!t.error)
        t.error =
            parse_program(t.clean, &world, more ? &t.unfinished : NULL, &t.program);
    return t;
}

void typed_free(struct typed *t) {
    free(t->clean);
    if (t->program) program_free(t->program);
    error_free(t->error);
    *t = (struct typed){0};
}

struct error *session_parse(struct session *s, const char *text, struct program **out) {
    struct typed t = session_read(s, text, false);
    *out = t.program;
    free(t.clean);
    return t.error;
}

struct error *stmt_number(struct session *s, const struct stmt *c, const char *word,
                          double otherwise, double *out) {
    const struct clause *clause = stmt_clause(c, word);
    *out = otherwise;
    return clause && clause->value ? compile_number(s->board, clause->value, out)
                                   : NULL;
}

struct error *stmt_whole(struct session *s, const struct stmt *c, const char *word,
                         double least, double most, size_t *out) {
    const struct clause *clause = word ? stmt_clause(c, word) : NULL;
    const struct expr *x = clause ? clause->value : NULL;
    double v;
    if (word && !x) return NULL;
    struct error *e = word ? NULL : stmt_expr(c, &x);
    if (!e) e = compile_number(s->board, x, &v);
    if (e) return e;
    if (whole(v, least, most, out)) return NULL;
    if (clause) {
        e = error_new("not-a-count", "word", word, "value", NUM(s->out, v), NULL);
        return error_at(e, clause->at);
    }
    return error_new("wants-whole", "least", NUM(s->out, least), "most",
                     NUM(s->out, most), NULL);
}
