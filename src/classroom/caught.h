/* caught: what a session says, caught as blocks of a page: a paragraph, a table, a
 * drawing, a figure. The same thing said in two languages is two lists of blocks that a
 * page sets side by side.
 *
 *     struct caught c;
 *     caught_open(&c);
 *     out.page = &c.page;
 *     session_run(s, "step E rate 0.1", NULL);
 *     html_prose(caught_block(&c), "So E falls.");    // one of one's own
 *     caught_end(&c);
 *     for (size_t i = 0; i < c.n; i++) puts(c.at[i].html);
 *     caught_close(&c);
 */
#ifndef CLASSROOM_CAUGHT_H
#define CLASSROOM_CAUGHT_H

#include <stdbool.h>

#include "base/buf.h"
#include "text/page.h"

struct block {
    char *html;  /* figures in it are not numbered yet */
    bool answer; /* stands in the ruled place behind a question */
};

struct caught {
    struct out_page page;
    struct block *at;
    size_t n;
    bool answer; /* of the blocks to come */

    char *command;   /* the last one run: a table's caption */
    struct buf text; /* the block in the making */
    struct buf lines;
    int depth;    /* of parts that have begun */
    bool drawing; /* the innermost is one */
};

void caught_open(struct caught *c); /* c stays where it is */
void caught_close(struct caught *c);
void caught_clear(struct caught *c); /* without blocks again */
/* Whatever is in the making is whole; what is added here is the next block. */
struct buf *caught_block(struct caught *c);
void caught_end(struct caught *c);

#endif
