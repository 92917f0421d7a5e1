#include "plot/plotter.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/places.h"
#include "plot/child.h"
#include "plot/gnuplot.h"
#include "plot/inline.h"
#include "plot/plots.h"
#include "plot/window.h"

#define PICTURE_ROWS 20
#define PICTURE_COLUMNS 120
#define BESIDE 70 /* columns above which two stand side by side */
#define NARROW 30 /* columns below which no picture is worth it */
#define DEATHS 2
#define PAGE_FONT "sans-serif"

struct plotter {
    struct gnuplot *gnuplot; /* NULL until needed, and after a death */
    int deaths;
    bool said, given_up, asked_font, asked_pictures, said_font;
    char *font;      /* a family with Hangul, or NULL */
    char *terminals; /* gnuplot's, with blanks around each; NULL: not asked */
    struct inline_screen pictures;
    bool letters; /* pictures off */
};

static void close_plotter(struct session *s, void *state) {
    struct plotter *p = state;
    (void)s;
    gnuplot_close(p->gnuplot);
    free(p->font);
    free(p->terminals);
    free(p);
}

static struct plotter *plotter_of(struct session *s) {
    struct plotter *p = session_state(s, close_plotter);
    if (p) return p;
    p = mem_alloc(1, sizeof *p);
    session_keep(s, close_plotter, p);
    return p;
}

/* Each trouble is said once; after a hang, or the second death, gnuplot is left alone.
 * Ctrl-C is none: the next picture gets another gnuplot. */
static void trouble(struct session *s, struct error *e) {
    struct plotter *p = plotter_of(s);
    bool stopped = error_is_stop(e);
    bool answered =
        strcmp(e->key, "gnuplot-said") == 0 || strcmp(e->key, "gnuplot-kind") == 0;
    if (!p->said && !stopped) out_error(s->out, e);
    p->said |= !stopped;
    if (strcmp(e->key, "gnuplot-died") == 0) p->given_up = ++p->deaths >= DEATHS;
    else if (!answered && !stopped) p->given_up = true;
    if (!answered) {
        gnuplot_close(p->gnuplot);
        p->gnuplot = NULL;
    }
    error_free(e);
}

bool plotter_draw(struct session *s, const char *script, int pictures,
                  struct buf *picture) {
    struct plotter *p = plotter_of(s);
    if (p->given_up) return false;
    struct error *e = p->gnuplot ? NULL : gnuplot_open(&p->gnuplot, s->stop);
    if (!e) e = gnuplot_draw(p->gnuplot, script, pictures, picture);
    if (!e) return true;
    trouble(s, e);
    return false;
}

/* ---- what there is ---- */

static const char *hangul_font(struct session *s) {
    struct plotter *p = plotter_of(s);
    struct child c;
    if (p->asked_font) return p->font;
    p->asked_font = true;
    char *name = places_bring("fc-list");
    char *const argv[] = {name, ":lang=ko", "family", NULL};
    bool started = child_open(&c, argv, s->stop);
    free(name);
    if (!started) return NULL;
    struct buf list = {0};
    child_talk(&c, "", 0, &list, &(struct patience){2, 2}, NULL, NULL);
    child_close(&c);
    const char *first = buf_text(&list);
    if (strstr(first, "NanumGothic")) p->font = mem_copy("NanumGothic");
    else if (*first) p->font = mem_copy_n(first, strcspn(first, ",\n"));
    buf_free(&list);
    return p->font;
}

/* Can gnuplot draw for this? */
static bool has_terminal(struct session *s, const char *name) {
    struct plotter *p = plotter_of(s);
    struct buf word = {0}, list = {0};
    if (!p->terminals && plotter_draw(s, "print ' '.GPVAL_TERMINALS.' '", 1, &list))
        p->terminals = buf_take(&list);
    buf_free(&list);
    buf_printf(&word, " %s ", name);
    bool has = p->terminals && strstr(p->terminals, buf_text(&word));
    buf_free(&word);
    return has;
}

/* ---- real pictures in the terminal ---- */

enum { CELL_HIGH = 20, CELL_WIDE = 10, INLINE_ROWS = 20 };

static void ask_pictures(struct session *s, struct inline_screen *to) {
    struct winsize w = {0};
    char *said = s->out->ask(INLINE_QUESTION);
    inline_read(said, to);
    free(said);
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &w);
    bool known = w.ws_row && w.ws_col && w.ws_ypixel && w.ws_xpixel;
    if (!to->high) to->high = known ? w.ws_ypixel / w.ws_row : CELL_HIGH;
    if (!to->wide) to->wide = known ? w.ws_xpixel / w.ws_col : CELL_WIDE;
}

/* GNU screen shows none, and takes the question for a message to show. */
static bool may_ask(const struct session *s) {
    const char *wish = getenv("LEARN_PICTURES"), *screen = getenv("STY");
    return s->out->terminal && s->out->ask && !(screen && *screen) &&
           !(wish && strcmp(wish, "off") == 0);
}

static const char *inline_how(struct session *s) {
    struct plotter *p = plotter_of(s);
    if (p->letters || !may_ask(s)) return NULL;
    if (!p->asked_pictures) ask_pictures(s, &p->pictures);
    p->asked_pictures = true;
    if (!p->pictures.row) return NULL;
    bool sixel = inline_wants(&p->pictures) == SCREEN_SIXEL;
    return has_terminal(s, sixel ? "sixelgd" : "pngcairo") ? inline_name(&p->pictures)
                                                           : NULL;
}

static bool in_window(struct session *s, struct medium *to) {
    return !s->out->plain && s->interactive && !plotter_of(s)->letters &&
           window_find(s, has_terminal, to);
}

const char *plotter_shows(struct session *s) {
    struct medium to = {0};
    const char *how = inline_how(s);
    if (how) return how;
    if (!in_window(s, &to)) return NULL;
    return to.window ? to.window : "SVG";
}

/* Who asks for pictures asks the terminal again, where it showed none. */
void plotter_allow(struct session *s, bool pictures) {
    struct plotter *p = plotter_of(s);
    p->letters = !pictures;
    if (pictures && !p->pictures.row) p->asked_pictures = false;
}

/* As high as letters would be, and of a picture's shape; a sixel is six pixels high. */
static void size_picture(struct session *s, const struct chart *c, struct medium *to,
                         int *rows, int *columns) {
    const struct inline_screen *in = &plotter_of(s)->pictures;
    int widest = s->out->width - 1;
    *rows = chart_rows(s->out, 1, INLINE_ROWS);
    *columns = *rows * in->high * (c->below ? 3 : 8) / (c->below ? 1 : 5) / in->wide;
    if (*columns > widest) *columns = widest;
    to->height = *rows * in->high / 6 * 6;
    to->width = *columns * in->wide;
    to->letters = in->high * 11 / 20;
}

static void show_picture(struct session *s, const struct chart *c,
                         const struct buf *picture, int rows, int columns) {
    struct out *o = s->out;
    out_hold(o);
    out_printf(o, "%s\n", c->title);
    FILE *log = o->log;
    o->log = NULL; /* it has the title */
    for (int i = 0; i < rows; i++) out_puts(o, "\n");
    o->log = log;
    out_release(o);
    out_flush(o);
    inline_put(o, &plotter_of(s)->pictures, picture, rows, columns);
}

/* ---- aiming ---- */

static bool find_ending(const char *path, enum screen_kind *kind) {
    static const struct {
        const char *ending;
        enum screen_kind kind;
    } known[] = {{".png", SCREEN_PNG},
                 {".svg", SCREEN_SVG},
                 {".pdf", SCREEN_PDF},
                 {".gif", SCREEN_GIF}};
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        *kind = known[i].kind;
        if (n > 4 && strcmp(path + n - 4, known[i].ending) == 0) return true;
    }
    return false;
}

static void choose_words(struct session *s, struct canvas *p) {
    struct plotter *me = plotter_of(s);
    p->screen.font = hangul_font(s);
    p->english = !p->screen.font && text_lang(s->out->text) == TEXT_KO;
    if (p->english && !me->said_font) out_say(s->out, "plot.no-hangul-font", NULL);
    me->said_font = me->said_font || p->english;
}

struct error *plotter_aim(struct session *s, const struct stmt *c, bool moves,
                          struct canvas *p) {
    const struct clause *into = stmt_clause(c, "into");
    struct out *o = s->out;
    *p = (struct canvas){.kind = CANVAS_TERMINAL, .screen.kind = SCREEN_DUMB};
    if (o->page && !into) {
        p->kind = CANVAS_PAGE;
        p->screen = (struct medium){
            .kind = SCREEN_SVG, .inside = true, .grey = true, .font = PAGE_FONT};
    } else if (into) {
        if (s->sandbox) return error_at(error_new("plot-sandbox", NULL), into->at);
        p->kind = CANVAS_FILE;
        p->path = into->text;
        if (!p->path || !find_ending(p->path, &p->screen.kind))
            return error_at(error_new("plot-ending", "file", p->path, NULL), into->at);
        choose_words(s, p);
    } else if (!moves && inline_how(s)) {
        p->kind = CANVAS_INLINE;
        p->screen.kind = inline_wants(&plotter_of(s)->pictures);
        p->screen.inside = true;
        choose_words(s, p);
    } else if (in_window(s, &p->screen)) {
        p->kind = CANVAS_WINDOW;
        choose_words(s, p);
    } else if (o->plain || o->width < NARROW) {
        p->kind = CANVAS_NUMBERS;
    }
    return NULL;
}

/* ---- as numbers ---- */

static void numbers(struct session *s, const struct chart *c) {
    for (; c; c = c->below) {
        out_printf(s->out, "%s\n", c->title);
        chart_numbers(s->out, c);
    }
}

/* ---- on a page ---- */

/* Half a page of paper wide, its letters as large as those around it. */
enum { PAGE_WIDE = 640, PAGE_HIGH = 400, PAGE_LETTERS = 15 };

/* The browser has its own Hangul; for dots of colour gnuplot needs one. */
static struct medium page_medium(struct session *s, const struct canvas *p,
                                 const struct chart *c) {
    struct medium to = p->screen;
    to.width = PAGE_WIDE;
    to.height = PAGE_HIGH;
    to.letters = PAGE_LETTERS;
    if (!chart_kinds[c->kind].heavy) return to;
    to.kind = SCREEN_PNG;
    to.font = hangul_font(s);
    return to;
}

/* The chart in other words: what no numbers say stands in letters. */
static void say_on_page(struct out *o, const struct chart *c) {
    const struct chart_kind_row *kind = &chart_kinds[c->kind];
    bool letters = kind->print && !kind->columns;
    if (letters) out_begin_part(o, PAGE_DRAWING, "plot.as-letters", c->title);
    if (letters) kind->print(o, c);
    else chart_numbers(o, c);
    if (letters) out_end_part(o, PAGE_DRAWING);
}

static void show_on_page(struct session *s, const struct canvas *p,
                         const struct chart *c) {
    struct out *o = s->out;
    struct medium to = page_medium(s, p, c);
    struct buf script = {0}, picture = {0};
    chart_script(&script, c, &to);
    if (plotter_draw(s, buf_text(&script), 1, &picture)) {
        const char *type = to.kind == SCREEN_SVG ? "image/svg+xml" : "image/png";
        char *says = chart_caption(c);
        struct out_picture shown = {type, buf_text(&picture), picture.len, says};
        o->page->picture(o->page->self, &shown);
        free(says);
        out_begin_part(o, PAGE_DETAILS, "plot.as-numbers", c->title);
        say_on_page(o, c);
        out_end_part(o, PAGE_DETAILS);
    } else if (!session_stopped(s)) {
        out_printf(o, "%s\n", c->title);
        say_on_page(o, c);
    }
    buf_free(&script);
    buf_free(&picture);
}

/* One under the other. */
static struct error *show_all_on_page(struct session *s, const struct canvas *p,
                                      const struct chart *c) {
    for (; c && !session_stopped(s); c = c->below) {
        struct chart one = *c;
        one.below = NULL;
        show_on_page(s, p, &one);
    }
    return session_stopped(s) ? interrupt_stopped() : NULL;
}

/* ---- drawing ---- */

/* `words`: rows of them around it */
static char *panel(struct session *s, const struct chart *c, int columns, int words) {
    struct buf script = {0}, picture = {0};
    struct medium screen = {.kind = SCREEN_DUMB, .width = columns};
    screen.height = chart_rows(s->out, words, PICTURE_ROWS);
    chart_script(&script, c, &screen);
    bool drawn = plotter_draw(s, buf_text(&script), 1, &picture);
    char *text = drawn ? chart_drawn(s->out, c, buf_text(&picture), columns) : NULL;
    buf_free(&script);
    buf_free(&picture);
    return text;
}

static bool two_beside(const struct session *s, const struct chart *c) {
    return c->below && s->out->width > BESIDE;
}

char *plotter_text(struct session *s, const struct chart *c) {
    int width = s->out->width <= PICTURE_COLUMNS ? s->out->width - 1 : PICTURE_COLUMNS;
    if (!two_beside(s, c)) return panel(s, c, width, chart_words(s->out, c, width));
    int columns = width / 2, words = chart_words(s->out, c, columns);
    int others = chart_words(s->out, c->below, columns);
    if (words < others) words = others;
    char *left = panel(s, c, columns, words);
    char *right = left ? panel(s, c->below, columns, words) : NULL;
    char *both = right ? chart_beside(left, right, columns + 1) : NULL;
    free(left);
    free(right);
    return both;
}

struct error *plotter_write(const char *path, const struct buf *picture) {
    char kind[5] = ""; /* %PDF, GIF8 … */
    memcpy(kind, buf_text(picture), picture->len < 4 ? picture->len : 4);
    return file_write_again(path, kind, picture->data, picture->len);
}

struct error *plotter_show(struct session *s, const struct canvas *p,
                           const struct chart *c) {
    struct buf script = {0}, picture = {0};
    struct error *e = NULL;
    if (session_stopped(s)) return interrupt_stopped();
    if (chart_empty(c)) return error_new("plot-nothing", NULL);
    if (p->kind == CANVAS_PAGE) return show_all_on_page(s, p, c);
    bool here = p->kind == CANVAS_NUMBERS || p->kind == CANVAS_TERMINAL;
    const struct chart_kind_row *kind = &chart_kinds[c->kind];
    bool too_wide = here && kind->columns &&
                    (p->kind == CANVAS_NUMBERS || s->out->width < kind->columns);
    if (here && !too_wide && kind->print) {
        out_hold(s->out);
        kind->print(s->out, c);
        out_release(s->out);
        return NULL;
    }
    if (p->kind == CANVAS_NUMBERS || too_wide) {
        numbers(s, c);
        return NULL;
    }
    char *text = NULL;
    bool drawn;
    int rows = 0, columns = 0;
    if (p->kind == CANVAS_TERMINAL) {
        text = plotter_text(s, c);
        drawn = text;
    } else {
        struct medium screen = p->screen;
        if (p->kind == CANVAS_INLINE) size_picture(s, c, &screen, &rows, &columns);
        chart_script(&script, c, &screen);
        drawn = plotter_draw(s, buf_text(&script), 1, &picture);
    }
    if (session_stopped(s)) {
        e = interrupt_stopped();
    } else if (!drawn) {
        if (p->kind == CANVAS_FILE)
            out_say(s->out, "plot.not-written", "file", p->path, NULL);
        numbers(s, c);
    } else if (p->kind == CANVAS_FILE) {
        e = plotter_write(p->path, &picture);
        if (!e) out_say(s->out, "plot.written", "file", p->path, NULL);
    } else if (p->kind == CANVAS_WINDOW) {
        window_show(c, &picture, -1);
    } else if (p->kind == CANVAS_INLINE) {
        show_picture(s, c, &picture, rows, columns);
    } else if (text) {
        out_hold(s->out);
        out_puts(s->out, text);
        out_release(s->out);
        if (c->below && !two_beside(s, c)) e = plotter_show(s, p, c->below);
    }
    free(text);
    buf_free(&script);
    buf_free(&picture);
    return e;
}
