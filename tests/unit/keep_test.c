/* What is learned is kept whole or not at all: a line that sets several parameters
 * fails at each of them for want of memory, and leaves them all as they were. */
#include "typed.h"

#include "board/board.h"
#include "plot/plot.h"

enum { NUMBERS = 3001 }; /* of each parameter: only tensors of theirs are as large */
static const size_t bytes = sizeof(struct tensor) + NUMBERS * sizeof(real);
static int fails_at; /* of such tensors: the first, the second … from now on */

#define WRAP(type, name, params, args)                                       \
    type __real_##name params;                                               \
    type __wrap_##name params;                                               \
    type __wrap_##name params {                                              \
        return size == bytes && --fails_at == 0 ? NULL : __real_##name args; \
    }
WRAP(void *, calloc, (size_t n, size_t size), (n, size))

static const struct {
    bool ends; /* where a picture of what was learned fails, that is kept */
    const char *first, *line;
} rows[] = {
    {false, "1", "descend E rate 0.1 steps 3"},
    {false, "1", "step E rate 0.1"},
    {false, "step E rate 0.1", "step E rate 0.2"},
    {false, "descend E rate 0.1 steps 3", "rewind"},
    {false, "descend E rate 0.1 steps 3", "rewind to 0"},
    {false, "1", "train F epochs 2 batch 2 rate 0.1"},
    {false, "train F epochs 2 batch 2 rate 0.1", "rewind"},
    {true, "1", "animate E vs a[0] from 0 to 1 rate 0.1 steps 3"},
    {false, "1", "a, b, c = 2*a, 2*b, 2*c"},
    {false, "1", "init E"},
};

static void begin(const char *first) {
    static const struct command *const all[] = {session_commands, plot_commands, NULL};
    typed_open();
    s->tables = all;
    type(
        "param a[3001] = 1, b[3001] = 2, c[3001] = 3\n"
        "E = mean((a - b + c)^2)\n"
        "X = ones(4, 3001); y = zeros(4, 1); F = mean((sum(X*(a + b + c)) - y)^2)");
    type(first);
}

static const struct def *defs(const char *name) { return board_get(s->board, name); }

START_TEST(test_whole) {
    static const char *const names[] = {"a", "b", "c"};
    double right[3];
    int at = 0;
    begin(rows[_i].first);
    type(rows[_i].line);
    for (int i = 0; i < 3; i++) right[i] = def_tensor(defs(names[i]))->data[7];
    typed_close();
    for (bool failed = true; failed; at++) {
        begin(rows[_i].first);
        const struct def *before[3];
        for (int i = 0; i < 3; i++) before[i] = def_ref(defs(names[i]));
        fails_at = at + 1;
        struct error *e = session_try(s, rows[_i].line, NULL);
        failed = fails_at <= 0;
        fails_at = 0;
        ck_assert_msg(!e == !failed, "%s: %s", rows[_i].line, e ? e->key : "no error");
        if (failed) ck_assert_str_eq(e->key, "memory-short");
        int kept = 0;
        for (int i = 0; i < 3; i++) kept += defs(names[i]) == before[i];
        ck_assert_msg(!failed || kept == 3 || (kept == 0 && rows[_i].ends),
                      "%s: of 3 parameters %d are as before the failure of tensor %d",
                      rows[_i].line, kept, at);
        /* and now it is as if it had been the first */
        if (failed && kept) type(rows[_i].line);
        for (int i = 0; i < 3; i++) {
            double v = def_tensor(defs(names[i]))->data[7];
            ck_assert_msg(v == right[i], "%s: %s = %g, not %g", rows[_i].line, names[i],
                          v, right[i]);
            def_unref((struct def *)(uintptr_t)before[i]);
        }
        error_free(e);
        typed_close();
    }
    ck_assert_int_ge(at, 4);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("keep");
    TCase *c = tcase_create("rows");
    tcase_add_loop_test(c, test_whole, 0, ROWS(rows));
    suite_add_tcase(suite, c);
    return typed_run(suite);
}
