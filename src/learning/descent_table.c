#include "learning/descent_table.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "text/number.h"
#include "text/table.h"

#define STEP 6

/* Of a number in its cell: -1.23457e-05 with 6 digits. On a screen as narrow as a zoom
 * it has fewer, so that no column is left out. */
enum { AROUND = 6, USUAL = 6, FEWEST = 3, NARROW = 60, GAP = 2 };

struct column {
    char *title;
    const struct node *node;
    size_t element;
    bool slope;
    enum out_colour ink;
    int width;
};

struct columns {
    struct column *at;
    size_t n, left_out;
    int digits;
    struct out_table *table; /* NULL: not begun */
};

static void add(struct columns *c, const struct node *n, const char *before,
                const char *name, bool slope, enum out_colour ink) {
    for (size_t k = 0; k < n->size && k < 64; k++) {
        struct buf title = {0};
        buf_printf(&title, "%s%s", before, name);
        shape_print_index(&title, &n->shape, k);
        c->at = mem_grow(c->at, c->n + 1, sizeof *c->at);
        int width = utf8_width(buf_text(&title));
        c->at[c->n++] = (struct column){buf_take(&title), n, k, slope, ink, width};
    }
}

/* The width of all, with so many digits. */
static int width_with(const struct columns *c, int digits) {
    int all = STEP;
    for (size_t i = 0; i < c->n; i++) {
        int title = c->at[i].width, cell = digits + AROUND;
        all += GAP + (title > cell ? title : cell);
    }
    return all;
}

static void choose_digits(struct columns *c, const struct out *o) {
    int fit = USUAL;
    while (o->width < NARROW && fit > FEWEST && width_with(c, fit) > o->width) fit--;
    bool fewer = fit < USUAL && fit < o->digits && width_with(c, fit) <= o->width;
    c->digits = fewer ? fit : o->digits;
    int cell = (fewer ? fit : USUAL) + AROUND;
    for (size_t i = 0; i < c->n; i++)
        if (c->at[i].width < cell) c->at[i].width = cell;
}

/* What does not fit the width is left out from the end (the slopes first), but never
 * the loss; the table says so. */
static void fit(struct columns *c, int width, const struct node *loss, bool chosen) {
    int used = STEP;
    size_t kept = 0, loss_at = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (c->at[i].node == loss && !c->at[i].slope) loss_at = i;
    }
    int need = chosen ? 0 : GAP + c->at[loss_at].width;
    for (size_t i = 0; i < c->n; i++) {
        bool must = !chosen && i == loss_at;
        int w = GAP + c->at[i].width;
        if (must || used + w + (i < loss_at ? need : 0) <= width) {
            used += w;
            struct column keep = c->at[i];
            c->at[i] = c->at[kept];
            c->at[kept++] = keep;
        }
    }
    for (size_t i = kept; i < c->n; i++) free(c->at[i].title);
    c->left_out = c->n - kept;
    c->n = kept;
}

struct columns *columns_new(struct out *o, const char *title, struct node *loss,
                            struct node *const *params, size_t n_params,
                            const struct expr *const *watched,
                            struct node *const *roots, int n_watched) {
    struct columns *c = mem_alloc(1, sizeof *c);
    for (int i = 0; i < n_watched; i++) {
        struct buf name = {0};
        expr_print(&name, watched[i]);
        enum out_colour ink = roots[i] == loss  ? OUT_LOSS
                              : roots[i]->param ? OUT_PARAM
                                                : OUT_PLAIN;
        add(c, roots[i], "", buf_text(&name), false, ink);
        buf_free(&name);
    }
    if (!n_watched) {
        for (size_t i = 0; i < n_params; i++) {
            add(c, params[i], "", params[i]->name, false, OUT_PARAM);
        }
        add(c, loss, "", title, false, OUT_LOSS);
        for (size_t i = 0; i < n_params; i++) {
            struct buf before = {0};
            buf_printf(&before, "d%s/d", title);
            add(c, params[i], buf_text(&before), params[i]->name, true, OUT_GRADIENT);
            buf_free(&before);
        }
    }
    choose_digits(c, o);
    fit(c, o->width, loss, n_watched > 0);
    return c;
}

static void head(struct out *o, struct columns *c) {
    bool more = c->left_out && o->page;
    c->table = table_new((int)(1 + c->n + more));
    out_hold(o);
    table_put(o, c->table, text_get(o->text, "descend.step"), OUT_PLAIN, STEP);
    for (size_t i = 0; i < c->n; i++)
        table_put(o, c->table, c->at[i].title, c->at[i].ink, c->at[i].width);
    if (more) table_cell(c->table, "…", OUT_PLAIN);
    else if (c->left_out) out_puts(o, " …");
    table_end_row(o, c->table);
    out_release_with_next(o);
}

void columns_row(struct out *o, struct columns *c, size_t step) {
    char text[NUM_SIZE];
    if (!c->table) head(o, c);
    table_put(o, c->table, num_format(text, (double)step, 15), OUT_PLAIN, STEP);
    for (size_t i = 0; i < c->n; i++) {
        const struct column *k = &c->at[i];
        const real *from = k->slope ? k->node->grad : k->node->value;
        num_format(text, from[k->element], c->digits);
        table_put(o, c->table, text, OUT_PLAIN, k->width);
    }
    if (c->left_out && o->page) table_cell(c->table, "", OUT_PLAIN);
    table_end_row(o, c->table);
    out_wait(o, 0);
}

void columns_end(struct out *o, const struct columns *c) {
    if (c->table) table_end(o, c->table, 1);
}

void columns_free(struct columns *c) {
    if (!c) return;
    for (size_t i = 0; i < c->n; i++) free(c->at[i].title);
    table_free(c->table);
    free(c->at);
    free(c);
}
