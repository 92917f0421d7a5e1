/* plot/window in a page: a column of pictures beside the terminal. */
#include "plot/window.h"

#include <emscripten.h>
#include <stdlib.h>

/* High enough where the column is half as wide as the picture. */
enum { LETTERS = 22 };

// clang-format off
EM_JS(int, page_draws, (void), { return Module.picture ? 1 : 0; })
EM_JS(void, page_picture, (const char *svg, size_t n, const char *title,
                           const char *text, int frame), {
    const [of, says] = [title, text].map(s => UTF8ToString(s));
    Module.picture(UTF8ToString(svg, n), of, says, frame);
})
// clang-format on

bool window_find(struct session *s,
                 bool (*has)(struct session *s, const char *terminal),
                 struct medium *to) {
    (void)s, (void)has;
    if (!page_draws()) return false;
    to->kind = SCREEN_SVG;
    to->letters = LETTERS;
    return true;
}

void window_show(const struct chart *c, const struct buf *picture, int frame) {
    char *says = chart_caption(c);
    page_picture(picture->data, picture->len, c->title, says, frame);
    free(says);
}
