#include "text/out.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/utf8.h"

enum { WIDEST_TEXT = 100, NARROWEST_TEXT = 10, FORMULA_COLUMNS = 30 };

/* ---- the one way out ---- */

/* In a text a colour is a sign of our own, which Unicode keeps for that (U+FDD0 …): it
 * has no width, and becomes an escape on its way out. No other ESC gets there, so that
 * a stranger who knows these signs comes to a colour and no further. */
enum { INK = 0xFDD0 };

static const struct {
    const char *sign, *escape, *fewer; /* fewer: of 16 colours, where it is another */
} inks[OUT_COLOURS] = {
    [OUT_PLAIN] = {"\uFDD0", "\033[0m", NULL},
    [OUT_PARAM] = {"\uFDD1", "\033[38;5;208m", "\033[33m"},
    [OUT_VALUE] = {"\uFDD2", "\033[32m", NULL},
    [OUT_LOSS] = {"\uFDD3", "\033[31m", NULL},
    [OUT_GRADIENT] = {"\uFDD4", "\033[94m", NULL},
    [OUT_DIM] = {"\uFDD5", "\033[2m", NULL},
    [OUT_STRONG] = {"\uFDD6", "\033[1m", NULL},
};

const char *out_ink(const struct out *o, enum out_colour c) {
    return o->colour ? inks[c].sign : "";
}

static bool is_ink(uint32_t c) { return c >= INK && c < INK + OUT_COLOURS; }

static void add_clean(struct buf *b, const char *s, bool inks_stay) {
    size_t len;
    for (uint32_t c;; s += len) {
        len = utf8_plain(s);
        buf_add_n(b, s, len);
        s += len;
        if (!(c = utf8_decode(s, &len))) return;
        if (is_ink(c) ? inks_stay : utf8_safe(c)) utf8_encode(b, c);
    }
}

static const char *add_inks(struct buf *b, const char *s, enum paint_depth depth) {
    size_t len;
    for (uint32_t c; (c = utf8_decode(s, &len)); s += len) {
        const char *fewer = is_ink(c) ? inks[c - INK].fewer : NULL;
        if (is_ink(c))
            buf_add(b, fewer && depth == PAINT_16 ? fewer : inks[c - INK].escape);
        else buf_add_n(b, s, len);
    }
    return buf_text(b);
}

/* A write that Ctrl-C broke off (a terminal that was held) is no failure of the
 * file. */
static void note_failure(struct out *o) {
    if (errno == EINTR) clearerr(o->file);
    else if (!o->failed) o->failed = errno;
}

static void tell(const struct out *o, const char *bytes, size_t n) {
    for (int i = 0; i < OUT_LISTENERS && o->listeners[i].heard; i++)
        o->listeners[i].heard(o->listeners[i].self, bytes, n);
}

static void put_raw(struct out *o, FILE *file, const char *s) {
    if (file && fputs(s, file) == EOF && file == o->file) note_failure(o);
    bool seen = file == o->file || o->errors_seen;
    if (seen && out_is_heard(o)) tell(o, s, strlen(s));
}

/* The inks of a clean text become escapes. */
static void write_inked(void *self, FILE *file, const char *s) {
    struct out *o = self;
    struct buf b = {0};
    bool other = file != o->file && o->file;
    if (other && fflush(o->file) != 0) note_failure(o); /* it was said before this */
    if (s[utf8_plain(s)]) s = add_inks(&b, s, o->depth);
    put_raw(o, file, s);
    buf_free(&b);
}

/* A log is read in an editor, and of `errors` nobody knows whether it takes colours. */
static void put(struct out *o, FILE *file, const char *s) {
    if (file == o->file && interrupt_left()) return; /* it may be half a value */
    if (file == o->file && o->page) {
        o->page->lines(o->page->self, s);
        return;
    }
    bool plain = !s[utf8_plain(s)], logs = o->log && !file_rehearses();
    struct buf said = {0}, logged = {0};
    if (!plain) add_clean(&said, s, o->colour && file == o->file);
    if (!plain && logs) add_clean(&logged, s, false);
    const char *text = plain ? s : buf_text(&said);
    bool seen = file == o->file || o->errors_seen;
    if (o->screen && seen && file) screen_put(o->screen, file, text);
    else write_inked(o, file, text);
    if (logs) fputs(plain ? s : buf_text(&logged), o->log);
    buf_free(&said);
    buf_free(&logged);
}

void out_puts(struct out *o, const char *s) { put(o, o->file, s); }

static char *print(const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    char *s = mem_alloc((size_t)(n < 0 ? 0 : n) + 1, 1);
    if (n > 0) vsnprintf(s, (size_t)n + 1, format, again);
    va_end(again);
    return s;
}

void out_printf(struct out *o, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *s = print(format, args);
    va_end(args);
    out_puts(o, s);
    free(s);
}

void out_control(struct out *o, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *s = print(format, args);
    va_end(args);
    if (o->screen) screen_control(o->screen, o->file, s);
    else put_raw(o, o->file, s);
    free(s);
}

bool out_paint(struct out *o, enum paint_side side, unsigned rgb) {
    struct buf b = {0};
    bool can = o->colour && !o->plain && o->depth != PAINT_NONE;
    if (can) paint_add(&b, o->depth, side, rgb);
    if (can) out_control(o, "%s", buf_text(&b));
    buf_free(&b);
    return can;
}

void out_pass(struct out *o, const char *bytes, size_t n) {
    if (o->file && fwrite(bytes, 1, n, o->file) != n) note_failure(o);
    if (o->file && fflush(o->file) != 0) note_failure(o);
    tell(o, bytes, n);
}

void out_listen(struct out *o, void *self,
                void (*heard)(void *self, const char *bytes, size_t n)) {
    int i = 0;
    while (i < OUT_LISTENERS && o->listeners[i].heard) i++;
    assert(i < OUT_LISTENERS);
    o->listeners[i] = (struct out_listener){self, heard, NULL};
}

void out_listen_marks(struct out *o, const void *self,
                      void (*marked)(void *self, const char *label)) {
    for (int i = 0; i < OUT_LISTENERS; i++)
        if (o->listeners[i].self == self) o->listeners[i].marked = marked;
}

void out_mark(struct out *o, const char *label) {
    if (!out_is_heard(o)) return;
    out_flush(o); /* what was said before is before it */
    for (int i = 0; i < OUT_LISTENERS && o->listeners[i].heard; i++)
        if (o->listeners[i].marked) o->listeners[i].marked(o->listeners[i].self, label);
}

void out_unlisten(struct out *o, const void *self) {
    struct out_listener stay[OUT_LISTENERS] = {0};
    for (int i = 0, n = 0; i < OUT_LISTENERS; i++)
        if (o->listeners[i].self != self) stay[n++] = o->listeners[i];
    memcpy(o->listeners, stay, sizeof stay);
}

bool out_is_heard(const struct out *o) { return o->listeners[0].heard; }

void out_flush(struct out *o) {
    if (o->screen) screen_flush(o->screen);
    if (o->file && fflush(o->file) != 0) note_failure(o);
    if (o->log) fflush(o->log);
}

void out_wait(struct out *o, double seconds) {
    if (!o->wait && seconds <= 0) return;
    out_flush(o);
    long whole = (long)seconds, rest = (long)((seconds - (double)whole) * 1e9);
    if (o->wait) o->wait(seconds);
    else if (seconds > 0) nanosleep(&(struct timespec){whole, rest}, NULL);
}

void out_fit(struct out *o) {
    int columns = 0;
    if (o->terminal) screen_size(&o->height, &columns);
    if (columns) o->width = columns < 40 ? 40 : columns > 200 ? 200 : columns;
}

void out_pad(struct out *o, const char *s, int columns, bool right) {
    int spaces = columns - utf8_width(s);
    if (spaces < 0) spaces = 0;
    if (right) out_printf(o, "%*s%s", spaces, "", s);
    else out_printf(o, "%s%*s", s, spaces, "");
}

/* ---- a page ---- */

void out_begin_part(struct out *o, enum page_part part, const char *key,
                    const char *name) {
    if (!o->page) return;
    char *says = out_sentence(o, key, "name", name, NULL);
    o->page->begin(o->page->self, part, says);
    free(says);
}

void out_end_part(struct out *o, enum page_part part) {
    if (o->page) o->page->end(o->page->self, part);
}

/* ---- the screen ---- */

/* Where nothing may be drawn over, a line of its own says so. */
static int ask(struct out *o, int column, const char *words, bool turns) {
    char place[32] = "";
    if (o->moves) snprintf(place, sizeof place, "\r\033[%dG", column);
    put_raw(o, o->file, place);
    write_inked(o, o->file, o->moves ? out_ink(o, OUT_DIM) : "");
    put_raw(o, o->file, words);
    write_inked(o, o->file, o->moves ? out_ink(o, OUT_PLAIN) : "");
    fflush(o->file);
    double start = clock_seconds();
    int key = o->key(turns);
    o->waited += clock_seconds() - start;
    put_raw(o, o->file, o->moves ? "\r\033[K" : "\n");
    return key;
}

/* Of the second page and those behind it is said how they are left; of a line that was
 * begun, that it waits for Enter. A ▼ may be two columns wide, where that is the
 * custom. */
static int ask_on(struct out *o, bool typed) {
    const char *more = typed && o->moves           ? "screen.typed"
                       : o->leaves && o->pages > 0 ? "screen.leave"
                                                   : NULL;
    const char *says = more ? text_get(o->text, more) : "";
    const char *gap = !more ? "" : o->moves ? " " : ", ";
    struct buf words = {0};
    if (o->moves) buf_printf(&words, "%s%s▼", says, gap);
    else buf_printf(&words, "(%s%s%s)", text_get(o->text, "screen.more"), gap, says);
    out_fit(o);
    int column = o->width - 1 - utf8_width(buf_text(&words));
    int is = ask(o, column > 0 ? column : 1, buf_text(&words), true);
    buf_free(&words);
    return is;
}

static enum screen_turn page_full(void *self) {
    struct out *o = self;
    int key = KEY_AGAIN;
    for (bool typed = false; key == KEY_AGAIN || key == KEY_TYPED;) {
        key = ask_on(o, typed);
        typed |= key == KEY_TYPED;
    }
    o->pages++;
    return key == KEY_STOP           ? SCREEN_STOP
           : key == 'q' && o->leaves ? SCREEN_LEFT
                                     : SCREEN_ON;
}

bool out_leaves(struct out *o, bool may) {
    bool might = o->leaves;
    o->leaves = may;
    o->pages = 0;
    if (o->screen) screen_want(o->screen);
    return might;
}

void out_open_pages(struct out *o, int (*key)(bool turns)) {
    struct screen_owner owner = {o, write_inked, page_full};
    o->key = key;
    o->screen = screen_open(owner);
    o->errors_seen = isatty(STDERR_FILENO);
}

void out_close_pages(struct out *o) {
    screen_close(o->screen);
    o->screen = NULL;
    o->key = NULL;
}

void out_hold(struct out *o) {
    if (o->screen) screen_hold(o->screen);
}

void out_release(struct out *o) {
    if (o->screen) screen_release(o->screen);
}

int out_rows_above(const struct out *o) {
    return o->screen && o->ahead ? screen_free(o->screen) - o->ahead : 0;
}

void out_release_with_next(struct out *o) {
    if (o->screen) screen_release_with_next(o->screen);
}

void out_turn(struct out *o, const char *prompt, const char *line) {
    int columns = utf8_width(prompt) + utf8_width(line);
    if (o->screen) screen_turn(o->screen, 1 + columns / o->width);
}

void out_back(struct out *o, int columns) {
    if (o->screen) screen_back(o->screen, o->file, columns);
}

void out_wipe(struct out *o, int rows) {
    if (o->screen) screen_up(o->screen, o->file, rows);
    else out_control(o, "\033[%dA", rows);
    out_control(o, "\033[J");
}

void out_clear(struct out *o) {
    if (o->moves) out_control(o, "\033[H\033[2J");
    if (o->screen) screen_turn(o->screen, 0);
}

void out_new_page(struct out *o) {
    if (o->screen) screen_end_page(o->screen);
    if (!interrupt_flag) out_clear(o);
}

int out_ask_key(struct out *o, const char *words) {
    out_flush(o);
    if (!o->key) return KEY_STOP;
    int key;
    do key = ask(o, 1, words, false);
    while (key == KEY_AGAIN);
    if (o->screen) screen_turn(o->screen, 0);
    return key;
}

/* ---- wrapped ---- */

struct wrap {
    struct buf *to;
    int columns, used; /* of a line; used so far in this one */
    int indent;
    const char *strong, *plain; /* the inks of `code`; "" where colours are off */
    size_t ticks;               /* backticks to come on this line, in pairs */
    bool code;                  /* between two of them */
};

static int width_of(const char *s, size_t n) {
    char *part = mem_copy_n(s, n);
    int width = utf8_width(part);
    free(part);
    return width;
}

static void new_line(struct wrap *w) {
    buf_printf(w->to, "\n%*s", w->indent, "");
    w->used = 0;
}

/* Bytes of the next word. `code with spaces` is one word where `whole`. */
static size_t word_length(const char *s, size_t end, bool whole) {
    size_t n = 0;
    while (n < end && s[n] != ' ') {
        const char *close = NULL;
        if (s[n] == '`' && whole) close = memchr(s + n + 1, '`', end - n - 1);
        n = close ? (size_t)(close - s) + 1 : n + 1;
    }
    return n;
}

/* The length of a lone sign: the = of "w = 3"; 0: there is none. */
static size_t sign_length(const char *s, size_t end) {
    static const char *const signs[] = {"=", "+", "−", "·", "×", "/", "<", ">", "←"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i]);
        if (n < end && memcmp(s, signs[i], n) == 0 && s[n] == ' ') return n;
    }
    return 0;
}

/* A short formula is one word too. */
static size_t formula_length(const char *s, size_t end, bool whole) {
    size_t n = sign_length(s, end);
    if (n) n++;
    n += word_length(s + n, end - n, whole);
    for (;;) {
        size_t sign = n + 1 < end ? sign_length(s + n + 1, end - n - 1) : 0;
        if (!sign) return n;
        size_t next = n + sign + 2;
        next += word_length(s + next, end - next, whole);
        if (next > 4 * FORMULA_COLUMNS || width_of(s, next) > FORMULA_COLUMNS) return n;
        n = next;
    }
}

/* In colour the ink takes the place of the backticks. */
static void add_word(struct wrap *w, const char *s, size_t n) {
    for (size_t i = 0; i < n; i++) {
        bool tick = s[i] == '`' && w->ticks > 0;
        if (tick) {
            w->ticks--;
            w->code = !w->code;
        }
        if (tick && *w->strong) buf_add(w->to, w->code ? w->strong : w->plain);
        else buf_add_n(w->to, s + i, 1);
    }
}

/* A word longer than a line goes on in the next, between two characters. */
static void add_long(struct wrap *w, const char *s, size_t n) {
    while (n) {
        size_t fit = 0, len;
        int width = 0;
        while (fit < n) {
            utf8_decode(s + fit, &len);
            int more = width_of(s + fit, len);
            if (width + more > w->columns) break;
            width += more;
            fit += len;
        }
        add_word(w, s, fit);
        w->used = width;
        s += fit;
        n -= fit;
        if (n) new_line(w);
    }
}

static void wrap_line(struct wrap *w, const char *s, size_t n) {
    w->ticks = 0;
    for (size_t i = 0; i < n; i++) w->ticks += s[i] == '`';
    w->ticks &= ~(size_t)1;
    w->used = 0;
    buf_printf(w->to, "%*s", w->indent, "");
    for (size_t i = 0; i < n;) {
        size_t len = formula_length(s + i, n - i, !w->code && w->ticks > 0);
        int width = width_of(s + i, len);
        if (width > w->columns) {
            len = word_length(s + i, n - i, false);
            width = width_of(s + i, len);
        }
        bool space = w->used > 0;
        if (space && w->used + 1 + width > w->columns) {
            new_line(w);
            space = false;
        }
        if (space) buf_add(w->to, " ");
        w->used += space + width;
        if (width > w->columns) add_long(w, s + i, len);
        else add_word(w, s + i, len);
        i += len;
        while (i < n && s[i] == ' ') i++;
    }
    buf_add(w->to, "\n");
}

static void wrap_further(struct wrap w, const char *s, size_t lead, size_t n) {
    w.indent += (int)lead;
    w.columns -= (int)lead;
    if (w.columns < NARROWEST_TEXT) w.columns = NARROWEST_TEXT;
    wrap_line(&w, s + lead, n - lead);
}

/* Lines that begin with two spaces are formulas or tables, kept as they are where they
 * fit. */
static char *wrapped(const struct out *o, bool colour, const char *s, int indent) {
    struct buf to = {0};
    int width = o->width < WIDEST_TEXT ? o->width : WIDEST_TEXT;
    struct wrap w = {.to = &to, .indent = indent, .columns = width - indent};
    if (w.columns < NARROWEST_TEXT) w.columns = NARROWEST_TEXT;
    w.strong = colour ? out_ink(o, OUT_STRONG) : "";
    w.plain = colour ? out_ink(o, OUT_PLAIN) : "";
    for (const char *line = s; *line;) {
        size_t n = strcspn(line, "\n"), lead = strspn(line, " ");
        if (n == 0) buf_add(&to, "\n");
        else if (lead < 2) wrap_line(&w, line, n);
        else if (width_of(line, n) <= w.columns)
            buf_printf(&to, "%*s%.*s\n", indent, "", (int)n, line);
        else wrap_further(w, line, lead, n);
        line += n + (line[n] == '\n');
    }
    return buf_take(&to);
}

/* Each stays whole. */
static void put_paragraphs(struct out *o, char *text) {
    for (char *next; text; text = next) {
        next = strstr(text, "\n\n");
        if (next) *++next = '\0';
        out_hold(o);
        out_puts(o, text);
        out_release(o);
        if (next) *next = '\n';
    }
}

char *out_wrapped(const struct out *o, const char *s, int indent) {
    return wrapped(o, true, s, indent);
}

int out_wrap(struct out *o, const char *s, int indent) {
    if (o->page) {
        o->page->words(o->page->self, s);
        return 1;
    }
    char *text = wrapped(o, true, s, indent);
    int lines = utf8_rows(text, strlen(text));
    put_paragraphs(o, text);
    free(text);
    return lines;
}

void out_hang(struct out *o, const char *head, int columns, const char *s) {
    char *text = wrapped(o, true, *s ? s : " ", columns);
    out_puts(o, out_ink(o, OUT_STRONG));
    out_pad(o, head, columns, false);
    out_puts(o, out_ink(o, OUT_PLAIN));
    out_puts(o, text + columns); /* the head stands where its first indent was */
    free(text);
}

/* ---- sentences ---- */

static char *sentence(struct out *o, const char *key, va_list args) {
    struct buf b = {0};
    text_add_v(o->text, &b, key, args);
    return buf_take(&b);
}

char *out_sentence(struct out *o, const char *key, ...) {
    va_list args;
    va_start(args, key);
    char *s = sentence(o, key, args);
    va_end(args);
    return s;
}

void out_say(struct out *o, const char *key, ...) {
    va_list args;
    va_start(args, key);
    char *s = sentence(o, key, args);
    va_end(args);
    out_wrap(o, s, 0);
    free(s);
}

void out_say_why(struct out *o, const char *key, const struct error *e) {
    struct buf b = {0};
    struct error bare = *e;
    bare.line = NULL; /* a line of a file of ours helps nobody */
    text_add_error(o->text, &b, &bare);
    char *why = buf_take(&b);
    why[strcspn(why, "\n")] = '\0'; /* without what to try */
    out_say(o, key, "why", why, NULL);
    free(why);
}

/* Without colours: whether they may be used is known of `file` only. */
void out_error(struct out *o, const struct error *e) {
    struct buf b = {0};
    text_add_error(o->text, &b, e);
    char *text = wrapped(o, false, buf_text(&b), 0);
    if (o->file) fflush(o->file); /* so that the complaint comes after what led to it */
    out_hold(o);
    put(o, o->errors, text);
    out_release(o);
    free(text);
    buf_free(&b);
}
