#include "present/typist.h"

#include "base/utf8.h"

#define LETTER_SECONDS 0.07

enum { SYLLABLES = 0xAC00, LAST_SYLLABLE = 0xD7A3, LASTS = 28, OF_LEAD = 21 * LASTS };

/* A first sound alone, in Unicode's order. */
static const uint32_t leads[] = {0x3131, 0x3132, 0x3134, 0x3137, 0x3138, 0x3139, 0x3141,
                                 0x3142, 0x3143, 0x3145, 0x3146, 0x3147, 0x3148, 0x3149,
                                 0x314A, 0x314B, 0x314C, 0x314D, 0x314E};

struct typist typist_new(int speed) {
    return (struct typist){
        .line = "", .speed = speed, .dice = dice_for(1, "typist", 0)};
}

void typist_take(struct typist *t, const char *line) {
    t->line = line;
    t->half = t->over = 0;
    t->begun = t->thinking = false;
}

/* The syllable as far as it is made; *whole: nothing is missing. */
static uint32_t made(uint32_t c, int half, bool *whole) {
    uint32_t n = c - SYLLABLES, open = SYLLABLES + n - n % LASTS;
    *whole = half == 2 || (half == 1 && open == c);
    return half == 0 ? leads[n / OF_LEAD] : *whole ? c : open;
}

static double pause_before(struct typist *t) {
    static const double slow[] = {0, 2, 1.4, 1, 0.7, 0.45};
    double times = !t->begun ? 4 : t->thinking ? 2 : 1;
    return LETTER_SECONDS * slow[t->speed] * times *
           (0.7 + 0.6 * dice_uniform(&t->dice));
}

double typist_next(struct typist *t, struct buf *shown, int *back) {
    size_t len;
    uint32_t c = utf8_decode(t->line, &len);
    if (!c) return -1;
    bool whole = true;
    double wait = pause_before(t);
    uint32_t now = c;
    if (c >= SYLLABLES && c <= LAST_SYLLABLE) now = made(c, t->half, &whole);
    buf_clear(shown);
    utf8_encode(shown, now);
    *back = t->over;
    t->over = whole ? 0 : utf8_width(buf_text(shown));
    t->half = whole ? 0 : t->half + 1;
    t->begun = true;
    t->thinking = c == ' ' || c == '=';
    if (whole) t->line += len;
    return wait;
}
