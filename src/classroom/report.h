/* report: `learn report`: what a class handed in, on the screen and in the files that
 * are asked for.
 *
 *     struct report_order o = {.words = folders, .n_words = 1, .only = -1, …};
 *     int status = report(s, &o);   // 0; 1: a file was left out, or one is missing
 */
#ifndef CLASSROOM_REPORT_H
#define CLASSROOM_REPORT_H

#include "board/session.h"

struct report_order {
    char *const *words; /* folders, or files */
    int n_words;
    int only;                                 /* this lesson's number alone, or -1 */
    int require;                              /* everybody is done with it, or -1 */
    int points;                               /* of a lesson that is solved whole */
    const char *csv, *grades, *html, *roster; /* files, or NULL */
};

int report(struct session *s, const struct report_order *o);

#endif
