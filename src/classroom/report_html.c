#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/whole.h"
#include "classroom/html.h"
#include "classroom/report_inside.h"
#include "text/number.h"

/* The page's tables say the same in numbers; the pictures stand on white ground, light
 * or dark, and differ in more than hue. */
enum { WIDE = 640, LEFT = 190, ROW = 26, BAR = 360 }; /* pixels */
#define INK "#1a1a1a"
static const char *const fills[REPORT_BARS] = {"#1f5f99", "#8fb8de", "#e4e4e0"};

static void tag(struct buf *b, const char *name, char *s) {
    html_tag(b, name, s);
    free(s);
}

static void table(struct buf *b, struct out_table *t, struct out *o, const char *key) {
    char *caption = out_sentence(o, key, NULL);
    html_table(b, t, 1, caption);
    free(caption);
    table_free(t);
}

/* ---- pictures ---- */

static void open_picture(struct buf *b, int rows, const char *id, const char *title) {
    buf_printf(
        b, "<figure><svg role=\"img\" aria-labelledby=\"%s\" viewBox=\"0 0 %d %d\">",
        id, WIDE, rows * ROW + 8);
    buf_printf(b, "<title id=\"%s\">", id);
    html_text(b, title);
    buf_add(b, "</title>\n");
}

static void close_picture(struct buf *b, const char *caption) {
    buf_add(b, "</svg>\n<figcaption>");
    html_text(b, caption);
    buf_add(b, "</figcaption></figure>\n");
}

static void add_words(struct buf *b, int x, int row, const char *anchor,
                      const char *s) {
    buf_printf(b, "<text x=\"%d\" y=\"%d\" font-size=\"15\" fill=\"" INK "\"%s>", x,
               row * ROW + 20, anchor);
    html_text(b, s);
    buf_add(b, "</text>\n");
}

/* So that it fits before its bar; the table has the whole. */
static char *shortened(const char *name) {
    enum { FITS = 22 };
    struct buf b = {0};
    size_t n = utf8_fit(name, FITS);
    buf_add_n(&b, name, n);
    if (name[n]) buf_add(&b, "…");
    return buf_take(&b);
}

static double add_bar(struct buf *b, int row, double from, double share, int fill) {
    double wide = share * (double)BAR;
    if (wide > 0)
        buf_printf(b,
                   "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" "
                   "fill=\"%s\" stroke=\"" INK "\" stroke-width=\".7\"/>\n",
                   (double)LEFT + from, row * ROW + 6, wide, ROW - 8, fills[fill]);
    return from + wide;
}

static void draw_class(struct report *r, struct buf *b, const struct mark_lesson *l,
                       int n) {
    char id[24];
    size_t most = 1;
    char *title = report_count(r, l), *time = report_time(r, l);
    snprintf(id, sizeof id, "class-%d", n);
    open_picture(b, REPORT_BARS, id, title);
    for (int i = 0; i < REPORT_BARS; i++) {
        size_t of = report_bar(r, l, i, NULL);
        if (of > most) most = of;
    }
    for (int i = 0; i < REPORT_BARS; i++) {
        char *word, count[24];
        size_t of = report_bar(r, l, i, &word);
        add_words(b, LEFT - 10, i, " text-anchor=\"end\"", word);
        double end = add_bar(b, i, 0, (double)of / (double)most, i);
        add_words(b, LEFT + (int)end + 8, i, "", whole_text(count, of));
        free(word);
    }
    close_picture(b, time);
    free(title);
    free(time);
}

/* Solved, skipped, open: of each question, the hardest first. */
static void draw_questions(struct report *r, struct buf *b, const struct mark_lesson *l,
                           int n) {
    char id[24];
    char *title = out_sentence(r->s->out, "report.questions", NULL);
    char *caption = out_sentence(r->s->out, "report.questions-are", NULL);
    snprintf(id, sizeof id, "questions-%d", n);
    open_picture(b, l->n_questions, id, title);
    for (int i = 0; i < l->n_questions; i++) {
        const struct mark_question *q = &l->questions[i];
        char share[24];
        double solved = (double)q->solved / q->n, skipped = (double)q->skipped / q->n;
        snprintf(share, sizeof share, "%.0f %%", 100 * solved);
        char *name = shortened(q->name);
        add_words(b, LEFT - 10, i, " text-anchor=\"end\"", name);
        free(name);
        double at = add_bar(b, i, 0, solved, 0);
        at = add_bar(b, i, at, skipped, 1);
        add_bar(b, i, at, 1 - solved - skipped, 2);
        add_words(b, LEFT + BAR + 8, i, "", share);
    }
    close_picture(b, caption);
    free(title);
    free(caption);
}

/* ---- the page ---- */

static void add_lesson(struct report *r, struct buf *b, const struct mark_lesson *l,
                       int n, const char *head) {
    struct out *o = r->s->out;
    html_begin(b, "section");
    tag(b, head, report_title(r, l));
    tag(b, "p", report_count(r, l));
    draw_class(r, b, l, n);
    if (l->n_questions) {
        draw_questions(r, b, l, n);
        table(b, report_questions(r, l, INT_MAX, true), o, "report.questions");
    }
    if (l->n_mistakes)
        table(b, report_mistakes(r, l, INT_MAX), o, "report.mistakes-are");
    table(b, report_students(r, l), o, "report.students");
    if (l->others) tag(b, "p", out_sentence(o, "report.others", NULL));
    html_end(b, "section");
}

static void add_drills(struct report *r, struct buf *b) {
    struct out_table *t = report_drills(r);
    if (table_rows(t) <= 1) {
        table_free(t);
        return;
    }
    html_begin(b, "section");
    tag(b, "h2", out_sentence(r->s->out, "submit.drills", NULL));
    table(b, t, r->s->out, "report.drills-are");
    html_end(b, "section");
}

static void add_notes(struct report *r, struct buf *b) {
    if (!r->c.n_notes) return;
    tag(b, "h2", out_sentence(r->s->out, "report.notes", NULL));
    html_begin(b, "ul");
    for (size_t i = 0; i < r->c.n_notes; i++) html_tag(b, "li", r->c.notes[i]);
    html_end(b, "ul");
}

void report_page(struct report *r, struct buf *b) {
    struct out *o = r->s->out;
    const char *lang = text_lang_name(text_lang(o->text));
    bool one = r->marks.n == 1;
    char *title =
        one ? report_title(r, r->marks.lessons) : out_sentence(o, "report.page", NULL);
    html_open(b, lang, title, "report");
    if (!one) {
        html_tag(b, "h1", title);
        table(b, report_lessons(r), o, "report.lessons");
        table(b, report_totals(r), o, "report.students");
    }
    for (int i = 0; i < r->marks.n; i++)
        add_lesson(r, b, &r->marks.lessons[i], i, one ? "h1" : "h2");
    add_drills(r, b);
    add_notes(r, b);
    tag(b, "p class=\"dim\"",
        out_sentence(o, "report.rule", "points", NUM(o, r->order->points), NULL));
    html_close(b);
    free(title);
}
