/* offer: what could stand where the cursor is: the words that begin with a prefix, each
 * once. Completion asks a command's row for them (syntax/command.h); the words are the
 * asker's to free, with their list.
 *
 *     struct offer o = {.prefix = "mo"};
 *     offer_list(&o, "sgd momentum adam");
 *     for (size_t i = 0; i < o.n; i++) … o.words[i] …      // "momentum"
 */
#ifndef BOARD_OFFER_H
#define BOARD_OFFER_H

#include "board/session.h"

struct offer {
    const char *prefix;
    char **words; /* NULL where there are none, else ended by NULL */
    size_t n;
};

void offer_word(struct offer *o, const char *word); /* NULL is none */
void offer_word_n(struct offer *o, const char *word, size_t n);
void offer_list(struct offer *o, const char *list); /* spaces between; no | */
/* Every command, in the language of the moment, and what else begins a statement. */
void offer_commands(struct offer *o, const struct session *s);
void offer_names(struct offer *o, const struct session *s); /* functions too */

#endif
