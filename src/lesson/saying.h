/* saying: what is typed in a lesson in plain words: letters without spaces and signs,
 * words without their particles ("The connections." is "connection", "가중치예요" is
 * "가중치"); and what a person wants who says so: a hint, the answer, out.
 *
 *     char *said = saying_words("시냅스의 강도예요");        // 시냅스강도
 *     saying_wants("모르겠어요")                           // "hint"
 *     saying_topic("what is a synapse?", &topic)         // true: synapse
 */
#ifndef LESSON_SAYING_H
#define LESSON_SAYING_H

#include <stdbool.h>

#include "base/buf.h"

/* Small letters, digits and what is no sign of a sentence. The caller frees it. */
char *saying_letters(const char *line);
/* The same without articles, the s of a plural, particles and polite endings. */
char *saying_words(const char *line);
/* The command that these words stand for, or NULL. */
const char *saying_wants(const char *line);
/* Asks the line what something is? Then the word that it asks for is added. */
bool saying_topic(const char *line, struct buf *topic);
/* Not 1; 1은 아니죠: then another is meant, and only the person knows which. */
bool saying_denies(const char *line);
/* 첫 번째, the second one, two: from 0, or -1. */
int saying_ordinal(const char *line);
/* What a word right behind a number multiplies it by: % by 0.01, 만 by 10,000; 1: it is
 * no such word. */
double saying_unit(const char *word);
/* Does what stands right before a number, from `from` to `to`, end in minus? */
bool saying_minus(const char *from, const char *to);
/* Does the name stand in the line, whole? */
bool saying_mentions(const char *line, const char *name);
/* The line without the words that only repeat the question: of "we adjust the weights",
 * where "what do we adjust?" was asked, "weights". The caller frees it. */
char *saying_beyond(const char *line, const char *question);
/* Has each word of the line its like in the text? Words are alike that begin alike,
 * since Korean bends the end: 커져요 is like 커진다. */
bool saying_within(const char *line, const char *text);
/* Words, and no sign of a formula: what was meant for a person. */
bool saying_is_prose(const char *line);
/* It ends in ?, or as Korean sentences do. */
bool saying_is_asked(const char *line);

#endif
