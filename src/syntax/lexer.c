#include "syntax/lexer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/utf8.h"
#include "syntax/normalise.h"

struct lexer {
    const char *text;
    size_t pos;
    struct place at;     /* of pos */
    struct buf brackets; /* the open ones */
    struct tokens out;
    size_t cap;
};

static char look(const struct lexer *x, size_t ahead) {
    for (size_t i = 0; i < ahead; i++) {
        if (!x->text[x->pos + i]) return '\0';
    }
    return x->text[x->pos + ahead];
}

static uint32_t code_at(const struct lexer *x, size_t *len) {
    return utf8_decode(x->text + x->pos, len);
}

static void advance(struct lexer *x) {
    size_t len;
    bool line = look(x, 0) == '\n';
    code_at(x, &len);
    x->pos += len;
    if (line) x->at.line++;
    x->at.column = line ? 1 : x->at.column + 1;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool starts_name(uint32_t c) { return c == '_' || uc_is_property_xid_start(c); }

static bool goes_on(const struct lexer *x) {
    size_t len;
    uint32_t c = code_at(x, &len);
    if (c != '.') return uc_is_property_xid_continue(c);
    return starts_name(utf8_decode(x->text + x->pos + 1, &len)); /* C.W, but not 7..9 */
}

/* ---- the kinds of token; each leaves pos behind it ---- */

static void read_number(struct lexer *x, struct token *t) {
    t->kind = TOKEN_NUMBER;
    while (is_digit(look(x, 0))) advance(x);
    if (look(x, 0) == '.' && look(x, 1) != '.') {
        advance(x);
        while (is_digit(look(x, 0))) advance(x);
    }
    char e = look(x, 0), sign = look(x, 1);
    bool signed_e = sign == '-' || sign == '+';
    if ((e == 'e' || e == 'E') && is_digit(signed_e ? look(x, 2) : sign)) {
        advance(x);
        if (signed_e) advance(x);
        while (is_digit(look(x, 0))) advance(x);
    }
    char *digits = mem_copy_n(x->text + t->start, x->pos - t->start);
    t->number = strtod(digits, NULL);
    free(digits);
    if (isinf(t->number)) {
        t->kind = TOKEN_BAD;
        t->bad = "number-too-big";
    }
}

static void read_text(struct lexer *x, struct token *t) {
    t->kind = TOKEN_TEXT;
    advance(x);
    while (look(x, 0) && look(x, 0) != '"' && !interrupt_flag) {
        if (look(x, 0) == '\\' && look(x, 1)) advance(x);
        advance(x);
    }
    if (look(x, 0)) {
        advance(x);
    } else {
        t->kind = TOKEN_BAD;
        t->bad = "open-text";
        x->out.unfinished = true;
    }
}

/* X[:, 0], as Python has it, is X[.., 0]. */
static bool is_colon(const struct lexer *x) {
    const char *behind = x->text + x->pos + 1;
    size_t open = x->brackets.len;
    if (look(x, 0) != ':' || !open || x->brackets.data[open - 1] != '[') return false;
    behind += strspn(behind, " ");
    return *behind == ',' || *behind == ']';
}

static void read_sign(struct lexer *x, struct token *t) {
    static const char *const signs[] = {
        "**", "<=", ">=", "==", "!=", "~=", "-=", "+=", "..", "+", "-", "*", "/",
        "@",  "^",  "<",  ">",  "=",  "(",  ")",  "[",  "]",  "{", "}", ",", "∂",
    };
    if (is_colon(x)) {
        t->kind = TOKEN_SIGN;
        memcpy(t->sign, "..", 2);
        advance(x);
        return;
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i]);
        if (strncmp(x->text + x->pos, signs[i], n) != 0) continue;
        t->kind = TOKEN_SIGN;
        memcpy(t->sign, signs[i], n);
        while (x->pos < t->start + n) advance(x);
        return;
    }
    t->kind = TOKEN_BAD;
    t->bad = "bad-character";
    advance(x);
}

static void count_brackets(struct lexer *x, char sign) {
    if (sign == '(' || sign == '[' || sign == '{') {
        buf_add_n(&x->brackets, &sign, 1);
    } else if ((sign == ')' || sign == ']' || sign == '}') && x->brackets.len) {
        x->brackets.len--;
    }
}

/* Spaces, comments and the newlines inside ( and [. */
static void skip_space(struct lexer *x) {
    for (;;) {
        char c = look(x, 0);
        char open = x->brackets.len ? x->brackets.data[x->brackets.len - 1] : '{';
        if (c == '#') {
            do advance(x);
            while (look(x, 0) && look(x, 0) != '\n' && !interrupt_flag);
        } else if (c == ' ' || c == '\t' || c == '\r' || (c == '\n' && open != '{')) {
            advance(x);
        } else {
            return;
        }
    }
}

static void read_token(struct lexer *x, struct token *t) {
    size_t len;
    uint32_t c = code_at(x, &len);
    if (!c) {
        t->kind = TOKEN_END;
    } else if (c == '\n' || c == ';') {
        t->kind = TOKEN_LINE;
        advance(x);
    } else if (is_digit(look(x, 0)) || (c == '.' && is_digit(look(x, 1)))) {
        read_number(x, t);
    } else if (c == '"') {
        read_text(x, t);
    } else if (starts_name(c)) {
        t->kind = TOKEN_NAME;
        while (goes_on(x)) advance(x);
    } else {
        read_sign(x, t);
        count_brackets(x, t->sign[0]);
    }
}

/* Room for one more. False where there is no memory for it. */
static bool has_room(struct lexer *x) {
    if (x->out.n < x->cap) return true;
    size_t more = x->cap ? x->cap : 64;
    x->out.error = memory_left_for((double)(more * sizeof *x->out.list));
    if (x->out.error) return false;
    x->cap += more;
    x->out.list = mem_grow(x->out.list, x->cap, sizeof *x->out.list);
    return true;
}

struct tokens lexer_read(const char *text, size_t most) {
    struct lexer x = {.text = text, .at = {1, 1, 0}};
    while (!(x.out.error = interrupt_error())) {
        size_t before = x.pos;
        skip_space(&x);
        struct token t = {.at = x.at, .start = x.pos, .spaced = x.pos > before};
        read_token(&x, &t);
        t.end = x.pos;
        t.at.length = t.kind == TOKEN_END || t.kind == TOKEN_LINE
                          ? 1
                          : (int)utf8_count(text + t.start, t.end - t.start);
        if (x.brackets.len > NESTING_MOST + 1) t.kind = TOKEN_END;
        bool again = t.kind == TOKEN_LINE && x.out.n &&
                     x.out.list[x.out.n - 1].kind == TOKEN_LINE;
        if (again) continue;
        if (!has_room(&x)) break;
        x.out.cut = x.out.n == most && t.kind != TOKEN_END;
        if (x.out.cut) t.kind = TOKEN_END;
        x.out.list[x.out.n++] = t;
        if (t.kind == TOKEN_END) break;
    }
    if (x.brackets.len && x.brackets.len <= NESTING_MOST) x.out.unfinished = true;
    buf_free(&x.brackets);
    return x.out;
}

/* An open text is the last of what is open, as its quote. */
bool lexer_goes_on(struct buf *open, const char *line) {
    bool in_text = open->len && open->data[open->len - 1] == '"';
    struct buf whole = {0};
    struct token t = {0};
    if (in_text) open->len--;
    buf_add(&whole, in_text ? "\"" : "");
    buf_add(&whole, line);
    char *clean = normalise(buf_text(&whole));
    struct lexer x = {.text = clean, .at = {1, 1, 0}, .brackets = *open};
    do {
        skip_space(&x);
        t = (struct token){.start = x.pos};
        read_token(&x, &t);
    } while (t.kind != TOKEN_END);
    if (x.out.unfinished) buf_add(&x.brackets, "\"");
    *open = x.brackets;
    buf_free(&whole);
    free(clean);
    return x.out.unfinished || (open->len && open->len <= NESTING_MOST);
}

void tokens_free(struct tokens *t) {
    free(t->list);
    error_free(t->error);
    *t = (struct tokens){0};
}
