/* The commands on formulas and learning. To add one: a row here and its function; its
 * sentence is "command.NAME" in text/words/language.json. Help, completion, the manual
 * and a test that runs the example follow from the row.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/near.h"
#include "board/compile.h"
#include "board/functions.h"
#include "board/names.h"
#include "board/offer.h"
#include "explain/blanks.h"
#include "explain/explain.h"
#include "explain/slide.h"
#include "explain/summary.h"
#include "explain/trace.h"
#include "export/export.h"
#include "learning/descend.h"
#include "learning/epochs.h"
#include "learning/rewind.h"
#include "learning/test.h"
#include "learning/write.h"
#include "session/files.h"
#include "session/help.h"
#include "session/net.h"
#include "session/use_data.h"
#include "session/weights.h"
#include "text/number.h"

/* ---- the explaining ---- */

static struct error *open_operand(struct session *s, const struct stmt *c,
                                  struct compiled *out) {
    const struct expr *x;
    struct error *e = stmt_expr(c, &x);
    if (!e) e = compile_open(out, s->board, x);
    if (e) return e;
    if (!graph_forward(out->graph)) {
        compile_close(out);
        return interrupt_stopped();
    }
    if (!out->root->name) {
        char *title = stmt_title(x);
        graph_name(out->graph, out->root, title);
        free(title);
    }
    return NULL;
}

static struct error *run_forward(struct session *s, const struct stmt *c) {
    struct compiled k;
    struct error *e = open_operand(s, c, &k);
    if (e) return e;
    explain_forward(s->out, &k);
    compile_close(&k);
    return NULL;
}

static struct error *explained(struct session *s, const struct stmt *c,
                               struct error *(*how)(struct out *, struct compiled *,
                                                    struct board *)) {
    struct compiled k;
    struct error *e = open_operand(s, c, &k);
    if (e) return e;
    e = how(s->out, &k, s->board);
    compile_close(&k);
    return e;
}

/* What a graph can be drawn as: `as NAME`. */
static const struct drawn {
    const char *name;
    struct error *(*how)(struct out *, struct compiled *, struct board *);
} drawn[] = {{"formulas", explain_graph_formulas}, {"net", explain_graph_net}};
enum { DRAWN = sizeof drawn / sizeof *drawn };

/* ? from h on, or from dE/dh back. */
static struct error *hiding(struct session *s, const struct stmt *c, bool net) {
    const struct clause *hide = stmt_clause(c, "hide");
    const struct expr *x = hide->value;
    const struct expr_node *root = &x->nodes[x->n - 1];
    bool gradient = root->kind == EXPR_DERIVATIVE;
    if (!gradient && root->kind != EXPR_NAME)
        return error_at(error_new("graph-hide", NULL), root->at);
    const char *name = gradient ? root->wrt : root->name;
    struct compiled k;
    struct error *e = open_operand(s, c, &k);
    if (e) return e;
    const struct node *from = compile_find(&k, name);
    if (gradient && strcmp(root->name, k.root->name) != 0)
        e = error_new("graph-hide-of", "name", k.root->name, "wrt", name, NULL);
    else if (gradient && k.root->size != 1)
        e = error_new("graph-hide-several", "name", k.root->name, NULL);
    else if (from) e = blanks_hide(s->out, &k, net, from, gradient);
    else if (!board_get(s->board, name)) e = name_unknown(s->board, name);
    else e = error_new("no-influence", "name", k.root->name, "wrt", name, NULL);
    compile_close(&k);
    return error_at(e, root->at);
}

static struct error *run_graph(struct session *s, const struct stmt *c) {
    const struct clause *as = stmt_clause(c, "as"), *hide = stmt_clause(c, "hide");
    if (!as && hide) return hiding(s, c, false);
    if (!as) return explained(s, c, explain_graph);
    struct near near = {.word = as->name};
    for (int i = 0; i < DRAWN; i++) {
        bool is = strcmp(as->name, drawn[i].name) == 0;
        if (is && hide && drawn[i].how != explain_graph_net)
            return error_at(error_new("graph-hide-as", "name", as->name, NULL),
                            hide->at);
        if (is && hide) return hiding(s, c, true);
        if (is) return explained(s, c, drawn[i].how);
        near_try(&near, drawn[i].name);
    }
    struct error *e = error_new("graph-as", "name", as->name, NULL);
    return error_at(near_tell(&near, e), as->at);
}

static struct error *run_check(struct session *s, const struct stmt *c) {
    return explained(s, c, explain_check);
}

/* The operand dE/dw of grad and why: E compiled, w found in it. */
static struct error *open_slope(struct session *s, const struct stmt *c,
                                struct compiled *out, struct node **wrt) {
    const struct expr *x;
    struct error *e = stmt_expr(c, &x);
    if (e) return e;
    const struct expr_node *root = &x->nodes[x->n - 1];
    bool why = strcmp(c->command->name, "why") == 0; /* dE/dW[3, 2] too */
    if (why && root->kind == EXPR_INDEX) root = &x->nodes[root->kids[0]];
    if (root->kind != EXPR_DERIVATIVE) {
        return error_at(error_new("wants-derivative", "name", c->command->name, NULL),
                        root->at);
    }
    if ((e = compile_name(out, s->board, root->name, 0))) return error_at(e, root->at);
    bool whole = graph_forward(out->graph);
    *wrt = compile_find(out, root->wrt);
    if (whole && *wrt) return NULL;
    e = !whole ? interrupt_stopped()
        : board_get(s->board, root->wrt)
            ? error_new("no-influence", "name", root->name, "wrt", root->wrt, NULL)
            : name_unknown(s->board, root->wrt);
    compile_close(out);
    return error_at(e, root->at);
}

/* Of E, or of the way to w alone: backward dE/dw. */
static struct error *run_backward(struct session *s, const struct stmt *c) {
    const struct expr *x;
    struct compiled k;
    struct node *wrt;
    struct error *e = stmt_expr(c, &x);
    if (!e && x->nodes[x->n - 1].kind != EXPR_DERIVATIVE)
        return explained(s, c, explain_backward);
    if (!e) e = open_slope(s, c, &k, &wrt);
    if (e) return e;
    e = explain_backward_way(s->out, &k, wrt);
    compile_close(&k);
    return e;
}

static struct error *run_grad(struct session *s, const struct stmt *c) {
    struct compiled k;
    struct node *wrt;
    struct error *e = open_slope(s, c, &k, &wrt);
    if (e) return e;
    e = explain_grad(s->out, &k, wrt);
    compile_close(&k);
    return e;
}

/* Of why dE/dW[3, 2]: which number of W; EXPLAIN_ALL where there is no index. */
static struct error *find_element(struct session *s, const struct expr *x,
                                  const struct node *wrt, size_t *element) {
    *element = EXPLAIN_ALL;
    if (x->nodes[x->n - 1].kind != EXPR_INDEX) return NULL;
    return trace_read_cell(s, x, &wrt->shape, element);
}

static struct error *run_why(struct session *s, const struct stmt *c) {
    struct compiled k;
    struct node *wrt;
    double rate;
    size_t element;
    struct error *e = stmt_number(s, c, "rate", 0.1, &rate);
    if (!e) e = open_slope(s, c, &k, &wrt);
    if (e) return e;
    e = find_element(s, c->items[0].expr, wrt, &element);
    if (!e) e = explain_why(s->out, &k, wrt, element, rate);
    compile_close(&k);
    return e;
}

/* ---- the board ---- */

static struct error *run_undo(struct session *s, const struct stmt *c) {
    (void)c;
    const char *line = board_undo(s->board);
    if (!line) return error_new("nothing-to-undo", NULL);
    out_say(s->out, "undo.done", "line", line, NULL);
    return NULL;
}

static struct error *run_redo(struct session *s, const struct stmt *c) {
    (void)c;
    const char *line = board_redo(s->board);
    if (!line) return error_new("nothing-to-redo", NULL);
    out_say(s->out, "redo.done", "line", line, NULL);
    return NULL;
}

static struct error *run_reset(struct session *s, const struct stmt *c) {
    (void)c;
    board_reset(s->board);
    if (s->interactive) out_say(s->out, "reset.done", NULL);
    return NULL;
}

static struct error *run_seed(struct session *s, const struct stmt *c) {
    double seed = 1;
    const struct expr *x;
    struct error *e = stmt_expr(c, &x);
    if (e) return e;
    const struct expr_node *root = &x->nodes[x->n - 1];
    if (root->kind == EXPR_NAME && strcmp(root->name, "random") == 0) {
        seed = (double)(dice_throw() >> 48); /* to be typed again */
        out_say(s->out, "seed.random", "seed", NUM(s->out, seed), NULL);
    } else {
        struct near n = {.word = root->name ? root->name : ""};
        near_try(&n, "random");
        if ((e = compile_number(s->board, x, &seed))) return near_tell(&n, e);
        if (!(seed >= 0 && seed <= 1e15) || seed != floor(seed)) {
            return error_at(error_new("seed-value", NULL), root->at);
        }
    }
    struct board_state *state = board_change_state(s->board);
    state->seed = (uint64_t)seed;
    state->draws = 0;
    /* every name's dice begin anew */
    for (size_t i = 0; i < board_count(s->board); i++) {
        const struct slot *slot = board_at(s->board, i);
        if (!slot->def || !slot->def->draws) continue;
        struct def *d = def_copy(slot->def);
        d->draws = 0;
        name_set(s->board, slot->name, d, NULL);
    }
    return NULL;
}

/* ---- expect ---- */

static struct error *run_expect(struct session *s, const struct stmt *c) {
    for (int i = 0; i < c->n_items; i++) {
        const struct expr *x = c->items[i].expr;
        if (!x) continue;
        struct tensor *t;
        struct error *e = compile_value(s->board, x, &t);
        if (e) return e;
        bool holds = true;
        for (size_t k = 0; k < t->size; k++)
            holds &= t->data[k] != 0 && !isnan(t->data[k]);
        tensor_unref(t);
        if (holds) continue;
        const struct expr_node *root = &x->nodes[x->n - 1];
        struct buf text = {0}, left = {0};
        expr_print(&text, x);
        if (root->kind == EXPR_GATE && root->n_kids == 2) {
            struct expr part = {.refs = 1, .nodes = x->nodes, .n = root->kids[0] + 1};
            expr_print(&left, &part);
            e = compile_value(s->board, &part, &t);
            if (!e) {
                buf_add(&left, " = ");
                tensor_print(&left, &t->shape, t->data, 10, 12);
                tensor_unref(t);
            }
        }
        error_free(e);
        e = error_new(left.len ? "expect-is" : "expect", "text", buf_text(&text), "is",
                      buf_text(&left), NULL);
        buf_free(&text);
        buf_free(&left);
        return error_at(e, root->at);
    }
    return NULL;
}

/* ---- what Tab offers ---- */

static bool offer_graph(struct session *s, const char *before, struct offer *to) {
    (void)s;
    if (!before || strcmp(before, "as") != 0) return false;
    for (int i = 0; i < DRAWN; i++) offer_word(to, drawn[i].name);
    return true;
}

static bool offer_seed(struct session *s, const char *before, struct offer *to) {
    (void)s;
    if (!before) offer_word(to, "random");
    return false;
}

/* ---- THE TABLE ---- */

// clang-format off
const struct command session_commands[] = {
    {"forward", NULL, "E", "", "forward E", 0, run_forward, NULL},
    {"backward", NULL, "E | dE/dw", "", "backward E", 0, run_backward, NULL},
    {"graph", NULL, "E [as formulas | as net] [hide h]", "as hide",
     "graph E as formulas", COMMAND_DRAWS, run_graph, offer_graph},
    {"grad", NULL, "dE/dw", "", "grad dE/dw", 0, run_grad, NULL},
    {"check", NULL, "E", "", "check E", 0, run_check, NULL},
    {"why", NULL, "dE/dw rate 0.1", "rate", "why dE/dw rate 0.1", 0, run_why, NULL},
    {"step", NULL, "E rate 0.1 [with momentum 0.9 | with adam]", "rate with clip",
     "step E rate 0.1", COMMAND_CHANGES, descend_step_command, descend_offer},
    {"descend", NULL,
     "E rate 0.1 steps 20 [every 5] [until E < 1e-6] [with adam] [decay 0.95] [clip 1]",
     "rate steps every until with decay clip", "descend E rate 0.1 steps 20",
     COMMAND_CHANGES, descend_command, descend_offer},
    {"watch", NULL, "w, E, dE/dw", "", "watch w, E, dE/dw", COMMAND_CHANGES,
     descend_watch_command, NULL},
    {"rewind", NULL, "3 | to 12", "to", "rewind 2",
     COMMAND_CHANGES, rewind_command, NULL},
    {"init", NULL, "E", "", "init E", COMMAND_CHANGES, descend_init_command, NULL},
    {"data", NULL, "", "", "data", 0, use_data_command, NULL},
    {"use", NULL,
     "digits | \"marks.csv\" x 1..3 y 4 test 0.2 [scaled] [classes] [window 12] | \"song.txt\" window 16 | A, b",
     "x y test window | scaled classes", "use xor", COMMAND_CHANGES | COMMAND_NAMES,
     use_command, use_offer},
    {"net", NULL, "784-16-16-10 [sigmoid]", "", "X = [[0, 1]]; net 2-3-1 tanh",
     COMMAND_CHANGES | COMMAND_NAMES | COMMAND_WORDS, net_command, NULL},
    {"summary", NULL, "E", "", "summary E", 0, summary_command, NULL},
    {"gradients", NULL, "E", "", "gradients E", 0, gradients_command, NULL},
    {"trace", NULL, "C[0, 2, 3, 4]", "", "K = conv(ones(1, 1, 3, 3), 2); trace K[0, 1, 0, 0]",
     0, trace_command, NULL},
    {"slide", NULL, "C | C[0, 2, 3, 4]", "", "K = conv(ones(1, 1, 4, 4), 2); slide K", 0,
     slide_command, NULL},
    {"train", NULL,
     "E epochs 5 batch 32 rate 0.1 [with momentum 0.9] [decay 0.9] [clip 1] "
     "[penalty 1e-4] [patience 3]",
     "epochs batch rate with decay clip penalty patience",
     "use or; net 2-1; train E epochs 2 batch 4",
     COMMAND_CHANGES, epochs_train_command, descend_offer},
    {"test", NULL, "O", "", "use or; net 2-1; test O", 0, test_command, NULL},
    {"write", NULL, "O after \"동해\" count 40 [draw 0.8]", "after count draw",
     "X = [[0, 1]]; X.letters = [97, 98, 99]; O = one_hot(X @ [0, 1], 3) @ [[0, 1, 0], [0, 0, 1], "
     "[1, 0, 0]]; write O after \"ab\" count 4",
     COMMAND_CHANGES, write_command, NULL},
    {"undo", NULL, "", "", "undo", 0, run_undo, NULL},
    {"redo", NULL, "", "", NULL, COMMAND_MOVES, run_redo, NULL},
    {"expect", NULL, "w ~= 2.6", "", "expect w ~= 3", COMMAND_STAGE, run_expect, NULL},
    {"seed", NULL, "777 | random", "", "seed 777", COMMAND_CHANGES, run_seed, offer_seed},
    {"show", NULL, "", "", "show", 0, files_show_command, NULL},
    {"save", NULL, "\"s.learn\"", "", NULL, COMMAND_FILES | COMMAND_WRITES, files_save_command, NULL},
    {"run", NULL, "\"demo.learn\"", "", NULL,
     COMMAND_CHANGES | COMMAND_NAMES | COMMAND_FILES, files_run_command, NULL},
    {"restore", NULL, "\"s.learn.weights-1a2b3c4d\"", "", NULL, COMMAND_CHANGES | COMMAND_FILES,
     weights_restore_command, NULL},
    {"export", NULL, "E into \"m.onnx\" | \"m.py\" | \"m.csv\"", "into", NULL, COMMAND_FILES,
     export_command, NULL},
    {"reset", NULL, "", "", "reset", COMMAND_CHANGES | COMMAND_NAMES, run_reset, NULL},
    {"help", "도움말", "[word]", "", "help gradient", COMMAND_WORDS, help_command, help_offer},
    {0},
};
// clang-format on
