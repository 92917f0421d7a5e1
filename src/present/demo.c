#include "present/demo.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "session/files.h"
#include "session/stage.h"
#include "syntax/lexer.h"

/* What is read on the way to the next step. */
struct reading {
    struct demo *demo;
    struct demo_step next;
    struct buf notes[TEXT_LANGS];
    struct buf line, open;
    bool paged; /* there was a page */
};

/* Notes that no line follows belong to the one above. */
static void add_to_last(struct reading *r) {
    struct demo *s = r->demo;
    for (int lang = 0; lang < TEXT_LANGS; lang++) {
        struct buf b = {0};
        char **note = s->n ? &s->steps[s->n - 1].note[lang] : NULL;
        if (!note || !r->notes[lang].len) continue;
        buf_printf(&b, "%s%s%s", *note ? *note : "", *note ? "\n" : "",
                   buf_text(&r->notes[lang]));
        free(*note);
        *note = buf_take(&b);
        buf_clear(&r->notes[lang]);
    }
}

/* The step is whole: the line, the notes before it, the page it begins. */
static void end_step(struct reading *r) {
    struct demo *s = r->demo;
    bool any = r->line.len > 0;
    for (int lang = 0; lang < TEXT_LANGS; lang++) any |= r->next.title[lang] != NULL;
    if (!any) {
        add_to_last(r);
        return;
    }
    if (r->line.len) r->next.line = buf_take(&r->line);
    for (int lang = 0; lang < TEXT_LANGS; lang++)
        if (r->notes[lang].len) r->next.note[lang] = buf_take(&r->notes[lang]);
    s->steps = mem_grow(s->steps, (size_t)s->n + 1, sizeof *s->steps);
    s->steps[s->n++] = r->next;
    r->next = (struct demo_step){0};
}

/* Above the first page they are said of the file, and nobody's. */
static void drop_notes(struct reading *r) {
    for (int lang = 0; lang < TEXT_LANGS; lang++) {
        buf_free(&r->notes[lang]);
        for (int i = 0; i < r->demo->n; i++) {
            free(r->demo->steps[i].note[lang]);
            r->demo->steps[i].note[lang] = NULL;
        }
    }
}

/* A head in another language than the one above it is the same page's. */
static void take_head(struct reading *r, const char *text, int at) {
    enum text_lang lang = stage_comment(&text);
    bool same =
        r->paged && lang < TEXT_LANGS && !r->next.title[lang] && r->next.at == at - 1;
    if (!r->paged) drop_notes(r);
    if (!same) end_step(r);
    r->paged = true;
    r->next.at = at;
    for (enum text_lang l = 0; l < TEXT_LANGS; l++)
        if (lang == l || lang == TEXT_LANGS) r->next.title[l] = mem_copy(text);
}

static void take_note(struct reading *r, const char *text) {
    enum text_lang lang = stage_comment(&text);
    for (enum text_lang l = 0; l < TEXT_LANGS; l++) {
        struct buf *b = &r->notes[l];
        if (lang != l && lang != TEXT_LANGS) continue;
        buf_printf(b, "%s%s", b->len ? "\n" : "", text);
    }
}

static void take_line(struct reading *r, const char *line, int at) {
    const char *text = line + strspn(line, " \t");
    if (!r->line.len && stage_is_head(text)) take_head(r, text, at);
    else if (!r->line.len && *text == '#') take_note(r, text);
    else if (r->line.len || *text) {
        if (r->line.len) buf_add(&r->line, "\n");
        else r->next.at = at;
        buf_add(&r->line, line);
        if (!lexer_goes_on(&r->open, line)) end_step(r);
    }
}

/* One language's words stand in for what the other has none of. */
static void fill(char *texts[TEXT_LANGS]) {
    for (int lang = 0; lang < TEXT_LANGS; lang++)
        for (int other = 0; other < TEXT_LANGS && !texts[lang]; other++)
            if (texts[other]) texts[lang] = mem_copy(texts[other]);
}

struct error *demo_load(const char *path, struct demo **out) {
    char *text;
    struct error *e = files_read(path, &text);
    if (e) return e;
    struct demo *s = *out = mem_alloc(1, sizeof *s);
    struct reading r = {.demo = s};
    s->path = mem_copy(path);
    int at = 1;
    size_t mark = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (const char *line = text + mark; *line; at++) {
        size_t n = strcspn(line, "\n");
        char *row = mem_copy_n(line, n && line[n - 1] == '\r' ? n - 1 : n);
        take_line(&r, row, at);
        free(row);
        line += n + (line[n] == '\n');
    }
    end_step(&r);
    for (int lang = 0; lang < TEXT_LANGS; lang++) buf_free(&r.notes[lang]);
    for (int i = 0; i < s->n; i++) fill(s->steps[i].title), fill(s->steps[i].note);
    buf_free(&r.open);
    free(text);
    return NULL;
}

static void free_texts(char *texts[TEXT_LANGS]) {
    for (int lang = 0; lang < TEXT_LANGS; lang++) free(texts[lang]);
}

void demo_free(struct demo *s) {
    for (int i = 0; i < s->n; i++) {
        free_texts(s->steps[i].title);
        free_texts(s->steps[i].note);
        free(s->steps[i].line);
    }
    free(s->steps);
    free(s->path);
    free(s);
}
