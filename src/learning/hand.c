#include "learning/hand.h"

#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "learning/learning_inside.h"

struct hand {
    struct expr_node name; /* the loss, as an order names it */
    struct expr loss;
    struct job job;
    struct descent d;
};

/* The loss that the line goes down: E in w -= 0.1 * dE/dw; or NULL. Every name on its
 * left is a parameter: otherwise the graph would be another one afterwards. */
static const char *loss_of(struct session *s, const struct stmt *st) {
    for (int i = 0; i < st->n_refs; i++) {
        const struct def *d = board_get(s->board, st->refs[i].name);
        if (!d || d->kind != DEF_PARAM) return NULL;
    }
    const struct expr *e = st->exprs[0];
    for (int i = 0; i < e->n; i++) {
        if (e->nodes[i].kind == EXPR_DERIVATIVE) return e->nodes[i].name;
    }
    return NULL;
}

static void hand_free(struct hand *h) {
    descent_close(&h->d);
    job_close(&h->job);
    free(h);
}

struct hand *hand_open(struct session *s, const struct stmt *st) {
    const char *loss = loss_of(s, st);
    if (!loss) return NULL;
    struct hand *h = mem_alloc(1, sizeof *h);
    h->name = (struct expr_node){
        .kind = EXPR_NAME, .axis = -1, .name = (char *)(uintptr_t)loss};
    h->loss = (struct expr){.refs = 1, .nodes = &h->name, .n = 1};
    struct descend_order o = {.loss = &h->loss, .extend = true};
    const struct run *now = learning_run_of(s, loss);
    if (now) o.rule = run_last_rule(now);
    if (!o.rule.optimiser) o.rule.optimiser = optimiser_find("sgd");
    struct error *e = job_open(s, &o, &h->job);
    if (!e) {
        e = descent_open(&h->d, h->job.c.graph, h->job.loss, h->job.params,
                         h->job.n_params, o.rule);
    }
    if (!e) {
        descent_look(&h->d);
        return h;
    }
    error_free(e); /* the update itself stands; only its record cannot be kept */
    hand_free(h);
    return NULL;
}

/* The parameters as the line left them. False where one has another shape now. */
static bool take_over(struct session *s, struct descent *d) {
    for (size_t i = 0; i < d->n_params; i++) {
        const struct node *p = d->params[i];
        const struct def *now = board_get(s->board, p->name);
        if (!now || !shape_equal(&now->shape, &p->shape)) return false;
        memcpy(p->value, def_tensor(now)->data, p->size * sizeof(real));
    }
    return true;
}

void hand_close(struct session *s, struct hand *h, bool taken) {
    if (!h) return;
    struct descent *d = &h->d;
    if (taken) {
        /* as it was before the line: row 0, or where the run in hand stands */
        struct run *r = learning_open_run(s, d, h->job.title, true);
        size_t step = board_state(s->board)->run_step + 1;
        if (r && take_over(s, d)) descent_look(d);
        else r = NULL;
        if (interrupt_left()) {
            board_set_run(s->board, NULL,
                          0); /* the update stands, its record is lost */
        } else if (r) {
            run_rule(r, (struct rule){0});
            run_add(r, step, d->loss->value[0], d->numbers);
            board_change_state(s->board)->run_step = step;
        }
    }
    hand_free(h);
}
