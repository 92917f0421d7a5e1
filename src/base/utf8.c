#include "base/utf8.h"

#include <ctype.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>
#include <uniwidth.h>

enum { BAD = 0xFFFD, HANGUL = 0xAC00, HANGUL_LAST = 0xD7A3 }; /* its syllables */

/* ---- one code point at a time ---- */

uint32_t utf8_decode(const char *s, size_t *len) {
    ucs4_t code;
    int n = u8_strmbtouc(&code, (const uint8_t *)s);
    *len = n < 0 ? 1 : (size_t)n;
    return n < 0 ? BAD : code;
}

void utf8_encode(struct buf *b, uint32_t code) {
    uint8_t s[4];
    int n = u8_uctomb(s, code, sizeof s);
    if (n > 0) buf_add_n(b, (const char *)s, (size_t)n);
}

bool utf8_valid(const char *s, size_t n, size_t *bad) {
    /* A NUL inside the n bytes is bad too: nothing here means to hold one. */
    const char *zero = memchr(s, 0, n);
    const uint8_t *from = (const uint8_t *)s;
    const uint8_t *broken = u8_check(from, zero ? (size_t)(zero - s) : n);
    if (!broken) broken = (const uint8_t *)zero;
    if (broken && bad) *bad = (size_t)(broken - from);
    return !broken;
}

/* ---- UTF-16 ---- */

enum { WIDE_SEEN = 1 << 15 }; /* units of it that are looked at */

/* Letters and signs that people write: in the wrong order of bytes a comma, a newline
 * and most of Hangul are none. */
static bool is_written(unsigned unit) {
    static const unsigned blocks[][2] = {
        {'\t', '\n'},     {'\r', '\r'},     {' ', '~'},       {0xA0, 0x5FF},
        {0x1100, 0x11FF}, {0x2000, 0x27FF}, {0x3000, 0x9FFF}, {HANGUL, HANGUL_LAST},
        {0xD800, 0xDFFF}, {0xF900, 0xFAFF}, {0xFF00, 0xFFEF}};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        if (unit >= blocks[i][0] && unit <= blocks[i][1]) return true;
    }
    return false;
}

/* How many of ASCII there are, the first byte of each unit being its high one or not;
 * 0: it is no text so. */
static size_t ascii_of_wide(const char *s, size_t n, bool high_first) {
    size_t ascii = 0, units = n / 2 < WIDE_SEEN ? n / 2 : WIDE_SEEN;
    for (size_t i = 0; i < units; i++) {
        unsigned a = (unsigned char)s[2 * i], b = (unsigned char)s[2 * i + 1];
        unsigned unit = high_first ? a << 8 | b : b << 8 | a;
        if (!is_written(unit)) return 0;
        ascii += unit < 0x7F;
    }
    return ascii;
}

/* Bytes with a zero here and there, where half of them would be. */
static bool is_narrow(const char *s, size_t n) {
    size_t zeros = 0;
    if (n > 2 * WIDE_SEEN) n = 2 * WIDE_SEEN;
    for (size_t i = 0; i < n; i++) {
        if (s[i] & 0x80) return false;
        zeros += !s[i];
    }
    return zeros < n / 3;
}

const char *utf8_wide(const char *s, size_t n) {
    if (n < 2) return NULL;
    if (memcmp(s, "\xFF\xFE", 2) == 0 || memcmp(s, "\xFE\xFF", 2) == 0) return "UTF-16";
    if (n % 2 || is_narrow(s, n)) return NULL;
    size_t little = ascii_of_wide(s, n, false), big = ascii_of_wide(s, n, true);
    if (!little && !big) return NULL;
    return little > big ? "UTF-16LE" : "UTF-16BE";
}

size_t utf8_count(const char *s, size_t n) { return u8_mbsnlen((const uint8_t *)s, n); }

int utf8_rows(const char *s, size_t n) {
    int rows = 0;
    for (size_t i = 0; i < n; i++) rows += s[i] == '\n';
    return rows;
}

bool utf8_is_letter(const char *s) {
    return isalpha((unsigned char)*s) || (unsigned char)*s >= 0x80;
}

bool utf8_has_hangul(const char *s) {
    size_t len;
    for (uint32_t c; (c = utf8_decode(s, &len)); s += len) {
        if (c >= HANGUL && c <= HANGUL_LAST) return true;
    }
    return false;
}

/* ---- on the terminal ---- */

static bool is_plain(uint32_t c) { return c >= ' ' && c < 0x7F; }

bool utf8_controls(uint32_t c) {
    return !is_plain(c) &&
           (uc_is_general_category(c, UC_CATEGORY_Cc) || c == 0x2028 || c == 0x2029);
}

/* Of what nobody sees, variation selectors (how a sign looks) and the fillers of Hangul
 * in jamo may stay; U+FDD0 … and U+…FFFE, U+…FFFF are no characters. */
bool utf8_safe(uint32_t c) {
    if (is_plain(c)) return true;
    bool selector = uc_is_property_variation_selector(c);
    bool filler = c == 0x115F || c == 0x1160;
    return selector || filler ||
           !(utf8_controls(c) || uc_is_general_category(c, UC_CATEGORY_Cf) ||
             uc_is_property_not_a_character(c) ||
             uc_is_property_default_ignorable_code_point(c));
}

static int width_of(uint32_t code) {
    if (is_plain(code)) return 1;
    int w = utf8_safe(code) ? uc_width(code, "UTF-8") : 0;
    return w > 0 ? w : 0;
}

size_t utf8_fit(const char *s, int columns) {
    size_t at = 0, len;
    for (uint32_t code; (code = utf8_decode(s + at, &len)); at += len) {
        columns -= width_of(code);
        if (columns < 0) break;
    }
    return at;
}

int utf8_width(const char *s) {
    int width = 0;
    size_t len;
    for (uint32_t code; (code = utf8_decode(s, &len)); s += len)
        width += width_of(code);
    return width;
}

size_t utf8_plain(const char *s) {
    size_t n = 0;
    while (is_plain((unsigned char)s[n]) || s[n] == '\n' || s[n] == '\t') n++;
    return n;
}

void utf8_add_line(struct buf *b, const char *s) {
    size_t len;
    for (uint32_t c; (c = utf8_decode(s, &len)); s += len) {
        if (c == '\n' || c == '\t') buf_add(b, " ");
        else if (utf8_safe(c)) utf8_encode(b, c);
    }
}

/* ---- words ---- */

enum { LONGEST_WORD = 96, OF_SYLLABLE = 3 };

/* The code points of a word, a syllable taken apart into its letters, since each is a
 * key: 힌드 is one slip from 힌트, 이게 three from 이전. -1 where it is longer than a
 * name would be. */
static int spell(const char *s, uint32_t to[LONGEST_WORD]) {
    int n = 0;
    size_t len;
    for (uint32_t c; (c = utf8_decode(s, &len)); s += len) {
        if (n > LONGEST_WORD - OF_SYLLABLE) return -1;
        if (c < HANGUL || c > HANGUL_LAST) {
            to[n++] = c;
            continue;
        }
        c -= HANGUL; /* Unicode's order: 21 vowels, 28 ends, none first */
        to[n++] = 0x1100 + c / (21 * 28);
        to[n++] = 0x1161 + c / 28 % 21;
        if (c % 28) to[n++] = 0x11A7 + c % 28;
    }
    return n;
}

size_t utf8_common(const char *a, const char *b) {
    uint32_t p[LONGEST_WORD], q[LONGEST_WORD];
    int n = spell(a, p), m = spell(b, q), same = 0;
    while (same < n && same < m && p[same] == q[same]) same++;
    return (size_t)same;
}

size_t utf8_syllable(const char *a) {
    uint32_t c = utf8_decode(a, &(size_t){0});
    bool hangul = c >= HANGUL && c <= HANGUL_LAST;
    return hangul ? 2 + ((c - HANGUL) % 28 > 0) : 1;
}

static int least(int a, int b) { return a < b ? a : b; }

/* Optimal string alignment (Damerau 1964): d[i][j] is for the first i and j letters. */
int utf8_distance(const char *a, const char *b) {
    uint32_t p[LONGEST_WORD], q[LONGEST_WORD];
    int d[LONGEST_WORD + 1][LONGEST_WORD + 1];
    int n = spell(a, p), m = spell(b, q);
    if (n < 0 || m < 0) return strcmp(a, b) == 0 ? 0 : LONGEST_WORD;
    for (int i = 0; i <= n; i++) d[i][0] = i;
    for (int j = 0; j <= m; j++) d[0][j] = j;
    for (int i = 1; i <= n; i++) {
        for (int j = 1; j <= m; j++) {
            int change = d[i - 1][j - 1] + (p[i - 1] != q[j - 1]);
            d[i][j] = least(change, 1 + least(d[i - 1][j], d[i][j - 1]));
            bool swapped =
                i > 1 && j > 1 && p[i - 1] == q[j - 2] && p[i - 2] == q[j - 1];
            if (swapped) d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[n][m];
}
