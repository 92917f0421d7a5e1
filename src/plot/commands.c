/* The commands that draw. To add one: a row in THE TABLE below and its function; its
 * sentence is "command.NAME" in text/words/plot.json. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "board/functions.h"
#include "board/names.h"
#include "board/offer.h"
#include "learning/descend.h"
#include "plot/plot.h"
#include "plot/plots.h"
#include "plot/plotter.h"
#include "plot/window.h"
#include "text/number.h"
#include "text/table.h"

#define FRAMES 60 /* of an animation, at most */
#define FRAME_SECONDS 0.1
#define TABLE_ROWS 1000.0

/* What no row can draw: a name that means nothing, perhaps. */
static struct error *unclear(const struct plot_request *r) {
    for (int i = 0; i < r->n; i++) {
        const struct expr_node *root = &r->exprs[i]->nodes[r->exprs[i]->n - 1];
        bool known = root->kind != EXPR_NAME || board_get(r->s->board, root->name);
        if (!known && !function_is(root->name))
            return error_at(name_unknown(r->s->board, root->name), root->at);
    }
    return error_new("plot-what", NULL);
}

/* Makes a chart in the language its place can show. */
static struct error *make(const struct plot_request *r, const struct canvas *p,
                          struct chart *c) {
    struct text *words = r->s->out->text;
    enum text_lang lang = text_lang(words);
    const struct plot *row = plot_for(r);
    if (!row) return unclear(r);
    if (p->english) text_set_lang(words, TEXT_EN);
    struct error *e = row->make(r, c);
    text_set_lang(words, lang);
    return e;
}

static struct error *run_plot(struct session *s, const struct stmt *c) {
    struct plot_request r;
    struct canvas p;
    struct chart chart = {0};
    struct error *e = plot_request_open(s, c, &r);
    if (e) return e;
    e = plotter_aim(s, c, false, &p);
    r.file |= p.kind == CANVAS_INLINE || p.kind == CANVAS_WINDOW; /* pixels */
    if (!e) e = make(&r, &p, &chart);
    if (!e) e = plotter_show(s, &p, &chart);
    chart_close(&chart);
    plot_request_close(&r);
    return e;
}

/* ---- table ---- */

static struct error *fill_table(struct session *s, struct sampler *m,
                                struct out_table *t, double from, double to,
                                double by) {
    for (size_t i = 0; (double)i <= (to - from) / by + 1e-9; i++) {
        if (session_stopped(s)) return interrupt_stopped();
        double x = from + (double)i * by;
        if (fabs(x) < 1e-12 * fabs(to - from)) x = 0;
        sampler_set(m, 0, x);
        sampler_look(m);
        table_cell(t, NUM(s->out, x), OUT_PARAM);
        for (int k = 0; k < m->n; k++)
            table_cell(t, NUM(s->out, m->roots[k]->value[0]), OUT_PLAIN);
    }
    return NULL;
}

static struct error *run_table(struct session *s, const struct stmt *c) {
    struct plot_request r;
    struct sampler m;
    double from = 0, to = 0, by = 0;
    struct error *e = plot_request_open(s, c, &r);
    if (e) return e;
    if (r.n_axes != 1) e = error_new("table-axis", NULL);
    if (!e) e = sampler_open(&m, s->board, r.exprs, r.n, r.axes, 1);
    if (e) {
        plot_request_close(&r);
        return e;
    }
    e = plot_range(&r, &m, 0, &from, &to);
    const struct axis *a = r.range && !r.axes[0].from ? r.range : &r.axes[0];
    by = (to - from) / 10;
    if (!e && a->by) e = compile_number(s->board, a->by, &by);
    if (!e && !(by > 0 && (to - from) / by < TABLE_ROWS))
        e = error_new("table-by", "by", NUM(s->out, by), NULL);
    if (!e) {
        struct out_table *t = table_new(1 + r.n);
        table_cell(t, m.title[0], OUT_PARAM);
        for (int k = 0; k < r.n; k++) table_cell(t, r.titles[k], OUT_STRONG);
        e = fill_table(s, &m, t, from, to, by);
        if (!e) table_print(s->out, t, 1);
        table_free(t);
    }
    sampler_close(&m);
    plot_request_close(&r);
    return e;
}

/* ---- animate ---- */

struct film {
    struct session *s;
    struct plot_request request;
    struct canvas place;
    size_t every, steps; /* a frame each so many steps */
    int rows;            /* of the frame on the terminal */
    struct buf script;   /* FILE: all frames */
    int frames;          /* FILE, WINDOW: how many */
    struct chart last;
    const char *loss; /* of a boundary: its name */
    bool broken;
    struct error *error;
};

/* The board keeps its parameters until the descent ends: they are shown to the plot by
 * setting them, as the descent itself will. */
static struct error *set_params(struct session *s, const struct descent *d) {
    struct error *e = compile_keep(s->board, d->n_params, d->params);
    if (!e) board_change_state(s->board)->run_step = d->step;
    return e;
}

static bool draw(struct film *f, const struct buf *script, struct buf *picture) {
    bool drawn = plotter_draw(f->s, buf_text(script), 1, picture);
    f->broken = !drawn && !session_stopped(f->s);
    return drawn;
}

/* Draws over the frame before. */
static void frame_on_terminal(struct film *f, const struct chart *c) {
    struct out *o = f->s->out;
    bool ours = chart_kinds[c->kind].print;
    char *text = ours ? NULL : plotter_text(f->s, c);
    f->broken = !ours && !text && !session_stopped(f->s);
    if (!ours && !text) return;
    if (f->rows) out_wipe(o, f->rows);
    out_hold(o);
    if (ours) f->rows = chart_kinds[c->kind].print(o, c);
    else f->rows = 0;
    if (text) f->rows += utf8_rows(text, strlen(text));
    if (text) out_puts(o, text);
    out_release(o);
    out_flush(o);
    free(text);
}

/* Under what h says: which update it is, and how far the loss has come. */
static void add_progress(struct film *f, const struct descent *d) {
    struct out *o = f->s->out;
    char *title = out_sentence(o, "plot.boundary.step", "title", f->last.title, "step",
                               NUM(o, (double)d->step), "name", f->loss, "value",
                               NUM(o, d->loss->value[0]), NULL);
    free(f->last.title);
    f->last.title = title;
}

static bool seen(void *context, const struct descent *d) {
    struct film *f = context;
    bool moving = f->place.kind == CANVAS_FILE || f->place.kind == CANVAS_WINDOW ||
                  (f->place.kind == CANVAS_TERMINAL && f->s->out->terminal);
    bool end = d->step >= f->steps;
    if (session_stopped(f->s) || f->error) return false;
    if (!end && (!moving || d->step % f->every != 0)) return true;
    chart_close(&f->last);
    f->error = set_params(f->s, d);
    if (!f->error) f->error = make(&f->request, &f->place, &f->last);
    if (f->error) return false;
    if (plot_is_boundary(&f->request)) add_progress(f, d);
    if (f->place.kind == CANVAS_FILE) {
        chart_frame(&f->script, &f->last, &f->place.screen);
        f->frames++;
    } else if (moving && !f->broken && f->place.kind == CANVAS_TERMINAL) {
        frame_on_terminal(f, &f->last);
    } else if (f->place.kind == CANVAS_WINDOW && !f->broken) {
        struct buf script = {0}, picture = {0};
        chart_script(&script, &f->last, &f->place.screen);
        if (draw(f, &script, &picture)) window_show(&f->last, &picture, f->frames++);
        buf_free(&script);
        buf_free(&picture);
    }
    if (moving && !f->broken && f->place.kind != CANVAS_FILE)
        out_wait(f->s->out, FRAME_SECONDS);
    return true;
}

static struct error *finish(struct film *f) {
    struct error *e = NULL;
    struct buf picture = {0};
    if (f->place.kind == CANVAS_FILE) {
        chart_end(&f->script, &f->place.screen);
        bool drawn = plotter_draw(f->s, buf_text(&f->script), f->frames, &picture);
        if (interrupt_left()) {
            e = interrupt_stopped();
        } else if (drawn) {
            e = plotter_write(f->place.path, &picture);
            if (!e) out_say(f->s->out, "plot.written", "file", f->place.path, NULL);
        } else if (session_stopped(f->s)) {
            e = interrupt_stopped();
        } else {
            out_say(f->s->out, "plot.not-written", "file", f->place.path, NULL);
            chart_numbers(f->s->out, &f->last);
        }
    } else if (session_stopped(f->s)) {
        return NULL; /* the descent has said so */
    } else if (!f->rows && f->place.kind != CANVAS_WINDOW && f->last.n) {
        e = plotter_show(f->s, &f->place, &f->last); /* no terminal: the last frame */
    } else if (f->broken && f->last.n) {
        chart_numbers(f->s->out, &f->last);
    }
    buf_free(&picture);
    return e;
}

/* The loss of animate boundary h is the formula that stands on h. */
static struct error *read_film(struct session *s, const struct stmt *c, struct film *f,
                               struct descend_order *o, struct program **p) {
    struct error *e = plot_request_open(s, c, &f->request);
    struct shape shape;
    if (!e) e = compile_shape(s->board, f->request.exprs[0], &shape);
    if (!e && plot_is_boundary(&f->request)) {
        f->loss = plot_boundary_loss(&f->request);
        if (!f->loss)
            return error_new("animate-loss", "name", f->request.titles[0], NULL);
        e = session_parse(s, f->loss, p);
        if (!e) o->loss = (*p)->stmts[0].items[0].expr;
    }
    if (!e) e = descend_read(s, c, o);
    if (!e && !plot_is_boundary(&f->request) && !f->request.n_axes)
        e = error_new("animate-axis", NULL);
    return e;
}

static struct error *run_animate(struct session *s, const struct stmt *c) {
    struct film f = {.s = s};
    struct plot_limits kept[2] = {{0}};
    struct descend_order o = {.seen = seen, .context = &f};
    struct program *p = NULL;
    struct error *e = read_film(s, c, &f, &o, &p);
    f.request.kept = kept;
    if (!e) e = plotter_aim(s, c, true, &f.place);
    if (!e && f.place.kind == CANVAS_FILE && f.place.screen.kind != SCREEN_GIF)
        e = error_new("animate-gif", "file", f.place.path, NULL);
    if (!e && plot_is_boundary(&f.request)) { /* what can't be drawn is not begun */
        e = make(&f.request, &f.place, &f.last);
    }
    if (!e) {
        f.steps = o.steps;
        f.every = o.steps / FRAMES + 1;
        f.place.screen.animate = true;
        if (f.place.kind == CANVAS_FILE) chart_begin(&f.script, &f.place.screen);
        e = descend_run(s, &o);
        if (f.error) { /* why it was stopped, then */
            error_free(e);
            e = f.error;
        }
        if (!e) e = finish(&f);
    }
    chart_close(&f.last);
    buf_free(&f.script);
    plot_request_close(&f.request);
    program_free(p);
    return e;
}

/* ---- pictures ---- */

static struct error *run_pictures(struct session *s, const struct stmt *c) {
    const char *word = c->n_items ? c->items[0].text : NULL;
    if (word && strcmp(word, "off") != 0 && strcmp(word, "on") != 0)
        return error_new("wants-pictures", NULL);
    if (word) plotter_allow(s, strcmp(word, "on") == 0);
    bool off = word && strcmp(word, "off") == 0;
    const char *how = off ? NULL : plotter_shows(s);
    out_say(s->out,
            off   ? "pictures.off"
            : how ? "pictures.on"
                  : "pictures.none",
            "how", how ? how : "", NULL);
    return NULL;
}

/* ---- what Tab offers ---- */

static bool offer_plot(struct session *s, const char *before, struct offer *to) {
    (void)s;
    bool as = before && strcmp(before, "as") == 0;
    for (const struct plot *p = plots; p->name; p++) {
        if (!before && !p->fits) offer_word(to, p->name);
        for (const char *const *way = p->as; as && *way; way++) offer_word(to, *way);
    }
    return as;
}

static bool offer_animate(struct session *s, const char *before, struct offer *to) {
    return before ? descend_offer(s, before, to) : offer_plot(s, before, to);
}

static bool offer_pictures(struct session *s, const char *before, struct offer *to) {
    (void)s;
    if (!before) offer_list(to, "on off");
    return true;
}

/* ---- THE TABLE ---- */

const struct command plot_commands[] = {
    {"plot", NULL,
     "E vs w from -3 to 5 | L1, L2 vs w | E vs w, b [as contour] | E | y, h vs x | y, "
     "O | "
     "relu from -3 to 3 | X[7] | boundary h | policy Q | "
     "X, y as points [into \"file.png\"]",
     "vs from to by as into", "plot E vs w from -3 to 5", COMMAND_KINDS | COMMAND_DRAWS,
     run_plot, offer_plot},
    {"animate", NULL,
     "E vs w rate 0.1 steps 20 | boundary h rate 0.5 steps 200 [into \"file.gif\"]",
     "vs from to by as into rate steps every until with decay clip",
     "animate E vs w rate 0.1 steps 3", COMMAND_CHANGES | COMMAND_KINDS, run_animate,
     offer_animate},
    {"table", NULL, "E, dE/dw vs w from -3 to 5 by 1", "vs from to by",
     "table E, dE/dw vs w from -3 to 5 by 1", 0, run_table, NULL},
    {"pictures", NULL, "on | off", "", NULL, COMMAND_WORDS, run_pictures,
     offer_pictures},
    {0},
};
