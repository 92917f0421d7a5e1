#include "shell/answers.h"

#include <string.h>

enum { LONGEST = 512 }; /* bytes of an answer */

static struct buf waiting; /* not parted yet, or keys */
static bool expected;
static bool given_up; /* what is half will not be whole */
static size_t half;   /* bytes of it when first seen: more may be a person's */
static size_t half_at;

void answers_expect(void) { expected = true; }
bool answers_expected(void) { return expected; }

/* ---- one sequence ---- */

/* ODD: no key sends it, and nobody asked for it. */
enum kind { KEY, ODD, ANSWER, LAST_ANSWER, HALF };

/* ESC P, _, ] … up to ESC \ or BEL. A person's Alt-P goes on with something else. */
static enum kind read_string(const char *s, size_t n, size_t *length) {
    for (size_t i = 2; i < n && i < LONGEST; i++) {
        bool end = s[i] == '\a' || (s[i - 1] == '\033' && s[i] == '\\');
        if (end) return *length = i + 1, ANSWER;
        if ((unsigned char)s[i] < ' ' && s[i] != '\033') return KEY;
    }
    return n < LONGEST ? HALF : KEY;
}

/* ESC [, signs and numbers, a letter. Keys have neither ? > = < nor these letters. */
static enum kind read_control(const char *s, size_t n, size_t *length) {
    size_t i = 2;
    while (i < n && i < LONGEST && s[i] >= ' ' && s[i] < '@') i++;
    if (i == n) return HALF;
    if (i == LONGEST || s[i] < '@' || s[i] > '~') return KEY;
    bool asked = strchr("?>=<", s[2]) && s[2];
    *length = i + 1;
    if (asked && s[2] == '?' && s[i] == 'c') return LAST_ANSWER;
    return strchr("tn", s[i]) ? ANSWER : asked ? ODD : KEY;
}

static enum kind read_sequence(const char *s, size_t n, size_t *length) {
    *length = 1;
    if (!expected || s[0] != '\033') return KEY;
    if (n < 2) return HALF;
    if (s[1] == '[') return read_control(s, n, length);
    return strchr("P_]^X", s[1]) && s[1] ? read_string(s, n, length) : KEY;
}

static void drop(size_t at, size_t n) {
    memmove(waiting.data + at, waiting.data + at + n, waiting.len - at - n);
    waiting.len -= n;
    waiting.data[waiting.len] = '\0';
}

/* The start of an answer that ended otherwise is no key: Esc may be, and Esc [. */
static bool drop_half(size_t at) {
    if (!half || at != half_at) return false;
    bool is_none = half > 2;
    if (is_none) drop(at, half);
    half = 0;
    return is_none;
}

/* ---- all that has come ---- */

void answers_take(const char *bytes, size_t n, struct buf *said) {
    buf_add_n(&waiting, bytes, n);
    given_up = false;
    for (size_t at = 0, length; at < waiting.len;) {
        enum kind kind = read_sequence(waiting.data + at, waiting.len - at, &length);
        if (kind == HALF) {
            if (!half) half = waiting.len - at, half_at = at;
            return;
        }
        if (kind < ANSWER && drop_half(at)) continue;
        if (kind == KEY) {
            at += length;
            continue;
        }
        if (said) buf_add_n(said, waiting.data + at, length);
        drop(at, length);
        half = 0;
        expected = kind != LAST_ANSWER;
    }
}

bool answers_waiting(void) { return waiting.len > 0; }

bool answers_half(void) {
    size_t length;
    return waiting.len && read_sequence(waiting.data, waiting.len, &length) == HALF;
}

bool answers_key(unsigned char *byte) {
    if (!waiting.len || (!given_up && answers_half())) return false;
    *byte = (unsigned char)waiting.data[0];
    drop(0, 1);
    if (half_at) half_at--;
    else half = 0;
    return true;
}

void answers_give_up(void) {
    size_t length;
    given_up = true;
    for (size_t at = 0; at < waiting.len; at++) {
        if (read_sequence(waiting.data + at, waiting.len - at, &length) != HALF)
            continue;
        drop_half(at);
        return;
    }
}

void answers_forget_keys(void) {
    answers_give_up();
    buf_clear(&waiting);
}
