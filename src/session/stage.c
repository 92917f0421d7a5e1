#include "session/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

/* ---- pages ---- */

bool stage_is_head(const char *line) { return strncmp(line, "##", 2) == 0; }

enum text_lang stage_comment(const char **text) {
    *text += strspn(*text, "#");
    *text += strspn(*text, " ");
    for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++) {
        const char *name = text_lang_name(lang);
        size_t n = strlen(name);
        if (strncmp(*text, name, n) != 0 || (*text)[n] != ':') continue;
        *text += n + 1;
        *text += strspn(*text, " ");
        return lang;
    }
    return TEXT_LANGS;
}

void stage_begin_page(struct session *s, const char *text, const char *end) {
    char *title = NULL;
    for (size_t n; text < end && *text; text += n + (text[n] == '\n')) {
        n = strcspn(text, "\n");
        const char *says = text;
        if (!stage_is_head(text)) continue;
        enum text_lang lang = stage_comment(&says);
        if (title && lang < TEXT_LANGS && lang != text_lang(s->out->text)) continue;
        free(title);
        title = mem_copy_n(says, (size_t)(text + n - says));
    }
    if (!title) return;
    struct buf b = {0};
    if (!s->out->screen) out_puts(s->out, "\n");
    out_new_page(s->out);
    utf8_add_line(&b, title);
    out_mark(s->out, buf_text(&b));
    out_printf(s->out, "%s%s%s\n\n", out_ink(s->out, OUT_STRONG), buf_text(&b),
               out_ink(s->out, OUT_PLAIN));
    buf_free(&b);
    free(title);
}

/* ---- files ---- */

static void add_file(struct buf *b, const char *name) {
    struct buf one = {0};
    buf_add(&one, "`");
    utf8_add_line(&one, name);
    buf_add(&one, "`");
    if (!strstr(buf_text(b), buf_text(&one))) buf_add_listed(b, "%s", buf_text(&one));
    buf_free(&one);
}

static void add_files(struct buf *b, const struct program *p) {
    for (int i = 0; i < p->n; i++) {
        const struct stmt *st = &p->stmts[i];
        if (st->kind == STMT_REPEAT) add_files(b, st->body);
        if (st->kind != STMT_COMMAND) continue;
        const struct clause *into = stmt_clause(st, "into");
        const char *name = st->n_items ? st->items[0].text : NULL;
        bool writes = name && st->command->flags & COMMAND_WRITES &&
                      !(st->command->flags & COMMAND_WORDS && strcmp(name, "off") == 0);
        if (writes) add_file(b, name);
        if (into && into->text) add_file(b, into->text);
    }
}

void stage_say_files(struct session *s, const struct program *p, const char *path) {
    struct buf b = {0};
    add_files(&b, p);
    if (b.len) out_say(s->out, "run.writes", "file", path, "files", buf_text(&b), NULL);
    buf_free(&b);
}
