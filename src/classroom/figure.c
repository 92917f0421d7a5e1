#include "classroom/figure.h"

#include <string.h>

#include "classroom/html.h"

/* Control characters, which no text of a page holds: a new figure; its number. */
#define FIGURE_NEW '\1'
#define FIGURE_MARK '\2'

/* What is looked for in a picture, and what becomes of it. The rest of an SVG is
 * gnuplot's own numbers, and texts that it has escaped. */
static const struct {
    const char *begins, *ends; /* in it, from … to */
    const char *instead;       /* of all of it */
} cuts[] = {
    {"<?xml", "?>", ""},
    {"<title>", "</title>", ""},
    {"<desc>", "</desc>", ""},
    {" width=\"", "\"", NULL}, /* of <svg> alone: it fills the page's width */
    {" height=\"", "\"", NULL},
    {" font-family=\"", "\"", ""},
};
enum { CUTS = sizeof cuts / sizeof *cuts };

/* An id, or what refers to one, ends with one of these. */
static const char *const ids[] = {" id=\"", " id='", "href=\"#", "href='#", "url(#"};
enum { IDS = sizeof ids / sizeof *ids };

/* Bytes to leave out at s; head: still inside <svg …>. */
static size_t cut_at(const char *s, bool head) {
    for (int i = 0; i < CUTS; i++) {
        size_t n = strlen(cuts[i].begins);
        if (strncmp(s, cuts[i].begins, n) != 0 || (!cuts[i].instead && !head)) continue;
        const char *end = strstr(s + n, cuts[i].ends);
        return end ? (size_t)(end - s) + strlen(cuts[i].ends) : n;
    }
    return *s == FIGURE_NEW || *s == FIGURE_MARK;
}

static size_t id_at(const char *s) {
    for (int i = 0; i < IDS; i++) {
        size_t n = strlen(ids[i]);
        if (strncmp(s, ids[i], n) == 0) return n;
    }
    return 0;
}

static void add_svg(struct buf *b, const char *s, const char *says) {
    bool head = true;
    for (size_t n; *s; s += n) {
        if ((n = cut_at(s, head))) continue;
        if ((n = id_at(s))) {
            buf_add_n(b, s, n);
            buf_printf(b, "%c-", FIGURE_MARK);
            continue;
        }
        n = 1;
        if (head && strncmp(s, "<svg", 4) == 0) {
            n = 4;
            buf_printf(b, "<svg role=\"img\" aria-labelledby=\"%c-says\"", FIGURE_MARK);
        } else {
            buf_add_n(b, s, 1);
        }
        if (!head || *s != '>') continue;
        head = false;
        buf_printf(b, "\n<title id=\"%c-says\">", FIGURE_MARK);
        html_text(b, says);
        buf_add(b, "</title>");
    }
}

void figure_add(struct buf *b, const struct out_picture *p) {
    buf_printf(b, "<figure>%c\n", FIGURE_NEW);
    if (strcmp(p->type, "image/svg+xml") == 0) add_svg(b, p->bytes, p->says);
    else html_image(b, p->type, p->bytes, p->n, p->says);
    html_tag(b, "figcaption", p->says);
    buf_add(b, "</figure>\n");
}

void figure_number(struct buf *b, const char *html, int *n) {
    static const char marks[] = {FIGURE_NEW, FIGURE_MARK, '\0'};
    for (size_t length; *html; html += length) {
        length = strcspn(html, marks);
        buf_add_n(b, html, length);
        if (html[length] == FIGURE_NEW) ++*n;
        else if (html[length]) buf_printf(b, "f%d", *n);
        length += html[length] != '\0';
    }
}
