#include "shell/complete.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/offer.h"

/* What may follow: the row of the command that the line begins with knows. */
static void offer_operands(struct offer *o, struct session *s, const char *first,
                           const char *before) {
    const struct command *c = session_command(s, first);
    if (c && c->offer && c->offer(s, before, o)) return;
    offer_names(o, s);
    if (c) offer_list(o, c->clauses);
}

static bool is_space(char c) { return c == ' ' || c == '\t'; }

/* The word at line[*at], which the caller frees; *at: where the next one is, or
 * `end`. */
static char *take_word(const char *line, int *at, int end) {
    int from = *at;
    while (*at < end && !is_space(line[*at])) ++*at;
    char *word = mem_copy_n(line + from, (size_t)(*at - from));
    while (*at < end && is_space(line[*at])) ++*at;
    return word;
}

char **complete_words(struct session *s, const char *line, int start,
                      const char *word) {
    struct offer o = {.prefix = word};
    int at = start; /* the statement begins after the last ; or { */
    while (at > 0 && !strchr(";{", line[at - 1])) at--;
    while (at < start && is_space(line[at])) at++;
    bool bare = at < start; /* `learn lesson 3` is the command lesson */
    char *first = take_word(line, &at, start), *before = NULL;
    bool learn = bare && strcmp(first, "learn") == 0;
    if (learn && at < start) {
        free(first);
        first = take_word(line, &at, start);
    } else if (learn || !bare) {
        offer_commands(&o, s);
    }
    while (at < start) {
        free(before);
        before = take_word(line, &at, start);
    }
    if (bare) offer_operands(&o, s, first, before);
    else offer_names(&o, s);
    free(first);
    free(before);
    return o.words ? o.words : mem_alloc(1, sizeof *o.words);
}
