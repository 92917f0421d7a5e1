/* Every wrong rule of every gate's row, and what can go wrong anywhere: walked through
 * small graphs, its number is told to be its own. A row whose mistake never shows here
 * fails: so a new gate brings its graph with it. */
#include <math.h>

#include "typed.h"

#include "engine/gates.h"
#include "explain/mistakes.h"

/* Graphs of four families first: the square of an error, a value used twice, a net of
 * two layers, a choice; then what else the rows are of. */
static const char *const graphs[] = {
    "x = 2; y = 9; param w = 3; h = w*x; e = h - y; E = e^2",
    "param a = 3; b = a^2; c = 5*a + 1; E = b*c",
    "x = 2; y = 0.3; param w1 = 0.7; param w2 = -1.4; h = sigmoid(w1*x); "
    "o = tanh(w2*h); E = (o - y)^2/2",
    "param x = 3; param y = -2; param z = 5; q = x + y; m = max(q, z); E = (3*m)^2",
    "param x = 3; param y = 7; E = (2*min(x, y))^2",
    "param x = -3; f = relu(x); g = 4*f + x; E = g^2",
    "param x = 3; f = relu(2*x); E = (5*f)^2",
    "param a = 3; param b = 4; E = 5*(a/b)^2",
    "param a = 3; E = 5*(-a)^2",
    "param a = -3; E = 5*abs(a)",
    "param a = 0.7; E = 5*exp(a)^2",
    "param a = 0.7; E = 5*log(a)^2",
    "param a = 9; E = 5*sqrt(a)^3",
    "param a = 0.7; E = 5*sin(a)^2",
    "param a = 0.7; E = 5*cos(a)^2",
    "param a = 0.7; E = 5*arctan(a)^2",
    "param a = 0.7; E = 5*softsign(a)^2",
    "param a = -0.7; E = 5*leaky_relu(a)^2",
    "param a = -0.7; E = 5*rrelu(a)^2",
    "param a = 0.7; E = 5*softplus(a)^2",
    "param a = 0.7; E = 5*silu(a)^2",
    "param a = 0.7; E = 5*gelu(a)^2",
    "param a = -0.7; E = 5*elu(a)^2",
    "param v = [1, 2, 4]; E = 5*sum(v*v)",
    "param v = [1, 2, 4]; E = 5*mean(v*v)",
    "param v = [1, 2, 4]; E = 5*max(v)^2",
    "param v = [1, 2, 4]; E = 5*min(v)^2",
    "param v = [1, 2, 0.5]; p = softmax(v); E = sum(p*[1, 5, 2])",
    "param o = [1, 5, 2]; y = [2, 2, 7]; E = 3*l1(o, y)",
    "param o = [1, 5, 2]; y = [2, 2, 7]; E = 3*l2(o, y)",
    "param o = [0.5, -0.2, 0.3]; y = [1, -1, 1]; E = 3*hinge(o, y)",
    "param o = [[1, 5, 2], [0, 1, 0]]; E = 3*cross_entropy(o, [0, 2])",
    "param p = [0.2, 0.7]; E = 3*binary_cross_entropy(p, [1, 1])",
    "param z = [40, 2]; E = 3*binary_cross_entropy(sigmoid(z), [0, 1])",
    "param W = [[1, 2], [3, 5]]; x = [7, 11]; E = sum((W @ x - [1, 2])^2)",
    "param X[1, 1, 4, 4] = 0; X[0, 0, 1, 2] = 3; E = 4*sum(maxpool(X, 2)^2)",
    "param X[1, 1, 4, 4] = 1; X[0, 0, 1, 2] = 3; E = 4*sum(avgpool(X, 2)^2)",
    "param X = [[[[1, 4, 2], [7, 3, 9], [5, 8, 6]]]]; param K = [[[[2, -1], [3, "
    "5]]]]; "
    "param b = [0.7]; E = sum(conv(X, K, b)^2)/8",
    "param x = [2, 3]; param y = [5, 7, 11]; c = concat(x, y); E = sum(c*c*c)",
    "param a = 2; param b = 5; v = [a, b]; E = sum(v*v*v)",
    "param v = [2, 3, 5]; E = v[1]^3",
    "param X = [[1, 4, 2], [7, 3, 8]]; o = layernorm(X); o.W = [2, 3, 5]; "
    "o.b = [1, 4, 2]; E = sum(o*o*o)/9",
    "param X = [[1, 4], [7, 3], [2, 8]]; o = batchnorm(X); o.W = [2, 3]; "
    "o.b = [1, 4]; E = sum(o*o*o)/9",
    "param X = [[[0.3], [-0.8], [0.5]]]; h = rnn(X, 1); h.Wx = [[0.7]]; "
    "h.Wh = [[1.3]]; h.b = [0.2]; E = sum(h*h*h)",
    "param X = [[[0.3], [-0.8], [0.5]]]; h = lstm(X, 1); h.Wx = [[0.7, -0.4, 0.9, "
    "0.3]]; "
    "h.Wh = [[1.3, 0.6, -0.5, 0.8]]; h.b = [0.2, 0.1, -0.3, 0.4]; E = sum(h*h*h)",
    "param X = [[[0.3], [-0.8], [0.5]]]; h = gru(X, 1); h.Wx = [[0.7, -0.4, 0.9]]; "
    "h.Wh = [[1.3, 0.6, -0.5]]; h.b = [0.2, 0.1, -0.3]; E = sum(h*h*h)",
};

static struct compiled c;
static struct mistakes *m;

static void open_lines(const char *lines) {
    typed_open();
    type(lines);
    struct error *e = compile_name(&c, s->board, "E", 0);
    ck_assert_msg(!e, "%s", lines);
    ck_assert(graph_forward(c.graph));
    e = mistakes_open(&m, &c);
    ck_assert_msg(!e && m, "%s: %s", lines, e ? e->key : "");
}

static void open_graph(int i) { open_lines(graphs[i]); }

static void close_graph(void) {
    compile_close(&c);
    typed_close();
}

/* By key: how often a mistake showed, and was told alone. */
enum { KINDS_MOST = 200 };
static struct kind {
    const char *key;
    int shown, alone;
} kinds[KINDS_MOST];
static int n_kinds;

static struct kind *kind_of(const char *key) {
    for (int i = 0; i < n_kinds; i++) {
        if (strcmp(kinds[i].key, key) == 0) return &kinds[i];
    }
    kinds[n_kinds].key = key;
    return &kinds[n_kinds++];
}

static void check_wire(enum mistake_side side, const struct node *n, size_t element) {
    struct mistake all[300];
    int count = mistakes_list(m, side, n, element, all, ROWS(all));
    ck_assert_int_lt(count, ROWS(all));
    for (int i = 0; i < count; i++) {
        const struct mistake *it = &all[i];
        struct diagnosis d = mistakes_diagnose(m, side, n, element, it->number, 0);
        struct kind *kind = kind_of(it->key);
        ck_assert_msg(d.kinds > 0, "%s: %g is nobody's", it->key, it->number);
        bool is = false;
        for (int k = 0; k < d.kinds && k < 2; k++)
            is |= strcmp(d.mistake[k].key, it->key) == 0;
        ck_assert_msg(is || d.kinds > 2, "%s is told as %s", it->key, d.mistake[0].key);
        kind->shown++;
        kind->alone += d.kinds == 1;
        for (int lang = 0; lang < TEXT_LANGS; lang++) { /* nothing is left to fill */
            struct buf b = {0};
            text_set_lang(out.text, lang);
            mistake_say(&b, &out, it);
            const char *said_ = buf_text(&b);
            ck_assert_msg(b.len && !strpbrk(said_, "{}") && *said_ != '[', "%s: %s",
                          it->key, said_);
            buf_clear(&b);
            buf_printf(&b, "mistake.%s.name", it->key);
            ck_assert_msg(text_get(out.text, buf_text(&b)), "%s has no name", it->key);
            buf_free(&b);
        }
    }
}

START_TEST(mistakes_of_every_gate_are_told) {
    for (int i = 0; i < ROWS(graphs); i++) {
        open_graph(i);
        for (int id = 0; id <= c.root->id; id++) {
            const struct node *n = graph_node(c.graph, id);
            if (n->constant) continue;
            for (size_t e = 0; n->gate && e < n->size; e++)
                check_wire(MISTAKE_VALUE, n, e);
            for (size_t e = 0; n->grad && e < n->size; e++)
                check_wire(MISTAKE_GRADIENT, n, e);
        }
        close_graph();
    }
    for (size_t i = 0; i < gate_count(); i++) {
        const struct gate_slip *slip = gate_at(i)->slips;
        for (; slip && slip->key; slip++)
            ck_assert_msg(kind_of(slip->key)->shown, "%s: %s never shows",
                          gate_at(i)->name, slip->key);
    }
    int shown = 0, alone = 0;
    for (int i = 0; i < n_kinds; i++) {
        ck_assert_msg(kinds[i].alone, "%s is never told alone", kinds[i].key);
        shown += kinds[i].shown;
        alone += kinds[i].alone;
        if (getenv("MISTAKES"))
            printf("%-16s %4d of %4d alone\n", kinds[i].key, kinds[i].alone,
                   kinds[i].shown);
    }
    ck_assert_msg(alone * 10 >= shown * 7, "of %d wrong numbers %d are told alone",
                  shown, alone);
    if (getenv("MISTAKES")) printf("%d of %d are told alone\n", alone, shown);
}
END_TEST

/* A student's number, at the board of lesson 4, and what it is told to be. */
static const struct {
    int graph;
    const char *wire;
    double typed;
    const char *key; /* NULL: nobody's */
    int kinds;
} told[] = {
    {0, "w", -18, "mul.own", 1}, /* -6·3 */
    {0, "w", -6, "mul.through", 2},
    {0, "x", -12, "mul.own", 1},
    {0, "w", 2, "upstream", 1},
    {0, "y", -6, "sub.sign", 1},
    {0, "e", 2, "pow.flat", 1},
    {0, "e", -3, "pow.lost", 2}, /* or the value e itself */
    {0, "w", 100, NULL, 0},
    {1, "a", 96, "path.one", 1}, /* by b alone: c·2a */
    {1, "a", 45, "path.one", 1},
    {3, "x", 18, NULL, 0},
};

START_TEST(a_number_is_told) {
    for (int i = 0; i < ROWS(told); i++) {
        open_graph(told[i].graph);
        const struct node *n = compile_find(&c, told[i].wire);
        ck_assert(n);
        struct diagnosis d =
            mistakes_diagnose(m, MISTAKE_GRADIENT, n, 0, told[i].typed, 1e-9);
        ck_assert_msg(d.kinds == told[i].kinds, "%d: %d kinds: %s, %s", i, d.kinds,
                      d.kinds ? d.mistake[0].key : "",
                      d.kinds > 1 ? d.mistake[1].key : "");
        if (told[i].key) ck_assert_str_eq(d.mistake[0].key, told[i].key);
        close_graph();
    }
}
END_TEST

static void is_told(enum mistake_side side, const char *wire, size_t element,
                    double typed, const char *key) {
    const struct node *n = compile_find(&c, wire);
    struct diagnosis d = mistakes_diagnose(m, side, n, element, typed, 1e-9);
    ck_assert_msg(d.kinds == 1 && strcmp(d.mistake[0].key, key) == 0,
                  "%s of %s: %d kinds: %s", key, wire, d.kinds,
                  d.kinds ? d.mistake[0].key : "");
}

/* [1, 2, 3] seen two at a time by [2, 5]: 12 and 19, and 24 and 38 come back. */
START_TEST(a_convolution_by_hand) {
    open_lines(
        "param X = [[[[1, 2, 3]]]]; param K = [[[[2, 5]]]]; param b = [0.5]; "
        "C = conv(X, K, b); E = sum((C - 0.5)^2)");
    is_told(MISTAKE_GRADIENT, "K", 0, 24 * 1, "conv.place");
    is_told(MISTAKE_GRADIENT, "b", 0, 24, "conv.place");
    is_told(MISTAKE_GRADIENT, "X", 1, 24 * 5, "conv.window");
    is_told(MISTAKE_GRADIENT, "K", 1, 24 * 5 + 38 * 5, "conv.own");
    is_told(MISTAKE_GRADIENT, "X", 1, 24 * 2 + 38 * 2, "conv.own");
    is_told(MISTAKE_VALUE, "C", 0, 1 + 2 + 0.5, "conv.sum");
    is_told(MISTAKE_VALUE, "C", 0, 1 * 5 + 2 * 2 + 0.5, "conv.turned");
    is_told(MISTAKE_VALUE, "C", 0, 12, "conv.bias");
    close_graph();
}
END_TEST

START_TEST(parts_by_hand) {
    open_lines("param x = [2, 3]; param y = [5, 7]; E = sum(concat(x, y)^3)");
    is_told(MISTAKE_GRADIENT, "x", 0, 3 * 25, "beside.other");
    close_graph();
    open_lines("param v = [2, 3, 5]; p = v[1]; E = p^3");
    is_told(MISTAKE_GRADIENT, "v", 2, 27, "part.all");
    is_told(MISTAKE_VALUE, "p", 0, 2, "part.from-1");
    close_graph();
}
END_TEST

/* 1 and 7 stand 3 below and above 4: −1 and 1, by W 2 and 3 and b 1 and 4. */
START_TEST(a_norm_by_hand) {
    open_lines(
        "param X = [1, 7]; o = layernorm(X, eps=0); o.W = [2, 3]; o.b = [1, 4]; "
        "E = sum(o*[5, 7])");
    double up[] = {5, 7}, slope[] = {5 * 2, 7 * 3}, s = 3;
    double mean = (slope[0] + slope[1]) / 2, along = (slope[1] - slope[0]) / 2;
    is_told(MISTAKE_GRADIENT, "X", 0, slope[0] / s, "norm.straight");
    is_told(MISTAKE_GRADIENT, "X", 0, (slope[0] + along) / s, "norm.mean");
    is_told(MISTAKE_GRADIENT, "X", 0, (slope[0] - mean) / s, "norm.spread");
    is_told(MISTAKE_GRADIENT, "X", 0, (slope[0] - 2 * mean + 2 * along) / s,
            "norm.share");
    is_told(MISTAKE_GRADIENT, "o.W", 1, up[1] * 7, "norm.raw");
    is_told(MISTAKE_GRADIENT, "o.W", 1, up[1] * 3, "norm.centred");
    is_told(MISTAKE_VALUE, "o", 1, 3 * 3 + 4, "norm.undivided");
    is_told(MISTAKE_VALUE, "o", 1, 3 * 3 / 9.0 + 4, "norm.variance");
    is_told(MISTAKE_VALUE, "o", 1, 1, "norm.plain");
    close_graph();
}
END_TEST

/* Two steps: h1 = tanh(x1·u + b), h2 = tanh(x2·u + h1·w + b), E = 5·h2. */
START_TEST(time_by_hand) {
    double u = 0.7, w = 1.3, b = 0.2, x1 = 0.3, x2 = -0.8;
    double h1 = tanh(x1 * u + b), h2 = tanh(x2 * u + h1 * w + b);
    double last = 5 * (1 - h2 * h2), first = last * w * (1 - h1 * h1);
    open_lines(
        "param X = [[[0.3], [-0.8]]]; h = rnn(X, 1); h.Wx = [[0.7]]; "
        "h.Wh = [[1.3]]; h.b = [0.2]; E = 5*sum(h)");
    is_told(MISTAKE_GRADIENT, "h.Wx", 0, last * x2, "time.last");
    is_told(MISTAKE_GRADIENT, "h.b", 0, last, "time.last");
    is_told(MISTAKE_GRADIENT, "X", 0, last * (1 - h1 * h1) * u, "time.weights");
    is_told(MISTAKE_GRADIENT, "h.Wh", 0, 5 * h1, "time.curve");
    is_told(MISTAKE_VALUE, "h", 0, tanh(x2 * u + b), "time.alone");
    is_told(MISTAKE_VALUE, "h", 0, x2 * u + h1 * w + b, "time.tanh");
    ck_assert_double_eq_tol(compile_find(&c, "h.b")->grad[0], last + first, 1e-12);
    close_graph();
}
END_TEST

/* Nothing of the graph is changed by it, and other numbers are gone on with. */
START_TEST(the_graph_is_left_as_it_was) {
    struct mistake all[100];
    open_graph(0);
    struct node *w = compile_find(&c, "w");
    mistakes_list(m, MISTAKE_GRADIENT, w, 0, all, ROWS(all));
    ck_assert_double_eq(w->grad[0], 2 * (3 * 2 - 9) * 2);
    w->value[0] = 5;
    graph_forward(c.graph);
    graph_backward(c.graph, c.root);
    struct diagnosis d = mistakes_diagnose(m, MISTAKE_GRADIENT, w, 0, 2 * 1 * 5, 0);
    ck_assert_str_eq(d.mistake[0].key, "mul.own");
    ck_assert_double_eq(w->grad[0], 2 * 1 * 2);
    close_graph();
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mistakes");
    TCase *t = tcase_create("mistakes");
    tcase_set_timeout(t, 300);
    tcase_add_test(t, mistakes_of_every_gate_are_told);
    tcase_add_test(t, a_number_is_told);
    tcase_add_test(t, a_convolution_by_hand);
    tcase_add_test(t, parts_by_hand);
    tcase_add_test(t, a_norm_by_hand);
    tcase_add_test(t, time_by_hand);
    tcase_add_test(t, the_graph_is_left_as_it_was);
    suite_add_tcase(suite, t);
    return typed_run(suite);
}
