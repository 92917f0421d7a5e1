/* key: a key of the terminal is waited for, and the signals meanwhile. Whatever ends or
 * stops the program finds the terminal as it was; after a stop what was asked is asked
 * again.
 *
 *     key_watch();
 *     while (… && key_wait(&hooks)) …   // there is a byte to read
 *     key_unwatch();
 */
#ifndef SHELL_KEY_H
#define SHELL_KEY_H

#include <stdbool.h>

#include "text/out.h"

/* What whoever waits does to the terminal. */
struct key_hooks {
    void (*leave)(void);  /* the program ends: as it was before it was waited for */
    void (*rest)(void);   /* the program is stopped */
    void (*back)(void);   /* … and goes on */
    void (*resize)(void); /* the window is another */
    bool once;            /* after these two it is waited no longer */
};

void key_watch(void);
void key_unwatch(void);
/* False: Ctrl-C. True: a key is there, or the screen is another (where it waits
 * once). */
bool key_wait(const struct key_hooks *hooks);
/* What was waited for, or what came before it. */
enum key_came {
    KEY_CAME,
    KEY_OTHER,     /* the other descriptor has something */
    KEY_TIME,      /* it is over */
    KEY_SCREEN,    /* the window is another, or the program was stopped and goes on */
    KEY_INTERRUPT, /* Ctrl-C */
    KEY_GONE       /* nobody is there */
};
/* The next byte that a person types, for so many milliseconds (-1: for ever), or until
 * `other` (-1: none) has something. The hooks wait once. */
enum key_came key_next(const struct key_hooks *hooks, int other, int milliseconds,
                       unsigned char *byte);
/* Keys that were hit before they were asked for are nobody's. */
void key_forget(void);
/* The next byte that a person types; false: Ctrl-C, or nobody is there. */
bool key_read(const struct key_hooks *hooks, unsigned char *byte);

/* Asks the terminal: writes the question and gives back what it answers within a
 * moment; owned. What is typed meanwhile is kept for whoever reads keys next, and an
 * answer that comes later is nobody's key. */
char *key_ask(const char *question);

/* Any key, unseen; what was typed before it was asked for is thrown away. Its first
 * byte, or one of text/out.h's. turns: one that turns a full page; a line that is typed
 * there takes Enter to turn it, and is kept. */
int key_press(bool turns);
/* Such a line is among the keys now, without its Enter: whoever typed it did not see
 * the question that it stands at. */
void key_give_typed(void);

#endif
