/* notes: what only the speaker sees, for `learn notes` in another terminal: a page in a
 * file of this person's runtime folder, written whole at every change, and a socket
 * beside it, through which keys come back. Nobody else can read or write them.
 *
 *     struct notes *n;
 *     struct error *e = notes_open(&n);           // a link in its place, say
 *     notes_show(n, &page);                       // as often as one likes
 *     int wait = notes_due(n);                    // ms until more is to be written
 *     … poll(notes_fd(n)) …; while ((c = notes_key(n)) >= 0) …
 *     notes_close(n);                             // both are gone
 *
 * The page is the caller's, and is read at once.
 */
#ifndef PRESENT_NOTES_H
#define PRESENT_NOTES_H

#include <stdbool.h>

#include "base/error.h"

enum { NOTES_FORMAT = 1, NOTES_LIST = 8 };

/* Texts are in the language of the talk; NULL: there is none. */
struct notes_page {
    int number;               /* the lesson's, or -1: a script */
    const char *title, *lang; /* lang: "en" */
    int step, steps;          /* from 1; as the screen counts them */
    const char *name, *kind;  /* of the step: "nudge-at-2"; "try" */
    const char *state;        /* "typing", "typed", "running", … (notes.state.…) */
    const char *line;         /* the line that is typed */
    const char *note, *answer;
    const char *slips[NOTES_LIST + 1]; /* "w + 0.1*dE/dw: uphill"; NULL ends them */
    int hints;                         /* that are left */
    const char *next[NOTES_LIST + 1];  /* "ask: Why?"; NULL ends them */
    double elapsed;                    /* seconds of the talk so far */
    bool running;                      /* its clock goes on */
    int minutes;                       /* planned, or 0 */
    const char *said;                  /* what went wrong, or "q ends" */
    const char *foot;                  /* the most needed keys, in a row */
    const char *keys;                  /* in the note's place: what `?` asked for */
};

struct notes;
struct error *notes_open(struct notes **out);
/* At most ten pages a second are written: one that comes earlier waits for
 * notes_due. */
void notes_show(struct notes *n, const struct notes_page *page);
/* Writes what waits, if it is time; milliseconds until it is, or -1: nothing waits. */
int notes_due(struct notes *n);
int notes_fd(const struct notes *n); /* readable: notes_key has something */
/* The next byte that was pressed there; -1: there is none. */
int notes_key(struct notes *n);
/* Does somebody look at the notes just now? */
bool notes_seen(const struct notes *n);
void notes_close(struct notes *n); /* n may be NULL */

#endif
