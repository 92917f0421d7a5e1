/* Learning, as typed: what the numbers are after some lines, and which lines come to
 * the same: undo, redo, rewind, momentum over single steps, patience. */
#include "typed.h"

#include <math.h>

/* E = (w·x − y)² with x = 1, y = 1, so that a step of rate 0.1 leaves 0.8 of w − 1. And
 * a data set that pulls w to 2 while its test part wants 1: the third epoch is best. */
static const char board[] =
    "param w = 3; x = 1; y1 = 1; h = w*x; E = (h - y1)^2\n"
    "param q = 0; X = [1, 1]; y = [2, 2]; F = mean((q*X - y)^2)\n";
static const char test_part[] = "X.test = [1, 1]; y.test = [1, 1]\n";

static const struct {
    const char *lines, *of;
    double is;
} rows[] = {
    {"w -= 0.1*dE/dw", "w", 2.6},
    {"step E rate 0.1", "w", 2.6},
    {"step E rate 0.1; step E", "w", 2.28},
    {"descend E rate 0.1 steps 3", "w", 2.024},
    /* v = 4, 6.8, 7.96: each step goes on with the last one's */
    {"step E rate 0.1 with momentum 0.9; step E; step E", "w", 1.124},
    {"step E rate 0.1 with momentum 0.9\nstep E\nstep E", "w", 1.124},
    {"descend E rate 0.1 steps 3 with momentum 0.9", "w", 1.124},
    {"descend E rate 0.1 steps 2 with momentum 0.9; step E", "w", 1.124},
    {"descend E rate 0.1 steps 9 with momentum 0.9\nrewind to 2\nstep E", "w", 1.124},
    {"step E rate 0.1 with momentum 0.9\nstep E\nstep E\nundo\nstep E", "w", 1.124},
    /* a descent of its own begins with none */
    {"descend E rate 0.1 steps 2 with momentum 0.9\n"
     "descend E rate 0.1 steps 1 with momentum 0.9",
     "w", 1.736},
    {"step E rate 0.1 with adam; step E; step E", "w", 2.700623392046465},
    {"descend E rate 0.1 steps 3 with adam", "w", 2.700623392046465},
    {"descend E rate 0.1 steps 2 with adam; step E", "w", 2.700623392046465},
    {"descend E rate 0.1 steps 5 with adam\nrewind to 1\nstep E", "w",
     2.800166486115701},
    {"descend E rate 0.1 steps 100 until w < 2.3", "w", 2.28},
    {"descend E rate 1e300 steps 3", "w", 3}, /* the last numbers that were any */
    {"step E rate 0.1\nundo", "w", 3},
    {"step E rate 0.1\nundo\nredo", "w", 2.6},
    {"step E rate 0.1; step E\nundo", "w", 3},
    {"step E rate 0.1\nstep E\nundo\nundo\nredo", "w", 2.6},
    {"descend E rate 0.1 steps 3\nrewind", "w", 2.28},
    {"descend E rate 0.1 steps 3\nrewind 2", "w", 2.6},
    {"descend E rate 0.1 steps 3\nrewind to 1", "w", 2.6},
    {"descend E rate 0.1 steps 3\nrewind to 0\nundo", "w", 2.024},
    {"descend E rate 0.1 steps 3\nrewind to 1\nrewind to 3", "w", 2.024},
    {"w -= 0.1*dE/dw\nw -= 0.1*dE/dw\nrewind", "w", 2.6},
    {"param w = 5\nundo\nundo\nredo", "w", 3},
    {"train F epochs 1 batch 2 rate 0.1", "q", 0.4},
    {"train F epochs 2 batch 2 rate 0.1", "q", 0.72},
    {"train F epochs 2 batch 2 rate 0.1\nundo", "q", 0},
    {"train F epochs 3 batch 2 rate 0.1\nrewind", "q", 0.72},
    {"train F epochs 1 batch 1 rate 0.1", "q", 0.72}, /* two updates */
    {"train F epochs 2 batch 2 rate 0.1 with momentum 0.5", "q", 0.92},
    /* a single number is no weight of a product: no penalty on it, but on a matrix */
    {"train F epochs 2 batch 2 rate 0.1 penalty 0.5", "q", 0.72},
    {"X = [[1], [1]]; param P[1, 1] = 0; G = mean((X @ P - 2)^2)\n"
     "train G epochs 2 batch 2 rate 0.1 penalty 0.5",
     "P[0, 0]", 0.7},
};

START_TEST(test_row) {
    type(board);
    type(rows[_i].lines);
    ck_assert_msg(fabs(typed_number(rows[_i].of) - rows[_i].is) < 1e-6, "%s: %s = %.9g",
                  rows[_i].lines, rows[_i].of, typed_number(rows[_i].of));
}
END_TEST

/* q is 0, 0.4, 0.72, 0.976, 1.1808, 1.34464 …: the third is nearest to 1. */
static const struct {
    const char *lines;
    double q;
} patient[] = {
    {"train F epochs 9 batch 2 rate 0.1 patience 1", 0.976},
    {"train F epochs 9 batch 2 rate 0.1 patience 2", 0.976},
    {"train F epochs 9 batch 2 rate 0.1 patience 2\nrewind", 0.72},
    {"train F epochs 9 batch 2 rate 0.1 patience 2\nrewind to 5", 1.34464},
    {"train F epochs 9 batch 2 rate 0.1 patience 2\nundo", 0},
    /* it did not wait so long, and leaves the best all the same */
    {"train F epochs 4 batch 2 rate 0.1 patience 3", 0.976},
    {"train F epochs 4 batch 2 rate 0.1", 1.1808},
};

START_TEST(test_patience) {
    type(board);
    type(test_part);
    type(patient[_i].lines);
    ck_assert_msg(fabs(typed_number("q") - patient[_i].q) < 1e-6, "%s: q = %.9g",
                  patient[_i].lines, typed_number("q"));
}
END_TEST

/* Lines after which the dice lie the same: what is drawn next is the same, bit for
 * bit. */
static const struct {
    const char *lines, *others;
    bool same;
} drawn[] = {
    {"param u = normal(0, 1)", "param u = normal(0, 1)", true},
    {"param u = normal(0, 1)\nparam u = normal(0, 1)", "param u = normal(0, 1)", false},
    {"param u = normal(0, 1)\nundo\nparam u = normal(0, 1)", "param u = normal(0, 1)",
     true},
    {"u = normal(0, 1)\nundo\nu = normal(0, 1)", "u = normal(0, 1)", true},
    {"v = normal(0, 1)\nundo\nu = normal(0, 1)", "u = normal(0, 1)", true},
    {"seed 7\nu = normal(0, 1)", "u = normal(0, 1)", false},
    {"seed 7\nundo\nu = normal(0, 1)", "u = normal(0, 1)", true},
    {"seed 7\nundo\nredo\nu = normal(0, 1)", "seed 7; u = normal(0, 1)", true},
    {"seed 7\nundo\nparam u = normal(0, 1)", "param u = normal(0, 1)", true},
    /* batches are shuffled, by the seed */
    {"seed 2; X = [1, 2, 3]; y = [2, 1, 5]; param u = 0; F = mean((u*X - y)^2)\n"
     "train F epochs 1 batch 1 rate 0.01",
     "seed 3; X = [1, 2, 3]; y = [2, 1, 5]; param u = 0; F = mean((u*X - y)^2)\n"
     "train F epochs 1 batch 1 rate 0.01",
     false},
    {"seed 7\nreset\nu = normal(0, 1)", "u = normal(0, 1)", true},
    {"param u = normal(0, 1); G = u^2\ninit G", "param u = normal(0, 1)", false},
    {"param u = normal(0, 1); G = u^2\ninit G\nundo", "param u = normal(0, 1)", true},
    {"param u = normal(0, 1); G = u^2\ninit G\nundo\ninit G",
     "param u = normal(0, 1); G = u^2\ninit G", true},
};

START_TEST(test_drawn) {
    type(drawn[_i].lines);
    double u = typed_number("u");
    typed_close();
    typed_open();
    type(drawn[_i].others);
    ck_assert_msg((u == typed_number("u")) == drawn[_i].same, "%s: %g", drawn[_i].lines,
                  u);
}
END_TEST

/* How far 40,000 drawn numbers spread: 400 come in, 100 go out. */
static const struct {
    const char *how;
    double deviation;
} spreads[] = {
    {"normal(0, 1)", 1},         {"normal(1, 0.5)", 0.5}, {"uniform(0, 1)", 0.28868},
    {"uniform(-1, 1)", 0.57735}, {"xavier", 0.063246},    {"he", 0.070711},
};

START_TEST(test_spread) {
    struct buf line = {0};
    buf_printf(&line, "param W[400, 100] = %s", spreads[_i].how);
    type(buf_text(&line));
    double off = typed_number("std(W)") / spreads[_i].deviation - 1;
    ck_assert_msg(fabs(off) < 0.02, "%s: %+.1f %%", spreads[_i].how, 100 * off);
    buf_free(&line);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("learning");
    TCase *c = tcase_create("rows");
    tcase_add_checked_fixture(c, typed_open, typed_close);
    tcase_add_loop_test(c, test_row, 0, ROWS(rows));
    tcase_add_loop_test(c, test_patience, 0, ROWS(patient));
    tcase_add_loop_test(c, test_drawn, 0, ROWS(drawn));
    tcase_add_loop_test(c, test_spread, 0, ROWS(spreads));
    suite_add_tcase(suite, c);
    return typed_run(suite);
}
