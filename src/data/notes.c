#include "data/notes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "base/whole.h"

enum { NAMES = 20 }; /* of one line, at most */

static void add_name(struct buf *b, const char *name) {
    size_t n = utf8_fit(name, 60);
    buf_add_listed(b, "%.*s%s", (int)n, name, name[n] ? "…" : "");
}

/* ---- the file ---- */

static const struct {
    char separator;
    const char *key;
} separators[] = {{';', "data.semicolons"},
                  {'\t', "data.tabs"},
                  {'|', "data.bars"},
                  {' ', "data.blanks"}};

void notes_of_file(struct dataset *d, const struct chosen *k) {
    struct buf names = {0};
    char n[24];
    if (k->t.charset)
        data_note(d, "data.charset", "file", k->path, "charset", k->t.charset, NULL);
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        if (k->t.columns > 1 && k->t.separator == separators[i].separator)
            data_note(d, separators[i].key, NULL);
    }
    for (size_t i = 0; k->t.names && i < k->t.columns && i < NAMES; i++)
        add_name(&names, k->t.names[i]);
    if (k->t.columns > NAMES) buf_add(&names, ", …");
    if (k->t.names) {
        data_note(d, "data.names", "line", whole_text(n, k->t.names_line), "names",
                  buf_text(&names), NULL);
    } else if (k->t.columns > 1) {
        data_note(d, "data.no-names", "n", whole_text(n, k->t.columns), NULL);
    }
    buf_free(&names);
}

/* ---- rows and cells ---- */

static void note_gaps(struct dataset *d, const struct chosen *k) {
    struct buf lines = {0};
    char n[24];
    for (size_t i = 0; i < k->gaps && i < GAP_LINES; i++)
        buf_printf(&lines, "%s%zu", i ? ", " : "", k->gap_lines[i]);
    if (k->gaps > GAP_LINES) buf_add(&lines, ", …");
    if (k->gaps) {
        data_note(d, "data.gaps", "n", whole_text(n, k->gaps), "lines",
                  buf_text(&lines), NULL);
    }
    buf_free(&lines);
}

static size_t groups_of(const struct column *c) {
    return c->point == '.' ? c->is.groups : 0;
}
static size_t dots_of(const struct column *c) {
    return c->point == ',' ? c->is.groups : 0;
}
static size_t commas_of(const struct column *c) { return c->is.commas; }
static size_t rounds_of(const struct column *c) { return c->rounds; }
static size_t money_of(const struct column *c) { return c->money; }
static size_t percents_of(const struct column *c) { return c->percents; }
static size_t scaled_of(const struct column *c) { return c->scaled; }
static size_t coins_of(const struct column *c) { return c->coins; }
static size_t shares_of(const struct column *c) { /* 0.13 beside 12% */
    return c->percents && c->percents < c->is.n ? c->is.n - c->percents : 0;
}

static const struct {
    const char *key;
    size_t (*count)(const struct column *c);
} signs[] = {{"data.groups", groups_of},       {"data.groups-dot", dots_of},
             {"data.commas", commas_of},       {"data.money", money_of},
             {"data.percents", percents_of},   {"data.rounds", rounds_of},
             {"data.scaled-words", scaled_of}, {"data.coins", coins_of},
             {"data.shares", shares_of}};

/* How many numbers had such signs around them, and in which columns. */
static void note_signs(struct dataset *d, const struct chosen *k) {
    for (size_t s = 0; s < sizeof signs / sizeof *signs; s++) {
        struct buf names = {0};
        char n[24], text[24];
        size_t cells = 0, columns = 0;
        for (size_t i = 0; i < k->n; i++) {
            size_t has = k->at[i].text ? 0 : signs[s].count(&k->at[i]);
            if (has && columns++ < NAMES) add_name(&names, chosen_name(k, i, text));
            cells += has;
        }
        if (columns > NAMES) buf_add(&names, ", …");
        if (cells) {
            data_note(d, signs[s].key, "n", whole_text(n, cells), "columns",
                      buf_text(&names), NULL);
        }
        buf_free(&names);
    }
}

/* 12 kg is 12, where all are kg. */
static void note_unit(struct dataset *d, const struct chosen *k, size_t i) {
    const struct column *c = &k->at[i];
    char n[24], text[24], *unit = cell_text(c->unit), *other = cell_text(c->other);
    if (c->of_unit || (c->text && c->other.n && 2 * c->units > c->texts)) {
        data_note(d, c->of_unit ? "data.unit" : "data.units", "column",
                  chosen_name(k, i, text), "n", whole_text(n, c->units), "unit", unit,
                  "other", other, NULL);
    }
    free(unit);
    free(other);
}

static void note_values(struct dataset *d, const struct chosen *k, size_t i,
                        bool input) {
    const struct column *c = &k->at[i];
    struct buf b = {0};
    char n[24], text[24];
    if (!c->classes || (input && !c->text)) return;
    for (size_t v = 0; v < c->n_values && v < NAMES; v++) {
        struct buf one = {0};
        if (!input) buf_printf(&one, "%zu ", v);
        if (c->text) buf_add(&one, c->values[v]);
        else buf_printf(&one, "%.6g", c->sorted[v]);
        add_name(&b, buf_text(&one));
        buf_free(&one);
    }
    if (c->n_values > NAMES) buf_add(&b, ", …");
    const char *key = input        ? "data.one-hot"
                      : !c->text   ? "data.numbered"
                      : k->t.names ? "data.classes"
                                   : "data.classes-of";
    data_note(d, key, "column", chosen_name(k, i, text), "classes", buf_text(&b), "n",
              whole_text(n, c->n_values), NULL);
    if (c->text && c->n_values == k->rows && k->rows > 2)
        data_note(d, "data.own-value", "column", chosen_name(k, i, text), NULL);
    buf_free(&b);
}

void notes_of_rows(struct dataset *d, const struct chosen *k) {
    char n[24];
    if (k->comments)
        data_note(d, "data.comments", "n", whole_text(n, k->comments), NULL);
    note_gaps(d, k);
    note_signs(d, k);
    for (size_t i = 0; i < k->n; i++) note_unit(d, k, i);
    for (size_t i = 0; i < k->n_x; i++) note_values(d, k, k->x[i], true);
    for (size_t i = 0; i < k->n_y; i++) note_values(d, k, k->y[i], false);
}

/* ---- what was asked for ---- */

/* How far from 0 a column goes. */
static double reach(const struct column *c) { return fmax(-c->is.least, c->is.most); }

/* Where columns differ a hundredfold, one rate is too large for one of them and too
 * small for the other; the bias stands on a 1. */
static void note_scale(struct dataset *d, const struct chosen *k) {
    size_t large = k->n, small = k->n;
    char l[24], s[24], to[2][32];
    for (size_t i = 0; i < k->n_x; i++) {
        const struct column *c = &k->at[k->x[i]];
        if (c->text || !(reach(c) > 0)) continue;
        if (large == k->n || reach(c) > reach(&k->at[large])) large = k->x[i];
        if (small == k->n || reach(c) < reach(&k->at[small])) small = k->x[i];
    }
    if (large == k->n) return;
    double most = reach(&k->at[large]), least = reach(&k->at[small]);
    snprintf(to[0], sizeof *to, "%.6g", most);
    snprintf(to[1], sizeof *to, "%.6g", least);
    if (most >= 100 * least) {
        data_note(d, "data.hundredfold", "large", chosen_name(k, large, l), "to", to[0],
                  "small", chosen_name(k, small, s), "little", to[1], NULL);
    } else if (most >= 100) {
        data_note(d, "data.far", "large", chosen_name(k, large, l), "to", to[0], NULL);
    }
}

/* Measures far from 0 pull at every weight behind them: y stays as it is, so that its
 * numbers are the file's. */
static void note_far(struct dataset *d, const struct chosen *k, bool test) {
    double most = 0;
    char to[32], ten[32];
    for (size_t i = 0; i < k->n_y; i++) {
        const struct column *c = &k->at[k->y[i]];
        if (c->text || c->classes) return;
        most = fmax(most, reach(c));
    }
    if (!(most >= 100) || !isfinite(most)) return;
    snprintf(to, sizeof to, "%.6g", most);
    snprintf(ten, sizeof ten, "%.6g", pow(10, floor(log10(most))));
    data_note(d, test ? "data.far-y-test" : "data.far-y", "to", to, "ten", ten, NULL);
}

/* A scaled series answers in the file's numbers: who brings the net's out there saves
 * it the learning of them. */
static void note_series(struct dataset *d, const struct chosen *k) {
    char at[24];
    size_t place = k->n_x;
    for (size_t i = 0; i < k->n_x; i++) {
        if (k->at[k->x[i]].text) return;
        if (k->n_y == 1 && k->x[i] == k->y[0]) place = i;
    }
    if (place < k->n_x)
        data_note(d, "data.series-scaled", "at", whole_text(at, place), NULL);
}

void notes_of_order(struct dataset *d, const struct chosen *k,
                    const struct data_order *how) {
    char n[24];
    if (how->window)
        data_note(d, "data.windows", "n", whole_text(n, how->window), NULL);
    data_note_shuffled(d, how);
    if (how->scaled) data_note(d, "data.scaled-own", NULL);
    if (how->scaled && how->window) note_series(d, k);
    if (!how->scaled) note_scale(d, k);
    note_far(d, k, how->test > 0);
}
