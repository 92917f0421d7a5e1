#include "plot/gnuplot.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/places.h"
#include "base/utf8.h"
#include "plot/child.h"

struct gnuplot {
    struct child child;
    unsigned serial; /* of the script in hand */
    char marker[32]; /* what stands before its error number */
    size_t length;
};

static char *program(void) {
    const char *named = getenv("LEARN_GNUPLOT");
    return named && *named ? mem_copy(named) : places_bring("gnuplot");
}

struct error *gnuplot_open(struct gnuplot **out, volatile sig_atomic_t *stop) {
    struct gnuplot *g = mem_alloc(1, sizeof *g);
    char *name = program();
    bool started = child_open(&g->child, (char *[]){name, "-d", NULL}, stop);
    struct error *e = NULL;
    if (!started) {
        e = error_new("gnuplot-missing", "program", name, "why", strerror(errno), NULL);
        free(g);
        g = NULL;
    }
    free(name);
    *out = g;
    return e;
}

void gnuplot_close(struct gnuplot *g) {
    if (!g) return;
    child_close(&g->child);
    free(g);
}

/* Where the answer's last line is our marker: its start; else NULL. */
static const char *find_marker(const struct gnuplot *g, const struct buf *answer) {
    if (!answer->len || answer->data[answer->len - 1] != '\n') return NULL;
    const char *line = memrchr(answer->data, '\n', answer->len - 1);
    if (!line || answer->len - (size_t)(line - answer->data) <= g->length) return NULL;
    return memcmp(line, g->marker, g->length) == 0 ? line : NULL;
}

static bool has_marker(void *context, const struct buf *answer) {
    return find_marker(context, answer) != NULL;
}

static struct error *no_answer(enum child_end end) {
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%d", GNUPLOT_SILENCE);
    if (end == CHILD_STOPPED) return interrupt_stopped();
    const char *key = end == CHILD_GONE     ? "gnuplot-died"
                      : end == CHILD_FLOODS ? "gnuplot-floods"
                                            : "gnuplot-hangs";
    char *name = program();
    struct error *e = error_new(key, "program", name, "seconds", seconds, NULL);
    free(name);
    return e;
}

struct error *gnuplot_draw(struct gnuplot *g, const char *script, int pictures,
                           struct buf *answer) {
    g->length = (size_t)snprintf(g->marker, sizeof g->marker, "\n@@%u ", ++g->serial);
    struct buf b = {0};
    buf_printf(&b,
               "reset errors\nset print '-'\n%s\nif (GPVAL_ERRNO) print GPVAL_ERRMSG\n"
               "print sprintf(\"\\n@@%u %%d\", GPVAL_ERRNO)\n",
               script, g->serial);
    struct patience patience = {GNUPLOT_SILENCE, GNUPLOT_DEADLINE * pictures};
    enum child_end end =
        child_talk(&g->child, b.data, b.len, answer, &patience, has_marker, g);
    buf_free(&b);
    if (end != CHILD_DONE) return no_answer(end);
    const char *marker = find_marker(g, answer);
    bool failed = strtol(marker + g->length, NULL, 10) != 0;
    answer->len = (size_t)(marker - answer->data);
    answer->data[answer->len] = '\0';
    if (!failed) return NULL;
    /* a small gnuplot: in a page there are letters and svg */
    if (strstr(buf_text(answer), "terminal type"))
        return error_new("gnuplot-kind", NULL);
    return error_new("gnuplot-said", "said", buf_text(answer), NULL);
}

/* Single quotes, in which gnuplot reads only the quote itself: it becomes ’. A newline
 * would end the text, and what follows would be run. */
void gnuplot_quote(struct buf *script, const char *text) {
    struct buf line = {0};
    utf8_add_line(&line, text);
    buf_add(script, "'");
    for (const char *s = buf_text(&line); *s; s++) {
        if (*s == '\'') buf_add(script, "’");
        else buf_add_n(script, s, 1);
    }
    buf_add(script, "'");
    buf_free(&line);
}
