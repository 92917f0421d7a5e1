#include "lesson/reading.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "board/compile.h"
#include "lesson/saying.h"
#include "lesson/wording.h"

/* ---- numbers ---- */

void reading_add(struct answer *a, double v) {
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
    reading_add(a, c - 0x2460 + 1);
    return len;
}

/* The bytes of the number at s, signed or not; 0: there is none. Its readings are
 * added: of 1,800 there are two. */
size_t reading_number(const char *s, struct answer *a) {
    if ((unsigned char)*s >= 0x80) return read_circled(s, a);
    size_t sign = strspn(s, "+-") == 1, digits = strspn(s + sign, "0123456789");
    size_t whole = thousands(s + sign);
    if (whole) {
        size_t more =
            s[sign + whole] == '.' ? strspn(s + sign + whole + 1, "0123456789") + 1 : 0;
        reading_add(a, number_without(s, sign + whole + more, ""));
        if (whole == digits + 4 && !more)
            reading_add(a, number_without(s, sign + whole, "."));
        return sign + whole + more;
    }
    size_t after = digits && s[sign + digits] == ','
                       ? strspn(s + sign + digits + 1, "0123456789")
                       : 0;
    if (after) {
        reading_add(a, number_without(s, sign + digits + 1 + after, "."));
        return sign + digits + 1 + after;
    }
    if (!digits && !(s[sign] == '.' && isdigit((unsigned char)s[sign + 1]))) return 0;
    char *end;
    if (s[sign] == '0' && tolower((unsigned char)s[sign + 1]) == 'x') return 0;
    double v = strtod(s, &end);
    reading_add(a, v);
    return (size_t)(end - s);
}

/* What a word right behind a number makes of it: 1677만, 30 %, 30퍼센트. "In %?" is
 * answered by 30 and by 30 %, so the plain number stays. */
static void read_unit(struct answer *a, const char *word) {
    double times = saying_unit(word);
    if (a->n == 1 && times != 1) reading_add(a, a->value[0] * times);
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

char *reading_dense(const char *s) {
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
    size_t n = reading_number(s, a), below = 0;
    if (n && s[n] == '/') below = reading_number(s + n + 1, &under);
    if (!below || under.value[0] == 0) return n;
    for (int i = 0; i < a->n; i++) a->value[i] /= under.value[0];
    return n + 1 + below;
}

/* The bytes of [0] in h[0]은 2, where the question speaks of no other; else 0. */
static size_t index_of(const char *s, const char *question) {
    const char *end = *s == '[' ? strchr(s, ']') : NULL;
    if (!end) return 0;
    char *all = reading_dense(question), *index = mem_copy_n(s, (size_t)(end + 1 - s));
    char *dense = reading_dense(index);
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
        size_t n = begins ? reading_number(c, &a) : 0;
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

bool reading_is_calculation(const struct expr *x) {
    for (int i = 0; i < x->n; i++) {
        enum expr_kind kind = x->nodes[i].kind;
        if (kind != EXPR_NUMBER && kind != EXPR_GATE && kind != EXPR_AT) return false;
    }
    return true;
}

const struct expr *reading_expr(const struct program *p) {
    const struct stmt *st = p && p->n == 1 ? p->stmts : NULL;
    return st && st->kind == STMT_ITEMS && st->n_items == 1 ? st->items[0].expr : NULL;
}

double reading_unit(const char *s) {
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

void reading_check(struct session *s, const char *working, double unit,
                   struct answer *a) {
    enum { TWO_AND_A_SIGN = 3 };
    struct typed t = session_read(s, working, false);
    const struct expr *x = reading_expr(t.program);
    double v;
    if (x && x->n >= TWO_AND_A_SIGN && reading_is_calculation(x)) {
        struct error *e = compile_number(s->board, x, &v);
        if (!e && is_off(a, v, unit)) a->strays = true, a->working = v;
        error_free(e);
    }
    typed_free(&t);
}

/* A number among words: 20이에요, 답은 8, about 8 hours, 1번이요, (2). */
void reading_among_words(struct session *s, const char *line, const char *question,
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
    reading_check(s, working, reading_unit(m->at), a);
    free(working);
}
