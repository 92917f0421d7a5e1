/* html: the one writer of pages that leave for a browser or for paper: handouts,
 * reports. A page is one file: its style is in it, and it may neither run a script nor
 * fetch anything (its own policy says so), whatever a stranger's text holds. All that
 * comes from people goes through html_text, which makes it text: what HTML would read
 * as its own is escaped, what controls or cannot be seen is dropped (utf8_safe).
 *
 *     struct buf b = {0};
 *     html_open(&b, "en", "Lesson 3", "report");   // <body class="report">
 *     html_tag(&b, "h1", "Lesson 3");
 *     html_prose(&b, "So far you changed `w` by hand.");
 *     html_table(&b, table, 1, "Hardest questions");
 *     html_close(&b);                              // buf_text(&b) is the page
 *
 * Everything is added to a buf, which the caller owns. Nothing of the machine, the day
 * or the person gets in by itself: the same content is the same bytes.
 */
#ifndef CLASSROOM_HTML_H
#define CLASSROOM_HTML_H

#include <stdbool.h>

#include "base/buf.h"
#include "text/table.h"

/* In the head of every page: what tells one from a person's own. */
extern const char html_mark[];

/* The head of a page, up to and with <main>. lang: "en"; kind: what kind of page, as
 * the style knows it. */
void html_open(struct buf *b, const char *lang, const char *title, const char *kind);
void html_close(struct buf *b);

/* For content and for the value of an attribute, which stands in "". */
void html_text(struct buf *b, const char *s);
/* <p class="x">s</p>, where tag is `p class="x"`. */
void html_tag(struct buf *b, const char *tag, const char *s);
/* The tag alone, and its end: `section`. */
void html_begin(struct buf *b, const char *tag);
void html_end(struct buf *b, const char *tag);
/* A text in one line of its own, where `w` is code. */
void html_words(struct buf *b, const char *tag, const char *s);
/* Some sentences: a paragraph ends at an empty line, `w` is code, lines that begin with
 * two spaces are a formula and stay as they are. */
void html_prose(struct buf *b, const char *s);
/* As it is on a terminal, line by line. */
void html_lines(struct buf *b, const char *class, const char *s);
/* Numbers to the right, heads of columns and rows as such. caption: or NULL. */
void html_table(struct buf *b, const struct out_table *t, int header_rows,
                const char *caption);
/* A picture of n bytes in the page itself; type: "image/png"; says: what it shows. */
void html_image(struct buf *b, const char *type, const char *bytes, size_t n,
                const char *says);

#endif
