/* slips: the wrong answers that a step has words for, each as a person would type it.
 *
 *     struct slip slip = {0};
 *     while (slip_next(s, step, &slip))
 *         out_printf(o, "%s: %s\n", buf_text(&slip.typed), desk_text(s, slip.say));
 *
 * After the last nothing of it is owned any more.
 */
#ifndef LESSON_SLIPS_H
#define LESSON_SLIPS_H

#include "lesson/steps.h"

struct slip {
    int next;
    /* A number, a choice counted from 1, a word, a line; where none can be worked out,
     * what the lesson knows it by. */
    struct buf typed;
    const cJSON *choice; /* the text of that choice, or NULL */
    const cJSON *say;    /* the reply */
};

bool slip_next(struct session *s, const struct step *step, struct slip *slip);

#endif
