/* script: a demo script (.learn) as a talk has it: its lines one after another, with
 * the page each stands on and the notes for the speaker.
 *
 *     struct script *s;
 *     struct error *e = script_load("lessons/demos/descent.learn", &s);
 *     for (int i = 0; i < s->n; i++) … s->steps[i].line …
 *     script_free(s);
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
#ifndef PRESENT_SCRIPT_H
#define PRESENT_SCRIPT_H

#include <stdbool.h>

#include "base/error.h"
#include "text/text.h"

struct script_step {
    char *title[TEXT_LANGS]; /* of the page that begins with it; NULL: the same page */
    char *note[TEXT_LANGS];  /* or NULL */
    char *line;              /* NULL: a page on which nothing is typed */
    int at;                  /* in the file, from 1 */
};

struct script {
    char *path;
    struct script_step *steps;
    int n;
};

struct error *script_load(const char *path, struct script **out);
void script_free(struct script *s);

#endif
