#include "learning/rewind.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "board/compile.h"
#include "learning/learning_inside.h"
#include "text/number.h"

/* The rule that a run's steps were taken with (its last; sgd where all were by
 * hand). */
static struct rule rule_of(const struct run *r) {
    struct rule rule = {optimiser_find("sgd"), 0, 0};
    for (size_t i = 0; i < r->n_rules; i++) {
        if (r->rules[i].optimiser) rule = r->rules[i];
    }
    return rule;
}

static void say_rewound(struct session *s, const struct run *r, size_t step,
                        real loss) {
    struct buf b = {0};
    size_t shown = 0;
    buf_printf(&b, "%zu: ", step);
    for (size_t i = 0; i < r->n_params && shown < 4; i++) {
        if (shape_size(&r->shapes[i]) > 8) continue;
        const struct tensor *t = def_tensor(board_get(s->board, r->names[i]));
        buf_printf(&b, "%s = ", r->names[i]);
        tensor_print(&b, &t->shape, t->data, s->out->digits, 8);
        buf_add(&b, ", ");
        shown++;
    }
    buf_printf(&b, "%s = %s", r->loss_name, NUM(s->out, loss));
    out_say(s->out, r->epochs ? "rewind.at-epoch" : "rewind.at", "row", buf_text(&b),
            NULL);
    buf_free(&b);
}

/* The numbers of a kept row back into the parameters. */
static struct error *put_back(struct session *s, const struct run *r,
                              struct run_row row) {
    size_t at = 0;
    for (size_t i = 0; i < r->n_params; at += shape_size(&r->shapes[i++])) {
        const struct def *old = board_get(s->board, r->names[i]);
        if (!old || old->kind != DEF_PARAM ||
            !shape_equal(&old->shape, &r->shapes[i])) {
            return error_new("run-changed", "name", r->loss_name, NULL);
        }
        struct def *d = def_copy(old);
        tensor_unref(d->value);
        d->value = tensor_zeros(d->shape);
        memcpy(d->value->data, row.numbers + at, d->value->size * sizeof(real));
        board_set(s->board, r->names[i], d);
    }
    board_change_state(s->board)->run_step = row.step;
    return NULL;
}

/* A step that was thinned out is worked out again from the nearest kept one. */
static struct error *work_out(struct session *s, const struct run *r,
                              struct run_row row, size_t step, real *loss) {
    struct compiled c;
    struct program *p = NULL;
    struct error *e = session_parse(s, r->loss_name, &p);
    if (e) return e;
    e = compile_open(&c, s->board, p->stmts[0].items[0].expr);
    program_free(p);
    if (e) return e;
    struct node **params;
    struct descent d;
    size_t n = compile_params(&c, s->board, &params);
    e = descent_open(&d, c.graph, c.root, params, n, rule_of(r));
    if (!e && (d.n_numbers != r->n_numbers || d.n_state != r->n_state)) {
        e = error_new("run-changed", "name", r->loss_name, NULL);
    } else if (!e) {
        descent_load(&d, row);
        do d.rule = run_rule_at(r, d.step);
        while (d.rule.optimiser && d.step < step && descent_step(&d));
        learning_keep(s, &d);
        *loss = d.loss->value[0];
        board_change_state(s->board)->run_step = d.step;
    }
    compile_close(&c);
    return e;
}

static struct error *go_to(struct session *s, const struct run *r, size_t step) {
    struct run_row row = run_at(r, run_find(r, step));
    real loss = row.loss;
    bool again = row.step != step && !r->epochs;
    if (row.step != step && r->epochs) {
        out_say(s->out, "rewind.epoch-kept", "step", NUM(s->out, (double)step), NULL);
        step = row.step;
    }
    struct error *e = again ? work_out(s, r, row, step, &loss) : put_back(s, r, row);
    if (!e) say_rewound(s, r, step, loss);
    return e;
}

struct error *rewind_command(struct session *s, const struct stmt *c) {
    const struct board_state *state = board_state(s->board);
    struct run *r = state->run;
    if (!r) return error_new("no-run", NULL);
    double back = 1, to = 0;
    const struct clause *clause = stmt_clause(c, "to");
    struct error *e = NULL;
    if (clause) e = compile_number(s->board, clause->value, &to);
    else if (c->n_items == 1 && c->items[0].expr)
        e = compile_number(s->board, c->items[0].expr, &back);
    if (e) return e;
    double last = (double)r->last;
    if (!clause) to = (double)state->run_step - back;
    if (!(to >= 0 && to <= last) || to != floor(to)) {
        return error_new("rewind-range", "step", NUM(s->out, to), "now",
                         NUM(s->out, (double)state->run_step), "last",
                         NUM(s->out, last), NULL);
    }
    board_change_state(s->board); /* undo keeps r alive while we work */
    return go_to(s, r, (size_t)to);
}
