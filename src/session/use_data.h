/* use_data: a data set comes to the board: X and y, X.test and y.test. */
#ifndef SESSION_USE_DATA_H
#define SESSION_USE_DATA_H

#include "board/session.h"

/* use digits | use "marks.csv" x 1..3 y 4 test 0.2 | use A, b */
struct error *use_command(struct session *s, const struct stmt *c);
struct error *use_data_command(struct session *s, const struct stmt *c);

bool use_offer(struct session *s, const char *before, struct offer *to);

#endif
