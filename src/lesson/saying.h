/* saying: what a person wants who says so in plain words: a hint, the answer, out; what
 * is asked, denied, counted.
 *
 *     saying_wants("모르겠어요")                           // "hint"
 *     saying_topic("what is a synapse?", &topic)         // true: synapse
 */
#ifndef LESSON_SAYING_H
#define LESSON_SAYING_H

#include <stdbool.h>

#include "base/buf.h"

/* The command that these words stand for, or NULL. */
const char *saying_wants(const char *line);
/* Where the last of what is said begins, without what only leads to it. */
const char *saying_last(const char *line);
/* Asks the line what something is? Then the word that it asks for is added. */
bool saying_topic(const char *line, struct buf *topic);
/* Not 1; 1은 아니죠: then another is meant, and only the person knows which. */
bool saying_denies(const char *line);
/* 첫 번째, the second one, two: from 0, or -1. whole: nothing else is said. */
int saying_ordinal(const char *line, bool whole);
/* What a word right behind a number multiplies it by: % by 0.01, 만 by 10,000; 1: it is
 * no such word. */
double saying_unit(const char *word);
/* Does what stands right before a number, from `from` to `to`, end in minus? */
bool saying_minus(const char *from, const char *to);
/* Does the name stand in the line, whole? Where first; NULL: nowhere. */
const char *saying_find(const char *line, const char *name);
bool saying_mentions(const char *line, const char *name);
/* Of what a sentence says a number: of "h는 6", "the gradient of w is 6", "w의 기울기는
 * 6" it is h, dE/dw, where `root` is E; *rest is the 6. The caller frees it; NULL: it
 * is no such sentence. Whether there is anything of that name is not asked. */
char *saying_subject(const char *line, const char *root, const char **rest);
/* Words, and no sign of a formula, or ? at their end: what was meant for a person. */
bool saying_is_prose(const char *line);
/* Signs alone: a minus, a dash. */
bool saying_is_signs(const char *line);
/* It ends in ?, or as Korean sentences do. */
bool saying_is_asked(const char *line);

#endif
