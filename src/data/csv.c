#include "data/csv.h"

#include <errno.h>
#include <iconv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/utf8.h"

#define FILE_MOST ((size_t)1 << 30)

/* ---- the file ---- */

struct error *csv_whole_file(const char *path, char **out, size_t *n) {
    errno = 0;
    gzFile f = gzopen(path, "rb"); /* reads plain files as they are */
    if (!f) return error_new("file-open", "file", path, "why", strerror(errno), NULL);
    size_t cap = 1 << 16;
    int got;
    *n = 0;
    *out = mem_alloc(cap, 1);
    while ((got = gzread(f, *out + *n, (unsigned)(cap - *n - 1))) > 0) {
        *n += (size_t)got;
        if (cap - *n < 2) *out = mem_grow(*out, cap *= 2, 1);
        if (*n > FILE_MOST) break;
    }
    int fault = 0;
    gzerror(f, &fault);
    gzclose(f);
    (*out)[*n] = '\0';
    if (got >= 0 && fault == Z_OK && *n <= FILE_MOST) return NULL;
    free(*out);
    return error_new(*n > FILE_MOST ? "data-file-large" : "data-file-damaged", "file", path,
                     NULL);
}

/* CP949, as Korean spreadsheets still write it; NULL where it is not that either. */
static char *from_cp949(const char *text, size_t n) {
    iconv_t to = iconv_open("UTF-8", "CP949");
    if (to == (iconv_t)-1) return NULL;
    char *utf8 = mem_alloc(3 * n + 1, 1), *in = (char *)(uintptr_t)text, *out = utf8;
    size_t in_left = n, out_left = 3 * n;
    bool fine = iconv(to, &in, &in_left, &out, &out_left) != (size_t)-1;
    iconv_close(to);
    if (fine) return utf8;
    free(utf8);
    return NULL;
}

/* ---- cells ---- */

static char separator_of(const char *text) {
    size_t line = strcspn(text, "\r\n"), best = 0;
    char separator = ',';
    for (const char *s = ",;\t"; *s; s++) {
        size_t n = 0;
        for (size_t i = 0; i < line; i++) n += text[i] == *s;
        if (n > best) best = n, separator = *s;
    }
    return separator;
}

/* One cell from *at on; returns what ended it: the separator, a newline or the end. */
static char read_cell(const char **at, char separator, size_t *line, struct buf *cell) {
    const char *s = *at;
    buf_clear(cell);
    while (*s == ' ') s++;
    if (*s == '"') {
        for (s++; *s && !(*s == '"' && s[1] != '"'); s++) {
            if (*s == '"') s++; /* "" is one quote */
            *line += *s == '\n';
            buf_add_n(cell, s, 1);
        }
        while (*s && *s != separator && *s != '\n') s++;
    } else {
        const char ends[] = {separator, '\n', '\0'};
        size_t n = strcspn(s, ends), kept = n;
        while (kept && (s[kept - 1] == ' ' || s[kept - 1] == '\r')) kept--;
        buf_add_n(cell, s, kept);
        s += n;
    }
    *line += *s == '\n';
    *at = s + (*s != '\0');
    return *s;
}

static void add_cell(struct csv *t, size_t *n, size_t *cap, char *cell) {
    if (*n == *cap) {
        *cap = *cap ? 2 * *cap : 1024;
        t->cells = mem_grow(t->cells, *cap, sizeof *t->cells);
    }
    t->cells[(*n)++] = cell;
}

static struct error *ragged(const char *path, size_t line, size_t has, size_t wants) {
    char l[24], h[24], w[24];
    snprintf(l, sizeof l, "%zu", line);
    snprintf(h, sizeof h, "%zu", has);
    snprintf(w, sizeof w, "%zu", wants);
    return error_new("data-ragged", "file", path, "line", l, "has", h, "wants", w, NULL);
}

bool csv_number(const char *cell, double *out) {
    char *end;
    *out = strtod(cell, &end);
    while (*end == ' ') end++;
    return end != cell && !*end && isfinite(*out);
}

bool csv_gap(const char *cell) {
    static const char *const gaps[] = {"", "NA", "N/A", "na", "NaN", "nan", "?", "-"};
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        if (strcmp(cell, gaps[i]) == 0) return true;
    }
    return false;
}

/* The first row is a header where a cell of it is text and the cell below a number, or
 * where all of it is text and nothing below it is the same. */
static bool has_header(const struct csv *t) {
    double v;
    size_t texts = 0;
    for (size_t c = 0; c < t->columns; c++) {
        bool text = !csv_number(t->cells[c], &v) && !csv_gap(t->cells[c]);
        texts += text;
        if (text && t->rows > 1 && csv_number(t->cells[t->columns + c], &v)) return true;
    }
    return texts == t->columns && t->rows > 1;
}

/* The names of a header leave the rows. */
static void take_header(struct csv *t) {
    size_t cells = t->rows * t->columns;
    t->names = arena_alloc(t->arena, t->columns, sizeof *t->names);
    memcpy(t->names, t->cells, t->columns * sizeof *t->cells);
    memmove(t->cells, t->cells + t->columns, (cells - t->columns) * sizeof *t->cells);
    memmove(t->lines, t->lines + 1, (t->rows - 1) * sizeof *t->lines);
    t->rows--;
}

static struct error *read_rows(struct csv *t, const char *text, const char *path,
                               struct buf *cell) {
    size_t n = 0, cap = 0, line = 1, lines_cap = 0;
    char separator = separator_of(text), end;
    while (*text) {
        size_t blank = strspn(text, "\r");
        if (text[blank] == '\n') { /* an empty line */
            text += blank + 1;
            line++;
            continue;
        }
        size_t first = n, at = line;
        do {
            end = read_cell(&text, separator, &line, cell);
            add_cell(t, &n, &cap, arena_copy(t->arena, buf_text(cell)));
        } while (end == separator);
        if (!t->rows) t->columns = n;
        if (n - first != t->columns) return ragged(path, at, n - first, t->columns);
        if (t->rows == lines_cap) {
            lines_cap = lines_cap ? 2 * lines_cap : 256;
            t->lines = mem_grow(t->lines, lines_cap, sizeof *t->lines);
        }
        t->lines[t->rows++] = at;
    }
    return NULL;
}

struct error *csv_read(struct csv *t, const char *text, const char *path) {
    struct buf cell = {0};
    *t = (struct csv){.arena = arena_new()};
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0) text += 3;
    struct error *e = read_rows(t, text, path, &cell);
    buf_free(&cell);
    if (!e && t->rows && has_header(t)) take_header(t);
    if (!e && !t->rows) e = error_new("data-empty", "file", path, NULL);
    return e;
}

struct error *csv_open(struct csv *t, const char *path) {
    char *text;
    size_t n, bad;
    *t = (struct csv){0};
    struct error *e = csv_whole_file(path, &text, &n);
    if (e) return e;
    bool cp949 = false;
    if (memchr(text, '\0', n)) {
        e = error_new("data-not-text", "file", path, NULL);
    } else if (!utf8_valid(text, n, &bad)) {
        char *utf8 = from_cp949(text, n);
        if (!utf8) e = error_new("data-not-text", "file", path, NULL);
        free(text);
        text = utf8;
        cp949 = true;
    }
    if (!e) e = csv_read(t, text, path);
    t->cp949 = cp949;
    free(text);
    return e;
}

void csv_close(struct csv *t) {
    arena_free(t->arena);
    free(t->cells);
    free(t->lines);
    *t = (struct csv){0};
}
