/* report_inside: a report being made: what its parts (screen, page, tables for
 * spreadsheets) make of it.
 *
 *     report_screen(r);
 *     report_page(r, &b), report_rows(r, &b), report_grades(r, &b);
 */
#ifndef CLASSROOM_REPORT_INSIDE_H
#define CLASSROOM_REPORT_INSIDE_H

#include "classroom/class.h"
#include "classroom/marks.h"
#include "classroom/report.h"
#include "text/table.h"

/* A student of the roster. */
struct report_listed {
    char *id;
    bool done; /* with the lesson that is required */
};

struct report {
    struct session *s;
    const struct report_order *order;
    struct class c;
    struct marks marks;
    struct report_listed *listed; /* of a roster that could be read; or NULL */
    size_t n_listed;
    size_t all; /* students there are: on the roster, else who handed anything in */
};

/* ---- tables, for the screen and the page alike; the caller frees them ---- */

/* texts: what each asks, beside its name. */
struct out_table *report_questions(struct report *r, const struct mark_lesson *l,
                                   int most, bool texts);
/* Mistakes that were told; without rows: none. */
struct out_table *report_mistakes(struct report *r, const struct mark_lesson *l,
                                  int most);
struct out_table *report_students(struct report *r, const struct mark_lesson *l);
struct out_table *report_lessons(struct report *r);
struct out_table *report_totals(struct report *r); /* students over all lessons */
/* A row a kind and level that somebody stands at; without rows: nobody drilled. */
struct out_table *report_drills(struct report *r);
/* done, begun, nothing: how many, and the word for it (owned). */
enum { REPORT_BARS = 3 };
size_t report_bar(struct report *r, const struct mark_lesson *l, int i, char **word);
/* "Lesson 3 · Gradient descent", "28 of 31 students", how long it took; owned. */
char *report_title(struct report *r, const struct mark_lesson *l);
char *report_count(struct report *r, const struct mark_lesson *l);
char *report_time(struct report *r, const struct mark_lesson *l);
/* Of a column: "Lesson 3"; of one that doesn't count for it "Lesson 3 [cafe]". */
char *report_head(struct report *r, const struct mark_lesson *l);

/* ---- where they go ---- */

void report_screen(struct report *r);
void report_page(struct report *r, struct buf *b);
void report_rows(struct report *r, struct buf *b);   /* a row a question */
void report_grades(struct report *r, struct buf *b); /* a row a student */
/* Has that student solved all of what is required? What is skipped is not done. */
bool report_done(struct report *r, const char *id);
/* A roster filled in; who is not on it is noted, who is is listed. */
/* The lesson that counts for a number, or NULL. */
const struct mark_lesson *report_lesson(struct report *r, double number);
struct error *report_roster(struct report *r, const char *path, struct buf *b);

#endif
