/* The commands of the lesson room. To add one: a row in the table and a function; its
 * sentence is "command.NAME" in text/words/lesson.json. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "board/compile.h"
#include "board/offer.h"
#include "lesson/lesson.h"
#include "lesson/load.h"
#include "lesson/play.h"
#include "lesson/progress.h"
#include "lesson/resume.h"
#include "lesson/saying.h"
#include "lesson/take.h"
#include "lesson/wording.h"
#include "session/help.h"
#include "session/run.h"
#include "text/number.h"
#include "text/table.h"

enum { MOST_LESSONS = 200, LESSON_MOST = 9999 };

/* ---- opening ---- */

static struct error *no_lesson(struct session *s, int number) {
    int numbers[MOST_LESSONS];
    int n = lesson_numbers(s->home, LESSONS_COURSE, numbers, MOST_LESSONS);
    struct buf known = {0};
    for (int i = 0; i < n; i++) buf_printf(&known, "%s%d", i ? ", " : "", numbers[i]);
    struct error *e = error_new(n ? "no-lesson" : "no-lessons", "number",
                                NUM(s->out, number), "known", buf_text(&known), NULL);
    buf_free(&known);
    return e;
}

/* The lesson's own lines may not turn its pages. */
static struct error *refuse_inside(const struct session *s) {
    if (s->sandbox) return error_new("lesson-inside", NULL);
    const struct lesson_play *p = desk_here(s);
    return p && p->talk ? error_new("lesson-talk", NULL) : NULL;
}

static struct error *refuse_outside(const struct session *s) {
    struct error *e = refuse_inside(s);
    return e || desk_holds(s) ? e : error_new("lesson-outside", NULL);
}

/* Its file: the program's, or one of the person's own, the one played last: entries
 * stand in the order in which they were, which within a second says more than `when`.
 * NULL: there is none; owned. */
static char *find(struct session *s, int number) {
    char *path = lesson_find(s->home, number);
    double newest = -1;
    const cJSON *entry;
    if (path) return path;
    cJSON_ArrayForEach(entry, progress_all(desk_progress(s))) {
        const char *file = json_string(entry, "file");
        double when = json_number(entry, "when", 0);
        if (!file || json_whole(entry, "number", -1) != number || when < newest ||
            access(file, R_OK) != 0)
            continue;
        newest = when;
        free(path);
        path = mem_copy(file);
    }
    return path;
}

bool lesson_is_named(const char *word) {
    const char *dot = strrchr(word, '.');
    size_t digits = strspn(word, "0123456789");
    bool number = digits && digits <= 4 && !word[digits];
    return number || strchr(word, '/') || (dot && strcmp(dot, ".json") == 0);
}

struct error *lesson_file(struct session *s, const char *word, char **path) {
    bool number = word[strspn(word, "0123456789")] == '\0';
    int n = number ? (int)strtol(word, NULL, 10) : -1;
    *path = number ? find(s, n) : mem_copy(word);
    return *path ? NULL : no_lesson(s, n);
}

/* The step of that number or name, from 1; 0: there is none. */
static int step_at(const struct lesson *l, const char *word) {
    for (int i = 0; i < l->n_steps; i++) {
        if (strcmp(l->steps[i].name, word) == 0) return i + 1;
    }
    char *end;
    long n = strtol(word, &end, 10);
    bool is = !*end && n >= 1 && n <= l->n_shown;
    return is ? lesson_find_step(l, (int)n) + 1 : 0;
}

/* step NULL: where it was left. */
static struct error *open_at(struct session *s, const char *path, const char *step,
                             bool at_prompt) {
    struct lesson *l;
    struct error *e = lesson_load(s->home, path, NULL, &l);
    if (e) return e;
    int at = step ? step_at(l, step) : 0;
    if (step && !at) {
        e = error_new("lesson-no-step", "n", NUM(s->out, l->n_shown), NULL);
        lesson_free(l);
        return e;
    }
    lesson_set_own(s->home, l);
    if ((e = play_open(s, l))) return e;
    struct lesson_play *p = desk_here(s);
    p->at_prompt = at_prompt;
    bool first = s->interactive && !l->own && l->number > 0 &&
                 !progress_all(desk_progress(s))->child;
    if (first) out_say(s->out, "play.first-is-0", NULL);
    progress_begin(desk_progress(s), l->id);
    if (at) {
        resume_records(s);
        if ((e = play_jump(s, at - 1))) desk_leave(s);
    } else if (!resume_load(s, &e)) {
        play_go(s, 0);
    }
    return e || desk_holds(s) ? e : interrupt_stopped();
}

/* Is something else asked first? */
static bool is_put_off(struct session *s, const char *word, const char *step,
                       bool at_prompt) {
    return !step && s->before && s->before(s, word, at_prompt);
}

struct error *lesson_open(struct session *s, const char *word, const char *step) {
    char *path;
    struct error *e = lesson_file(s, word, &path);
    if (!e && is_put_off(s, word, step, false)) e = NULL;
    else if (!e) e = open_at(s, path, step, false);
    free(path);
    return e;
}

/* Is it the lesson in hand that is asked for, by its number or without a word? */
static bool is_here(const struct session *s, const char *word) {
    if (!desk_holds(s) || desk_here(s)->host) return false;
    if (!word) return true;
    const struct lesson *l = desk_here(s)->lesson;
    char *ours = l->own ? lesson_find(s->home, l->number) : NULL;
    bool same = !ours && strcmp(word, NUM(s->out, l->number)) == 0;
    free(ours);
    return same;
}

static struct error *open_word(struct session *s, const char *word, const char *step) {
    char *path;
    bool at_prompt = !desk_holds(s) || desk_here(s)->at_prompt;
    if (step && is_here(s, word)) {
        int at = step_at(desk_here(s)->lesson, step);
        if (at) return play_jump(s, at - 1);
    }
    const char *wanted = word ? word : NUM(s->out, lesson_suggested(s, NULL));
    struct error *e = lesson_file(s, wanted, &path);
    if (!e && is_put_off(s, wanted, step, at_prompt)) e = NULL;
    else if (!e) e = open_at(s, path, step, at_prompt);
    free(path);
    return e;
}

/* lesson 17.26, as the prompt writes a step. */
static bool read_place(const struct stmt *c, size_t *lesson, size_t *step) {
    const char *s = c->source + strcspn(c->source, "0123456789");
    size_t n = strspn(s, "0123456789"), more = 0;
    if (s[n] == '.') more = strspn(s + n + 1, "0123456789");
    bool is = n && more && !s[n + 1 + more] && c->n_items == 1 && !c->n_clauses;
    if (!is) return false;
    *lesson = (size_t)strtol(s, NULL, 10);
    *step = (size_t)strtol(s + n + 1, NULL, 10);
    return *lesson <= LESSON_MOST && *step >= 1 && *step <= LESSON_MOST;
}

/* The name of a step, lesson 7 step from-a-friend, which is no formula; the caller's.
 * NULL: there is none. */
static char *read_name(const struct stmt *c) {
    static const char word[] = " step ";
    const char *from = strstr(c->source, word);
    if (!from || !stmt_clause(c, "step")) return NULL;
    from += strlen(word);
    from += strspn(from, " ");
    char *name = mem_copy_n(from, strcspn(from, " "));
    if (lesson_is_id(name) && name[strspn(name, "0123456789")]) return name;
    free(name);
    return NULL;
}

/* lesson 3, lesson "mine.json" */
static struct error *run_lesson(struct session *s, const struct stmt *c) {
    size_t asked = 0, at = 0;
    const char *file = c->n_items == 1 ? c->items[0].text : NULL;
    struct error *e = refuse_inside(s);
    bool place = !file && read_place(c, &asked, &at);
    if (!e && c->n_items && !file && !place)
        e = stmt_whole(s, c, NULL, 0, LESSON_MOST, &asked);
    char *name = read_name(c);
    if (!e && !place && !name) e = stmt_whole(s, c, "step", 1, LESSON_MOST, &at);
    if (!e && file && !lesson_is_named(file))
        e = error_at(error_new("lesson-ending", "file", file, NULL), c->items[0].at);
    const char *word = file ? file : c->n_items ? NUM(s->out, (double)asked) : NULL;
    const char *step = name ? name : at ? NUM(s->out, (double)at) : NULL;
    if (!e) e = open_word(s, word, step);
    free(name);
    return e;
}

/* ---- lists ---- */

static struct tally count(const cJSON *entry) {
    const cJSON *each;
    struct tally t = {0};
    cJSON_ArrayForEach(each, cJSON_GetObjectItemCaseSensitive(entry, "records")) {
        struct record r = record_read(each);
        tally_add(&t, &r);
        record_clear(&r);
    }
    return t;
}

static void say_cell(struct session *s, struct out_table *t, const char *key, double n,
                     double all, enum out_colour ink) {
    struct buf b = {0};
    text_add(s->out->text, &b, key, "n", NUM(s->out, n), "all", NUM(s->out, all), NULL);
    table_cell(t, buf_text(&b), ink);
    buf_free(&b);
}

/* Number, title, of `lessons` minutes, what was solved, and at the first try; of
 * `progress` also what was solved with hints, and skipped. */
static void add_row(struct session *s, struct out_table *t, const struct progress *p,
                    const char *path, bool started_only) {
    struct lesson *l = NULL;
    struct error *e = lesson_load(s->home, path, NULL, &l);
    if (e) out_error(s->out, e); /* a file that can't be read is told, not left out */
    error_free(e);
    if (!l) return;
    lesson_set_own(s->home, l);
    const cJSON *root = l->doc.root, *entry = progress_of(p, l->id);
    int number = l->number;
    struct tally n = count(entry);
    double all = json_number(entry, "questions", 0);
    bool done = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "done"));
    if (entry || !started_only) {
        table_cell(t, NUM(s->out, number), OUT_STRONG);
        table_cell(t, desk_text(s, cJSON_GetObjectItemCaseSensitive(root, "title")),
                   OUT_PLAIN);
        if (!started_only) {
            say_cell(s, t, "lessons.minutes", json_number(root, "minutes", 0), 0,
                     OUT_DIM);
        }
        const char *of = entry ? "progress.of" : "progress.nothing";
        say_cell(s, t, of, n.of[RESULT_SOLVED], all, OUT_VALUE);
        table_cell(t, entry ? NUM(s->out, n.first) : "", OUT_VALUE);
        if (started_only) {
            table_cell(t, NUM(s->out, n.hinted), OUT_VALUE);
            table_cell(t, NUM(s->out, n.of[RESULT_SKIPPED]), OUT_VALUE);
        }
        say_cell(s, t, done ? "progress.done" : "progress.nothing", 0, 0, OUT_VALUE);
    }
    lesson_free(l);
}

static void add_heads(struct session *s, struct out_table *t, bool started_only) {
    static const struct {
        const char *key;
        bool lessons, progress;
    } heads[] = {{"progress.nothing", true, true},  {"progress.lesson", true, true},
                 {"progress.nothing", true, false}, {"progress.solved", true, true},
                 {"progress.first", true, true},    {"progress.hinted", false, true},
                 {"progress.skipped", false, true}, {"progress.nothing", true, true}};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (started_only ? heads[i].progress : heads[i].lessons)
            say_cell(s, t, heads[i].key, 0, 0, OUT_DIM);
    }
}

/* Those of the person's own that are still where they were. */
static void add_own(struct session *s, struct out_table *t, const struct progress *p,
                    bool started_only) {
    const cJSON *entry;
    cJSON_ArrayForEach(entry, progress_all(p)) {
        const char *file = json_string(entry, "file");
        if (file && access(file, R_OK) == 0) add_row(s, t, p, file, started_only);
    }
}

/* Those of the program's that stand in that folder. */
static void add_ours(struct session *s, struct out_table *t, const struct progress *p,
                     enum lessons which, bool started_only) {
    int numbers[MOST_LESSONS];
    int n = lesson_numbers(s->home, which, numbers, MOST_LESSONS);
    for (int i = 0; i < n; i++) {
        char *path = lesson_find(s->home, numbers[i]);
        if (path) add_row(s, t, p, path, started_only);
        free(path);
    }
}

/* The course and one's own, or the challenges; started_only: all that is begun. */
static void list(struct session *s, enum lessons which, bool started_only) {
    const struct progress *p = desk_progress(s);
    struct out_table *t = table_new(started_only ? 7 : 6);
    bool started = cJSON_GetArraySize(progress_all(p)) > 0;
    if (started) add_heads(s, t, started_only);
    add_ours(s, t, p, which, started_only);
    if (started_only) add_ours(s, t, p, LESSONS_CHALLENGES, true);
    if (which == LESSONS_COURSE) add_own(s, t, p, started_only);
    if (started || !started_only) table_print(s->out, t, started);
    else out_say(s->out, "progress.none", NULL);
    table_free(t);
}

static struct error *run_lessons(struct session *s, const struct stmt *c) {
    (void)c;
    int number;
    if (lesson_numbers(s->home, LESSONS_COURSE, &number, 1) == 0)
        return no_lesson(s, 0);
    list(s, LESSONS_COURSE, false);
    out_say(s->out, "lessons.try", "n", NUM(s->out, lesson_suggested(s, NULL)), NULL);
    return NULL;
}

static struct error *run_challenges(struct session *s, const struct stmt *c) {
    (void)c;
    int numbers[MOST_LESSONS];
    if (lesson_numbers(s->home, LESSONS_CHALLENGES, numbers, MOST_LESSONS) == 0)
        return no_lesson(s, 0);
    list(s, LESSONS_CHALLENGES, false);
    out_say(s->out, "lessons.try", "n", NUM(s->out, numbers[0]), NULL);
    return NULL;
}

struct error *lesson_progress(struct session *s, const struct stmt *c) {
    (void)c;
    list(s, LESSONS_COURSE, true);
    if (!desk_holds(s) || desk_here(s)->host) return NULL;
    struct lesson_play *p = desk_here(s);
    struct tally t = play_count(p);
    const struct lesson *l = p->lesson;
    int at = desk_step(s) ? desk_step(s)->number : l->n_shown;
    out_say(s->out, "progress.here", "n", NUM(s->out, p->lesson->number), "step",
            NUM(s->out, at), "steps", NUM(s->out, l->n_shown), "solved",
            NUM(s->out, t.of[RESULT_SOLVED]), "first", NUM(s->out, t.first), "hinted",
            NUM(s->out, t.hinted), "skipped", NUM(s->out, t.of[RESULT_SKIPPED]), "open",
            NUM(s->out, t.of[RESULT_OPEN]), NULL);
    p->moves++; /* no line of the student's to be judged */
    return NULL;
}

/* What the lesson of an entry is called today: one of the course may have moved. -1: it
 * is not there any more. */
static int number_of(struct session *s, const cJSON *entry) {
    if (!json_string(entry, "file")) return lesson_number_of(s->home, entry->string);
    int number = json_whole(entry, "number", -1);
    char *path = find(s, number);
    bool there = path != NULL;
    free(path);
    return there ? number : -1;
}

int lesson_suggested(struct session *s, bool *begun) {
    const struct progress *p = desk_progress(s); /* once: it looks at the file */
    const cJSON *entry;
    double newest = -1;
    int number = 0;
    cJSON_ArrayForEach(entry, progress_all(p)) {
        double when = json_number(entry, "when", 0);
        if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "done"))) continue;
        int its = number_of(s, entry);
        if (its >= 0 && when >= newest) {
            newest = when;
            number = its;
        }
    }
    if (begun) *begun = newest >= 0;
    return number;
}

/* ---- in a lesson ---- */

static struct error *run_next(struct session *s, const struct stmt *c) {
    (void)c;
    struct error *e = refuse_outside(s);
    if (e) return e;
    if (desk_step(s)) {
        play_next(s);
        return NULL;
    }
    const struct lesson *l = desk_here(s)->lesson;
    char *path = l->own ? NULL : lesson_find(s->home, l->number + 1);
    if (path) e = open_at(s, path, NULL, desk_here(s)->at_prompt);
    else out_say(s->out, l->own ? "play.own" : lesson_says(l, SAYS_LAST), NULL);
    free(path);
    return e;
}

static struct error *turn(struct session *s, void (*what)(struct session *s)) {
    struct error *e = refuse_outside(s);
    if (!e) what(s);
    return e;
}

static struct error *run_prev(struct session *s, const struct stmt *c) {
    (void)c;
    return turn(s, play_prev);
}

static struct error *run_hint(struct session *s, const struct stmt *c) {
    (void)c;
    struct error *e = refuse_outside(s);
    if (!e) play_hint(s);
    return e;
}

static struct error *run_skip(struct session *s, const struct stmt *c) {
    (void)c;
    return turn(s, play_skip);
}

static struct error *run_again(struct session *s, const struct stmt *c) {
    (void)c;
    return turn(s, play_again);
}

static struct error *run_leave(struct session *s, const struct stmt *c) {
    (void)c;
    struct error *e = refuse_outside(s);
    if (e) return e;
    const struct play_host *host = desk_here(s)->host;
    int number = desk_here(s)->lesson->number;
    play_leave(s);
    if (host) host->left(s);
    else out_say(s->out, "leave.done", "n", NUM(s->out, number), NULL);
    return NULL;
}

static bool offer_lesson(struct session *s, const char *before, struct offer *to) {
    if (before) return false;
    for (enum lessons which = 0; which < LESSONS_FOLDERS; which++) {
        int numbers[MOST_LESSONS];
        int n = lesson_numbers(s->home, which, numbers, MOST_LESSONS);
        for (int i = 0; i < n; i++) offer_word(to, NUM(s->out, numbers[i]));
    }
    return true;
}

const struct command lesson_commands[] = {
    {"lesson", "수업", "3 | \"mine.json\" [step 7]", "step", NULL, COMMAND_BARE,
     run_lesson, offer_lesson},
    {"lessons", NULL, "", "", "lessons", 0, run_lessons, NULL},
    {"challenges", "도전", "", "", "challenges", 0, run_challenges, NULL},
    {"next", "다음", "", "", NULL, 0, run_next, NULL},
    {"prev", "이전", "", "", NULL, 0, run_prev, NULL},
    {"hint", "힌트", "", "", NULL, 0, run_hint, NULL},
    {"skip", "건너뛰기", "", "", NULL, 0, run_skip, NULL},
    {"again", "다시", "", "", NULL, 0, run_again, NULL},
    {"leave", "나가기", "", "", NULL, 0, run_leave, NULL},
    {0},
};

/* ---- lines ---- */

static bool take(struct session *s, struct typed *t) {
    bool fine =
        desk_holds(s) ? take_typed(s, t) : session_report(s, session_take(s, t, NULL));
    desk_bury(s);
    return fine;
}

static bool is_ours(const struct stmt *st) {
    bool is = false;
    for (const struct command *c = lesson_commands; c->name; c++) {
        is |= st->kind == STMT_COMMAND && st->command == c;
    }
    return is;
}

/* From statement i on, what is a line by itself: a command of ours, or what stands
 * between two of them. Where it ends. */
static int add_part(struct buf *b, const struct program *p, int i) {
    bool ours = is_ours(&p->stmts[i]);
    do {
        if (b->len) buf_add(b, "; ");
        buf_add(b, p->stmts[i++].source);
    } while (!ours && i < p->n && !is_ours(&p->stmts[i]));
    return i;
}

/* `again; w = 1`: what follows a command that turns the page is a line of that page. */
bool lesson_line(struct session *s, struct typed *t) {
    const struct program *p = t->program;
    bool turns = false, fine = true;
    for (int i = 0; p && p->n > 1 && i < p->n; i++) turns |= is_ours(&p->stmts[i]);
    if (!turns || !desk_holds(s)) return take(s, t);
    for (int i = 0; i < p->n && fine && !s->quit && !session_stopped(s);) {
        struct buf line = {0};
        i = add_part(&line, p, i);
        struct typed part = session_read(s, buf_text(&line), false);
        fine = take(s, &part);
        typed_free(&part);
        buf_free(&line);
    }
    return fine;
}

bool lesson_is_called(struct session *s, const char *line) {
    const char *from = line + strspn(line, " \t");
    size_t n = strcspn(from, " \t\r");
    bool alone = !from[n + strspn(from + n, " \t\r")];
    char *word = mem_copy_n(from, n);
    const struct command *c = session_command(s, word);
    bool ours = false;
    for (const struct command *row = lesson_commands; row->name; row++)
        ours |= c == row;
    bool asks = n && strspn(from, "? \t\r") == strlen(from);
    bool says =
        desk_holds(s) && (asks || (saying_is_prose(line) && saying_wants(line)));
    bool out = c && alone && c->flags & COMMAND_MOVES;
    free(word);
    return says || out || (ours && alone) || (c && c->run == help_command);
}

const char *lesson_prompt(struct session *s) {
    if (!desk_holds(s)) return NULL;
    struct lesson_play *p = desk_here(s);
    buf_clear(&p->prompt);
    if (p->host) {
        p->host->prompt(s, &p->prompt);
        return buf_text(&p->prompt);
    }
    buf_printf(&p->prompt, "learn %d", p->lesson->number);
    if (desk_step(s)) buf_printf(&p->prompt, ".%d", desk_step(s)->number);
    buf_add(&p->prompt, "> ");
    return buf_text(&p->prompt);
}
