#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <wchar.h>

#include "base/memory.h"

enum { BAD = 0xFFFD };

/* ---- one code point at a time ---- */

uint32_t utf8_decode(const char *s, size_t *len) {
    const unsigned char *p = (const unsigned char *)s;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    *len = p[0] != 0;
    if (p[0] < 0x80) return p[0];
    size_t n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4) return BAD;
    uint32_t code = p[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) return BAD;
        code = code << 6 | (p[i] & 0x3F);
    }
    if (code < least[n] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
        return BAD;
    }
    *len = n;
    return code;
}

void utf8_encode(struct buf *b, uint32_t code) {
    char s[4];
    size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; code >>= 6) s[i] = (char)(0x80 | (code & 0x3F));
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    s[0] = (char)(first[n] | code);
    buf_add_n(b, s, n);
}

bool utf8_valid(const char *s, size_t n, size_t *bad) {
    /* A NUL inside the n bytes is bad too: nothing here means to hold one. */
    for (size_t i = 0, len; i < n; i += len) {
        uint32_t code = utf8_decode(s + i, &len);
        bool broken = code == BAD && len == 1;
        if (!len || broken || i + len > n) {
            if (bad) *bad = i;
            return false;
        }
    }
    return true;
}

size_t utf8_count(const char *s, size_t n) {
    size_t count = 0;
    for (size_t i = 0, len; i < n; i += len, count++) {
        utf8_decode(s + i, &len);
        if (!len) break;
    }
    return count;
}

/* ---- on the terminal ---- */

static int width_of(uint32_t code) {
    if (code < 0x7F) return code >= 0x20;
    int w = wcwidth((wchar_t)code);
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

/* Marks that turn the direction of writing: they can make a line look like another. */
static bool turns_writing(uint32_t c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void utf8_add_safe(struct buf *b, const char *s, bool keep_lines) {
    size_t len;
    for (uint32_t c; (c = utf8_decode(s, &len)); s += len) {
        if (c == '\n' || c == '\t') {
            buf_add_n(b, keep_lines ? s : " ", 1);
        } else if (c >= 0x20 && (c < 0x7F || c > 0x9F) && !turns_writing(c)) {
            utf8_encode(b, c);
        }
    }
}

/* ---- what people really type ---- */

static bool is_word_sign(uint32_t c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c > 0x7F;
}

/* A letter, digit or space in another dress (full width, mathematical, subscript) as
 * the plain one. Unicode's own table knows them. */
static uint32_t undress(uint32_t c) {
    ucs4_t plain[UC_DECOMPOSITION_MAX_LENGTH];
    int tag;
    if (uc_decomposition(c, &tag, plain) != 1) return c;
    bool same = tag == UC_DECOMP_FONT || tag == UC_DECOMP_WIDE ||
                tag == UC_DECOMP_NOBREAK ||
                (tag == UC_DECOMP_SUB && is_word_sign(*plain));
    return same ? *plain : c;
}

/* The plain sign of a raised one (² → 2, ⁻ → −), or 0. Letters stay, but for ⁿ and ⁱ.
 */
static uint32_t lower(uint32_t c) {
    ucs4_t plain[UC_DECOMPOSITION_MAX_LENGTH];
    int tag;
    bool raised = c == 0xB9 || c == 0xB2 || c == 0xB3 || (c >= 0x2070 && c <= 0x207F);
    if (!raised || uc_decomposition(c, &tag, plain) != 1) return 0;
    return *plain == 0x2212 ? '-' : *plain;
}

/* What a look-alike sign means, or NULL. */
static const char *sign_meant(uint32_t c) {
    static const struct {
        uint32_t from, to;
        const char *means;
    } signs[] = {
        {0xAD, 0xAD, ""},       {0xB7, 0xB7, "*"},      {0xD7, 0xD7, "*"},
        {0xF7, 0xF7, "/"},      {0x2000, 0x200A, " "},  {0x200B, 0x200F, ""},
        {0x2010, 0x2015, "-"},  {0x2018, 0x2019, "'"},  {0x201C, 0x201F, "\""},
        {0x2022, 0x2022, "*"},  {0x2028, 0x2029, "\n"}, {0x202A, 0x202E, ""},
        {0x2044, 0x2044, "/"},  {0x2060, 0x2064, ""},   {0x2066, 0x2069, ""},
        {0x2212, 0x2212, "-"},  {0x2215, 0x2215, "/"},  {0x2217, 0x2217, "*"},
        {0x2219, 0x2219, "*"},  {0x2248, 0x2248, "~="}, {0x2260, 0x2260, "!="},
        {0x2264, 0x2264, "<="}, {0x2265, 0x2265, ">="}, {0x2266, 0x2266, "<="},
        {0x2267, 0x2267, ">="}, {0x22C5, 0x22C5, "*"},  {0x2A7D, 0x2A7D, "<="},
        {0x2A7E, 0x2A7E, ">="}, {0xFE0E, 0xFE0F, ""},   {0xFEFF, 0xFEFF, ""},
    };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (c >= signs[i].from && c <= signs[i].to) return signs[i].means;
    }
    return NULL;
}

static bool is_curly(uint32_t c) { return c >= 0x201C && c <= 0x201F; }

/* Whether a text that begins with a straight quote was closed by a curly one: there is
 * one on the line, and no straight one. */
static bool ends_curly(const char *s) {
    bool curly = false;
    size_t len;
    for (uint32_t c; (c = utf8_decode(s, &len)) && c != '\n' && c != '"'; s += len) {
        curly = curly || is_curly(c);
    }
    return curly && *s != '"';
}

/* Copies a text up to and with its closing quote, as it is; returns what follows. */
static const char *copy_text(struct buf *b, const char *s, bool curly) {
    size_t len;
    buf_add(b, "\"");
    for (uint32_t c; (c = utf8_decode(s, &len)); s += len) {
        if (c == '"' || (curly && (is_curly(c) || c == 0xFF02))) {
            buf_add(b, "\"");
            return s + len;
        }
        if (curly && c == '\n') break;
        buf_add_n(b, s, len);
    }
    return s;
}

/* Copies a run of raised signs as a power: ¹² → ^12. */
static const char *copy_power(struct buf *b, const char *s) {
    size_t len;
    buf_add(b, "^");
    for (uint32_t c; (c = lower(utf8_decode(s, &len))); s += len) utf8_encode(b, c);
    return s;
}

static void read_signs(struct buf *b, const char *s) {
    size_t len;
    for (uint32_t c; (c = utf8_decode(s, &len));) {
        uint32_t plain = c < 0x80 ? c : undress(c);
        const char *means = plain < 0x80 ? NULL : sign_meant(plain);
        if (plain == '#') {
            size_t n = strcspn(s, "\n");
            buf_add(b, "#");
            if (n > len) buf_add_n(b, s + len, n - len);
            s += n;
        } else if (plain == '"' || is_curly(c)) {
            s += len;
            s = copy_text(b, s, c != '"' || ends_curly(s));
        } else if (c >= 0x80 && lower(c)) {
            s = copy_power(b, s);
        } else {
            if (means) buf_add(b, means);
            else utf8_encode(b, plain);
            s += len;
        }
    }
}

char *utf8_normalize(const char *s) {
    struct buf valid = {0}, out = {0};
    size_t len, n;
    bool plain = true;
    for (const char *p = s; *p && plain; p++) plain = (unsigned char)*p < 0x80;
    if (plain) return mem_copy(s);
    for (uint32_t c; (c = utf8_decode(s, &len)); s += len) utf8_encode(&valid, c);
    const uint8_t *from = (const uint8_t *)valid.data;
    char *composed = (char *)u8_normalize(UNINORM_NFC, from, valid.len, NULL, &n);
    if (composed) { /* NULL only where memory ran out: what was typed will do then */
        buf_clear(&valid);
        buf_add_n(&valid, composed, n);
        free(composed);
    }
    read_signs(&out, buf_text(&valid));
    buf_free(&valid);
    return buf_take(&out);
}

/* ---- words ---- */

/* The keys of the two-set layout, in Unicode's order of the jamo. */
static const char *const first_keys[] = {"r", "R", "s", "e", "E", "f", "a",
                                         "q", "Q", "t", "T", "d", "w", "W",
                                         "c", "z", "x", "v", "g"};
static const char *const vowel_keys[] = {"k",  "o",  "i",  "O",  "j",  "p",  "u",
                                         "P",  "h",  "hk", "ho", "hl", "y",  "n",
                                         "nj", "np", "nl", "b",  "m",  "ml", "l"};
static const char *const last_keys[] = {
    "",   "r",  "R", "rt", "s",  "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx",
    "fv", "fg", "a", "q",  "qt", "t",  "T",  "d", "w", "c",  "z",  "x",  "v",  "g"};
/* ㄱ (U+3131) to ㅎ: single letters and the compounds that only end a syllable. */
static const char *const letter_keys[] = {
    "r",  "R", "rt", "s", "sw", "sg", "e", "E", "f", "fr", "fa", "fq", "ft", "fx", "fv",
    "fg", "a", "q",  "Q", "qt", "t",  "T", "d", "w", "W",  "c",  "z",  "x",  "v",  "g"};

static bool add_keys(struct buf *b, uint32_t c) {
    if (c >= 0xAC00 && c <= 0xD7A3) {
        c -= 0xAC00;
        buf_add(b, first_keys[c / 588]);
        buf_add(b, vowel_keys[c / 28 % 21]);
        buf_add(b, last_keys[c % 28]);
    } else if (c >= 0x3131 && c <= 0x314E) {
        buf_add(b, letter_keys[c - 0x3131]);
    } else if (c >= 0x314F && c <= 0x3163) {
        buf_add(b, vowel_keys[c - 0x314F]);
    } else if (c >= 0x1100 && c <= 0x1112) { /* jamo that NFC could not join */
        buf_add(b, first_keys[c - 0x1100]);
    } else if (c >= 0x1161 && c <= 0x1175) {
        buf_add(b, vowel_keys[c - 0x1161]);
    } else if (c >= 0x11A8 && c <= 0x11C2) {
        buf_add(b, last_keys[c - 0x11A7]);
    } else {
        return false;
    }
    return true;
}

bool utf8_from_korean_keys(const char *word, struct buf *latin) {
    struct buf keys = {0};
    bool hangul = false;
    size_t len;
    uint32_t c;
    for (; (c = utf8_decode(word, &len)); word += len) {
        if (add_keys(&keys, c)) hangul = true;
        else if ((c >= '0' && c <= '9') || c == '_' || c == '.') utf8_encode(&keys, c);
        else break;
    }
    bool whole = hangul && !c;
    if (whole) buf_add(latin, buf_text(&keys));
    buf_free(&keys);
    return whole;
}

enum { LONGEST_WORD = 64 };

/* The code points of a word, or -1 where it is longer than a name would be. */
static int spell(const char *s, uint32_t to[LONGEST_WORD]) {
    int n = 0;
    size_t len;
    for (uint32_t c; (c = utf8_decode(s, &len)); s += len) {
        if (n == LONGEST_WORD) return -1;
        to[n++] = c;
    }
    return n;
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
