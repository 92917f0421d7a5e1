/* play: a lesson is played: steps are shown, one after another, forth and back.
 *
 *     play_open(s, lesson);                                // takes the lesson
 *     play_go(s, 0);                                       // shows the first steps
 *     play_next(s);                                        // what is typed: take
 *     play_leave(s);
 */
#ifndef LESSON_PLAY_H
#define LESSON_PLAY_H

#include "lesson/desk.h"

/* Takes the lesson over; s gets its board, set up. An error: stopped, or no
 * memory, and nothing is open. */
struct error *play_open(struct session *s, struct lesson *l);
void play_leave(struct session *s); /* what was seen last is saved */
/* Shows step i and those after it, up to the one that waits. */
void play_go(struct session *s, int i);
/* The same, with the text that leads to a question. */
void play_from(struct session *s, int i);
/* The same of one that was left, or jumped to: the picture that its question is about
 * is drawn again. */
void play_come_to(struct session *s, int i);
/* Begins step i, of which nothing is shown. */
void play_stand(struct session *s, int i);
/* Stands there again as it was left: nothing of it begins anew. */
void play_return(struct session *s, int i);
/* Begins step i and shows it, alone. */
void play_enter(struct session *s, int i);
/* The lesson's title and goals. */
void play_headline(struct session *s);
/* Runs a line of the step's own: one that touches files is not run, and said so; where
 * later steps stand on what it makes, the same is made without a file. The caller owns
 * the error. */
struct error *play_line(struct session *s, const struct step *step, const char *line);
/* Goes to a step that was not reached by playing: the board is made for it. An
 * error: stopped, or no memory, and it is where it was. */
struct error *play_jump(struct session *s, int i);
/* Shows the step, in its own way or another: a text and a question stay together. */
typedef void play_shows(struct session *s, const struct step *step);
void play_display_by(struct session *s, const struct step *step, play_shows *by);
void play_display(struct session *s, const struct step *step);
/* The step is over: what was tried out beside it is put back, and the next is shown. */
void play_go_on(struct session *s);
/* The step is done: says why and goes on. */
void play_pass(struct session *s, enum result result);
void play_again(struct session *s);
bool play_hint(struct session *s); /* false: there is none left */
void play_skip(struct session *s);
void play_next(struct session *s);
void play_prev(struct session *s);
struct tally play_count(const struct lesson_play *p);

/* Is the text of the step, in its lesson, read in peace, where a person reads it? */
bool play_pauses(const struct lesson *l, const struct step *step);

#endif
