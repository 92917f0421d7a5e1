#include "text/picture.h"

#include <math.h>

static bool blocks(const struct out *o) { return o->colour && !o->plain; }
static size_t scale_of(const struct picture *p) { return p->scale ? p->scale : 1; }

size_t picture_lines(const struct out *o, const struct picture *p) {
    size_t rows = p->rows * scale_of(p);
    return blocks(o) ? (rows + 1) / 2 : rows;
}

int picture_width(const struct out *o, const struct picture *p) {
    size_t columns = p->columns * scale_of(p);
    return (int)(blocks(o) ? columns : 2 * columns);
}

void picture_enlarge(const struct out *o, struct picture *p, size_t lines) {
    p->scale = 1;
    while (!o->plain && picture_width(o, p) < PICTURE_WIDE) {
        p->scale++;
        if (picture_width(o, p) <= o->width && picture_lines(o, p) <= lines) continue;
        p->scale--;
        return;
    }
}

static double grey_at(const struct picture *p, size_t row, size_t column) {
    double v = row < p->rows ? p->grey[row * p->columns + column] : 0;
    return v > 0 ? fmin(v, 1) : 0; /* nan is black */
}

void picture_line(struct out *o, const struct picture *p, size_t line) {
    const char *signs = o->plain ? "0123456789" : " .:-=+*#%@";
    size_t scale = scale_of(p);
    for (size_t i = 0; i < p->columns * scale; i++) {
        size_t c = i / scale, row = line / scale;
        if (blocks(o)) { /* the upper half block: two pixels in one cell */
            double top = grey_at(p, 2 * line / scale, c);
            double bottom = grey_at(p, (2 * line + 1) / scale, c);
            out_paint(o, PAINT_INK, (unsigned)(255 * top) * 0x010101u);
            out_paint(o, PAINT_GROUND, (unsigned)(255 * bottom) * 0x010101u);
            out_puts(o, "▀");
        } else {
            char sign = signs[(int)(9.99 * grey_at(p, row, c))];
            bool gap = isnan(p->grey[row * p->columns + c]);
            out_printf(o, "%c%c", gap ? ' ' : sign, gap || o->plain ? ' ' : sign);
        }
    }
    if (blocks(o)) out_puts(o, out_ink(o, OUT_PLAIN));
}

void picture_print(struct out *o, const struct picture *p) {
    for (size_t line = 0; line < picture_lines(o, p); line++) {
        picture_line(o, p, line);
        out_puts(o, "\n");
    }
}

void picture_print_row(struct out *o, const struct picture *p, const size_t *number,
                       int n) {
    enum { GAP = 2 };
    int wide = n ? picture_width(o, p) : 0, fit = (o->width + GAP) / (wide + GAP);
    if (n > fit) n = fit;
    out_hold(o);
    for (int i = 0; i < n; i++) {
        out_printf(o, "%-*zu%s", i + 1 < n ? wide + GAP : 0, number[i],
                   i + 1 < n ? "" : "\n");
    }
    for (size_t line = 0; n && line < picture_lines(o, p); line++) {
        for (int i = 0; i < n; i++) {
            picture_line(o, &p[i], line);
            out_printf(o, "%*s", i + 1 < n ? GAP : 0, "");
        }
        out_puts(o, "\n");
    }
    out_release(o);
}
