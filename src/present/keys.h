/* keys: THE TABLE of the keys of a talk: those of a keyboard, of a clicker, of the
 * notes in a second terminal. `?`, the manual page and the tests read the rows. To add
 * one: a row, its sentence "talk.key.NAME" in text/words/talk.json, and in talk.c what
 * it does.
 *
 *     enum talk_key key = keys_find("\033[6~", 4, false);   // TALK_GO_ON
 */
#ifndef PRESENT_KEYS_H
#define PRESENT_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "text/out.h"

enum talk_key {
    TALK_NOTHING,
    TALK_GO_ON,
    TALK_BACK,
    TALK_LIVE,
    TALK_ANSWER,
    TALK_BLANK,
    TALK_ZOOM,
    TALK_FASTER,
    TALK_SLOWER,
    TALK_ONE_PRESS,
    TALK_HINT,
    TALK_GO_TO,
    TALK_LIST,
    TALK_AGAIN,
    TALK_LANG,
    TALK_REDRAW,
    TALK_WINDOW,
    TALK_QUIT,
    TALK_HELP
};

struct key_row {
    enum talk_key key;
    bool asked;        /* only where a question is open, and there before all others */
    const char *name;  /* of its sentence */
    const char *shown; /* as a person knows them */
    const char *keys[11]; /* what they send */
};

extern const struct key_row key_rows[]; /* ended by a row without name */

/* What came from the terminal: a character or an escape sequence, whole. A key that was
 * hit with the Korean keyboard on is the Latin one. */
enum talk_key keys_find(const char *sent, size_t n, bool asked);

/* A section of the manual page. */
void keys_manual(struct out *o);

#endif
