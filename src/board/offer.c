#include "board/offer.h"

#include <string.h>

#include "base/memory.h"
#include "board/functions.h"
#include "syntax/parser.h"

void offer_word_n(struct offer *o, const char *word, size_t n) {
    size_t prefix = strlen(o->prefix);
    if (n < prefix || memcmp(word, o->prefix, prefix) != 0) return;
    for (size_t i = 0; i < o->n; i++) {
        if (strlen(o->words[i]) == n && memcmp(o->words[i], word, n) == 0) return;
    }
    o->words = mem_grow(o->words, o->n + 2, sizeof *o->words);
    o->words[o->n++] = mem_copy_n(word, n);
    o->words[o->n] = NULL;
}

void offer_word(struct offer *o, const char *word) {
    if (word) offer_word_n(o, word, strlen(word));
}

void offer_list(struct offer *o, const char *list) {
    for (; list && *list; list += strspn(list, " ")) {
        size_t n = strcspn(list, " ");
        if (*list != '|') offer_word_n(o, list, n);
        list += n;
    }
}

void offer_commands(struct offer *o, const struct session *s) {
    bool korean = text_lang(s->out->text) == TEXT_KO || *o->prefix & 0x80;
    for (int t = 0; s->tables[t]; t++) {
        for (const struct command *c = s->tables[t]; c->name; c++) {
            if (c->flags & COMMAND_HIDDEN) continue;
            offer_word(o, c->name);
            if (korean) offer_word(o, c->ko);
        }
    }
    for (size_t i = 0; parse_statement_word(i); i++)
        offer_word(o, parse_statement_word(i));
}

void offer_names(struct offer *o, const struct session *s) {
    for (size_t i = 0; i < board_count(s->board); i++) {
        const struct slot *slot = board_at(s->board, i);
        if (slot->def) offer_word(o, slot->name);
    }
    size_t at = 0;
    for (const char *name; (name = function_next(&at));) offer_word(o, name);
}
