#include "text/paint.h"

#include <limits.h>
#include <string.h>

/* THE TABLE of depths: the first row whose words the variable has. To add what a
 * terminal says of itself: a row. */
// clang-format off
static const struct {
    bool colorterm; /* else TERM */
    const char *has;
    enum paint_depth depth;
} says[] = {
    {false, "dumb",      PAINT_NONE},
    {false, "vt1",       PAINT_NONE}, /* those of glass */
    {false, "vt2",       PAINT_NONE},
    {false, "mono",      PAINT_NONE},
    {true,  "truecolor", PAINT_TRUE},
    {true,  "24bit",     PAINT_TRUE},
    {false, "256color",  PAINT_256},
    {false, "",          PAINT_16},   /* any other that has a name */
};
// clang-format on

enum paint_depth paint_depth(const char *term, const char *colorterm) {
    for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
        const char *said = says[i].colorterm ? colorterm : term;
        if (said && strstr(said, says[i].has)) return says[i].depth;
    }
    return PAINT_NONE;
}

/* ---- the nearest colour ---- */

enum { CUBE = 6, CUBE_FIRST = 16, GREYS = 24, GREY_FIRST = 232 };
static const int cube[CUBE] = {0, 95, 135, 175, 215, 255};
static const unsigned sixteen[16] = {
    0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
    0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff};

static int part(unsigned rgb, int i) { return (int)(rgb >> (16 - 8 * i) & 255); }

static int distance(unsigned a, unsigned b) {
    int sum = 0;
    for (int i = 0; i < 3; i++) {
        int d = part(a, i) - part(b, i);
        sum += d * d;
    }
    return sum;
}

static unsigned of_256(int n) {
    if (n >= GREY_FIRST) return (unsigned)(8 + 10 * (n - GREY_FIRST)) * 0x010101u;
    n -= CUBE_FIRST;
    return (unsigned)(cube[n / CUBE / CUBE] << 16 | cube[n / CUBE % CUBE] << 8 |
                      cube[n % CUBE]);
}

/* Of 256 the first 16 are as the person likes them, and left out. */
static int nearest(unsigned rgb, enum paint_depth depth) {
    int best = 0, least = INT_MAX;
    int from = depth == PAINT_256 ? CUBE_FIRST : 0;
    int to = depth == PAINT_256 ? GREY_FIRST + GREYS : 16;
    for (int n = from; n < to; n++) {
        int d = distance(rgb, depth == PAINT_256 ? of_256(n) : sixteen[n]);
        if (d >= least) continue;
        least = d;
        best = n;
    }
    return best;
}

void paint_add(struct buf *b, enum paint_depth depth, enum paint_side side,
               unsigned rgb) {
    int kind = side == PAINT_INK ? 38 : 48;
    if (depth == PAINT_TRUE) {
        buf_printf(b, "\033[%d;2;%d;%d;%dm", kind, part(rgb, 0), part(rgb, 1),
                   part(rgb, 2));
    } else if (depth == PAINT_256) {
        buf_printf(b, "\033[%d;5;%dm", kind, nearest(rgb, depth));
    } else if (depth == PAINT_16) {
        int n = nearest(rgb, depth); /* from 8 on the bright ones */
        buf_printf(b, "\033[%dm", kind - 8 + (n < 8 ? n : n - 8 + 60));
    }
}
