/* define: what `=`, `param` and f(x) = … do to the board. */
#ifndef LANGUAGE_DEFINE_H
#define LANGUAGE_DEFINE_H

#include "language/session.h"

struct error *define_names(struct session *s, const struct stmt *st);
struct error *define_function(struct session *s, const struct stmt *st);
struct error *define_params(struct session *s, const struct stmt *st);
/* A parameter's numbers afresh, by its initialiser. */
struct error *define_init(struct session *s, const char *name);

#endif
