/* answer: what was typed at a question, read as people write: 13,002 and 1,8, ½ and
 * 56/3, 20이에요, 8 hours, 30 %, h = 20; 1번 and 전기신호요; "the connections".
 *
 *     struct answer a = answer_number(s, line, program, "w*x", "…?");
 *     for (int i = 0; i < a.n; i++) …                     // a.value[i]
 *     answer_choice(s, line, program, choices, &fits)     // 2, or ANSWER_NONE
 */
#ifndef LESSON_ANSWER_H
#define LESSON_ANSWER_H

#include "lesson/reading.h"

/* asked: the expression that is asked for, or NULL: h = 20 answers only where h is in
 * it. question: in its words; numbers that are its own are none of the answer's (E at w
 * = 1 is 4). NULL: a sentence has one number, or none. */
struct answer answer_number(struct session *s, const char *line,
                            const struct program *p, const char *asked,
                            const char *question);

/* What is said to be so: of e = 2, e는 2 and "the value of e is 2" the e, and *said is
 * the 2; of "the gradient of e is 2" it is dE/de, where dE/dw is asked. The caller
 * frees it; NULL: a number is said of nothing. */
char *answer_subject(const char *line, const char *asked, const char **said);

/* Is it a choice's number among words, as 2번이요, the second one? */
bool answer_counts(const char *line);
/* 2번, 2번이요: which of several, where the question counts nothing so. */
bool answer_is_which(const char *line, const char *question);

enum { ANSWER_NONE = -1, ANSWER_OUTSIDE = -2 };

/* Which of the choices (from 0) is meant: by its number, its letter or its words. Words
 * that fit several but not all are no answer yet: those are added to fits, "1, 2". */
int answer_choice(struct session *s, const char *line, const struct program *p,
                  const cJSON *choices, struct buf *fits);
/* Does the line say the text, or one of the texts, in either language? */
bool answer_says(const char *line, const cJSON *texts);
/* The same, in a sentence that answers the question: 가중치를 조절해요. */
bool answer_says_of(const char *line, const cJSON *question, const cJSON *texts);
/* A line for the board, and not a word that nobody has defined? */
bool answer_is_line(const struct session *s, const struct program *p);

#endif
