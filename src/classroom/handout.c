#include "classroom/handout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "board/compile.h"
#include "classroom/caught.h"
#include "classroom/figure.h"
#include "classroom/html.h"
#include "explain/blanks.h"
#include "lesson/lesson.h"
#include "lesson/load.h"
#include "lesson/play.h"
#include "lesson/progress.h"
#include "lesson/slips.h"
#include "lesson/steps.h"
#include "text/number.h"

/* One language's reading of the lesson. */
struct reading {
    enum text_lang lang;
    const struct handout_order *order;
    struct session *s;
    struct out shown, hushed; /* what is caught; what nobody hears */
    FILE *errors;             /* what gnuplot lacks, into trouble; or NULL */
    char *trouble;
    size_t n_trouble;
    struct lesson *lesson; /* the session's */
    struct caught caught;  /* of the step in hand */
    const struct step *step;
    const cJSON *records; /* what the person answered; or NULL */
    struct record record; /* this question's */
    bool exercise;        /* it is one */
    bool behind;          /* … and this its question: all is the answer's */
};

/* ---- words ---- */

static void say(struct reading *r, struct buf *b, const char *tag, const char *key) {
    char *s = out_sentence(&r->shown, key, NULL);
    html_tag(b, tag, s);
    free(s);
}

static const char *text_of(const struct reading *r, const cJSON *json) {
    return lesson_text(json, r->lang);
}

static const cJSON *field_of(const cJSON *object, const char *name) {
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static void add_list(struct reading *r, struct buf *b, const char *tag,
                     const cJSON *texts) {
    const cJSON *one;
    html_begin(b, tag);
    cJSON_ArrayForEach(one, texts) html_words(b, "li", text_of(r, one));
    html_end(b, tag);
}

/* ---- what a step has, beside what its lines show ---- */

static void add_choices(struct reading *r, struct buf *b, const cJSON *json) {
    add_list(r, b, "ol class=\"choices\"", json);
}

/* Room for the answer is where none will stand. */
static bool has_room(const struct reading *r) {
    const struct handout_order *o = r->order;
    return r->step->kind->answer && !o->answers && !o->teacher && !o->mine;
}

static void add_within(struct reading *r, struct buf *b, const cJSON *json) {
    double within = json->valuedouble;
    char *s = out_sentence(&r->shown, within > 0 ? "handout.within" : "handout.exactly",
                           "within", NUM(&r->shown, within), NULL);
    buf_add(b, has_room(r) ? "<p><span class=\"line\"></span> " : "<p>");
    html_tag(b, "span class=\"dim\"", s);
    html_end(b, "p");
    free(s);
}

/* A word; or a command, for which there is more. */
static void add_room(struct reading *r) {
    static const char word[] = "<div class=\"write\"></div>\n";
    if (!has_room(r) || r->step->kind->sketch || lesson_field(r->step, "choices") ||
        lesson_field(r->step, "within"))
        return;
    struct buf *b = caught_block(&r->caught);
    if (r->step->kind->settled) say(r, b, "p class=\"dim\"", "handout.try");
    buf_printf(b, "%s%s", word, r->step->kind->settled ? word : "");
    caught_end(&r->caught);
}

static void add_commands(struct reading *r, struct buf *b, const cJSON *json) {
    const cJSON *line;
    cJSON_ArrayForEach(line, json) html_lines(b, "cmd", text_of(r, line));
}

static void add_prose(struct reading *r, struct buf *b, const cJSON *json) {
    html_prose(b, text_of(r, json));
}

static void add_hints(struct reading *r, struct buf *b, const cJSON *json) {
    say(r, b, "p class=\"dim\"", "handout.hints");
    add_list(r, b, "ol", json);
}

static void add_note(struct reading *r, struct buf *b, const cJSON *json) {
    html_begin(b, "div class=\"note\"");
    say(r, b, "p class=\"dim\"", "handout.note");
    html_prose(b, text_of(r, json));
    html_end(b, "div");
}

/* What a student may answer, and what is said to it; a choice as on the page. */
static void add_slips(struct reading *r, struct buf *b, const cJSON *json) {
    struct slip slip = {0};
    (void)json;
    say(r, b, "p class=\"dim\"", "handout.slips");
    html_begin(b, "dl");
    while (slip_next(r->s, r->step, &slip)) {
        if (slip.choice) buf_printf(&slip.typed, ". %s", text_of(r, slip.choice));
        html_tag(b, "dt", buf_text(&slip.typed));
        html_begin(b, "dd");
        html_prose(b, text_of(r, slip.say));
        html_end(b, "dd");
    }
    html_end(b, "dl");
}

enum edition { STUDENTS, ANSWERS, TEACHERS };

/* To add what a step may have: a row. They stand in this order; those of an edition
 * with answers come behind the answer. */
// clang-format off
static const struct part {
    const char *field;
    enum edition from;
    void (*add)(struct reading *r, struct buf *b, const cJSON *json);
} parts[] = {
    {"choices", STUDENTS, add_choices},
    {"within",  STUDENTS, add_within},
    {"lines",   STUDENTS, add_commands},
    {"why",     ANSWERS,  add_prose},
    {"hints",   TEACHERS, add_hints},
    {"slips",   TEACHERS, add_slips},
    {"wrong",   TEACHERS, add_slips},
};
// clang-format on
enum { PARTS = sizeof parts / sizeof *parts };

static enum edition edition_of(const struct handout_order *o) {
    return o->teacher ? TEACHERS : o->answers ? ANSWERS : STUDENTS;
}

static void add_parts(struct reading *r, bool behind) {
    for (int i = 0; i < PARTS; i++) {
        const cJSON *json = lesson_field(r->step, parts[i].field);
        bool is_behind = parts[i].from > STUDENTS;
        if (!json || parts[i].from > edition_of(r->order) || is_behind != behind)
            continue;
        parts[i].add(r, caught_block(&r->caught), json);
        caught_end(&r->caught);
    }
}

/* ---- a step ---- */

/* The answer as a person would type it; empty where none could be worked out. */
static char *answer_of(struct reading *r) {
    struct buf b = {0};
    error_free(r->step->kind->solution(r->s, r->step, &b));
    return buf_take(&b);
}

/* What became of the question. Who solved it typed the answer, or as good as that; a
 * command is the person's own, and nowhere kept. */
static void add_mine(struct reading *r) {
    static const char *const keys[RESULTS] = {"handout.open", "handout.skipped",
                                              "handout.solved"};
    const struct record *mine = &r->record;
    struct buf before = {0}, *b = caught_block(&r->caught);
    for (int i = 0; i < RECORD_WRONG && mine->wrong[i]; i++)
        buf_printf(&before, "%s%s", i ? ", " : "", mine->wrong[i]);
    bool typed = mine->result == RESULT_SOLVED && !r->step->kind->settled;
    char *answer = typed ? answer_of(r) : mem_copy("");
    char *s =
        out_sentence(&r->shown, typed ? "handout.mine" : keys[mine->result], "answer",
                     answer, "tries", NUM(&r->shown, mine->tries), NULL);
    html_tag(b, "p", s);
    free(s);
    if (before.len) {
        s = out_sentence(&r->shown, "handout.before", "answers", buf_text(&before),
                         NULL);
        html_tag(b, "p class=\"dim\"", s);
        free(s);
    }
    caught_end(&r->caught);
    free(answer);
    buf_free(&before);
}

/* Heard where the edition has answers; done in any case: later steps stand on it. */
static void answer(struct reading *r) {
    bool heard = edition_of(r->order) >= ANSWERS;
    add_room(r);
    r->caught.answer = true;
    if (r->order->mine) add_mine(r);
    r->s->out = heard ? &r->shown : &r->hushed;
    r->step->kind->reveal(r->s, r->step);
    if (heard) add_parts(r, true);
    r->s->out = &r->hushed;
    play_pass(r->s, RESULT_SKIPPED);
    r->shown.digits = heard ? r->shown.digits : r->hushed.digits; /* it may set them */
    r->hushed.digits = r->shown.digits;
    r->s->out = &r->shown;
    caught_end(&r->caught);
}

static void run_line(struct reading *r, const char *line) {
    r->caught.page.command(&r->caught, line);
    struct error *e = desk_run(r->s, line, true);
    if (e && !error_is_stop(e)) {
        struct buf said = {0};
        text_add_error(r->shown.text, &said, e);
        r->caught.page.lines(&r->caught, buf_text(&said));
        buf_free(&said);
    }
    error_free(e);
}

/* What is drawn of the graph that the line behind the question works out. */
static const struct {
    const char *command;
    int which;
} worked[] = {{"forward ", BLANKS_FORWARD}, {"backward ", BLANKS_BOTH}};

static bool is_of_numbers(const struct blank *blanks, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (blanks[i].node->size != 1) return false;
    return n;
}

static void draw_boxes(struct reading *r, const char *name, int which) {
    struct compiled c;
    struct blank *blanks;
    size_t n = 0;
    struct error *e = compile_name(&c, r->s->board, name, 0);
    if (e) {
        error_free(e);
        return;
    }
    if (!graph_forward(c.graph)) e = interrupt_stopped();
    if (!e) e = blanks_list(&c, which, &blanks, &n);
    if (!e && is_of_numbers(blanks, n)) {
        bool *filled = mem_alloc(n, sizeof *filled);
        blanks_draw(&r->shown, &c, which, blanks, n, filled);
        free(filled);
    }
    error_free(e);
    compile_close(&c);
}

/* Where it is worked out gate by gate: the graph, its boxes empty. */
static void add_boxes(struct reading *r) {
    const struct lesson *l = r->lesson;
    const char *line = text_of(r, field_of(l->steps[l->n_steps - 1].json, "run"));
    for (size_t i = 0; i < sizeof worked / sizeof *worked; i++) {
        size_t n = strlen(worked[i].command);
        if (strncmp(line, worked[i].command, n) != 0) continue;
        size_t name = strcspn(line + n, "/"); /* of dE/dw the E */
        bool slope = line[n + name];
        char *root = mem_copy_n(line + n + slope, name - slope);
        draw_boxes(r, root, worked[i].which);
        free(root);
    }
}

/* The step's first field is what makes it one of its kind: a text, or a line. */
static void read_step(struct reading *r, int i) {
    play_stand(r->s, i);
    r->step = &r->lesson->steps[i];
    const struct step_kind *kind = r->step->kind;
    const cJSON *json = lesson_field(r->step, kind->name);
    record_clear(&r->record);
    r->record = record_read(field_of(r->records, r->step->name));
    caught_clear(&r->caught);
    r->caught.answer = r->behind;
    if (kind->makes && !kind->answer) run_line(r, text_of(r, json));
    else if (kind->show) html_prose(caught_block(&r->caught), text_of(r, json));
    else if (r->order->teacher) add_note(r, caught_block(&r->caught), json);
    caught_end(&r->caught);
    if (kind->sketch) kind->sketch(r->s, r->step);
    else if (kind->answer && r->exercise && !r->order->answers) add_boxes(r);
    caught_end(&r->caught);
    add_parts(r, false);
    if (kind->answer) answer(r);
    caught_end(&r->caught);
}

/* ---- the page ---- */

struct sheet {
    struct buf *b;
    struct reading *readings;
    int n, figures;
    bool open; /* a section is */
};

/* Block i of those before the answer, or of the answer's; NULL: there are no more. */
static const char *block_at(const struct sheet *h, int k, bool answer, size_t i) {
    const struct caught *c = &h->readings[k].caught;
    size_t before = 0;
    while (before < c->n && !c->at[before].answer) before++;
    if (answer) i += before;
    return i < (answer ? c->n : before) ? c->at[i].html : NULL;
}

static bool all_same(const struct sheet *h, bool answer, size_t i) {
    const char *first = block_at(h, 0, answer, i);
    for (int k = 1; k < h->n; k++)
        if (strcmp(first, block_at(h, k, answer, i)) != 0) return false;
    return true;
}

static void add_row(struct sheet *h, bool answer, size_t from, size_t to) {
    buf_add(h->b, "<div class=\"row\">\n");
    for (int k = 0; k < h->n; k++) {
        const char *html;
        const char *lang = text_lang_name(h->readings[k].lang);
        buf_printf(h->b, "<div lang=\"%s\">\n", lang);
        for (size_t i = from; i < to && (html = block_at(h, k, answer, i)); i++)
            figure_number(h->b, html, &h->figures);
        buf_add(h->b, "</div>\n");
    }
    buf_add(h->b, "</div>\n");
}

/* Block beside block, what is the same in all languages once; where one has more of
 * them, all beside all. */
static void add_blocks(struct sheet *h, bool answer) {
    bool even = true;
    size_t most = 0;
    for (int k = 0; k < h->n; k++) {
        size_t n = 0;
        while (block_at(h, k, answer, n)) n++;
        even &= k == 0 || n == most;
        if (n > most) most = n;
    }
    if (!most) return;
    if (answer) buf_add(h->b, "<div class=\"answer\">\n");
    for (size_t i = 0; even && i < most; i++) {
        if (all_same(h, answer, i))
            figure_number(h->b, block_at(h, 0, answer, i), &h->figures);
        else add_row(h, answer, i, i + 1);
    }
    if (!even) add_row(h, answer, 0, most);
    if (answer) buf_add(h->b, "</div>\n");
}

static void end_section(struct sheet *h) {
    if (h->open) buf_add(h->b, "</section>\n");
    h->open = false;
}

/* kinds: of an exercise, in each language; NULL: a step of a lesson. */
static void begin_section(struct sheet *h, int id, int number,
                          const char *const kinds[]) {
    end_section(h);
    h->open = true;
    buf_printf(h->b, "<section aria-labelledby=\"s%d\">\n<h2 id=\"s%d\">", id, id);
    for (int k = 0; k < h->n; k++) {
        struct out *o = &h->readings[k].shown;
        const char *kind = kinds ? kinds[h->readings[k].lang] : NULL;
        char *s = kind && k ? mem_copy(kind)
                            : out_sentence(o, kind ? "worksheet.head" : "handout.step",
                                           "n", NUM(o, number), "kind", kind, NULL);
        buf_printf(h->b, "%s<span lang=\"%s\">", k ? " · " : "",
                   text_lang_name(h->readings[k].lang));
        html_text(h->b, s);
        buf_add(h->b, "</span>");
        free(s);
    }
    buf_add(h->b, "</h2>\n");
}

/* The question in learn as a page, which knows such addresses (page/link.js): a lesson
 * of one's own stands beside it. Its words are the address, for paper. */
static void add_live(struct sheet *h, const struct reading *first) {
    const struct handout_order *o = first->order;
    struct buf at = {0};
    bool own = o->word[strspn(o->word, "0123456789")];
    const char *slash = strrchr(o->word, '/');
    buf_printf(&at, "%s#", o->live);
    if (own) buf_add(&at, slash ? slash + 1 : o->word);
    else buf_printf(&at, "lesson+%s+step+%d", o->word, first->step->number);
    buf_add(h->b, "<p class=\"dim\">▶ <a href=\"");
    html_text(h->b, buf_text(&at));
    buf_add(h->b, "\">");
    html_text(h->b, strstr(buf_text(&at), "://") + strlen("://"));
    buf_add(h->b, "</a></p>\n");
    buf_free(&at);
}

/* A note, which doesn't count, stands with the step that it is about. */
static void add_step(struct sheet *h, int i) {
    for (int k = 0; k < h->n; k++) read_step(&h->readings[k], i);
    const struct reading *first = &h->readings[0];
    if (!first->caught.n) return;
    int number = first->step->number;
    if (first->step->kind->show) begin_section(h, number, number, NULL);
    if (first->order->live && first->step->kind->answer) add_live(h, first);
    add_blocks(h, false);
    add_blocks(h, true);
}

static char *title_of(struct reading *r) {
    const cJSON *title = field_of(r->lesson->doc.root, "title");
    return out_sentence(&r->shown, lesson_says(r->lesson, SAYS_TITLE), "n",
                        NUM(&r->shown, r->lesson->number), "title", text_of(r, title),
                        NULL);
}

static void add_front(struct reading *r) {
    const cJSON *root = r->lesson->doc.root;
    struct buf *b = caught_block(&r->caught);
    char *minutes =
        out_sentence(&r->shown, r->order->teacher ? "play.goals" : "handout.goals",
                     "minutes", NUM(&r->shown, json_number(root, "minutes", 0)), NULL);
    html_tag(b, "p", minutes);
    add_list(r, b, "ul", field_of(root, "goals"));
    free(minutes);
    if (!r->order->teacher) {
        buf_add(b, "<p>");
        say(r, b, "span", "handout.name");
        buf_add(b, "<span class=\"line\"></span> ");
        say(r, b, "span", "handout.date");
        buf_add(b, "<span class=\"line\"></span></p>\n");
    }
    caught_end(&r->caught);
}

static void add_head(struct sheet *h) {
    struct buf all = {0}, heads = {0};
    for (int k = 0; k < h->n; k++) {
        struct reading *r = &h->readings[k];
        char *title = title_of(r);
        buf_printf(&all, "%s%s", k ? " / " : "", title);
        buf_printf(&heads, "<span lang=\"%s\">", text_lang_name(r->lang));
        html_text(&heads, title);
        buf_add(&heads, "</span>\n");
        free(title);
    }
    html_open(h->b, text_lang_name(h->readings[0].lang), buf_text(&all),
              h->n > 1 ? "lesson both" : "lesson");
    buf_printf(h->b, "<h1>%s</h1>\n", buf_text(&heads));
    buf_free(&all);
    buf_free(&heads);
    for (int k = 0; k < h->n; k++) add_front(&h->readings[k]);
    add_blocks(h, false);
}

/* ---- playing ---- */

/* A session of its own: a lesson in hand, the person's board and progress are not
 * touched. text: of a lesson that stands in no file, or NULL. */
static struct error *open_reading(struct reading *r, struct session *s,
                                  const char *path, const char *text) {
    struct error *e = text ? lesson_parse(s->home, mem_copy(text), path, &r->lesson)
                           : lesson_load(s->home, path, NULL, &r->lesson);
    if (e) return e;
    caught_open(&r->caught);
    r->errors = open_memstream(&r->trouble, &r->n_trouble);
    r->shown = (struct out){.file = stdout,
                            .errors = r->errors,
                            .page = &r->caught.page,
                            .width = 80,
                            .digits = 6,
                            .text = text_open(r->lang)};
    r->hushed = r->shown;
    r->hushed.file = r->hushed.errors = NULL;
    r->hushed.page = NULL;
    r->s = session_open(&r->shown, s->tables);
    r->s->home = s->home;
    r->s->stop = s->stop;
    desk_of(r->s)->practice = true;
    return play_open(r->s, r->lesson);
}

/* In one line, and once. */
static void tell_trouble(struct reading *r, const struct out *o) {
    if (!r->errors || fflush(r->errors) != 0 || !r->n_trouble) return;
    for (char *at = r->trouble; *at; at++)
        if (*at == '\n') *at = at[1] ? ' ' : '\n';
    if (o->errors) fputs(r->trouble, o->errors);
}

static void close_reading(struct reading *r) {
    if (!r->s) return;
    if (r->errors) fclose(r->errors);
    free(r->trouble);
    record_clear(&r->record);
    r->s->out = &r->hushed;
    session_close(r->s);
    text_close(r->shown.text);
    caught_close(&r->caught);
}

static struct error *open_all(struct sheet *h, struct session *s,
                              const struct handout_order *o, const char *path,
                              const char *text) {
    struct error *e = NULL;
    for (enum text_lang lang = 0; lang < TEXT_LANGS && !e; lang++) {
        if (!(o->langs >> lang & 1)) continue;
        struct reading *r = &h->readings[h->n++];
        r->lang = lang;
        r->order = o;
        e = open_reading(r, s, path, text);
    }
    return e;
}

static struct error *make(struct session *s, const struct handout_order *o,
                          const char *path, const struct progress *p,
                          struct reading *readings, struct buf *b) {
    struct sheet h = {.b = b, .readings = readings};
    struct error *e = open_all(&h, s, o, path, NULL);
    if (e) return e;
    const cJSON *entry = p ? progress_of(p, readings[0].lesson->id) : NULL;
    for (int k = 0; k < h.n; k++) readings[k].records = field_of(entry, "records");
    add_head(&h);
    for (int i = 0; i < readings[0].lesson->n_steps && !session_stopped(s); i++)
        add_step(&h, i);
    end_section(&h);
    html_close(b);
    return session_stopped(s) ? interrupt_stopped() : NULL;
}

struct error *handout_make(struct session *s, const struct handout_order *o,
                           struct buf *page) {
    struct reading readings[TEXT_LANGS] = {0};
    char *path;
    struct error *e = lesson_file(s, o->word, &path);
    if (e) return e;
    struct progress *p = o->mine ? progress_open(s->out) : NULL;
    e = make(s, o, path, p, readings, page);
    tell_trouble(&readings[0], s->out);
    progress_close(p);
    for (int k = 0; k < TEXT_LANGS; k++) close_reading(&readings[k]);
    free(path);
    return e;
}

/* ---- an exercise ---- */

static void add_exercise(struct sheet *h, struct session *s, bool answers,
                         struct handout_part *part) {
    struct reading *first = &h->readings[0];
    for (int k = 0; k < h->n; k++) h->readings[k].exercise = true;
    begin_section(h, ++*part->id, part->n, part->kind);
    for (int i = 0; i < first->lesson->n_steps && !session_stopped(s); i++) {
        if (first->behind && !answers) break;
        for (int k = 0; k < h->n; k++) read_step(&h->readings[k], i);
        add_blocks(h, false);
        add_blocks(h, true);
        if (!first->step->kind->answer) continue;
        free(part->answer);
        part->answer = answer_of(first);
        for (int k = 0; k < h->n; k++) h->readings[k].behind = true;
    }
    end_section(h);
}

struct error *handout_add_part(struct session *s, const struct handout_order *o,
                               struct handout_part *part, struct buf *page) {
    struct reading readings[TEXT_LANGS] = {0};
    struct sheet h = {.b = page, .readings = readings, .figures = *part->figures};
    struct error *e = open_all(&h, s, o, "worksheet", part->text);
    if (!e) add_exercise(&h, s, o->answers, part);
    *part->figures = h.figures;
    tell_trouble(&readings[0], s->out);
    for (int k = 0; k < TEXT_LANGS; k++) close_reading(&readings[k]);
    return e ? e : session_stopped(s) ? interrupt_stopped() : NULL;
}

/* ---- where it goes ---- */

/* lesson-3; of ./cafe.json cafe. */
static char *stem_for(const char *word) {
    struct buf b = {0};
    const char *slash = strrchr(word, '/'), *name = slash ? slash + 1 : word;
    const char *end = strstr(name, ".json");
    if (!end) buf_add(&b, "lesson-");
    buf_add_n(&b, name, end ? (size_t)(end - name) : strlen(name));
    return buf_take(&b);
}

/* Over an earlier page only where a person named it, and never over anything else. */
static struct error *write_page(const struct handout_order *o, const struct buf *page,
                                char **name) {
    *name = o->to ? mem_copy(o->to) : NULL;
    if (o->to) return file_write_again(o->to, html_mark, page->data, page->len);
    char *stem = stem_for(o->word);
    struct error *e = file_write_free(stem, ".html", page->data, page->len, name);
    free(stem);
    return e;
}

int handout(struct session *s, const struct handout_order *o) {
    struct buf page = {0};
    struct error *e = handout_make(s, o, &page);
    bool here = o->to ? strcmp(o->to, "-") == 0 : !s->out->terminal;
    if (!e && here) {
        out_puts(s->out, buf_text(&page));
    } else if (!e) {
        char *name;
        e = write_page(o, &page, &name);
        if (!e) out_say(s->out, "handout.written", "file", name, NULL);
        free(name);
    }
    buf_free(&page);
    if (!e) return 0;
    out_error(s->out, e);
    error_free(e);
    return 1;
}
