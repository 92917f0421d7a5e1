#include "data/csv.h"

#include <errno.h>
#include <iconv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/utf8.h"

#define FILE_MOST ((size_t)1 << 30)
enum { PART = 1 << 20 }; /* looked at between two Ctrl-C */

/* ---- the file ---- */

struct error *csv_open_file(const char *path, gzFile *out) {
    struct stat is;
    struct error *e = file_check_name(path);
    if (e) return e;
    errno = 0;
    if (stat(path, &is) == 0 && !S_ISREG(is.st_mode)) {
        return error_new("data-not-file", "file", path, NULL);
    }
    *out = gzopen(path, "rbe"); /* reads plain files as they are */
    return *out ? NULL
                : error_new("file-open", "file", path, "why", strerror(errno), NULL);
}

static struct error *open_beside(const char *folder, const char *name, gzFile *out) {
    int fd;
    struct error *e = file_open_beside(folder, name, &fd);
    if (e) return e;
    *out = gzdopen(fd, "rb");
    if (*out) return NULL;
    close(fd);
    return error_new("file-open", "file", name, "why", strerror(errno), NULL);
}

/* A whole file, plain or .gz, with a zero after it. The caller frees it. */
static struct error *whole_file(const char *folder, const char *path, char **out,
                                size_t *n) {
    gzFile f;
    struct error *e = folder ? open_beside(folder, path, &f) : csv_open_file(path, &f);
    if (e) return e;
    size_t cap = 1 << 16;
    int got;
    *n = 0;
    *out = mem_alloc(cap, 1);
    for (;;) {
        size_t room = cap - *n - 1;
        got = gzread(f, *out + *n, room < PART ? (unsigned)room : PART);
        *n += got > 0 ? (size_t)got : 0;
        if (got <= 0 || *n > FILE_MOST || (e = interrupt_error())) break;
        if (cap - *n > 1) continue;
        if ((e = memory_left_for((double)cap))) break; /* as much again */
        *out = mem_grow(*out, cap *= 2, 1);
    }
    int fault = 0;
    gzerror(f, &fault);
    gzclose(f);
    (*out)[*n] = '\0';
    if (!e && got >= 0 && fault == Z_OK && *n <= FILE_MOST) return NULL;
    free(*out);
    if (e) return e;
    return error_new(*n > FILE_MOST ? "data-file-large" : "data-file-damaged", "file",
                     path, NULL);
}

/* The text in UTF-8; NULL where it is not what it is taken for. */
static char *from(const char *charset, const char *text, size_t n) {
    iconv_t to = iconv_open("UTF-8", charset);
    if (to == (iconv_t)-1) return NULL;
    char *utf8 = mem_alloc(3 * n + 1, 1), *in = (char *)(uintptr_t)text, *out = utf8;
    size_t out_left = 3 * n;
    bool fine = true;
    for (size_t left = n; left && fine && !interrupt_flag;) {
        size_t part = left < PART ? left : PART, rest = left - part;
        fine = iconv(to, &in, &part, &out, &out_left) != (size_t)-1 ||
               (errno == EINVAL && rest); /* a character goes on in the next part */
        left = rest + part;
    }
    iconv_close(to);
    if (fine && !memchr(utf8, '\0', (size_t)(out - utf8))) return utf8;
    free(utf8);
    return NULL;
}

static bool is_utf8(const char *text, size_t n) {
    size_t bad;
    for (size_t at = 0, part; at < n && !interrupt_flag; at += part) {
        const char *end =
            n - at > PART ? memchr(text + at + PART, '\n', n - at - PART) : NULL;
        part = end ? (size_t)(end - text) - at : n - at;
        if (!utf8_valid(text + at, part, &bad)) return false;
    }
    return true;
}

/* Spreadsheets also write UTF-16, with a mark before it, and Korean ones CP949. */
static const char *charset_of(const char *text, size_t n) {
    if (n >= 2 &&
        (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)) {
        return "UTF-16";
    }
    return is_utf8(text, n) ? NULL : "CP949";
}

/* ---- cells ---- */

static char separator_of(const char *text) {
    size_t line = strcspn(text, "\n"), best = 0;
    char separator = ',';
    for (const char *s = ",;\t"; *s; s++) {
        size_t n = 0;
        for (size_t i = 0; i < line; i++) n += text[i] == *s;
        if (n > best) best = n, separator = *s;
    }
    return separator;
}

/* One cell from *at on, ended in place; returns what ended it: the separator, a newline
 * or the end. *open: a quote is never closed. */
static char read_cell(char **at, char separator, size_t *line, char **cell,
                      bool *open) {
    char *s = *at, *to, end;
    while (*s == ' ') s++;
    *cell = to = s;
    if (*s == '"') {
        for (s++; *s && !(*s == '"' && s[1] != '"'); s++) {
            if (*s == '"') s++; /* "" is one quote */
            *line += *s == '\n';
            *to++ = *s;
        }
        *open = !*s;
        while (*s && *s != separator && *s != '\n') s++;
    } else {
        const char ends[] = {separator, '\n', '\0'};
        s += strcspn(s, ends);
        for (to = s; to > *cell && to[-1] == ' ';) to--;
    }
    end = *s;
    *line += end == '\n';
    *at = s + (end != '\0');
    *to = '\0';
    return end;
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
    return error_new("data-ragged", "file", path, "line", l, "has", h, "wants", w,
                     NULL);
}

bool csv_number(const char *cell, double *out) {
    char *end;
    *out = 0;
    if (cell[strspn(cell, "0123456789+-.eE ")]) return false; /* 0x10, inf, nan */
    *out = strtod(cell, &end);
    while (*end == ' ') end++;
    return end != cell && !*end && isfinite(*out);
}

bool csv_gap(const char *cell) {
    static const char *const gaps[] = {"",    "-",    "?",   "NA",
                                       "N/A", "#N/A", "NaN", "NULL"};
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        if (strcasecmp(cell, gaps[i]) == 0) return true;
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
        if (text && t->rows > 1 && csv_number(t->cells[t->columns + c], &v))
            return true;
    }
    return texts == t->columns; /* alone, it is the header of nothing */
}

/* The names of a header leave the rows. */
static void take_header(struct csv *t) {
    size_t cells = t->rows * t->columns;
    t->names = mem_alloc(t->columns, sizeof *t->names);
    memcpy(t->names, t->cells, t->columns * sizeof *t->cells);
    memmove(t->cells, t->cells + t->columns, (cells - t->columns) * sizeof *t->cells);
    memmove(t->lines, t->lines + 1, (t->rows - 1) * sizeof *t->lines);
    t->rows--;
}

static struct error *open_quote(const char *path, size_t line) {
    char l[24];
    snprintf(l, sizeof l, "%zu", line);
    return error_new("data-quote", "file", path, "line", l, NULL);
}

static struct error *read_rows(struct csv *t, char *text, const char *path) {
    size_t n = 0, cap = 0, line = 1, lines_cap = 0;
    char separator = separator_of(text), end;
    bool open = false;
    while (*text) {
        if (*text == '\n') { /* an empty line */
            text++;
            line++;
            continue;
        }
        size_t first = n, at = line;
        if (interrupt_flag) return interrupt_error();
        do {
            char *cell;
            end = read_cell(&text, separator, &line, &cell, &open);
            if (open) return open_quote(path, at);
            add_cell(t, &n, &cap, cell);
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

/* A cell may take a pointer here and, as a number, four places while the set is
 * made. */
static struct error *check_room(const char *text) {
    size_t cells = 0;
    for (const char *s = text; *s && !interrupt_flag; s++)
        cells += *s == ',' || *s == ';' || *s == '\t' || *s == '\n';
    return memory_left_for((double)cells * 5 * sizeof(double));
}

/* CR LF, as on Windows, and CR alone, as on a Macintosh, end a line too. */
static void end_lines(char *text) {
    char *to = text;
    for (const char *s = text; *s && !interrupt_flag; s++) {
        if (*s == '\r' && s[1] == '\n') continue;
        *to++ = *s == '\r' ? '\n' : *s;
    }
    *to = '\0';
}

/* Takes the text over. */
static struct error *read_text(struct csv *t, char *text, const char *path) {
    *t = (struct csv){.text = text};
    end_lines(text);
    struct error *e = check_room(text);
    if (!e)
        e = read_rows(t, text + (strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0), path);
    if (!e && t->rows && has_header(t)) take_header(t);
    if (!e && !t->rows) e = error_new("data-empty", "file", path, NULL);
    return e;
}

struct error *csv_read(struct csv *t, const char *text, const char *path) {
    return read_text(t, mem_copy(text), path);
}

struct error *csv_open(struct csv *t, const char *path) {
    return csv_open_in(t, NULL, path);
}

struct error *csv_open_in(struct csv *t, const char *folder, const char *path) {
    char *text;
    size_t n;
    *t = (struct csv){0};
    struct error *e = whole_file(folder, path, &text, &n);
    if (e) return e;
    const char *charset = charset_of(text, n);
    if (charset && (e = memory_left_for(3.0 * (double)n))) {
        free(text);
        return e;
    }
    if (charset) {
        char *utf8 = from(charset, text, n);
        free(text);
        text = utf8;
    } else if (memchr(text, '\0', n)) {
        free(text);
        text = NULL;
    }
    if ((e = interrupt_error())) {
        free(text);
        return e;
    }
    if (!text) return error_new("data-not-text", "file", path, NULL);
    e = read_text(t, text, path);
    t->charset = charset;
    return e;
}

void csv_close(struct csv *t) {
    free(t->text);
    free(t->names);
    free(t->cells);
    free(t->lines);
    *t = (struct csv){0};
}
