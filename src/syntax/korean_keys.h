/* korean_keys: a word that was typed with the Korean keyboard on.
 *
 *     struct buf latin = {0};
 *     korean_keys_read("ㅜㄷㅌㅅ", &latin);   // true: next
 */
#ifndef SYNTAX_KOREAN_KEYS_H
#define SYNTAX_KOREAN_KEYS_H

#include <stdbool.h>

#include "base/buf.h"

/* The Latin keys that were hit; syllables are taken apart first (노ㅐㅈ: show). false
 * where it is no such word; *latin then stays as it was. */
bool korean_keys_read(const char *word, struct buf *latin);
/* The same of a line, ㄴㄷㄷㅇ 4: what is no Hangul in it stays. false: none is. */
bool korean_keys_line(const char *line, struct buf *latin);
/* Has it letters that are no syllable, as keys leave them and words do not? */
bool korean_keys_loose(const char *line);

#endif
