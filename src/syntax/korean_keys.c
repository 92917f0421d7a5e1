#include "syntax/korean_keys.h"

#include "base/utf8.h"

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

bool korean_keys_read(const char *word, struct buf *latin) {
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

bool korean_keys_line(const char *line, struct buf *latin) {
    size_t len, from = latin->len;
    bool hangul = false;
    for (uint32_t c; (c = utf8_decode(line, &len)); line += len) {
        bool is = add_keys(latin, c);
        if (!is) buf_add_n(latin, line, len);
        hangul |= is;
    }
    if (!hangul && latin->len > from) latin->data[latin->len = from] = '\0';
    return hangul;
}

bool korean_keys_loose(const char *line) {
    size_t len;
    bool loose = false;
    for (uint32_t c; (c = utf8_decode(line, &len)); line += len)
        loose |= c >= 0x3131 && c <= 0x3163;
    return loose;
}
