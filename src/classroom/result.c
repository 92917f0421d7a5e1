#include "classroom/result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <zlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/json.h"

enum { FORMAT = 1 };

/* ---- the tables ---- */

/* To add a field: a row, its place in the struct, and its head `result.NAME` in
 * text/words/results.json. */
#define AT(type, field) offsetof(struct type, field)

// clang-format off
const struct result_field result_head[] = {
    {"program", RESULT_TEXT,    AT(result_file, program)},
    {"made",    RESULT_TEXT,    AT(result_file, made)},
    {0},
};

const struct result_field result_student[] = {
    {"id",      RESULT_TEXT,    AT(result_file, id)},
    {"name",    RESULT_TEXT,    AT(result_file, name)},
    {0},
};

const struct result_field result_lesson[] = {
    {"id",      RESULT_TEXT,    AT(result_lesson, id)},
    {"number",  RESULT_NUMBER,  AT(result_lesson, number)},
    {"edition", RESULT_TEXT,    AT(result_lesson, edition)},
    {"lang",    RESULT_TEXT,    AT(result_lesson, lang)},
    {"began",   RESULT_TEXT,    AT(result_lesson, began)},
    {"seconds", RESULT_NUMBER,  AT(result_lesson, seconds)},
    {"done",    RESULT_TRUTH,   AT(result_lesson, done)},
    {0},
};

const struct result_field result_question[] = {
    {"name",    RESULT_TEXT,    AT(result_question, name)},
    {"kind",    RESULT_TEXT,    AT(result_question, kind)},
    {"result",  RESULT_OUTCOME, AT(result_question, record.result)},
    {"tries",   RESULT_COUNT,   AT(result_question, record.tries)},
    {"hints",   RESULT_COUNT,   AT(result_question, record.hints)},
    {"seconds", RESULT_NUMBER,  AT(result_question, record.seconds)},
    {"wrong",   RESULT_WRONG,   AT(result_question, record.wrong)},
    {"slips",   RESULT_SLIPS,   AT(result_question, record.slips)},
    {"told",    RESULT_TOLD,    AT(result_question, record.told)},
    {0},
};

const struct result_field result_drill[] = {
    {"drill",   RESULT_TEXT,    AT(result_drill, drill)},
    {"level",   RESULT_COUNT,   AT(result_drill, level)},
    {"right",   RESULT_COUNT,   AT(result_drill, right)},
    {"tried",   RESULT_COUNT,   AT(result_drill, tried)},
    {"mistake", RESULT_MISTAKE, AT(result_drill, mistake)},
    {0},
};
// clang-format on

static const char *const outcomes[RESULTS] = {"open", "skipped", "solved"};

const char *result_word(int outcome) { return outcomes[outcome]; }

static void *place(const struct result_field *f, const void *of) {
    return (char *)(uintptr_t)of + f->at;
}

const void *result_at(const struct result_field *f, const void *of) {
    return place(f, of);
}

/* ---- texts ---- */

/* Nothing to do: most are so, and a class hands in hundreds of thousands. */
static bool is_line(const char *s) {
    size_t n = 0;
    while (s[n] >= ' ' && s[n] <= '~') n++;
    return !s[n] && n <= RESULT_CHARACTERS && *s != ' ' && (!n || s[n - 1] != ' ');
}

char *result_line(const char *s) {
    if (is_line(s)) return mem_copy(s);
    struct buf b = {0};
    size_t n = 0, from, end, len;
    utf8_add_line(&b, s);
    uint8_t *composed =
        u8_normalize(UNINORM_NFC, (const uint8_t *)buf_text(&b), b.len, NULL, &n);
    if (!composed) mem_none(b.len + 1, 1);
    char *line = mem_copy_n((const char *)composed, n);
    free(composed);
    buf_free(&b);
    from = strspn(line, " ");
    end = from;
    for (int i = 0; line[end] && i < RESULT_CHARACTERS; i++, end += len)
        utf8_decode(line + end, &len);
    while (end > from && line[end - 1] == ' ') end--;
    char *cut = mem_copy_n(line + from, end - from);
    free(line);
    return cut;
}

/* ---- writing ---- */

static void add_texts(struct buf *b, char *const *texts, int most, const char *between,
                      void (*text)(struct buf *, const char *)) {
    for (int i = 0; i < most && texts[i]; i++) {
        if (i) buf_add(b, between);
        text(b, texts[i]);
    }
}

/* Each part of a list by `one`, or of what is none the whole. */
static void add_parts(struct buf *b, const struct result_field *f, const void *of,
                      const char *between, void (*text)(struct buf *, const char *)) {
    const void *at = place(f, of);
    switch (f->type) {
        case RESULT_TEXT:
        case RESULT_MISTAKE: text(b, *(char *const *)at); break;
        case RESULT_NUMBER: buf_printf(b, "%.0f", *(const double *)at); break;
        case RESULT_COUNT: buf_printf(b, "%d", *(const int *)at); break;
        case RESULT_TRUTH: buf_add(b, *(const bool *)at ? "true" : "false"); break;
        case RESULT_OUTCOME: text(b, outcomes[*(const int *)at]); break;
        case RESULT_WRONG: add_texts(b, at, RECORD_WRONG, between, text); break;
        case RESULT_TOLD: add_texts(b, at, RECORD_TOLD, between, text); break;
        case RESULT_SLIPS:
            for (int i = 0; i < RECORD_SLIPS && ((const int *)at)[i]; i++)
                buf_printf(b, "%s%d", i ? between : "", ((const int *)at)[i] - 1);
            break;
    }
}

void result_add(struct buf *b, const struct result_field *field, const void *of) {
    add_parts(b, field, of, "; ", buf_add);
}

static void add_fields(struct buf *b, const struct result_field *f, const void *of,
                       const char *between) {
    for (const struct result_field *first = f; f->name; f++) {
        bool list = f->type == RESULT_WRONG || f->type == RESULT_SLIPS ||
                    f->type == RESULT_TOLD;
        buf_printf(b, "%s\"%s\": %s", f > first ? between : "", f->name,
                   list ? "[" : "");
        add_parts(b, f, of, ", ", buf_add_json);
        if (list) buf_add(b, "]");
    }
}

static void add_lesson(struct buf *b, const struct result_lesson *l) {
    buf_add(b, "  {");
    add_fields(b, result_lesson, l, ", ");
    buf_add(b, ", \"questions\": [");
    for (int i = 0; i < l->n_questions; i++) {
        buf_add(b, i ? ",\n    {" : "\n    {");
        add_fields(b, result_question, &l->questions[i], ", ");
        buf_add(b, "}");
    }
    buf_add(b, "]}");
}

static void add_drills(struct buf *b, const struct result_file *r) {
    if (!r->n_drills) return;
    buf_add(b, "\n \"drills\": [");
    for (int i = 0; i < r->n_drills; i++) {
        buf_add(b, i ? ",\n  {" : "\n  {");
        add_fields(b, result_drill, &r->drills[i], ", ");
        buf_add(b, "}");
    }
    buf_add(b, "],");
}

#define SUM_HEAD "\n \"crc32\": \""
#define SUM_TAIL "\"\n}\n"

static unsigned long sum_of(const char *s, size_t n) {
    return crc32_z(0, (const unsigned char *)s, n) & 0xffffffff;
}

void result_write(const struct result_file *r, struct buf *b) {
    size_t from = b->len;
    buf_printf(b, "{\n \"learn-result\": %d,\n ", FORMAT);
    add_fields(b, result_head, r, ",\n ");
    buf_add(b, ",\n \"student\": {");
    add_fields(b, result_student, r, ", ");
    buf_add(b, "},\n \"lessons\": [\n");
    for (int i = 0; i < r->n_lessons; i++) {
        if (i) buf_add(b, ",\n");
        add_lesson(b, &r->lessons[i]);
    }
    buf_add(b, "],");
    add_drills(b, r);
    unsigned long sum = sum_of(b->data + from, b->len - from);
    buf_printf(b, SUM_HEAD "%08lx" SUM_TAIL, sum);
}

/* ---- reading ---- */

/* What mail and other programs change is taken out; the new length. */
static size_t take_out_returns(char *text, size_t n) {
    size_t from = n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0, to = 0;
    for (size_t i = from; i < n; i++)
        if (text[i] != '\r') text[to++] = text[i];
    text[to] = '\0';
    return to;
}

/* Its own line stands where we put it, with what we put behind it. */
static bool is_sound(const char *text, size_t n) {
    const char *at = NULL;
    char sum[16];
    while (n > 1 && text[n - 1] == '\n' && text[n - 2] == '\n') n--;
    size_t tail = strlen(SUM_HEAD) + 8 + strlen(SUM_TAIL);
    if (n <= tail) return false;
    at = text + n - tail;
    snprintf(sum, sizeof sum, "%08lx", sum_of(text, n - tail));
    return memcmp(at, SUM_HEAD, strlen(SUM_HEAD)) == 0 &&
           memcmp(at + strlen(SUM_HEAD), sum, 8) == 0 &&
           memcmp(at + tail - strlen(SUM_TAIL), SUM_TAIL, strlen(SUM_TAIL)) == 0;
}

static bool take_texts(char **texts, int most, const cJSON *list) {
    const cJSON *item;
    int n = 0;
    cJSON_ArrayForEach(item, list) {
        if (!cJSON_IsString(item) || n == most) return false;
        texts[n++] = result_line(item->valuestring);
    }
    return cJSON_IsArray(list);
}

static bool take_slips(int *slips, const cJSON *list) {
    const cJSON *item;
    int n = 0;
    cJSON_ArrayForEach(item, list) {
        double v = cJSON_IsNumber(item) ? item->valuedouble : -1;
        if (!(v >= 0 && v < 1000) || n == RECORD_SLIPS) return false;
        slips[n++] = (int)v + 1;
    }
    return cJSON_IsArray(list);
}

static bool take_outcome(int *to, const cJSON *item) {
    for (*to = 0; *to < RESULTS; ++*to) {
        if (cJSON_IsString(item) && strcmp(item->valuestring, outcomes[*to]) == 0)
            return true;
    }
    *to = RESULT_OPEN;
    return false;
}

static bool take_text(char **to, const cJSON *item) {
    *to = result_line(cJSON_IsString(item) ? item->valuestring : "");
    return cJSON_IsString(item);
}

static bool take(const struct result_field *f, void *of, const cJSON *object) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, f->name);
    void *to = place(f, of);
    int n = json_whole(object, f->name, -1);
    switch (f->type) {
        case RESULT_TEXT:
        case RESULT_MISTAKE: return take_text(to, item);
        case RESULT_NUMBER: *(double *)to = n; return n >= 0;
        case RESULT_COUNT: *(int *)to = n; return n >= 0;
        case RESULT_TRUTH: *(bool *)to = cJSON_IsTrue(item); return cJSON_IsBool(item);
        case RESULT_OUTCOME: return take_outcome(to, item);
        case RESULT_WRONG: return take_texts(to, RECORD_WRONG, item);
        case RESULT_TOLD: return !item || take_texts(to, RECORD_TOLD, item);
        case RESULT_SLIPS: return take_slips(to, item);
    }
    return false;
}

/* Every text is set, whatever comes of it. */
static struct error *take_fields(const struct json_doc *d, const cJSON *object,
                                 const struct result_field *f, void *of) {
    struct error *e = NULL;
    for (; f->name; f++) {
        if (take(f, of, object) || e) continue;
        const cJSON *at = cJSON_GetObjectItemCaseSensitive(object, f->name);
        e = json_fault(d,
                       at       ? at
                       : object ? object
                                : d->root,
                       error_new("result-field", "name", f->name, NULL));
    }
    return e;
}

/* Of two errors the first. */
static struct error *first(struct error *e, struct error *more) {
    if (e) error_free(more);
    return e ? e : more;
}

static struct error *take_lesson(const struct json_doc *d, const cJSON *json,
                                 struct result_lesson *l, int *left) {
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, "questions"), *item;
    struct error *e = take_fields(d, json, result_lesson, l);
    int n = cJSON_GetArraySize(list);
    if ((*left -= n + 1) < 0) return first(e, error_new("result-large", NULL));
    l->questions = mem_alloc((size_t)n + 1, sizeof *l->questions);
    cJSON_ArrayForEach(item, list) {
        struct result_question *q = &l->questions[l->n_questions++];
        e = first(e, take_fields(d, item, result_question, q));
    }
    return e;
}

/* Files of an older learn have none. */
static struct error *take_drills(const struct json_doc *d, struct result_file *r) {
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(d->root, "drills"), *item;
    struct error *e = NULL;
    int n = cJSON_GetArraySize(list);
    if (n > RESULT_DRILLS) return error_new("result-large", NULL);
    r->drills = mem_alloc((size_t)n + 1, sizeof *r->drills);
    cJSON_ArrayForEach(item, list) {
        if (!e) e = take_fields(d, item, result_drill, &r->drills[r->n_drills++]);
    }
    return e;
}

static struct error *take_all(const struct json_doc *d, struct result_file *r) {
    const cJSON *student = cJSON_GetObjectItemCaseSensitive(d->root, "student");
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(d->root, "lessons"), *item;
    int left = RESULT_QUESTIONS;
    struct error *e = take_fields(d, d->root, result_head, r);
    e = first(e, take_fields(d, student, result_student, r));
    r->lessons = mem_alloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *r->lessons);
    cJSON_ArrayForEach(item, list) {
        if (!e) e = take_lesson(d, item, &r->lessons[r->n_lessons++], &left);
    }
    if (!e) e = take_drills(d, r);
    bool empty = !e && (!*r->id || !r->n_lessons);
    return empty ? error_new("result-empty", NULL) : e;
}

/* A file that is whole as JSON, but is it one of ours, and as we wrote it? */
static struct error *judge(const cJSON *root, bool sound) {
    double format = json_number(root, "learn-result", 0), ours = FORMAT;
    bool summed = cJSON_GetObjectItemCaseSensitive(root, "crc32");
    if (format > ours)
        return error_new(sound ? "result-newer" : "result-newer-damaged", NULL);
    if (format == ours && sound) return NULL;
    return error_new(format == ours || summed ? "result-damaged" : "result-none", NULL);
}

/* What is known of the rest of a broken file is where it breaks. */
static struct error *broken(struct error *e) {
    if (!json_is_too_much(e)) return e;
    error_free(e);
    return error_new("result-large", NULL);
}

/* A picture, a report in Word; what is empty, or has our word in it, may have been one
 * of ours. */
static bool is_other(const char *text, size_t n) {
    static const char word[] = "\"learn-result\"";
    size_t blank = strspn(text, " \t\n");
    return n > 0 && text[blank] != '{' && !memmem(text, n, word, sizeof word - 1);
}

struct error *result_read(char *text, size_t n, const char *path,
                          struct result_file *r) {
    struct json_doc d;
    *r = (struct result_file){0};
    if (n > 4 && memcmp(text, "PK\3\4", 4) == 0) {
        free(text);
        return error_new("result-zip", NULL);
    }
    n = take_out_returns(text, n);
    if (is_other(text, n)) {
        free(text);
        return error_new("result-none", NULL);
    }
    bool sound = is_sound(text, n);
    struct error *e = json_take(text, n, path, &d);
    if (e) return broken(e);
    e = judge(d.root, sound);
    if (!e) e = take_all(&d, r);
    json_close(&d);
    if (e) result_free(r);
    return e;
}

static void free_lesson(struct result_lesson *l) {
    for (int i = 0; i < l->n_questions; i++) {
        free(l->questions[i].name);
        free(l->questions[i].kind);
        record_clear(&l->questions[i].record);
    }
    free(l->questions);
    free(l->id);
    free(l->edition);
    free(l->lang);
    free(l->began);
}

void result_free(struct result_file *r) {
    for (int i = 0; i < r->n_lessons; i++) free_lesson(&r->lessons[i]);
    for (int i = 0; i < r->n_drills; i++) {
        free(r->drills[i].drill);
        free(r->drills[i].mistake);
    }
    free(r->drills);
    free(r->lessons);
    free(r->program);
    free(r->made);
    free(r->id);
    free(r->name);
    *r = (struct result_file){0};
}
