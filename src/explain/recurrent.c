/* A step of rnn, lstm or gru for one unit, gate by gate, with the numbers put in
 * (engine/recurrent.h has the formulas). */
#include <stdio.h>
#include <stdlib.h>

#include "engine/recurrent.h"
#include "explain/explain_inside.h"
#include "text/number.h"

struct unit {
    struct out *o;
    struct recurrent r;
    size_t example, t, unit;
    const real *gates, *state, *beside, *before, *c_before; /* before: NULL at first */
    const char *at; /* behind each name: "[2]", or nothing */
};

/* i[2] = σ(1·0.5 + 0.25) = 0.6 */
static void say(const struct unit *u, const char *name, struct buf *formula, double v) {
    struct buf left = {0}, value = {0};
    buf_printf(&left, "%s%s", name, u->at);
    buf_add(&value, NUM(u->o, v));
    char *parts[] = {buf_take(&left), buf_take(formula), buf_take(&value)};
    explain_say_equal(u->o, 2, parts, 3, OUT_STRONG, OUT_PLAIN);
    for (int i = 0; i < 3; i++) free(parts[i]);
}

static void add_terms(struct buf *b, const struct unit *u, const real *v, const real *w,
                      size_t n, size_t wide) {
    double rest = 0;
    for (size_t i = WRITTEN_OUT; i < n; i++) rest += (double)v[i] * (double)w[i * wide];
    for (size_t i = 0; i < n && i < WRITTEN_OUT; i++) {
        if (b->len && b->data[b->len - 1] != '(') buf_add(b, " + ");
        explain_factor(b, v[i], u->o->digits);
        buf_add(b, "·");
        explain_factor(b, w[i * wide], u->o->digits);
    }
    if (n > WRITTEN_OUT) explain_rest(b, n - WRITTEN_OUT, rest, u->o->digits);
}

/* x·Wx + h·Wh + b of one gate; parts: of what comes in, or of the state, alone. */
enum { OF_X = 1, OF_H = 2 };
static void add_sum(struct buf *b, const struct unit *u, size_t gate, int parts) {
    const struct node *n = u->r.layer;
    size_t wide = u->r.gates * u->r.units, column = gate * u->r.units + u->unit;
    size_t row = u->example * u->r.time + u->t;
    if (parts & OF_X) {
        add_terms(b, u, n->in[0]->value + row * u->r.columns, n->in[1]->value + column,
                  u->r.columns, wide);
    }
    if (parts & OF_H && u->before)
        add_terms(b, u, u->before, n->in[2]->value + column, u->r.units, wide);
    if (parts == OF_H && !u->before) buf_add(b, "0");
    if (!(parts & OF_X)) return;
    buf_add(b, " + ");
    explain_factor(b, n->in[3]->value[column], u->o->digits);
}

static void say_gate(const struct unit *u, size_t gate, const char *name,
                     const char *squash) {
    struct buf b = {0};
    buf_printf(&b, "%s(", squash);
    add_sum(&b, u, gate, OF_X | OF_H);
    buf_add(&b, ")");
    say(u, name, &b, u->gates[gate * u->r.units + u->unit]);
}

static double gate_of(const struct unit *u, size_t gate) {
    return u->gates[gate * u->r.units + u->unit];
}

/* a·b + c·d */
static void say_mix(const struct unit *u, const char *name, double a, double b,
                    double c, double d, double v) {
    const double factors[] = {a, b, c, d};
    struct buf text = {0};
    for (int i = 0; i < 4; i++) {
        buf_add(&text, i == 0 ? "" : i == 2 ? " + " : "·");
        explain_factor(&text, factors[i], u->o->digits);
    }
    say(u, name, &text, v);
}

static void say_lstm(const struct unit *u) {
    static const char *const names[] = {"i", "f", "g", "o"};
    for (size_t k = 0; k < 4; k++) say_gate(u, k, names[k], k == 2 ? "tanh" : "σ");
    double was = u->c_before ? u->c_before[u->unit] : 0, c = u->beside[u->unit];
    say_mix(u, "c", gate_of(u, 1), was, gate_of(u, 0), gate_of(u, 2), c);
    struct buf b = {0};
    explain_factor(&b, gate_of(u, 3), u->o->digits);
    buf_printf(&b, "·tanh(%s)", NUM(u->o, c));
    say(u, "h", &b, u->state[u->unit]);
}

static void say_gru(const struct unit *u) {
    say_gate(u, 0, "r", "σ");
    say_gate(u, 1, "z", "σ");
    struct buf b = {0};
    buf_add(&b, "tanh(");
    add_sum(&b, u, 2, OF_X);
    buf_add(&b, " + ");
    explain_factor(&b, gate_of(u, 0), u->o->digits);
    buf_add(&b, u->before ? "·(" : "·");
    add_sum(&b, u, 2, OF_H);
    buf_add(&b, u->before ? "))" : ")");
    say(u, "n", &b, gate_of(u, 2));
    double was = u->before ? u->before[u->unit] : 0, z = gate_of(u, 1);
    say_mix(u, "h", 1 - z, gate_of(u, 2), z, was, u->state[u->unit]);
}

static void say_unit(struct unit u) {
    const struct recurrent *r = &u.r;
    u.gates = recurrent_gates(r, u.example, u.t);
    u.state = recurrent_state(r, u.example, u.t);
    u.beside = recurrent_beside(r, u.example, u.t);
    if (u.t) u.before = recurrent_state(r, u.example, u.t - 1);
    if (u.t) u.c_before = recurrent_beside(r, u.example, u.t - 1);
    if (r->gates == 1) say_gate(&u, 0, "h", "tanh");
    else if (r->gates == 4) say_lstm(&u);
    else say_gru(&u);
}

void explain_cell(struct out *o, const struct node *n, size_t element) {
    struct unit u = {.o = o, .r = recurrent_of(n), .at = ""};
    u.unit = element % u.r.units;
    size_t row = element / u.r.units;
    u.example = u.r.all ? row / u.r.time : row;
    u.t = u.r.all ? row % u.r.time : u.r.time - 1;
    out_say(o, "trace.step", "t", NUM(o, (double)u.t), "unit", NUM(o, (double)u.unit),
            NULL);
    say_unit(u);
}

void explain_steps(struct out *o, const struct node *n) {
    struct recurrent r = recurrent_of(n);
    size_t lines = r.examples * r.time * r.units * (r.gates > 1 ? r.gates + 2 : 1);
    if (lines > 24 || r.columns + r.units > WRITTEN_OUT) return;
    for (size_t i = 0; i < r.examples; i++) {
        for (size_t t = 0; t < r.time; t++) {
            for (size_t unit = 0; unit < r.units; unit++) {
                struct buf at = {0};
                if (r.examples > 1) buf_printf(&at, "[%zu, %zu", i, t);
                else buf_printf(&at, "[%zu", t);
                if (r.units > 1) buf_printf(&at, ", %zu", unit);
                buf_add(&at, "]");
                say_unit((struct unit){.o = o,
                                       .r = r,
                                       .example = i,
                                       .t = t,
                                       .unit = unit,
                                       .at = buf_text(&at)});
                buf_free(&at);
            }
        }
    }
}
