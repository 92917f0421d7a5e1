/* number: a number as it is shown everywhere: `digits` significant figures, whole
 * numbers whole (up to 2^53), never "-0", "nan" and "inf" as such.
 *
 *     char to[NUM_SIZE];
 *     puts(num_format(to, 2.0 / 3, 6));             // 0.666667
 *     out_say(o, "train.epoch", "n", NUM(o, 3), NULL);
 */
#ifndef TEXT_NUMBER_H
#define TEXT_NUMBER_H

#define NUM_SIZE 40

char *num_format(char to[NUM_SIZE], double v, int digits); /* returns `to` */
/* The fewest digits that read back as the same number: 0.1, 2.1544346900318843. */
char *num_exact(char to[NUM_SIZE], double v);
/* 1e-06 becomes 1e-6, 1e+20 1e20, as people write them. */
void num_trim_exponent(char *number);
/* In a block: NUM(o, v) is a string that lives to the end of it. */
#define NUM(o, v) num_format((char[NUM_SIZE]){0}, (v), (o)->digits)

#endif
