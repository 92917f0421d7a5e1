/* marks: what a class made of each lesson: how many are done, how long it took, and of
 * each question how many solved it and what they answered wrong most often.
 *
 *     struct marks m = marks_of(s, &class);
 *     m.lessons[i].questions …              // the hardest first
 *     marks_score(m.lessons[i].parts[k].lesson, 10);   // of ten points
 *     marks_free(&m);
 */
#ifndef CLASSROOM_MARKS_H
#define CLASSROOM_MARKS_H

#include "board/session.h"
#include "classroom/class.h"

struct mark_question {
    const char *name, *kind;
    char *text; /* what it asks, where the instructor has the lesson, owned; or NULL */
    int n, solved, skipped; /* students who have it, who solved, who skipped it */
    double tries, hints;    /* of all of them */
    char *common;           /* the commonest wrong answer or slip, owned; or NULL */
    int gave;               /* students who gave it */
};

/* A mistake that answers were told by (explain/mistakes.h). */
struct mark_mistake {
    const char *key;      /* "mistake.mul.own", one for all who tell it */
    const char *question; /* where most made it */
    int n, there;         /* students who made it; at that question */
};

struct mark_lesson {
    const char *id, *edition; /* edition: the instructor's own, or the commonest */
    double number;
    bool counts; /* for the number: its column, and who is done with it. Of the lessons
                  * of one number it is the course's own; else the only one there is */
    char *title; /* owned */
    const struct class_part *parts; /* n students' */
    size_t n;
    int done, others;  /* others: of another edition */
    double half, most; /* minutes: half took as many or less; the slowest */
    struct mark_question *questions; /* the hardest first */
    int n_questions;
    struct mark_mistake *mistakes; /* the commonest first; of lists of the class's */
    int n_mistakes;
};

struct marks {
    struct mark_lesson *lessons; /* by number */
    int n;
};

struct marks marks_of(struct session *s, const struct class *c);
void marks_free(struct marks *m);

/* Of a student's questions: solved, skipped, with hints. */
struct tally marks_tally(const struct result_lesson *l);
/* A solved question counts whole, with hints or without; to two places. */
double marks_score(const struct result_lesson *l, double points);
/* The student's part of a lesson, or NULL. */
const struct class_part *marks_part(const struct mark_lesson *l, const char *id);

#endif
