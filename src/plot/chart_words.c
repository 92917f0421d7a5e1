/* What is printed of a chart by us: the picture's lines, its legend, or its numbers. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "plot/chart_hues.h"
#include "text/number.h"
#include "text/table.h"

#define NUMBER_ROWS 9
#define PAGE_ROWS 10 /* on a page */

static bool is_line(const struct series *s) {
    return s->kind == SERIES_LINE || s->kind == SERIES_TANGENT;
}

/* ---- the picture ---- */

static enum out_colour mark_ink(const struct chart *c, char mark) {
    for (int k = 0; k < c->n; k++) {
        if (c->series[k].kind != SERIES_GRID && chart_mark(c, k) == mark)
            return chart_looks[c->series[k].hue].ink;
    }
    bool level = chart_kinds[c->kind].heights && strchr(CHART_HEIGHTS, mark);
    return level ? OUT_LOSS : OUT_PLAIN;
}

static void add_row(struct buf *b, struct out *o, const struct chart *c,
                    const char *row, size_t n) {
    enum out_colour now = OUT_PLAIN;
    for (size_t i = 0; i < n; i++) {
        enum out_colour ink = row[i] == ' ' ? now : mark_ink(c, row[i]);
        if (ink != now) buf_add(b, out_ink(o, OUT_PLAIN));
        if (ink != now && ink != OUT_PLAIN) buf_add(b, out_ink(o, ink));
        now = ink;
        buf_add_n(b, row + i, 1);
    }
    if (now != OUT_PLAIN) buf_add(b, out_ink(o, OUT_PLAIN));
    buf_add(b, "\n");
}

static void add_picture(struct buf *b, struct out *o, const struct chart *c,
                        const char *picture) {
    while (*picture) {
        size_t line = strcspn(picture, "\n"), n = line;
        while (n && (picture[n - 1] == ' ' || picture[n - 1] == '\f')) n--;
        if (n) add_row(b, o, c, picture, n);
        picture += line + (picture[line] != '\0');
    }
}

/* ---- the legend: entries beside each other, as many as there is room for ---- */

struct legend {
    struct buf text;
    int columns, used; /* of a row; of this one so far */
};

static void add_entry(struct legend *l, const char *entry) {
    int wide = utf8_width(entry);
    if (l->used && l->used + wide > l->columns) {
        buf_add(&l->text, "\n");
        l->used = 0;
    }
    buf_add(&l->text, entry);
    l->used += wide;
}

static void add_mark(struct legend *l, struct out *o, enum out_colour ink, char mark,
                     const char *title) {
    struct buf safe = {0}, entry = {0};
    utf8_add_line(&safe, title);
    buf_printf(&entry, "  %s%c%s %s", out_ink(o, ink), mark, out_ink(o, OUT_PLAIN),
               buf_text(&safe));
    add_entry(l, buf_text(&entry));
    buf_free(&entry);
    buf_free(&safe);
}

static char *end_legend(struct legend *l) {
    if (l->used) buf_add(&l->text, "\n");
    return buf_take(&l->text);
}

static void add_heights(struct legend *l, const struct chart *c) {
    double levels[CHART_LEVELS_DUMB];
    int n = chart_levels(c, levels, CHART_LEVELS_DUMB);
    struct buf entry = {0};
    buf_printf(&entry, "  %s:", c->z);
    for (int k = 0; k < n; k++) {
        buf_printf(&entry, "  %c %s", CHART_HEIGHTS[k],
                   num_format((char[NUM_SIZE]){0}, levels[k], 3));
        add_entry(l, buf_text(&entry));
        buf_clear(&entry);
    }
    buf_free(&entry);
    l->used = l->columns; /* what follows begins a row */
}

static char *legend_of(struct out *o, const struct chart *c, int columns) {
    struct legend l = {.columns = columns};
    if (chart_kinds[c->kind].heights) add_heights(&l, c);
    for (int k = 0; k < c->n; k++) {
        const struct series *s = &c->series[k];
        if (s->kind == SERIES_GRID) continue;
        add_mark(&l, o, chart_looks[s->hue].ink, chart_mark(c, k), s->title);
    }
    return end_legend(&l);
}

/* ---- the whole ---- */

/* A question and what was typed to be answered with the picture. For a question that is
 * known, a lesson's, the picture becomes smaller, as long as it can still be read. */
enum { ROWS_BELOW = 7, FEWEST_ROWS = 8, LEGIBLE = 10 };

int chart_rows(const struct out *o, int words, int usual) {
    int room = o->height - ROWS_BELOW - words, above = out_rows_above(o) - words;
    if (above >= LEGIBLE && above < room) room = above;
    if (!o->height || room > usual) return usual;
    return room < FEWEST_ROWS ? FEWEST_ROWS : room;
}

int chart_words(struct out *o, const struct chart *c, int columns) {
    char *legend = legend_of(o, c, columns);
    int rows = 1 + utf8_rows(legend, strlen(legend));
    free(legend);
    return rows;
}

char *chart_drawn(struct out *o, const struct chart *c, const char *picture,
                  int columns) {
    struct buf b = {0};
    char *legend = legend_of(o, c, columns);
    utf8_add_line(&b, c->title);
    buf_add(&b, "\n");
    add_picture(&b, o, c, picture);
    buf_add(&b, legend);
    free(legend);
    return buf_take(&b);
}

char *chart_beside(const char *left, const char *right, int columns) {
    struct buf b = {0};
    while (*left || *right) {
        size_t n = strcspn(left, "\n"), m = strcspn(right, "\n");
        char *part = mem_copy_n(left, n);
        int gap = m ? columns - utf8_width(part) : 0;
        buf_printf(&b, "%s%*s%.*s\n", part, gap > 0 ? gap : 0, "", (int)m, right);
        free(part);
        left += n + (left[n] == '\n');
        right += m + (right[m] == '\n');
    }
    return buf_take(&b);
}

int chart_signs(struct out *o, const struct chart *c) {
    struct legend l = {.columns = o->width};
    for (int k = 0; k < c->n; k++) {
        const struct series *s = &c->series[k];
        bool sign = s->kind == SERIES_MARK ||
                    (s->kind == SERIES_DOTS && !isdigit((unsigned char)s->mark) &&
                     s->mark != CHART_DOT);
        if (sign) add_mark(&l, o, OUT_PLAIN, s->mark, s->title);
    }
    char *legend = end_legend(&l);
    int rows = utf8_rows(legend, strlen(legend));
    out_puts(o, legend);
    free(legend);
    return rows;
}

char *chart_caption(const struct chart *c) {
    struct buf b = {0};
    utf8_add_line(&b, c->title);
    for (int k = 0; k < c->n; k++) {
        const char *title = c->series[k].title;
        bool says = c->series[k].kind != SERIES_GRID && title && *title &&
                    !(c->y && strcmp(title, c->y) == 0);
        if (says) buf_add(&b, b.len ? "; " : "");
        if (says) utf8_add_line(&b, title);
    }
    return buf_take(&b);
}

/* ---- numbers in place of a picture ---- */

/* Row r of `rows` over n, both ends in, evenly. */
static size_t nth_of(size_t r, size_t rows, size_t n) {
    return rows < 2 ? 0 : (r * (n - 1) + (rows - 1) / 2) / (rows - 1);
}

static size_t rows_of(const struct out *o, size_t n) {
    size_t most = o->page ? PAGE_ROWS : NUMBER_ROWS;
    return n < most ? n : most;
}

/* Lines over the same x stand side by side, from line `first` on; returns the next. */
static int lines_table(struct out *o, const struct chart *c, int first) {
    int last = first;
    while (last < c->n && c->series[last].kind == SERIES_LINE &&
           c->series[last].n == c->series[first].n)
        last++;
    const struct series *s = &c->series[first];
    struct out_table *t = table_new(1 + last - first);
    table_cell(t, c->x, OUT_PARAM);
    for (int k = first; k < last; k++)
        table_cell(t, c->series[k].title, chart_looks[c->series[k].hue].ink);
    for (size_t r = 0; r < rows_of(o, s->n); r++) {
        size_t i = nth_of(r, rows_of(o, s->n), s->n);
        table_cell(t, num_format((char[NUM_SIZE]){0}, s->x[i], 4), OUT_PLAIN);
        for (int k = first; k < last; k++)
            table_cell(t, NUM(o, c->series[k].y[i]), OUT_PLAIN);
    }
    table_print(o, t, 1);
    table_free(t);
    return last;
}

static void points_table(struct out *o, const struct chart *c, const struct series *s) {
    out_printf(o, "%s:\n", s->title);
    bool deep = chart_kinds[c->kind].heights;
    struct out_table *t = table_new(deep ? 3 : 2);
    table_cell(t, c->x, OUT_PARAM);
    table_cell(t, c->y, OUT_PLAIN);
    if (deep) table_cell(t, c->z, OUT_LOSS);
    for (size_t r = 0; r < rows_of(o, s->n); r++) {
        size_t i = nth_of(r, rows_of(o, s->n), s->n);
        table_cell(t, NUM(o, s->x[i]), OUT_PLAIN);
        table_cell(t, NUM(o, s->y[i]), OUT_PLAIN);
        if (deep) table_cell(t, NUM(o, s->z[i]), OUT_PLAIN);
    }
    table_print(o, t, 1);
    table_free(t);
}

/* x along the top, y down the side. */
static void grid_table(struct out *o, const struct chart *c, const struct series *s) {
    size_t rows = s->n / c->columns, most = 5;
    bool undecided = false;
    struct buf corner = {0};
    buf_printf(&corner, "%s \\ %s", c->y, c->x);
    struct out_table *t = table_new((int)most + 1);
    table_cell(t, buf_text(&corner), OUT_DIM);
    for (size_t k = 0; k < most; k++) {
        double x = s->x[nth_of(k, most, c->columns)];
        table_cell(t, num_format((char[NUM_SIZE]){0}, x, 4), OUT_PARAM);
    }
    for (size_t r = 0; r < most; r++) {
        size_t at = nth_of(r, most, rows) * c->columns;
        table_cell(t, num_format((char[NUM_SIZE]){0}, s->y[at], 4), OUT_PARAM);
        for (size_t k = 0; k < most; k++) {
            double z = s->z[at + nth_of(k, most, c->columns)];
            bool says = c->kind != CHART_MAP || !isnan(z);
            table_cell(t, says ? num_format((char[NUM_SIZE]){0}, z, 4) : "?",
                       OUT_PLAIN);
            undecided |= !says;
        }
    }
    out_printf(o, "%s:\n", c->z);
    table_print(o, t, 1);
    if (undecided) out_say(o, "plot.boundary.undecided", NULL);
    table_free(t);
    buf_free(&corner);
}

void chart_numbers(struct out *o, const struct chart *c) {
    for (int k = 0; k < c->n;) {
        const struct series *s = &c->series[k];
        if (s->kind == SERIES_LINE) {
            k = lines_table(o, c, k);
            continue;
        }
        if (s->kind == SERIES_GRID) grid_table(o, c, s);
        else if ((is_line(s) && !chart_kinds[c->kind].ends) || s->n == 1)
            out_printf(o, "%s\n", s->title);
        else points_table(o, c, s);
        k++;
    }
}
