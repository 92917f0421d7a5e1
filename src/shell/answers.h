/* answers: what a terminal says when it is asked what it can do comes in among the keys
 * that a person types. This parts the two: an answer is an escape sequence that no key
 * sends, and until the last one has come (or may still come) none is taken for a key.
 *
 *     answers_expect();                             // a question has been written
 *     answers_take(bytes, n, &said);                // as they come; answers to said
 *     if (answers_key(&byte)) …                     // what is left is a person's
 */
#ifndef SHELL_ANSWERS_H
#define SHELL_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

void answers_expect(void);
/* May one still come? Its last is what all terminals say (DA1). */
bool answers_expected(void);
/* Bytes from the terminal; the answers among them are added to `said` (or NULL: it is
 * not being asked). What has no end yet is kept for the rest, however long that is. */
void answers_take(const char *bytes, size_t n, struct buf *said);
/* The next byte that is a key's. False: there is none, or what there is may yet become
 * an answer. */
bool answers_key(unsigned char *byte);
/* Keys that a person typed elsewhere, before those that have come. */
void answers_put(const char *keys);
bool answers_waiting(void); /* there is something to look at */
/* Milliseconds, until what has begun is given up; 0: nothing has begun. */
int answers_patience(void);
/* Nothing more came: half an answer is none, and no key either; its rest may come late.
 * A second time: it will not. */
void answers_give_up(void);
/* Those that have not been asked for yet; what has begun is nobody's key. */
void answers_forget_keys(void);

#endif
