#include "present/cast.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"

enum { IDLE_SECONDS = 3, UTF8_MOST = 4 };

struct cast {
    int fd;
    char *path;
    off_t whole;          /* bytes of whole lines */
    double t;             /* of the last event */
    char rest[UTF8_MOST]; /* the beginning of a character */
    size_t n_rest;
    bool after_return; /* the last byte was \r */
    int lost;          /* errno of the first write that failed: nothing follows */
};

/* ---- a line ---- */

/* All of it or nothing, so that what there is plays. */
static void write_line(struct cast *c, const char *line) {
    size_t n = strlen(line);
    if (c->lost) return;
    if (file_write_all(c->fd, line, n)) {
        c->whole += (off_t)n;
        return;
    }
    c->lost = errno;
    if (ftruncate(c->fd, c->whole) != 0) return; /* players bear half a last line */
}

static void write_event(struct cast *c, double t, char kind, const char *text) {
    struct buf line = {0};
    if (t > c->t) c->t = t;
    buf_printf(&line, "[%.6f, \"%c\", ", c->t, kind);
    buf_add_json(&line, text);
    buf_add(&line, "]\n");
    write_line(c, buf_text(&line));
    buf_free(&line);
}

static double moment(void) {
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    char *end;
    long long fixed = epoch ? strtoll(epoch, &end, 10) : -1;
    return (double)(fixed >= 0 && *epoch && !*end ? fixed : (long long)time(NULL));
}

static void write_head(struct cast *c, const char *title, int columns, int rows) {
    const char *term = getenv("TERM");
    cJSON *head = cJSON_CreateObject();
    cJSON_AddNumberToObject(head, "version", 2);
    cJSON_AddNumberToObject(head, "width", columns);
    cJSON_AddNumberToObject(head, "height", rows);
    cJSON_AddNumberToObject(head, "timestamp", moment());
    cJSON_AddNumberToObject(head, "idle_time_limit", IDLE_SECONDS);
    struct buf line = {0};
    utf8_add_line(&line, title);
    cJSON_AddStringToObject(head, "title", buf_text(&line));
    cJSON *env = cJSON_AddObjectToObject(head, "env");
    cJSON_AddStringToObject(env, "TERM", term && *term ? term : "xterm-256color");
    char *text = cJSON_PrintUnformatted(head);
    buf_clear(&line);
    buf_printf(&line, "%s\n", text);
    write_line(c, buf_text(&line));
    buf_free(&line);
    cJSON_free(text);
    cJSON_Delete(head);
}

struct error *cast_open(const char *path, const char *title, int columns, int rows,
                        struct cast **out) {
    struct error *e = file_check_name(path);
    if (e) return e;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return error_new(errno == EEXIST ? "cast-there" : "file-open", "file", path,
                         "why", strerror(errno), NULL);
    *out = mem_alloc(1, sizeof **out);
    **out = (struct cast){.fd = fd, .path = mem_copy(path)};
    write_head(*out, title, columns, rows);
    return NULL;
}

/* ---- events ---- */

/* Bytes at the end that may be the beginning of a character. */
static size_t begun(const char *s, size_t n) {
    for (size_t k = 1; k < UTF8_MOST && k <= n; k++) {
        unsigned char c = (unsigned char)s[n - k];
        size_t wants = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
        if (wants > k) return k;
        if (wants > 1 || c < 0x80) return 0;
    }
    return 0;
}

/* As a terminal gets it: a string that JSON can hold. */
static void add_shown(struct cast *c, struct buf *b, const char *s, size_t n) {
    char *text = mem_copy_n(s, n);
    size_t len;
    for (size_t i = 0; i < n; i += len) {
        uint32_t code = utf8_decode(text + i, &len);
        if (!code) len = 1; /* a terminal passes it over */
        else if (code == '\n' && !c->after_return) buf_add(b, "\r\n");
        else utf8_encode(b, code);
        c->after_return = code == '\r';
    }
    free(text);
}

void cast_heard(struct cast *c, double t, const char *bytes, size_t n) {
    struct buf all = {0}, shown = {0};
    buf_add_n(&all, c->rest, c->n_rest);
    buf_add_n(&all, bytes, n);
    c->n_rest = begun(buf_text(&all), all.len);
    size_t whole = all.len - c->n_rest;
    memcpy(c->rest, buf_text(&all) + whole, c->n_rest);
    add_shown(c, &shown, buf_text(&all), whole);
    if (shown.len) write_event(c, t, 'o', buf_text(&shown));
    buf_free(&shown);
    buf_free(&all);
}

void cast_mark(struct cast *c, double t, const char *label) {
    struct buf line = {0};
    utf8_add_line(&line, label);
    write_event(c, t, 'm', buf_text(&line));
    buf_free(&line);
}

void cast_resize(struct cast *c, double t, int columns, int rows) {
    char size[32];
    snprintf(size, sizeof size, "%dx%d", columns, rows);
    write_event(c, t, 'r', size);
}

int cast_lost(const struct cast *c) { return c->lost; }

struct error *cast_close(struct cast *c) {
    if (close(c->fd) != 0 && !c->lost) c->lost = errno;
    struct error *e = c->lost ? error_new("cast-lost", "file", c->path, "why",
                                          strerror(c->lost), NULL)
                              : NULL;
    free(c->path);
    free(c);
    return e;
}
