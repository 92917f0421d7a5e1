#include "learning/write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "data/data.h"
#include "engine/gates.h"
#include "engine/unfit.h"
#include "text/number.h"

struct writer {
    const struct tensor *letters; /* borrowed: their codes, in order */
    const struct tensor *rows;    /* X, borrowed */
    size_t window;
    struct compiled c;
    struct node *x; /* the window: [1, window] */
    double warmth;  /* draw's; 0: the likeliest */
    struct dice dice;
    double *share; /* room for one a letter */
};

/* ---- what is there, and does it fit ---- */

static struct error *open_net(struct session *s, const struct expr *e,
                              struct writer *w) {
    const struct def *x = board_get(s->board, "X");
    const struct def *letters = board_get(s->board, "X.letters");
    bool text = x && x->kind == DEF_VALUE && x->shape.n == 2 && letters &&
                letters->kind == DEF_VALUE && data_are_letters(def_tensor(letters));
    if (!text) return error_new("write-no-text", NULL);
    w->letters = def_tensor(letters);
    w->rows = def_tensor(x);
    w->window = x->shape.dim[1];
    struct compile_instead instead = {"X", {2, {1, w->window}}, NULL};
    struct compile_order o = {.expr = e, .instead = &instead, .n_instead = 1};
    struct error *err = compile(&w->c, s->board, &o);
    if (err) return err;
    w->x = instead.leaf;
    const struct node *root = w->c.root;
    bool row = root->shape.n == 2 && root->shape.dim[0] == 1 &&
               root->shape.dim[1] >= w->letters->size;
    if (row && graph_depends(w->c.graph, root, w->x)) return NULL;
    char n[24];
    snprintf(n, sizeof n, "%zu", w->letters->size);
    return error_new("write-output", "letters", n, NULL);
}

static struct error *unknown_letter(const struct writer *w, const char *at,
                                    size_t len) {
    struct buf letter = {0}, all = {0};
    buf_add_n(&letter, at, len);
    for (size_t i = 0; i < w->letters->size; i++) {
        if (w->letters->data[i] > ' ') utf8_encode(&all, (uint32_t)w->letters->data[i]);
    }
    struct error *e = error_new("write-letter", "letter", buf_text(&letter), "letters",
                                buf_text(&all), NULL);
    buf_free(&letter);
    buf_free(&all);
    return e;
}

/* One letter on: the window moves. */
static void push(struct writer *w, size_t letter) {
    memmove(w->x->value, w->x->value + 1, (w->window - 1) * sizeof(real));
    w->x->value[w->window - 1] = (real)letter;
}

/* The first row of X that ends with the n letters; NULL: none. */
static const real *row_with(const struct writer *w, const real *given, size_t n) {
    const real *rows = w->rows->data;
    for (size_t i = 0; n < w->window && i < w->rows->shape.dim[0]; i++) {
        const real *row = rows + i * w->window;
        if (memcmp(row + w->window - n, given, n * sizeof *row) == 0) return row;
    }
    return NULL;
}

/* The window as it stands behind a text: as where the text that was learned has it, so
 * that what is before is known too; else behind its beginning. */
static struct error *begin(struct writer *w, const char *text) {
    size_t n = 0, len;
    real *given = mem_alloc(strlen(text) + 1, sizeof *given);
    struct error *e = NULL;
    for (const char *s = text; *s && !e; s += len) {
        size_t letter = data_letter(w->letters, utf8_decode(s, &len));
        if (letter == w->letters->size) e = unknown_letter(w, s, len);
        given[n++] = (real)letter;
    }
    const real *row = e ? NULL : row_with(w, given, n);
    memcpy(w->x->value, row ? row : w->rows->data, w->window * sizeof *row);
    for (size_t i = 0; i < n && !row; i++) push(w, (size_t)given[i]);
    free(given);
    return e;
}

/* ---- the next letter ---- */

/* O's row are logits, or shares already, whose logarithms are as good. */
static double logit(const struct writer *w, size_t i) {
    double v = w->c.root->value[i];
    return gate_is(w->c.root, ROLE_SHARES) ? log(v) : v;
}

static size_t likeliest(const struct writer *w) {
    size_t best = 0;
    for (size_t i = 1; i < w->letters->size; i++)
        best = w->c.root->value[i] > w->c.root->value[best] ? i : best;
    return best;
}

/* By lot, each by its share of e^(logit/warmth). */
static size_t by_lot(struct writer *w) {
    size_t n = w->letters->size;
    double top = logit(w, likeliest(w)), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += w->share[i] = exp((logit(w, i) - top) / w->warmth);
    double at = dice_uniform(&w->dice) * sum;
    for (size_t i = 0; i < n; i++) {
        if ((at -= w->share[i]) < 0) return i;
    }
    return likeliest(w);
}

static struct error *go_on(struct session *s, struct writer *w, size_t count,
                           struct buf *to) {
    for (size_t i = 0; i < count; i++) {
        if (!graph_forward(w->c.graph) || session_stopped(s))
            return interrupt_stopped();
        struct error *e = unfit_label(w->c.graph);
        if (e) return e;
        size_t letter = w->warmth > 0 ? by_lot(w) : likeliest(w);
        utf8_encode(to, (uint32_t)w->letters->data[letter]);
        push(w, letter);
    }
    return NULL;
}

/* ---- the command ---- */

static struct error *read_order(struct session *s, const struct stmt *c,
                                struct writer *w, const char **after, size_t *count) {
    const struct clause *text = stmt_clause(c, "after"), *draw = stmt_clause(c, "draw");
    *after = text ? text->text : "";
    *count = 40;
    struct error *e = stmt_whole(s, c, "count", 1, 1e6, count);
    if (!e) e = stmt_number(s, c, "draw", 0, &w->warmth);
    if (!e && draw && !(w->warmth > 0 && isfinite(w->warmth)))
        e = error_at(error_new("write-draw", NULL), draw->at);
    return e;
}

struct error *write_command(struct session *s, const struct stmt *c) {
    struct writer w = {0};
    const struct expr *x;
    const char *after = "";
    size_t count, n = 0;
    struct buf text = {0};
    struct error *e = stmt_expr(c, &x);
    if (!e) e = read_order(s, c, &w, &after, &count);
    if (!e) e = open_net(s, x, &w);
    if (!e) {
        w.share = mem_alloc(w.letters->size, sizeof *w.share);
        uint8_t *nfc =
            u8_normalize(UNINORM_NFC, (const uint8_t *)after, strlen(after), NULL, &n);
        if (nfc) buf_add_n(&text, (const char *)nfc, n);
        free(nfc);
        e = error_at(begin(&w, buf_text(&text)), c->at);
    }
    if (!e && w.warmth > 0) {
        struct board_state *state = board_change_state(s->board);
        w.dice = dice_for(state->seed, "write", state->draws++);
    }
    if (!e) {
        e = go_on(s, &w, count, &text);
        if (error_is_stop(e)) interrupt_settle(); /* what was written before is whole */
        if (!e || error_is_stop(e)) /* out lets nothing through that controls */
            out_printf(s->out, "%s\n", buf_text(&text));
    }
    free(w.share);
    buf_free(&text);
    if (w.c.graph) compile_close(&w.c);
    return error_at(e, c->at);
}
