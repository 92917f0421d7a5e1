/* presser: who turns the pages of a talk: a person's keys, the notes in a second
 * terminal, or the time. The terminal is without echo while it is open; whatever ends
 * or stops the program finds it as it was.
 *
 *     struct presser h = {.person = true, .other = -1};
 *     presser_open(&h);
 *     struct press p = presser_wait(&h, 0.07, false);   // p.key: TALK_GO_ON, …
 *     presser_close(&h);
 */
#ifndef PRESENT_PRESSER_H
#define PRESENT_PRESSER_H

#include "present/clock.h"
#include "present/keys.h"

/* What else may come of waiting. */
enum presser_event {
    PRESSER_KEY,
    PRESSER_TIME,
    PRESSER_SCREEN,    /* it is another, or not as it was left */
    PRESSER_INTERRUPT, /* Ctrl-C */
    PRESSER_GONE       /* nobody is there any more */
};

struct press {
    enum presser_event event;
    enum talk_key key; /* where it is a key */
    char sent;         /* its first byte */
};

struct presser {
    bool person; /* somebody is at the keys */
    int quits;   /* q's that were kept */
    struct talk_clock clock;
    int other; /* a descriptor that keys come from as well, or -1 */
    bool (*other_key)(void *self, char *sent);
    void *self;
};

void presser_open(struct presser *h);
void presser_close(struct presser *h);
/* A key, or so many seconds (less than 0: for ever). asked: a question is open. */
struct press presser_wait(struct presser *h, double seconds, bool asked);
/* What was pressed before it was asked for is nobody's; but a q, which is kept: who
 * wants to end a talk hits it twice, at any time. */
void presser_forget(struct presser *h);
/* A q that came where any key would do is one, too: the next wait gives it. */
void presser_keep(struct presser *h, struct press p);
/* Has something been pressed? It stays. */
bool presser_pressed(const struct presser *h);
/* A line is typed by readline: the terminal is as usual meanwhile. */
void presser_lend(struct presser *h);
void presser_take_back(struct presser *h);

#endif
