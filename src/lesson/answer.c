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

/* What a word right behind a number makes of it: 1677만, 30 %, 30퍼센트. "In %?" is
 * answered by 30 and by 30 %, so the plain number stays. */
static void read_unit(struct answer *a, const char *word) {
    double times = saying_unit(word);
    if (a->n == 1 && times != 1) add_reading(a, a->value[0] * times);
}

/* Is the word at s, right behind a number, a name of today's? Then `3 w` is a
 * product; but 3x is three times as many. */
static bool names_follow(const struct session *s, const char *word) {
    size_t n = 0;
    if (strcmp(word, "x") == 0) return false;
    word += strspn(word, " ");
    while (utf8_is_letter(word + n)) n++;
    char *name = mem_copy_n(word, n);
    bool is = n && board_get(s->board, name);
    free(name);
    return is;
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
    if (saying_denies(line) || begins_command(s, line)) return;
    for (const char *c = line; *c;) {
        bool begins = c == line || !utf8_is_letter(c - 1); /* the 1 of x1 is none */
        size_t n = begins || (unsigned char)c[-1] >= 0x80 ? read_number(c, a) : 0;
        bool of_prose = utf8_is_letter(c) || strchr(" ()=~.,:!?%'\"`$#", *c);
        if ((n && behind) || (!n && !of_prose)) { /* two of them, or a formula */
            a->n = 0;
            return;
        }
        if (n) minus = saying_minus(line, c);
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

/* e = 2, where e is a formula and is 2: that is said, not defined. */
static bool states(struct session *s, const char *name, const struct answer *a) {
    const struct def *d = board_get(s->board, name);
    double v;
    if (!d || d->kind <= DEF_PARAM || !a->n) return false;
    struct error *e = desk_number(s, s->board, name, &v);
    bool is = !e && fabs(v - a->value[0]) <= 1e-9 * fmax(1, fabs(v));
    error_free(e);
    return is;
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
               st->n_refs == 1 && !st->refs[0].n_index) {
        const char *name = st->refs[0].name;
        work_out(s, st->exprs[0], &a);
        a.defines = !asked || saying_mentions(asked, name);
        a.states = a.defines || !states(s, name, &a) ? NULL : name;
        if (!a.defines && !a.states) a = (struct answer){0};
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

bool answer_says_of(const char *line, const cJSON *question, const cJSON *texts) {
    bool does = answer_says(line, texts);
    for (enum text_lang lang = 0; lang < TEXT_LANGS && !does; lang++) {
        char *more = saying_beyond(line, lesson_text(question, lang));
        does = *more && answer_says(more, texts);
        free(more);
    }
    return does;
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

/* Its words are in the choice, running on or one by one. */
static bool contains(const char *line, const char *words, const cJSON *choice) {
    bool in = false;
    for (enum text_lang lang = 0; lang < TEXT_LANGS && !in; lang++) {
        const char *text = lesson_text(choice, lang);
        char *all = saying_letters(text), *stems = saying_words(text);
        in = strstr(all, words) || strstr(stems, words) || saying_within(line, text);
        free(all);
        free(stems);
    }
    return in;
}

/* The only choice that has these words in it; they must be enough to be no accident.
 * Where several have them, their numbers are added to fits. */
static int choice_with(const char *line, const cJSON *choices, struct buf *fits) {
    enum { LEAST = 3 }; /* bytes: a syllable, or three letters */
    char *words = saying_words(line);
    int found = ANSWER_NONE, n = 0, i = 0;
    const cJSON *choice;
    cJSON_ArrayForEach(choice, choices) {
        i++;
        if (strlen(words) < LEAST || !contains(line, words, choice)) continue;
        found = i - 1;
        buf_printf(fits, "%s%d", n++ ? ", " : "", i);
    }
    free(words);
    if (n < 2 || n == i) buf_clear(fits); /* all of them: it says nothing */
    return n == 1 ? found : ANSWER_NONE;
}

/* a, b), (C) */
static int letter(const char *line) {
    char *said = saying_letters(line);
    int i = *said >= 'a' && *said <= 'z' && !said[1] ? *said - 'a' : ANSWER_NONE;
    free(said);
    return i;
}

int answer_choice(struct session *s, const char *line, const struct program *p,
                  const cJSON *choices, struct buf *fits) {
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
    i = choice_with(line, choices, fits);
    if (fits->len || (i == ANSWER_NONE && saying_denies(line))) return i;
    if (i == ANSWER_NONE) i = saying_ordinal(line);
    if (i == ANSWER_NONE) i = letter(line);
    return i < n ? i : ANSWER_NONE;
}
