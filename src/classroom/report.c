#include "classroom/report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "classroom/report_inside.h"
#include "text/number.h"

/* ---- files ---- */

/* A student's own result, or the export itself, is not written over. */
static struct error *refuse(const struct report *r, const char *path) {
    struct stat to, st;
    bool there = stat(path, &to) == 0, taken = false;
    const char *roster = r->order->roster;
    for (size_t i = 0; there && i < r->c.n_files && !taken; i++)
        taken = stat(r->c.files[i]->path, &st) == 0 && st.st_ino == to.st_ino &&
                st.st_dev == to.st_dev;
    if (there && roster && !taken)
        taken =
            stat(roster, &st) == 0 && st.st_ino == to.st_ino && st.st_dev == to.st_dev;
    return taken ? error_new("submit-there", "file", path, NULL) : NULL;
}

/* export.csv becomes export-filled.csv. */
static char *filled_name(const char *path) {
    size_t n = strlen(path);
    bool csv = n > 4 && strcmp(path + n - 4, ".csv") == 0;
    struct buf b = {0};
    buf_add_n(&b, path, csv ? n - 4 : n);
    buf_add(&b, "-filled.csv");
    return buf_take(&b);
}

static struct error *write_one(struct report *r, const char *path, const struct buf *b,
                               struct buf *written) {
    struct error *e = refuse(r, path);
    if (!e) e = file_write(path, buf_text(b), b->len);
    if (!e) buf_printf(written, "%s%s", written->len ? ", " : "", path);
    return e;
}

/* The roster first: it says who there is. */
static struct error *write_roster(struct report *r, struct buf *written) {
    const struct report_order *o = r->order;
    struct buf b = {0};
    struct error *e = report_roster(r, o->roster, &b);
    char *path = o->grades ? mem_copy(o->grades) : filled_name(o->roster);
    if (!e) e = write_one(r, path, &b, written);
    free(path);
    buf_free(&b);
    return e;
}

static struct error *write_files(struct report *r, struct buf *written) {
    const struct report_order *o = r->order;
    const struct {
        const char *path;
        void (*make)(struct report *r, struct buf *b);
    } files[] = {{o->csv, report_rows},
                 {o->roster ? NULL : o->grades, report_grades},
                 {o->html, report_page}};
    struct error *e = o->roster ? write_roster(r, written) : NULL;
    for (size_t i = 0; i < sizeof files / sizeof *files && !e; i++) {
        struct buf b = {0};
        if (!files[i].path) continue;
        files[i].make(r, &b);
        e = write_one(r, files[i].path, &b, written);
        buf_free(&b);
    }
    return e;
}

/* ---- what is said ---- */

/* Who is not done with a lesson that everybody is to be done with. */
static bool say_missing(struct report *r) {
    const struct mark_lesson *l = NULL;
    struct buf b = {0};
    for (int i = 0; i < r->marks.n; i++)
        if (r->marks.lessons[i].number == r->order->require) l = &r->marks.lessons[i];
    for (size_t i = 0; i < r->c.n_students; i++) {
        const char *id = r->c.students[i]->result.id;
        const struct class_part *p = l ? marks_part(l, id) : NULL;
        if (!p || !p->lesson->done) buf_printf(&b, "%s%s", b.len ? ", " : "", id);
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

int report(struct session *s, const struct report_order *order) {
    struct report r = {.s = s, .order = order};
    r.c = (struct class){.out = s->out, .only = order->only};
    for (int i = 0; i < order->n_words && !r.c.stopped; i++)
        class_read(&r.c, order->words[i]);
    class_settle(&r.c);
    r.marks = marks_of(s, &r.c);
    r.all = r.c.n_students;
    int status = 1;
    if (!session_stopped(s)) status = r.marks.n ? tell(&r) : say_nothing(&r);
    marks_free(&r.marks);
    class_free(&r.c);
    return status;
}
