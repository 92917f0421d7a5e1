/* load: lesson files: which there are, and one read into memory, its shape checked.
 *
 *     struct lesson *l;
 *     struct error *e = lesson_load(home, "lessons/02-loss.json", NULL, &l);
 *     …
 *     lesson_free(l);
 */
#ifndef LESSON_LOAD_H
#define LESSON_LOAD_H

#include "lesson/content.h"
#include "lesson/form.h"

/* The first fault is returned, and lessons that its texts name by id are named by
 * number. With `all` every fault is put there instead, *out is NULL then, and
 * texts stay as they are written. */
struct error *lesson_load(const char *home, const char *path, struct faults *all,
                          struct lesson **out);

/* The same of a text, which it takes; called: in the place of a path. */
struct error *lesson_parse(const char *home, char *text, const char *called,
                           struct lesson **out);

/* What a file of the course is called: 03-gradient-descent.json. */
struct lesson_name {
    int number;
    const char *id; /* within the path; so long: */
    size_t n;
};
/* The ending may be missing; false: another name. */
bool lesson_read_name(const char *path, struct lesson_name *to);

/* The program's own: the course, 0 to 20, and the challenges, from 51 on. */
enum lessons { LESSONS_COURSE, LESSONS_CHALLENGES, LESSONS_FOLDERS };
/* One task for one person, as long as it takes, and presented to nobody. */
bool lesson_is_challenge(const struct lesson *l);
/* Sentences that a challenge has of its own: the key of l's. */
enum lesson_says {
    SAYS_TITLE,
    SAYS_RESUMED,
    SAYS_END,
    SAYS_THEN,
    SAYS_LAST,
    SAYS_OVER
};
const char *lesson_says(const struct lesson *l, enum lesson_says what);
/* The path of lesson `number` under home, or NULL. The caller frees it. */
char *lesson_find(const char *home, int number);
/* The same by its id; and its number, -1 where there is none. By the names of the files
 * alone: lessons move, and keep their ids. */
char *lesson_find_id(const char *home, const char *id);
int lesson_number_of(const char *home, const char *id);
/* Is that file a person's own, and none of those under home? */
bool lesson_is_own(const char *home, const char *path);
/* Is it the id of a lesson under home? */
bool lesson_is_taken(const char *home, const char *id);
/* The number of the lesson that l names by id: of the course, or beside it; or -1. */
int lesson_number_named(const char *home, const struct lesson *l, const char *id);
/* A copy of one of the course has a progress of its own, not the course's. */
void lesson_set_own(const char *home, struct lesson *l);
/* The numbers there are, in order; how many (at most `most`). */
int lesson_numbers(const char *home, enum lessons which, int *numbers, int most);

#endif
