/* chalk: the graph of a board step with its empty boxes, and the numbers drawn for it:
 * the best of some draws, so that they are short and tell mistakes apart.
 *
 *     struct dice dice = chalk_dice(s, step, 0);
 *     struct error *e = chalk_throw(s, step, &dice, &line);   // "x = 3; param w = -2"
 *     …                                                      // line is run on b
 *     if (!e) e = chalk_open(s, step, b, &chalk);
 *     if (!e) chalk_close(&chalk);
 */
#ifndef LESSON_CHALK_H
#define LESSON_CHALK_H

#include "board/compile.h"
#include "explain/blanks.h"
#include "explain/mistakes.h"
#include "lesson/desk.h"

enum { CHALK_DRAWS = 8, BLANKS_MOST = FILL_BLANKS };

struct chalk {
    struct compiled c;
    struct mistakes *m;
    struct blank *blanks;
    bool filled[BLANKS_MOST];
    size_t n;
    int which; /* BLANKS_… */
};

struct error *chalk_open(struct session *s, const struct step *step, struct board *b,
                         struct chalk *k);
void chalk_close(struct chalk *k);
/* Does a box want more than four figures? */
bool chalk_is_long(const struct chalk *k);
/* *line: what sets the numbers, the caller's; NULL: the step draws none. */
struct error *chalk_throw(struct session *s, const struct step *step, struct dice *dice,
                          char **line);
/* Of this person's draw-th numbers. Lint, a talk and a transcript have numbers of their
 * own, the same every time; so has what comes through a pipe, but where LEARN_SEED asks
 * for somebody's. */
struct dice chalk_dice(struct session *s, const struct step *step, int draw);

#endif
