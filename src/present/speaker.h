/* speaker: what only the speaker of a talk sees and keeps: the notes in a second
 * terminal, the clock of the talk, the recording.
 *
 *     speaker_open(t);
 *     speaker_tell(t, "typed", NULL);   // the notes follow
 *     struct error *e = speaker_close(t);
 */
#ifndef PRESENT_SPEAKER_H
#define PRESENT_SPEAKER_H

#include "present/talk_inside.h"

/* An error: there can be no recording. */
struct error *speaker_open(struct talk *t);
/* NULL, or that not all of the recording could be written. */
struct error *speaker_close(struct talk *t);
/* The state in which the talk is ("shown", …: notes.state.…); NULL: as before. What is
 * said to the speaker alone, or NULL. */
void speaker_tell(struct talk *t, const char *state, const char *said);
/* Shows the keys there; where they stand the note again. False: nobody looks. */
bool speaker_shows_keys(struct talk *t, const char *keys);
/* A step begins: a chapter. */
void speaker_mark(struct talk *t);
void speaker_resized(struct talk *t);
/* Milliseconds until the notes are to be looked after; -1: they need not be. */
int speaker_due(struct talk *t);
/* A key was pressed: the clock of the talk goes on from the first. */
void speaker_begins(struct talk *t);
/* The clock stands while nobody sees anything. */
void speaker_rests(struct talk *t, bool rests);

#endif
