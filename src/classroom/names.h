/* names: a list of students, for whoever makes something for each: one a line, or a
 * table with a head (Name, Student ID, 이름, 학번 …) as people and learning management
 * systems keep them, in whatever encoding.
 *
 *     struct names l;
 *     struct error *e = names_read("names.csv", &l);
 *     l.at[0]                                   // "김민지 20251234"
 *     names_free(&l);
 */
#ifndef CLASSROOM_NAMES_H
#define CLASSROOM_NAMES_H

#include <stddef.h>

#include "base/error.h"

enum { NAMES_MOST = 1000 };

struct names {
    char **at; /* owned; never empty */
    size_t n;
};

struct error *names_read(const char *path, struct names *out);
void names_free(struct names *l);

#endif
