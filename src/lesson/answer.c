#include "lesson/answer.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "lesson/numeral.h"
#include "lesson/saying.h"
#include "lesson/wording.h"
#include "syntax/normalise.h"
#include "text/number.h"

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

/* ① */
static size_t read_circled(const char *s, struct answer *a) {
    size_t len;
    uint32_t c = utf8_decode(s, &len);
    if (c < 0x2460 || c > 0x2473) return 0;
    add_reading(a, c - 0x2460 + 1);
    return len;
}

/* The bytes of the number at s, signed or not; 0: there is none. Its readings are
 * added: of 1,800 there are two. */
static size_t read_number(const char *s, struct answer *a) {
    if ((unsigned char)*s >= 0x80) return read_circled(s, a);
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

/* ---- among words ---- */

/* Without its spaces. */
static char *dense_text(const char *s) {
    struct buf b = {0};
    for (; *s; s++) {
        if (*s != ' ') buf_add_n(&b, s, 1);
    }
    buf_add(&b, "");
    return buf_take(&b);
}

struct number {
    const char *at, *behind;
    struct answer is;
};

enum { NUMBERS = 8 };

/* The same of 3/4, which is one number. */
static size_t read_fraction(const char *s, struct answer *a) {
    struct answer under = {0};
    size_t n = read_number(s, a), below = 0;
    if (n && s[n] == '/') below = read_number(s + n + 1, &under);
    if (!below || under.value[0] == 0) return n;
    for (int i = 0; i < a->n; i++) a->value[i] /= under.value[0];
    return n + 1 + below;
}

/* The bytes of [0] in h[0]은 2, where the question speaks of no other; else 0. */
static size_t index_of(const char *s, const char *question) {
    const char *end = *s == '[' ? strchr(s, ']') : NULL;
    if (!end) return 0;
    char *all = dense_text(question), *index = mem_copy_n(s, (size_t)(end + 1 - s));
    char *dense = dense_text(index);
    bool is = !strchr(all, '[') || strstr(all, dense);
    free(all);
    free(index);
    free(dense);
    return is ? (size_t)(end + 1 - s) : 0;
}

/* The numbers of a sentence; 0 where it is a formula, or they are too many. A / between
 * letters is a derivative's, of which a sentence may speak. */
static int find_numbers(const char *line, const char *question, struct number *found) {
    bool speaks = question != NULL;
    int n = 0;
    for (const char *c = line; *c;) {
        bool begins = c == line || !utf8_is_letter(c - 1); /* the 1 of x1 is none */
        struct number m = {.at = c};
        bool circled = begins || (unsigned char)c[-1] >= 0x80;
        size_t len = circled ? read_fraction(c, &m.is) : 0;
        size_t index = speaks && !begins ? index_of(c, question) : 0;
        if (index) {
            c += index;
            continue;
        }
        bool derives = *c == '/' && speaks && !begins && utf8_is_letter(c + 1);
        if (!len && !utf8_is_letter(c) && !strchr(" ()=~.,:!?%'\"`$#", *c) && !derives)
            return 0;
        c += len ? len : 1;
        if (!len) continue;
        if (n == NUMBERS) return 0;
        m.behind = c;
        found[n++] = m;
    }
    return n;
}

/* The word before *end, which is moved back over the spaces behind it. */
static const char *word_before(const char *line, const char **end) {
    while (*end > line && (*end)[-1] == ' ') --*end;
    const char *from = *end;
    while (from > line &&
           (utf8_is_letter(from - 1) || isdigit((unsigned char)from[-1])))
        from--;
    return from;
}

static bool is_word_of(const char *from, const char *end, const char *list) {
    char *word = mem_copy_n(from, (size_t)(end - from));
    bool is = wording_is_one_of(word, list);
    free(word);
    return is;
}

/* at w = 1, when x is 3, w가 1일 때: said of what is given. */
static bool is_given(const char *line, const struct number *m) {
    static const char *const behind[] = {"일 때", "일때", "이면", "면",
                                         "에서",  "이라", "라면", "인 경우"};
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        if (strncmp(m->behind, behind[i], strlen(behind[i])) == 0) return true;
    }
    const char *end = m->at, *from = word_before(line, &end);
    if (is_word_of(from, end, "at ")) return true;
    bool equals = end > line && end[-1] == '=';
    if (!equals && !is_word_of(from, end, "is equals ")) return false;
    end = equals ? end - 1 : from;
    from = word_before(line, &end); /* the name */
    end = from;
    from = word_before(line, &end);
    return is_word_of(from, end, "at if when where with given for ");
}

/* Does the number stand in the question? */
static bool is_own(const char *question, double v) {
    for (const char *c = question; *c;) {
        struct answer a = {0};
        bool begins = c == question || !utf8_is_letter(c - 1);
        size_t n = begins ? read_number(c, &a) : 0;
        for (int i = 0; i < a.n; i++) {
            if (fabs(a.value[i]) == fabs(v)) return true;
        }
        c += n ? n : 1;
    }
    return false;
}

/* The only one that answers: neither given, nor else the question's own. */
static const struct number *the_one(const char *line, const char *question,
                                    const struct number *found, int n) {
    const struct number *one = NULL;
    const char *end = n ? found->at : line, *from = n ? word_before(line, &end) : end;
    bool at = n && is_word_of(from, end, "at "); /* dE/dw at -8 asks */
    if (n < 2 || !question) return n == 1 && !at ? found : NULL;
    for (int strict = 0; strict < 2; strict++) {
        int left = 0;
        for (int i = 0; i < n; i++) {
            const struct number *m = &found[i];
            bool none =
                is_given(line, m) || (strict && is_own(question, m->is.value[0]));
            if (!none) one = m, left++;
        }
        if (left == 1) return one;
    }
    return NULL;
}

/* What a sentence says at its end: 2*2는 4, 4·1·1이니까 4, 2*2 is 4. NULL: nothing.
 * *joint: where what it says it of ends. */
static const char *told(const char *line, const char **joint) {
    static const char *const before[] = {"은 ",  "는 ",  "니까 ", "므로 ", "라서 ",
                                         " is ", " so ", "니 ",   "면 "};
    const char *end = NULL;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        for (const char *at = line; (at = strstr(at, before[i]));) {
            const char *from = at;
            at += strlen(before[i]);
            if (!end || at > end) end = at, *joint = from;
        }
    }
    return end;
}

/* Numbers and signs alone: 56/3, 2*(2-1), 4 at w = 1. */
static bool is_calculation(const struct expr *x) {
    for (int i = 0; i < x->n; i++) {
        enum expr_kind kind = x->nodes[i].kind;
        if (kind != EXPR_NUMBER && kind != EXPR_GATE && kind != EXPR_AT) return false;
    }
    return true;
}

/* The only expression of a program, or NULL. */
static const struct expr *only_expr(const struct program *p) {
    const struct stmt *st = p && p->n == 1 ? p->stmts : NULL;
    return st && st->kind == STMT_ITEMS && st->n_items == 1 ? st->items[0].expr : NULL;
}

/* How exactly the number in s is written: of 18.67 it is 0.01. */
static double written_to(const char *s) {
    s += strcspn(s, "0123456789.");
    s += strspn(s, "0123456789,");
    return *s == '.' ? pow(10, -(double)strspn(s + 1, "0123456789")) : 1;
}

/* Is none of its readings v rounded, or cut off? */
static bool is_off(const struct answer *a, double v, double unit) {
    bool off = a->n > 0;
    double little = 1e-9 * fmax(1, fabs(v));
    for (int i = 0; i < a->n; i++) {
        double more = fabs(v) - fabs(a->value[i]);
        bool same = (a->value[i] < 0) == (v < 0) || a->value[i] == 0;
        bool cut = same && more >= -little && more < unit - little;
        off &= !cut && fabs(a->value[i] - v) > unit / 2 + little;
    }
    return off;
}

/* Of 3*3 = 4 the 3*3: does it come to what is said? A lone number is no working: of
 * -1이니까 4 it may be anything's. */
static void check_working(struct session *s, const char *working, double unit,
                          struct answer *a) {
    enum { TWO_AND_A_SIGN = 3 };
    struct typed t = session_read(s, working, false);
    const struct expr *x = only_expr(t.program);
    double v;
    if (x && x->n >= TWO_AND_A_SIGN && is_calculation(x)) {
        struct error *e = compile_number(s->board, x, &v);
        if (!e && is_off(a, v, unit)) a->strays = true, a->working = v;
        error_free(e);
    }
    typed_free(&t);
}

/* A number among words: 20이에요, 답은 8, about 8 hours, 1번이요, (2). */
static void read_among_words(struct session *s, const char *line, const char *question,
                             struct answer *a) {
    struct number found[NUMBERS];
    if (saying_denies(line) || begins_command(s, line)) return;
    int n = find_numbers(line, question, found);
    const struct number *m = the_one(line, question, found, n);
    const char *joint = line, *from = line;
    const char *end = !m && question && !strchr(line, '[') ? told(line, &joint) : NULL;
    if (end) {
        n = find_numbers(end, question, found);
        m = the_one(end, question, found, n);
        line = end;
    }
    if (!m || names_follow(s, m->behind)) return;
    *a = m->is;
    bool minus = saying_minus(line, m->at);
    for (int i = 0; i < a->n && minus; i++) a->value[i] = -a->value[i];
    read_unit(a, m->behind);
    static const char copula[] = "이"; /* 3*3이니까 */
    size_t of = (size_t)(joint - from), less = strlen(copula);
    if (of > less && memcmp(joint - less, copula, less) == 0) of -= less;
    char *working = mem_copy_n(from, of);
    check_working(s, working, written_to(m->at), a);
    free(working);
}

static void work_out(struct session *s, const struct expr *x, struct answer *a) {
    double v;
    struct error *e = is_calculation(x) ? compile_number(s->board, x, &v) : NULL;
    a->is_line = true;
    if (is_calculation(x) && !e) add_reading(a, v);
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

#define LATIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

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
    char *clean = normalise(from), *dense = dense_text(subject);
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
    bool bare = !other && (!asked || (!name && !strpbrk(asked, LATIN)));
    if (bare || wording_is_one_of(subject, "answer 답 정답")) return true;
    if (question && is_put(question, subject)) return true;
    char *all = dense_text(asked ? asked : ""), *part = dense_text(subject);
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
    const struct expr *x = only_expr(t.program);
    double v, unit = written_to(text);
    read_among_words(s, text, NULL, a);
    if (!a->n && x && is_calculation(x)) {
        struct error *e = compile_number(s->board, x, &v);
        if (!e) add_reading(a, v), unit = 1e-6 * fmax(1, fabs(v));
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
    const struct expr *x = only_expr(t.program);
    bool is = x && !is_sentence(s, x);
    if (is) a->defines |= is_calculation(x) || asks_for(asked, question, side);
    if (is) check_working(s, side, unit, a);
    typed_free(&t);
    free(side);
    return is;
}

/* Four, 이십: unless a name says it. */
static bool read_numeral(struct session *s, const char *line, struct answer *a) {
    double v[NUMERAL_READINGS];
    if (saying_denies(line) || board_get(s->board, line)) return false;
    int n = numeral_read(line, v);
    for (int i = 0; i < n; i++) add_reading(a, v[i]);
    return n > 0;
}

/* Is it a gradient that there is? No line of the language sets one. */
static bool is_slope(struct session *s, const char *subject) {
    double v;
    if (!strchr(subject, '/') || strpbrk(subject, " *+-")) return false;
    struct error *e = desk_number(s, s->board, subject, &v);
    bool is = !e && strpbrk(subject, LATIN);
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
    if (other && !read_numeral(s, said, a)) read_among_words(s, said, NULL, a);
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
    size_t n = read_number(line, &a);
    if (n && !line[n]) return a;
    a.n = 0;
    if (question && read_numeral(s, line, &a)) return a;
    const struct stmt *st = p && p->n == 1 ? p->stmts : NULL;
    bool sentence = question && only_expr(p) && is_sentence(s, only_expr(p));
    if (!p || sentence) {
        bool read = question && (read_equation(s, line, asked, question, &a) ||
                                 read_other(s, line, asked, question, &a));
        if (!read) read_among_words(s, line, question, &a);
    } else if (only_expr(p)) {
        work_out(s, only_expr(p), &a);
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
    const struct expr *x = only_expr(p);
    if (!x) return p && p->n; /* a remark alone is none: #1 */
    const struct expr_node *root = &x->nodes[x->n - 1];
    return root->kind != EXPR_NUMBER &&
           (root->kind != EXPR_NAME || board_get(s->board, root->name));
}

/* ---- choices ---- */

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
    char *clean = normalise(text), *part = dense_text(line);
    struct buf b = {0};
    for (const char *c = clean; *c; c++) { /* h - y is one word */
        bool space = *c == ' ', within = space && c > clean + 1;
        bool before = space && c[1] && strchr(glue, c[1]) && c[2] == ' ';
        bool behind = within && strchr(glue, c[-1]) && c[-2] == ' ';
        if (!before && !behind) buf_add_n(&b, c, 1);
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
    return strpbrk(line, "+-*/^") && strpbrk(line, LATIN);
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
    bool alone = !*rest || wording_is_one_of(rest, "번 번맞… 번할… 번고를… 번선택…");
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
        if (says(line, choice)) return i;
        i++;
    }
    if (is_formula(line)) i = choice_by(s, line, choices, holds_formula, which);
    else i = choice_yes(s, line, choices, which);
    if (i != ANSWER_NONE || which->len || wording_yes(line, true)) return i;
    struct answer a = answer_number(s, line, p, NULL, NULL);
    bool bare =
        a.n && !a.is_line; /* 13,002 is a number, where a list would be a line */
    if (!bare) a = (struct answer){0}, read_among_words(s, line, NULL, &a);
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
