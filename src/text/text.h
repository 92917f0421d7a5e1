/* text: sentences by key, in the language of the moment.
 *
 * src/text/words/ROOM.json are built into the program: objects of key to {en, ko}. A
 * sentence names its values: "{name} is now {value}". In Korean a particle that depends
 * on the sound before it is written with both forms: "{name:은/는}", "{value:을/를}",
 * "{name:으로/로}": the first after a consonant; right after a closing ` or a ] the
 * value has been said, and the particle comes alone: "`{name}`{name:은/는}". In English
 * a word that depends on a number comes alone: "{n} {n:#row/rows}". Where two values
 * are the same the first form stands, else the second, with values of their own in
 * them: "{all}개{n:=all/를 모두/ 가운데 {n}개를}". A missing key shows as [key]. The
 * glossary (glossary.json) has the field's words in both languages, for `help` and the
 * lessons.
 *
 *     struct text *t = text_open(TEXT_KO);
 *     text_add(t, &b, "param.set", "name", "w", "value", "2.6", NULL);
 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

enum text_lang { TEXT_EN, TEXT_KO, TEXT_LANGS };

struct text;
struct text *text_open(enum text_lang lang); /* never fails: a broken file is a bug */
void text_close(struct text *t);
enum text_lang text_lang(const struct text *t);
void text_set_lang(struct text *t, enum text_lang lang);
const char *text_lang_name(enum text_lang lang); /* "en", "ko" */
/* From --lang's word (or NULL), then the saved choice (or NULL), then the
 * environment. */
enum text_lang text_choose(const char *option, const char *saved);

/* The bare sentence, or NULL where there is none. */
const char *text_get(const struct text *t, const char *key);
/* Adds the sentence of `key` with its values: pairs of name and value, ended by
 * NULL. */
void text_add(const struct text *t, struct buf *b, const char *key, ...)
    __attribute__((sentinel));
void text_add_v(const struct text *t, struct buf *b, const char *key, va_list args);
/* The same with a sentence of one's own, a lesson's for example. */
void text_fill(struct buf *b, const char *sentence, ...) __attribute__((sentinel));
/* What and what to try of an error (file:line:column, source line and caret too). */
void text_add_error(const struct text *t, struct buf *b, const struct error *e);
/* The glossary: the entry for a word in either language; false where there is none. */
struct text_word {
    const char *en, *ko; /* the word */
    const char *en_means, *ko_means;
};
bool text_glossary(const struct text *t, const char *word, struct text_word *out);
size_t text_glossary_count(const struct text *t);
void text_glossary_at(const struct text *t, size_t i, struct text_word *out);

#endif
