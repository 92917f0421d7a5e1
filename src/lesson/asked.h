/* asked: what a `try` asks about: the names that its solution, or a line that it
 * accepts, sets. All else is the lesson's, and can be put back.
 *
 *     struct asked a = asked_of(s, step);
 *     asked_put_back(&a, s->board, desk_began(s), &names);   // names: "x, y"
 *     asked_free(&a);
 */
#ifndef LESSON_ASKED_H
#define LESSON_ASKED_H

#include "base/memory.h"
#include "lesson/desk.h"

struct asked {
    struct arena *arena;
    struct map names;
    struct map made;  /* … and makes parameters, however it may be done */
    bool params, all; /* it learns; it makes names of its own */
};

struct asked asked_of(struct session *s, const struct step *step);
/* Does a student see no difference between them? */
bool asked_reads_same(const struct board *a, const struct board *b);
/* Does what is asked about stand on b as it does on wanted, as far as that has it? */
bool asked_stands(const struct asked *a, const struct board *b,
                  const struct board *wanted);
/* The names that are to be parameters and are on b, but are none, are added: "W3". */
void asked_plain(const struct asked *a, const struct board *b, struct buf *names);
void asked_free(struct asked *a);
/* Of a name that stands for d; C owns C.W. */
bool asked_is(const struct asked *a, const char *name, const struct def *d);
/* What is not asked about is as `was` has it; what it does not have stays. told, or
 * NULL, gets the names that a student sees change. */
void asked_put_back(const struct asked *a, struct board *b, const struct board *was,
                    struct buf *told);

#endif
