#include "shell/complete.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/gates.h"
#include "engine/optimisers.h"

struct words {
    const char *prefix;
    char **list;
    size_t n;
};

static void offer_n(struct words *w, const char *word, size_t n) {
    size_t prefix = strlen(w->prefix);
    if (n < prefix || memcmp(word, w->prefix, prefix) != 0) return;
    for (size_t i = 0; i < w->n; i++) {
        if (strlen(w->list[i]) == n && memcmp(w->list[i], word, n) == 0) return;
    }
    w->list = mem_grow(w->list, w->n + 2, sizeof *w->list);
    w->list[w->n++] = mem_copy_n(word, n);
    w->list[w->n] = NULL;
}

static void offer(struct words *w, const char *word) {
    if (word) offer_n(w, word, strlen(word));
}

/* Words of a list with spaces between. */
static void offer_list(struct words *w, const char *list) {
    for (; list && *list; list += strspn(list, " ")) {
        size_t n = strcspn(list, " ");
        offer_n(w, list, n);
        list += n;
    }
}

static void offer_commands(struct words *w, struct session *s) {
    bool korean = text_lang(s->out->text) == TEXT_KO;
    for (int t = 0; s->tables[t]; t++) {
        for (const struct command *c = s->tables[t]; c->name; c++) {
            if (c->flags & COMMAND_HIDDEN) continue;
            offer(w, c->name);
            if (korean || *w->prefix & 0x80) offer(w, c->ko);
        }
    }
    offer_list(w, "param repeat");
}

static void offer_names(struct words *w, struct session *s) {
    for (size_t i = 0; i < board_count(s->board); i++) {
        const struct slot *slot = board_at(s->board, i);
        if (slot->def) offer(w, slot->name);
    }
    for (size_t i = 0; i < gate_count(); i++) {
        if (gate_at(i)->flags & GATE_CALL) offer(w, gate_at(i)->name);
    }
}

/* lessons/03-gradient-descent.json is lesson 3. */
static void offer_lessons(struct words *w, struct session *s) {
    struct buf path = {0};
    buf_printf(&path, "%s/lessons", s->home ? s->home : ".");
    DIR *dir = opendir(buf_text(&path));
    for (struct dirent *d; dir && (d = readdir(dir));) {
        const char *name = d->d_name + (d->d_name[0] == '0' && d->d_name[1] != '-');
        offer_n(w, name, strspn(name, "0123456789"));
    }
    if (dir) closedir(dir);
    buf_free(&path);
}

/* What may follow the command that the line begins with. */
static void offer_operands(struct words *w, struct session *s, const char *command,
                           const char *before) {
    const struct command *c = session_command(s, command);
    if (strcmp(before, "lesson") == 0) {
        offer_lessons(w, s);
    } else if (strcmp(before, "lang") == 0) {
        offer_list(w, "en ko");
    } else if (strcmp(before, "help") == 0) {
        offer_commands(w, s);
        offer_names(w, s);
    } else if (strcmp(before, "with") == 0) {
        for (size_t i = 0; i < optimiser_count(); i++) offer(w, optimiser_at(i)->name);
    } else {
        offer_names(w, s);
        if (c) offer_list(w, c->clauses);
        if (c && c->clauses && strstr(c->clauses, "from")) offer_list(w, "to by");
    }
}

static bool is_space(char c) { return c == ' ' || c == '\t'; }

char **complete_words(struct session *s, const char *line, int start,
                      const char *word) {
    struct words w = {word, mem_alloc(1, sizeof(char *)), 0};
    int from = start; /* the statement begins after the last ; or { */
    while (from > 0 && !strchr(";{", line[from - 1])) from--;
    while (from < start && is_space(line[from])) from++;
    int end = start; /* of the word before */
    while (end > from && is_space(line[end - 1])) end--;
    if (end <= from) {
        offer_commands(&w, s);
        offer_names(&w, s);
        return w.list;
    }
    int last = end;
    while (last > from && !is_space(line[last - 1])) last--;
    char *first = mem_copy_n(line + from, strcspn(line + from, " \t"));
    char *before = mem_copy_n(line + last, (size_t)(end - last));
    if (strcmp(first, "learn") == 0 && last == from) offer_commands(&w, s);
    offer_operands(&w, s, first, before);
    free(first);
    free(before);
    return w.list;
}
