/* talk: a lesson or a demo script presented to a room: typed by itself, run at a press,
 * gone back in, left for a line of one's own and come back to. Which key does what:
 * present/keys.h.
 *
 *     struct talk_options o = {.speed = 3, .automatic = -1, .pace = 0.25};
 *     int status = talk_present(s, "3", &o);
 *
 *  TYPING ─ any key ─▶ TYPED ─ go on ─▶ RUNNING ─▶ SHOWN ─▶ the next step
 *                                        │ a full page: PAGE, until a key
 *
 * Each step is some acts (deck.h), after which somebody is waited for; where we are is
 * a step and its last act. To go anywhere is to play the page of that step from its
 * start on, in no time; to go back, where the screen is the same, is to draw what was
 * said.
 */
#ifndef PRESENT_TALK_H
#define PRESENT_TALK_H

#include "board/session.h"
#include "present/wishes.h"

enum { TALK_WRONG_USAGE = 2 };

/* what: a lesson's number, its file, or a script's. The exit status. */
int talk_present(struct session *s, const char *what, const struct talk_options *o);

#endif
