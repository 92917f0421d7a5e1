#include "data/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "data/text_file.h"

/* ---- walking ---- */

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

void csv_past(struct csv_walk *w, const char *end) {
    bool blank = w->t->separator == ' ';
    while (blank && is_blank(*end)) end++;
    w->ended = *end == '\n' || !*end;
    w->line += *end == '\n';
    w->at = end + (*end == '\n' || (*end && !blank));
}

/* From the quote on to the one that closes it; NULL: none does. */
static const char *behind_quote(const char *s, size_t *lines, bool *doubled) {
    for (s++; *s && !(*s == '"' && s[1] != '"'); s++) {
        if (*s == '"') *doubled = true, s++;
        *lines += *s == '\n';
    }
    return *s ? s : NULL;
}

bool csv_cell(struct csv_walk *w, struct cell *c) {
    const char *s = w->at;
    char separator = w->t->separator;
    if (w->ended || w->open) return false;
    while (*s == ' ') s++;
    *c = (struct cell){s, 0, false};
    if (*s == '"') {
        c->at = s + 1;
        const char *close = behind_quote(s, &w->line, &c->doubled);
        if (!close) {
            w->open = true;
            return false;
        }
        c->n = (size_t)(close - c->at);
        for (s = close; *s && *s != separator && *s != '\n';) {
            if (separator == ' ' && *s == '\t') break;
            s++;
        }
    } else {
        while (!w->t->stops[(unsigned char)*s]) s++;
        const char *end = s;
        while (end > c->at && is_blank(end[-1])) end--;
        c->n = (size_t)(end - c->at);
    }
    csv_past(w, s);
    return true;
}

size_t csv_cells(struct csv_walk *w) {
    struct cell c;
    size_t n = 0;
    while (csv_cell(w, &c)) n++;
    return n;
}

/* #N/A is a gap, not what somebody says about the table. */
static bool is_comment(const char *s) {
    if (*s != '#') return false;
    return !cell_gap((struct cell){s, strcspn(s, ",;\t|\n "), false});
}

bool csv_row(struct csv_walk *w) {
    struct cell c;
    while (csv_cell(w, &c)) continue; /* what nobody has taken */
    if (w->open) return false;
    for (;;) {
        const char *s = w->at;
        while (w->t->separator == ' ' ? is_blank(*s) : *s == ' ') s++;
        bool comment = is_comment(s);
        if (!*s) return false;
        if (*s != '\n' && !comment) break;
        s += strcspn(s, "\n");
        w->comments += comment;
        w->line++;
        w->at = s + (*s == '\n');
    }
    while (w->t->separator == ' ' && is_blank(*w->at)) w->at++;
    w->row = w->line;
    w->ended = false;
    return true;
}

static struct csv_walk walk_from(const struct csv *t, const char *at, size_t line) {
    return (struct csv_walk){.t = t, .at = at, .line = line, .ended = true};
}

struct csv_walk csv_rows(const struct csv *t) {
    return walk_from(t, t->body, t->body_line);
}

/* ---- what parts the cells ---- */

enum { SAMPLE = 20 }; /* rows looked at */

static void set_separator(struct csv *t, char separator) {
    memset(t->stops, 0, sizeof t->stops);
    t->separator = separator;
    t->stops[0] = t->stops['\n'] = t->stops[(unsigned char)separator] = true;
    if (separator == ' ') t->stops['\t'] = true;
}

static bool is_measure(struct cell c, struct cell *unit) {
    double v;
    unsigned signs = 0;
    return cell_measure(c, '.', &v, &signs, unit) ||
           cell_measure(c, ',', &v, &signs, unit);
}

static bool is_number(struct cell c) {
    struct cell unit;
    return is_measure(c, &unit) && !unit.n;
}

/* How well a separator parts the first rows: the share of their cells that are numbers
 * (of the first, which may hold names, none are asked for), and their cells; -1: it
 * parts them unevenly, or not at all. */
static double parts(struct csv *t, char separator, size_t *columns) {
    size_t rows = 0, cells = 0, numbers = 0;
    set_separator(t, separator);
    struct csv_walk w = csv_rows(t);
    *columns = 0;
    for (; rows < SAMPLE && csv_row(&w); rows++) {
        size_t n = 0;
        struct cell c;
        for (struct cell unit; csv_cell(&w, &c); n++) {
            cells += rows > 0;
            numbers += rows > 0 && (cell_gap(c) || is_measure(c, &unit));
        }
        if (rows && n != *columns) return -1;
        *columns = n;
    }
    if (*columns < 2 || w.open) return -1;
    return cells ? (double)numbers / (double)cells : 0;
}

/* Where none parts them evenly, the one that parts the first row the most. */
static char rough_separator(struct csv *t) {
    size_t most = 1;
    char best = ',';
    for (const char *s = "\t;|,"; *s; s++) {
        set_separator(t, *s);
        struct csv_walk w = csv_rows(t);
        size_t n = csv_row(&w) ? csv_cells(&w) : 0;
        if (n > most) most = n, best = *s;
    }
    return best;
}

static void find_separator(struct csv *t) {
    size_t most = 0, columns;
    double best = -1;
    char separator = 0;
    for (const char *s = "\t;|, "; *s; s++) {
        double share = parts(t, *s, &columns);
        bool more = share == best && columns > most && *s != ' ';
        if (share < 0 || !(share > best || more)) continue;
        best = share;
        most = columns;
        separator = *s;
    }
    set_separator(t, separator ? separator : rough_separator(t));
}

/* sep=; as Excel writes it, in a first line of its own. */
static bool takes_sep(struct csv *t) {
    if (strncmp(t->body, "sep=", 4) != 0 || !t->body[4] || t->body[5] != '\n')
        return false;
    set_separator(t, t->body[4]);
    t->body += 6;
    t->body_line++;
    return true;
}

/* ---- names ---- */

enum beside { NOTHING, TEXT_OVER_NUMBER, THE_SAME };

/* The same text, or numbers of the same unit. */
static bool alike(struct cell a, struct cell b) {
    struct cell of_a, of_b;
    bool measures = is_measure(a, &of_a) && is_measure(b, &of_b);
    return cell_same(a, b) || (measures && of_a.n && cell_same(of_a, of_b));
}

/* What of the first row stands over a row below it. */
static enum beside beside(struct csv_walk first, struct csv_walk *below) {
    struct cell a, b;
    enum beside found = NOTHING;
    while (csv_cell(&first, &a) && csv_cell(below, &b)) {
        if (cell_gap(a)) continue;
        if (alike(a, b)) found = THE_SAME;
        else if (!is_number(a) && is_number(b)) return TEXT_OVER_NUMBER;
    }
    return found;
}

/* The first row names the columns where a cell of it is text and one of the next below
 * a number, or where all of it is text and nothing below it is the same. */
static bool has_names(const struct csv *t) {
    struct csv_walk w = csv_rows(t);
    struct cell c;
    if (!csv_row(&w)) return false;
    const struct csv_walk first = w;
    size_t texts = 0, gaps = 0, cells = 0, rows = 0;
    for (; csv_cell(&w, &c); cells++) {
        gaps += cell_gap(c);
        texts += !cell_gap(c) && !is_number(c);
    }
    bool all = texts && texts + gaps == cells; /* alone, it names nothing */
    while (texts && csv_row(&w) && (all || rows++ < SAMPLE) && !interrupt_flag) {
        enum beside is = beside(first, &w);
        if (is == TEXT_OVER_NUMBER) return true;
        if (is == THE_SAME) all = false;
    }
    return all;
}

/* The cells of the row in hand. */
static void take_names(struct csv *t, struct csv_walk *w) {
    struct cell c;
    t->names = mem_alloc(t->columns, sizeof *t->names);
    t->names_line = w->row;
    for (size_t i = 0; i < t->columns && csv_cell(w, &c); i++)
        t->names[i] = cell_text(c);
}

/* # a, b, c: as numpy writes the names, over rows that have as many cells. */
static void names_of_comment(struct csv *t) {
    const char *s = t->text;
    struct cell c;
    size_t cells = 0, texts = 0;
    if (*s != '#' || t->body_line != 1) return;
    struct csv_walk w = walk_from(t, s + 1 + strspn(s + 1, " "), 1);
    if (*w.at == '\n' || *w.at == '#') return;
    if (*w.at == t->separator) w.at = s; /* the first is called # */
    w.row = 1;
    w.ended = false;
    const struct csv_walk first = w;
    for (; csv_cell(&w, &c); cells++) texts += !is_number(c);
    if (cells != t->columns || texts != cells) return;
    w = first;
    take_names(t, &w);
}

/* ---- a whole table ---- */

struct error *csv_open_quote(const struct csv_walk *w, const char *path) {
    char line[24];
    if (!w->open) return NULL;
    snprintf(line, sizeof line, "%zu", w->row);
    return error_new("data-quote", "file", path, "line", line, NULL);
}

static struct error *find_rows(struct csv *t, const char *path) {
    t->body = t->text;
    t->body_line = 1;
    if (!takes_sep(t)) find_separator(t);
    struct csv_walk w = csv_rows(t);
    if (!csv_row(&w)) return error_new("data-empty", "file", path, NULL);
    const struct csv_walk first = w;
    t->columns = csv_cells(&w);
    if (w.open) return csv_open_quote(&w, path);
    struct error *e = memory_left_for((double)t->columns * 64);
    if (e) return e;
    if (!has_names(t)) {
        names_of_comment(t);
        return interrupt_error();
    }
    struct csv_walk names = first;
    take_names(t, &names);
    t->body = names.at;
    t->body_line = names.line;
    if (csv_row(&names)) return interrupt_error();
    return error_new("data-empty", "file", path, NULL);
}

static struct error *begin(struct csv *t, struct text_file f, const char *path) {
    *t = (struct csv){.text = f.text, .size = f.n, .charset = f.charset};
    struct error *e = find_rows(t, path);
    if (e) csv_close(t);
    return e;
}

struct error *csv_read(struct csv *t, const char *text, const char *path) {
    size_t n = strlen(text);
    struct text_file f = {.text = mem_alloc(n + TEXT_ZEROS, 1), .n = n};
    memcpy(f.text, text, n);
    return begin(t, f, path);
}

struct error *csv_open(struct csv *t, const char *path) {
    return csv_open_in(t, NULL, path);
}

struct error *csv_open_in(struct csv *t, const char *folder, const char *path) {
    struct text_file f;
    *t = (struct csv){0};
    struct error *e = text_file_read(&f, folder, path);
    return e ? e : begin(t, f, path);
}

void csv_close(struct csv *t) {
    for (size_t i = 0; t->names && i < t->columns; i++) free(t->names[i]);
    free(t->names);
    free(t->text);
    *t = (struct csv){0};
}
