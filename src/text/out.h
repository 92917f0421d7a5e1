/* out: where everything said goes: standard output, the log, colours and wrapping.
 *
 * Texts, names, errors and lines may be a stranger's: on this one way out everything is
 * cleaned of what controls a terminal or cannot be seen (utf8_safe), so that nobody
 * before it needs to. Results go to `file`, complaints to `errors` (out_error). Colour,
 * wrapping and drawing follow what the terminal can do. Tests and lint point `file` at
 * a memory stream.
 */
#ifndef TEXT_OUT_H
#define TEXT_OUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "text/text.h"

/* The lectures' colours: w orange, h green, E red; gradients blue. */
enum out_colour {
    OUT_PLAIN,
    OUT_PARAM,
    OUT_VALUE,
    OUT_LOSS,
    OUT_GRADIENT,
    OUT_DIM,
    OUT_STRONG,
    OUT_COLOURS
};

struct out {
    FILE *file, *errors; /* NULL: nowhere */
    FILE *log;           /* a copy of all that is said, or NULL */
    int failed;          /* errno of the first write to `file` that failed, or 0 */
    struct text *text;
    int width;     /* columns; 80 where unknown */
    int digits;    /* significant figures; 6 */
    bool colour;   /* may use colours */
    bool plain;    /* --plain: no drawing, for a screen reader */
    bool terminal; /* file is a terminal */
};

void out_printf(struct out *o, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void out_puts(struct out *o, const char *s); /* no newline added */
/* A colour in a text (no column wide), or "" where colours are off. Use %s…%s with
 * OUT_PLAIN after. */
const char *out_ink(const struct out *o, enum out_colour c);
/* A text of one or more paragraphs, wrapped at the width by words (Hangul-aware), with
 * `indent` spaces before each line; ends with a newline. Returns the lines. */
int out_wrap(struct out *o, const char *s, int indent);
/* A head in strong ink, padded to `columns`, and s beside it, wrapped under itself. */
void out_hang(struct out *o, const char *head, int columns, const char *s);
/* The sentence of a key, wrapped, newline after. Pairs of name and value, NULL. */
void out_say(struct out *o, const char *key, ...) __attribute__((sentinel));
/* A sentence about something that went wrong, {why}: e in its own words. */
void out_say_why(struct out *o, const char *key, const struct error *e);
/* The sentence as a string: the caller frees it. */
char *out_sentence(struct out *o, const char *key, ...) __attribute__((sentinel));
/* to errors; e stays the caller's */
void out_error(struct out *o, const struct error *e);
/* Pads s with spaces to `columns` of display width; right: spaces before. */
void out_pad(struct out *o, const char *s, int columns, bool right);
/* What moves the terminal's cursor or paints: written as it is, to `file` alone. No
 * text of a person's belongs in here. */
void out_control(struct out *o, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void out_flush(struct out *o);
void out_fit(struct out *o); /* the width is the terminal's now; windows change */

#endif
