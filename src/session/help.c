#include "session/help.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "board/functions.h"
#include "board/offer.h"
#include "engine/gates.h"
#include "session/files.h"
#include "text/table.h"

static const char *sentence(struct session *s, const char *kind, const char *name,
                            const char *part) {
    struct buf key = {0};
    buf_printf(&key, "%s.%s%s", kind, name, part);
    const char *text = text_get(s->out->text, buf_text(&key));
    buf_free(&key);
    return text;
}

static bool korean(struct session *s) { return text_lang(s->out->text) == TEXT_KO; }

/* ---- the list ---- */

static void list_table(struct session *s, const struct command *c) {
    for (; c->name; c++) {
        if (c->flags & COMMAND_HIDDEN) continue;
        struct buf name = {0};
        buf_printf(&name, "  %s", c->name);
        if (korean(s) && c->ko) buf_printf(&name, " %s", c->ko);
        const char *text = sentence(s, "command", c->name, "");
        out_hang(s->out, buf_text(&name), 19, text ? text : "");
        buf_free(&name);
    }
}

static void list_commands(struct session *s) {
    if (s->first) {
        out_say(s->out, "help.here", NULL);
        list_table(s, s->first);
    }
    out_say(s->out, "help.commands", NULL);
    for (int t = 0; s->tables[t]; t++) {
        if (s->tables[t] != s->first) list_table(s, s->tables[t]);
    }
}

static void list_functions(struct session *s) {
    struct buf b = {0};
    out_say(s->out, "help.functions", NULL);
    size_t at = 0;
    for (const char *name; (name = function_next(&at));) buf_printf(&b, "%s ", name);
    out_wrap(s->out, buf_text(&b), 2);
    buf_free(&b);
}

/* ---- one word ---- */

static void heading(struct session *s, const char *text) {
    out_printf(s->out, "%s%s%s\n", out_ink(s->out, OUT_STRONG), text,
               out_ink(s->out, OUT_PLAIN));
}

static bool help_for_command(struct session *s, const char *word) {
    const struct command *c = session_command(s, word);
    if (!c) return false;
    struct buf b = {0};
    if (c->args) buf_add(&b, c->args);
    if (c->ko) buf_printf(&b, " (%s)", c->ko);
    out_hang(s->out, c->name, (int)strlen(c->name) + 1, buf_text(&b));
    buf_free(&b);
    const char *text = sentence(s, "command", c->name, "");
    const char *more = sentence(s, "command", c->name, ".more");
    if (text) out_wrap(s->out, text, 2);
    if (more) out_wrap(s->out, more, 2);
    if (c->example) out_say(s->out, "help.example", "example", c->example, NULL);
    return true;
}

/* rnn(a, …)  b = .Wx, c = .Wh, d = .b: a layer owns what is behind its input. */
static void add_owned(struct buf *b, const char *owns, const char *const *operands) {
    buf_add(b, "(a, …)");
    for (int k = 1; *owns; k++) {
        size_t n = strcspn(owns, " ");
        buf_printf(b, "%s %s = .%.*s", k > 1 ? "," : " ", operands[k], (int)n, owns);
        owns += n + (owns[n] == ' ');
    }
}

static void help_for_gate(struct session *s, const struct gate *g) {
    static const char *const operands[GATE_RULED] = {"a", "b", "c", "d", "e"};
    const struct call *layer = call_find(g->name);
    struct buf b = {0};
    if (g->infix) {
        buf_printf(&b, g->max_in == 1 ? "%2$s%1$s" : "%1$s%2$sb", "a", g->infix);
    } else if (layer && layer->owns) {
        buf_add(&b, g->name);
        add_owned(&b, layer->owns, operands);
    } else {
        buf_printf(&b, "%s(", g->name);
        for (int k = 0; k < g->min_in && k < GATE_RULED; k++) {
            buf_printf(&b, "%s%s", k ? ", " : "", operands[k]);
        }
        buf_add(&b, ")");
    }
    heading(s, buf_text(&b));
    buf_free(&b);
    const char *text = sentence(s, "gate", g->name, "");
    if (text) out_wrap(s->out, text, 2);
    for (int k = 0; k < GATE_RULED; k++) {
        const char *rule = g->local[k] ? g->local[k] : g->rule[k];
        if (!rule) continue;
        char *says = out_sentence(s->out, g->local[k] ? "help.local" : "help.rule",
                                  "operand", operands[k], "rule", rule, NULL);
        out_wrap(s->out, says, 2);
        free(says);
    }
    if (g->example) out_say(s->out, "help.example", "example", g->example, NULL);
}

static bool help_for_function(struct session *s, const char *word) {
    const struct gate *g = gate_find(word);
    const struct call *c = call_find(word);
    if (!g) g = gate_typed(word, 2); /* help + finds add */
    if (g) help_for_gate(s, g);
    if (c) {
        const char *text = sentence(s, "call", c->name, "");
        if (!g) heading(s, c->name);
        if (text) out_wrap(s->out, text, 2);
        out_say(s->out, "help.example", "example", c->example, NULL);
    }
    return g || c;
}

/* ---- the table of activations ---- */

enum { CURVE = 9 }; /* points from -4 to 4 */

enum { FORMULA_CELL = 28 };

/* A formula of the gate in the student's signs, close together: the first operand is x.
 * One that is too long for the table stands in the gate's own help. */
static void formula_cell(struct out_table *t, const struct gate *g,
                         const char *formula) {
    struct buf b = {0};
    for (const char *c = formula; c && *c; c++) {
        bool word = (c > formula && isalnum((unsigned char)c[-1])) ||
                    isalnum((unsigned char)c[1]);
        if (*c == 'a' && !word) {
            buf_add(&b, "x");
        } else if (*c == 'b' && !word) {
            buf_add(&b, "a");
        } else if (*c != ' ') {
            buf_printf(&b, "%c", *c);
        }
    }
    if (b.len > FORMULA_CELL) {
        buf_clear(&b);
        buf_printf(&b, "help %s", g->name);
    }
    table_cell(t, buf_text(&b), OUT_PLAIN);
    buf_free(&b);
}

/* The curve from -4 to 4 in nine blocks, lowest to highest; a = 1/4 where there is
 * one. */
static void curve_cell(struct out_table *t, const struct gate *g) {
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    struct buf b = {0};
    struct graph *graph = graph_new();
    struct tensor *x;
    error_free(tensor_new((struct shape){.n = 1, .dim = {CURVE}}, &x));
    for (int i = 0; i < CURVE; i++) x->data[i] = i - 4;
    struct node *in[] = {graph_leaf(graph, x, "x", false), graph_constant(graph, 0.25)};
    struct node *y;
    error_free(graph_gate(graph, g, in, g->min_in, NULL, &y));
    graph_forward(graph);
    double low = y->value[0], high = y->value[0];
    for (int i = 1; i < CURVE; i++) {
        low = fmin(low, y->value[i]);
        high = fmax(high, y->value[i]);
    }
    for (int i = 0; i < CURVE; i++) {
        double part = high > low ? (y->value[i] - low) / (high - low) : 0;
        buf_add(&b, blocks[(int)(part * 7 + 0.5)]);
    }
    table_cell(t, buf_text(&b), OUT_PLAIN);
    buf_free(&b);
    tensor_unref(x);
    graph_free(graph);
}

/* Every activation with its curve, value and slope. */
static void list_activations(struct session *s) {
    bool draws = !s->out->plain;
    struct out_table *t = table_new(draws ? 4 : 3);
    table_cell(t, "", OUT_DIM);
    if (draws) table_cell(t, "-4 … 4", OUT_DIM);
    table_cell(t, "f(x)", OUT_DIM);
    table_cell(t, "f'(x)", OUT_DIM);
    for (size_t i = 0; i < gate_count(); i++) {
        const struct gate *g = gate_at(i);
        if (!(g->flags & (GATE_ACTIVATION | GATE_CURVE))) continue;
        table_cell(t, g->name, OUT_STRONG);
        if (draws) curve_cell(t, g);
        formula_cell(t, g, g->formula);
        formula_cell(t, g, g->local[0]);
    }
    table_print(s->out, t, 1);
    table_free(t);
    out_say(s->out, "help.activations", NULL);
}

static bool help_for_idea(struct session *s, const char *word) {
    struct text_word w;
    if (!text_glossary(s->out->text, word, &w)) return false;
    struct buf b = {0};
    if (korean(s)) buf_printf(&b, "%s (%s)", w.ko, w.en);
    heading(s, korean(s) ? buf_text(&b) : w.en);
    buf_free(&b);
    out_wrap(s->out, korean(s) ? w.ko_means : w.en_means, 2);
    if (strcmp(w.en, "activation function") == 0) list_activations(s);
    return true;
}

static bool help_for_name(struct session *s, const char *word) {
    const struct def *d = board_get(s->board, word);
    if (d) files_show_one(s, word, d);
    return d;
}

bool help_knows(struct session *s, const char *word) {
    struct text_word w;
    return session_command(s, word) || gate_find(word) || gate_typed(word, 2) ||
           call_find(word) || text_glossary(s->out->text, word, &w) ||
           board_get(s->board, word);
}

/* help me please */
static bool asks_for_any(const char *words) {
    static const char *const any[] = {"me", "us", "please", "pls", "!", "좀", "주세요"};
    for (size_t n; *words; words += n + strspn(words + n, " ")) {
        bool known = false;
        n = strcspn(words, " ");
        for (size_t i = 0; i < sizeof any / sizeof *any; i++) {
            known |= strlen(any[i]) == n && strncmp(any[i], words, n) == 0;
        }
        if (!known) return false;
    }
    return true;
}

struct error *help_command(struct session *s, const struct stmt *c) {
    const char *word = c->n_items && c->items[0].text ? c->items[0].text : "";
    if (!help_knows(s, word) && asks_for_any(word)) {
        list_commands(s);
        list_functions(s);
        out_say(s->out, "help.more", NULL);
        return NULL;
    }
    bool found = help_for_command(s, word);
    found |= help_for_function(s, word);
    found |= help_for_idea(s, word);
    found |= help_for_name(s, word);
    if (found) return NULL;
    struct near n = {.word = word};
    session_near(s, &n);
    name_near(s->board, &n);
    for (size_t i = 0; i < text_glossary_count(s->out->text); i++) {
        struct text_word idea;
        text_glossary_at(s->out->text, i, &idea);
        near_try(&n, korean(s) ? idea.ko : idea.en);
    }
    return near_tell(&n, error_new("no-help", "name", word, NULL));
}

bool help_offer(struct session *s, const char *before, struct offer *to) {
    if (before) return false;
    offer_commands(to, s);
    offer_names(to, s);
    return true;
}
