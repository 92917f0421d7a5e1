/* The board in a table: lines as they are typed, and what they leave there. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "session/run.h"
#include "syntax/expr.h"

/* All that undo answers for, as a text. */
static void add_board(struct buf *b, const struct board *board) {
    const struct board_state *state = board_state(board);
    buf_printf(b, "seed %" PRIu64 ", draws %" PRIu64 ", run %s at %zu, watch %d\n",
               state->seed, state->draws, state->run ? state->run->loss_name : "none",
               state->run_step, state->n_watch);
    for (size_t i = 0; i < board_count(board); i++) {
        const struct slot *slot = board_at(board, i);
        const struct def *d = slot->def;
        if (!d) continue;
        buf_printf(b, "%s (%d, draws %" PRIu64 "%s) ", slot->name, (int)d->kind,
                   d->draws, d->broken ? ", broken" : "");
        shape_print(b, &d->shape);
        if (d->expr) expr_print(b, d->expr);
        const struct tensor *t = d->kind <= DEF_PARAM ? def_tensor(d) : NULL;
        if (t) tensor_print(b, &t->shape, t->data, 17, 1000);
        buf_add(b, "\n");
    }
}

/* A line is run and must succeed; `!key line` must fail with that error. `mark` looks
 * at the board; `same` and `other`: it is as it was then, or not. */
enum { LINES = 14 };

static const struct {
    const char *lines[LINES];
} rows[] = {
    /* undo and redo: values, dice, seeds, runs, settings */
    {{"x = 1", "mark", "x = 2", "other", "undo", "same", "redo", "expect x == 2"}},
    {{"mark", "normal(0, 1)", "other", "undo", "same"}},
    {{"mark", "x = normal(0, 1)", "mark", "x = normal(0, 1)", "other", "undo", "same"}},
    {{"seed 3", "mark", "seed 4", "other", "undo", "same", "redo", "other"}},
    {{"x = normal(0, 1)", "y = normal(0, 1)", "mark", "seed 1", "other", "undo",
      "same"}},
    {{"param w = 3", "E = w^2", "mark", "descend E rate 0.1 steps 3", "other", "undo",
      "same", "redo", "expect w ~= 1.536"}},
    {{"param w = 3", "E = w^2", "descend E rate 0.1 steps 3", "mark", "rewind to 1",
      "other", "undo", "same"}},
    {{"param w = 3", "E = w^2", "descend E rate 0.1 steps 3", "mark", "E = w^4",
      "other", "undo", "same"}},
    {{"x = 1", "mark", "repeat 3 as i { x = x + i }", "other", "undo", "same"}},
    {{"x = 1", "y = x", "mark", "reset", "other", "undo", "same", "redo",
      "!unknown-name y"}},
    {{"x = 1", "mark", "watch x", "other", "undo", "same"}},
    /* planning changes nothing: all names of a line, or none */
    {{"X = [[1, 2]]", "mark", "!unknown-name A, B = dense(X, 2), qqq", "same"}},
    {{"X = [[1, 2]]", "A = dense(X, 2)", "mark",
      "!unknown-name A, B = dense(X, 3), qqq", "same"}},
    {{"mark", "!unknown-name param a = 3, b = qqq", "same"}},
    {{"param n = 3, W[n] = ones(n)", "expect sum(W) == 3"}},
    {{"param v = 2, w = now(v) + 1", "expect w == 3"}},
    {{"x = 1", "y = 2", "!loop x, y = y, x", "x, y = now(y), now(x)", "expect x == 2",
      "expect y == 1"}},
    {{"x = 1", "A = x", "B = x", "mark", "!loop A, B = B + x, A + x", "same"}},
    {{"x = [1, 2]", "y = [3, 4]", "E = sum(x*y)", "x, y = [1, 2, 3], [4, 5, 6]",
      "expect E == 32"}},
    /* statements before the one that fails stay, and undo takes the line back */
    {{"mark", "!unknown-name x = 1; y = 2; z = qqq", "other", "expect x + y == 3",
      "undo", "same"}},
    /* what stands on a name is looked after, however it is set */
    {{"x = [1, 2]", "y = x*2", "repeat 3 as x { }", "z = y + [1, 2, 3]",
      "expect sum(z) == 18"}},
    {{"x = [1, 2]", "y = x + [1, 2]", "mark", "x = [1, 2, 3]", "!shape-mismatch y",
      "undo", "same", "expect sum(y) == 6"}},
    {{"x = [1, 2]", "y = x + [1, 2]", "mark", "x = [1, 2, 3]", "x = [1, 2]", "same"}},
    {{"n = 2", "x = zeros(n, 2)", "y = x + 1", "n = 3", "z = y + ones(3, 2)",
      "expect sum(z) == 12"}},
    {{"n = 2", "m = 2*n", "x = ones(m)", "y = x + 1", "n = 3", "z = y + ones(6)",
      "expect sum(z) == 18"}},
    {{"f(k) = ones(k)", "n = 2", "x = f(n)", "n = 3", "z = x + ones(3)",
      "expect sum(z) == 6"}},
    {{"X = [1, 2, 3]", "i = 1", "h = X[i]", "mark", "i = 7", "!index-out h", "i = 1",
      "same", "expect h == 2"}},
    {{"use or", "h = sum(X)", "f(x) = x*2", "y = f(h)", "mark", "f(x) = [x, x]",
      "other", "undo", "same"}},
};

/* ---- deep and wide ---- */

/* n lines, each made of the one before (its number is put in twice), then one that must
 * fail with this error, or (NULL) must not; the board is whole afterwards. */
static const struct {
    const char *first, *line, *last, *key;
    int n;
} towers[] = {
    /* deep: 900 high each, 4 fit on the stack of BUILD_DEPTH */
    {"f0(x) = x", "f%d(x) = f%d(x)@+1", "f4(1) == 3601", NULL, 4},
    {"f0(x) = x", "f%d(x) = f%d(x)@+1", "f19(1)", "too-deep", 19},
    {"f0(x) = x", "f%d(x) = -f%d(x)", "f1000(1)", NULL, 1000},
    {"f0(x) = x", "f%d(x) = [f%d(x), 1][0]", "f1500(1)", "too-deep", 1500},
    {"X = [0, 0]; f0(x) = x", "f%d(x) = X[f%d(x)]", "f100(1)", NULL, 100},
    {"X = [0, 0]; h0 = 1*X[0]", "h%d = X[h%d]", "h100", NULL, 100},
    {"param w = 1; h0 = w", "h%d = (h%d at w = 1) + 1", "h3000", "too-deep", 3000},
    {"param w = 1; h0 = w", "h%d = (dh%d/dw at w = 1) + w", "h3000", "too-deep", 3000},
    {"h0 = 1; x = h0", "h%d = h%d + x", "h3000", NULL, 3000},
    /* wide: twice as much a line */
    {"f0(x) = x + x", "f%d(x) = f%d(x) + f%1$d(x)", "f30(1)", "too-many-nodes", 30},
    {"param w = 1; h0 = 2*w", "h%d = (h%d at w = 1) + (h%1$d at w = 2)", "h23",
     "too-many-nodes", 23},
};

/* Lines that fail and change nothing are none to undo. */
static const char *const failing[] = {
    "rewind 30",
    "rewind to 2.5",
    "rewind q",
    "descend F rate -1",
    "descend F steps q",
    "descend q",
    "step F with adan",
    "step q",
    "train F epochs 2",
    "train q",
    "init q",
    "watch q, qq",
    "seed qq",
    "seed 1.5",
    "use qqq",
    "net 3-2",
    "qq = zz",
    "w[3] = 1",
    "run \"nowhere.learn\"",
    "param w[2] = [1, 2, 3]",
    "repeat 2 { zz }",
    "f(x) = zz",
    "descend F until zz",
    "test F",
    "normal(0, zz)",
    "v = normal(0, 1, zz)",
    "W[0], W[7] = 1, 2",
    "A, B = dense([[1, 2]], 2), zz",
    "redo",
    "rewind",
};

struct at_work {
    struct session *s;
    struct buf mark;
};

static void run(struct at_work *w, const char *line) {
    struct buf now = {0};
    bool marks = strcmp(line, "mark") == 0, same = strcmp(line, "same") == 0;
    if (marks || same || strcmp(line, "other") == 0) {
        add_board(&now, w->s->board);
        if (same) ck_assert_str_eq(buf_text(&now), buf_text(&w->mark));
        else if (!marks) ck_assert_str_ne(buf_text(&now), buf_text(&w->mark));
        if (marks) buf_clear(&w->mark);
        if (marks) buf_add(&w->mark, buf_text(&now));
    } else {
        char key[40] = "";
        if (*line == '!') sscanf(line, "!%39s", key);
        struct error *e = session_try(w->s, *key ? strchr(line, ' ') + 1 : line, NULL);
        /* a machine with less memory says that */
        bool short_of = e && strcmp(e->key, "memory-short") == 0;
        if (*key)
            ck_assert_msg(e && (short_of || strcmp(e->key, key) == 0), "%s: %s", line,
                          e ? e->key : "");
        else ck_assert_msg(!e, "%s: %s", line, e ? e->key : "");
        error_free(e);
    }
    buf_free(&now);
}

static struct at_work open_work(void) {
    static const struct command *const tables[] = {session_commands, NULL};
    static struct out out;
    FILE *nowhere = fopen("/dev/null", "w");
    out = (struct out){.file = nowhere, .errors = nowhere, .width = 80, .digits = 6};
    out.text = text_open(TEXT_EN);
    struct at_work w = {session_open(&out, tables), {0}};
    w.s->home = ".";
    return w;
}

static void close_work(struct at_work *w) {
    struct out *out = w->s->out;
    session_close(w->s);
    text_close(out->text);
    fclose(out->file);
    buf_free(&w->mark);
}

START_TEST(test_lines) {
    struct at_work w = open_work();
    for (int i = 0; i < LINES && rows[_i].lines[i]; i++) run(&w, rows[_i].lines[i]);
    close_work(&w);
}
END_TEST

START_TEST(test_failing) {
    struct at_work w = open_work();
    const char *line = failing[_i];
    run(&w, "param W[2] = [1, 2], w = 3; F = (w - 1)^2 + sum(W^2)");
    if (strcmp(line, "rewind") == 0) { /* what the run holds is another W by now */
        run(&w, "descend F steps 3");
        run(&w, "W = 1; param W = 1");
    } else {
        run(&w, "descend F steps 3 every 0");
    }
    run(&w, "mark = 1");
    run(&w, "mark");
    struct error *e = session_try(w.s, line, NULL);
    ck_assert_msg(e, "%s", line);
    error_free(e);
    run(&w, "same");
    ck_assert_str_eq(board_undo(w.s->board), "mark = 1");
    close_work(&w);
}
END_TEST

/* A kernel made by a kernel …: one more level takes no twice as long. */
static const char *const made[] = {
    "conv(X, ",       ")",  "conv(X, relu(", "))",
    "conv(X, X*sum(", "))", "conv(X, ",      "[0..0, 0..0])"};

START_TEST(test_kernels) {
    struct at_work w = open_work();
    struct buf line = {0};
    buf_add(&line, "X = ones(1, 1, 1, 1); A = ");
    for (int i = 0; i < 40; i++) buf_add(&line, made[2 * _i]);
    buf_add(&line, "X");
    for (int i = 0; i < 40; i++) buf_add(&line, made[2 * _i + 1]);
    run(&w, buf_text(&line));
    run(&w, "expect A[0, 0, 0, 0] == 1");
    buf_free(&line);
    close_work(&w);
}
END_TEST

/* @: nine hundred times what is behind it; %1$d: the second number again. */
static void add_line(struct buf *b, const char *line, int i) {
    for (int numbers = 0; *line; line++) {
        if (strncmp(line, "%d", 2) == 0) {
            buf_printf(b, "%d", numbers++ ? i - 1 : i);
            line++;
        } else if (strncmp(line, "%1$d", 4) == 0) {
            buf_printf(b, "%d", i - 1);
            line += 3;
        } else if (*line == '@') {
            for (int k = 0; k < 900; k++) buf_add(b, line + 1);
            return;
        } else {
            buf_add_n(b, line, 1);
        }
    }
}

START_TEST(test_towers) {
    struct at_work w = open_work();
    run(&w, towers[_i].first);
    for (int i = 1; i <= towers[_i].n; i++) {
        struct buf line = {0};
        add_line(&line, towers[_i].line, i);
        run(&w, buf_text(&line));
        buf_free(&line);
    }
    struct buf last = {0};
    if (towers[_i].key) buf_printf(&last, "!%s ", towers[_i].key);
    buf_add(&last, towers[_i].last);
    run(&w, "mark");
    run(&w, buf_text(&last));
    run(&w, "same");
    buf_free(&last);
    close_work(&w);
}
END_TEST

int main(void) {
    Suite *s = suite_create("board");
    TCase *c = tcase_create("lines");
    tcase_add_loop_test(c, test_lines, 0, (int)(sizeof rows / sizeof *rows));
    tcase_add_loop_test(c, test_kernels, 0, (int)(sizeof made / sizeof *made / 2));
    tcase_add_loop_test(c, test_failing, 0, (int)(sizeof failing / sizeof *failing));
    tcase_add_loop_test(c, test_towers, 0, (int)(sizeof towers / sizeof *towers));
    tcase_set_timeout(c, 300);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
