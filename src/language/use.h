/* use: a data set comes to the board: X and y, X.test and y.test. */
#ifndef LANGUAGE_USE_H
#define LANGUAGE_USE_H

#include "language/session.h"

/* use digits | use "marks.csv" x 1..3 y 4 test 0.2 | use A, b */
struct error *use_command(struct session *s, const struct stmt *c);
struct error *use_data_command(struct session *s, const struct stmt *c);

#endif
