#include "learning/rewind.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "board/compile.h"
#include "board/names.h"
#include "learning/learning_inside.h"
#include "text/number.h"

static void say_rewound(struct session *s, const struct run *r, size_t step,
                        real loss) {
    struct buf b = {0};
    size_t shown = 0;
    for (size_t i = 0; i < r->n_params && shown < 4; i++) {
        if (shape_size(&r->shapes[i]) > 8) continue;
        const struct tensor *t = def_tensor(board_get(s->board, r->names[i]));
        buf_printf(&b, "%s = ", r->names[i]);
        tensor_print(&b, &t->shape, t->data, s->out->digits, 8);
        buf_add(&b, ", ");
        shown++;
    }
    buf_printf(&b, "%s = %s", r->loss_name, NUM(s->out, loss));
    out_say(s->out, r->epochs ? "rewind.at-epoch" : "rewind.at", "row",
            NUM(s->out, (double)step), "values", buf_text(&b), NULL);
    buf_free(&b);
}

/* The numbers of a kept row back into the parameters. */
static struct error *put_back(struct session *s, const struct run *r,
                              struct run_row row) {
    for (size_t i = 0; i < r->n_params; i++) {
        const struct def *old = board_get(s->board, r->names[i]);
        if (!old || old->kind > DEF_PARAM || !shape_equal(&old->shape, &r->shapes[i])) {
            return error_new("run-changed", "name", r->loss_name, NULL);
        }
    }
    const real **numbers = mem_alloc(r->n_params, sizeof *numbers);
    const real *at = row.numbers;
    for (size_t i = 0; i < r->n_params; at += shape_size(&r->shapes[i++]))
        numbers[i] = at;
    struct error *e = names_set_numbers(s->board, r->n_params,
                                        (const char *const *)r->names, numbers);
    free(numbers);
    if (!e) board_change_state(s->board)->run_step = row.step;
    return e;
}

/* A step that was thinned out is worked out again, as far as that goes: *step is where
 * it came to. */
static struct error *work_out(struct session *s, const struct run *r, size_t *step,
                              real *loss) {
    struct program *p = NULL;
    struct error *e = session_parse(s, r->loss_name, &p);
    if (e) return e;
    struct descend_order o = {.loss = p->stmts[0].items[0].expr, .extend = true};
    struct rule rule = run_last_rule(r);
    struct job j = {0};
    struct descent d = {0};
    if (!rule.optimiser) rule.optimiser = optimiser_find("sgd");
    e = job_open(s, &o, &j);
    if (!e) e = descent_open(&d, j.c.graph, j.loss, j.params, j.n_params, rule);
    if (!e && (d.n_numbers != r->n_numbers || d.n_state != r->n_state)) {
        e = error_new("run-changed", "name", r->loss_name, NULL);
    } else if (!e) {
        learning_replay(&d, r, *step);
        e = interrupt_flag ? interrupt_stopped() : learning_keep(s, &d);
        *loss = d.loss->value[0];
        if (!e) *step = d.step;
    }
    descent_close(&d);
    job_close(&j);
    program_free(p);
    return e;
}

/* An epoch that nobody looked at has no loss in the record. */
static struct error *loss_now(struct session *s, const struct run *r, real *loss) {
    struct program *p = NULL;
    struct error *e = session_parse(s, r->loss_name, &p);
    if (!e) e = compile_number(s->board, p->stmts[0].items[0].expr, loss);
    program_free(p);
    return e;
}

/* Is one of the numbers an average of batchnorm's? Then E at rest is another than the
 * one of the row. */
static bool has_averages(struct session *s, const struct run *r) {
    for (size_t i = 0; i < r->n_params; i++) {
        if (board_get(s->board, r->names[i])->kind == DEF_VALUE) return !r->epochs;
    }
    return false;
}

static struct error *go_to(struct session *s, const struct run *r, size_t step) {
    struct run_row row = run_at(r, run_find(r, step));
    real loss = row.loss;
    size_t at = step;
    bool again = row.step != step && !r->epochs;
    struct error *e = again ? work_out(s, r, &at, &loss) : put_back(s, r, row);
    if (!e && isnan(loss)) e = loss_now(s, r, &loss);
    if (e) return e;
    if (!again) at = row.step;
    if (at != step) {
        out_say(s->out, r->epochs ? "rewind.epoch-kept" : "rewind.hand-kept", "step",
                NUM(s->out, (double)step), NULL);
    }
    say_rewound(s, r, at, loss);
    if (!has_averages(s, r)) return NULL;
    if (!(e = loss_now(s, r, &loss)))
        out_say(s->out, "descend.at-rest", "name", r->loss_name, "rest",
                NUM(s->out, loss), NULL);
    return e;
}

/* rewind all: a word that is no number. Takes e. */
static struct error *where(struct error *e) {
    const char *word =
        strcmp(e->key, "unknown-name") == 0 ? error_value(e, "name") : "";
    if (!*word) return e;
    struct error *better =
        error_at(error_new("rewind-where", "word", word, NULL), e->at);
    error_free(e);
    return better;
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
    if (e) return where(e);
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
