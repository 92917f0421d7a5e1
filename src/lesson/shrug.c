#include "lesson/shrug.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* To add one: small letters, without spaces and signs. The first ones may go on. */
static const char *const begins[] = {"모르겠", "잘모르겠", "모르는데", "idontknow"};
static const char *const shrugs[] = {
    "모름", "몰라",  "몰라요", "모릅니다",    "글쎄",    "글쎄요",    "dontknow",
    "idk",  "dunno", "noidea", "ihavenoidea", "notsure", "imnotsure", "noclue"};

static char *letters_of(const char *line) {
    struct buf b = {0};
    for (const char *p = line; *p; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
        if (strchr(" \t.,!?~\"'`", c)) continue;
        if (strncmp(p, "’", strlen("’")) == 0) p += strlen("’") - 1;
        else buf_add_n(&b, &c, 1);
    }
    buf_add(&b, "");
    return buf_take(&b);
}

bool shrug_is(const char *line) {
    char *said = letters_of(line);
    bool is = !*said; /* nothing but signs: "?" */
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        is |= strncmp(said, begins[i], strlen(begins[i])) == 0;
    }
    for (size_t i = 0; i < sizeof shrugs / sizeof *shrugs; i++) {
        is |= strcmp(said, shrugs[i]) == 0;
    }
    free(said);
    return is;
}
