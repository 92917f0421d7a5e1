#include "learning/rule.h"

#include <math.h>

#include "board/compile.h"
#include "text/number.h"

static struct error *unknown(const struct clause *with) {
    struct buf known = {0};
    for (size_t i = 0; i < optimiser_count(); i++) {
        buf_printf(&known, "%s%s", i ? ", " : "", optimiser_at(i)->name);
    }
    struct error *e = error_new("unknown-optimiser", "name", with->name, "known",
                                buf_text(&known), NULL);
    buf_free(&known);
    return error_at(e, with->at);
}

/* A clause that is a positive number; left as it is where it isn't said. */
static struct error *read_positive(struct session *s, const struct stmt *c,
                                   const char *word, double most, const char *refused,
                                   double *out) {
    double value = *out;
    const struct clause *said = stmt_clause(c, word);
    struct error *e = stmt_number(s, c, word, *out, &value);
    if (e || !said) return e;
    *out = value;
    if (isfinite(value) && value > 0 && value <= most) return NULL;
    return error_at(error_new(refused, "value", NUM(s->out, value), NULL), said->at);
}

struct error *rule_read(struct session *s, const struct stmt *c,
                        const struct rule *last, bool batches, struct rule *out) {
    const struct clause *with = stmt_clause(c, "with");
    const struct optimiser *o = with   ? optimiser_find(with->name)
                                : last ? last->optimiser
                                       : optimiser_at(0);
    if (!o) return unknown(with);
    double rate = last ? last->rate : batches ? o->batch_rate : 0.1;
    bool on = last && !stmt_clause(c, "rate"); /* a rate that is said begins anew */
    *out = (struct rule){o, rate,
                         last && o == last->optimiser ? last->setting : o->setting,
                         on ? last->decay : 0, on ? last->clip : 0};
    struct error *e = NULL;
    if (with && with->value) e = compile_number(s->board, with->value, &out->setting);
    if (!e) e = stmt_number(s, c, "rate", out->rate, &out->rate);
    if (!e) e = read_positive(s, c, "decay", 1, "decay-range", &out->decay);
    if (!e) e = read_positive(s, c, "clip", INFINITY, "clip-range", &out->clip);
    if (e || (isfinite(out->rate) && out->rate >= 0)) return e;
    return error_at(error_new("rate-negative", "value", NUM(s->out, out->rate), NULL),
                    c->at);
}
