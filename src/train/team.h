/* team: a few threads that do the pieces of a task together. Which thread does a piece
 * never matters: pieces write to places of their own.
 *
 *     struct team *t = team_new(2);
 *     team_do(t, 8, work, &context);   // work(&context, 0) … work(&context, 7)
 *     team_free(t);
 */
#ifndef TRAIN_TEAM_H
#define TRAIN_TEAM_H

#include <stddef.h>

struct team;

struct team *team_new(int threads); /* the caller is one of them */
void team_free(struct team *t);
/* Returns when all pieces are done. */
void team_do(struct team *t, size_t pieces, void (*work)(void *context, size_t piece),
             void *context);

#endif
