#include "syntax/normalise.h"

#include <stdlib.h>
#include <string.h>
#include <uninorm.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/utf8.h"

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

/* ½ → (1/2), or false. */
static bool copy_fraction(struct buf *b, uint32_t c) {
    ucs4_t plain[UC_DECOMPOSITION_MAX_LENGTH];
    int tag, n = uc_decomposition(c, &tag, plain);
    if (n < 3 || tag != UC_DECOMP_FRACTION) return false;
    buf_add(b, "(");
    for (int i = 0; i < n; i++) utf8_encode(b, plain[i] == 0x2044 ? '/' : plain[i]);
    buf_add(b, ")");
    return true;
}

static void read_signs(struct buf *b, const char *s) {
    size_t len;
    for (uint32_t c; !interrupt_flag && (c = utf8_decode(s, &len));) {
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
        } else if (c >= 0x80 && copy_fraction(b, c)) {
            s += len;
        } else {
            if (means) buf_add(b, means);
            else utf8_encode(b, plain);
            s += len;
        }
    }
}

/* Bytes made clean at once, and on to a plain sign: it goes with none before. */
enum { PART = 1 << 16 };

/* Valid, and composed; adds to `out`. */
static void compose(struct buf *out, const char *s, size_t n) {
    struct buf valid = {0};
    size_t len, composed_n;
    for (const char *end = s + n; s < end; s += len)
        utf8_encode(&valid, utf8_decode(s, &len));
    const uint8_t *from = (const uint8_t *)buf_text(&valid);
    char *composed =
        (char *)u8_normalize(UNINORM_NFC, from, valid.len, NULL, &composed_n);
    /* NULL only where memory ran out: what was typed will do then */
    buf_add_n(out, composed ? composed : buf_text(&valid),
              composed ? composed_n : valid.len);
    free(composed);
    buf_free(&valid);
}

/* What Ctrl-C cuts short is not read any further (syntax/lexer.c). */
char *normalise(const char *s) {
    struct buf composed = {0}, out = {0};
    bool plain = true;
    for (const char *p = s; *p && plain; p++) plain = (unsigned char)*p < 0x80;
    if (plain) return mem_copy(s);
    for (size_t n; *s && !interrupt_flag; s += n) {
        n = strnlen(s, PART);
        while ((unsigned char)s[n] >= 0x80) n++;
        compose(&composed, s, n);
    }
    read_signs(&out, buf_text(&composed));
    buf_free(&composed);
    return buf_take(&out);
}
