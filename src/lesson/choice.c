/* Which of the choices is meant: by its number, its letter or its words. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "lesson/answer.h"
#include "lesson/saying.h"
#include "lesson/wording.h"
#include "syntax/normalise.h"
#include "text/number.h"

/* The choice that is meant, of those that `fits` says it of; they are added to which
 * where they are several, but not all. */
static int only_one(const char *line, const cJSON *choices, enum text_lang lang,
                    bool (*fits)(const char *line, const char *text),
                    struct buf *which) {
    int found = ANSWER_NONE, n = 0, i = 0;
    const cJSON *choice;
    cJSON_ArrayForEach(choice, choices) {
        i++;
        if (!fits(line, lesson_text(choice, lang))) continue;
        found = i - 1;
        buf_printf(which, "%s%d", n++ ? ", " : "", i);
    }
    if (n < 2 || n == i) buf_clear(which); /* all of them: it says nothing */
    return n == 1 ? found : ANSWER_NONE;
}

/* Enough of its words, to be no accident. */
static bool fits_words(const char *line, const char *text) {
    enum { LEAST = 3 }; /* bytes: a syllable, or three letters */
    char *words = wording_words(line);
    bool fits = wording_fits(line, text) || wording_begins(line, text);
    bool enough = strlen(words) >= LEAST && fits;
    free(words);
    return enough;
}

/* h - y in "−(1 − h), that is h − y": a part of it that is a formula by itself. */
static bool holds_formula(const char *line, const char *text) {
    static const char *const glue = "+-*/^";
    char *clean = normalise(text), *part = reading_dense(line);
    struct buf b = {0};
    int depth = 0;
    for (const char *c = clean; *c; c++) { /* h - y is one word, and (0, 0) */
        bool space = *c == ' ', within = space && c > clean + 1;
        bool before = space && c[1] && strchr(glue, c[1]) && c[2] == ' ';
        bool behind = within && strchr(glue, c[-1]) && c[-2] == ' ';
        bool point = space && depth && c[-1] == ',';
        depth += (*c == '(') - (*c == ')');
        if (!before && !behind && !point) buf_add_n(&b, c, 1);
    }
    const char *all = buf_text(&b), *at = all;
    size_t n = strlen(part);
    bool holds = false;
    for (; n && !holds && (at = strstr(at, part)); at++) {
        bool begins = at == all || strchr(" ,:", at[-1]);
        bool ends = !at[n] || strchr(" ,.:", at[n]) || (unsigned char)at[n] >= 0x80;
        holds = begins && ends;
    }
    buf_free(&b);
    free(clean);
    free(part);
    return holds;
}

static bool is_formula(const char *line) {
    return strpbrk(line, "+-*/^") && strpbrk(line, READING_LATIN);
}

/* (0, 0): a place in a picture, and no number. */
static bool is_point(const char *line) {
    const char *from = line + strspn(line, " ");
    return *from == '(' && strchr(from, ',') && !line[strspn(line, " 0123456789.,-()")];
}

/* Yes, 네; and what more is said. */
static bool fits_yes(const char *line, const char *text) {
    return wording_yes(line, false) == wording_yes(text, false);
}

static bool fits_both(const char *line, const char *text) {
    return fits_yes(line, text) && fits_words(line, text);
}

/* In the language of the moment, else in the other. */
static int choice_by(struct session *s, const char *line, const cJSON *choices,
                     bool (*fits)(const char *line, const char *text),
                     struct buf *which) {
    enum text_lang now = text_lang(s->out->text);
    int i = only_one(line, choices, now, fits, which);
    for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++) {
        if (lang != now && i == ANSWER_NONE && !which->len)
            i = only_one(line, choices, lang, fits, which);
    }
    return i;
}

/* No. 2: a number's sign, no word. */
static bool is_numbered(const char *line) {
    const char *more = line + strcspn(line, " ");
    return *more && !more[strspn(more, " 0123456789.)")];
}

static int choice_yes(struct session *s, const char *line, const cJSON *choices,
                      struct buf *which) {
    if (!wording_yes(line, false) || is_numbered(line)) return ANSWER_NONE;
    enum text_lang now = text_lang(s->out->text);
    enum text_lang said = utf8_has_hangul(line) ? TEXT_KO : TEXT_EN;
    int i = choice_by(s, line, choices, fits_both, which);
    for (int k = 0; k <= (now != said) && i == ANSWER_NONE; k++) {
        buf_clear(which);
        i = only_one(line, choices, k ? said : now, fits_yes, which);
    }
    return i;
}

/* Counted, it is one; by its words, maybe another: 하나 is the first, unless a choice
 * speaks of one. Then both are added to which. */
static int either(int counted, int by_words, struct buf *which) {
    if (by_words == ANSWER_NONE || counted == by_words) {
        buf_clear(which);
        return counted;
    }
    int low = by_words < counted ? by_words : counted;
    int high = by_words < counted ? counted : by_words;
    buf_printf(which, "%d, %d", low + 1, high + 1);
    return ANSWER_NONE;
}

/* 목욕통에 빠져요, where no choice speaks of falling: 목욕통 decides. */
static int choice_without_verb(struct session *s, const char *line,
                               const cJSON *choices, struct buf *which) {
    const char *last = strrchr(line, ' ');
    bool says = last && wording_is_verb(last + 1) && !saying_denies(line) &&
                !wording_is_one_of(last + 1, "없…") && !strchr(line, '?');
    if (!says) return ANSWER_NONE;
    char *rest = mem_copy_n(line, (size_t)(last - line));
    int i = choice_by(s, rest, choices, fits_words, which);
    free(rest);
    return i;
}

static int choice_with(struct session *s, const char *line, const cJSON *choices,
                       struct buf *which) {
    int i = choice_by(s, line, choices, fits_words, which);
    if (i == ANSWER_NONE && !which->len)
        i = choice_without_verb(s, line, choices, which);
    int counted = saying_ordinal(line, true), n = cJSON_GetArraySize(choices);
    if (i == ANSWER_NONE || counted < 0 || counted >= n) return i;
    return either(counted, i, which);
}

/* 2, 2번이요, 답은 2번, 2번이 맞아요; but 2번 칸에서 says more. */
static bool is_count_alone(const char *line) {
    char *said = wording_words(line);
    const char *rest = said + strspn(said, "0123456789");
    bool alone =
        !*rest || wording_is_one_of(rest, "번 번째 번맞… 번할… 번고를… 번선택…");
    free(said);
    return alone;
}

/* Does a choice's text speak of this number? */
static bool is_spoken_of(struct session *s, double number, const cJSON *choices) {
    struct buf which = {0};
    int i = choice_by(s, NUM(s->out, number), choices, wording_fits, &which);
    bool is = i != ANSWER_NONE || which.len;
    buf_free(&which);
    return is;
}

/* a, b), (C) */
static int letter(const char *line) {
    char *said = wording_words(line);
    int i = *said >= 'a' && *said <= 'z' && !said[1] ? *said - 'a' : ANSWER_NONE;
    free(said);
    return i;
}

bool answer_is_which(const char *line, const char *question) {
    static const char count[] = "번"; /* 몇 번 고칠까요? */
    return strstr(line, count) && !strstr(question, count) && answer_counts(line);
}

bool answer_counts(const char *line) {
    bool digits = line[strcspn(line, "0123456789")] != '\0';
    bool bare = !line[strspn(line, " 0123456789.,")];
    return saying_ordinal(line, true) >= 0 || (digits && !bare && is_count_alone(line));
}

int answer_choice(struct session *s, const char *line, const struct program *p,
                  const cJSON *choices, struct buf *which) {
    int n = cJSON_GetArraySize(choices), i = 0;
    const cJSON *choice;
    cJSON_ArrayForEach(choice, choices) {
        if (answer_says(line, choice)) return i;
        i++;
    }
    if (is_formula(line) || is_point(line))
        i = choice_by(s, line, choices, holds_formula, which);
    else i = choice_yes(s, line, choices, which);
    if (i != ANSWER_NONE || which->len || wording_yes(line, true)) return i;
    struct answer a = answer_number(s, line, p, NULL, NULL);
    bool bare =
        a.n && !a.is_line; /* 13,002 is a number, where a list would be a line */
    if (!bare) a = (struct answer){0}, reading_among_words(s, line, NULL, &a);
    if (!bare && answer_is_line(s, p)) return ANSWER_NONE;
    bool is =
        a.n && a.value[0] >= 1 && a.value[0] <= n && a.value[0] == floor(a.value[0]);
    if (is) {
        bool alone = is_count_alone(line);
        i = alone ? ANSWER_NONE : choice_by(s, line, choices, fits_words, which);
        if (i != ANSWER_NONE || which->len) return i;
        bool spoken_of = !alone && is_spoken_of(s, a.value[0], choices);
        return spoken_of ? ANSWER_NONE : (int)a.value[0] - 1;
    }
    i = choice_with(s, line, choices, which);
    if (i == ANSWER_NONE && a.n) return ANSWER_OUTSIDE;
    if (which->len || (i == ANSWER_NONE && saying_denies(line))) return i;
    if (i == ANSWER_NONE) i = saying_ordinal(line, false);
    if (i == ANSWER_NONE) i = letter(line);
    return i < n ? i : ANSWER_NONE;
}
