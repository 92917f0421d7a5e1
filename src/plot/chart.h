/* chart: what is to be drawn, as numbers and words, and nothing of where it is drawn:
 * gnuplot's script (chart_script), the lines around a picture in the terminal
 * (chart_legend) and a table of numbers (chart_numbers) are made from the same chart.
 *
 * A chart owns all it holds. Numbers that are not finite are gaps.
 *
 *     struct chart c = {.x = mem_copy("w"), .y = mem_copy("E")};
 *     struct series *s = chart_add(&c, SERIES_LINE, HUE_LOSS, mem_copy("E"), 200);
 *     s->x[i] = …, s->y[i] = …
 *     chart_script(&script, &c, &(struct medium){.kind = SCREEN_DUMB, .width = 79, …});
 *     chart_close(&c);
 */
#ifndef PLOT_CHART_H
#define PLOT_CHART_H

#include "text/out.h"

/* Each is a row of chart_kinds. */
enum chart_kind {
    CHART_FLAT,
    CHART_SURFACE, /* of a grid of heights */
    CHART_CONTOUR, /* the same from above: lines of equal height */
    CHART_IMAGE,   /* series 0: a grid of greys, 0 to 1, row by row from the top */
    CHART_MAP,     /* series 0: a grid of classes, from above; others lie on it */
    CHART_POINTS,  /* dots by class, and marks on them */
    CHART_POLICY   /* series 0: a grid of values, 1: the way an arrow points in each (0
                    * up, 1 right, 2 down, 3 left), 2: all numbers where they stand */
};
enum series_kind {
    SERIES_LINE,
    SERIES_TANGENT,
    SERIES_PATH,
    SERIES_DOTS,
    SERIES_POINT,
    SERIES_GRID,
    SERIES_MARK
};
enum hue {
    HUE_LOSS,
    HUE_VALUE,
    HUE_GRADIENT,
    HUE_PARAM,
    HUE_DATA,
    HUE_PURPLE,
    HUE_BROWN,
    HUE_PINK,
    HUE_OLIVE,
    HUE_CYAN,
    HUE_GREY,
    HUES
};

struct series {
    enum series_kind kind;
    enum hue hue;
    char *title; /* for the legend */
    size_t n;
    double *x, *y, *z; /* z: in a surface and a contour */
    bool dashed;       /* in a file */
    bool apart;        /* in the terminal: its points are not joined */
    char mark;         /* in the terminal; 0: its kind's */
};

#define CHART_MOST 20

struct chart {
    enum chart_kind kind;
    char *title, *x, *y, *z;           /* z: a surface's height */
    double x_from, x_to, y_from, y_to; /* from == to: as gnuplot likes */
    size_t columns; /* of a grid: points with the same y follow one another */
    size_t scale;   /* of an image in the terminal: see text/picture.h */
    struct series series[CHART_MOST];
    int n;
    struct chart *below; /* another, under it (FLAT ones only), or NULL; owned */
};

struct series *chart_add(struct chart *c, enum series_kind kind, enum hue hue,
                         char *title, size_t n); /* takes title */
void chart_drop(struct chart *c, int n);         /* keeps the first n series */
void chart_close(struct chart *c);
/* y_from and y_to around what the lines reach from series `first` on. */
void chart_fit(struct chart *c);
bool chart_empty(const struct chart *c);                      /* not one finite point */
bool chart_inside(const struct chart *c, double x, double y); /* of its frame */
/* Where a·x + b·y + zero = 0 crosses the frame: its two points; false: nowhere. */
bool chart_crossing(const struct chart *c, double a, double b, double zero, double x[2],
                    double y[2]);

enum screen_kind {
    SCREEN_DUMB,
    SCREEN_WINDOW,
    SCREEN_PNG,
    SCREEN_SVG,
    SCREEN_PDF,
    SCREEN_GIF,
    SCREEN_SIXEL
};

struct medium {
    enum screen_kind kind;
    int width, height;  /* DUMB: columns and rows; others: pixels; 0: as usual */
    int letters;        /* how high they are, where there are pixels */
    bool inside;        /* between other lines, which have the title */
    bool grey;          /* lines differ in more than their hue: it may be printed */
    const char *window; /* WINDOW: "qt" */
    const char *font;   /* a family with Hangul, or NULL: then Hangul shows as "_" */
    bool animate;       /* GIF: chart_frame's follow */
    bool tall;          /* room for a chart below */
};

struct chart_kind_row {
    /* what gnuplot draws, behind axes and numbers ($s0, $s1 …) */
    void (*script)(struct buf *b, const struct chart *c, const struct medium *to);
    /* in the terminal, by us, without gnuplot: returns its rows. NULL: gnuplot does. */
    int (*print)(struct out *o, const struct chart *c);
    int columns;  /* that a sign for each place takes there: with fewer, or read out,
                   * numbers say it; 0: it fits any */
    bool heights; /* there is a z: a point is three numbers, lines have a height */
    bool ends;    /* a line is where it begins and ends, not a word about it */
    bool small;   /* dots */
    bool heavy;   /* so many strokes that a page has it as dots of colour */
};
extern const struct chart_kind_row chart_kinds[]; /* by enum chart_kind */

/* The whole script: terminal, one picture, end. */
void chart_script(struct buf *b, const struct chart *c, const struct medium *to);
/* Its three parts: several frames may stand between begin and end. */
void chart_begin(struct buf *b, const struct medium *to);
void chart_frame(struct buf *b, const struct chart *c, const struct medium *to);
void chart_end(struct buf *b, const struct medium *to);
/* Rows of a picture with so many of words beside it: what the terminal leaves above a
 * question, `usual` at most (and where there is no terminal). */
int chart_rows(const struct out *o, int words, int usual);
/* The dumb terminal's picture, coloured, without empty lines, under its title and over
 * its legend, as a text of so many columns; owned. */
char *chart_drawn(struct out *o, const struct chart *c, const char *picture,
                  int columns);
int chart_words(struct out *o, const struct chart *c, int columns); /* rows of words */
/* Two such texts side by side, the left one so many columns wide; owned. */
char *chart_beside(const char *left, const char *right, int columns);
/* What each sign is that does not say so itself, as a digit does; rows printed. */
int chart_signs(struct out *o, const struct chart *c);
void chart_numbers(struct out *o, const struct chart *c);
/* What it shows, in a line or two: the title, and what its legend says; owned. */
char *chart_caption(const struct chart *c);
#endif
