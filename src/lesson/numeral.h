/* numeral: numbers in words, as a person says them: half, minus two, two thirds, twenty
 * five, zero point nine; 넷, 이십, 삼분의 일, 영점오; 3 squared, 0.9의 네제곱.
 *
 *     double v[NUMERAL_READINGS];
 *     int n = numeral_read("십이요", v);      // 2: 십 이요 is 10, 십이 요 is 12
 */
#ifndef LESSON_NUMERAL_H
#define LESSON_NUMERAL_H

enum { NUMERAL_READINGS = 3 };

/* What the whole line may say, which has no other words but polite ones and what is
 * counted; how many readings there are: 0, it is no number. */
int numeral_read(const char *line, double *readings);

#endif
