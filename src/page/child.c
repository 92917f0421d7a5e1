/* plot/child in a page, where there are no processes: another program is a function,
 * Module.child(program, text): what it says to such an input and its end, or null where
 * there is none of that name. */
#include "plot/child.h"

#include <emscripten.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

// clang-format off
EM_JS(int, page_child, (const char *program, const char *text, size_t n,
                        char **answer), {
    const said = Module.child(UTF8ToString(program), HEAPU8.slice(text, text + n));
    if (!said) return -1;
    const at = _malloc(said.length + 1);
    HEAPU8.set(said, at);
    HEAPU32[answer >> 2] = at;
    return said.length;
})
// clang-format on

/* Those that are spoken to, by child.pid. */
enum { PROGRAMS = 4 };
static char *programs[PROGRAMS];

static int talk(const char *program, const char *text, size_t n, struct buf *answer) {
    char *said = NULL;
    int got = page_child(program, text, n, &said);
    if (answer && got > 0) buf_add_n(answer, said, (size_t)got);
    free(said);
    return got;
}

bool child_open(struct child *c, char *const *argv, volatile sig_atomic_t *stop) {
    *c = (struct child){.stop = stop};
    while (c->pid < PROGRAMS && programs[c->pid]) c->pid++;
    errno = c->pid == PROGRAMS ? EAGAIN : ENOENT;
    if (c->pid == PROGRAMS || talk(argv[0], "", 0, NULL) < 0) return false;
    programs[c->pid] = mem_copy(argv[0]);
    return true;
}

/* It ends with its input: done, where that is asked for, or gone. */
enum child_end child_talk(struct child *c, const char *text, size_t n,
                          struct buf *answer, const struct patience *patience,
                          bool (*done)(void *context, const struct buf *),
                          void *context) {
    (void)patience;
    if (talk(programs[c->pid], text, n, answer) < 0) return CHILD_GONE;
    if (answer->len > CHILD_ANSWER_MOST) return CHILD_FLOODS;
    return done && done(context, answer) ? CHILD_DONE : CHILD_GONE;
}

void child_close(struct child *c) {
    free(programs[c->pid]);
    programs[c->pid] = NULL;
}
