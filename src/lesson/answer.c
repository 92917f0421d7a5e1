#include "lesson/answer.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "lesson/saying.h"

/* ---- numbers ---- */

static void add_reading(struct answer *a, double v) {
    if (isfinite(v) && a->n < ANSWER_READINGS) a->value[a->n++] = v;
}

/* Digits in threes behind commas, as in 13,002: then the length of all, else 0. */
static size_t thousands(const char *s) {
    size_t n = strspn(s, "0123456789");
    if (n < 1 || n > 3) return 0;
    size_t all = n;
    while (s[all] == ',' && strspn(s + all + 1, "0123456789") == 3) all += 4;
    return all > n && s[all] != ',' ? all : 0;
}

/* Without its commas, or with a point in the place of one. */
static double number_without(const char *s, size_t n, const char *comma) {
    struct buf b = {0};
    for (size_t i = 0; i < n; i++) {
        if (s[i] == ',') buf_add(&b, comma);
        else buf_add_n(&b, s + i, 1);
    }
    double v = strtod(buf_text(&b), NULL);
    buf_free(&b);
    return v;
}

/* The bytes of the number at s, signed or not; 0: there is none. Its readings are
 * added: of 1,800 there are two. */
static size_t read_number(const char *s, struct answer *a) {
    size_t sign = strspn(s, "+-") == 1, digits = strspn(s + sign, "0123456789");
    size_t whole = thousands(s + sign);
    if (whole) {
        size_t more =
            s[sign + whole] == '.' ? strspn(s + sign + whole + 1, "0123456789") + 1 : 0;
        add_reading(a, number_without(s, sign + whole + more, ""));
        if (whole == digits + 4 && !more)
            add_reading(a, number_without(s, sign + whole, "."));
        return sign + whole + more;
    }
    size_t after = digits && s[sign + digits] == ','
                       ? strspn(s + sign + digits + 1, "0123456789")
                       : 0;
    if (after) {
        add_reading(a, number_without(s, sign + digits + 1 + after, "."));
        return sign + digits + 1 + after;
    }
    if (!digits && !(s[sign] == '.' && isdigit((unsigned char)s[sign + 1]))) return 0;
    char *end;
    if (s[sign] == '0' && tolower((unsigned char)s[sign + 1]) == 'x') return 0;
    double v = strtod(s, &end);
    add_reading(a, v);
    return (size_t)(end - s);
}

/* What a word right behind a number makes of it: 1677만, 30 %, 30퍼센트. */
static void read_unit(struct answer *a, const char *word) {
    static const struct {
        const char *word;
        double times;
        bool or_plain; /* "in %?" is answered by 30 and by 30 % */
    } units[] = {{"만", 1e4, true},      {"억", 1e8, true}, {"천", 1e3, true},
                 {"million", 1e6, true}, {"%", 0.01, true}, {"퍼센트", 0.01, true},
                 {"percent", 0.01, true}};
    word += strspn(word, " ");
    for (size_t i = 0; i < sizeof units / sizeof *units && a->n == 1; i++) {
        if (strncmp(word, units[i].word, strlen(units[i].word)) != 0) continue;
        add_reading(a, a->value[0] * units[i].times);
    }
}

static bool is_minus(const char *from, const char *to) {
    static const char *const words[] = {"마이너스", "minus", "음수"};
    while (to > from && to[-1] == ' ') to--;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(to - from) >= n && memcmp(to - n, words[i], n) == 0) return true;
    }
    return false;
}

static bool is_letter(const char *c) {
    return isalpha((unsigned char)*c) || (unsigned char)*c >= 0x80;
}

/* Is the word at s, right behind a number, a name of today's? Then `3 w` is a
 * product; but 3x is three times as many. */
static bool names_follow(const struct session *s, const char *word) {
    size_t n = 0;
    if (strcmp(word, "x") == 0) return false;
    word += strspn(word, " ");
    while (is_letter(word + n)) n++;
    char *name = mem_copy_n(word, n);
    bool is = n && board_get(s->board, name);
    free(name);
    return is;
}

static bool mentions(const char *line, const char *name) {
    size_t n = strlen(name);
    for (const char *at = line; at && (at = strstr(at, name)); at += n) {
        bool begins =
            at == line || !(is_letter(at - 1) || isdigit((unsigned char)at[-1]));
        if (begins && !is_letter(at + n) && !isdigit((unsigned char)at[n])) return true;
    }
    return false;
}

/* Not 1; 1은 아니죠: then another is meant, and only the person knows which. But
 * 1 아닌가요? and isn't it 1? mean it. */
static bool denies(const char *line) {
    static const char *const words[] = {"not",   "never",  "except", "wrong", "isnt",
                                        "isn't", "aren't", "cannot", "can't"};
    static const char *const stems[] = {"아니", "아닌", "아닐", "아님",
                                        "말고", "빼고", "제외", "틀리"};
    static const char *const tags[] = {"아닌가",   "아니에요?", "아니야?",
                                       "isn't it", "isnt it",   "isn\u2019t it"};
    char *small = mem_copy(line);
    bool does = false;
    for (char *c = small; *c; c++) *c = (char)tolower((unsigned char)*c);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        does |= mentions(small, words[i]);
    }
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
        does |= strstr(small, stems[i]) != NULL;
    }
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        does &= strstr(small, tags[i]) == NULL;
    }
    free(small);
    return does;
}

/* step E rate 0,1: a command, if not quite one. */
static bool begins_command(struct session *s, const char *line) {
    char *word = mem_copy_n(line, strcspn(line, " "));
    const struct command *c = session_command(s, word);
    free(word);
    return c && c->run && *c->args && !(c->flags & COMMAND_WORDS);
}

/* One number among words: 20이에요, 답은 8, about 8 hours, 1번이요, (2). */
static void read_among_words(struct session *s, const char *line, struct answer *a) {
    const char *behind = NULL;
    bool minus = false;
    if (denies(line) || begins_command(s, line)) return;
    for (const char *c = line; *c;) {
        bool begins = c == line || !is_letter(c - 1); /* the 1 of x1 is none */
        size_t n = begins || (unsigned char)c[-1] >= 0x80 ? read_number(c, a) : 0;
        bool of_prose = is_letter(c) || strchr(" ()=~.,:!?%'\"`$#", *c);
        if ((n && behind) || (!n && !of_prose)) { /* two of them, or a formula */
            a->n = 0;
            return;
        }
        if (n) minus = is_minus(line, c);
        c += n ? n : 1;
        if (n) behind = c;
    }
    if (!behind || names_follow(s, behind)) a->n = 0;
    for (int i = 0; i < a->n && minus; i++) a->value[i] = -a->value[i];
    if (a->n) read_unit(a, behind);
}

/* Numbers and signs alone: 56/3, 2*(2-1). */
static bool is_calculation(const struct expr *x) {
    for (int i = 0; i < x->n; i++) {
        if (x->nodes[i].kind != EXPR_NUMBER && x->nodes[i].kind != EXPR_GATE)
            return false;
    }
    return true;
}

static void work_out(struct session *s, const struct expr *x, struct answer *a) {
    double v;
    struct error *e = is_calculation(x) ? compile_number(s->board, x, &v) : NULL;
    a->is_line = true;
    if (is_calculation(x) && !e) add_reading(a, v);
    error_free(e);
}

struct answer answer_number(struct session *s, const char *line,
                            const struct program *p, const char *asked) {
    struct answer a = {0};
    size_t n = read_number(line, &a);
    if (n && !line[n]) return a;
    a.n = 0;
    const struct stmt *st = p && p->n == 1 ? p->stmts : NULL;
    if (!p) {
        read_among_words(s, line, &a);
    } else if (st && st->kind == STMT_ITEMS && st->n_items == 1 && st->items[0].expr) {
        work_out(s, st->items[0].expr, &a);
    } else if (st && st->kind == STMT_DEFINE && st->op == '=' && st->n_exprs == 1 &&
               st->n_refs == 1 && !st->refs[0].n_index &&
               (!asked || mentions(asked, st->refs[0].name))) {
        work_out(s, st->exprs[0], &a);
        a.defines = true;
    }
    return a;
}

/* ---- words ---- */

static bool says(const char *line, const cJSON *text) {
    char *letters = saying_letters(line), *words = saying_words(line);
    bool same = false;
    for (enum text_lang lang = 0; lang < TEXT_LANGS && !same; lang++) {
        char *wanted = saying_letters(lesson_text(text, lang));
        char *wanted_words = saying_words(lesson_text(text, lang));
        same = (*letters && strcmp(letters, wanted) == 0) ||
               (*words && strcmp(words, wanted_words) == 0);
        free(wanted);
        free(wanted_words);
    }
    free(letters);
    free(words);
    return same;
}

bool answer_says(const char *line, const cJSON *texts) {
    const cJSON *text;
    if (!cJSON_IsArray(texts)) return says(line, texts);
    cJSON_ArrayForEach(text, texts) {
        if (says(line, text)) return true;
    }
    return false;
}

bool answer_is_line(const struct session *s, const struct program *p) {
    const struct stmt *st = p && p->n == 1 ? p->stmts : NULL;
    if (!st || st->kind != STMT_ITEMS || st->n_items != 1 || !st->items[0].expr) {
        return p != NULL;
    }
    const struct expr *x = st->items[0].expr;
    const struct expr_node *root = &x->nodes[x->n - 1];
    return root->kind != EXPR_NUMBER &&
           (root->kind != EXPR_NAME || board_get(s->board, root->name));
}

/* ---- choices ---- */

static bool contains(const char *words, const cJSON *choice) {
    bool in = false;
    for (enum text_lang lang = 0; lang < TEXT_LANGS && !in; lang++) {
        char *all = saying_letters(lesson_text(choice, lang));
        char *stems = saying_words(lesson_text(choice, lang));
        in = strstr(all, words) || strstr(stems, words);
        free(all);
        free(stems);
    }
    return in;
}

/* The only choice that has these words in it; they must be enough to be no accident. */
static int choice_with(const char *line, const cJSON *choices) {
    enum { LEAST = 3 }; /* bytes: a syllable, or three letters */
    char *words = saying_words(line);
    int found = ANSWER_NONE, n = 0, i = 0;
    const cJSON *choice;
    cJSON_ArrayForEach(choice, choices) {
        if (strlen(words) >= LEAST && contains(words, choice)) found = i, n++;
        i++;
    }
    free(words);
    return n == 1 ? found : ANSWER_NONE;
}

/* 첫 번째, the second one; two, 이번. */
static int ordinal(const char *line) {
    static const struct {
        const char *words[3];
        const char *numbers[3];
    } nth[] = {{{"첫", "first", "처음"}, {"one", "하나", "일번"}},
               {{"두번째", "second", "둘째"}, {"two", "둘", "이번"}},
               {{"세번째", "third", "셋째"}, {"three", "셋", "삼번"}},
               {{"네번째", "fourth", "넷째"}, {"four", "넷", "사번"}}};
    char *said = saying_words(line);
    int is = ANSWER_NONE;
    for (int i = 0; i < (int)(sizeof nth / sizeof *nth); i++) {
        for (int k = 0; k < 3; k++) {
            if (strncmp(said, nth[i].words[k], strlen(nth[i].words[k])) == 0) is = i;
            if (strcmp(said, nth[i].numbers[k]) == 0) is = i;
        }
    }
    free(said);
    return is;
}

/* a, b), (C) */
static int letter(const char *line) {
    char *said = saying_letters(line);
    int i = *said >= 'a' && *said <= 'z' && !said[1] ? *said - 'a' : ANSWER_NONE;
    free(said);
    return i;
}

int answer_choice(struct session *s, const char *line, const struct program *p,
                  const cJSON *choices) {
    int n = cJSON_GetArraySize(choices), i = 0;
    const cJSON *choice;
    cJSON_ArrayForEach(choice, choices) {
        if (says(line, choice)) return i;
        i++;
    }
    struct answer a = answer_number(s, line, p, NULL);
    bool bare =
        a.n && !a.is_line; /* 13,002 is a number, where a list would be a line */
    if (!bare) a = (struct answer){0}, read_among_words(s, line, &a);
    if (!bare && answer_is_line(s, p)) return ANSWER_NONE;
    if (a.n) {
        bool is = a.value[0] >= 1 && a.value[0] <= n && a.value[0] == floor(a.value[0]);
        return is ? (int)a.value[0] - 1 : ANSWER_OUTSIDE;
    }
    i = choice_with(line, choices);
    if (i == ANSWER_NONE && denies(line)) return i;
    if (i == ANSWER_NONE) i = ordinal(line);
    if (i == ANSWER_NONE) i = letter(line);
    return i < n ? i : ANSWER_NONE;
}
