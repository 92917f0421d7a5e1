/* told: what a wrong number at a gradient's question was, by its mistake
 * (explain/mistakes.h): of a question for dE/dw, dE/dW[0,1] or dE/dw at w = 2.
 *
 *     struct buf b = {0};
 *     if (told_mistake(s, "dE/dw", 18, 0.01, &b)) out_wrap(s->out, buf_text(&b), 0);
 */
#ifndef LESSON_TOLD_H
#define LESSON_TOLD_H

#include "board/session.h"

/* The board as the step began. False: it is no such question, or nobody's number. */
bool told_mistake(struct session *s, const char *asked, double typed, double within,
                  struct buf *b);

#endif
