#include "classroom/caught.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "classroom/figure.h"
#include "classroom/html.h"

/* Without the empty ones around them. */
static void flush_lines(struct caught *c) {
    const char *text = buf_text(&c->lines);
    size_t n = c->lines.len, from = 0;
    while (n && text[n - 1] == '\n') n--;
    while (from < n && text[from] == '\n') from++;
    char *kept = mem_copy_n(text + from, n - from);
    if (*kept && c->drawing) html_text(&c->text, kept);
    else if (*kept) html_lines(&c->text, "out", kept);
    free(kept);
    buf_clear(&c->lines);
}

static void end_block(struct caught *c) {
    if (c->depth || !c->text.len) return;
    c->at = mem_grow(c->at, c->n + 1, sizeof *c->at);
    c->at[c->n++] = (struct block){buf_take(&c->text), c->answer};
}

/* In the order in which it is said. */
static void begin(struct caught *c) {
    flush_lines(c);
    end_block(c);
}

struct buf *caught_block(struct caught *c) {
    begin(c);
    return &c->text;
}

void caught_end(struct caught *c) { begin(c); }

/* ---- the page ---- */

static void command(void *self, const char *line) {
    struct caught *c = self;
    begin(c);
    html_lines(&c->text, "cmd", line);
    end_block(c);
    free(c->command);
    c->command = mem_copy(line);
}

static void words(void *self, const char *sentences) {
    struct caught *c = self;
    begin(c);
    html_prose(&c->text, sentences);
    end_block(c);
}

static void lines(void *self, const char *text) {
    struct caught *c = self;
    buf_add(&c->lines, text);
}

static void table(void *self, const struct out_table *t, int header_rows) {
    struct caught *c = self;
    begin(c);
    html_table(&c->text, t, header_rows, c->depth ? NULL : c->command);
    end_block(c);
}

static void picture(void *self, const struct out_picture *p) {
    struct caught *c = self;
    begin(c);
    figure_add(&c->text, p);
    end_block(c);
}

static void begin_part(void *self, enum page_part part, const char *says) {
    struct caught *c = self;
    begin(c);
    if (part == PAGE_DRAWING) {
        buf_add(&c->text,
                "<pre class=\"drawn\" tabindex=\"0\" role=\"img\" aria-label=\"");
        html_text(&c->text, says);
        buf_add(&c->text, "\">");
    } else {
        buf_add(&c->text, "<details>\n");
        html_tag(&c->text, "summary", says);
    }
    c->drawing = part == PAGE_DRAWING;
    c->depth++;
}

static void end_part(void *self, enum page_part part) {
    struct caught *c = self;
    flush_lines(c);
    c->drawing = false;
    c->depth--;
    buf_add(&c->text, part == PAGE_DRAWING ? "</pre>\n" : "</details>\n");
    end_block(c);
}

/* ---- opening ---- */

void caught_open(struct caught *c) {
    *c = (struct caught){.page = {.self = c,
                                  .command = command,
                                  .words = words,
                                  .lines = lines,
                                  .table = table,
                                  .picture = picture,
                                  .begin = begin_part,
                                  .end = end_part}};
}

void caught_clear(struct caught *c) {
    for (size_t i = 0; i < c->n; i++) free(c->at[i].html);
    free(c->at);
    free(c->command);
    buf_free(&c->text);
    buf_free(&c->lines);
    caught_open(c);
}

void caught_close(struct caught *c) { caught_clear(c); }
