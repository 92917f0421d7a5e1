#include "plot/inline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 4096 }; /* of a picture's letters, in one of kitty's commands */

struct inline_row {
    const char *name;
    bool (*said)(const char *answers);
    enum screen_kind wants;
    void (*add)(struct buf *b, const struct buf *picture, int rows, int columns);
};

/* ---- what they say ---- */

static bool said_kitty(const char *answers) { return strstr(answers, "\033_Gi=31;OK"); }

static bool said_iterm(const char *answers) {
    return strstr(answers, "\033]1337;ReportCellSize=");
}

/* \033[?62;4;22c: the kind of terminal, then what it can do; sixel is 4. */
static bool said_sixel(const char *answers) {
    const char *at = strstr(answers, "\033[?");
    for (; at; at = strstr(at + 1, "\033[?")) {
        size_t n = strspn(at + 3, "0123456789;");
        if (at[3 + n] != 'c') continue;
        for (const char *s = at + 3; (s = memchr(s, ';', n - (size_t)(s - at - 3)));) {
            if (strtol(++s, NULL, 10) == 4) return true;
        }
    }
    return false;
}

/* ---- how it is written ---- */

static void add_kitty(struct buf *b, const struct buf *picture, int rows, int columns) {
    struct buf letters = {0};
    buf_add_base64(&letters, picture->data, picture->len);
    for (size_t at = 0; at < letters.len; at += CHUNK) {
        size_t n = letters.len - at < CHUNK ? letters.len - at : CHUNK;
        buf_add(b, "\033_G");
        if (!at) buf_printf(b, "a=T,f=100,q=2,C=1,c=%d,r=%d,", columns, rows);
        buf_printf(b, "m=%d;", at + n < letters.len);
        buf_add_n(b, letters.data + at, n);
        buf_add(b, "\033\\");
    }
    buf_free(&letters);
}

static void add_iterm(struct buf *b, const struct buf *picture, int rows, int columns) {
    buf_printf(b, "\033]1337;File=inline=1;size=%zu;width=%d;height=%d:", picture->len,
               columns, rows);
    buf_add_base64(b, picture->data, picture->len);
    buf_add(b, "\a");
}

static void add_sixel(struct buf *b, const struct buf *picture, int rows, int columns) {
    (void)rows;
    (void)columns;
    const char *start = strstr(buf_text(picture), "\033P");
    if (start) buf_add(b, start);
}

/* THE TABLE, the best first. To add a way to show pictures: a row, its three functions
 * above, and what asks for it in INLINE_QUESTION. */
static const struct inline_row rows_of[] = {
    {"kitty", said_kitty, SCREEN_PNG, add_kitty},
    {"iTerm2", said_iterm, SCREEN_PNG, add_iterm},
    {"sixel", said_sixel, SCREEN_SIXEL, add_sixel},
};

/* \033[6;20;10t: a cell is 20 high and 10 wide. */
static void read_cell(const char *answers, struct inline_screen *to) {
    const char *at = strstr(answers, "\033[6;");
    int high, wide;
    if (!at || sscanf(at, "\033[6;%4d;%4dt", &high, &wide) != 2) return;
    if (high < 4 || high > 200 || wide < 2 || wide > 200) return;
    to->high = high;
    to->wide = wide;
}

bool inline_read(const char *answers, struct inline_screen *to) {
    *to = (struct inline_screen){0};
    for (size_t i = 0; i < sizeof rows_of / sizeof *rows_of && !to->row; i++) {
        if (rows_of[i].said(answers)) to->row = &rows_of[i];
    }
    read_cell(answers, to);
    return to->row;
}

const char *inline_name(const struct inline_screen *to) { return to->row->name; }
enum screen_kind inline_wants(const struct inline_screen *to) { return to->row->wants; }

void inline_put(struct out *o, const struct inline_screen *to,
                const struct buf *picture, int rows, int columns) {
    struct buf b = {0};
    buf_printf(&b, "\033[%dA\0337", rows);
    to->row->add(&b, picture, rows, columns);
    buf_printf(&b, "\0338\033[%dB\r", rows);
    out_control(o, "%s", buf_text(&b));
    out_flush(o);
    buf_free(&b);
}
