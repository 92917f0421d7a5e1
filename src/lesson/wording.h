/* wording: words compared as people bend them. "The connections." is "connection",
 * 가중치라고 생각해요 is 가중치, 커진다 is like 커져요; 안 커져요 is not, but is like
 * 커지지 않아요. Words are compared whole: 예 is not in 하나예요, nor `can` in cancel.
 *
 *     char *said = wording_words("시냅스의 강도예요");       // 시냅스강도
 *     wording_fits("작아진다", "E가 작아져요")              // true
 *     wording_yes("아뇨, 하나예요", false)                  // WORDING_NO
 */
#ifndef LESSON_WORDING_H
#define LESSON_WORDING_H

#include <stdbool.h>

/* Is the word in the list "hint why… "? One with … may go on. */
bool wording_is_one_of(const char *word, const char *list);
/* Small letters, digits and what is no sign of a sentence. The caller frees it. */
char *wording_letters(const char *line);
/* The same without what says nothing: articles, "I think", the s of a plural, particles
 * and polite endings; ! stands before what is denied. */
char *wording_words(const char *line);
/* Do they say the same? */
bool wording_same(const char *line, const char *text);
/* Does the line name the text by enough of its words, running on or one by one? */
bool wording_fits(const char *line, const char *text);
/* Does the line begin with the text's words, whatever it goes on with? */
bool wording_begins(const char *line, const char *text);
/* The line without the words that only repeat the question: of "we adjust the weights",
 * where "what do we adjust?" was asked, "weights". The caller frees it. */
char *wording_beyond(const char *line, const char *question);
/* It ends as Korean sentences do, but for 예요: 조절해요. */
bool wording_is_verb(const char *word);

enum { WORDING_NEITHER, WORDING_YES, WORDING_NO };

/* Does it begin with yes or no, and a sign behind it where more follows? alone: is that
 * all? */
int wording_yes(const char *line, bool alone);

#endif
