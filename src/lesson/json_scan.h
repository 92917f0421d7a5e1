/* json_scan: JSON read strictly, noting where values begin; and of what can't be read,
 * what its author did: which comma is missing, which quote is no quote.
 *
 *     struct json_starts at = {0};
 *     struct json_slip slip;
 *     if (!json_scan(text, n, &at, &slip)) …      // slip.key: "json-comma"
 *     free(at.at);
 */
#ifndef LESSON_JSON_SCAN_H
#define LESSON_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct json_starts { /* of values, in the order of reading; at: the caller's */
    size_t *at, count, cap;
};

struct json_slip {
    const char *key;   /* an error's: it may say {text}, {write}, {open} */
    size_t at;         /* where it is, in bytes */
    size_t from, to;   /* {text}: what stands there */
    const char *write; /* {write}: what to write for it; "" */
    size_t open;       /* {open}: where that began; at or later: nothing did */
};

/* text[n] is zero. */
bool json_scan(const char *text, size_t n, struct json_starts *at,
               struct json_slip *slip);

#endif
