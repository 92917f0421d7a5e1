#include "classroom/worksheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/near.h"
#include "classroom/handout.h"
#include "classroom/html.h"
#include "classroom/names.h"
#include "lesson/seed.h"
#include "lesson/wording.h"
#include "practice/exercise.h"
#include "text/number.h"
#include "text/table.h"

enum { KINDS_MOST = 20, COUNT = 6, COUNT_MOST = 100, ALL_MOST = 6000, WRONG = 2 };
#define SEED_MOST 999999999999LL

struct sheets {
    struct session *s;
    const struct worksheet_order *order;
    const struct drill_kind *kinds[KINDS_MOST];
    int n_kinds;
    long long level, count, seed; /* level 0: rising; seed -1: not said */
    const char *students, *to;    /* files, or NULL */
    bool answers;                 /* the key alone */
    struct names names;
    struct buf sheet, key;
    struct buf worked;     /* of the key, behind the table of a class's answers */
    int id[2], figures[2]; /* of the sheet, of the key */
};

/* ---- what is asked for ---- */

/* THE TABLE of clauses. To add one: a row; what it needs is a number, or a text. */
// clang-format off
static const struct wish {
    const char *word, *words; /* in errors; in either language */
    size_t number, text;      /* the field of struct sheets that it sets; 0: the other */
    long long least, most;
} clauses[] = {
    {"level",    DRILL_LEVEL,     offsetof(struct sheets, level), 0, 1, 99},
    {"count",    "count 문제",    offsetof(struct sheets, count), 0, 1, COUNT_MOST},
    {"seed",     "seed 시드",     offsetof(struct sheets, seed),  0, 0, SEED_MOST},
    {"students", "students 학생", 0, offsetof(struct sheets, students), 0, 0},
    {"into",     "into 파일",     0, offsetof(struct sheets, to),       0, 0},
    {"answers",  "answers 정답",  0, 0, 0, 0},
};
// clang-format on
enum { CLAUSES = sizeof clauses / sizeof *clauses };

static const struct wish *wish_named(const char *word) {
    for (int i = 0; i < CLAUSES; i++)
        if (wording_is_one_of(word, clauses[i].words)) return &clauses[i];
    return NULL;
}

static struct error *no_kind(const struct sheets *w, const char *word) {
    struct near n = {.word = word};
    for (int i = 0; i < CLAUSES; i++) near_try(&n, clauses[i].word);
    return drill_no_kind(w->s, *word ? "worksheet-kind" : "worksheet-none", &n);
}

static struct error *set(struct sheets *w, const struct wish *c, const char *value) {
    if (c->text && value && *value) {
        *(const char **)((char *)w + c->text) = value;
        return NULL;
    }
    char *end, most[24];
    long long n = value ? strtoll(value, &end, 10) : 0;
    snprintf(most, sizeof most, "%lld", c->most);
    if (c->text) return error_new("worksheet-file", "clause", c->word, NULL);
    if (!value || end == value || *end || n < c->least || n > c->most)
        return error_new("worksheet-number", "clause", c->word, "value",
                         value ? value : "", "least", c->least ? "1" : "0", "most",
                         most, NULL);
    *(long long *)((char *)w + c->number) = n;
    return NULL;
}

static struct error *take_kind(struct sheets *w, const char *word) {
    const struct drill_kind *k = drill_kind_find(word);
    if (!k) return no_kind(w, word);
    for (int i = 0; i < w->n_kinds; i++)
        if (w->kinds[i] == k) return NULL;
    if (w->n_kinds < KINDS_MOST) w->kinds[w->n_kinds++] = k;
    return NULL;
}

/* 8문제: the clause behind its number, as Korean has it. False: it is none. */
static bool take_counted(struct sheets *w, const char *word, struct error **e) {
    size_t digits = strspn(word, "0123456789");
    const struct wish *c = digits ? wish_named(word + digits) : NULL;
    if (!c || !c->number) return false;
    char *number = mem_copy_n(word, digits);
    *e = set(w, c, number);
    free(number);
    return true;
}

/* backward,sizes is two. */
static struct error *take_word(struct sheets *w, const char *word) {
    struct error *e = NULL;
    for (size_t n; *word && !e; word += n + strspn(word + n, ", ")) {
        n = strcspn(word, ", ");
        char *one = mem_copy_n(word, n);
        if (n && !take_counted(w, one, &e)) e = take_kind(w, one);
        free(one);
    }
    return e;
}

static struct error *read_words(struct sheets *w) {
    struct error *e = NULL;
    char *const *words = w->order->words;
    for (int i = 0; i < w->order->n_words && !e; i++) {
        const struct wish *c = wish_named(words[i]);
        bool wants = c && (c->number || c->text);
        if (wants) e = set(w, c, i + 1 < w->order->n_words ? words[++i] : NULL);
        else if (c) w->answers = true;
        else e = take_word(w, words[i]);
    }
    if (!e && !w->n_kinds) e = no_kind(w, "");
    for (int i = 0; w->level && i < w->n_kinds && !e; i++)
        e = drill_check_level(w->s, w->kinds[i], (long)w->level);
    return e;
}

/* Whoever set none will type it: six figures. */
static long long other_seed(void) {
    uint64_t set;
    if (seed_is_set(&set)) return (long long)(set % (SEED_MOST + 1));
    return 100000 + (long long)(dice_throw() % 900000);
}

/* ---- the exercises of a student ---- */

struct paper {
    const char *label; /* the student's, or "" */
    size_t again;      /* how many before have the same */
    char **texts;      /* the lessons, for each exercise */
    char **answers;
    const struct drill_kind **kinds;
};

/* A kind's share of all: the first ones have one more. */
static long share_of(const struct sheets *w, int k) {
    long count = (long)w->count;
    return count / w->n_kinds + (k < count % w->n_kinds);
}

/* Asked for, or rising from the first to the last. */
static int level_of(const struct sheets *w, int k, long i) {
    long rises = drill_levels(w->kinds[k]) - 1, last = share_of(w, k) - 1;
    return w->level ? (int)w->level : 1 + (int)(last ? i * rises / last : 0);
}

/* Not one that is there already, where there are others. */
static struct error *draw(const struct sheets *w, struct paper *p, int k, long i,
                          long at) {
    enum { OTHERS = 20 };
    struct error *e = NULL;
    struct buf stream = {0};
    bool twice = true;
    buf_printf(&stream, "%s\n%s\n%zu", w->kinds[k]->name, p->label, p->again);
    for (int t = 0; t < OTHERS && twice && !e; t++) {
        struct dice d =
            dice_for((uint64_t)w->seed, buf_text(&stream), (uint64_t)(i * OTHERS + t));
        free(p->texts[at]);
        p->texts[at] = NULL;
        int level = level_of(w, k, i);
        e = exercise_make(w->s, w->kinds[k], level, &d, NULL, &p->texts[at]);
        twice = false;
        for (long b = 0; b < at && !e; b++)
            twice |= strcmp(p->texts[b], p->texts[at]) == 0;
    }
    buf_free(&stream);
    return e;
}

static struct error *open_paper(const struct sheets *w, struct paper *p,
                                size_t student) {
    struct error *e = NULL;
    size_t n = (size_t)w->count;
    long at = 0;
    *p = (struct paper){.label = w->students ? w->names.at[student] : ""};
    for (size_t i = 0; i < student; i++)
        p->again += strcmp(w->names.at[i], p->label) == 0;
    p->texts = mem_alloc(n, sizeof *p->texts);
    p->answers = mem_alloc(n, sizeof *p->answers);
    p->kinds = mem_alloc(n, sizeof *p->kinds);
    for (int k = 0; k < w->n_kinds && !e; k++) {
        for (long i = 0; i < share_of(w, k) && !e; i++, at++) {
            p->kinds[at] = w->kinds[k];
            e = draw(w, p, k, i, at);
        }
    }
    return e;
}

static void close_paper(const struct sheets *w, struct paper *p) {
    for (long i = 0; i < w->count; i++) {
        free(p->texts[i]);
        free(p->answers[i]);
    }
    free(p->texts);
    free(p->answers);
    free(p->kinds);
}

/* ---- pages ---- */

enum page { SHEET, KEY };

static struct buf *page_of(struct sheets *w, enum page page) {
    return page == KEY ? &w->key : &w->sheet;
}

/* In each language that is wanted. */
static void add_said(struct sheets *w, struct buf *b, const char *key,
                     const char *between) {
    struct text *text = w->s->out->text;
    enum text_lang was = text_lang(text);
    bool more = false;
    for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++) {
        if (!(w->order->langs >> lang & 1)) continue;
        text_set_lang(text, lang);
        char *s = out_sentence(w->s->out, key, NULL);
        buf_printf(b, "%s<span lang=\"%s\">", more ? between : "",
                   text_lang_name(lang));
        html_text(b, s);
        buf_add(b, "</span>");
        free(s);
        more = true;
    }
    text_set_lang(text, was);
}

static enum text_lang first_lang(const struct sheets *w) {
    return w->order->langs & 1u << TEXT_EN ? TEXT_EN : TEXT_KO;
}

static void begin_page(struct sheets *w, enum page page) {
    static const char *const kinds[][2] = {{"lesson", "lesson both"},
                                           {"lesson key", "lesson both key"}};
    enum text_lang was = text_lang(w->s->out->text), lang = first_lang(w);
    text_set_lang(w->s->out->text, lang);
    char *name = out_sentence(w->s->out,
                              page == KEY ? "worksheet.key" : "worksheet.sheet", NULL);
    text_set_lang(w->s->out->text, was);
    bool both = w->order->langs == (1u << TEXT_LANGS) - 1;
    html_open(page_of(w, page), text_lang_name(lang), name, kinds[page][both]);
    free(name);
}

static void add_front(struct sheets *w, const struct paper *p) {
    struct buf *b = &w->sheet;
    buf_add(b, "<article class=\"sheet\">\n<h1>");
    add_said(w, b, "worksheet.sheet", "");
    buf_add(b, "</h1>\n<p>");
    add_said(w, b, "handout.name", " · ");
    buf_add(b, " ");
    if (*p->label) html_tag(b, "strong", p->label);
    else buf_add(b, "<span class=\"line\"></span> ");
    add_said(w, b, "handout.date", " · ");
    buf_add(b, " ");
    buf_add(b, "<span class=\"line\"></span></p>\n");
}

/* What makes the same again: it is on the key alone. */
static void add_recipe(struct sheets *w) {
    struct buf line = {0}, *b = &w->key;
    buf_add(&line, "learn worksheet ");
    for (int i = 0; i < w->n_kinds; i++)
        buf_printf(&line, "%s%s", i ? "," : "", w->kinds[i]->name);
    if (w->level) buf_printf(&line, " level %lld", w->level);
    buf_printf(&line, " count %lld seed %lld", w->count, w->seed);
    if (w->students) buf_printf(&line, " students \"%s\"", w->students);
    buf_add(b, "<h1>");
    add_said(w, b, "worksheet.key", "");
    buf_add(b, "</h1>\n<p class=\"dim\">");
    add_said(w, b, "worksheet.again", "<br>");
    buf_add(b, "</p>\n");
    html_lines(b, "out", buf_text(&line));
    buf_free(&line);
}

/* One exercise, on the sheet or worked out on the key. */
static struct error *add_part(struct sheets *w, struct paper *p, long i,
                              enum page page) {
    struct handout_order order = {.langs = w->order->langs, .answers = page == KEY};
    struct handout_part part = {.text = p->texts[i],
                                .n = (int)i + 1,
                                .kind = {p->kinds[i]->name, p->kinds[i]->ko},
                                .id = &w->id[page],
                                .figures = &w->figures[page]};
    struct error *e =
        handout_add_part(w->s, &order, &part, page == KEY ? &w->worked : &w->sheet);
    free(p->answers[i]);
    p->answers[i] = part.answer ? part.answer : mem_copy("");
    return e;
}

static struct out_table *open_answers(struct sheets *w) {
    struct out_table *t = table_new((int)w->count + 1);
    table_cell(t, "", OUT_STRONG);
    for (long i = 0; i < w->count; i++)
        table_cell(t, NUM(w->s->out, (double)(i + 1)), OUT_STRONG);
    return t;
}

static struct error *add_student(struct sheets *w, size_t student,
                                 struct out_table *answers) {
    struct paper p;
    struct error *e = open_paper(w, &p, student);
    if (!e) add_front(w, &p);
    if (w->students) html_tag(&w->worked, "h1", p.label);
    for (long i = 0; i < w->count && !e; i++) {
        e = add_part(w, &p, i, SHEET);
        if (!e) e = add_part(w, &p, i, KEY);
    }
    buf_add(&w->sheet, "</article>\n");
    if (!e && w->students) {
        table_cell(answers, p.label, OUT_PLAIN);
        for (long i = 0; i < w->count; i++)
            table_cell(answers, p.answers[i], OUT_PLAIN);
    }
    close_paper(w, &p);
    return e;
}

static struct error *make(struct sheets *w) {
    struct error *e = NULL;
    size_t n = w->students ? w->names.n : 1;
    struct out_table *answers = open_answers(w);
    begin_page(w, SHEET);
    begin_page(w, KEY);
    add_recipe(w);
    for (size_t i = 0; i < n && !e; i++) e = add_student(w, i, answers);
    if (w->students) html_table(&w->key, answers, 1, NULL);
    buf_add_n(&w->key, buf_text(&w->worked), w->worked.len);
    html_close(&w->sheet);
    html_close(&w->key);
    table_free(answers);
    return e;
}

/* ---- where they go ---- */

/* f.html and f-key.html: over earlier ones where a person named them. */
static struct error *write_named(struct sheets *w, char **sheet, char **key) {
    const char *dot = strrchr(w->to, '.');
    size_t n =
        dot && strcasecmp(dot, ".html") == 0 ? (size_t)(dot - w->to) : strlen(w->to);
    struct buf b = {0};
    buf_add_n(&b, w->to, n);
    buf_add(&b, "-key.html");
    *sheet = mem_copy(w->to);
    *key = w->answers ? mem_copy(w->to) : mem_copy(buf_text(&b));
    buf_free(&b);
    struct error *e = file_check_again(*sheet, html_mark);
    if (!e) e = file_write_again(*key, html_mark, w->key.data, w->key.len);
    if (!e && !w->answers) e = file_write(*sheet, w->sheet.data, w->sheet.len);
    return e;
}

/* No seed in the names: students see them. */
static struct error *write_free(struct sheets *w, char **sheet, char **key) {
    struct error *e =
        file_write_free("worksheet-key", ".html", w->key.data, w->key.len, key);
    if (!e && !w->answers)
        e = file_write_free("worksheet", ".html", w->sheet.data, w->sheet.len, sheet);
    return e;
}

static struct error *write_all(struct sheets *w) {
    struct out *o = w->s->out;
    char *sheet = NULL, *key = NULL;
    struct error *e =
        w->to ? write_named(w, &sheet, &key) : write_free(w, &sheet, &key);
    const char *say = w->students ? "worksheet.for-all" : "worksheet.written";
    if (!e && !w->answers)
        out_say(o, say, "file", sheet, "n", NUM(o, (double)w->count), "students",
                NUM(o, (double)w->names.n), NULL);
    if (!e) {
        char seed[24];
        snprintf(seed, sizeof seed, "%lld", w->seed);
        out_say(o, "worksheet.key-written", "file", key, "seed", seed, NULL);
    }
    free(sheet);
    free(key);
    return e;
}

static struct error *fits(const struct sheets *w) {
    char most[24];
    double all = (double)w->count * (double)w->names.n;
    snprintf(most, sizeof most, "%d", ALL_MOST);
    if (all <= (double)ALL_MOST) return NULL;
    return error_new("worksheet-many", "all", NUM(w->s->out, all), "most", most, NULL);
}

int worksheet(struct session *s, const struct worksheet_order *o) {
    struct sheets w = {
        .s = s, .order = o, .count = 0, .seed = -1, .to = o->to, .answers = o->answers};
    struct error *e = read_words(&w);
    int status = e ? WRONG : 0;
    if (!w.count) w.count = w.n_kinds > COUNT ? w.n_kinds : COUNT;
    if (w.seed < 0) w.seed = other_seed();
    if (!e && w.students) e = names_read(w.students, &w.names);
    if (!e) e = fits(&w);
    if (!e) e = make(&w);
    if (!e) e = write_all(&w);
    names_free(&w.names);
    buf_free(&w.sheet);
    buf_free(&w.key);
    buf_free(&w.worked);
    if (!e) return 0;
    out_error(s->out, e);
    error_free(e);
    return status ? status : 1;
}
