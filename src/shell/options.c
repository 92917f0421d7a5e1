/* To add an option: a row, a field of struct options, and the row's sentence in
 * text/words/shell.json. */
#include "shell/options.h"

#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/lesson.h"

static bool take_lang(struct options *o, const char *word) {
    bool known = false;
    for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++)
        known = known || strcmp(word, text_lang_name(lang)) == 0;
    o->lang = word;
    return known;
}

static bool take_line(struct options *o, const char *line) {
    o->line = line;
    return true;
}

static bool take_pass(struct options *o, const char *word) {
    static const char *const words[] = {"solutions", "wrong", "hints"};
    for (o->pass = 0; o->pass < LESSON_PASSES; o->pass++)
        if (strcmp(word, words[o->pass]) == 0) return true;
    return false;
}

/* How many words follow each; clause: that and one more may stand behind them. */
static const struct {
    const char *word;
    int least, most;
    const char *clause;
} jobs[JOBS] = {
    [JOB_LESSON] = {"lesson", 0, 1, "step"},
    [JOB_RUN] = {"run", 1, 1, NULL},
    [JOB_LINT] = {"lint", 1, INT_MAX, NULL},
};

#define FLAG(field) offsetof(struct options, field)

// clang-format off
const struct option_row option_rows[] = {
    {NULL,       'c', "'w = 3; w^2'",          "option.line",     0,              take_line},
    {"lang",     0,   "en|ko",                 "option.lang",     0,              take_lang},
    {"plain",    0,   NULL,                    "option.plain",    FLAG(plain),    NULL},
    {"echo",     0,   NULL,                    "option.echo",     FLAG(echo),     NULL},
    {"type",     0,   "solutions|wrong|hints", "option.type",     0,              take_pass},
    {"help",     'h', NULL,                    "option.help",     FLAG(help),     NULL},
    {"version",  0,   NULL,                    "option.version",  FLAG(version),  NULL},
    {"man",      0,   NULL,                    "option.manual",   FLAG(manual),   NULL},
    {"commands", 0,   NULL,                    "option.commands", FLAG(commands), NULL},
    {"schema",   0,   NULL,                    "option.schema",   FLAG(schema),   NULL},
    {0},
};
// clang-format on

enum { ROWS = sizeof option_rows / sizeof *option_rows - 1, NOT_LETTERS = 256 };

/* The same rows as getopt_long wants them: a name's code is its row's, after the
 * letters'. */
static void list_for_getopt(struct option names[ROWS + 1], char letters[2 * ROWS + 1]) {
    int n = 0;
    for (int i = 0; i < ROWS; i++) {
        const struct option_row *row = &option_rows[i];
        int argument = row->argument ? required_argument : no_argument;
        if (row->name)
            names[n++] = (struct option){row->name, argument, NULL, NOT_LETTERS + i};
        if (row->letter) *letters++ = row->letter;
        if (row->letter && row->argument) *letters++ = ':';
    }
    names[n] = (struct option){0};
    *letters = '\0';
}

static const struct option_row *row_of(int code) {
    if (code >= NOT_LETTERS) return &option_rows[code - NOT_LETTERS];
    const struct option_row *row = option_rows;
    while (row->key && (!row->letter || row->letter != code)) row++;
    return row->key ? row : NULL;
}

/* What getopt stopped at. (It has gone past it, but for a letter among letters.) */
static struct error *unknown(char **argv) {
    char letter[] = {'-', (char)optopt, '\0'};
    bool named = !optopt || optopt >= NOT_LETTERS;
    const char *word = named ? argv[optind - 1] : letter;
    char *name = mem_copy_n(word, strcspn(word, "="));
    struct buf known = {0};
    for (const struct option_row *row = option_rows; row->key; row++) {
        const char *comma = known.len ? ", " : "";
        if (row->name) buf_printf(&known, "%s--%s", comma, row->name);
    }
    struct error *e =
        error_new("unknown-option", "name", name, "known", buf_text(&known), NULL);
    buf_free(&known);
    free(name);
    return e;
}

static struct error *wants(const struct option_row *row) {
    struct buf form = {0};
    options_add_form(&form, row);
    struct error *e = error_new("option-wants", "form", buf_text(&form), NULL);
    buf_free(&form);
    return e;
}

struct error *options_no_word(const char *word) {
    struct buf known = {0};
    for (int i = 0; i < JOBS; i++)
        buf_printf(&known, "%s%s", i ? ", " : "", jobs[i].word);
    struct error *e =
        error_new("unknown-word", "name", word, "known", buf_text(&known), NULL);
    buf_free(&known);
    return e;
}

static enum job job_of(char **words, int n) {
    enum job job = 0;
    while (job < JOBS && strcmp(words[0], jobs[job].word) != 0) job++;
    if (job == JOBS) return JOB_UNKNOWN;
    int follow = n - 1, most = jobs[job].most;
    const char *clause = jobs[job].clause;
    if (clause && follow == most + 2 && strcmp(words[most + 1], clause) == 0)
        return job;
    return follow >= jobs[job].least && follow <= most ? job : JOB_UNKNOWN;
}

struct error *options_read(int argc, char **argv, struct options *o) {
    struct option names[ROWS + 1];
    char letters[2 * ROWS + 1];
    *o = (struct options){.pass = -1};
    list_for_getopt(names, letters);
    opterr = 0; /* the sentence is ours */
    struct error *e = NULL;
    for (int code;
         (code = getopt_long(argc, argv, letters, names, NULL)) != -1 && !e;) {
        const struct option_row *row = row_of(code == '?' ? optopt : code);
        if (!row) e = unknown(argv);
        else if (code == '?') e = wants(row);
        else if (!row->take) *(bool *)((char *)o + row->flag) = true;
        else if (!row->take(o, optarg)) e = wants(row);
    }
    o->words = argv + optind;
    o->n_words = argc - optind;
    o->job = o->n_words ? job_of(o->words, o->n_words) : JOB_PROMPT;
    if (!e && o->line && o->n_words) e = error_new("option-line", NULL);
    if (!e && o->pass >= 0 && o->job != JOB_LESSON) e = error_new("option-type", NULL);
    if (o->job < JOBS) o->words++, o->n_words--;
    return e;
}

/* ---- help ---- */

void options_add_form(struct buf *b, const struct option_row *row) {
    if (row->letter) buf_printf(b, "-%c", row->letter);
    if (row->name) buf_printf(b, "%s--%s", row->letter ? ", " : "", row->name);
    if (row->argument) buf_printf(b, " %s", row->argument);
}

static void add_sentence(struct buf *b, struct out *out, const char *key) {
    char *words = out_sentence(out, key, NULL);
    buf_add(b, words);
    free(words);
}

char *options_usage(struct out *out) {
    struct buf b = {0};
    add_sentence(&b, out, "main.usage");
    buf_add(&b, "\n");
    add_sentence(&b, out, "main.options");
    for (const struct option_row *row = option_rows; row->key; row++) {
        struct buf form = {0};
        options_add_form(&form, row);
        int pad = 29 - utf8_width(buf_text(&form));
        buf_printf(&b, "\n  %s%*s  ", buf_text(&form), pad > 0 ? pad : 0, "");
        add_sentence(&b, out, row->key);
        buf_free(&form);
    }
    return buf_take(&b);
}
