#include "classroom/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "classroom/html.h"
#include "classroom/report_inside.h"
#include "text/number.h"

/* ---- files ---- */

/* export.csv becomes export-filled.csv. */
static char *filled_name(const char *path) {
    size_t n = strlen(path);
    bool csv = n > 4 && strcmp(path + n - 4, ".csv") == 0;
    struct buf b = {0};
    buf_add_n(&b, path, csv ? n - 4 : n);
    buf_add(&b, "-filled.csv");
    return buf_take(&b);
}

/* What a student handed in, whole or not, the export itself and what was written just
 * now are not written over. */
static struct error *write_one(struct report *r, const char *path, const char *mark,
                               const struct buf *b, struct buf *written) {
    struct error *e = class_keeps(&r->c, path)
                          ? error_new("file-there", "file", path, NULL)
                          : file_write_again(path, mark, buf_text(b), b->len);
    if (e) return e;
    class_keep(&r->c, path);
    buf_add_listed(written, "%s", path);
    return NULL;
}

/* A table of ours begins with these heads: as many of them as no other table would. */
static char *heads_of(const struct buf *table, size_t most) {
    size_t n = strcspn(buf_text(table), "\r\n");
    return mem_copy_n(buf_text(table), n < most ? n : most);
}

/* The roster first: it says who there is. It is theirs but for our columns, and told
 * by all its heads. */
static struct error *write_roster(struct report *r, struct buf *written) {
    const struct report_order *o = r->order;
    struct buf b = {0};
    class_keep(&r->c, o->roster);
    struct error *e = report_roster(r, o->roster, &b);
    char *path = o->grades ? mem_copy(o->grades) : filled_name(o->roster);
    char *mark = heads_of(&b, FILE_MARK_IN);
    if (!e) e = write_one(r, path, mark, &b, written);
    free(mark);
    free(path);
    buf_free(&b);
    return e;
}

enum { HEADS = 40 }; /* bytes: the lessons behind them may be others next week */

static struct error *write_files(struct report *r, struct buf *written) {
    const struct report_order *o = r->order;
    const struct {
        const char *path;
        void (*make)(struct report *r, struct buf *b);
        const char *mark; /* NULL: its heads */
    } files[] = {{o->csv, report_rows, NULL},
                 {o->roster ? NULL : o->grades, report_grades, NULL},
                 {o->html, report_page, html_mark}};
    struct error *e = o->roster ? write_roster(r, written) : NULL;
    for (size_t i = 0; i < sizeof files / sizeof *files && !e; i++) {
        struct buf b = {0};
        if (!files[i].path) continue;
        files[i].make(r, &b);
        char *heads = heads_of(&b, HEADS);
        e = write_one(r, files[i].path, files[i].mark ? files[i].mark : heads, &b,
                      written);
        free(heads);
        buf_free(&b);
    }
    return e;
}

/* ---- what is said ---- */

bool report_done(struct report *r, const char *id) {
    const struct mark_lesson *l = report_lesson(r, r->order->require);
    const struct class_part *p = l ? marks_part(l, id) : NULL;
    return p && p->lesson->done &&
           marks_tally(p->lesson).of[RESULT_SOLVED] == p->lesson->n_questions;
}

static void add_missing(struct buf *b, const char *id, bool done) {
    if (!done) buf_add_listed(b, "%s", id);
}

/* Who has not solved all of a lesson that is required: of all of the roster, where
 * there is one, whether they handed anything in or not. */
static bool say_missing(struct report *r) {
    struct buf b = {0};
    for (size_t i = 0; i < r->n_listed; i++)
        add_missing(&b, r->listed[i].id, r->listed[i].done);
    for (size_t i = 0; i < r->c.n_students && !r->listed; i++) {
        const char *id = r->c.students[i]->result.id;
        add_missing(&b, id, report_done(r, id));
    }
    bool missing = b.len || !r->c.n_students;
    if (missing)
        out_say(r->s->out, "report.missing", "n", NUM(r->s->out, r->order->require),
                "ids", buf_text(&b), NULL);
    buf_free(&b);
    return missing;
}

static void say_notes(struct report *r) {
    struct out *o = r->s->out;
    if (r->c.n_notes) out_puts(o, "\n");
    for (size_t i = 0; i < r->c.n_notes; i++) out_wrap(o, r->c.notes[i], 0);
}

static int fail(struct report *r, struct error *e) {
    out_error(r->s->out, e);
    error_free(e);
    return 1;
}

/* Nothing that counts. */
static int say_nothing(struct report *r) {
    struct out *o = r->s->out;
    bool other = r->c.n_files > 0;
    say_notes(r);
    struct error *e =
        other ? error_new("report-no-lesson", "n", NUM(o, r->order->only), NULL)
              : error_new("report-empty", NULL);
    return fail(r, e);
}

static int tell(struct report *r) {
    struct buf written = {0};
    struct error *e = write_files(r, &written);
    struct out *o = r->s->out;
    report_screen(r);
    if (written.len) out_say(o, "submit.written", "file", buf_text(&written), NULL);
    say_notes(r);
    if (r->c.n_left)
        out_say(o, "report.left-out", "n", NUM(o, (double)r->c.n_left), NULL);
    buf_free(&written);
    bool missing = r->order->require >= 0 && say_missing(r);
    if (e) return fail(r, e);
    return r->c.n_left || missing;
}

/* A lesson of a number that another one counts for. */
static void note_others(struct report *r) {
    struct out *o = r->s->out;
    for (int i = 0; i < r->marks.n; i++) {
        const struct mark_lesson *l = &r->marks.lessons[i];
        if (l->counts) continue;
        char *head = report_head(r, l);
        class_note(&r->c, out_sentence(o, "report.not-it", "head", head, "n",
                                       NUM(o, l->number), NULL));
        free(head);
    }
}

int report(struct session *s, const struct report_order *order) {
    struct report r = {.s = s, .order = order};
    r.c = (struct class){.out = s->out, .home = s->home, .only = order->only};
    for (int i = 0; i < order->n_words && !r.c.stopped; i++)
        class_read(&r.c, order->words[i]);
    class_settle(&r.c);
    r.marks = marks_of(s, &r.c);
    r.all = r.c.n_students;
    note_others(&r);
    int status = 1;
    if (!session_stopped(s)) status = r.marks.n ? tell(&r) : say_nothing(&r);
    for (size_t i = 0; i < r.n_listed; i++) free(r.listed[i].id);
    free(r.listed);
    marks_free(&r.marks);
    class_free(&r.c);
    return status;
}
