#include "text/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/utf8.h"

/* Below this no pages are made: three lines at a time are not read. */
enum { FEWEST_ROWS = 6, ROWS = 24, COLUMNS = 80, FOLDED = 2 };

/* In what is held, between two things that were held within it. */
#define PART "\1"

struct screen {
    struct screen_owner owner;
    int rows, columns; /* of the terminal */
    int used;          /* rows of this page that are full */
    int column;        /* where the next sign goes */
    bool unwanted;     /* the rest of what this line says … */
    bool left;         /* … of what is being said, until screen_want */
    FILE *file;        /* of `line` and `held` */
    struct buf line;   /* begun, and not written yet */
    struct buf held;
    int holds, held_rows;
    bool head; /* what is held waits for what comes next, whatever that is */
    int from;  /* the column in which what is held begins */
};

struct screen *screen_open(struct screen_owner owner) {
    struct screen *s = mem_alloc(1, sizeof *s);
    s->owner = owner;
    return s;
}

void screen_close(struct screen *s) {
    if (!s) return;
    buf_free(&s->line);
    buf_free(&s->held);
    free(s);
}

static int set_rows, set_columns;

void screen_set_size(int rows, int columns) {
    set_rows = rows;
    set_columns = columns;
}

void screen_size(int *rows, int *columns) {
    struct winsize w = {0};
    if (!set_rows) ioctl(STDOUT_FILENO, TIOCGWINSZ, &w);
    *rows = set_rows ? set_rows : w.ws_row;
    *columns = set_rows ? set_columns : w.ws_col;
}

/* Windows change. */
static void fit(struct screen *s) {
    screen_size(&s->rows, &s->columns);
    if (!s->rows) s->rows = ROWS;
    if (!s->columns) s->columns = COLUMNS;
}

/* The last row is the prompt's. */
static int page(const struct screen *s) {
    return s->rows < FEWEST_ROWS ? 0 : s->rows - 1;
}

/* ---- a page ---- */

/* What is said after Ctrl-C is short, and no key is asked for it. */
static void turn_page(struct screen *s) {
    enum screen_turn turn = interrupt_flag ? SCREEN_ON : s->owner.full(s->owner.self);
    if (turn != SCREEN_ON) s->unwanted = true;
    s->left = turn == SCREEN_LEFT;
    s->used = 0;
}

/* A row, or what of it there is; `end`: with its newline. */
static void write_row(struct screen *s, const char *row, size_t n, bool end) {
    char *text = mem_copy_n(row, n);
    bool ink = !end && !utf8_width(text); /* a colour ends: no row begins with that */
    if (!s->column && !ink) {
        fit(s);
        if (page(s) && s->used >= page(s)) turn_page(s);
    }
    if (s->unwanted) {
        free(text);
        return;
    }
    s->owner.write(s->owner.self, s->file, text);
    if (end) s->owner.write(s->owner.self, s->file, "\n");
    s->column = end ? 0 : s->column + utf8_width(text);
    s->used += end;
    free(text);
}

static void write_rows(struct screen *s, const char *row, size_t n) {
    for (const char *end = row + n, *next; row < end; row = next) {
        const char *stop = memchr(row, '\n', (size_t)(end - row));
        next = stop ? stop + 1 : end;
        write_row(s, row, (size_t)(next - row) - (stop != NULL), stop != NULL);
    }
}

/* All of it on one page, or where that is too small, its parts on one each. */
static void write_held(struct screen *s) {
    bool whole = s->held_rows <= page(s) || !page(s);
    if (whole) screen_need(s, s->held_rows);
    s->column = s->from;
    for (const char *part = buf_text(&s->held); *part;) {
        size_t n = strcspn(part, PART);
        if (!whole) screen_need(s, utf8_rows(part, n));
        write_rows(s, part, n);
        part += n + (part[n] != '\0');
    }
    buf_clear(&s->held);
    s->held_rows = 0;
    s->from = s->column;
}

static void add_row(struct screen *s, const char *row, size_t n, bool end) {
    if (!s->holds || s->unwanted) {
        write_row(s, row, n, end);
        return;
    }
    buf_add_n(&s->held, row, n);
    if (end) buf_add(&s->held, "\n");
    s->column = end ? 0 : s->column + utf8_width(row);
    s->held_rows += end;
}

/* ---- lines ---- */

/* Bytes of the text that go on a row with so much room; fewer than there are end
 * between two words where they can. */
static size_t row_length(const char *text, int room) {
    size_t n = utf8_fit(text, room > 0 ? room : 1), word = n, len;
    if (!text[n]) return n;
    size_t lead = strspn(text, " ");
    while (word > lead && text[word] != ' ') word--;
    if (word > lead) return word;
    if (n) return n;
    utf8_decode(text, &len);
    return len;
}

/* What goes on in the next row stands a little further in than the line; where that
 * would leave no room, at the first column. */
void screen_fold(struct buf *b, const char *line, int column, int columns) {
    size_t lead = strspn(line, " ");
    int indent = (int)lead + FOLDED;
    if (indent > columns / 2) {
        indent = 0;
        line += lead;
    }
    for (int in = 0;; in = indent, column = 0) {
        size_t n = row_length(line, columns - column - in);
        buf_printf(b, "%*s", in, "");
        buf_add_n(b, line, n);
        line += n + strspn(line + n, " ");
        if (!*line) return;
        buf_add(b, "\n");
    }
}

/* All rows of the line but its last, which stays. */
static void fold_line(struct screen *s) {
    struct buf rows = {0};
    screen_fold(&rows, buf_text(&s->line), s->column, s->columns);
    buf_clear(&s->line);
    const char *row = buf_text(&rows);
    for (size_t n; row[n = strcspn(row, "\n")] && !s->unwanted; row += n + 1)
        add_row(s, row, n, true);
    if (!s->unwanted) buf_add(&s->line, row);
    buf_free(&rows);
}

/* What is begun is written. */
static void write_line(struct screen *s, bool end) {
    if (!s->columns) fit(s);
    if (s->column + utf8_width(buf_text(&s->line)) > s->columns) fold_line(s);
    if (s->line.len || end) add_row(s, buf_text(&s->line), s->line.len, end);
    buf_clear(&s->line);
}

/* It came. */
static void end_head(struct screen *s) {
    if (!s->head || s->holds > 1) return;
    s->head = false;
    s->holds = 0;
    write_held(s);
}

void screen_flush(struct screen *s) {
    if (s->line.len) write_line(s, false);
    end_head(s);
}

static void turn_to(struct screen *s, FILE *file) {
    if (file == s->file) return;
    screen_flush(s);
    if (s->held.len) write_held(s);
    s->file = file;
    s->unwanted = false; /* an error is told to whoever wanted no more */
}

/* A tab's width depends on where it stands: nobody could count it. */
static void add_text(struct buf *b, const char *s, size_t n) {
    for (size_t part; n; s += part, n -= part) {
        part = strcspn(s, "\t\n");
        buf_add_n(b, s, part);
        if (part < n) buf_add(b, "    ");
        part += part < n;
    }
}

void screen_put(struct screen *s, FILE *file, const char *text) {
    turn_to(s, file);
    for (size_t n; *text; text += n + (text[n] == '\n')) {
        n = strcspn(text, "\n");
        add_text(&s->line, text, n);
        if (text[n] != '\n') continue;
        write_line(s, true);
        end_head(s);
    }
}

void screen_control(struct screen *s, FILE *file, const char *bytes) {
    turn_to(s, file);
    if (s->line.len) write_line(s, false);
    if (s->unwanted) return;
    if (s->holds) buf_add(&s->held, bytes);
    else s->owner.write(s->owner.self, file, bytes);
}

void screen_up(struct screen *s, FILE *file, int rows) {
    struct buf b = {0};
    buf_printf(&b, "\033[%dA", rows);
    screen_control(s, file, buf_text(&b));
    buf_free(&b);
    s->used -= rows < s->used ? rows : s->used;
}

void screen_back(struct screen *s, FILE *file, int columns) {
    struct buf b = {0};
    for (int i = 0; i < columns; i++) buf_add(&b, "\b");
    screen_control(s, file, buf_text(&b));
    buf_free(&b);
    s->column -= columns < s->column ? columns : s->column;
}

/* ---- what stays together ---- */

int screen_free(struct screen *s) {
    fit(s);
    int rows = page(s) - s->used - s->held_rows;
    return rows > 0 ? rows : 0;
}

void screen_need(struct screen *s, int rows) {
    fit(s);
    bool fits = s->used + rows <= page(s) || rows > page(s);
    if (page(s) && s->used && !fits) turn_page(s);
}

static void part(struct screen *s) {
    if (s->line.len) write_line(s, false);
    if (s->holds && s->held.len && !s->column) buf_add(&s->held, PART);
}

void screen_hold(struct screen *s) {
    part(s);
    if (!s->holds++) s->from = s->column;
}

void screen_release(struct screen *s) {
    if (s->line.len) write_line(s, false); /* it is the last of what is held */
    s->holds--;
    part(s);
    if (!s->holds) write_held(s);
    else if (s->holds == 1) end_head(s);
}

void screen_release_with_next(struct screen *s) {
    part(s);
    if (s->holds > 1) s->holds--;
    else s->head = true;
}

void screen_end_page(struct screen *s) {
    screen_flush(s);
    fit(s);
    if (page(s) && s->used) turn_page(s);
}

void screen_want(struct screen *s) {
    if (s->left) s->unwanted = s->left = false;
}

void screen_turn(struct screen *s, int rows) {
    fit(s); /* what is held is folded before its first row is written */
    s->used = rows;
    s->column = 0;
    s->unwanted = false;
}
