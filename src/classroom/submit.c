#include "classroom/submit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/keep.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "classroom/result.h"
#include "lesson/desk.h"
#include "lesson/lesson.h"
#include "lesson/load.h"
#include "lesson/progress.h"
#include "lesson/steps.h"
#include "practice/drill.h"
#include "text/number.h"
#include "text/table.h"

enum { MOST_LESSONS = 200 };

struct submission {
    struct session *s;
    const struct submit_order *order;
    struct result_file file;
    char *paths[MOST_LESSONS]; /* of the lessons that are asked for */
    int n;
    bool all;
    char *titles[MOST_LESSONS];
};

/* ---- which lessons ---- */

/* What was saved in the same second stands in the order of saving. */
static const cJSON *newest(const struct progress *p) {
    const cJSON *entry, *found = NULL;
    cJSON_ArrayForEach(entry, progress_all(p)) {
        double when = json_number(entry, "when", 0);
        if (!found || when >= json_number(found, "when", 0)) found = entry;
    }
    return found;
}

/* The file of the lesson that an entry is of; NULL: it is not there any more. */
static char *path_of(const struct session *s, const cJSON *entry) {
    const char *own = json_string(entry, "file");
    if (!own) return lesson_find_id(s->home, entry->string);
    return access(own, R_OK) == 0 ? mem_copy(own) : NULL;
}

/* Takes it over; what is one too many is named. */
static void add_path(struct submission *u, char *path) {
    if (u->n < MOST_LESSONS) {
        u->paths[u->n++] = path;
        return;
    }
    out_say(u->s->out, "submit.many", "file", path, "n", NUM(u->s->out, MOST_LESSONS),
            NULL);
    free(path);
}

/* One whose file is not there any more is named. */
static void add_begun(struct submission *u, const cJSON *entry) {
    struct out *o = u->s->out;
    char *path = path_of(u->s, entry);
    const char *own = json_string(entry, "file");
    if (path) add_path(u, path);
    else
        out_say(o, "submit.gone", "n", NUM(o, json_number(entry, "number", 0)), "id",
                entry->string, "file", own ? own : "lessons/", NULL);
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Wrong usage where a word is no lesson's. */
static struct error *choose(struct submission *u) {
    const struct submit_order *o = u->order;
    const struct progress *p = desk_progress(u->s);
    const cJSON *entry, *last = newest(p);
    u->all = o->n_words == 1 && strcmp(o->words[0], "all") == 0;
    if (!o->n_words && last) add_begun(u, last);
    if (u->all) {
        cJSON_ArrayForEach(entry, progress_all(p)) add_begun(u, entry);
        qsort(u->paths, (size_t)u->n, sizeof *u->paths, by_name);
        return NULL;
    }
    for (int i = 0; i < o->n_words; i++) {
        char *path;
        bool named = lesson_is_named(o->words[i]);
        if (!named) return error_new("submit-lesson", "name", o->words[i], NULL);
        struct error *e = lesson_file(u->s, o->words[i], &path);
        if (e) return e;
        add_path(u, path);
    }
    return NULL;
}

/* ---- what the file will hold ---- */

/* "" for no time at all. */
static char *iso_time(double seconds) {
    time_t when = (time_t)seconds;
    struct tm t;
    char date[32], zone[8];
    if (seconds <= 0 || !localtime_r(&when, &t)) return mem_copy("");
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &t);
    strftime(zone, sizeof zone, "%z", &t); /* +0900 */
    struct buf b = {0};
    buf_printf(&b, "%s%.3s:%s", date, zone, zone + 3);
    return buf_take(&b);
}

static char *line_or(const cJSON *entry, const char *key, const char *otherwise) {
    const char *s = json_string(entry, key);
    return result_line(s ? s : otherwise);
}

static void make_lines(char **texts, int most) {
    for (int i = 0; i < most && texts[i]; i++) {
        char *kept = texts[i];
        texts[i] = result_line(kept);
        free(kept);
    }
}

static void add_questions(struct result_lesson *to, const struct lesson *l,
                          const cJSON *entry) {
    const cJSON *records = cJSON_GetObjectItemCaseSensitive(entry, "records");
    to->questions = mem_alloc((size_t)l->n_steps + 1, sizeof *to->questions);
    for (int i = 0; i < l->n_steps; i++) {
        const struct step *step = &l->steps[i];
        if (!step->kind->answer) continue;
        struct result_question *q = &to->questions[to->n_questions++];
        q->name = result_line(step->name);
        q->kind = result_line(step->kind->name);
        q->record = record_read(cJSON_GetObjectItemCaseSensitive(records, step->name));
        make_lines(q->record.wrong, RECORD_WRONG);
        make_lines(q->record.told, RECORD_TOLD);
    }
}

static void add_entry(struct submission *u, const struct lesson *l,
                      const cJSON *entry) {
    const cJSON *title = cJSON_GetObjectItemCaseSensitive(l->doc.root, "title");
    u->titles[u->file.n_lessons] = mem_copy(desk_text(u->s, title));
    struct result_lesson *to = &u->file.lessons[u->file.n_lessons++];
    *to = (struct result_lesson){.id = result_line(l->id), .number = l->number};
    to->edition = line_or(entry, "edition", l->edition);
    to->lang = line_or(entry, "lang", "");
    to->began = iso_time(json_number(entry, "began", 0));
    to->seconds = json_whole(entry, "seconds", 0);
    to->done = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "done"));
    add_questions(to, l, entry);
}

/* One that is named twice is one. */
static struct error *add_lesson(struct submission *u, const char *path) {
    struct session *s = u->s;
    struct lesson *l;
    struct error *e = lesson_load(s->home, path, NULL, &l);
    if (e) return e;
    lesson_set_own(s->home, l);
    const cJSON *entry = progress_of(desk_progress(s), l->id);
    bool twice = false;
    for (int i = 0; i < u->file.n_lessons; i++)
        twice = twice || strcmp(u->file.lessons[i].id, l->id) == 0;
    if (!entry) e = error_new("submit-none", "n", NUM(s->out, l->number), NULL);
    else if (!twice) add_entry(u, l, entry);
    lesson_free(l);
    return e;
}

/* Every kind that was practised: they belong to no lesson. */
static void add_drills(struct submission *u) {
    struct result_file *r = &u->file;
    struct drill_state state;
    for (const struct drill_kind *k = drill_kinds; k->name; k++) {
        if (!drill_read(u->s, k, &state)) continue;
        r->drills = mem_grow(r->drills, (size_t)r->n_drills + 1, sizeof *r->drills);
        r->drills[r->n_drills++] =
            (struct result_drill){result_line(k->name), result_line(state.mistake),
                                  state.level, state.right, state.tried};
    }
}

static struct error *collect(struct submission *u) {
    struct error *e = choose(u);
    if (!e && !u->n) e = error_new("submit-nothing", NULL);
    u->file.lessons = mem_alloc(MOST_LESSONS, sizeof *u->file.lessons);
    for (int i = 0; i < u->n && !e; i++) e = add_lesson(u, u->paths[i]);
    if (!e) add_drills(u);
    u->file.program = result_line(u->order->program);
    u->file.made = iso_time((double)time(NULL));
    return e;
}

/* ---- asking ---- */

/* A line; NULL: Ctrl-C, or nobody is there. The caller frees it. */
static char *ask(struct session *s, const char *question) {
    struct out *o = s->out;
    char *line = NULL;
    size_t cap = 0;
    out_printf(o, "%s ", question);
    out_flush(o);
    ssize_t n = getline(&line, &cap, stdin);
    if (n < 0 || !s->interactive) out_puts(o, "\n");
    if (n < 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\r\n")] = '\0';
    out_turn(o, question, line);
    return line;
}

/* What was given, or kept, or is answered now; "" is none. */
static char *who(struct session *s, const char *given, const char *kept,
                 const char *key) {
    char *old = given ? NULL : keep_read(kept);
    char *is = result_line(given ? given : old ? old : "");
    free(old);
    for (int tries = 0; !*is && !given && tries < 3; tries++) {
        char *question = out_sentence(s->out, key, NULL), *line = ask(s, question);
        free(question);
        free(is);
        is = result_line(line ? line : "");
        if (!line) break;
        free(line);
    }
    return is;
}

static struct error *ask_who(struct submission *u) {
    u->file.id = who(u->s, u->order->id, "student-id", "submit.id");
    bool there = *u->file.id;
    u->file.name =
        there ? who(u->s, u->order->name, "student-name", "submit.name") : mem_copy("");
    return *u->file.name ? NULL : error_new("submit-who", NULL);
}

/* "y yes": is it one of these? */
static bool says_yes(struct out *o, const char *line) {
    char *words = out_sentence(o, "submit.yes", NULL), *rest = words, *word, *said;
    bool yes = false;
    said = result_line(line);
    while ((word = strsep(&rest, " "))) yes = yes || strcasecmp(word, said) == 0;
    free(said);
    free(words);
    return yes;
}

/* ---- the preview: the rows of the file ---- */

/* What each mistake is called; one that nobody knows any more by its key. */
static void add_mistakes(struct out *o, struct buf *b, char *const *keys) {
    for (int i = 0; i < RECORD_TOLD && keys[i]; i++) {
        const char *called = drill_mistake(o->text, keys[i]);
        buf_printf(b, "%s%s", i ? "; " : "", *called ? called : keys[i]);
    }
}

/* A field's value as a reader of the language says it: `result.kind.ask`; or as it
 * is. */
static char *shown(struct out *o, const struct result_field *f, const void *of) {
    struct buf value = {0}, key = {0};
    result_add(&value, f, of);
    buf_printf(&key, "result.%s.%s", f->name, buf_text(&value));
    const char *word = f->type == RESULT_MISTAKE
                           ? drill_mistake(o->text, buf_text(&value))
                           : text_get(o->text, buf_text(&key));
    bool told = f->type == RESULT_TOLD;
    if (word || told) buf_clear(&value);
    if (word) buf_add(&value, word);
    if (told) add_mistakes(o, &value, (char *const *)result_at(f, of));
    buf_free(&key);
    char *s = mem_copy(buf_text(&value));
    buf_free(&value);
    return s;
}

static char *head_of(struct out *o, const struct result_field *f) {
    struct buf key = {0};
    buf_printf(&key, "result.%s", f->name);
    char *head = out_sentence(o, buf_text(&key), NULL);
    buf_free(&key);
    return head;
}

static void show_column(struct out *o, const struct result_field *f, const void *of) {
    for (; f->name; f++) {
        char *head = head_of(o, f), *value = shown(o, f, of);
        struct buf b = {0};
        buf_printf(&b, "  %s", head);
        out_hang(o, buf_text(&b), 14, value);
        buf_free(&b);
        free(head);
        free(value);
    }
}

/* "kind predict · result solved · …", without what is empty. */
static void show_pairs(struct out *o, const struct result_field *f, const void *of,
                       int indent) {
    struct buf b = {0};
    for (; f->name; f++) {
        char *head = head_of(o, f), *value = shown(o, f, of);
        if (*value && b.len) buf_add(&b, "\u00a0· ");
        if (*value) buf_printf(&b, "%s\u00a0%s", head, value);
        free(head);
        free(value);
    }
    out_wrap(o, buf_text(&b), indent);
    buf_free(&b);
}

static void show_questions(struct out *o, const struct result_lesson *l) {
    int columns = 0;
    while (result_question[columns].name) columns++;
    struct out_table *t = table_new(columns);
    for (int k = 0; k < columns; k++) {
        char *head = k ? head_of(o, &result_question[k])
                       : out_sentence(o, "result.question", NULL);
        table_cell(t, head, OUT_DIM);
        free(head);
    }
    for (int i = 0; i < l->n_questions; i++) {
        for (int k = 0; k < columns; k++) {
            char *value = shown(o, &result_question[k], &l->questions[i]);
            table_cell(t, value, OUT_PLAIN);
            free(value);
        }
    }
    if (table_width(t) <= o->width) table_print(o, t, 1);
    for (int i = 0; i < l->n_questions && table_width(t) > o->width; i++) {
        out_wrap(o, l->questions[i].name, 0);
        show_pairs(o, result_question + 1, &l->questions[i], 2);
    }
    table_free(t);
}

static void show_drills(struct out *o, const struct result_file *r) {
    if (!r->n_drills) return;
    out_puts(o, "\n");
    out_puts(o, out_ink(o, OUT_STRONG));
    out_say(o, "submit.drills", NULL);
    out_puts(o, out_ink(o, OUT_PLAIN));
    for (int i = 0; i < r->n_drills; i++) show_pairs(o, result_drill, &r->drills[i], 0);
}

static void preview(struct submission *u, const char *path) {
    struct out *o = u->s->out;
    out_say(o, "submit.holds", "file", path, NULL);
    out_puts(o, "\n");
    show_column(o, result_student, &u->file);
    show_column(o, result_head, &u->file);
    for (int i = 0; i < u->file.n_lessons; i++) {
        const struct result_lesson *l = &u->file.lessons[i];
        out_puts(o, "\n");
        out_puts(o, out_ink(o, OUT_STRONG));
        out_say(o, "play.title", "n", NUM(o, l->number), "title", u->titles[i], NULL);
        out_puts(o, out_ink(o, OUT_PLAIN));
        show_pairs(o, result_lesson, l, 0);
        show_questions(o, l);
    }
    show_drills(o, &u->file);
    out_puts(o, "\n");
    out_say(o, "submit.not", NULL);
}

/* ---- the file ---- */

/* An id in a file's name: what a system or a shell could take for more is a dash. */
static void add_safe(struct buf *b, const char *id) {
    enum { LONGEST = 60 };
    size_t len, before = b->len;
    for (uint32_t c; (c = utf8_decode(id, &len)); id += len) {
        bool fine = c >= 0x80 ? utf8_safe(c) && c != 0xFFFD
                              : strchr("._-", (int)c) || (c >= '0' && c <= '9') ||
                                    ((c | 32) >= 'a' && (c | 32) <= 'z');
        if (b->len - before + len > LONGEST) break;
        if (fine) buf_add_n(b, id, len);
        else buf_add(b, "-");
    }
}

static bool is_there(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0;
}

/* learn-3-20251234 */
static char *stem_of(const struct submission *u) {
    struct buf stem = {0};
    buf_add(&stem, u->all ? "learn-all" : "learn");
    for (int i = 0; i < u->file.n_lessons && !u->all; i++)
        buf_printf(&stem, "-%.0f", u->file.lessons[i].number);
    buf_add(&stem, "-");
    add_safe(&stem, u->file.id);
    return buf_take(&stem);
}

/* A class reads no more than that. */
static bool is_large(const struct result_file *r, size_t bytes) {
    int n = r->n_lessons;
    for (int i = 0; i < r->n_lessons; i++) n += r->lessons[i].n_questions;
    return bytes > RESULT_MOST || n > RESULT_QUESTIONS;
}

/* The name may have been taken while the person thought. */
static struct error *write_file(struct submission *u, const char *stem) {
    struct buf b = {0};
    char *path = u->order->to ? mem_copy(u->order->to) : NULL;
    result_write(&u->file, &b);
    struct error *e = is_large(&u->file, b.len) ? error_new("result-large", NULL)
                      : path ? file_write_new(path, buf_text(&b), b.len)
                             : file_write_free(stem, ".json", b.data, b.len, &path);
    buf_free(&b);
    if (!e) {
        error_free(keep_write("student-id", u->file.id)); /* else it is asked again */
        error_free(keep_write("student-name", u->file.name));
        out_say(u->s->out, "submit.written", "file", path, NULL);
    }
    free(path);
    return e;
}

/* *written: false where the person said no, and there is no error. */
static struct error *hand_in(struct submission *u, bool *written) {
    struct out *o = u->s->out;
    const char *to = u->order->to;
    if (to && is_there(to)) return error_new("file-there", "file", to, NULL);
    struct error *e = ask_who(u);
    if (e) return e;
    char *stem = stem_of(u), *path = to ? mem_copy(to) : file_free_name(stem, ".json");
    preview(u, path);
    *written = u->order->yes;
    if (!*written) {
        char *question = out_sentence(o, "submit.ask", NULL),
             *line = ask(u->s, question);
        *written = line && says_yes(o, line);
        free(question);
        free(line);
    }
    if (*written) e = write_file(u, stem);
    else if (!session_stopped(u->s)) out_say(o, "submit.left", NULL);
    free(path);
    free(stem);
    return e;
}

int submit(struct session *s, const struct submit_order *order) {
    struct submission u = {.s = s, .order = order};
    bool written = false;
    struct error *e = collect(&u);
    bool usage = e && strcmp(e->key, "submit-lesson") == 0;
    if (!e) e = hand_in(&u, &written);
    if (e && !session_stopped(s)) out_error(s->out, e);
    bool failed = e || !written;
    error_free(e);
    for (int i = 0; i < u.file.n_lessons; i++) free(u.titles[i]);
    for (int i = 0; i < u.n; i++) free(u.paths[i]);
    result_free(&u.file);
    return usage ? 2 : failed;
}
