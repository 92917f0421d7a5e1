/* load: lesson files: which there are, and one read into memory, its shape checked.
 *
 *     struct lesson *l;
 *     struct error *e = lesson_load("lessons/03-gradient-descent.json", NULL, &l);
 *     …
 *     lesson_free(l);
 */
#ifndef LESSON_LOAD_H
#define LESSON_LOAD_H

#include "lesson/content.h"
#include "lesson/form.h"

/* The first fault is returned; with `all` every one is put there instead, *out is NULL
 * then. */
struct error *lesson_load(const char *path, struct faults *all, struct lesson **out);

/* The path of lesson `number` under home, or NULL. The caller frees it. */
char *lesson_find(const char *home, int number);
/* Is that file a person's own, and none of those under home? */
bool lesson_is_own(const char *home, const char *path);
/* Is it the id of a lesson under home? By the names of the files alone. */
bool lesson_is_taken(const char *home, const char *id);
/* A copy of one of the course has a progress of its own, not the course's. */
void lesson_set_own(const char *home, struct lesson *l);
/* The numbers there are, in order; how many (at most `most`). */
int lesson_numbers(const char *home, int *numbers, int most);

#endif
