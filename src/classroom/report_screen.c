#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "classroom/report_inside.h"
#include "text/number.h"

enum { HARDEST = 5, BAR = 30, WORD = 11 };

static void say_strong(struct out *o, char *s) {
    out_puts(o, out_ink(o, OUT_STRONG));
    out_wrap(o, s, 0);
    out_puts(o, out_ink(o, OUT_PLAIN));
    free(s);
}

static void put(struct out *o, char *s) {
    out_wrap(o, s, 0);
    free(s);
}

static void put_table(struct out *o, struct out_table *t) {
    out_puts(o, "\n");
    table_print(o, t, 1);
    table_free(t);
}

/* done ████████ 24 */
static void put_bars(struct report *r, const struct mark_lesson *l) {
    struct out *o = r->s->out;
    size_t most = 1;
    for (int i = 0; i < REPORT_BARS; i++) {
        size_t n = report_bar(r, l, i, NULL);
        if (n > most) most = n;
    }
    for (int i = 0; i < REPORT_BARS; i++) {
        char *word;
        size_t n = report_bar(r, l, i, &word), cells = (n * BAR + most - 1) / most;
        struct buf b = {0};
        for (size_t k = 0; k < cells && !o->plain && o->width > WORD + BAR + 6; k++)
            buf_add(&b, "█");
        out_pad(o, word, WORD, false);
        out_printf(o, "%s%s%zu\n", buf_text(&b), b.len ? " " : "", n);
        buf_free(&b);
        free(word);
    }
}

/* What the questions of the table ask. */
static void put_texts(struct out *o, const struct mark_lesson *l) {
    int most = l->n_questions < HARDEST ? l->n_questions : HARDEST, width = 0;
    for (int i = 0; i < most; i++) {
        int w = utf8_width(l->questions[i].name);
        if (l->questions[i].text && w > width) width = w;
    }
    if (width) out_puts(o, "\n");
    for (int i = 0; i < most && width; i++) {
        const struct mark_question *q = &l->questions[i];
        if (q->text) out_hang(o, q->name, width + 2, q->text);
    }
}

static void put_lesson(struct report *r, const struct mark_lesson *l) {
    struct out *o = r->s->out;
    say_strong(o, report_title(r, l));
    put(o, report_count(r, l));
    out_puts(o, "\n");
    put_bars(r, l);
    put(o, report_time(r, l));
    put_table(o, report_questions(r, l, HARDEST, false));
    put_texts(o, l);
    if (l->n_mistakes) put_table(o, report_mistakes(r, l, HARDEST));
    put_table(o, report_students(r, l));
    if (l->others) out_say(o, "report.others", NULL);
}

static void put_drills(struct report *r) {
    struct out_table *t = report_drills(r);
    bool some = table_rows(t) > 1;
    if (some) out_puts(r->s->out, "\n");
    if (some) say_strong(r->s->out, out_sentence(r->s->out, "submit.drills", NULL));
    if (some) table_print(r->s->out, t, 1);
    table_free(t);
}

void report_screen(struct report *r) {
    struct out *o = r->s->out;
    if (r->marks.n == 1 || r->order->only >= 0) { /* other ids may have its number */
        for (int i = 0; i < r->marks.n; i++) put_lesson(r, &r->marks.lessons[i]);
    } else if (r->marks.n) {
        say_strong(o, out_sentence(o, "report.page", NULL));
        put_table(o, report_lessons(r));
        put_table(o, report_totals(r));
        out_say(o, "report.one", "n", NUM(o, r->marks.lessons[0].number), NULL);
    }
    put_drills(r);
}
