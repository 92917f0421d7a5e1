/* Commands: a word, its operands with commas between, then clauses: a clause word
 * followed by a value starts one. Which words a command understands is in its row. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/near.h"
#include "syntax/command.h"
#include "syntax/habits.h"
#include "syntax/parser_inside.h"

enum listed { NOT_LISTED, WANTS_VALUE, ALONE };

/* Is the word of this token in the command's list of clause words? */
static enum listed listed(const struct parser *p, const struct command *c,
                          const struct token *t) {
    size_t n = t->end - t->start;
    enum listed as = WANTS_VALUE;
    if (t->kind != TOKEN_NAME || !c->clauses) return NOT_LISTED;
    for (const char *w = c->clauses; *w; w += strspn(w, " ")) {
        size_t length = strcspn(w, " ");
        if (*w == '|') as = ALONE;
        if (length == n && memcmp(w, p->text + t->start, n) == 0) return as;
        w += length;
    }
    return NOT_LISTED;
}

static bool is_listed(const struct parser *p, const struct command *c,
                      const struct token *t) {
    return listed(p, c, t) == WANTS_VALUE;
}

/* rate 0.1, rate -a, until E < 1: but rate - a, rate(2), rate[0] go on with a formula.
 */
static bool starts_value(const struct token *t) {
    if (t->kind == TOKEN_NUMBER || t->kind == TOKEN_NAME || t->kind == TOKEN_TEXT) {
        return true;
    }
    if (!t->spaced) return false;
    if (parse_is_sign(t, "-")) return !t[1].spaced;
    return parse_is_sign(t, "(") || parse_is_sign(t, "[") || parse_is_sign(t, "∂") ||
           parse_is_sign(t, ".."); /* x ..: all columns */
}

static bool is_command(const struct parser *p, const struct token *t) {
    char *word = parse_slice(p, t);
    bool is = t->kind == TOKEN_NAME && p->world->command(p->world->context, word);
    free(word);
    return is;
}

/* The word of this very command? (`digits` is one, too, but not in `use digits`.) */
static bool is_this(const struct parser *p, const struct command *c,
                    const struct token *t) {
    char *word = parse_slice(p, t);
    bool is = t->kind == TOKEN_NAME && p->world->command(p->world->context, word) == c;
    free(word);
    return is;
}

/* A word that needs no value, behind an operand: at the end, or before a clause. */
static bool sees_alone(const struct parser *p, const struct command *c,
                       const struct token *t) {
    if (listed(p, c, t) != ALONE) return false; /* nor is it the last of all */
    const struct token *next = t + 1;
    bool ends = next->kind == TOKEN_LINE || next->kind == TOKEN_END ||
                parse_is_sign(next, "}") || listed(p, c, next);
    bool behind = t != p->first && !parse_is_sign(t - 1, ",") && !is_this(p, c, t - 1);
    return ends && behind;
}

static bool sees_clause(const struct parser *p, const struct command *c,
                        const struct token *t) {
    if (sees_alone(p, c, t)) return true;
    if (!is_listed(p, c, t) || !starts_value(t + 1)) return false;
    /* descend steps rate 0.1: here steps is what to descend; but behind that, a word of
     * a clause is one, whatever names there are: descend E rate rate steps 3 */
    bool first = t == p->first || t[-1].kind == TOKEN_LINE || is_command(p, t - 1) ||
                 parse_is_sign(t - 1, ",");
    return !first || !(is_listed(p, c, t + 1) && starts_value(t + 2)) ||
           parse_is_word(p, t, "vs");
}

static bool ends(const struct parser *p) {
    return p->t->kind == TOKEN_LINE || p->t->kind == TOKEN_END ||
           (p->depth > 0 && parse_sees(p, "}"));
}

static bool read_word(struct parser *p, char **out) {
    if (p->t->kind != TOKEN_NAME) return parse_unexpected(p);
    *out = parse_slice(p, p->t);
    parse_next(p);
    return true;
}

static bool read_text(struct parser *p, char **out) {
    if (p->t->kind != TOKEN_TEXT) {
        return p->t->kind == TOKEN_BAD
                   ? parse_unexpected(p)
                   : parse_fail(p, p->t, error_new("wants-text", NULL));
    }
    *out = parse_text(p, p->t);
    parse_next(p);
    return true;
}

/* ---- clauses ---- */

/* from cmp to cmp [by cmp]; the word `from` is past */
static bool read_range(struct parser *p, struct axis *a) {
    if (!parse_cmp(p, &a->from)) return false;
    if (!parse_is_word(p, p->t, "to")) {
        return parse_fail(p, p->t, error_new("range-to", NULL));
    }
    parse_next(p);
    if (!parse_cmp(p, &a->to)) return false;
    if (!parse_is_word(p, p->t, "by")) return true;
    parse_next(p);
    return parse_cmp(p, &a->by);
}

static bool read_axis(struct parser *p, struct axis *a) {
    a->ref.at = p->t->at;
    if (!read_word(p, &a->ref.name)) return false;
    if (parse_sees(p, "[")) {
        const struct token *open = p->t;
        parse_next(p);
        do {
            if (!parse_index(p, PARSE_MORE(a->ref.index, a->ref.n_index))) return false;
        } while (parse_takes(p, ","));
        if (!parse_closes(p, open, "]")) return false;
    }
    if (!parse_is_word(p, p->t, "from")) return true;
    parse_next(p);
    return read_range(p, a);
}

static bool read_vs(struct parser *p, struct clause *c) {
    do {
        if (!read_axis(p, PARSE_MORE(c->axes, c->n_axes))) return false;
    } while (parse_takes(p, ","));
    return true;
}

/* x 1..3, 5, "mark" */
static bool read_columns(struct parser *p, struct clause *c) {
    do {
        struct item *i = PARSE_MORE(c->items, c->n_items);
        i->at = p->t->at;
        if (p->t->kind == TOKEN_TEXT ? !read_text(p, &i->text)
                                     : !parse_index(p, &i->expr))
            return false;
    } while (parse_takes(p, ","));
    return true;
}

/* descend E rate, test scaled: the line ends, or the next clause begins (if that is no
 * name), where the value of this one should stand. */
static bool lacks_value(struct parser *p, const struct command *c,
                        const struct token *t) {
    if (!is_listed(p, c, t) || parse_is_sign(t + 1, "=")) return false;
    char *word = parse_slice(p, t), *next = parse_slice(p, t + 1);
    bool lacks = !starts_value(t + 1) || (listed(p, c, t + 1) && !parse_knows(p, next));
    if (lacks) {
        parse_fail(p, t,
                   error_new("clause-value", "word", word, "command", c->name, "args",
                             c->args, NULL));
    }
    free(word);
    free(next);
    return lacks;
}

static bool read_clause(struct parser *p, const struct command *command,
                        struct clause *c) {
    bool alone = sees_alone(p, command, p->t);
    c->at = p->t->at;
    if (!read_word(p, &c->word)) return false;
    if (alone) {
        c->kind = CLAUSE_ALONE;
        return true;
    }
    if (strcmp(c->word, "vs") == 0) {
        c->kind = CLAUSE_VS;
        return read_vs(p, c);
    }
    if (strcmp(c->word, "from") == 0) {
        c->kind = CLAUSE_RANGE;
        return read_range(p, PARSE_MORE(c->axes, c->n_axes));
    }
    if (strcmp(c->word, "with") == 0) {
        c->kind = CLAUSE_WITH;
        if (!read_word(p, &c->name)) return false;
        bool value = starts_value(p->t) && !sees_clause(p, command, p->t);
        return !value || parse_cmp(p, &c->value);
    }
    if (strcmp(c->word, "as") == 0) {
        c->kind = CLAUSE_AS;
        return read_word(p, &c->name);
    }
    if (strcmp(c->word, "into") == 0 || strcmp(c->word, "after") == 0) {
        c->kind = CLAUSE_INTO;
        return read_text(p, &c->text);
    }
    if (strcmp(c->word, "x") == 0 || strcmp(c->word, "y") == 0) {
        c->kind = CLAUSE_COLUMNS;
        return read_columns(p, c);
    }
    c->kind = CLAUSE_VALUE;
    return !lacks_value(p, command, p->t - 1) && parse_cmp(p, &c->value);
}

/* ---- operands ---- */

static bool read_operand(struct parser *p, struct item *i) {
    i->at = p->t->at;
    if (p->t->kind == TOKEN_TEXT) return read_text(p, &i->text);
    return parse_expr(p, &i->expr);
}

static bool read_operands(struct parser *p, struct stmt *s) {
    if (s->command->flags & COMMAND_KINDS && p->t->kind == TOKEN_NAME &&
        p->t[1].kind == TOKEN_NAME && !is_listed(p, s->command, p->t + 1)) {
        if (!read_word(p, &s->word)) return false;
    }
    do {
        if (!read_operand(p, PARSE_MORE(s->items, s->n_items))) return false;
    } while (parse_takes(p, ","));
    return true;
}

/* help 기울기, lang ko, log "file": the rest of the statement as one text. */
static bool read_raw(struct parser *p, struct stmt *s) {
    if (ends(p)) return true;
    struct item *i = PARSE_MORE(s->items, s->n_items);
    const struct token *from = p->t;
    i->at = from->at;
    if (from->kind == TOKEN_TEXT) return read_text(p, &i->text);
    if (from->kind == TOKEN_BAD && strcmp(from->bad, "open-text") == 0) {
        return parse_unexpected(p);
    }
    while (!ends(p)) parse_next(p);
    i->text = mem_copy_n(p->text + from->start, p->t[-1].end - from->start);
    i->at.length = p->t[-1].at.column + p->t[-1].at.length - i->at.column;
    return true;
}

/* step E 0.1: a value whose word was left out. */
static bool lacks_word(struct parser *p, const struct command *c) {
    size_t n = c->clauses ? strcspn(c->clauses, " ") : 0;
    if (ends(p) || !n || p->t->kind != TOKEN_NUMBER) return false;
    struct buf here = {0};
    char *value = parse_slice(p, p->t);
    buf_printf(&here, "%.*s %s", (int)n, c->clauses, value);
    parse_fail(p, p->t, error_new("otherwise", "here", buf_text(&here), NULL));
    free(value);
    buf_free(&here);
    return true;
}

/* descend E ratee 0.1, rewind too 3, step E fast: a word that is no clause's, before a
 * value or alone. */
static bool is_no_clause(struct parser *p, const struct command *c) {
    bool behind = p->t->kind != TOKEN_NAME && p->t[-1].kind == TOKEN_NAME;
    const struct token *at = behind ? p->t - 1 : p->t;
    bool bare = c->clauses && strchr(c->clauses, '|'); /* it may stand alone */
    bool last = at[1].kind == TOKEN_LINE || at[1].kind == TOKEN_END;
    if (ends(p) || !c->clauses || at->kind != TOKEN_NAME ||
        !(starts_value(at + 1) || bare || last))
        return false;
    struct buf known = {0};
    for (const char *w = c->clauses; *w; w += strspn(w, " ")) {
        size_t length = strcspn(w, " ");
        if (*w != '|') buf_add_listed(&known, "%.*s", (int)length, w);
        w += length;
    }
    char *word = parse_slice(p, at);
    if ((behind || last) && parse_knows(p, word)) { /* an operand, or a factor */
        buf_free(&known);
        free(word);
        return false;
    }
    struct error *e = error_new("unknown-clause", "command", c->name, "name", word,
                                "known", buf_text(&known), NULL);
    struct near n = {.word = word};
    const char *rate = habit_word(word); /* lr, α, as 0.1 is written there */
    if (rate && strcmp(rate, "0.1") == 0 && strstr(c->clauses, "rate"))
        near_meant(&n, "rate");
    parse_fail(p, at, near_tell(&n, e));
    buf_free(&known);
    free(word);
    return true;
}

/* lesson 10 6 */
static bool read_bare(struct parser *p, struct stmt *s) {
    struct clause *c = PARSE_MORE(s->clauses, s->n_clauses);
    c->at = p->t->at;
    c->word = mem_copy(s->command->clauses);
    c->kind = CLAUSE_VALUE;
    return parse_cmp(p, &c->value);
}

bool parse_command(struct parser *p, struct stmt *s) {
    s->kind = STMT_COMMAND;
    if (parse_is_word(p, p->t, "learn") && p->t[1].kind == TOKEN_NAME) {
        char *next = parse_slice(p, p->t + 1);
        const struct command *second = p->world->command(p->world->context, next);
        free(next);
        if (second) {
            s->command = second;
            parse_next(p);
        }
    }
    if (!read_word(p, &s->name)) return false;
    if (s->command->flags & COMMAND_WORDS) return read_raw(p, s);
    p->counts = s->command->flags & COMMAND_BARE; /* 수업 4강 */
    if (!ends(p) && !sees_clause(p, s->command, p->t) && !read_operands(p, s))
        return false;
    while (sees_clause(p, s->command, p->t)) {
        for (int i = 0; i < s->n_clauses; i++) {
            if (!parse_is_word(p, p->t, s->clauses[i].word)) continue;
            return parse_fail(
                p, p->t, error_new("clause-twice", "word", s->clauses[i].word, NULL));
        }
        if (!read_clause(p, s->command, PARSE_MORE(s->clauses, s->n_clauses)))
            return false;
    }
    bool bare = s->command->flags & COMMAND_BARE && s->n_items && !s->n_clauses;
    if (bare && p->t->kind == TOKEN_NUMBER && !read_bare(p, s)) return false;
    p->counts = false;
    return !lacks_value(p, s->command, p->t) && !is_no_clause(p, s->command) &&
           !lacks_word(p, s->command);
}
