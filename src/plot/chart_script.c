#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "plot/chart_hues.h"
#include "plot/chart_kinds.h"
#include "plot/gnuplot.h"

// clang-format off
const struct chart_look chart_looks[HUES] = {
    [HUE_LOSS] = {"#d62728", OUT_LOSS},         [HUE_VALUE] = {"#2ca02c", OUT_VALUE},
    [HUE_GRADIENT] = {"#1f77b4", OUT_GRADIENT}, [HUE_PARAM] = {"#ff7f0e", OUT_PARAM},
    [HUE_DATA] = {"#333333", OUT_STRONG},       [HUE_PURPLE] = {"#9467bd", OUT_PLAIN},
    [HUE_BROWN] = {"#8c564b", OUT_DIM},     [HUE_PINK] = {"#e377c2", OUT_LOSS},
    [HUE_OLIVE] = {"#a0a020", OUT_VALUE},   [HUE_CYAN] = {"#17a2b8", OUT_GRADIENT},
    [HUE_GREY] = {"#7f7f7f", OUT_DIM},
};
// clang-format on

const char *const chart_pale[CHART_GROUNDS] = {"#cfe3f5", "#f8d7cf", "#d8efd3",
                                               "#e6d9f2", "#f5ebc8", "#d0efec",
                                               "#e9e4da", "#dddddd"};

/* ---- the terminal ---- */

static void font(struct buf *b, const struct medium *to, const char *otherwise,
                 int size) {
    struct buf name = {0};
    buf_printf(&name, "%s,%d", to->font ? to->font : otherwise, size);
    buf_add(b, " font ");
    gnuplot_quote(b, buf_text(&name));
    buf_free(&name);
}

void chart_begin(struct buf *b, const struct medium *to) {
    int high = to->tall ? 1000 : 600;
    buf_add(b, "reset\nset encoding utf8\n");
    switch (to->kind) {
        case SCREEN_DUMB:
            buf_printf(b, "set term dumb mono nofeed noenhanced size %d,%d\n",
                       to->width, to->height);
            return;
        case SCREEN_WINDOW:
            buf_printf(b, "set term %s persist noenhanced size 900,%d", to->window,
                       high);
            font(b, to, "Sans", 12);
            break;
        case SCREEN_PNG:
            buf_printf(b,
                       "set term pngcairo noenhanced size %d,%d background '#ffffff'",
                       to->width ? to->width : 900, to->width ? to->height : high);
            font(b, to, "Sans", to->letters ? to->letters : 13);
            break;
        case SCREEN_SIXEL:
            buf_printf(
                b,
                "set term sixelgd truecolor noenhanced size %d,%d background '#ffffff'",
                to->width, to->height);
            font(b, to, "Sans", to->letters);
            break;
        case SCREEN_SVG:
            buf_printf(b, "set term svg noenhanced size %d,%d background '#ffffff'",
                       to->width ? to->width : 900, to->width ? to->height : high);
            font(b, to, "sans-serif", to->letters ? to->letters : 15);
            break;
        case SCREEN_PDF:
            buf_printf(
                b, "set term pdfcairo noenhanced size 18cm,%dcm background '#ffffff'",
                high / 50);
            font(b, to, "Sans", 12);
            break;
        case SCREEN_GIF:
            buf_printf(b, "set term gif %s noenhanced size 900,%d background '#ffffff'",
                       to->animate ? "animate delay 20 loop 0" : "", high);
            if (to->font) font(b, to, "", 13);
            break;
    }
    buf_add(b,
            "\nset grid lc rgb '#dddddd'\nset border lc rgb '#444444'\n"
            "set key top center outside horizontal textcolor rgb '#222222'\n");
}

void chart_end(struct buf *b, const struct medium *to) {
    if (to->kind != SCREEN_WINDOW) buf_add(b, "set term unknown\n"); /* writes it out */
}

/* ---- words ---- */

/* In the terminal no words stand in the picture: its widths would be wrong for Hangul.
 */
static void words(struct buf *b, const struct medium *to, const char *text) {
    if (to->font) {
        gnuplot_quote(b, text);
        return;
    }
    struct buf latin = {0};
    for (size_t n; *text; text += n) {
        uint32_t c = utf8_decode(text, &n);
        utf8_encode(&latin, c < 0x1100 || (c >= 0x2000 && c < 0x2e80) ? c : '_');
    }
    gnuplot_quote(b, buf_text(&latin));
    buf_free(&latin);
}

static void axis(struct buf *b, const struct medium *to, const char *which,
                 const char *label) {
    buf_printf(b, "set %slabel ", which);
    words(b, to, label ? label : "");
    buf_add(b, "\n");
}

/* In the terminal a tick stands on a row of its own, and from tick to tick it is the
 * same number of rows: else a parabola looks dented. */
struct ruler {
    double from, row, step; /* row: what one is worth; step 0: as gnuplot likes */
    int rows;
};
static const double fine[] = {1, 2, 2.5, 5}; /* steps, with a power of ten */
enum { FINE = sizeof fine / sizeof *fine, TICK_ROWS = 5, FEWER_ROWS = 6 };

static bool is_whole(double v) { return fabs(v - round(v)) < 1e-6; }

/* All rows, over a range that is made a little wider. */
static struct ruler widened(double from, double to, int rows) {
    struct ruler best = {.rows = rows};
    double least = INFINITY, range = to - from;
    for (int power = -1; power <= 1; power++) {
        double ten = pow(10, floor(log10(range / rows)) + power);
        for (int k = 0; k < FINE * TICK_ROWS; k++) {
            int each = 2 + k / FINE;
            double row = fine[k % FINE] * ten / each, low = floor(from / row) * row;
            if (row >= least || low + row * (rows - 1) < to) continue;
            least = row;
            best = (struct ruler){low, row, row * each, rows};
        }
    }
    return best;
}

/* This range, in as many rows as it divides into. */
static struct ruler shortened(double from, double to, int rows) {
    for (int n = rows; n > rows - FEWER_ROWS && n > 2; n--) {
        double row = (to - from) / (n - 1);
        for (int each = 2; each <= TICK_ROWS + 1; each++) {
            double step = row * each;
            double digits = step / pow(10, floor(log10(step) + 1e-9));
            bool is_fine = false;
            for (int k = 0; k < FINE; k++) is_fine |= fabs(digits - fine[k]) < 1e-6;
            if (is_fine && is_whole(from / row))
                return (struct ruler){from, row, step, n};
        }
    }
    return (struct ruler){.rows = rows};
}

static void rows(struct buf *b, const struct chart *c, const struct medium *to) {
    bool heights = chart_kinds[c->kind].heights;
    int most = to->height - 1; /* the last is the numbers of x */
    if (!(c->y_from < c->y_to) || !isfinite(c->y_to - c->y_from)) return;
    struct ruler r = heights ? shortened(c->y_from, c->y_to, most)
                             : widened(c->y_from, c->y_to, most);
    buf_printf(b, "set tmargin %d\nset bmargin 1\n", most - r.rows);
    if (r.step == 0) return;
    buf_printf(b, "set yrange [%.17g:%.17g]\nset ytics %.17g\n", r.from,
               heights ? c->y_to : r.from + r.row * (r.rows - 1), r.step);
}

static void axes(struct buf *b, const struct chart *c, const struct medium *to) {
    if (to->kind == SCREEN_DUMB) {
        buf_add(b, "unset key\nset border back\n"); /* today's point may lie on it */
    } else {
        buf_add(b, "set title ");
        words(b, to, c->title && !to->inside ? c->title : "");
        buf_add(b, "\n");
        axis(b, to, "x", c->x);
        axis(b, to, "y", c->y);
        axis(b, to, "z", c->z);
        axis(b, to, "cb", c->z);
    }
    if (c->x_from != c->x_to)
        buf_printf(b, "set xrange [%.17g:%.17g]\n", c->x_from, c->x_to);
    if (c->y_from != c->y_to)
        buf_printf(b, "set yrange [%.17g:%.17g]\n", c->y_from, c->y_to);
    if (to->kind == SCREEN_DUMB) rows(b, c, to);
}

/* ---- numbers ---- */

static void block(struct buf *b, const struct chart *c, int k) {
    const struct series *s = &c->series[k];
    bool gap = true; /* one empty line is a gap; two would end the block's set */
    buf_printf(b, "$s%d << EOD\n", k);
    for (size_t i = 0; i < s->n; i++) {
        if (s->kind == SERIES_GRID) {
            if (i && i % c->columns == 0) buf_add(b, "\n");
            buf_printf(b, "%.9g %.9g %.9g\n", s->x[i], s->y[i], s->z[i]);
        } else if (isfinite(s->x[i]) && isfinite(s->y[i]) && isfinite(s->z[i])) {
            buf_printf(b, "%.9g %.9g %.9g\n", s->x[i], s->y[i], s->z[i]);
            gap = false;
        } else if (!gap) {
            buf_add(b, "\n");
            gap = true;
        }
    }
    buf_add(b, "EOD\n");
}

static bool shows(const struct series *s) {
    for (size_t i = 0; i < s->n; i++) {
        if (isfinite(s->x[i]) && isfinite(s->y[i]) && isfinite(s->z[i])) return true;
    }
    return false;
}

/* ---- series ---- */

char chart_mark(const struct chart *c, int k) {
    int line = 0;
    if (c->series[k].mark) return c->series[k].mark;
    switch (c->series[k].kind) {
        case SERIES_DOTS: return CHART_DOT;
        case SERIES_PATH: return CHART_PATH;
        case SERIES_POINT: return CHART_TODAY;
        default: break;
    }
    for (int i = 0; i < k; i++) {
        line += c->series[i].kind == SERIES_LINE || c->series[i].kind == SERIES_TANGENT;
    }
    return CHART_LINES[line % (int)strlen(CHART_LINES)];
}

/* On grey paper the lines differ in their dashes, the dots in their shape. */
static int nth_of_its_kind(const struct chart *c, int k) {
    int n = 0;
    for (int i = 0; i < k; i++) n += c->series[i].kind == c->series[k].kind;
    return n;
}

static int dashes(const struct chart *c, int k, const struct medium *to) {
    enum { DASHES = 5 };
    if (to->grey) return 1 + nth_of_its_kind(c, k) % DASHES;
    return c->series[k].dashed ? 2 : 1;
}

static int shape_of(const struct chart *c, int k, const struct medium *to) {
    static const int shapes[] = {7, 5, 9, 13, 11, 15};
    enum { SHAPES = sizeof shapes / sizeof *shapes };
    return shapes[to->grey ? nth_of_its_kind(c, k) % SHAPES : 0];
}

static void style_dumb(struct buf *b, const struct chart *c, int k) {
    const struct series *s = &c->series[k];
    bool joined = !s->apart && (s->kind == SERIES_LINE || s->kind == SERIES_TANGENT);
    long line = strchr(CHART_LINES, chart_mark(c, k)) - CHART_LINES;
    if (joined) buf_printf(b, " with lines lt %ld notitle", line + 1);
    else buf_printf(b, " with points pt '%c' notitle", chart_mark(c, k));
}

static void style(struct buf *b, const struct chart *c, int k,
                  const struct medium *to) {
    const struct series *s = &c->series[k];
    if (to->kind == SCREEN_DUMB) {
        style_dumb(b, c, k);
        return;
    }
    const char *rgb = chart_looks[s->hue].rgb;
    switch (s->kind) {
        case SERIES_TANGENT:
            buf_printf(b, " with lines lw 2 dt 2 lc rgb '%s'", rgb);
            break;
        case SERIES_PATH:
            buf_printf(b, " with linespoints lw 1.5 pt 7 ps 0.7 lc rgb '%s'", rgb);
            break;
        case SERIES_DOTS:
            buf_printf(b, " with points pt %d ps %s lc rgb '%s'", shape_of(c, k, to),
                       chart_kinds[c->kind].small ? "0.7" : "1.1", rgb);
            break;
        case SERIES_MARK:
            buf_printf(b, " with points pt 9 ps 3.2 lw 2 lc rgb '%s'", rgb);
            break;
        case SERIES_POINT:
            buf_printf(b, " with points pt 7 ps 1.8 lc rgb '%s'", rgb);
            break;
        default:
            buf_printf(b, " with lines lw 2.5 dt %d lc rgb '%s'", dashes(c, k, to),
                       rgb);
    }
    buf_add(b, " title ");
    words(b, to, s->title);
}

void script_flat(struct buf *b, const struct chart *c, const struct medium *to) {
    bool any = false;
    for (int i = 0; i < 2 * c->n; i++) { /* a tangent first: it covers no curve */
        int k = i % c->n;
        enum series_kind kind = c->series[k].kind;
        bool first = i < c->n;
        if (kind == SERIES_GRID || first != (kind == SERIES_TANGENT)) continue;
        if (!shows(&c->series[k])) continue;
        buf_printf(b, "%s $s%d using 1:2", any ? ", \\\n    " : "plot", k);
        style(b, c, k, to);
        any = true;
    }
    buf_add(b, "\n");
}

/* ---- surfaces ---- */

void script_contour(struct buf *b, const struct chart *c, const struct medium *to) {
    double levels[CHART_LEVELS];
    bool dumb = to->kind == SCREEN_DUMB;
    int n = chart_levels(c, levels, dumb ? CHART_LEVELS_DUMB : CHART_LEVELS);
    if (!n) { /* a plain: no line to draw */
        script_flat(b, c, to);
        return;
    }
    buf_add(b, "set contour base\nunset surface\nset cntrparam levels discrete ");
    for (int k = 0; k < n; k++) buf_printf(b, "%s%.9g", k ? "," : "", levels[k]);
    if (dumb) buf_add(b, "\nset cntrparam cubicspline\nset cntrparam points 8");
    buf_add(
        b,
        "\nset table $lines\nsplot $s0 using 1:2:3\nunset table\nunset contour\n"
        "set palette defined (0 '#440154', 1 '#31688e', 2 '#35b779', 3 '#d9c900')\n");
    if (dumb) {
        buf_printf(b,
                   "plot for [i=0:%d] $lines index i using 1:2 with points "
                   "pt substr('%s', %d-i, %d-i)",
                   n - 1, CHART_HEIGHTS, n, n);
    } else {
        buf_printf(b, "plot $lines using 1:2:3 with lines lw 2 lc palette notitle");
    }
    for (int k = 1; k < c->n; k++) {
        if (!shows(&c->series[k])) continue;
        buf_printf(b, ", \\\n    $s%d using 1:2", k);
        style(b, c, k, to);
    }
    buf_add(b, "\n");
}

void script_surface(struct buf *b, const struct chart *c, const struct medium *to) {
    if (to->kind == SCREEN_DUMB) {
        script_contour(b, c, to);
        return;
    }
    buf_add(b,
            "set view 55,40\nset xyplane relative 0.05\nset ztics\n"
            "set palette defined (0 '#440154', 1 '#31688e', 2 '#35b779', 3 '#fde725')\n"
            "set pm3d border lc rgb '#888888' lw 0.3\n"
            "splot $s0 using 1:2:3 with pm3d notitle");
    for (int k = 1; k < c->n; k++) {
        if (!shows(&c->series[k])) continue;
        buf_printf(b, ", \\\n    $s%d using 1:2:3", k);
        style(b, c, k, to);
    }
    buf_add(b, "\n");
}

void script_image(struct buf *b, const struct chart *c, const struct medium *to) {
    (void)c;
    (void)to;
    buf_add(b,
            "unset xtics\nunset ytics\nunset border\nunset grid\nunset colorbox\n"
            "set size ratio -1\nset yrange [] reverse\nset cbrange [0:1]\n"
            "set palette gray\nplot $s0 using 1:2:3 with image notitle\n");
}

static void ground_key(struct buf *b, const struct chart *c, const struct medium *to,
                       const char *rgb, char mark) {
    struct buf title = {0};
    buf_printf(&title, "%s: %c", c->z, mark);
    buf_printf(b, ", \\\n    keyentry with points pt 5 ps 2.5 lc rgb '%s' title ", rgb);
    words(b, to, buf_text(&title));
    buf_free(&title);
}

/* Classes as pale grounds; dots and lines over them. */
void script_map(struct buf *b, const struct chart *c, const struct medium *to) {
    bool there[CHART_GROUNDS] = {false};
    bool undecided = chart_grounds(c, there);
    buf_printf(b,
               "unset colorbox\nunset grid\nset cbrange [0:%d]\nset palette maxcolors "
               "%d\nset palette defined (",
               CHART_GROUNDS - 1, CHART_GROUNDS);
    for (int k = 0; k < CHART_GROUNDS; k++)
        buf_printf(b, "%s%d '%s'", k ? ", " : "", k, chart_pale[k]);
    buf_add(b, ")\nplot $s0 using 1:2:3 with image notitle");
    for (int k = 0; k < CHART_GROUNDS; k++) {
        if (there[k]) ground_key(b, c, to, chart_pale[k], chart_ground_mark(c, k));
    }
    if (undecided) ground_key(b, c, to, "#ffffff", '?');
    for (int k = 1; k < c->n; k++) {
        if (!shows(&c->series[k])) continue;
        buf_printf(b, ", \\\n    $s%d using 1:2", k);
        style(b, c, k, to);
    }
    buf_add(b, "\n");
}

/* Values as greens; arrows from the middle of the cells; the numbers around them. */
void script_policy(struct buf *b, const struct chart *c, const struct medium *to) {
    (void)to;
    buf_printf(b,
               "unset key\nunset xtics\nunset ytics\nunset grid\nunset colorbox\n"
               "set size ratio -1\nset xrange [-0.5:%zu.5]\nset yrange [%zu.5:-0.5]\n"
               "set palette defined (0 '#f7fcf5', 1 '#a1d99b')\n"
               "plot $s0 using 1:2:3 with image notitle, \\\n"
               "    $s1 using ($1-0.13*sin($3*pi/2)):($2+0.13*cos($3*pi/2))"
               ":(0.26*sin($3*pi/2)):(-0.26*cos($3*pi/2))"
               " with vectors lw 3 lc rgb '#ff7f0e' notitle, \\\n"
               "    $s2 using 1:2:(sprintf('%%.3g',$3)) with labels notitle\n",
               c->columns - 1, c->series[0].n / c->columns - 1);
}

/* ---- the whole ---- */

static void panel(struct buf *b, const struct chart *c, const struct medium *to) {
    axes(b, c, to);
    for (int k = 0; k < c->n; k++) block(b, c, k);
    chart_kinds[c->kind].script(b, c, to);
}

/* The terminal's pictures are drawn one by one. */
void chart_frame(struct buf *b, const struct chart *c, const struct medium *to) {
    bool two = c->below && to->kind != SCREEN_DUMB;
    if (two) buf_printf(b, "set multiplot layout %s\n", to->inside ? "1,2" : "2,1");
    if (two && !to->inside) buf_add(b, "set lmargin 10\n");
    panel(b, c, to);
    if (two) panel(b, c->below, to);
    if (two) buf_add(b, "unset multiplot\n");
}

void chart_script(struct buf *b, const struct chart *c, const struct medium *to) {
    struct medium screen = *to;
    screen.tall = c->below;
    chart_begin(b, &screen);
    chart_frame(b, c, &screen);
    chart_end(b, &screen);
}
