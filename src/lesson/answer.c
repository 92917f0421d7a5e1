#include "lesson/answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "board/compile.h"
#include "lesson/numeral.h"
#include "lesson/saying.h"
#include "lesson/wording.h"
#include "syntax/normalise.h"

static void work_out(struct session *s, const struct expr *x, struct answer *a) {
    double v;
    struct error *e =
        reading_is_calculation(x) ? compile_number(s->board, x, &v) : NULL;
    a->is_line = true;
    if (reading_is_calculation(x) && !e) reading_add(a, v);
    error_free(e);
}

/* e = 2, where e is 2: that is said, not defined. */
static bool states(struct session *s, const char *subject, const struct answer *a) {
    double v;
    if (!a->n) return false;
    struct error *e = desk_number(s, s->board, subject, &v);
    bool is = !e && fabs(v - a->value[0]) <= 1e-9 * fmax(1, fabs(v));
    error_free(e);
    return is;
}

/* The last = that stands alone; NULL: there is none. */
static const char *equals_sign(const char *line) {
    const char *at = NULL;
    for (const char *c = line; (c = strchr(c, '=')); c++) {
        bool alone = c > line && !strchr("=<>!~+-*/", c[-1]) && c[1] != '=';
        if (alone) at = c;
    }
    return at;
}

/* All that stands before it. */
static char *before_equals(const char *line) {
    const char *to = equals_sign(line);
    if (!to) to = line;
    while (to > line && to[-1] == ' ') to--;
    return mem_copy_n(line, (size_t)(to - line));
}

/* Of dE/dw the E; where no derivative is asked for, gradients are those of E. */
static char *root_of(const char *asked) {
    const char *under = asked && *asked == 'd' ? strstr(asked, "/d") : NULL;
    return under ? mem_copy_n(asked + 1, (size_t)(under - asked) - 1) : mem_copy("E");
}

char *answer_subject(const char *line, const char *asked, const char **said) {
    char *root, *subject, *more;
    const char *sign = equals_sign(line);
    if (!sign) {
        root = root_of(asked);
        subject = saying_subject(line, root, said);
        free(root);
        return subject;
    }
    *said = sign + 1 + strspn(sign + 1, " ");
    subject = before_equals(line);
    while (equals_sign(subject)) { /* h = w*x = 6 */
        more = before_equals(subject);
        free(subject);
        subject = more;
    }
    return subject;
}

/* Where the last sentence of a text begins. */
static const char *last_sentence(const char *text) {
    const char *from = text;
    for (const char *c = text; *c; c++) {
        bool ends = strchr(".?!", *c) && (c[1] == ' ' || c[1] == '\n');
        if (ends && strchr(c + 1, '?')) from = c + 1;
    }
    return from;
}

/* Does the question ask for it, and not only give it: at w = -1? A question may write
 * 2·e; and of an element it may speak before. */
static bool is_put(const char *question, const char *subject) {
    const char *from = strchr(subject, '[') ? question : last_sentence(question);
    char *clean = normalise(from), *dense = reading_dense(subject);
    const char *at = saying_find(clean, subject);
    if (at) at += strlen(subject);
    else if ((at = saying_find(clean, dense))) at += strlen(dense);
    bool is = at && at[strspn(at, " ")] != '=';
    free(clean);
    free(dense);
    return is;
}

/* Is it what is asked for: in the expression that is wanted, or where the question is
 * put (dB/dw is 4. What is dB/db?)? */
static bool asks_for(const char *asked, const char *question, const char *subject) {
    bool name = !strpbrk(subject, " /()^*+-"); /* which a line may define */
    bool other = question && strchr(subject, '[') && strchr(question, '[');
    bool bare = !other && (!asked || (!name && !strpbrk(asked, READING_LATIN)));
    if (bare || wording_is_one_of(subject, "answer 답 정답")) return true;
    if (question && is_put(question, subject)) return true;
    char *all = reading_dense(asked ? asked : ""), *part = reading_dense(subject);
    bool does = asked && (saying_mentions(asked, subject) || strcmp(all, part) == 0);
    free(all);
    free(part);
    return does;
}

static bool is_word(const struct session *s, const char *name) {
    enum { LONG = 4 };
    bool word = name && (utf8_has_hangul(name) || strlen(name) >= LONG);
    return word && !board_get(s->board, name);
}

/* 답은 -4, dE/dw는 -4, about -4: as a formula, a word that nobody knows minus 4. */
static bool is_sentence(const struct session *s, const struct expr *x) {
    for (int i = 0; i < x->n; i++) {
        const struct expr_node *n = &x->nodes[i];
        bool names = n->kind == EXPR_NAME || n->kind == EXPR_DERIVATIVE;
        if (names && (is_word(s, n->name) || is_word(s, n->wrt))) return true;
    }
    return false;
}

/* What stands behind the last =: a number among words, or more working. */
static double read_result(struct session *s, const char *text, struct answer *a) {
    struct typed t = session_read(s, text, false);
    const struct expr *x = reading_expr(t.program);
    double v, unit = reading_unit(text);
    reading_among_words(s, text, NULL, a);
    if (!a->n && x && reading_is_calculation(x)) {
        struct error *e = compile_number(s->board, x, &v);
        if (!e) reading_add(a, v), unit = 1e-6 * fmax(1, fabs(v));
        error_free(e);
    }
    typed_free(&t);
    return unit;
}

/* One side of an equation: is it asked for, or working? False: it is no formula. */
static bool read_side(struct session *s, const char *from, const char *asked,
                      const char *question, double unit, struct answer *a) {
    from += strspn(from, " ");
    size_t n = strlen(from);
    while (n && from[n - 1] == ' ') n--;
    char *side = mem_copy_n(from, n);
    struct typed t = session_read(s, side, false);
    const struct expr *x = reading_expr(t.program);
    bool is = x && !is_sentence(s, x);
    if (is) a->defines |= reading_is_calculation(x) || asks_for(asked, question, side);
    if (is) reading_check(s, side, unit, a);
    typed_free(&t);
    free(side);
    return is;
}

/* Four, 이십: unless a name says it. */
static bool read_numeral(struct session *s, const char *line, struct answer *a) {
    double v[NUMERAL_READINGS];
    if (saying_denies(line) || board_get(s->board, line)) return false;
    int n = numeral_read(line, v);
    for (int i = 0; i < n; i++) reading_add(a, v[i]);
    return n > 0;
}

/* Is it a gradient that there is? No line of the language sets one. */
static bool is_slope(struct session *s, const char *subject) {
    double v;
    if (!strchr(subject, '/') || strpbrk(subject, " *+-")) return false;
    struct error *e = desk_number(s, s->board, subject, &v);
    bool is = !e && strpbrk(subject, READING_LATIN);
    error_free(e);
    return is;
}

/* dE/dx는 12, the gradient of x is 12, h는 6: a number that is said of what was not
 * asked for, as with =. But where w*x is asked, h may be a name for it. */
static bool read_other(struct session *s, const char *line, const char *asked,
                       const char *question, struct answer *a) {
    double wanted;
    const char *said;
    bool slopes = asked && is_slope(s, asked), right = false;
    char *subject = equals_sign(line) ? NULL : answer_subject(line, asked, &said);
    bool slope = subject && is_slope(s, subject);
    bool other = subject && (slope || board_get(s->board, subject)) &&
                 !asks_for(asked, question, subject);
    if (other && !read_numeral(s, said, a)) reading_among_words(s, said, NULL, a);
    a->states = other && states(s, subject, a);
    a->other = other && (slope || slopes) && a->n && !a->states;
    if (!slope && asked && a->n) {
        struct error *e = desk_number(s, s->board, asked, &wanted);
        right = !e && a->value[0] == wanted;
        error_free(e);
    }
    if (right || (!a->states && !a->other)) *a = (struct answer){0};
    free(subject);
    return a->n > 0;
}

/* dE/dw = -6, 2·3 = 6, h = w*x = 6, dE/dw = 2*3, h = 20이에요: no line of the language.
 * False: it is not that. */
static bool read_equation(struct session *s, const char *line, const char *asked,
                          const char *question, struct answer *a) {
    const char *sign = equals_sign(line);
    if (!sign) return false;
    double unit = read_result(s, sign + 1, a);
    char *subject = before_equals(line), *sides = mem_copy(subject);
    bool is = true;
    for (char *end; is && (end = (char *)equals_sign(sides)); *end = '\0')
        is = read_side(s, end + 1, asked, question, unit, a);
    is = is && read_side(s, sides, asked, question, unit, a);
    if (is && !a->defines) a->states = states(s, subject, a);
    bool said_of = is && !a->defines && !a->states && a->n;
    a->other = said_of && is_slope(s, subject);
    if (!is || (!a->defines && !a->states && !a->other)) *a = (struct answer){0};
    free(subject);
    free(sides);
    return is;
}

static bool defines_one(const struct stmt *st) {
    return st && st->kind == STMT_DEFINE && st->op == '=' && st->n_exprs == 1 &&
           st->n_refs == 1;
}

struct answer answer_number(struct session *s, const char *line,
                            const struct program *p, const char *asked,
                            const char *question) {
    struct answer a = {0};
    size_t n = reading_number(line, &a);
    if (n && !line[n]) return a;
    a.n = 0;
    if (question && read_numeral(s, line, &a)) return a;
    const struct stmt *st = p && p->n == 1 ? p->stmts : NULL;
    bool sentence = question && reading_expr(p) && is_sentence(s, reading_expr(p));
    if (!p || sentence) {
        bool read = question && (read_equation(s, line, asked, question, &a) ||
                                 read_other(s, line, asked, question, &a));
        if (!read) reading_among_words(s, line, question, &a);
    } else if (reading_expr(p)) {
        work_out(s, reading_expr(p), &a);
    } else if (defines_one(st)) {
        char *subject = before_equals(line);
        const struct def *d = board_get(s->board, st->refs[0].name);
        work_out(s, st->exprs[0], &a);
        a.defines = asks_for(asked, question, subject);
        a.states = !a.defines && d && d->kind > DEF_PARAM && states(s, subject, &a);
        if (!a.defines && !a.states) a = (struct answer){0};
        free(subject);
    }
    return a;
}

/* ---- words ---- */

static bool says(const char *line, const cJSON *text) {
    bool same = false;
    for (enum text_lang lang = 0; lang < TEXT_LANGS && !same; lang++)
        same = wording_same(line, lesson_text(text, lang));
    return same;
}

bool answer_says_of(const char *line, const cJSON *question, const cJSON *texts) {
    bool does = answer_says(line, texts);
    for (enum text_lang lang = 0; lang < TEXT_LANGS && !does; lang++) {
        char *more = wording_beyond(line, lesson_text(question, lang));
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
    const struct expr *x = reading_expr(p);
    if (!x) return p && p->n; /* a remark alone is none: #1 */
    const struct expr_node *root = &x->nodes[x->n - 1];
    return root->kind != EXPR_NUMBER &&
           (root->kind != EXPR_NAME || board_get(s->board, root->name));
}
