/* lint_play: plays a lesson as students do: badly first, then well. What a kind of step
 * looks at besides says so by game_….
 *
 *     lint_play(&t, TEXT_KO);
 */
#ifndef LESSON_LINT_PLAY_H
#define LESSON_LINT_PLAY_H

#include "lesson/lint_faults.h"

struct game;

/* Plays the lesson from its beginning to its end. */
void lint_play(struct lint *t, enum text_lang lang);

/* Takes e. */
void game_fault(struct game *g, const cJSON *at, struct error *e);
/* The fault of that key, in the language played; {answer}: what was typed. */
void game_say(struct game *g, const cJSON *at, const char *key, const char *answer,
              const char *what);
/* The same, with the words of e as {what}; takes e. */
void game_error(struct game *g, const cJSON *at, const char *key, struct error *e);

/* What is no fault, but seldom meant; takes e. */
void game_warn(struct game *g, const cJSON *at, struct error *e);

/* A line among what the student saw since the last key that gives what is asked; the
 * caller frees it, or NULL. */
char *game_saw(struct game *g, const char *expr);
/* Warns where `expr` is nothing but a given number that no text or line before has
 * shown: nobody can know it. */
void game_seen(struct game *g, const cJSON *at, const char *expr, double answer);
/* Warns where the number that is asked at `at` stands in it, whatever it is there. */
void game_look(struct game *g, const cJSON *at, double answer);

#endif
