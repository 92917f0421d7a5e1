/* demo: a demo script (.learn) as a talk has it: its lines one after another, with
 * the page each stands on and the notes for the speaker.
 *
 *     struct demo *d;
 *     struct error *e = demo_load("lessons/demos/descent.learn", &d);
 *     for (int i = 0; i < d->n; i++) … d->steps[i].line …
 *     demo_free(d);
 *
 * All three are the language's own comments and lines, so that anything may run it:
 *
 *     ## en: Where is the best w?        a page begins: an empty screen, a chapter
 *     ## ko: 가장 좋은 가중치는?
 *     # en: Ask: which way is down?      the speaker's note to the next line
 *     # ko: 물어보세요. 어느 쪽이 내려가는 길일까요?
 *     step E rate 0.1                    a line; an open bracket takes the next along
 *
 * Without `en:` or `ko:` a comment is for both. Comments above the first page are about
 * the file, and no notes.
 */
#ifndef PRESENT_DEMO_H
#define PRESENT_DEMO_H

#include <stdbool.h>

#include "base/error.h"
#include "text/text.h"

struct demo_step {
    char *title[TEXT_LANGS]; /* of the page that begins with it; NULL: the same page */
    char *note[TEXT_LANGS];  /* or NULL */
    char *line;              /* NULL: a page on which nothing is typed */
    int at;                  /* in the file, from 1 */
};

struct demo {
    char *path;
    struct demo_step *steps;
    int n;
};

struct error *demo_load(const char *path, struct demo **out);
void demo_free(struct demo *s);

#endif
