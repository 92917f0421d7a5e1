/* talk_inside: a talk, as the files of this room see it. */
#ifndef PRESENT_TALK_INSIDE_H
#define PRESENT_TALK_INSIDE_H

#include "present/deck.h"
#include "present/presser.h"
#include "present/stage.h"
#include "present/typist.h"
#include "present/wishes.h"

struct prompt;
struct notes;
struct cast;

struct talk {
    struct session *s;
    struct talk_options options;
    struct deck deck;
    struct stage *stage;
    struct presser presser;
    struct typist typist;
    struct prompt *prompt; /* of lines typed freely, or NULL: none was yet */
    struct board **before; /* where each step began, in today's language; or NULL */
    double *took;          /* seconds that each step's lines took */
    double waited;         /* for keys, or for eyes */
    int at, act;           /* the step, and its act that was done last; at the end: n */
    bool failed, left;     /* the line that ran last: it did; it was left unfinished */
    bool hurry;            /* on the way to somewhere: nobody is waited for */
    int rows;              /* that this act has shown on full pages, and turned */
    bool left_full;        /* a full page was left, as its screen is another: … */
    int rows_read;         /* … behind so many */
    bool read_on;          /* … there somebody is waited for again */
    bool one_press;        /* a line that is typed runs */
    bool letters;          /* plots are no windows */
    struct press next;     /* pressed while something was under way */
    bool pressed;          /* … there is one */
    struct buf line;       /* that is typed, or was */
    struct buf said;       /* what the room says, as far as it is typed */
    double quit_at;        /* q was hit then */
    struct notes *notes;   /* NULL: there are none */
    struct cast *cast;     /* NULL: nothing is recorded */
    const char *state;     /* for the notes */
    const char *keys;      /* that `?` asked for, while they are told */
    bool keys_stand;       /* the notes show them */
    bool begun, resting;   /* the clock of the talk; it stands */
    double since, rested_at;
    bool over;
    int status;
};

/* Is a question open? */
bool talk_asks(const struct talk *t);
/* The act where we are is done. */
void talk_perform(struct talk *t);
/* On to where somebody is waited for again. */
void talk_advance(struct talk *t);
/* Step i begins. */
void talk_begin(struct talk *t, int i);
/* To an act of step i, or to the end (n). */
void talk_go(struct talk *t, int i, int act);
/* The board as it is now is that behind the step, whose last act is done. */
void talk_settle(struct talk *t);
/* To the step before, as it was left; false: this is the first. */
bool talk_back(struct talk *t);
/* The page as it is. */
void talk_draw(struct talk *t);
/* Types freely, until Ctrl-D. */
void talk_live(struct talk *t);
/* A sentence in the last row. */
void talk_tell(struct talk *t, const char *key);
/* A press, or the time is over. */
struct press talk_wait(struct talk *t, double seconds, bool asked);

#endif
