/* deck: what is presented, in the order of the talk: a lesson's title and steps, or the
 * pages and lines of a demo script. Each kind of deck is a row of functions.
 *
 *     struct deck d;
 *     struct error *e = deck_open_lesson(&d, s, lesson);   // takes it
 *     for (int i = 0; i < d.n; i++)
 *         for (int act = 0; act < deck_acts(&d.steps[i]); act++) …
 *     deck_close(&d);
 *
 * A step is done in acts: its text is shown; each of its lines is typed, then run; what
 * is the answer is said.
 */
#ifndef PRESENT_DECK_H
#define PRESENT_DECK_H

#include "board/session.h"
#include "lesson/content.h"

enum act { ACT_SHOW, ACT_TYPE, ACT_RUN, ACT_REVEAL };

struct deck_step {
    int number; /* as people count, from 1; 0: it is the title */
    int source; /* in the lesson, or the script */
    const char *name, *kind;
    bool page;    /* begins on a fresh screen */
    bool shows;   /* it has a text */
    bool asks;    /* … which is a question: a room may answer it */
    bool reveals; /* its answer is said, not typed */
    bool flows;   /* nothing is waited for after it: the next step is read with it */
    int lines;    /* that are typed and run */
    int done;     /* of its acts, in this talk: again they write nothing */
};

struct deck;
struct arena;
struct notes_page;
struct demo;
struct deck_kind {
    /* Step i begins; or: it was gone back to, as it was left. */
    void (*begin)(struct deck *d, int i);
    void (*return_to)(struct deck *d, int i);
    void (*show)(struct deck *d, int i);
    /* The k-th line, added to b. */
    struct error *(*line)(struct deck *d, int i, int k, struct buf *b);
    struct error *(*run)(struct deck *d, int i, int k, const char *line);
    void (*reveal)(struct deck *d, int i);
    /* What a room says, or somebody types for it; true: it is right, and the step is
     * over. */
    bool (*take)(struct deck *d, int i, struct typed *t);
    void (*hint)(struct deck *d, int i);
    /* The board as it is where step i begins, without a word. It is that of step `from`
     * now; -1: anybody's. */
    struct error *(*build)(struct deck *d, int from, int i);
    /* What the step is about, in a line. */
    void (*label)(struct deck *d, int i, struct buf *b);
    /* For the speaker: note, answer, slips, hints and the like, owned by a. */
    void (*tell)(struct deck *d, int i, struct arena *a, struct notes_page *page);
    void (*close)(struct deck *d);
    bool own_names; /* in each language: boards of the one are none of the other */
};

struct deck {
    const struct deck_kind *kind;
    struct session *s;
    struct deck_step *steps;
    int n, count;          /* of these, people count so many */
    struct lesson *lesson; /* one of the two */
    struct demo *demo;
    struct board *start;  /* before the demo */
    struct error *failed; /* what was done, not typed: the talk's to take */
};

struct error *deck_open_lesson(struct deck *d, struct session *s, struct lesson *l);
/* An error: where there is a demo by then it is the caller's to close. */
struct error *deck_open_demo(struct deck *d, struct session *s, const char *path);
void deck_close(struct deck *d);

int deck_acts(const struct deck_step *step);
/* Which of the step's acts this is; *line: of ACT_TYPE and ACT_RUN. */
enum act deck_act(const struct deck_step *step, int act, int *line);
/* The step that people call so, by number or by name; -1: there is none. */
int deck_find(const struct deck *d, const char *word);
/* The step where the page of step i begins. */
int deck_page(const struct deck *d, int i);

#endif
