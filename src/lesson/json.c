#include "lesson/json.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "base/whole.h"

enum { DEEPEST = 64, MOST_MEMBERS = 2000 };

/* ---- reading strictly, noting where values begin ---- */

struct scan {
    struct json_doc *doc;
    size_t i;
    int depth;
    const char *fault; /* an error's key, at i */
};

static bool fails(struct scan *s, const char *key) {
    if (!s->fault) s->fault = key;
    return false;
}

static char peek(struct scan *s) {
    while (s->i < s->doc->n && strchr(" \t\r\n", s->doc->text[s->i])) s->i++;
    return s->i < s->doc->n ? s->doc->text[s->i] : '\0';
}

static bool takes(struct scan *s, char c) {
    if (peek(s) != c) return false;
    s->i++;
    return true;
}

static bool scan_escape(struct scan *s) {
    const char *t = s->doc->text + s->i;
    if (t[1] != 'u') {
        if (!t[1] || !strchr("\"\\/bfnrt", t[1])) return fails(s, "json-escape");
        s->i += 2;
        return true;
    }
    for (int k = 2; k < 6; k++) {
        if (!t[k] || !strchr("0123456789abcdefABCDEF", t[k])) {
            return fails(s, "json-escape");
        }
    }
    if (strncmp(t + 2, "0000", 4) == 0) return fails(s, "json-zero");
    s->i += 6;
    return true;
}

static bool scan_string(struct scan *s) {
    if (!takes(s, '"')) return fails(s, "json-syntax");
    while (s->i < s->doc->n) {
        unsigned char c = (unsigned char)s->doc->text[s->i];
        if (c == '"') {
            s->i++;
            return true;
        }
        if (c < ' ') return fails(s, "json-control");
        if (c == '\\') {
            if (!scan_escape(s)) return false;
        } else {
            s->i++;
        }
    }
    return fails(s, "json-end");
}

static size_t scan_digits(struct scan *s) {
    size_t n = strspn(s->doc->text + s->i, "0123456789");
    s->i += n;
    return n;
}

static bool scan_number(struct scan *s) {
    const char *t = s->doc->text;
    if (t[s->i] == '-') s->i++;
    bool zero = t[s->i] == '0';
    size_t whole = scan_digits(s);
    if (!whole || (zero && whole > 1)) return fails(s, "json-syntax");
    if (t[s->i] == '.') {
        s->i++;
        if (!scan_digits(s)) return fails(s, "json-syntax");
    }
    if (t[s->i] == 'e' || t[s->i] == 'E') {
        s->i += t[s->i + 1] == '+' || t[s->i + 1] == '-' ? 2 : 1;
        if (!scan_digits(s)) return fails(s, "json-syntax");
    }
    return true;
}

static bool scan_value(struct scan *s);

static bool scan_members(struct scan *s, bool object) {
    char close = object ? '}' : ']';
    s->i++;
    if (takes(s, close)) return true;
    if (++s->depth > DEEPEST) return fails(s, "json-deep");
    do {
        if (object) {
            peek(s);
            if (!scan_string(s)) return false;
            if (!takes(s, ':')) return fails(s, "json-syntax");
        }
        if (!scan_value(s)) return false;
    } while (takes(s, ','));
    s->depth--;
    if (takes(s, close)) return true;
    return fails(s, s->i < s->doc->n ? "json-syntax" : "json-end");
}

static bool scan_word(struct scan *s) {
    static const char *const words[] = {"true", "false", "null"};
    for (int k = 0; k < 3; k++) {
        size_t n = strlen(words[k]);
        if (strncmp(s->doc->text + s->i, words[k], n) != 0) continue;
        s->i += n;
        return true;
    }
    return fails(s, s->i < s->doc->n ? "json-syntax" : "json-end");
}

static bool scan_value(struct scan *s) {
    struct json_doc *d = s->doc;
    char c = peek(s);
    if (d->count == d->cap) {
        d->cap = d->cap ? 2 * d->cap : 256;
        d->at = mem_grow(d->at, d->cap, sizeof *d->at);
    }
    d->at[d->count++] = s->i;
    if (c == '{' || c == '[') return scan_members(s, c == '{');
    if (c == '"') return scan_string(s);
    if (c == '-' || (c >= '0' && c <= '9')) return scan_number(s);
    return scan_word(s);
}

static const char *scan_all(struct json_doc *d, size_t *where) {
    struct scan s = {.doc = d};
    if (!utf8_valid(d->text, d->n, where)) return "json-utf8";
    if (memchr(d->text, 0, d->n)) {
        *where = strlen(d->text);
        return "json-zero";
    }
    if (scan_value(&s) && peek(&s)) fails(&s, "json-more");
    *where = s.i < d->n ? s.i : d->n;
    return s.fault;
}

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
    return place_at(d, found && index < d->count ? d->at[index] : 0);
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

struct error *json_open(const char *path, size_t most, struct json_doc *out) {
    char *text;
    size_t n;
    *out = (struct json_doc){0};
    struct error *e = file_read(path, most, &text, &n);
    return e ? e : json_take(text, n, path, out);
}

struct error *json_take(char *text, size_t n, const char *path, struct json_doc *out) {
    struct json_doc d = {.path = mem_copy(path), .text = text, .n = n};
    struct error *e = NULL;
    *out = (struct json_doc){0};
    size_t where = 0;
    const char *end, *fault = scan_all(&d, &where);
    if (!fault) {
        d.root = cJSON_ParseWithLengthOpts(d.text, d.n + 1, &end, 1);
        if (!d.root) {
            fault = "json-syntax";
            where = end ? (size_t)(end - d.text) : 0;
        }
    }
    if (fault) e = placed(&d, place_at(&d, where), error_new(fault, NULL));
    if (!e) e = check_members(&d, d.root);
    if (e) json_close(&d);
    else *out = d;
    return e;
}

void json_close(struct json_doc *d) {
    cJSON_Delete(d->root);
    free(d->path);
    free(d->text);
    free(d->at);
    *d = (struct json_doc){0};
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
