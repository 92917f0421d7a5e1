/* To add an option: a row, a field of struct options, and the row's sentence in
 * text/words/shell.json. */
#include "shell/options.h"

#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/lesson.h"

static bool take_lang(struct options *o, const char *word) {
    bool known = false;
    for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++)
        known = known || strcmp(word, text_lang_name(lang)) == 0;
    o->both = strcmp(word, "both") == 0; /* on one page */
    o->lang = o->both ? NULL : word;
    return known || o->both;
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

/* A whole number from `least` to `most`. */
static bool take_whole(int *to, const char *word, int least, int most) {
    char *end;
    long n = strtol(word, &end, 10);
    bool is = *word >= '0' && *word <= '9' && !*end && n >= least && n <= most;
    if (is) *to = (int)n;
    return is;
}

static bool take_only(struct options *o, const char *word) {
    return take_whole(&o->only, word, 0, 9999);
}

static bool take_require(struct options *o, const char *word) {
    return take_whole(&o->require, word, 0, 9999);
}

/* More than 100 is a grade that Moodle refuses, with the whole file. */
static bool take_points(struct options *o, const char *word) {
    return take_whole(&o->points, word, 1, 100);
}

static bool read_number(const char *word, double most, double *out) {
    char *end;
    *out = strtod(word, &end);
    return end != word && !*end && *out >= 0 && *out <= most;
}

static bool take_auto(struct options *o, const char *word) {
    return read_number(word, 3600, &o->automatic);
}

/* Of everything that is drawn for a person (lesson/seed.h). */
static bool take_seed(struct options *o, const char *word) {
    (void)o;
    bool fine = *word && strlen(word) < 16 && !word[strspn(word, "0123456789")];
    return fine && setenv("LEARN_SEED", word, 1) == 0;
}

/* A page's address: http or https, and nothing asked of it yet. */
static bool take_live(struct options *o, const char *word) {
    o->live = word;
    return strncmp(word, "http", 4) == 0 && strstr(word, "://") &&
           !strpbrk(word, "# \"");
}

static bool take_pace(struct options *o, const char *word) {
    return read_number(word, 60, &o->pace);
}

static bool take_speed(struct options *o, const char *word) {
    bool fine = word[0] >= '0' && word[0] <= '5' && !word[1];
    o->speed = word[0] - '0';
    return fine;
}

static bool take_size(struct options *o, const char *word) {
    char *end;
    long columns = strtol(word, &end, 10),
         rows = *end == 'x' ? strtol(end + 1, &end, 10) : 0;
    o->columns = (int)columns;
    o->rows = (int)rows;
    return !*end && columns >= 40 && columns <= 400 && rows >= 10 && rows <= 200;
}

/* Its form, as help shows it; how many words follow; clause: that and one more may
 * stand behind them. */
static const struct {
    const char *word, *form, *key;
    int least, most;
    const char *clause;
} jobs[JOBS] = {
    [JOB_LESSON] = {"lesson", " [3|mine.json]", "job.lesson", 0, 1, "step"},
    [JOB_DRILL] = {"drill", " [backward level 4]", "job.drill", 0, 4, NULL},
    [JOB_PRESENT] = {"present", " 3|demo.learn", "job.present", 1, 1, NULL},
    [JOB_RUN] = {"run", " demo.learn", "job.run", 1, 1, NULL},
    [JOB_NEW] = {"new", " lesson [NAME]", "job.new", 0, 2, NULL},
    [JOB_LINT] = {"lint", " FILE…", "job.lint", 1, INT_MAX, NULL},
    [JOB_NOTES] = {"notes", " [PID]", "job.notes", 0, 1, NULL},
    [JOB_SUBMIT] = {"submit", " [3 … | all]", "job.submit", 0, INT_MAX, NULL},
    [JOB_REPORT] = {"report", " FOLDER…", "job.report", 1, INT_MAX, NULL},
    [JOB_HANDOUT] = {"handout", " 3 [--lang both]", "job.handout", 1, 1, NULL},
    [JOB_WORKSHEET] = {"worksheet", " backward,sizes", "job.worksheet", 1, INT_MAX,
                       NULL},
};

#define FIELD(field) offsetof(struct options, field)
#define ONLY(job) (1u << JOB_##job)

// clang-format off
const struct option_row option_rows[] = {
    {NULL,       'c', "'w = 3; w^2'",          "option.line",     0,               take_line, 0},
    {"lang",     0,   "en|ko",                 "option.lang",     0,               take_lang, 0},
    {"seed",     0,   "20251234",              "option.seed",     0,               take_seed, 0},
    {"plain",    0,   NULL,                    "option.plain",    FIELD(plain),    NULL, 0},
    {"echo",     0,   NULL,                    "option.echo",     FIELD(echo),     NULL, 0},
    {"type",     0,   "solutions|wrong|hints", "option.type",     0,               take_pass,
     ONLY(LESSON)},
    {"watch",    0,   NULL,                    "option.watch",    FIELD(watch),    NULL, ONLY(LINT)},
    {"strict",   0,   NULL,                    "option.strict",   FIELD(strict),   NULL, ONLY(LINT)},
    {"step",     0,   "7",                     "option.step",     FIELD(step),     NULL, ONLY(LESSON)},
    {"record",   0,   "3.cast",                "option.record",   FIELD(record),   NULL,
     ONLY(LESSON) | ONLY(PRESENT) | ONLY(RUN)},
    {"id",       0,   "20251234",              "option.id",       FIELD(id),       NULL,
     ONLY(SUBMIT)},
    {"name",     0,   "NAME",                  "option.name",     FIELD(name),     NULL,
     ONLY(SUBMIT)},
    {NULL,       'o', "FILE",                  "option.to",       FIELD(to),       NULL,
     ONLY(SUBMIT) | ONLY(HANDOUT) | ONLY(WORKSHEET)},
    {"yes",      0,   NULL,                    "option.yes",      FIELD(yes),      NULL,
     ONLY(SUBMIT)},
    {"lesson",   0,   "3",                     "option.only",     0,               take_only,
     ONLY(REPORT)},
    {"csv",      0,   "FILE",                  "option.csv",      FIELD(csv),      NULL,
     ONLY(REPORT)},
    {"grades",   0,   "FILE",                  "option.grades",   FIELD(grades),   NULL,
     ONLY(REPORT)},
    {"html",     0,   "FILE",                  "option.html",     FIELD(html),     NULL,
     ONLY(REPORT)},
    {"roster",   0,   "EXPORT.csv",            "option.roster",   FIELD(roster),   NULL,
     ONLY(REPORT)},
    {"points",   0,   "10",                    "option.points",   0,               take_points,
     ONLY(REPORT)},
    {"require",  0,   "3",                     "option.require",  0,               take_require,
     ONLY(REPORT)},
    {"answers",  0,   NULL,                    "option.answers",  FIELD(answers),  NULL,
     ONLY(HANDOUT) | ONLY(WORKSHEET)},
    {"teacher",  0,   NULL,                    "option.teacher",  FIELD(teacher),  NULL,
     ONLY(HANDOUT)},
    {"mine",     0,   NULL,                    "option.mine",     FIELD(mine),     NULL,
     ONLY(HANDOUT)},
    {"live",     0,   "URL",                   "option.live",     0,               take_live,
     ONLY(HANDOUT)},
    {"from",     0,   "19",                    "option.from",     FIELD(from),     NULL,
     ONLY(PRESENT)},
    {"auto",     0,   "4",                     "option.auto",     0,               take_auto,
     ONLY(PRESENT)},
    {"loop",     0,   NULL,                    "option.loop",     FIELD(loop),     NULL,
     ONLY(PRESENT)},
    {"speed",    0,   "3",                     "option.speed",    0,               take_speed,
     ONLY(PRESENT)},
    {"pace",     0,   "0.25",                  "option.pace",     0,               take_pace,
     ONLY(PRESENT)},
    {"size",     0,   "80x24",                 "option.size",     0,               take_size,
     ONLY(PRESENT)},
    {"anyway",   0,   NULL,                    "option.anyway",   FIELD(anyway),   NULL,
     ONLY(PRESENT)},
    {"help",     'h', NULL,                    "option.help",     FIELD(help),     NULL, 0},
    {"version",  0,   NULL,                    "option.version",  FIELD(version),  NULL, 0},
    {"man",      0,   NULL,                    "option.manual",   FIELD(manual),   NULL, 0},
    {"commands", 0,   NULL,                    "option.commands", FIELD(commands), NULL, 0},
    {"schema",   0,   NULL,                    "option.schema",   FIELD(schema),   NULL, 0},
    {"completion", 0, "bash|zsh",         "option.completion", FIELD(completion), NULL, 0},
    {0},
};
// clang-format on

enum { ROWS = sizeof option_rows / sizeof *option_rows - 1, NOT_LETTERS = 256 };
_Static_assert(ROWS <= 64, "those given are bits of a uint64_t");

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
        if (row->name) buf_add_listed(&known, "--%s", row->name);
    }
    struct error *e =
        error_new("unknown-option", "name", name, "known", buf_text(&known), NULL);
    buf_free(&known);
    free(name);
    return e;
}

struct error *options_wants(const struct option_row *row) {
    struct buf form = {0};
    options_add_form(&form, row);
    struct error *e = error_new("option-wants", "form", buf_text(&form), NULL);
    buf_free(&form);
    return e;
}

const char *options_job(enum job job) { return jobs[job].word; }

struct error *options_no_word(const char *word) {
    for (int i = 0; i < JOBS; i++)
        if (strcmp(word, jobs[i].word) == 0)
            return error_new("word-form", "name", word, "form", jobs[i].form, NULL);
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

static bool take(struct options *o, const struct option_row *row, const char *word) {
    void *field = (char *)o + row->field;
    if (row->take) return row->take(o, word);
    if (row->argument) *(const char **)field = word;
    else *(bool *)field = true;
    return true;
}

/* Only pages have room for both. */
static struct error *both_misplaced(const struct options *o) {
    const struct option_row *row = option_rows;
    if (!o->both || o->job == JOB_HANDOUT || o->job == JOB_WORKSHEET) return NULL;
    while (row->take != take_lang) row++;
    return options_wants(row);
}

/* Where one of those given has no business behind this first word. */
static struct error *misplaced(const struct options *o, uint64_t given) {
    for (int i = 0; i < ROWS; i++) {
        const struct option_row *row = &option_rows[i];
        if (!(given >> i & 1) || !row->jobs || o->job == JOB_UNKNOWN) continue;
        if (o->job < JOBS && row->jobs >> o->job & 1) continue;
        struct buf words = {0};
        for (int j = 0; j < JOBS; j++)
            if (row->jobs >> j & 1) buf_add_listed(&words, "`learn %s`", jobs[j].word);
        const char letter[] = {'-', row->letter, '\0'};
        struct buf name = {0};
        if (row->name) buf_printf(&name, "--%s", row->name);
        struct error *e =
            error_new("option-misplaced", "name", row->name ? buf_text(&name) : letter,
                      "words", buf_text(&words), NULL);
        buf_free(&name);
        buf_free(&words);
        return e;
    }
    return NULL;
}

/* Another option, where a value was to stand: --id --yes. */
static bool is_option(const char *word) {
    if (!word || word[0] != '-') return false;
    size_t n = strcspn(word, "=");
    for (const struct option_row *row = option_rows; row->key; row++) {
        const char letter[] = {'-', row->letter, '\0'};
        if (row->letter && strcmp(word, letter) == 0) return true;
        if (row->name && strncmp(word, "--", 2) == 0 && strlen(row->name) == n - 2 &&
            strncmp(word + 2, row->name, n - 2) == 0)
            return true;
    }
    return false;
}

/* Only a handout is one thing, for standard output to be. */
static struct error *no_file(const struct options *o) {
    for (const struct option_row *row = option_rows; row->key; row++) {
        bool file = row->argument && strcmp(row->argument, "FILE") == 0;
        const char *path =
            file ? *(const char *const *)((const char *)o + row->field) : "";
        if (path && strcmp(path, "-") == 0 && o->job != JOB_HANDOUT)
            return options_wants(row);
    }
    return NULL;
}

struct error *options_read(int argc, char **argv, struct options *o) {
    struct option names[ROWS + 1];
    char letters[2 * ROWS + 1];
    *o = (struct options){.pass = -1, .only = -1, .require = -1, .points = 10};
    o->automatic = o->pace = o->speed = -1;
    list_for_getopt(names, letters);
    opterr = 0; /* the sentence is ours */
    struct error *e = NULL;
    uint64_t given = 0;
    for (int code;
         (code = getopt_long(argc, argv, letters, names, NULL)) != -1 && !e;) {
        const struct option_row *row = row_of(code == '?' ? optopt : code);
        if (!row) e = unknown(argv);
        else if (code == '?' || is_option(optarg) || !take(o, row, optarg))
            e = options_wants(row);
        else given |= UINT64_C(1) << (row - option_rows);
    }
    o->words = argv + optind;
    o->n_words = argc - optind;
    o->job = o->n_words ? job_of(o->words, o->n_words) : JOB_PROMPT;
    if (!e && o->line && o->n_words) e = error_new("option-line", NULL);
    if (!e) e = misplaced(o, given);
    if (!e) e = both_misplaced(o);
    if (!e) e = no_file(o);
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

/* "\n  HEAD   what it is" */
static void add_line(struct buf *b, struct out *out, const char *head,
                     const char *key) {
    int pad = 29 - utf8_width(head);
    buf_printf(b, "\n  %s%*s  ", head, pad > 0 ? pad : 0, "");
    add_sentence(b, out, key);
}

/* Those that may stand anywhere (JOBS), or behind one first word. */
static void add_options(struct buf *b, struct out *out, int job) {
    bool headed = job == JOBS;
    for (const struct option_row *row = option_rows; row->key; row++) {
        if (job < JOBS ? !(row->jobs >> job & 1) : row->jobs != 0) continue;
        if (!headed) buf_printf(b, "\nlearn %s:", jobs[job].word);
        headed = true;
        struct buf form = {0};
        options_add_form(&form, row);
        add_line(b, out, buf_text(&form), row->key);
        buf_free(&form);
    }
}

void options_add_usage(struct buf *b, struct out *out) {
    add_sentence(b, out, "main.usage");
    add_line(b, out, "learn", "job.prompt");
    for (int job = 0; job < JOBS; job++) {
        struct buf form = {0};
        buf_printf(&form, "learn %s%s", jobs[job].word, jobs[job].form);
        add_line(b, out, buf_text(&form), jobs[job].key);
        buf_free(&form);
    }
}

char *options_usage(struct out *out) {
    struct buf b = {0};
    options_add_usage(&b, out);
    buf_add(&b, "\n");
    add_sentence(&b, out, "main.options");
    add_options(&b, out, JOBS);
    for (int job = 0; job < JOBS; job++) add_options(&b, out, job);
    return buf_take(&b);
}
