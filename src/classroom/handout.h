/* handout: `learn handout 3`: a lesson as one HTML file, for a screen and for A4. The
 * lesson is played, without a word and without a trace, and what its own lines show is
 * caught as tables, drawings and figures. What an edition does not have is not in the
 * file: a student's has no answer, reason, hint, usual slip or note.
 *
 *     struct handout_order o = {.word = "3", .langs = 1u << TEXT_KO, .answers = true};
 *     struct error *e = handout_make(s, &o, &page);     // the whole file; the caller's
 *
 * The same lesson and the same answers are the same bytes: no date, no name, no path.
 */
#ifndef CLASSROOM_HANDOUT_H
#define CLASSROOM_HANDOUT_H

#include "board/session.h"

struct handout_order {
    const char *word; /* the lesson: its number, or the path of its file */
    const char *to;   /* the file it goes to, or NULL */
    unsigned langs;   /* 1 << TEXT_EN …: side by side where there are several */
    bool answers;     /* the answer and the reason, behind each question */
    bool teacher;     /* and hints, slips, notes */
    bool mine;        /* what the person answered */
    const char
        *live; /* where learn stands as a page: each question links there; or NULL */
};

/* A lesson of one question as one part of a page that holds many, a worksheet's: its
 * lines, the question, and room for the answer; or, with answers, that, and what the
 * lines behind it show. */
struct handout_part {
    const char *text; /* the lesson's JSON */
    int n;            /* its number in the heading */
    const char *kind[TEXT_LANGS];
    int *id, *figures; /* of the page's parts and figures so far: they count on */
    char *answer;      /* as a person would type it; the caller's */
};
struct error *handout_add_part(struct session *s, const struct handout_order *o,
                               struct handout_part *part, struct buf *page);

struct error *handout_make(struct session *s, const struct handout_order *o,
                           struct buf *page);
/* Makes it, and puts it where it is wanted: into `to`; to standard output where that is
 * no terminal; else into lesson-3.html. The exit status. */
int handout(struct session *s, const struct handout_order *o);

#endif
