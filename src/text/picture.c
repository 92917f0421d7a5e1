#include "text/picture.h"

#include <math.h>

static bool blocks(const struct out *o) { return o->colour && !o->plain; }

size_t picture_lines(const struct out *o, const struct picture *p) {
    return blocks(o) ? (p->rows + 1) / 2 : p->rows;
}

int picture_width(const struct out *o, const struct picture *p) {
    return (int)(blocks(o) ? p->columns : 2 * p->columns);
}

static double grey_at(const struct picture *p, size_t row, size_t column) {
    double v = row < p->rows ? p->grey[row * p->columns + column] : 0;
    return v > 0 ? fmin(v, 1) : 0; /* nan is black */
}

void picture_line(struct out *o, const struct picture *p, size_t line) {
    const char *signs = o->plain ? "0123456789" : " .:-=+*#%@";
    for (size_t c = 0; c < p->columns; c++) {
        if (blocks(o)) { /* the upper half block: two pixels in one cell */
            int top = (int)(255 * grey_at(p, 2 * line, c));
            int bottom = (int)(255 * grey_at(p, 2 * line + 1, c));
            out_control(o, "\033[38;2;%d;%d;%dm\033[48;2;%d;%d;%dm", top, top, top,
                        bottom, bottom, bottom);
            out_puts(o, "▀");
        } else {
            char sign = signs[(int)(9.99 * grey_at(p, line, c))];
            bool gap = isnan(p->grey[line * p->columns + c]);
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
}
