/* new: `learn new lesson [NAME]`: a lesson to begin with, lessons/new.json under
 * another name. It has a step of each kind, plays, and lint finds nothing in it. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unictype.h>
#include <uninorm.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "base/whole.h"
#include "lesson/desk.h"
#include "lesson/lesson.h"
#include "lesson/load.h"
#include "lesson/progress.h"
#include "text/number.h"
#include "text/table.h"

enum { FIRST = 100, LAST = 9999, FILES_MOST = 500, LARGE = 1 << 20, NAME_MOST = 100 };

/* ---- its name ---- */

static bool may_stand(uint32_t c) {
    return c == '-' || uc_is_property_alphabetic(c) || uc_is_property_decimal_digit(c);
}

static bool ends_in_json(const char *name, size_t n) {
    return n > 5 && strcmp(name + n - 5, ".json") == 0;
}

/* Hangul composed (a Mac hands it over in parts), without .json. */
static char *composed(const char *name) {
    size_t n = strlen(name), bad, got = 0;
    uint8_t *whole = NULL;
    if (utf8_valid(name, n, &bad))
        whole = u8_normalize(UNINORM_NFC, (const uint8_t *)name, n, NULL, &got);
    char *s = mem_copy_n(whole ? (char *)whole : "", got);
    free(whole);
    if (ends_in_json(s, got)) s[got - 5] = '\0';
    return s;
}

/* A - in the place of what may not stand there. */
static char *tidy(const char *name) {
    struct buf b = {0};
    size_t len;
    for (uint32_t c; (c = utf8_decode(name, &len)); name += len) {
        bool dash = !may_stand(c) || c == '-';
        if (!dash) buf_add_n(&b, name, len);
        else if (b.len && (c == '-' || b.data[b.len - 1] != '-')) buf_add(&b, "-");
    }
    while (b.len && b.data[b.len - 1] == '-') b.len--;
    char *text = mem_copy_n(buf_text(&b), b.len);
    buf_free(&b);
    return text;
}

/* *out: the name of the file without .json; owned. */
static struct error *read_name(const char *given, char **out) {
    char *name = composed(given), *tidied = tidy(name);
    bool fits = *tidied && strlen(tidied) <= NAME_MOST;
    struct error *e = NULL;
    if (!fits) e = error_new("new-name", "name", given, NULL);
    else if (strcmp(name, tidied) != 0)
        e = error_new("new-name", "name", given, "near", tidied, NULL);
    free(tidied);
    *out = name;
    return e;
}

/* ---- its number ---- */

static int number_in(const char *path) {
    struct stat st;
    struct json_doc d;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) return -1;
    struct error *e = json_open(path, LARGE, &d);
    int n = e ? -1 : json_whole(d.root, "lesson", -1);
    error_free(e);
    json_close(&d);
    return n;
}

static void take(bool used[], int n) {
    if (n >= FIRST && n <= LAST) used[n - FIRST] = true;
}

/* From 100 on one that no lesson here has, nor one that was played. */
static int free_number(struct session *s) {
    bool *used = mem_alloc(LAST - FIRST + 1, sizeof *used);
    DIR *d = opendir(".");
    const struct dirent *entry;
    const cJSON *played;
    int files = 0, n = 0;
    while (d && files < FILES_MOST && (entry = readdir(d))) {
        if (!ends_in_json(entry->d_name, strlen(entry->d_name))) continue;
        take(used, number_in(entry->d_name));
        files++;
    }
    if (d) closedir(d);
    cJSON_ArrayForEach(played, progress_all(desk_progress(s)))
        take(used, json_whole(played, "number", -1));
    while (n < LAST - FIRST && used[n]) n++;
    free(used);
    return FIRST + n;
}

/* ---- its text ---- */

/* cafe; of what can be no id, or is the course's, lesson-100. */
static char *id_of(struct session *s, const char *name, int number) {
    struct buf id = {0};
    for (const char *c = name; *c; c++)
        buf_printf(&id, "%c", tolower((unsigned char)*c));
    if (!lesson_is_id(buf_text(&id)) || lesson_is_taken(s->home, buf_text(&id))) {
        buf_clear(&id);
        buf_printf(&id, "lesson-%d", number);
    }
    return buf_take(&id);
}

/* The value of a key, up to its comma, becomes another. */
static void put(struct buf *text, const char *key, const char *value) {
    struct buf name = {0}, b = {0};
    buf_printf(&name, "\"%s\": ", key);
    const char *at = strstr(buf_text(text), buf_text(&name));
    if (at) {
        at += name.len;
        buf_add_n(&b, text->data, (size_t)(at - text->data));
        buf_add(&b, value);
        buf_add(&b, at + strcspn(at, ",\n"));
        buf_free(text);
        *text = b;
    }
    buf_free(&name);
}

static void put_quoted(struct buf *text, const char *key, const char *value) {
    struct buf b = {0};
    buf_add_json(&b, value);
    put(text, key, buf_text(&b));
    buf_free(&b);
}

/* Last: a path may hold what looks like a key. */
static void put_schema(struct buf *text, const char *home) {
    char *path = file_at_home(home, "lessons/schema.json");
    char *real_path = realpath(path, NULL);
    put_quoted(text, "$schema", real_path ? real_path : path);
    free(real_path);
    free(path);
}

static struct error *fill_in(struct session *s, int number, const char *id,
                             struct buf *text) {
    char *model;
    size_t n;
    char *path = file_at_home(s->home, "lessons/new.json");
    struct error *e = file_read(path, JSON_MOST, &model, &n);
    free(path);
    if (e) return e;
    buf_add(text, model);
    free(model);
    char digits[24];
    put(text, "lesson", whole_text(digits, (size_t)number));
    put_quoted(text, "id", id);
    put_schema(text, s->home);
    return NULL;
}

/* ---- the whole ---- */

static void tell(struct session *s, const char *file, const char *id, bool other) {
    struct lesson *l;
    struct buf guide = {0};
    bool ko = text_lang(s->out->text) == TEXT_KO;
    if (s->home && strcmp(s->home, ".") != 0) buf_printf(&guide, "%s/", s->home);
    buf_printf(&guide, "lessons/README%s.md", ko ? ".ko" : "");
    struct error *e = lesson_load(s->home, file, NULL, &l);
    if (e) out_error(s->out, e);
    else
        out_say(s->out, "new.done", "file", file, "steps", NUM(s->out, l->n_steps),
                NULL);
    struct out_table *t = table_new(2);
    static const char *const rows[][2] = {{"learn lesson ./%s", "new.play"},
                                          {"learn lint --watch %s", "new.watch"},
                                          {NULL, "new.guide"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf line = {0}, means = {0};
        buf_add(&line, "  ");
        if (rows[i][0]) buf_printf(&line, rows[i][0], file);
        else buf_add(&line, buf_text(&guide));
        text_add(s->out->text, &means, rows[i][1], NULL);
        table_cell(t, buf_text(&line), OUT_STRONG);
        table_cell(t, buf_text(&means), OUT_PLAIN);
        buf_free(&line);
        buf_free(&means);
    }
    table_print(s->out, t, 0);
    table_free(t);
    if (other) out_say(s->out, "new.id", "id", id, NULL);
    buf_free(&guide);
    if (!e) lesson_free(l);
    error_free(e);
}

struct error *lesson_new(struct session *s, const char *given) {
    char *name;
    struct error *e = read_name(given ? given : "my-lesson", &name);
    if (e) {
        free(name);
        return e;
    }
    struct lesson_name named;
    bool numbered = lesson_read_name(name, &named); /* 101-cafe: lesson 101, cafe */
    const char *rest = numbered ? named.id : name;
    int number = numbered ? named.number : free_number(s);
    char *id = id_of(s, rest, number);
    struct buf text = {0}, file = {0};
    buf_printf(&file, "%s.json", name);
    e = fill_in(s, number, id, &text);
    if (!e) e = file_write_new(buf_text(&file), buf_text(&text), text.len);
    if (!e) tell(s, buf_text(&file), id, strcasecmp(id, rest) != 0);
    buf_free(&text);
    buf_free(&file);
    free(id);
    free(name);
    return e;
}
