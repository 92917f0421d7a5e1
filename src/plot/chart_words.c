/* What is printed of a chart by us: the picture's lines, its legend, or its numbers. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "plot/chart_hues.h"
#include "text/number.h"
#include "text/table.h"

#define NUMBER_ROWS 9

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

static void print_row(struct out *o, const struct chart *c, const char *row, size_t n) {
    struct buf b = {0};
    enum out_colour now = OUT_PLAIN;
    for (size_t i = 0; i < n; i++) {
        enum out_colour ink = row[i] == ' ' ? now : mark_ink(c, row[i]);
        if (ink != now) buf_add(&b, out_ink(o, OUT_PLAIN));
        if (ink != now && ink != OUT_PLAIN) buf_add(&b, out_ink(o, ink));
        now = ink;
        buf_add_n(&b, row + i, 1);
    }
    if (now != OUT_PLAIN) buf_add(&b, out_ink(o, OUT_PLAIN));
    buf_add(&b, "\n");
    out_puts(o, buf_text(&b));
    buf_free(&b);
}

int chart_picture(struct out *o, const struct chart *c, const char *picture) {
    int rows = 0;
    while (*picture) {
        size_t line = strcspn(picture, "\n"), n = line;
        while (n && (picture[n - 1] == ' ' || picture[n - 1] == '\f')) n--;
        if (n) {
            print_row(o, c, picture, n);
            rows++;
        }
        picture += line + (picture[line] != '\0');
    }
    return rows;
}

/* ---- the legend ---- */

static int legend_entry(struct out *o, enum out_colour ink, char mark,
                        const char *text) {
    struct buf safe = {0};
    utf8_add_line(&safe, text);
    out_printf(o, "  %s%c%s %s\n", out_ink(o, ink), mark, out_ink(o, OUT_PLAIN),
               buf_text(&safe));
    buf_free(&safe);
    return 1;
}

int chart_legend(struct out *o, const struct chart *c) {
    int rows = 0;
    if (chart_kinds[c->kind].heights) {
        double levels[CHART_LEVELS_DUMB];
        int n = chart_levels(c, levels, CHART_LEVELS_DUMB);
        struct buf b = {0};
        buf_printf(&b, "  %s:", c->z);
        for (int k = 0; k < n; k++) {
            buf_printf(&b, "  %c %s", CHART_HEIGHTS[k],
                       num_format((char[NUM_SIZE]){0}, levels[k], 3));
        }
        rows += out_wrap(o, buf_text(&b), 0);
        buf_free(&b);
    }
    for (int k = 0; k < c->n; k++) {
        const struct series *s = &c->series[k];
        if (s->kind == SERIES_GRID) continue;
        rows += legend_entry(o, chart_looks[s->hue].ink, chart_mark(c, k), s->title);
    }
    return rows;
}

int chart_signs(struct out *o, const struct chart *c) {
    int rows = 0;
    for (int k = 0; k < c->n; k++) {
        const struct series *s = &c->series[k];
        bool sign = s->kind == SERIES_MARK ||
                    (s->kind == SERIES_DOTS && !isdigit((unsigned char)s->mark) &&
                     s->mark != CHART_DOT);
        if (sign) rows += legend_entry(o, OUT_PLAIN, s->mark, s->title);
    }
    return rows;
}

/* ---- numbers in place of a picture ---- */

/* Row r of `rows` over n, both ends in, evenly. */
static size_t nth_of(size_t r, size_t rows, size_t n) {
    return rows < 2 ? 0 : (r * (n - 1) + (rows - 1) / 2) / (rows - 1);
}

static size_t rows_of(size_t n) { return n < NUMBER_ROWS ? n : NUMBER_ROWS; }

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
    for (size_t r = 0; r < rows_of(s->n); r++) {
        size_t i = nth_of(r, rows_of(s->n), s->n);
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
    for (size_t r = 0; r < rows_of(s->n); r++) {
        size_t i = nth_of(r, rows_of(s->n), s->n);
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
            table_cell(t, num_format((char[NUM_SIZE]){0}, z, 4), OUT_PLAIN);
        }
    }
    out_printf(o, "%s:\n", c->z);
    table_print(o, t, 1);
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
