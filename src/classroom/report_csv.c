#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "classroom/cells.h"
#include "classroom/report_inside.h"
#include "classroom/roster.h"
#include "text/number.h"

/* ---- a row a question: the rows of the file once more ---- */

static void add_heads(struct cells *c, const char *before,
                      const struct result_field *f) {
    for (; f->name; f++) {
        struct buf head = {0};
        buf_printf(&head, "%s%s", before, f->name);
        cells_text(c, buf_text(&head));
        buf_free(&head);
    }
}

static void add_values(struct cells *c, const struct result_field *f, const void *of) {
    for (; f->name; f++) {
        struct buf value = {0};
        bool number = f->type == RESULT_NUMBER || f->type == RESULT_COUNT;
        result_add(&value, f, of);
        if (number) cells_number(c, strtod(buf_text(&value), NULL));
        else cells_text(c, buf_text(&value));
        buf_free(&value);
    }
}

void report_rows(struct report *r, struct buf *b) {
    struct cells c = {0};
    cells_begin(&c);
    add_heads(&c, "", result_student);
    add_heads(&c, "", result_head);
    add_heads(&c, "lesson-", result_lesson);
    add_heads(&c, "question-", result_question);
    cells_end_row(&c);
    for (size_t i = 0; i < r->c.n_parts; i++) {
        const struct class_part *p = &r->c.parts[i];
        for (int k = 0; k < p->lesson->n_questions; k++) {
            add_values(&c, result_student, &p->file->result);
            add_values(&c, result_head, &p->file->result);
            add_values(&c, result_lesson, p->lesson);
            add_values(&c, result_question, &p->lesson->questions[k]);
            cells_end_row(&c);
        }
    }
    *b = c.text;
}

/* ---- a row a student ---- */

/* As Canvas wants its heads: Student first, ID second, Section the last before the
 * lessons. ID is Canvas's own number, which we don't know: it finds a student by the
 * login then. Moodle lets one say which column is which. */
void report_grades(struct report *r, struct buf *b) {
    static const char *const heads[] = {"Student", "ID", "SIS Login ID", "Section"};
    struct cells c = {0};
    cells_begin(&c);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) cells_text(&c, heads[i]);
    for (int k = 0; k < r->marks.n; k++) {
        char *head = report_head(r, &r->marks.lessons[k]);
        cells_text(&c, head);
        free(head);
    }
    cells_end_row(&c);
    for (size_t i = 0; i < r->c.n_students; i++) {
        const struct result_file *who = &r->c.students[i]->result;
        cells_text(&c, who->name);
        cells_empty(&c);
        cells_text(&c, who->id);
        cells_empty(&c);
        for (int k = 0; k < r->marks.n; k++) {
            const struct class_part *p = marks_part(&r->marks.lessons[k], who->id);
            if (p) cells_number(&c, marks_score(p->lesson, r->order->points));
            else cells_empty(&c);
        }
        cells_end_row(&c);
    }
    *b = c.text;
}

/* ---- a roster, filled in ---- */

static void fill_column(struct report *r, struct roster *to,
                        const struct mark_lesson *l) {
    struct out *o = r->s->out;
    enum text_lang lang = text_lang(o->text);
    char *in[TEXT_LANGS];
    size_t bad;
    for (enum text_lang k = 0; k < TEXT_LANGS; k++) {
        text_set_lang(o->text, k);
        in[k] = report_head(r, l);
    }
    text_set_lang(o->text, lang);
    const char *heads[1 + TEXT_LANGS] = {in[lang], in[TEXT_EN], in[TEXT_KO]};
    bool utf8 = utf8_valid(to->text, to->n, &bad);
    if (!utf8) heads[0] = in[TEXT_EN]; /* in its encoding there is no other */
    size_t column = roster_column(to, heads, utf8 ? 1 + TEXT_LANGS : 1);
    size_t points = roster_points_row(to);
    bool added = column >= to->columns;
    if (points && added) roster_fill(to, column, points, NUM(o, r->order->points));
    for (size_t i = 0; i < l->n; i++) {
        char score[NUM_SIZE];
        int row = roster_row(to, l->parts[i].file->result.id);
        if (row < 0) continue;
        num_exact(score, marks_score(l->parts[i].lesson, r->order->points));
        roster_fill(to, column, (size_t)row, score);
    }
    for (enum text_lang k = 0; k < TEXT_LANGS; k++) free(in[k]);
}

static void note_strangers(struct report *r, const struct roster *to) {
    for (size_t i = 0; i < r->c.n_students; i++) {
        const struct result_file *who = &r->c.students[i]->result;
        if (roster_row(to, who->id) >= 0) continue;
        class_note(&r->c, out_sentence(r->s->out, "report.stranger", "id", who->id,
                                       "name", who->name, NULL));
    }
}

/* All of the roster, and who of them is done with what is required. */
static void list_students(struct report *r, const struct roster *to) {
    bool *done = mem_alloc(to->n_rows, sizeof *done);
    for (size_t i = 0; i < r->c.n_students; i++) {
        const char *id = r->c.students[i]->result.id;
        int row = roster_row(to, id);
        if (row >= 0 && report_done(r, id)) done[row] = true;
    }
    r->listed = mem_alloc(to->n_rows, sizeof *r->listed);
    for (size_t i = roster_next(to, 0); i < to->n_rows; i = roster_next(to, i)) {
        struct buf id = {0};
        utf8_add_line(&id, roster_id(to, i));
        r->listed[r->n_listed++] = (struct report_listed){buf_take(&id), done[i]};
    }
    free(done);
}

struct error *report_roster(struct report *r, const char *path, struct buf *b) {
    struct roster to;
    struct error *e = roster_open(path, &to);
    if (e) return e;
    const char **ids = mem_alloc(r->c.n_students + 1, sizeof *ids);
    for (size_t i = 0; i < r->c.n_students; i++) ids[i] = r->c.students[i]->result.id;
    if (roster_match(&to, ids, r->c.n_students)) {
        note_strangers(r, &to);
        for (int k = 0; k < r->marks.n; k++) fill_column(r, &to, &r->marks.lessons[k]);
        list_students(r, &to);
        r->all = r->n_listed;
        roster_write(&to, b);
    } else {
        e = error_new("roster-nobody", "file", path, NULL);
    }
    free(ids);
    roster_close(&to);
    return e;
}
