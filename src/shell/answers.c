#include "shell/answers.h"

#include <string.h>

enum {
    LONGEST = 512,  /* of a sequence that is looked at; no person types a longer one */
    LINE = 4096,    /* keys before Enter, as many as a terminal keeps */
    HALF_MS = 200,  /* how long the rest of an answer may take */
    LATE_MS = 2000, /* and how long it may still come after that */
    ESC = '\033'
};

static bool expected;
static struct buf keys; /* a person's; from keys_at on not yet asked for */
static size_t keys_at;
static size_t in_line; /* keys since the last Enter */

static struct buf half; /* a sequence that has begun */
static size_t theirs;   /* its start that has stood alone: more may be a person's */
static bool late;       /* it was given up: only an answer's rest goes on with it */

void answers_expect(void) { expected = true; }
bool answers_expected(void) { return expected; }

/* ---- one sequence, of which a byte has come ---- */

/* BROKEN: the byte is none of it. ODD: no key sends it, and nobody asked for it. */
enum kind { HALF, BROKEN, KEY, ODD, ANSWER, LAST_ANSWER };

/* ESC P, _, ] … up to ESC \ or BEL. A person's Alt-P goes on with something else. */
static enum kind read_string(const char *s, size_t n) {
    unsigned char last = (unsigned char)s[n - 1];
    if (n > 3 && s[n - 2] == ESC) return last == '\\' ? ANSWER : BROKEN;
    if (last == '\a') return ANSWER;
    return last < ' ' && last != ESC && n < LONGEST ? BROKEN : HALF;
}

/* ESC [, a sign, numbers, marks, a letter. Keys have no sign ? > = <, nor t or n. A
 * late rest is in that order: 6*7 is none. */
static enum kind read_control(const char *s, size_t n) {
    char last = s[n - 1];
    bool sign = strchr("?>=<", s[2]), mark = late && n > 3 && s[n - 2] < '0';
    if (last < ' ' || last > '~' || (mark && last >= '0' && last < '@')) return BROKEN;
    if (last < '@') return HALF;
    if (s[2] == '?' && last == 'c') return LAST_ANSWER;
    if (strchr(sign ? "cnStuy" : "tn", last)) return ANSWER;
    return sign ? ODD : KEY;
}

static enum kind read_sequence(const char *s, size_t n) {
    if (n == 1) return HALF;
    if (n > 2) return s[1] == '[' ? read_control(s, n) : read_string(s, n);
    return s[1] == ESC ? BROKEN : s[1] && strchr("[P_]^X", s[1]) ? HALF : KEY;
}

/* ---- a person's ---- */

/* While it is asked no line is longer: the rest of a flood is thrown away. */
static void add_keys(const char *bytes, size_t n, bool asking) {
    for (size_t i = 0; i < n; i++) {
        in_line = bytes[i] == '\r' || bytes[i] == '\n' ? 0 : in_line + 1;
        if (!asking || in_line < LINE) buf_add_n(&keys, bytes + i, 1);
    }
}

static void forget_half(void) {
    buf_clear(&half);
    theirs = 0;
    late = false;
}

static bool has_sign(void) {
    return half.len > 2 && half.data[1] == '[' && strchr("?>=<", half.data[2]);
}

/* Of what is no answer, up to `end`: Esc may be a key, and Esc [. What was longer when
 * it stood alone is none, nor what came with a sign at once. */
static void give_keys(size_t end, bool asking) {
    size_t from = late || theirs > 2 ? theirs : 0;
    if (!theirs && has_sign()) from = end;
    if (from < end) add_keys(half.data + from, end - from, asking);
}

/* ---- all that has come ---- */

static void take_byte(char byte, struct buf *said);

/* The byte belongs to what comes next; so does an ESC before it, if it isn't the
 * first. */
static void begin_again(bool esc, char byte, struct buf *said) {
    forget_half();
    if (esc) take_byte(ESC, said);
    take_byte(byte, said);
}

static void end_half(enum kind kind, char byte, struct buf *said) {
    size_t n = half.len;
    bool esc = n > 2 && half.data[n - 2] == ESC, is_long = n == LONGEST;
    if (kind == BROKEN) {
        if (esc && !theirs) theirs = n - 2;
        give_keys(n - 1 - esc, said);
        begin_again(esc, byte, said);
        return;
    }
    bool key = kind == KEY ? !is_long : kind == ODD && late;
    if (key && !late) theirs = 0; /* whole: it was a key from its start */
    if (key) give_keys(n, said);
    if (kind >= ANSWER && said && !is_long) buf_add_n(said, half.data, n);
    if (kind == LAST_ANSWER) expected = false;
    forget_half();
}

static void take_byte(char byte, struct buf *said) {
    if (!half.len && (!expected || byte != ESC)) {
        add_keys(&byte, 1, said);
        return;
    }
    if (!byte) return;         /* fills time */
    if (half.len == LONGEST) { /* goes on to its end, and only that is looked for */
        half.data[LONGEST - 2] = half.data[LONGEST - 1];
        half.data[LONGEST - 1] = byte;
    } else {
        buf_add_n(&half, &byte, 1);
    }
    enum kind kind = read_sequence(half.data, half.len);
    if (kind != HALF) end_half(kind, byte, said);
    else if (half.len == LONGEST) theirs = LONGEST, late = false;
}

void answers_take(const char *bytes, size_t n, struct buf *said) {
    for (size_t i = 0; i < n; i++) take_byte(bytes[i], said);
    if (half.len && !theirs) theirs = half.len;
}

void answers_put(const char *first) {
    struct buf all = {0};
    buf_add(&all, first);
    buf_add_n(&all, keys.data + keys_at, keys.len - keys_at);
    buf_free(&keys);
    keys = all;
    keys_at = 0;
}

bool answers_waiting(void) { return keys_at < keys.len || half.len; }
int answers_patience(void) { return !half.len ? 0 : late ? LATE_MS : HALF_MS; }

bool answers_key(unsigned char *byte) {
    if (keys_at == keys.len) return false;
    *byte = (unsigned char)keys.data[keys_at++];
    if (keys_at == keys.len) buf_clear(&keys), keys_at = 0;
    return true;
}

/* Only an answer's rest goes on with what has come. Of a long one its kind is kept, and
 * whether its end has begun. */
static void give_up_half(void) {
    if (half.len == LONGEST) {
        if (half.data[1] != '[') half.data[2] = half.data[LONGEST - 1];
        half.len = 3;
    }
    theirs = half.len;
    late = theirs;
}

void answers_give_up(void) {
    bool typed = half.len > theirs;
    give_keys(half.len, false);
    if (late || typed) forget_half();
    else give_up_half();
}

void answers_forget_keys(void) {
    buf_clear(&keys);
    keys_at = in_line = 0;
    give_up_half();
}
