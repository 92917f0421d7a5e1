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
#include "text/page.h"
#include "text/paint.h"
#include "text/screen.h"
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

/* What became of waiting for a key, if not its first byte. STOP: Ctrl-C, or nobody is
 * there. AGAIN: the screen is another (the program was stopped, and went on); say again
 * what the key is for. TYPED: a line has been begun; it waits for Enter. */
enum { KEY_TYPED = -3, KEY_STOP, KEY_AGAIN };

enum { OUT_LISTENERS = 4 };

struct out {
    FILE *file, *errors;         /* NULL: nowhere */
    const struct out_page *page; /* what would go to `file` goes there, or NULL */
    FILE *log;                   /* a copy of all that is said, or NULL */
    int failed; /* errno of the first write to `file` that failed, or 0 */
    struct text *text;
    int width;              /* columns; 80 where unknown */
    int height;             /* rows of the terminal; 0: no terminal */
    int digits;             /* significant figures; 6 */
    bool colour;            /* may use colours */
    enum paint_depth depth; /* how many, where it may */
    bool plain;             /* --plain: no drawing, for a screen reader */
    bool terminal;          /* file is a terminal */
    bool moves;             /* what stands on it may be drawn over */
    bool errors_seen;       /* errors are on the same terminal */
    struct screen *screen;  /* its page, where somebody is there to turn it, or NULL */
    bool leaves;            /* what is being said may be left with q */
    int ahead;              /* rows of a question right behind a picture; 0: unknown */
    int pages;              /* of it that were full */
    double waited;          /* seconds for keys, all in all */
    void (*wait)(double seconds); /* what is seen by then is to be looked at; or NULL */
    /* Any key, or one that turns the page (key_press); what was typed before is thrown
     * away. */
    int (*key)(bool turns);
    char *(*ask)(const char *question); /* the terminal; what it says, owned; or NULL */
    struct out_listener {
        void *self;
        void (*heard)(void *self, const char *bytes, size_t n);
        void (*marked)(void *self, const char *label); /* or NULL */
    } listeners[OUT_LISTENERS];                        /* those there are come first */
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
/* What that would say; owned. */
char *out_wrapped(const struct out *o, const char *s, int indent);
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
/* A colour that is no ink, until OUT_PLAIN's: 0xRRGGBB, on the ground or as a letter's;
 * false: there are no colours. */
bool out_paint(struct out *o, enum paint_side side, unsigned rgb);
/* What readline writes, which counts its rows itself: to `file`, past the page. */
void out_pass(struct out *o, const char *bytes, size_t n);
void out_flush(struct out *o);
/* What has been drawn (0: a row of what is learning) is to be seen for so long; by a
 * room perhaps longer. */
void out_wait(struct out *o, double seconds);
void out_fit(struct out *o); /* to the terminal's size of now; windows change */

/* ---- who listens hears all that reaches the terminal, controls included, as it is
 * written: pieces may end anywhere ---- */

void out_listen(struct out *o, void *self,
                void (*heard)(void *self, const char *bytes, size_t n));
/* … and where a chapter begins: a step of a lesson, a page of a script. */
void out_listen_marks(struct out *o, const void *self,
                      void (*marked)(void *self, const char *label));
void out_mark(struct out *o, const char *label);
void out_unlisten(struct out *o, const void *self); /* whoever he is, if he listens */
bool out_is_heard(const struct out *o);

/* ---- a page; without one a part is nothing but what is said in it ---- */

/* The sentence of `key`, {name}, says what it is. */
void out_begin_part(struct out *o, enum page_part part, const char *key,
                    const char *name);
void out_end_part(struct out *o, enum page_part part);

/* ---- the screen; without one they do nothing ---- */

/* From here on there are pages, which are turned by keys. */
void out_open_pages(struct out *o, int (*key)(bool turns));
void out_close_pages(struct out *o);
/* What is said between the two stays together, on a page of its own where it does not
 * fit. */
void out_hold(struct out *o);
void out_release(struct out *o);
/* The same of a head: it stays with the next line, or what is held next. */
void out_release_with_next(struct out *o);
/* Rows that a picture may have where the question ahead is to stand below it, on the
 * same page; 0: no question, no page. */
int out_rows_above(const struct out *o);
/* May what is said from here on be left with q, where it fills pages? What was left
 * until now ends. Whether it might before: to be said again behind it. */
bool out_leaves(struct out *o, bool may);
/* A line was typed (with what stood before it): a page begins. */
void out_turn(struct out *o, const char *prompt, const char *line);
/* Back over `columns` of its row, to write them anew. */
void out_back(struct out *o, int columns);
/* Back over `rows` rows, which are wiped. */
void out_wipe(struct out *o, int rows);
/* The same, once what stands there was read. */
void out_new_page(struct out *o);
void out_clear(struct out *o); /* an empty screen, where it may be drawn over */
/* Says dimly what a key does, waits for one, and takes the words away. */
int out_ask_key(struct out *o, const char *words);

#endif
