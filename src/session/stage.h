/* stage: how a script is presented: the pages its comments make, and what it says of
 * itself before it runs.
 *
 *     ## en: Where is the best w?      a page; of two languages, a line each
 *     ## ko: 가장 좋은 가중치는?
 *     # A note. Without `en:` or `ko:` it is for both.
 */
#ifndef SESSION_STAGE_H
#define SESSION_STAGE_H

#include "board/session.h"

/* Does this line begin a page? */
bool stage_is_head(const char *line);
/* A comment from its # on: its language (TEXT_LANGS: both), and *text moves to what it
 * says. */
enum text_lang stage_comment(const char **text);
/* Where a page begins between the two: an empty screen, and what it is called. */
void stage_begin_page(struct session *s, const char *text, const char *end);
/* Says which files the script will write, if any. */
void stage_say_files(struct session *s, const struct program *p, const char *path);

#endif
