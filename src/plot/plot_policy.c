/* plot policy Q: a grid world. Q [rows, columns, 4] says how good each way is in each
 * cell: up, right, down, left. A cell shows its four numbers around an arrow to the
 * best. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/compile.h"
#include "plot/plots.h"
#include "text/number.h"

enum { WAYS = 4, WIDE = 17, LINES = 4, SIX = 6, MOST_ROWS = 12 };
enum { UP, RIGHT, DOWN, LEFT };
static const double across[WAYS] = {0, 1, 0, -1}, down[WAYS] = {-1, 0, 1, 0};

/* ---- the chart: a grid of the best values, then an arrow a cell (z: which) ---- */

/* The best way; several where they are equal: the first counts, but is no choice. */
static size_t best_way(const double *q, bool *chosen) {
    size_t best = 0, equals = 0;
    for (size_t w = 1; w < WAYS; w++) best = q[w] > q[best] ? w : best;
    for (size_t w = 0; w < WAYS; w++) equals += q[w] == q[best];
    *chosen = equals < WAYS;
    return best;
}

struct error *plot_policy(const struct plot_request *r, struct chart *c) {
    struct tensor *t;
    struct error *e = compile_value(r->s->board, r->exprs[0], &t);
    if (e) return e;
    if (t->shape.n != 3 || t->shape.dim[2] != WAYS) {
        struct buf shape = {0};
        shape_print(&shape, &t->shape);
        e = error_new("plot-policy", "name", r->titles[0], "shape", buf_text(&shape),
                      NULL);
        buf_free(&shape);
        tensor_unref(t);
        return e;
    }
    size_t n = t->shape.dim[0] * t->shape.dim[1];
    c->kind = CHART_POLICY;
    c->columns = t->shape.dim[1];
    c->title = out_sentence(r->s->out, "plot.policy.title", "name", r->titles[0], NULL);
    struct series *values = chart_add(c, SERIES_GRID, HUE_VALUE, mem_copy(""), n);
    struct series *ways = chart_add(c, SERIES_POINT, HUE_PARAM, mem_copy(""), n);
    struct series *all = chart_add(c, SERIES_DOTS, HUE_DATA, mem_copy(""), n * WAYS);
    for (size_t i = 0; i < n; i++) {
        bool chosen;
        const double *q = t->data + i * WAYS;
        size_t best = best_way(q, &chosen);
        values->x[i] = ways->x[i] = (double)(i % c->columns);
        values->y[i] = ways->y[i] = (double)(i / c->columns);
        values->z[i] = q[best];
        ways->z[i] = chosen ? (double)best : NAN;
        for (size_t w = 0; w < WAYS; w++) {
            all->x[i * WAYS + w] = values->x[i] + 0.33 * across[w];
            all->y[i * WAYS + w] = values->y[i] + 0.36 * down[w];
            all->z[i * WAYS + w] = q[w];
        }
    }
    tensor_unref(t);
    return NULL;
}

/* ---- in the terminal: a cell is three lines ---- */

struct cell {
    const double *q;
    bool chosen;
    size_t best;
};

static struct cell cell_at(const struct chart *c, size_t i) {
    struct cell cell = {.q = c->series[2].z + i * WAYS};
    cell.best = best_way(cell.q, &cell.chosen);
    return cell;
}

/* As many figures, up to three, as SIX columns have room for. */
static const char *cell_number(char to[NUM_SIZE], double v) {
    for (int digits = 3; digits; digits--) {
        if (strlen(num_format(to, v, digits)) <= SIX) break;
    }
    return to;
}

/* One number of a cell, the best in colour, padded to `columns`. */
static void put_number(struct out *o, const struct cell *cell, size_t way, int columns,
                       bool right) {
    char number[NUM_SIZE];
    bool best = cell->chosen && cell->q[way] == cell->q[cell->best];
    cell_number(number, cell->q[way]);
    out_puts(o, out_ink(o, best ? OUT_VALUE : OUT_DIM));
    out_pad(o, number, columns, right);
    out_puts(o, out_ink(o, OUT_PLAIN));
}

static void put_line(struct out *o, const struct cell *cell, int line) {
    static const char *const arrows[] = {"↑", "→", "↓", "←"}, *const plain[] = {
                                                                  "^", ">", "v", "<"};
    if (line != 1) {
        size_t way = line ? DOWN : UP;
        int n = (int)strlen(cell_number((char[NUM_SIZE]){0}, cell->q[way]));
        int before = (WIDE - n + 1) / 2;
        out_printf(o, "%*s", before, "");
        put_number(o, cell, way, WIDE - before, false);
        return;
    }
    const char *arrow = o->plain ? plain[cell->best] : arrows[cell->best];
    out_puts(o, " ");
    put_number(o, cell, LEFT, SIX, false);
    out_printf(o, " %s%s%s ", out_ink(o, OUT_PARAM), cell->chosen ? arrow : "·",
               out_ink(o, OUT_PLAIN));
    put_number(o, cell, RIGHT, SIX, true);
    out_puts(o, " ");
}

static void put_rule(struct out *o, size_t columns) {
    for (size_t i = 0; i < columns; i++) out_puts(o, "+-----------------");
    out_puts(o, "+\n");
}

int plot_policy_print(struct out *o, const struct chart *c) {
    size_t rows = c->series[0].n / c->columns, columns = c->columns;
    size_t most = (size_t)(o->width - 1) / (WIDE + 1);
    if (columns > most) columns = most ? most : 1;
    size_t fit = (size_t)chart_rows(o, 0, LINES * MOST_ROWS) / LINES;
    if (rows > fit) rows = fit ? fit : 1;
    out_printf(o, "%s\n", c->title);
    for (size_t row = 0; row < rows; row++) {
        put_rule(o, columns);
        for (int line = 0; line < 3; line++) {
            for (size_t i = 0; i < columns; i++) {
                struct cell cell = cell_at(c, row * c->columns + i);
                out_puts(o, "|");
                put_line(o, &cell, line);
            }
            out_puts(o, "|\n");
        }
    }
    put_rule(o, columns);
    int lines = 2 + LINES * (int)rows;
    if (rows * columns == c->series[0].n) return lines;
    char *more = out_sentence(o, "plot.policy.more", NULL);
    lines += out_wrap(o, more, 0);
    free(more);
    return lines;
}
