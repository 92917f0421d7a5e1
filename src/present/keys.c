#include "present/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "syntax/korean_keys.h"

// clang-format off
const struct key_row key_rows[] = {
    {TALK_GO_ON, false, "go-on", "Space Enter → PgDn n",
     {" ", "\r", "\n", "\033[C", "\033OC", "\033[6~", "n"}},
    {TALK_BACK, false, "back", "← PgUp p Backspace",
     {"\033[D", "\033OD", "\033[5~", "p", "\177", "\b"}},
    {TALK_LIVE, false, "live", "Tab", {"\t"}},
    {TALK_ANSWER, true, "answer", "0…9 − .",
     {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "-"}},
    {TALK_BLANK, false, "blank", "b .", {"b", "."}},
    {TALK_ZOOM, false, "zoom", "z", {"z"}},
    {TALK_FASTER, false, "faster", "+", {"+", "="}},
    {TALK_SLOWER, false, "slower", "−", {"-", "_"}},
    {TALK_ONE_PRESS, false, "one-press", "1", {"1"}},
    {TALK_HINT, false, "hint", "H", {"H", "h"}},
    {TALK_GO_TO, false, "go-to", "g 19 Enter", {"g"}},
    {TALK_LIST, false, "list", "G", {"G"}},
    {TALK_AGAIN, false, "again", "a", {"a"}},
    {TALK_LANG, false, "lang", "L", {"L", "l"}},
    {TALK_REDRAW, false, "redraw", "Ctrl-L", {"\f"}},
    {TALK_WINDOW, false, "window", "w", {"w"}},
    {TALK_QUIT, false, "quit", "q q", {"q", "Q"}},
    {TALK_HELP, false, "help", "?", {"?"}},
    {TALK_NOTHING, false, "nothing", "Esc F5", {"\033", "\033[15~"}},
    {0},
};
// clang-format on

enum { KEYS = sizeof key_rows->keys / sizeof *key_rows->keys };

static const struct key_row *row_of(const char *sent, bool asked) {
    for (const struct key_row *row = key_rows; row->keys[0]; row++) {
        if (row->asked != asked) continue;
        for (int i = 0; i < KEYS && row->keys[i]; i++)
            if (strcmp(row->keys[i], sent) == 0) return row;
    }
    return NULL;
}

enum talk_key keys_find(const char *sent, size_t n, bool asked) {
    char *key = mem_copy_n(sent, n);
    struct buf latin = {0};
    bool korean = (*key & 0x80) && korean_keys_read(key, &latin);
    const char *wanted = korean ? buf_text(&latin) : key;
    const struct key_row *row = asked ? row_of(wanted, true) : NULL;
    if (!row) row = row_of(wanted, false);
    free(key);
    buf_free(&latin);
    return row ? row->key : TALK_NOTHING;
}

void keys_manual(struct out *o) {
    char *head = out_sentence(o, "manual.keys", NULL);
    out_printf(o, ".SH %s\n", head);
    for (const struct key_row *row = key_rows; row->name; row++) {
        struct buf key = {0};
        buf_printf(&key, "talk.key.%s", row->name);
        char *words = out_sentence(o, buf_text(&key), NULL);
        out_printf(o, ".TP\n.B %s\n%s\n", row->shown, words);
        free(words);
        buf_free(&key);
    }
    free(head);
}
