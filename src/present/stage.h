/* stage: the screen of a talk. What each step said is kept as it reached the terminal,
 * so that the page can be drawn again, and a step gone back to looks as it did. What is
 * kept is good for the size and the language it was said in.
 *
 *     struct stage *st = stage_open(out, 36);
 *     stage_fresh(st);               // a page begins
 *     stage_hear(st, 4);             // from now on this is step 4's
 *     …
 *     if (stage_has(st, 3, 4)) stage_draw(st, 3, 4);
 *
 * Overlays (a list, a status line, an empty screen) are not kept: stage_draw wipes
 * them.
 */
#ifndef PRESENT_STAGE_H
#define PRESENT_STAGE_H

#include "text/out.h"

enum { STAGE_ROWS = 10, STAGE_COLUMNS = 40 }; /* at least */

struct stage;
struct stage *stage_open(struct out *o, int steps);
void stage_close(struct stage *st);

/* Step i begins: what it said before is forgotten. */
void stage_hear(struct stage *st, int i);
/* Nothing is kept any more; gives back which step was heard, or -1. And that one goes
 * on where it was. */
int stage_deafen(struct stage *st);
void stage_hear_on(struct stage *st, int i);
/* All of it, for the screen as it is? */
bool stage_has(const struct stage *st, int from, int to);
/* … or whatever the screen was, in today's language. */
bool stage_has_words(const struct stage *st, int i);
/* … whatever the language? */
bool stage_is_whole(const struct stage *st, int i);
/* Bytes kept of the step. */
size_t stage_bytes(const struct stage *st, int i);
/* The screen is another since step i began? */
bool stage_changed(const struct stage *st, int i);

/* A page begins; what was on the last one can be scrolled back to. */
void stage_fresh(struct stage *st);
/* An empty screen, and what these steps said. */
void stage_draw(struct stage *st, int from, int to);
/* The same under what is there. */
void stage_add(struct stage *st, int i);
/* Another screen, whose cursor is hidden, until stage_draw. */
void stage_blank(struct stage *st);
/* The step alone there, without colours. */
void stage_zoom(struct stage *st, int i);
/* A text of the speaker's over the page. */
void stage_over(struct stage *st, const char *text);
/* Dimly in the last row, until stage_draw. */
void stage_status(struct stage *st, const char *text);
/* Does it stand there? */
bool stage_tells(const struct stage *st);

#endif
