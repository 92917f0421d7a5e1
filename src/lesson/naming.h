/* naming: lessons name each other by id, {lesson:optimisers}, and whoever reads that
 * sees a number: a lesson that moves breaks no sentence.
 *
 *     const char *at = naming_find("as in lesson {lesson:loss}", &id, &end);
 *     at = naming_typed("as in lesson 2", &end);     // one that would break
 */
#ifndef LESSON_NAMING_H
#define LESSON_NAMING_H

/* The first {lesson:ID} in s, its end, and the id, the caller's; NULL: there is
 * none. */
const char *naming_find(const char *s, char **id, const char **end);
/* The first number that a lesson is called by (lesson 2, 2번 수업), and its end. */
const char *naming_typed(const char *s, const char **end);

#endif
