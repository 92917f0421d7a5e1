/* A row's name with one letter wrong: each table's error asks whether it was meant. */
#include "base/near.h"
#include <getopt.h>
#include "base/utf8.h"
#include "board/functions.h"
#include "data/data.h"
#include "engine/gates.h"
#include "engine/optimisers.h"
#include "lesson/lesson.h"
#include "plot/plot.h"
#include "plot/plots.h"
#include "shell/options.h"
#include "shell/shell.h"
#include "syntax/parser.h"

#include "typed.h"

static const struct command *const every[] = {session_commands, plot_commands,
                                              lesson_commands, shell_commands, NULL};

/* The name, with a q for its second letter (or another, where that is one). */
static char *misspelt(const char *name, size_t n) {
    char *word = mem_copy_n(name, n);
    word[1] = word[1] == 'q' ? 'k' : 'q';
    return word;
}

/* What is said of an error asks whether `name` was meant, or another word as near. */
static void asks(struct error *e, const char *name, size_t n, const char *line) {
    struct buf b = {0};
    ck_assert_msg(e, "no error: %s", line);
    text_add_error(out.text, &b, e);
    const char *text = strstr(buf_text(&b), "Did you mean `");
    ck_assert_msg(text, "%s says\n%s", line, buf_text(&b));
    const char *end = strrchr(text, '`'), *near = end;
    while (!strchr(" `-", near[-1])) near--;
    char *meant = mem_copy_n(near, (size_t)(end - near)), *right = mem_copy_n(name, n);
    ck_assert_msg(utf8_distance(meant, right) < 3, "%s, not %s, says\n%s", line, right,
                  buf_text(&b));
    free(meant);
    free(right);
    buf_free(&b);
    error_free(e);
}

/* The line's one %s is the word with one letter wrong. */
static void try_word(const char *format, const char *name, size_t n) {
    struct buf line = {0};
    char *word = misspelt(name, n);
    if (n < 2) return free(word);
    buf_printf(&line, format, word);
    asks(session_try(s, buf_text(&line), NULL), name, n, buf_text(&line));
    buf_free(&line);
    free(word);
}

static void try_list(const char *format, const char *list) {
    for (; list && *list; list += strspn(list, " ")) {
        size_t n = strcspn(list, " ");
        try_word(format, list, n);
        list += n;
    }
}

static void open_all(void) {
    typed_open();
    s->tables = every;
    type("param weight = 3; E = (weight - 1)^2");
}

/* `step 오류`: the loss, by what it is called. */
START_TEST(test_loss) {
    static const char *const lines[] = {"step 오류 rate 0.1", "descend error rate 0.1",
                                        "grad d오류/dweight", "graph loss"};
    type("h = weight*[1, 2]");
    for (int i = 0; i < ROWS(lines); i++)
        asks(session_try(s, lines[i], NULL), "E", 1, lines[i]);
}
END_TEST

START_TEST(test_commands) {
    for (int t = 0; every[t]; t++) {
        for (const struct command *c = every[t]; c->name; c++) {
            try_word("%s E", c->name, strlen(c->name));
            try_word("help %s", c->name, strlen(c->name));
            if (c->flags & COMMAND_WORDS) continue;
            struct buf line = {0};
            buf_printf(&line, "%s E %%s 3", c->name);
            try_list(buf_text(&line), c->clauses);
            buf_free(&line);
        }
    }
    for (size_t i = 0; parse_statement_word(i); i++)
        try_word("%s w", parse_statement_word(i), strlen(parse_statement_word(i)));
}
END_TEST

START_TEST(test_functions) {
    size_t at = 0;
    for (const char *name; (name = function_next(&at));) {
        try_word("%s(2)", name, strlen(name));
        try_word("plot %s", name, strlen(name));
        try_word("help %s", name, strlen(name));
        const struct call *row = call_find(name);
        struct buf line = {0};
        buf_printf(&line, "%s(E, %%s=2)", name);
        if (row) try_list(buf_text(&line), row->words);
        buf_free(&line);
        if (row && row->draw) try_word("param W[2] = %s", name, strlen(name));
    }
    for (size_t i = 0; i < gate_count(); i++) {
        const char *name = gate_at(i)->name;
        if (gate_at(i)->flags & GATE_ACTIVATION)
            try_word("net 2-2 %s", name, strlen(name));
    }
}
END_TEST

START_TEST(test_names) {
    static const char *const lines[] = {
        "%s",         "E + %s",      "%s -= 1",
        "%s[0] = 1",  "E at %s = 2", "dE/d%s",
        "why dE/d%s", "init %s",     "plot E vs %s from 0 to 1",
        "watch %s",   "%s + 1"};
    for (int i = 0; i < ROWS(lines); i++) try_word(lines[i], "weight", 6);
}
END_TEST

START_TEST(test_rows) {
    for (size_t i = 0; data_at(i); i++)
        try_word("use %s", data_at(i)->name, strlen(data_at(i)->name));
    for (size_t i = 0; i < optimiser_count(); i++) {
        try_word("step E with %s", optimiser_at(i)->name,
                 strlen(optimiser_at(i)->name));
        try_word("train E with %s", optimiser_at(i)->name,
                 strlen(optimiser_at(i)->name));
    }
    for (const struct plot *p = plots; p->name; p++) {
        if (!p->fits) try_word("plot %s E", p->name, strlen(p->name));
        for (const char *const *way = p->as; *way; way++)
            try_word("plot E as %s", *way, strlen(*way));
    }
    try_word("graph E as %s", "formulas", 8);
    try_word("graph E as %s", "net", 3);
    try_word("seed %s", "random", 6);
}
END_TEST

START_TEST(test_options) {
    for (const struct option_row *row = option_rows; row->key; row++) {
        if (!row->name) continue;
        struct buf word = {0};
        char *wrong = misspelt(row->name, strlen(row->name));
        buf_printf(&word, "--%s", wrong);
        char *argv[] = {(char[]){"learn"}, buf_take(&word), NULL};
        struct options o;
        optind = 0; /* glibc: from the beginning */
        asks(options_read(2, argv, &o), row->name, strlen(row->name), argv[1]);
        free(argv[1]);
        free(wrong);
    }
    asks(options_no_word("lesosn"), "lesson", 6, "learn lesosn");
}
END_TEST

static const struct {
    const char *word, *known, *near;
} rules[] = {
    {"wieght", "height, weight", "weight"},
    {"petal with", "sepal width, petal width", "petal width"},
    {"q", "w, x", NULL},
    {"e", "w, E", "E"},
    {"w", "w", NULL},
    {"foo", "log", NULL},
    {"temp", "step", NULL},
    {"기울이", "오차, 기울기", "기울기"},
    {"sigmiod", "", NULL},
};

START_TEST(test_rules) {
    struct near n = {.word = rules[_i].word};
    near_try_list(&n, rules[_i].known);
    char *near = n.best ? mem_copy_n(n.best, n.length) : NULL;
    ck_assert_pstr_eq(near, rules[_i].near);
    free(near);
}
END_TEST

/* What people type who come from books, Python or the Korean keyboard; and what the
 * error points at. */
static const struct {
    const char *typed, *says;
} dialects[] = {
    {"wx", "`w*x`"},
    {"z = wx + 1", "`w*x`"},
    {"0.1 dE/dw", "`0.1*dE/dw`"},
    {"w = w - 0.1 dE/dw", "`0.1*dE/dw`"},
    {"2 w", "`2*w`"},
    {"|h - y|", "`abs(h - y)`"},
    {"A = |h - y|", "`abs(h - y)`"},
    {"w := 2", "`w = 2`"},
    {"w - 0.1*slope", "`dE/dw`"},
    {"기울기", "`dE/dw`"},
    {"w - α*dE/dw", "`0.1`"},
    {"Adam", "`with adam`"},
    {"np.array([1, 2])", "`[1, 2]`"},
    {"v = np.array([1, 2])", "`v = [1, 2]`"},
    {"np.dot(x, w)", "`x @ w`"},
    {"z = 2 + np.dot(x, w)", "`a @ b`"},
    {"nn.Linear(2, 3)", "`dense(X, 3)`"},
    {"torch.exp(x)", "`exp`"},
    {"np.foo(x)", "no `np.foo`"},
    {"mse(h, y)", "`l2`"},
    {"ln(x)", "`log`"},
    {"range(3)", "`repeat 5 as k { … }`"},
    {"ㅈ = 2", "`w`"},
    {"ㅔㅁㄱ므 ㅈ = 2", "`param`"},
    {"stpe E rate 0.1", "`step`"},
    {"step e rate 0.1", "`E`"},
    {"step E 0.1", "`rate 0.1`"},
    {"descend E 0.1 steps 3", "`rate 0.1`"},
    {"dE/dW", "`w`"},
};

START_TEST(test_dialects) {
    struct buf b = {0};
    error_free(
        session_try(s, "x = 1; y = 1; param w = 3; h = w*x; E = (h - y)^2", NULL));
    struct error *e = session_try(s, dialects[_i].typed, NULL);
    ck_assert_msg(e, "no error: %s", dialects[_i].typed);
    text_add_error(out.text, &b, e);
    ck_assert_msg(strstr(buf_text(&b), dialects[_i].says), "%s says\n%s",
                  dialects[_i].typed, buf_text(&b));
    buf_free(&b);
    error_free(e);
}
END_TEST

/* Clause words that are names as well. */
static const char *const fine[] = {
    "rate = 0.1; descend E rate rate steps 1",
    "steps = 3; descend E rate 0.1 steps steps",
    "steps = (w - 1)^2; descend steps rate 0.1 steps 1",
    "rate = (w - 1)^2; step rate rate 0.1",
};

START_TEST(test_clause_names) {
    error_free(
        session_try(s, "x = 1; y = 1; param w = 3; h = w*x; E = (h - y)^2", NULL));
    struct error *e = session_try(s, fine[_i], NULL);
    ck_assert_msg(!e, "%s: %s", fine[_i], e ? e->key : "");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("near");
    TCase *c = tcase_create("tables"), *r = tcase_create("rules");
    tcase_add_checked_fixture(c, open_all, typed_close);
    tcase_set_timeout(c, 300);
    tcase_add_test(c, test_loss);
    tcase_add_test(c, test_commands);
    tcase_add_test(c, test_functions);
    tcase_add_test(c, test_names);
    tcase_add_test(c, test_rows);
    tcase_add_test(c, test_options);
    tcase_add_loop_test(c, test_dialects, 0, ROWS(dialects));
    tcase_add_loop_test(c, test_clause_names, 0, ROWS(fine));
    tcase_add_loop_test(r, test_rules, 0, ROWS(rules));
    suite_add_tcase(suite, c);
    suite_add_tcase(suite, r);
    return typed_run(suite);
}
