#include "lesson/wording.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "syntax/normalise.h"

/* Lists of words: spaces between them, … where a word may go on. */
// clang-format off
static const char
    idle[] = "the a an of it is its are be i im id we you they thats think… guess believe… "
             "suppose because maybe perhaps probably surely would could can might must "
             "should answer change changing 답은 답 그 제 저는 나는 아마… 정답… 당연히 "
             "생각… 같아… 같습… 같은데… 것… 거 거예… 거요 거야 거죠 듯 듯해… "
             "때문… 있어서… 있으니… 있기",
    links[] = "to in on at by for from with as and or but if then than so this that "
              "these those there here where when what which who how why do does did "
              "has have had was were no not yes 더 이 그 수 및",
    hedges[] = "것… 거 거예… 거요 거야 거죠 듯 듯해… 같아… 같습… 같은데…",
    not_so[] = "not never isnt arent doesnt dont wont cant cannot didnt wasnt 안 못",
    not_does[] = "않… 못…",
    not_is[] = "아니… 아닌… 아닙… 아님…",
    yes_words[] = "yes yeah yep yup 네 예 응 넵 넹 ㅇㅇ",
    no_words[] = "no nope nah 아니 아니요 아니오 아뇨 아냐 아니야 아니에요 아닙니다 ㄴㄴ",
    /* What may stand behind a Korean word; the longer ones first. */
    endings[] = "이라고생각해요 라고생각해요 인것같아요 것같아요 이니까 이라서 인가요 이었어요 이에요 이예요 "
                "입니다 일까요 이네요 이라고 이지요 인데요 같아요 에요 예요 라고 이요 이죠 "
                "지요 이다 이야 에서 으로 네요 겠죠 죠 요 야 을 를 이 가 은 는 의 도 와 과 로 에",
    before_hedge[] = "인 일"; /* 가중치인 것 같아요 */
// clang-format on

/* 2가 아닌가요? isn't it? mean it. */
static const char *const tags[] = {"아닌가요", "아닐까요",      "아닌가", "아니에요?",
                                   "아니죠?",  "아니야?",       "않나요", "않을까요",
                                   "isn't it", "isn\u2019t it", NULL};

bool wording_is_one_of(const char *word, const char *list) {
    static const char more[] = "…";
    size_t n = strlen(word), dots = strlen(more);
    for (size_t len; *list; list += len + (list[len] == ' ')) {
        len = strcspn(list, " ");
        bool open = len > dots && memcmp(list + len - dots, more, dots) == 0;
        size_t least = open ? len - dots : len;
        bool begins = n >= least && memcmp(word, list, least) == 0;
        if (begins && (open || n == least)) return true;
    }
    return false;
}

/* ---- letters ---- */

static bool is_mark(uint32_t c) {
    return c < 0x80 ? strchr(" \t.,!?~\"'`:;()", (int)c) != NULL
                    : c == 0x2019 || c == 0x2018 || c == 0x2026 || c == 0x3002;
}

char *wording_letters(const char *line) {
    struct buf b = {0};
    size_t len;
    char *clean = normalise(line); /* a choice copied as it is shown: h·(1 − h) */
    const char *at = clean;
    for (uint32_t c; (c = utf8_decode(at, &len)); at += len) {
        if (is_mark(c)) continue;
        utf8_encode(&b, c < 0x80 ? (uint32_t)tolower((int)c) : c);
    }
    free(clean);
    buf_add(&b, "");
    return buf_take(&b);
}

/* ---- a line's words ---- */

struct word {
    char *said;  /* small, without signs */
    size_t stem; /* its bytes without what bends it */
    bool idle;   /* says nothing by itself */
    bool denied; /* not flat, 평평하지 않아요, 안 평평해요 */
};

struct words {
    struct word *at;
    size_t n;
};

static bool ends_in(const char *word, const char *end) {
    size_t n = strlen(word), len = strlen(end);
    return n >= len && strcmp(word + n - len, end) == 0;
}

static bool ends_in_one(const char *word, const char *const *ends) {
    bool does = false;
    for (int i = 0; ends[i]; i++) does |= ends_in(word, ends[i]);
    return does;
}

/* Bytes of the word without the first of these that it ends in; something stays. */
static size_t without(const char *word, size_t n, const char *list) {
    for (size_t len; *list; list += len + (list[len] == ' ')) {
        len = strcspn(list, " ");
        if (n > len && memcmp(word + n - len, list, len) == 0) return n - len;
    }
    return n;
}

/* Twice, since what looks like a particle may be the word's own: 강도 and 강도예요 must
 * come to the same. */
static size_t stem_of(const char *word, bool hedged) {
    size_t n = strlen(word);
    bool latin = n && isalpha((unsigned char)word[n - 1]);
    if (hedged) n = without(word, n, before_hedge);
    if (!latin) return without(word, without(word, n, endings), endings);
    bool plural = n > 3 || (n == 3 && isdigit((unsigned char)word[1])); /* L2's */
    return plural && word[n - 1] == 's' && word[n - 2] != 's' ? n - 1 : n;
}

/* 평평하지 않아요, 지나지 못해요; 가중치가 아니에요. */
static bool denies_last(const char *word, const char *last) {
    static const char *const joints[] = {"지", "지는", "지도", "지를", "진", NULL};
    return wording_is_one_of(word, not_is) ||
           (wording_is_one_of(word, not_does) && ends_in_one(last, joints));
}

/* not flat, not the weights */
static bool denies_next(const struct word *last) {
    return wording_is_one_of(last->said, not_so) || (last->idle && last->denied);
}

/* 안|바뀌어요, 바뀌지|않아요: where two words are parted that many write together; 0:
 * nowhere. */
static size_t joint_of(const char *said) {
    static const char no[] = "안";
    size_t n = strlen(said), first = strlen(no);
    bool verb = wording_is_verb(said) || ends_in(said, "다");
    if (verb && n > 3 * first && strncmp(said, no, first) == 0) return first;
    const char *not = strstr(said, "지않");
    if (!not ) not = strstr(said, "지못");
    return not &&not > said ? (size_t)(not -said) + strlen("지") : 0;
}

static void add_word(struct words *l, const char *from, size_t n) {
    char *raw = mem_copy_n(from, n), *said = wording_letters(raw);
    free(raw);
    size_t joint = joint_of(said);
    if (joint) {
        add_word(l, said, joint);
        add_word(l, said + joint, strlen(said + joint));
        free(said);
        return;
    }
    if (!*said) {
        free(said);
        return;
    }
    l->at = mem_grow(l->at, l->n + 1, sizeof *l->at);
    struct word *w = &l->at[l->n++], *last = l->n > 1 ? w - 1 : NULL;
    *w = (struct word){.said = said, .idle = wording_is_one_of(said, idle)};
    if (last && denies_last(said, last->said)) {
        while (last->idle && last > l->at) last--; /* 가중치인 것은 아니에요 */
        last->denied = w->idle = true;
        last = w - 1;
    } else if (last && denies_next(last)) {
        w->denied = last->idle = true;
    }
    w->stem = stem_of(said, false);
    if (last && wording_is_one_of(said, hedges)) last->stem = stem_of(last->said, true);
}

static struct words read_words(const char *line) {
    struct words l = {0};
    char *small = mem_copy(line);
    for (char *c = small; *c; c++) *c = (char)tolower((unsigned char)*c);
    for (int i = 0; tags[i]; i++) {
        for (char *at = small; (at = strstr(at, tags[i]));)
            memset(at, ' ', strlen(tags[i]));
    }
    for (const char *p = small; *p;) {
        size_t n = strcspn(p, " \t\r\n");
        add_word(&l, p, n);
        p += n + strspn(p + n, " \t\r\n");
    }
    free(small);
    return l;
}

static void free_words(struct words *l) {
    for (size_t i = 0; i < l->n; i++) free(l->at[i].said);
    free(l->at);
}

static bool any_denied(const struct words *l) {
    bool any = false;
    for (size_t i = 0; i < l->n; i++) any |= l->at[i].denied;
    return any;
}

static char *joined(const struct words *l) {
    struct buf b = {0};
    for (size_t i = 0; i < l->n; i++) {
        const struct word *w = &l->at[i];
        if (w->idle) continue;
        if (w->denied) buf_add(&b, "!");
        buf_add_n(&b, w->said, w->stem);
    }
    if (!b.len && l->n) /* "a" is an answer where nothing else is */
        buf_add(&b, l->at[l->n - 1].said);
    buf_add(&b, "");
    return buf_take(&b);
}

char *wording_words(const char *line) {
    struct words l = read_words(line);
    char *all = joined(&l);
    free_words(&l);
    return all;
}

/* ---- alike ---- */

static size_t common_bytes(const char *a, const char *b) {
    size_t n = 0;
    while (a[n] && a[n] == b[n]) n++;
    return n;
}

static bool is_latin(const char *word) {
    return word[strspn(word, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

/* What is left of one of them behind what both have, and of the other: "" and ing, e
 * and ing, y and ies, "" and ger of bigger. */
static bool are_forms(const char *a, const char *b, char last) {
    static const char plain[] = "s es ed d ing er r est st ly al ity";
    if (*a == last && !*b) return wording_is_one_of(a + 1, "ing ed er est");
    if (strcmp(a, "e") == 0) return strcmp(b, "ing") == 0;
    if (strcmp(a, "y") == 0) return wording_is_one_of(b, "ies ied ier iest ily");
    return wording_is_one_of(a, plain) && (!*b || wording_is_one_of(b, plain));
}

/* small, smaller; and enough of a long word: backprop. */
static bool latin_alike(const char *line, const char *text) {
    enum { LEAST = 3, ENOUGH = 5 };
    size_t n = common_bytes(line, text);
    if (n < LEAST || !is_latin(line) || !is_latin(text)) return false;
    const char *a = line + n, *b = text + n;
    if (*a && *b && n == LEAST) return false;
    return are_forms(a, b, line[n - 1]) || are_forms(b, a, line[n - 1]) ||
           (!*a && n >= ENOUGH);
}

/* Hangul's letters are taken apart, so that 커져 and 커진 have ㅋㅓㅈ. The ㅇ that no
 * one hears doesn't count: 기울기 is not like 기억. */
static size_t letters_alike(const char *a, const char *b) {
    enum { HANGUL = 0xAC00, OF_FIRST = 21 * 28, SILENT = 11 };
    size_t same = utf8_common(a, b), letters = 0, len;
    for (uint32_t c; letters < same && (c = utf8_decode(a, &len)); a += len) {
        bool silent = c >= HANGUL && (c - HANGUL) / OF_FIRST == SILENT;
        if (silent && letters + 1 == same) return same - 1;
        letters += utf8_syllable(a);
    }
    return same;
}

/* 작아요, 작은, 작다: a stem of one syllable, closed, and what bends it. */
static bool bends_one(const char *a, const char *b) {
    static const char soft[] = "아… 어… 았… 었… 은… 음… 을… 으…",
                      hard[] = "다… 지… 고… 는… 습… 네… 게… 죠… 던… 나… 기…";
    size_t len, n = common_bytes(a, b);
    utf8_decode(a, &len);
    bool one = n >= len && utf8_syllable(a) == 3; /* letters: closed */
    if (!one || !a[len] || !b[len]) return false;
    bool soft_a = wording_is_one_of(a + len, soft),
         soft_b = wording_is_one_of(b + len, soft);
    return (soft_a && soft_b) || (soft_a && wording_is_one_of(b + len, hard)) ||
           (soft_b && wording_is_one_of(a + len, hard));
}

static bool korean_alike(const struct word *a, const struct word *b) {
    enum { LETTERS = 3 };
    size_t least = utf8_syllable(a->said) + 1;
    char *x = mem_copy_n(a->said, a->stem), *y = mem_copy_n(b->said, b->stem);
    size_t same = letters_alike(x, y);
    free(x);
    free(y);
    return same >= (least < LETTERS ? LETTERS : least) || bends_one(a->said, b->said);
}

/* 2 and 2번: its digits; 0: it does not count. */
static size_t counted(const struct word *w) {
    size_t n = strspn(w->said, "0123456789");
    return wording_is_one_of(w->said + n, "번") || n == w->stem ? n : 0;
}

/* A word of the line, and one of the text. */
static bool is_alike(const struct word *a, const struct word *b) {
    if (a->denied != b->denied) return false;
    if (a->stem == b->stem && memcmp(a->said, b->said, a->stem) == 0) return true;
    size_t n = counted(a);
    if (n && n == counted(b)) return memcmp(a->said, b->said, n) == 0;
    return utf8_has_hangul(a->said) ? korean_alike(a, b)
                                    : latin_alike(a->said, b->said);
}

static bool has_alike(const struct words *text, const struct word *w) {
    for (size_t i = 0; i < text->n; i++) {
        if (is_alike(w, &text->at[i])) return true;
    }
    return false;
}

/* Has each word that says something its like in the text? */
static bool is_within(const struct words *line, const struct words *text) {
    int n = 0;
    for (size_t i = 0; i < line->n; i++) {
        if (line->at[i].idle) continue;
        if (!has_alike(text, &line->at[i])) return false;
        n++;
    }
    return n > 0;
}

/* ---- running on ---- */

/* May a word be broken off behind its first n bytes? 전기|신호들이, but 예|들이 only
 * where particles follow. */
static bool may_end(const struct word *w, size_t n, size_t said) {
    enum { TWO_SYLLABLES = 6 };
    const char *rest = w->said + n;
    if (!*rest || n >= w->stem) return true;
    if ((unsigned char)w->said[n - 1] >= 0x80) return said >= TWO_SYLLABLES;
    char *begin = mem_copy_n(w->said, n);
    bool may = latin_alike(begin, w->said);
    free(begin);
    return may;
}

/* How many bytes of said this word is: all of it, or its stem; the last may be broken
 * off. 0: it does not go on so. *all: it ends there. */
static size_t eat(const struct word *w, const char *said, size_t whole, bool *all) {
    size_t n = strlen(w->said), same = common_bytes(w->said, said);
    *all = !said[same] && same > 0;
    if (*all) return may_end(w, same, whole) ? same : 0;
    if (same >= n) return n;
    return same >= w->stem ? w->stem : 0;
}

static bool runs_from(const struct words *text, size_t i, const char *said,
                      bool denied) {
    size_t whole = strlen(said);
    bool all = false, seen = false;
    for (; i < text->n && !all; i++) {
        const struct word *w = &text->at[i];
        size_t n = eat(w, said, whole, &all);
        if (!n && (!w->idle || all)) return false;
        seen |= n && w->denied;
        said += n;
    }
    return all && seen == denied;
}

static bool runs_on(const struct words *text, const char *said, bool denied) {
    bool on = false;
    for (size_t i = 0; *said && i < text->n && !on; i++)
        on = runs_from(text, i, said, denied);
    return on;
}

/* ---- the line and the text ---- */

bool wording_fits(const char *line, const char *text) {
    struct words l = read_words(line), t = read_words(text);
    char *letters = wording_letters(line), *words = joined(&l);
    bool says = false, denied = any_denied(&l);
    for (size_t i = 0; i < l.n; i++)
        says |= !l.at[i].idle && !wording_is_one_of(l.at[i].said, links);
    bool fits = says && (is_within(&l, &t) || runs_on(&t, letters, denied) ||
                         runs_on(&t, words, denied));
    free(letters);
    free(words);
    free_words(&l);
    free_words(&t);
    return fits;
}

bool wording_begins(const char *line, const char *text) {
    enum { LEAST = 2 };
    struct words l = read_words(line), t = read_words(text);
    size_t i = 0, k = 0, both = 0;
    bool goes = any_denied(&l) == any_denied(&t);
    for (; goes; i++, k++, both++) {
        while (i < l.n && l.at[i].idle) i++;
        while (k < t.n && t.at[k].idle) k++;
        if (i == l.n || k == t.n) break;
        goes = is_alike(&l.at[i], &t.at[k]);
    }
    goes &= k == t.n && both >= LEAST;
    free_words(&l);
    free_words(&t);
    return goes;
}

bool wording_is_verb(const char *word) {
    static const char *const ends[] = {"요", "니다", NULL};
    static const char *const copulas[] = {"예요", "에요", "이요", "입니다", NULL};
    return ends_in_one(word, ends) && !ends_in_one(word, copulas);
}

static bool is_verb(const struct word *w) {
    return w->denied || wording_is_verb(w->said) || ends_in(w->said, "다");
}

/* Word for word the same; verbs may bend: 안 변해요, 변하지 않는다. */
static bool same_words(const struct words *a, const struct words *b) {
    size_t i = 0, k = 0, both = 0;
    for (;; i++, k++, both++) {
        while (i < a->n && a->at[i].idle) i++;
        while (k < b->n && b->at[k].idle) k++;
        if (i == a->n || k == b->n) return both && i == a->n && k == b->n;
        const struct word *x = &a->at[i], *y = &b->at[k];
        bool same = x->denied == y->denied && x->stem == y->stem &&
                    memcmp(x->said, y->said, x->stem) == 0;
        if (!same && !(is_verb(x) && is_verb(y) && is_alike(x, y))) return false;
    }
}

bool wording_same(const char *line, const char *text) {
    struct words l = read_words(line), t = read_words(text);
    char *letters = wording_letters(line), *wanted = wording_letters(text);
    char *words = joined(&l), *wanted_words = joined(&t);
    bool same = *letters && (strcmp(letters, wanted) == 0 ||
                             strcmp(words, wanted_words) == 0 || same_words(&l, &t));
    free(letters);
    free(wanted);
    free(words);
    free(wanted_words);
    free_words(&l);
    free_words(&t);
    return same;
}

char *wording_beyond(const char *line, const char *question) {
    struct words l = read_words(line), q = read_words(question);
    struct buf b = {0};
    for (size_t i = 0; i < l.n; i++) {
        const struct word *w = &l.at[i]; /* 조절해요: said of the answer, not it */
        bool said_of = i + 1 == l.n && wording_is_verb(w->said);
        if (!said_of && !has_alike(&q, w))
            buf_printf(&b, "%s%s", b.len ? " " : "", w->said);
    }
    free_words(&l);
    free_words(&q);
    buf_add(&b, "");
    return buf_take(&b);
}

int wording_yes(const char *line, bool alone) {
    line += strspn(line, " ");
    size_t n = strcspn(line, " "), more = strspn(line + n, " ");
    char *first = mem_copy_n(line, n), *said = wording_letters(first);
    bool whole = !line[n + more], parted = n && strchr(",.:;!", line[n - 1]);
    int is = wording_is_one_of(said, yes_words)  ? WORDING_YES
             : wording_is_one_of(said, no_words) ? WORDING_NO
                                                 : WORDING_NEITHER;
    bool asks = n && line[n - 1] == '?';
    if (!*said || asks || (alone ? !whole : !whole && !parted)) is = WORDING_NEITHER;
    free(first);
    free(said);
    return is;
}
