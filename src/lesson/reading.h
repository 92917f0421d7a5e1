/* reading: numbers as people write them, alone and among words: 13,002 and 1,8, ½ and
 * 56/3, 30 %, 20이에요, about 8 hours. What a whole line answers is answer's.
 *
 *     struct answer a = {0};
 *     size_t n = reading_number("1,800 g", &a);      // 5; 1800, or 1.8
 *     reading_among_words(s, "답은 8이에요", NULL, &a);
 */
#ifndef LESSON_READING_H
#define LESSON_READING_H

#include "lesson/desk.h"

enum { ANSWER_READINGS = 4 };

struct answer {
    double value[ANSWER_READINGS]; /* "1,800" may be 1800 or 1.8 */
    int n;                         /* 0: there is no number */
    /* It is a calculation, or a definition: where it is not what was asked for it is a
     * line for the board. */
    bool is_line;
    bool defines; /* h = 20: just the number would do */
    bool states;  /* e = 2, where another is asked for and e is 2 */
    bool other;   /* dE/dx = 3, where another is asked for, and it is not 3 */
    /* 3*3 = 4: what stands before it says another number, and that is this one */
    bool strays;
    double working;
};

#define READING_LATIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

void reading_add(struct answer *a, double v); /* where it is finite and there is room */
/* The number that s begins with, in all its readings; its length, 0: there is none. */
size_t reading_number(const char *s, struct answer *a);
/* The line's one number, with its unit and the working before it. question: as in
 * answer_number. */
void reading_among_words(struct session *s, const char *line, const char *question,
                         struct answer *a);
/* Of 3*3 = 4 the 3*3: does it come to what is said, written to `unit`? A lone number is
 * no working: of -1이니까 4 it may be anything's. */
void reading_check(struct session *s, const char *working, double unit,
                   struct answer *a);
/* How exactly the number in s is written: of 18.67 it is 0.01. */
double reading_unit(const char *s);
/* Numbers and signs alone: 56/3, 2*(2-1), 4 at w = 1. */
bool reading_is_calculation(const struct expr *x);
/* The only expression of a program, or NULL. */
const struct expr *reading_expr(const struct program *p);
/* Without its spaces; the caller frees it. */
char *reading_dense(const char *s);

#endif
