#include "lesson/chalk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "board/mark.h"
#include "lesson/draw.h"
#include "lesson/seed.h"
#include "text/number.h"

enum {
    TRIES_MOST = 300, /* where there is no draw that would do */
    TRIES_GOOD = 60   /* else the best of so many */
};

/* ---- the graph of the step, on a board ---- */

static int which_of(const struct step *step) {
    const char *fill = json_string(step->json, "fill");
    return fill ? blanks_which(fill) : BLANKS_BOTH;
}

void chalk_close(struct chalk *k) { compile_close(&k->c); }

/* All that is to be filled is one number; else there is no box for it. */
static struct error *check_sizes(const struct chalk *k) {
    char most[NUM_SIZE];
    if (k->n == 0 || k->n > BLANKS_MOST)
        return error_new("board-blanks", "n", num_format(most, BLANKS_MOST, 6), NULL);
    for (size_t i = 0; i < k->n; i++) {
        struct buf name = {0};
        if (k->blanks[i].node->size == 1) continue;
        blank_name(&name, &k->c, &k->blanks[i]);
        struct error *e = error_new("board-tensor", "name", buf_text(&name), NULL);
        buf_free(&name);
        return e;
    }
    return NULL;
}

struct error *chalk_open(struct session *s, const struct step *step, struct board *b,
                         struct chalk *k) {
    const struct fill *fill = &desk_here(s)->fill;
    *k = (struct chalk){.which = which_of(step)};
    struct error *e = compile_name(&k->c, b, json_string(step->json, "graph"), 0);
    if (e) return e;
    if (!graph_forward(k->c.graph)) e = interrupt_stopped();
    if (!e) e = blanks_list(&k->c, k->which, &k->blanks, &k->n);
    if (!e) e = check_sizes(k);
    if (!e) e = mistakes_open(&k->m, &k->c);
    for (size_t i = 0; i < k->n && i < BLANKS_MOST; i++)
        k->filled[i] = fill->boxes >> i & 1;
    if (e) chalk_close(k);
    return e;
}

/* ---- numbers of one's own ---- */

struct numbers {
    struct draw draw[CHALK_DRAWS];
    double value[CHALK_DRAWS];
    int n;
};

static void read_draws(const struct step *step, struct numbers *x) {
    const cJSON *one;
    *x = (struct numbers){0};
    cJSON_ArrayForEach(one, lesson_field(step, "draw")) {
        if (x->n < CHALK_DRAWS && draw_read(one->valuestring, &x->draw[x->n])) x->n++;
    }
}

static void free_draws(struct numbers *x) {
    for (int i = 0; i < x->n; i++) draw_free(&x->draw[i]);
}

/* x = 3; param w = -2 */
static char *line_of(const struct numbers *x) {
    struct buf b = {0};
    for (int i = 0; i < x->n; i++) {
        char value[NUM_SIZE];
        buf_printf(&b, "%s%s%s = %s", i ? "; " : "", x->draw[i].param ? "param " : "",
                   x->draw[i].name, num_format(value, x->value[i], 6));
    }
    return buf_take(&b);
}

static bool is_short(double v) { return draw_is_short(v, 1e-3); }

/* What speaks against a draw: boxes that are long, nothing where something might be,
 * mistakes that can't be told apart, and such as don't show. */
struct verdict_of_draw {
    int longs, same, zeros, hidden;
};

static struct verdict_of_draw look(const struct chalk *k) {
    struct verdict_of_draw v = {0};
    for (size_t i = 0; i < k->n; i++) {
        const struct blank *b = &k->blanks[i];
        struct mistakes_told told = mistakes_tell(
            k->m, b->gradient ? MISTAKE_GRADIENT : MISTAKE_VALUE, b->node, 0);
        v.longs += !is_short(blank_value(b));
        v.zeros += blank_value(b) == 0;
        v.same += told.same;
        v.hidden += told.hidden;
    }
    return v;
}

/* 0 is the best. Some mistakes come to the same number, or to the right one, whatever
 * is drawn: so the best is taken, not only what is without fault. */
enum { HIDDEN = 1, SAME = 10, ZERO = 10000, LONG = 1000000 };

static int cost(const struct verdict_of_draw *v, bool exact) {
    return (exact && v->longs ? LONG : 0) + ZERO * v->zeros + SAME * v->same +
           HIDDEN * v->hidden;
}

static struct error *find_leaves(const struct chalk *k, const struct numbers *x,
                                 struct node **leaf) {
    for (int i = 0; i < x->n; i++) {
        leaf[i] = compile_find(&k->c, x->draw[i].name);
        if (!leaf[i] || leaf[i]->gate || leaf[i]->size != 1)
            return error_new("board-draw", "name", x->draw[i].name, "graph",
                             k->c.root->name, NULL);
    }
    return NULL;
}

/* The best of some hundred draws at most. */
static void choose(const struct step *step, struct chalk *k, struct numbers *x,
                   struct node **leaf, struct dice *dice) {
    double kept[CHALK_DRAWS] = {0};
    bool exact = json_number(step->json, "within", 0) <= 0;
    int best = -1;
    for (int t = 0; t < TRIES_MOST && !interrupt_flag; t++) {
        if (t >= TRIES_GOOD && best < LONG) break;
        for (int i = 0; i < x->n; i++)
            leaf[i]->value[0] = x->value[i] = draw_roll(&x->draw[i], dice);
        graph_forward(k->c.graph);
        graph_backward(k->c.graph, k->c.root);
        struct verdict_of_draw v = look(k);
        int price = cost(&v, exact);
        if (best >= 0 && price >= best) continue;
        best = price;
        memcpy(kept, x->value, sizeof kept);
    }
    memcpy(x->value, kept, sizeof kept);
}

struct error *chalk_throw(struct session *s, const struct step *step, struct dice *dice,
                          char **line) {
    struct numbers x;
    struct chalk k;
    struct node *leaf[CHALK_DRAWS];
    *line = NULL;
    read_draws(step, &x);
    if (!x.n) return NULL;
    for (int i = 0; i < x.n; i++) x.value[i] = draw_roll(&x.draw[i], dice);
    char *first = line_of(&x);
    struct board *b = mark_take(s->board);
    struct error *e = desk_rehearse(s, b, first);
    free(first);
    if (!e) e = chalk_open(s, step, b, &k);
    if (!e) {
        e = find_leaves(&k, &x, leaf);
        if (!e) choose(step, &k, &x, leaf, dice);
        chalk_close(&k);
    }
    if (!e) *line = line_of(&x);
    board_free(b);
    free_draws(&x);
    return e;
}

struct dice chalk_dice(struct session *s, const struct step *step, int draw) {
    const struct lesson_play *p = desk_here(s);
    uint64_t set;
    bool person = s->interactive || seed_is_set(&set);
    bool own = person && !p->practice && !p->host;
    struct buf name = {0};
    buf_printf(&name, "%s/%s", p->lesson->id, step->name);
    struct dice d = dice_for(own ? person_seed(s) : 1, buf_text(&name), (uint64_t)draw);
    buf_free(&name);
    return d;
}

bool chalk_is_long(const struct chalk *k) {
    for (size_t i = 0; i < k->n; i++) {
        if (!is_short(blank_value(&k->blanks[i]))) return true;
    }
    return false;
}
