#include "lesson/json.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/utf8.h"
#include "base/whole.h"

enum { MOST_MEMBERS = 2000, SHOWN = 24 };

/* ---- places ---- */

static struct place place_at(const struct json_doc *d, size_t offset) {
    struct place at = {.line = 1, .length = 1};
    size_t start = 0;
    for (size_t i = 0; i < offset; i++) {
        if (d->text[i] != '\n') continue;
        at.line++;
        start = i + 1;
    }
    at.column = 1 + (int)utf8_count(d->text + start, offset - start);
    return at;
}

static struct error *placed(const struct json_doc *d, struct place at,
                            struct error *e) {
    const char *line = d->text;
    for (int n = 1; n < at.line; n++) line += strcspn(line, "\n") + 1;
    e->at = at;
    free(e->file);
    e->file = mem_copy(d->path);
    error_set_line(e, line);
    return e;
}

/* Walks in the order of reading until the value; *index counts. Steps of the path are
 * added on the way back, the innermost first, so they are put in front. */
static bool find(const cJSON *in, const cJSON *value, size_t *index, struct buf *path) {
    if (in == value) return true;
    int k = 0;
    for (const cJSON *child = in->child; child; child = child->next, k++) {
        ++*index;
        if (!find(child, value, index, path)) continue;
        struct buf whole = {0};
        const char *rest = buf_text(path);
        if (cJSON_IsArray(in)) buf_printf(&whole, "[%d]", k);
        else buf_add(&whole, child->string);
        buf_printf(&whole, "%s%s", *rest && *rest != '[' ? "." : "", rest);
        buf_free(path);
        *path = whole;
        return true;
    }
    return false;
}

struct place json_place(const struct json_doc *d, const cJSON *value, struct buf *b) {
    size_t index = 0;
    struct buf path = {0};
    bool found = find(d->root, value, &index, &path);
    buf_add(b, path.len ? buf_text(&path) : ".");
    buf_free(&path);
    return place_at(d, found && index < d->starts.count ? d->starts.at[index] : 0);
}

struct error *json_fault(const struct json_doc *d, const cJSON *value,
                         struct error *e) {
    struct buf path = {0};
    struct place at = json_place(d, value, &path);
    if (e->count < ERROR_ARGS) {
        e->names[e->count] = "path";
        e->values[e->count++] = buf_take(&path);
    }
    buf_free(&path);
    return placed(d, at, e);
}

/* ---- opening ---- */

/* A key given twice, or too many of them to look through. */
static struct error *check_members(const struct json_doc *d, const cJSON *in) {
    struct error *e = NULL;
    if (cJSON_IsObject(in) && cJSON_GetArraySize(in) > MOST_MEMBERS) {
        return json_fault(d, in, error_new("json-members", NULL));
    }
    for (const cJSON *a = in->child; a && !e; a = a->next) {
        for (const cJSON *b = in->child; cJSON_IsObject(in) && b != a; b = b->next) {
            if (strcmp(a->string, b->string) != 0) continue;
            return json_fault(d, a, error_new("json-twice", "key", a->string, NULL));
        }
        e = check_members(d, a);
    }
    return e;
}

/* What the slip is about: its end, where it is long. */
static char *shown(const char *text, const struct json_slip *slip) {
    size_t from = slip->from, n = slip->to - from;
    struct buf b = {0};
    char *whole = mem_copy_n(text + from, n);
    const char *end = whole;
    size_t left = utf8_count(whole, n), len;
    if (left > SHOWN) buf_add(&b, "…");
    for (; left > SHOWN; left--, end += len) utf8_decode(end, &len);
    buf_add(&b, end);
    free(whole);
    return buf_take(&b);
}

/* A text that is no UTF-8: UTF-16, or most likely a Korean one. */
static struct error *charset_error(const struct json_doc *d) {
    const char *wide = utf8_wide(d->text, d->n);
    return error_new("json-utf8", "charset", wide ? wide : "cp949", "file", d->path,
                     NULL);
}

static struct error *slip_error(const struct json_doc *d,
                                const struct json_slip *slip) {
    struct place at = place_at(d, slip->at);
    if (strcmp(slip->key, "json-utf8") == 0) return placed(d, at, charset_error(d));
    struct buf open = {0};
    char *text = shown(d->text, slip);
    if (slip->open < d->n) {
        struct place begun = place_at(d, slip->open);
        buf_printf(&open, "%d:%d", begun.line, begun.column);
    }
    struct error *e = error_new(slip->key, "text", text, "write", slip->write, "open",
                                buf_text(&open), NULL);
    free(text);
    buf_free(&open);
    return placed(d, at, e);
}

/* What reading takes at most: a place and a node with two texts for each value, and
 * before each stands one of these signs, in a text or not. */
static struct error *room_for(const char *text, size_t n) {
    enum { VALUE = 2 * sizeof(size_t) + sizeof(cJSON) + 16 + 2 * 32 };
    size_t values = 1;
    for (size_t i = 0; i < n; i++) values += text[i] && strchr(",:[", text[i]);
    return memory_left_for((double)(values * VALUE + n));
}

/* A mark at the beginning, as some editors set it, says nothing. */
static void drop_mark(struct json_doc *d) {
    static const char mark[] = "\xEF\xBB\xBF";
    if (d->n < 3 || memcmp(d->text, mark, 3) != 0) return;
    d->n -= 3;
    memmove(d->text, d->text + 3, d->n + 1);
}

struct error *json_open(const char *path, size_t most, struct json_doc *out) {
    char *text;
    size_t n;
    *out = (struct json_doc){0};
    struct error *e = file_read(path, most, &text, &n);
    return e ? e : json_take(text, n, path, out);
}

struct error *json_take(char *text, size_t n, const char *path, struct json_doc *out) {
    struct json_doc d = {.path = mem_copy(path), .text = text, .n = n};
    struct json_slip slip;
    const char *end;
    *out = (struct json_doc){0};
    struct error *e = room_for(text, n);
    if (e) {
        json_close(&d);
        return e;
    }
    drop_mark(&d);
    if (json_scan(d.text, d.n, &d.starts, &slip)) {
        d.root = cJSON_ParseWithLengthOpts(d.text, d.n + 1, &end, 1);
        size_t at = d.root || !end ? 0 : (size_t)(end - d.text);
        if (!d.root) slip = (struct json_slip){"json-syntax", at, at, at, "", d.n};
    }
    if (!d.root) e = slip_error(&d, &slip);
    if (!e) e = check_members(&d, d.root);
    if (e) e->of_file = !json_is_too_much(e);
    if (e) json_close(&d);
    else *out = d;
    return e;
}

bool json_is_too_much(const struct error *e) {
    return strcmp(e->key, "json-deep") == 0 || strcmp(e->key, "json-members") == 0;
}

void json_close(struct json_doc *d) {
    cJSON_Delete(d->root);
    free(d->path);
    free(d->text);
    free(d->starts.at);
    *d = (struct json_doc){0};
}

/* What it takes to be printed, at most: of a text's signs some take six bytes. */
static double printed(const cJSON *value) {
    double bytes = 64; /* a number, brackets, tabs */
    for (const char *c = value->string; c && *c; c++) bytes++;
    for (const char *c = value->valuestring; c && *c; c++)
        bytes += (unsigned char)*c < ' ' ? 6 : 2;
    for (const cJSON *child = value->child; child; child = child->next)
        bytes += printed(child);
    return bytes;
}

/* cJSON prints into a buffer that doubles, and copies it. */
struct error *json_print(const cJSON *value, char **out) {
    struct error *e = memory_left_for(4 * printed(value));
    *out = e ? NULL : cJSON_Print(value);
    return e;
}

const char *json_string(const cJSON *object, const char *key) {
    const cJSON *s = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsString(s) ? s->valuestring : NULL;
}

double json_number(const cJSON *object, const char *key, double otherwise) {
    const cJSON *n = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(n) ? n->valuedouble : otherwise;
}

int json_whole(const cJSON *object, const char *key, int otherwise) {
    size_t n;
    return whole(json_number(object, key, -1), 0, 1e9, &n) ? (int)n : otherwise;
}

void json_set_number(cJSON *object, const char *key, double v) {
    cJSON_DeleteItemFromObjectCaseSensitive(object, key);
    cJSON_AddNumberToObject(object, key, v);
}

cJSON *json_object_in(cJSON *object, const char *key) {
    cJSON *there = cJSON_GetObjectItemCaseSensitive(object, key);
    if (cJSON_IsObject(there)) return there;
    cJSON_DeleteItemFromObjectCaseSensitive(object, key);
    return cJSON_AddObjectToObject(object, key);
}
