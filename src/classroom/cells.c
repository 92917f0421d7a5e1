#include "classroom/cells.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "text/number.h"

void cells_begin(struct cells *c) { buf_add(&c->text, "\xEF\xBB\xBF"); }

void cells_empty(struct cells *c) {
    if (c->inside) buf_add(&c->text, ",");
    c->inside = true;
}

/* Full-width signs too: some spreadsheets read them as the narrow ones; spaces before
 * them some take away. */
static bool is_formula(const char *s) {
    static const char *const signs[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
    s += strspn(s, " ");
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strncmp(s, signs[i], strlen(signs[i])) == 0) return true;
    return false;
}

void cells_text(struct cells *c, const char *s) {
    struct buf line = {0};
    cells_empty(c);
    utf8_add_line(&line, s); /* first: what can't be seen may stand before a sign */
    buf_add(&c->text, is_formula(buf_text(&line)) ? "\"'" : "\"");
    for (const char *at = buf_text(&line); *at;) {
        size_t n = strcspn(at, "\"");
        buf_add_n(&c->text, at, n);
        if (at[n]) buf_add(&c->text, "\"\"");
        at += n + (at[n] == '"');
    }
    buf_add(&c->text, "\"");
    buf_free(&line);
}

void cells_number(struct cells *c, double v) {
    char to[NUM_SIZE];
    cells_empty(c);
    if (v == floor(v) && fabs(v) < 1e15) buf_printf(&c->text, "%.0f", v);
    else buf_add(&c->text, num_exact(to, v));
}

void cells_end_row(struct cells *c) {
    buf_add(&c->text, "\r\n");
    c->inside = false;
}
