#include "explain/paper.h"

#include <stdio.h>

#include "base/utf8.h"

/* NULL: it lies outside. */
static struct square *square_at(const struct paper *p, int row, int column) {
    bool inside = row >= 0 && row < p->rows && column >= 0 && column < p->columns;
    return inside ? &p->at[row * p->columns + column] : NULL;
}

const char *paper_text(const struct paper *p, int row, int column) {
    const struct square *q = square_at(p, row, column);
    return q ? q->text : "";
}

int paper_put(const struct paper *p, int row, int column, const char *s,
              enum out_colour c) {
    while (*s) {
        size_t len;
        utf8_decode(s, &len);
        struct square sign = {.colour = c}, *q = square_at(p, row, column);
        snprintf(sign.text, sizeof sign.text, "%.*s", (int)len, s);
        int wide = utf8_width(sign.text);
        if (q) sign.half = q->half, *q = sign;
        for (int i = 1; i < wide; i++) {
            struct square *next = square_at(p, row, column + i);
            if (next) next->half = true;
        }
        column += wide > 1 ? wide : 1;
        s += len;
    }
    return column;
}

void paper_wire(const struct paper *p, int row, int from, int to) {
    for (int x = from; x < to; x++) paper_put(p, row, x, "─", OUT_DIM);
}

void paper_print(struct out *o, const struct paper *p, int row) {
    struct buf line = {0};
    enum out_colour now = OUT_PLAIN;
    int last = p->columns - 1;
    while (last >= 0 && !*paper_text(p, row, last)) last--;
    if (last < 0 && row + 1 == p->rows) return; /* no gradients below the last wire */
    for (int x = 0; x <= last; x++) {
        const struct square *q = square_at(p, row, x);
        if (q->half) continue;
        if (*q->text && q->colour != now) {
            if (now != OUT_PLAIN) buf_add(&line, out_ink(o, OUT_PLAIN));
            if (q->colour != OUT_PLAIN) buf_add(&line, out_ink(o, q->colour));
            now = q->colour;
        }
        buf_add(&line, *q->text ? q->text : " ");
    }
    if (now != OUT_PLAIN) buf_add(&line, out_ink(o, OUT_PLAIN));
    out_printf(o, "%s\n", buf_text(&line));
    buf_free(&line);
}
