#include "text/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

struct cell {
    char *text;
    enum out_colour colour;
};

struct out_table {
    size_t columns, count, cap;
    struct cell *cells; /* row by row */
    int first, used;    /* printed as it comes: the first column, and this row so far */
};

struct out_table *table_new(int columns) {
    struct out_table *t = mem_alloc(1, sizeof *t);
    t->columns = (size_t)columns;
    return t;
}

void table_free(struct out_table *t) {
    if (!t) return;
    for (size_t i = 0; i < t->count; i++) free(t->cells[i].text);
    free(t->cells);
    free(t);
}

void table_cell(struct out_table *t, const char *s, enum out_colour c) {
    if (t->count == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 64;
        t->cells = mem_grow(t->cells, t->cap, sizeof *t->cells);
    }
    struct buf safe = {0};
    utf8_add_line(&safe, s);
    t->cells[t->count++] = (struct cell){buf_take(&safe), c};
}

size_t table_columns(const struct out_table *t) { return t->columns; }

/* The last one may be short. */
size_t table_rows(const struct out_table *t) {
    return (t->count + t->columns - 1) / t->columns;
}

const char *table_text(const struct out_table *t, size_t row, size_t column) {
    size_t i = row * t->columns + column;
    return i < t->count ? t->cells[i].text : "";
}

/* 2.6; 61,706; 12.3 MiB and 50 %, too. */
static bool is_number(const char *s) {
    char *end;
    strtod(s, &end);
    bool unit = *end == ' ' && strlen(end) <= 4 && !strpbrk(end + 1, " 0123456789");
    return (end != s && (!*end || unit)) || (*s && !s[strspn(s, "0123456789,")]);
}

/* A column is numeric where every filled cell under the header is a number. */
bool table_is_numeric(const struct out_table *t, size_t column, size_t header_rows) {
    bool any = false;
    for (size_t i = header_rows * t->columns + column; i < t->count; i += t->columns) {
        const char *s = t->cells[i].text;
        if (*s && !is_number(s)) return false;
        any = any || *s;
    }
    return any;
}

static int *find_widths(const struct out_table *t) {
    int *widths = mem_alloc(t->columns, sizeof *widths);
    for (size_t i = 0; i < t->count; i++) {
        int w = utf8_width(t->cells[i].text);
        if (w > widths[i % t->columns]) widths[i % t->columns] = w;
    }
    return widths;
}

int table_width(const struct out_table *t) {
    int *widths = find_widths(t), all = 2 * ((int)t->columns - 1);
    for (size_t k = 0; k < t->columns; k++) all += widths[k];
    free(widths);
    return all;
}

/* Too wide for the screen: a row's first cell, and beside it the others as a text. */
static void print_narrow(struct out *o, const struct out_table *t, int head) {
    bool beside = head <= o->width / 2;
    for (size_t i = 0; i < t->count; i += t->columns) {
        struct buf rest = {0};
        for (size_t k = beside; k < t->columns && i + k < t->count; k++) {
            const char *text = t->cells[i + k].text;
            if (*text) buf_add_listed(&rest, "%s", text);
        }
        if (beside) out_hang(o, t->cells[i].text, head + 2, buf_text(&rest));
        else out_wrap(o, buf_text(&rest), 0);
        buf_free(&rest);
    }
}

void table_print(struct out *o, const struct out_table *t, int header_rows) {
    if (o->page) {
        o->page->table(o->page->self, t, header_rows);
        return;
    }
    int *widths = find_widths(t);
    if (table_width(t) > o->width) {
        print_narrow(o, t, widths[0]);
        free(widths);
        return;
    }
    out_hold(o);
    bool *numeric = mem_alloc(t->columns, sizeof *numeric);
    for (size_t k = 0; k < t->columns; k++) {
        numeric[k] = table_is_numeric(t, k, (size_t)header_rows);
    }
    for (size_t i = 0; i < t->count; i++) {
        size_t k = i % t->columns;
        const struct cell *c = &t->cells[i];
        bool last = k + 1 == t->columns || i + 1 == t->count;
        out_puts(o, out_ink(o, c->colour));
        /* The last column gets no spaces after it. */
        out_pad(o, c->text, last && !numeric[k] ? 0 : widths[k], numeric[k]);
        if (c->colour != OUT_PLAIN) out_puts(o, out_ink(o, OUT_PLAIN));
        out_puts(o, last ? "\n" : "  ");
    }
    out_release(o);
    free(widths);
    free(numeric);
}

/* ---- as it comes ---- */

void table_put(struct out *o, struct out_table *t, const char *s, enum out_colour c,
               int width) {
    if (o->page) {
        table_cell(t, s, c);
        return;
    }
    if (!t->used) t->first = width;
    else if (t->used > t->first && t->used + 2 + width > o->width) {
        out_printf(o, "\n%*s", t->first, "");
        t->used = t->first;
    }
    if (t->used) out_puts(o, "  ");
    t->used += 2 * (t->used > 0) + width;
    if (c != OUT_PLAIN) out_puts(o, out_ink(o, c));
    out_pad(o, s, width, true);
    if (c != OUT_PLAIN) out_puts(o, out_ink(o, OUT_PLAIN));
}

void table_end_row(struct out *o, struct out_table *t) {
    t->used = 0;
    if (!o->page) out_puts(o, "\n");
}

void table_end(struct out *o, const struct out_table *t, int header_rows) {
    if (o->page && t->count) table_print(o, t, header_rows);
}
