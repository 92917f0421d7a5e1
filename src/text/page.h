/* page: where what is said goes to a page of a document, part by part, and not down a
 * terminal as lines. A session whose out has one (out->page) hands over sentences as
 * they are, unwrapped; tables as tables; pictures as pictures. Whoever makes the page
 * decides what becomes of each; all of it may still be a stranger's text.
 *
 *     struct out o = {.page = &(struct out_page){self, line, words, lines, …}};
 *     session_run(s, "descend E rate 0.1 steps 3", NULL);      // calls table(self, …)
 */
#ifndef TEXT_PAGE_H
#define TEXT_PAGE_H

#include <stddef.h>

struct out_table;

struct out_picture {
    const char *type, *bytes; /* "image/svg+xml", "image/png" */
    size_t n;
    const char *says; /* what it shows, in words */
};

enum page_part {
    PAGE_DRAWING, /* lines that are a picture; says: of what */
    PAGE_DETAILS  /* the same once more, for who asks; says: what it is */
};

struct out_page {
    void *self;
    void (*command)(void *self, const char *line);    /* a line that is run */
    void (*words)(void *self, const char *sentences); /* they flow */
    void (*lines)(void *self, const char *text); /* as they stand; perhaps in pieces */
    void (*table)(void *self, const struct out_table *t, int header_rows);
    void (*picture)(void *self, const struct out_picture *p);
    void (*begin)(void *self, enum page_part part, const char *says);
    void (*end)(void *self, enum page_part part);
};

#endif
