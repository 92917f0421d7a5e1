#include "syntax/parser.h"

#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/utf8.h"
#include "engine/gates.h"
#include "syntax/command.h"
#include "syntax/habits.h"
#include "syntax/korean_keys.h"
#include "syntax/parser_inside.h"

/* ---- tokens ---- */

bool parse_is_sign(const struct token *t, const char *sign) {
    return t->kind == TOKEN_SIGN && strcmp(t->sign, sign) == 0;
}

bool parse_sees(const struct parser *p, const char *sign) {
    return parse_is_sign(p->t, sign);
}

void parse_next(struct parser *p) {
    if (p->t->kind != TOKEN_END) p->t++;
}

bool parse_takes(struct parser *p, const char *sign) {
    if (!parse_sees(p, sign)) return false;
    parse_next(p);
    return true;
}

bool parse_is_word(const struct parser *p, const struct token *t, const char *word) {
    size_t n = strlen(word);
    return t->kind == TOKEN_NAME && t->end - t->start == n &&
           memcmp(p->text + t->start, word, n) == 0;
}

char *parse_slice(const struct parser *p, const struct token *t) {
    return mem_copy_n(p->text + t->start, t->end - t->start);
}

char *parse_text(const struct parser *p, const struct token *t) {
    struct buf b = {0};
    for (size_t i = t->start + 1; i + 1 < t->end; i++) {
        char c = p->text[i];
        if (c == '\\') {
            c = p->text[++i];
            if (c == 'n') c = '\n';
        }
        buf_add_n(&b, &c, 1);
    }
    return buf_take(&b);
}

bool parse_has_room(struct parser *p, int n, size_t size) {
    bool grows = (n & (n - 1)) == 0;
    struct error *e = interrupt_error();
    if (!e) e = memory_left_for((double)size * (grows && n ? n : 1));
    return e ? parse_fail(p, p->t, e) : true;
}

void *parse_more(void *array, int *n, size_t size) {
    if ((*n & (*n - 1)) == 0) array = mem_grow(array, *n ? 2 * (size_t)*n : 1, size);
    memset((char *)array + (size_t)*n * size, 0, size);
    ++*n;
    return array;
}

/* ---- complaints ---- */

bool parse_fail(struct parser *p, const struct token *t, struct error *e) {
    if (p->error) {
        error_free(e);
    } else {
        p->error = error_at(e, t->at);
    }
    return false;
}

static struct error *unreadable(const struct parser *p, const struct token *t) {
    struct buf sign = {0};
    size_t len;
    uint32_t c = utf8_decode(p->text + t->start, &len);
    if (strcmp(t->bad, "bad-character") == 0 && (c < ' ' || c == 0xFFFD)) {
        buf_printf(&sign, "U+%04X", (unsigned)c);
    } else {
        buf_add_n(&sign, p->text + t->start, len);
    }
    const char *here = habit_word(buf_text(&sign)); /* √ is sqrt */
    struct error *e =
        here ? error_new("sign-habit", "sign", buf_text(&sign), "here", here, NULL)
             : error_new(t->bad, "sign", buf_text(&sign), NULL);
    buf_free(&sign);
    return e;
}

/* Up to one of the signs that end it. */
static char *copy_until(const char *from, const char *ends) {
    return mem_copy_n(from, strcspn(from, ends));
}

/* 0,1 as much of the world writes it; t is the comma. */
static bool is_decimal(const struct token *t, const struct token *before) {
    return before && before->kind == TOKEN_NUMBER && parse_is_sign(t, ",") &&
           !t->spaced && t[1].kind == TOKEN_NUMBER && !t[1].spaced;
}

static void add_slices(const struct parser *p, struct buf *b, const struct token *x,
                       const char *between, const struct token *y) {
    char *left = parse_slice(p, x), *right = parse_slice(p, y);
    buf_printf(b, "%s%s%s", left, between, right);
    free(left);
    free(right);
}

static bool knows(const struct parser *p, const struct token *t) {
    char *name = t->kind == TOKEN_NAME ? parse_slice(p, t) : NULL;
    bool is = name && parse_knows(p, name);
    free(name);
    return is;
}

/* 3 x, 0.1 dE/dw, 2 sin(x): a name that there is, or may well be; but no word. */
static bool is_factor(const struct parser *p, const struct token *t) {
    char *name = parse_slice(p, t);
    bool slope = *name == 'd' && parse_is_sign(t + 1, "/");
    bool letter = !name[1 + strspn(name + 1, "0123456789")];
    bool is = slope || letter || parse_is_sign(t + 1, "(") || parse_knows(p, name);
    free(name);
    return is;
}

/* w x, rate=0.1, 0,1. */
static void add_otherwise(const struct parser *p, struct buf *here,
                          const struct token *t, const struct token *before) {
    if (is_decimal(t, before)) {
        add_slices(p, here, before, ".", t + 1);
    } else if (before && knows(p, t) && knows(p, before)) {
        add_slices(p, here, before, "*", t);
    } else if (t->kind == TOKEN_NAME && before && parse_is_sign(t + 1, "=") &&
               t[2].kind == TOKEN_NUMBER) {
        add_slices(p, here, t, " ", t + 2);
    }
}

/* Where the values are too many by just the commas within numbers, that is what to
 * say. */
static bool has_decimal_comma(struct parser *p, const struct token *from, int spare) {
    const struct token *first = NULL;
    for (const struct token *t = from + 2; t < p->t; t++) {
        if (!is_decimal(t, t - 1)) continue;
        if (!first) first = t;
        spare--;
    }
    if (!first || spare) return false;
    struct buf here = {0};
    add_slices(p, &here, first - 1, ".", first + 1);
    parse_fail(p, first - 1, error_new("otherwise", "here", buf_text(&here), NULL));
    buf_free(&here);
    return true;
}

static bool is_bracketed(const struct parser *p, const struct token *t) {
    int open = 0;
    for (const struct token *i = p->first; i < t; i++)
        open += parse_is_sign(i, "[") - parse_is_sign(i, "]");
    return open > 0;
}

/* |h - y|, w := 2, X[0:2], 0.1 dE/dw: what other books write, and how it is written
 * here. */
static struct error *otherwise(const struct parser *p, const struct token *t) {
    const struct token *before = t > p->first ? t - 1 : NULL;
    struct buf here = {0};
    const char *at = p->text + t->start;
    if (*at == '|') {
        char *inside = copy_until(at + 1, "|\n;");
        bool closed = at[1 + strlen(inside)] == '|';
        if (closed && *inside) buf_printf(&here, "abs(%s)", inside);
        free(inside);
    } else if (at[0] == ':' && at[1] == '=' && before) {
        char *name = parse_slice(p, before), *value = copy_until(at + 2, "\n;");
        buf_printf(&here, "%s = %s", name, value + strspn(value, " "));
        free(name);
        free(value);
    } else if (at[0] == ':' && before && before->kind == TOKEN_NUMBER) {
        char *from = parse_slice(p, before); /* in [ ] Python's end is not in */
        double last = strtod(at + 1, NULL) - is_bracketed(p, t);
        size_t n = strspn(at + 1, "0123456789");
        bool ends = n && at[1 + n] != ':' && last >= strtod(from, NULL);
        if (ends) buf_printf(&here, "%s..%.0f", from, last);
        free(from);
    } else if (t->kind == TOKEN_NAME && before && before->kind == TOKEN_NUMBER &&
               is_factor(p, t)) {
        char *number = parse_slice(p, before), *rest = copy_until(at, " \n;,)]}");
        buf_printf(&here, "%s*%s", number, rest);
        free(number);
        free(rest);
    } else {
        add_otherwise(p, &here, t, before);
    }
    struct error *e =
        here.len ? error_new("otherwise", "here", buf_text(&here), NULL) : NULL;
    buf_free(&here);
    return e;
}

bool parse_unexpected(struct parser *p) {
    const struct token *t = p->t;
    struct error *known = otherwise(p, t);
    if (known) return parse_fail(p, t, known);
    if (t->kind == TOKEN_BAD) return parse_fail(p, t, unreadable(p, t));
    if (t->kind == TOKEN_END || t->kind == TOKEN_LINE) {
        return parse_fail(p, t, error_new("missing-end", NULL));
    }
    if (parse_sees(p, "=")) return parse_fail(p, t, error_new("equals-inside", NULL));
    char *found = parse_slice(p, t);
    struct error *e = error_new("unexpected", "found", found, NULL);
    free(found);
    return parse_fail(p, t, e);
}

bool parse_closes(struct parser *p, const struct token *open, const char *sign) {
    if (parse_takes(p, sign)) return true;
    if (p->t->kind == TOKEN_BAD) return parse_unexpected(p);
    if (p->t->kind != TOKEN_END && p->t->at.line == open->at.line) {
        return parse_unexpected(p);
    }
    return parse_fail(
        p, open, error_new("open-bracket", "open", open->sign, "close", sign, NULL));
}

bool parse_enters(struct parser *p) {
    if (p->depth < NESTING_MOST) {
        p->depth++;
        return true;
    }
    return parse_fail(p, p->t, error_new("too-deep", NULL));
}

/* ---- names ---- */

bool parse_knows(const struct parser *p, const char *name) {
    return map_get(&p->names, name) > 0 || p->world->is_name(p->world->context, name);
}

static const struct command *command_of(const struct parser *p, const char *word) {
    return p->world->command(p->world->context, word);
}

static bool read_param(struct parser *p, struct stmt *s);
static bool read_repeat(struct parser *p, struct stmt *s);

/* Statements that begin with a word of their own, and are no command. */
static const struct {
    const char *word;
    bool (*read)(struct parser *p, struct stmt *s);
} statements[] = {{"param", read_param}, {"repeat", read_repeat}};

const char *parse_statement_word(size_t i) {
    return i < sizeof statements / sizeof *statements ? statements[i].word : NULL;
}

static bool (*statement_reader(const char *word))(struct parser *p, struct stmt *s) {
    for (size_t i = 0; parse_statement_word(i); i++) {
        if (strcmp(word, statements[i].word) == 0) return statements[i].read;
    }
    return NULL;
}

static bool is_keyword(const char *name) {
    return statement_reader(name) || strcmp(name, "at") == 0;
}

/* A name that is being defined; its text is the statement's and outlives the parser. */
static bool read_name(struct parser *p, char **out) {
    if (p->t->kind != TOKEN_NAME) return parse_unexpected(p);
    *out = parse_slice(p, p->t);
    bool command = is_keyword(*out) || command_of(p, *out);
    if (command || p->world->is_function(p->world->context, *out)) {
        return parse_fail(
            p, p->t,
            error_new(command ? "command-name" : "function-name", "name", *out, NULL));
    }
    parse_next(p);
    return true;
}

static void learn_name(struct parser *p, const char *name) {
    map_set(&p->names, name, 1);
}

/* ---- definitions ---- */

static bool read_index_list(struct parser *p,
                            bool (*read)(struct parser *, struct expr **),
                            struct expr ***list, int *n) {
    const struct token *open = p->t;
    parse_next(p);
    do {
        if (!read(p, PARSE_MORE(*list, *n))) return false;
    } while (parse_takes(p, ","));
    return parse_closes(p, open, "]");
}

static bool read_ref(struct parser *p, struct ref *r) {
    r->at = p->t->at;
    if (!read_name(p, &r->name)) return false;
    if (!parse_sees(p, "[") || p->t->spaced) return true;
    return read_index_list(p, parse_index, &r->index, &r->n_index);
}

static bool read_define(struct parser *p, struct stmt *s) {
    s->kind = STMT_DEFINE;
    do {
        if (!read_ref(p, PARSE_MORE(s->refs, s->n_refs))) return false;
    } while (parse_takes(p, ","));
    const struct token *sign = p->t;
    if (!parse_takes(p, "=") && !parse_takes(p, "-=") && !parse_takes(p, "+=")) {
        return parse_unexpected(p);
    }
    s->op = sign->sign[0];
    do {
        if (!parse_expr(p, PARSE_MORE(s->exprs, s->n_exprs))) return false;
    } while (parse_takes(p, ","));
    if (s->n_refs != s->n_exprs) {
        if (has_decimal_comma(p, sign, s->n_exprs - s->n_refs)) return false;
        return parse_fail(p, sign, error_new("count-mismatch", NULL));
    }
    for (int i = 0; i < s->n_refs; i++) learn_name(p, s->refs[i].name);
    return true;
}

static bool read_function(struct parser *p, struct stmt *s) {
    s->kind = STMT_FUNCTION;
    if (!read_name(p, &s->name)) return false;
    parse_next(p); /* ( */
    do {
        char **arg = PARSE_MORE(s->args, s->n_args);
        if (!read_name(p, arg)) return false;
    } while (parse_takes(p, ","));
    parse_next(p); /* ) */
    parse_next(p); /* = */
    bool *known = mem_alloc((size_t)s->n_args, sizeof *known);
    for (int i = 0; i < s->n_args; i++) {
        known[i] = map_get(&p->names, s->args[i]) > 0;
        learn_name(p, s->args[i]);
    }
    bool fine = parse_expr(p, PARSE_MORE(s->exprs, s->n_exprs));
    for (int i = 0; i < s->n_args; i++) map_set(&p->names, s->args[i], known[i]);
    free(known);
    learn_name(p, s->name);
    return fine;
}

static bool read_param(struct parser *p, struct stmt *s) {
    s->kind = STMT_PARAM;
    parse_next(p);
    do {
        struct pdef *d = PARSE_MORE(s->pdefs, s->n_pdefs);
        d->at = p->t->at;
        if (!read_name(p, &d->name)) return false;
        if (parse_sees(p, "[")) {
            d->shaped = true;
            if (!read_index_list(p, parse_cmp, &d->dims, &d->n_dims)) return false;
        }
        if (parse_takes(p, "=") && !parse_expr(p, &d->value)) return false;
        learn_name(p, d->name);
    } while (parse_takes(p, ","));
    return true;
}

/* NAME ( NAME, … ) = : a function of one's own. */
static bool sees_function(const struct parser *p) {
    const struct token *t = p->t;
    if (t->kind != TOKEN_NAME || !parse_is_sign(t + 1, "(")) return false;
    for (t += 2; t->kind == TOKEN_NAME; t += 2) {
        if (parse_is_sign(t + 1, ")")) return parse_is_sign(t + 2, "=");
        if (!parse_is_sign(t + 1, ",")) return false;
    }
    return false;
}

static bool is_define_sign(const struct token *t) {
    return parse_is_sign(t, "=") || parse_is_sign(t, "-=") || parse_is_sign(t, "+=");
}

/* ref, ref … and one of = -= += */
static bool sees_define(const struct parser *p) {
    for (const struct token *t = p->t; t->kind == TOKEN_NAME; t++) {
        t++;
        int open = 0;
        while (parse_is_sign(t, "[") || open) {
            if (t->kind == TOKEN_END) return false;
            open += parse_is_sign(t, "[") - parse_is_sign(t, "]");
            t++;
        }
        if (is_define_sign(t)) return true;
        if (!parse_is_sign(t, ",")) return false;
    }
    return false;
}

/* ---- items and repeat ---- */

static bool read_item(struct parser *p, struct item *i) {
    i->at = p->t->at;
    if (p->t->kind != TOKEN_TEXT) return parse_expr(p, &i->expr);
    i->text = parse_text(p, p->t);
    parse_next(p);
    return true;
}

static bool read_items(struct parser *p, struct stmt *s) {
    do {
        if (!read_item(p, PARSE_MORE(s->items, s->n_items))) return false;
    } while (parse_takes(p, ","));
    return true;
}

static bool read_program(struct parser *p, struct program *out,
                         const struct token *open);

static bool read_repeat(struct parser *p, struct stmt *s) {
    s->kind = STMT_REPEAT;
    parse_next(p);
    if (!parse_cmp(p, &s->count)) return false;
    if (parse_is_word(p, p->t, "as")) {
        parse_next(p);
        if (!read_name(p, &s->name)) return false;
        learn_name(p, s->name);
    }
    const struct token *open = p->t;
    if (!parse_takes(p, "{")) {
        return parse_fail(p, p->t, error_new("repeat-braces", NULL));
    }
    s->body = mem_alloc(1, sizeof *s->body);
    if (!parse_enters(p)) return false;
    bool fine = read_program(p, s->body, open);
    p->depth--;
    return fine && parse_closes(p, open, "}");
}

/* ---- statements ---- */

/* A word typed with the Korean keyboard on: ㅜㄷㅌㅅ for next. */
static bool is_mistyped(struct parser *p, const char *word) {
    struct buf latin = {0};
    bool is = !parse_knows(p, word) && korean_keys_read(word, &latin) &&
              (command_of(p, buf_text(&latin)) || statement_reader(buf_text(&latin)) ||
               parse_knows(p, buf_text(&latin)));
    if (is) {
        parse_fail(
            p, p->t,
            error_new("korean-keys", "word", word, "near", buf_text(&latin), NULL));
    }
    buf_free(&latin);
    return is;
}

/* ㅈ = 2: letters that are no syllable are no name, but keys. */
static bool is_keys(struct parser *p, const char *word) {
    size_t len;
    const char *at = word;
    for (uint32_t c; (c = utf8_decode(at, &len)) >= 0x3131 && c <= 0x3163;) at += len;
    struct buf latin = {0};
    bool is =
        at > word && !*at && !parse_knows(p, word) && korean_keys_read(word, &latin);
    const char *near = buf_text(&latin);
    if (is) {
        parse_fail(p, p->t, error_new("korean-keys", "word", word, "near", near, NULL));
    }
    buf_free(&latin);
    return is;
}

/* learn lesson 3, as in the shell: the command behind the word `learn`. */
static const struct command *command_after(struct parser *p) {
    if (p->t[1].kind != TOKEN_NAME) return NULL;
    char *word = parse_slice(p, p->t + 1);
    const struct command *c = command_of(p, word);
    free(word);
    return c;
}

static bool read_by_word(struct parser *p, struct stmt *s) {
    char *word = parse_slice(p, p->t);
    const struct command *c = command_of(p, word);
    if (!c && strcmp(word, "learn") == 0) c = command_after(p);
    bool calls = parse_is_sign(p->t + 1, "(") && gate_find(word); /* log(x) */
    bool named = is_define_sign(p->t + 1); /* step = 3: read_define complains */
    bool fine;
    if (is_keys(p, word)) {
        fine = false;
    } else if (statement_reader(word) && !named) {
        fine = statement_reader(word)(p, s);
    } else if (sees_function(p)) {
        fine = read_function(p, s);
    } else if (c && !calls && !named) {
        s->command = c;
        fine = parse_command(p, s);
    } else if (sees_define(p)) {
        fine = read_define(p, s);
    } else {
        s->kind = STMT_ITEMS;
        fine = !is_mistyped(p, word) && read_items(p, s);
    }
    free(word);
    return fine;
}

/* The line as it stands, for habits: up to the line's end, brackets or not. */
static bool is_habit(struct parser *p) {
    const char *line = p->text + p->t->start;
    size_t n = 0;
    while (n <= HABIT_LONGEST && line[n] && line[n] != '\n' && line[n] != ';') n++;
    if (n > HABIT_LONGEST) return false; /* a generated line */
    char *source = mem_copy_n(line, n);
    struct error *e = habit_error(source);
    free(source);
    if (!e) return false;
    parse_fail(p, p->t, e);
    return true;
}

/* desend E: two words side by side, and the first is nearly a command. */
static bool is_misspelt(struct parser *p, const struct token *from) {
    const struct token *t = from + 1;
    bool beside =
        t->kind == TOKEN_NAME || t->kind == TOKEN_NUMBER || t->kind == TOKEN_TEXT;
    if (from->kind != TOKEN_NAME || p->t != t || !beside) return false;
    char *word = parse_slice(p, from);
    if (is_mistyped(p, word)) { /* ㅔㅁㄱ므 w = 2 */
        free(word);
        return true;
    }
    struct error *e =
        parse_knows(p, word) ? NULL : p->world->no_command(p->world->context, word);
    free(word);
    if (e) parse_fail(p, from, e);
    return e;
}

static bool read_stmt(struct parser *p, struct stmt *s) {
    const struct token *from = p->t;
    s->kind = STMT_ITEMS;
    s->at = from->at;
    if (from->kind == TOKEN_NAME && is_habit(p)) return false;
    bool fine = from->kind == TOKEN_NAME ? read_by_word(p, s) : read_items(p, s);
    if (!fine) return false;
    const struct token *last = p->t > from ? p->t - 1 : from;
    s->source = mem_copy_n(p->text + from->start, last->end - from->start);
    if (last->at.line == s->at.line) {
        s->at.length = last->at.column + last->at.length - s->at.column;
    }
    if (p->t->kind == TOKEN_LINE || p->t->kind == TOKEN_END) return true;
    if (p->depth > 0 && parse_sees(p, "}")) return true;
    return s->kind == STMT_ITEMS && is_misspelt(p, from) ? false : parse_unexpected(p);
}

/* Up to the end, or the } of the block that was opened. */
static bool read_program(struct parser *p, struct program *out,
                         const struct token *open) {
    for (;;) {
        while (p->t->kind == TOKEN_LINE) parse_next(p);
        if (p->t->kind == TOKEN_END || (open && parse_sees(p, "}"))) return true;
        if (!parse_has_room(p, out->n, sizeof *out->stmts)) return false;
        struct stmt *s = PARSE_MORE(out->stmts, out->n);
        if (!read_stmt(p, s) || p->error) return false;
    }
}

/* ---- the ways in ---- */

/* Where a line begins. */
static const char *line_of(const char *text, int line) {
    for (const char *end; line > 1 && (end = strchr(text, '\n')); line--)
        text = end + 1;
    return text;
}

/* *reached: of tokens that were cut, did it come to where they end? */
static struct error *parse_tokens(const char *text, const struct tokens *tokens,
                                  const struct parse_world *world, bool *reached,
                                  struct program **out) {
    enum { AHEAD = 3 }; /* what is looked at before it is come to */
    struct parser p = {
        .text = text, .t = tokens->list, .first = tokens->list, .world = world};
    *out = mem_alloc(1, sizeof **out);
    if (!read_program(&p, *out, NULL)) {
        program_free(*out);
        *out = NULL;
    }
    *reached = tokens->cut && p.t + AHEAD >= tokens->list + tokens->n;
    map_free(&p.names);
    return p.error;
}

/* Tokens; how many times as many then. What is wrong in the first million is told
 * without the memory for the rest, and a tree too deep is so there. */
enum { FIRST = (1 << 20) - 1, MORE = 8 };

struct error *parse_program(const char *text, const struct parse_world *world,
                            bool *unfinished, struct program **out) {
    struct error *e = NULL;
    bool again = true;
    *out = NULL;
    if (unfinished) *unfinished = false;
    for (size_t most = FIRST; again; most *= MORE) {
        struct tokens tokens = lexer_read(text, most);
        bool more = unfinished && tokens.unfinished && !tokens.cut;
        e = tokens.error;
        tokens.error = NULL;
        again = false;
        if (more && !e) *unfinished = true;
        else if (!e) e = parse_tokens(text, &tokens, world, &again, out);
        if (again) {
            error_free(e);
            program_free(*out);
            *out = NULL;
        }
        tokens_free(&tokens);
    }
    if (e) error_set_line(e, line_of(text, e->at.line));
    return e;
}
