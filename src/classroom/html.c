#include "classroom/html.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

/* Light and dark, a screen of 320 pixels and A4. Korean breaks between words; a long
 * formula anywhere; what is wide scrolls in a place of its own. */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--dim:#595959;"
    "--rule:#767676;--box:#f3f3f0}\n"
    "@media (prefers-color-scheme:dark){:root{--ink:#e8e6e3;--paper:#16181a;"
    "--dim:#b3b0aa;--rule:#8c8c8c;--box:#22262a}}\n"
    "html{font:1rem/1.55 system-ui,\"Noto Sans KR\",\"NanumGothic\","
    "\"Apple SD Gothic Neo\",\"Malgun Gothic\",sans-serif;color:var(--ink);"
    "background:var(--paper)}\n"
    "body{max-width:62rem;margin:0 auto;padding:1rem}\n"
    "[lang=ko]{word-break:keep-all}\n"
    "main,section,figure,.row>*{min-width:0;max-width:100%}\n"
    "main{overflow-wrap:anywhere}\n"
    "h1{line-height:1.2;margin:.5rem 0}h1 span{display:block}\n"
    "h2{font-size:1rem;color:var(--dim);margin:1.6rem 0 .3rem}\n"
    "p{margin:.5rem 0}ul,ol{margin:.5rem 0;padding-left:1.6rem}\n"
    ".dim{color:var(--dim)}\n"
    ".row{display:grid;gap:0 1.5rem;grid-template-columns:minmax(0,1fr)}\n"
    "@media (min-width:46rem){.both .row{grid-template-columns:minmax(0,1fr) "
    "minmax(0,1fr)}}\n"
    ".line{display:inline-block;width:9em;max-width:60vw;"
    "border-bottom:1px solid var(--rule)}\n"
    ".write{border-bottom:1px solid var(--rule);height:1.9rem}\n"
    "code,pre{font-family:ui-monospace,\"DejaVu Sans Mono\",\"NanumGothicCoding\","
    "monospace}\n"
    "code{font-size:.9em}\n"
    "pre{font-size:.9rem;line-height:1.35;background:var(--box);padding:.5rem .7rem;"
    "margin:.5rem 0;overflow-x:auto;white-space:pre}\n"
    "pre.cmd,pre.out{white-space:pre-wrap}\n"
    "pre.cmd{font-weight:bold}pre.cmd::before{content:\"> \";color:var(--dim)}\n"
    ".wide{overflow-x:auto;margin:.5rem 0}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}\n"
    "caption{text-align:left;color:var(--dim);padding:.2rem 0}\n"
    "th,td{padding:.1rem .6rem;text-align:right;border-bottom:1px solid var(--box);"
    "overflow-wrap:normal}\n"
    "thead th,thead td{border-bottom:1px solid var(--rule)}tbody "
    "th{font-weight:normal}\n"
    ".say{text-align:left}\n"
    "figure{margin:1rem 0;max-width:34rem}figcaption,summary{color:var(--dim)}\n"
    "figure svg,figure img{display:block;width:100%;height:auto;background:#fff}\n"
    "figure svg *{font-family:inherit}figure svg image{image-rendering:pixelated}\n"
    ".lesson caption{position:absolute;width:1px;height:1px;overflow:hidden;"
    "clip-path:inset(50%)}\n"
    ".note{background:var(--box);padding:.1rem .7rem}\n"
    ".answer{border-left:3px solid var(--rule);padding-left:.8rem;margin:.7rem 0}\n"
    "dt{color:var(--dim)}dd{margin:0 0 .4rem 1rem}\n"
    "@media print{\n"
    "@page{size:A4;margin:18mm 16mm}\n"
    ":root{color-scheme:light;--ink:#000;--paper:#fff;--dim:#333;--rule:#000;--box:#"
    "fff}\n"
    "html{font-size:10pt}body{max-width:none;padding:0}\n"
    ".both .row{grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 8mm}\n"
    "section,figure,pre,tr,li{break-inside:avoid}"
    "h2,pre.cmd{break-after:avoid}p{orphans:3;widows:3}details{display:none}\n"
    ".sheet+.sheet{break-before:page}.sheet section{padding-bottom:8mm}"
    ".sheet pre.cmd{margin:.5mm 0;padding:.15rem .7rem}"
    ".key section{break-inside:auto}\n"
    ".wide,pre{overflow:visible}pre{border:1px solid #999;white-space:pre-wrap}\n"
    "th,td{border-bottom:1px solid #bbb}\n"
    "figure svg,figure img{max-width:110mm}\n"
    "}\n";

void html_text(struct buf *b, const char *s) {
    static const char *const escapes[128] = {['&'] = "&amp;",
                                             ['<'] = "&lt;",
                                             ['>'] = "&gt;",
                                             ['"'] = "&quot;",
                                             ['\''] = "&#39;"};
    size_t len;
    for (uint32_t c; (c = utf8_decode(s, &len)); s += len) {
        if (c < 128 && escapes[c]) buf_add(b, escapes[c]);
        else if (c == '\n' || c == '\t' || utf8_safe(c)) utf8_encode(b, c);
    }
}

/* ---- elements ---- */

void html_begin(struct buf *b, const char *tag) { buf_printf(b, "<%s>", tag); }

void html_end(struct buf *b, const char *tag) {
    buf_printf(b, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

void html_tag(struct buf *b, const char *tag, const char *s) {
    html_begin(b, tag);
    html_text(b, s);
    html_end(b, tag);
}

const char html_mark[] = "<meta name=\"generator\" content=\"learn\">\n";

void html_open(struct buf *b, const char *lang, const char *title, const char *kind) {
    buf_printf(b, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n", lang);
    buf_add(
        b,
        "<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'; img-src data:\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n");
    buf_add(b, html_mark);
    html_tag(b, "title", title);
    buf_printf(b, "<style>\n%s</style>\n</head>\n<body class=\"%s\">\n<main>\n", style,
               kind);
}

void html_close(struct buf *b) { buf_add(b, "</main>\n</body>\n</html>\n"); }

void html_lines(struct buf *b, const char *class, const char *s) {
    buf_printf(b, "<pre class=\"%s\" tabindex=\"0\">", class);
    html_text(b, s);
    buf_add(b, "</pre>\n");
}

/* ---- sentences ---- */

/* `w` is code; a backtick without its fellow stays one. */
static void add_coded(struct buf *b, const char *s, size_t n) {
    char *text = mem_copy_n(s, n);
    const char *at = text, *tick, *end;
    while ((tick = strchr(at, '`')) && (end = strchr(tick + 1, '`'))) {
        char *before = mem_copy_n(at, (size_t)(tick - at));
        char *code = mem_copy_n(tick + 1, (size_t)(end - tick - 1));
        html_text(b, before);
        buf_add(b, "<code>");
        html_text(b, code);
        buf_add(b, "</code>");
        free(before);
        free(code);
        at = end + 1;
    }
    html_text(b, at);
    free(text);
}

void html_words(struct buf *b, const char *tag, const char *s) {
    html_begin(b, tag);
    add_coded(b, s, strlen(s));
    html_end(b, tag);
}

enum block { BLOCK_NONE, BLOCK_WORDS, BLOCK_FORMULA };
static const char *const block_begins[] = {"", "<p>", "<pre tabindex=\"0\">"};
static const char *const block_ends[] = {"", "</p>\n", "</pre>\n"};

void html_prose(struct buf *b, const char *s) {
    enum block in = BLOCK_NONE;
    while (*s) {
        size_t n = strcspn(s, "\n");
        enum block is = n == 0               ? BLOCK_NONE
                        : strspn(s, " ") > 1 ? BLOCK_FORMULA
                                             : BLOCK_WORDS;
        if (is != in) buf_printf(b, "%s%s", block_ends[in], block_begins[is]);
        else if (is == BLOCK_WORDS) buf_add(b, "<br>\n");
        else if (is == BLOCK_FORMULA) buf_add(b, "\n");
        in = is;
        add_coded(b, s, n);
        s += n + (s[n] == '\n');
    }
    buf_add(b, block_ends[in]);
}

/* ---- tables and pictures ---- */

/* An empty cell is the head of nothing. */
static void add_cell(struct buf *b, const struct out_table *t, size_t row, size_t k,
                     size_t header) {
    const char *text = table_text(t, row, k);
    const char *tag = !*text         ? "td"
                      : row < header ? "th scope=\"col\""
                      : k == 0       ? "th scope=\"row\""
                                     : "td";
    bool number = table_is_numeric(t, k, header);
    buf_printf(b, "<%s%s>", tag, number ? "" : " class=\"say\"");
    html_text(b, text);
    buf_printf(b, "</%.2s>", tag);
}

void html_table(struct buf *b, const struct out_table *t, int header_rows,
                const char *caption) {
    size_t header = (size_t)header_rows;
    buf_add(b, "<div class=\"wide\" tabindex=\"0\">\n<table>\n");
    if (caption) html_tag(b, "caption", caption);
    for (size_t row = 0; row < table_rows(t); row++) {
        if (row == 0) buf_add(b, header ? "<thead>\n" : "<tbody>\n");
        else if (row == header) buf_add(b, "</thead>\n<tbody>\n");
        buf_add(b, "<tr>");
        for (size_t k = 0; k < table_columns(t); k++) add_cell(b, t, row, k, header);
        buf_add(b, "</tr>\n");
    }
    if (table_rows(t)) buf_add(b, table_rows(t) > header ? "</tbody>\n" : "</thead>\n");
    buf_add(b, "</table>\n</div>\n");
}

void html_image(struct buf *b, const char *type, const char *bytes, size_t n,
                const char *says) {
    buf_printf(b, "<img src=\"data:%s;base64,", type);
    buf_add_base64(b, bytes, n);
    buf_add(b, "\" alt=\"");
    html_text(b, says);
    buf_add(b, "\">\n");
}
