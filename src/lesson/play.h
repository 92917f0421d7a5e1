/* play: a lesson in hand: which step, what was answered, and the board it is played on.
 *
 * The lesson's board stands in the place of the person's own (s->board); leaving puts
 * theirs back. A board left behind may still be in use by the line that left it, so it
 * is freed when that line has ended.
 *
 *     struct lesson_play *p = play_open(s, lesson, true);  // takes the lesson
 *     play_begin(s, 0);                                    // shows the first steps
 *     play_take(s, "1.8");
 *     play_leave(s);
 */
#ifndef LESSON_PLAY_H
#define LESSON_PLAY_H

#include "board/session.h"
#include "lesson/load.h"

struct progress;

enum result { RESULT_OPEN, RESULT_SKIPPED, RESULT_SOLVED, RESULTS };

struct record { /* of a question */
    enum result result;
    int hints, misses; /* hints seen; wrong answers */
};

/* What made the board as it is, from the setup on; forgotten where that is too much. */
struct lines {
    char **at;
    size_t n, bytes;
};

struct mark {            /* where a step began */
    struct board *board; /* NULL: not been there */
    size_t lines;
};

struct lesson_play {
    struct lesson *lesson; /* NULL: no lesson in hand */
    struct board *own;     /* the person's; s->board is the lesson's */
    int at;                /* the step in hand; n_steps: after the last */
    bool waits;            /* a text is read until Enter */
    bool practice;         /* lint's: nothing is kept, and nothing goes on by itself */
    bool at_prompt;        /* opened at the prompt: quit goes back there */
    int hint;              /* hints shown since the step began */
    unsigned moves;        /* counts what the lesson's commands do */
    struct record *records;
    struct mark *marks;
    struct lines lines;
    struct buf prompt;
    struct progress *progress;
    struct board **behind; /* to be freed when the line has ended */
    size_t n_behind;
};

/* The lesson room's place in the session, made where missing. */
struct lesson_play *play_of(struct session *s);
/* The lesson room of a session, or NULL until it is needed. */
struct lesson_play *play_here(const struct session *s);
bool play_in_hand(const struct session *s);
const struct step *play_step(const struct session *s); /* NULL: after the last */
struct record *play_record(const struct session *s);   /* of the step in hand */

/* Takes the lesson over; s gets its board, set up. */
void play_open(struct session *s, struct lesson *l);
void play_leave(struct session *s); /* what was seen last is saved */
void play_bury(struct session *s);  /* the line has ended */
/* Shows step i and those after it, up to the one that waits. */
void play_go(struct session *s, int i);
/* The same, with the text that leads to a question. */
void play_from(struct session *s, int i);
/* Begins step i and shows it, alone. */
void play_enter(struct session *s, int i);
/* Goes to a step that was not reached by playing: the board is made for it. */
void play_jump(struct session *s, int i);
/* A line typed in the lesson. False where it failed. */
bool play_take(struct session *s, const char *line);
/* The step is done: says why and goes on. */
void play_pass(struct session *s, enum result result);
void play_again(struct session *s);
bool play_hint(struct session *s); /* false: there is none left */
void play_skip(struct session *s);
void play_next(struct session *s);
void play_prev(struct session *s);

/* ---- for steps, lint and resuming ---- */

/* Runs a line on the lesson's board and writes it down where it changed anything. own:
 * the lesson's own line, which may not touch files. The caller owns the error. */
struct error *play_run(struct session *s, const char *line, bool own);
/* Without a word. */
struct error *play_run_silently(struct session *s, const char *line);
/* The value of an expression on a board. *out: one reference. */
struct error *play_value(struct session *s, struct board *b, const char *expr,
                         struct tensor **out);
/* The same, of one number. */
struct error *play_number(struct session *s, struct board *b, const char *expr,
                          double *out);
/* Today's board where the step began, for judging. */
struct board *play_began(const struct session *s);
const char *play_text(const struct session *s, const cJSON *text);
/* A text of the lesson, wrapped; `[3/31] ` before it. */
void play_say(struct session *s, const char *text);
void play_aside(struct session *s, const char *key); /* a dim sentence */
void play_line(struct session *s, const char *line); /* > descend E rate 0.1 */
void play_again_board(struct session *s);            /* as it was when the step began */
void play_count(const struct lesson_play *p, int counts[RESULTS], int *hinted);

void lines_add(struct lines *l, const char *line);
void lines_cut(struct lines *l, size_t n);

/* ---- resume.c ---- */

/* A board as it would be where step i begins, by setup, run steps and solutions. */
void resume_build(struct session *s, int i);
/* Saves where we are; comes back there (false: from the beginning). */
void resume_save(struct session *s);
bool resume_load(struct session *s);
void resume_records(struct session *s); /* what was answered, alone */

#endif
