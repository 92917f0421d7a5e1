/* What a terminal says is parted from what a person types, however it comes. */
#include <check.h>
#include <string.h>

#include "shell/answers.h"

static const struct {
    const char *pieces[6]; /* as they are read; "": a pause; NULL: nothing more came */
    const char *said, *keys;
    bool more; /* an answer is still expected */
} cases[] = {
    {{"\033[?62;4c"}, "\033[?62;4c", "", false},
    {{"w\033_Gi=31;OK\033\\ = \033[?62c3\r"},
     "\033_Gi=31;OK\033\\\033[?62c",
     "w = 3\r",
     false},
    {{"\033[?6", "2;4", "c"}, "\033[?62;4c", "", false},
    {{"a\033[?6", "", "b\r"}, "", "ab\r", true},
    {{"a\033[?6", "", "66b\r"}, "", "a66b\r", true},
    {{"a\033[?6", "*7\r"}, "", "a*7\r", true},
    {{"\033[?1;0", ";256S\033[?62;4c"}, "\033[?1;0;256S\033[?62;4c", "", false},
    {{"\033[6;-5;-5t"}, "\033[6;-5;-5t", "", true},
    {{"\033[6;", "", "6*7c"}, "", "6*7c", true},
    {{"\033[?2026;", "2$y"}, "\033[?2026;2$y", "", true},
    {{"\033[>0;", "1q"}, "", "", true}, /* not asked for, but nobody's key */
    {{"\033[6;20", "", ";10t"}, "\033[6;20;10t", "", true},
    {{"\033[6;20", "", "", ";10t"}, "", ";10t", true},
    {{"\033[6;20", "", "train"}, "\033[6;20t", "rain", true},
    {{"\033[6;20", "", "6*7\r"}, "", "6*7\r", true},
    {{"\033_Gi=31;O", "", "K\033", "\\w"}, "\033_Gi=31;OK\033\\", "w", true},
    {{"\033_Gi=31;O", "", "6*7\r"}, "", "6*7\r", true},
    {{"\033_Gi=31;O\033[?62c"}, "\033[?62c", "", false},
    {{"\033_Gi=31;O\033", "[A"}, "", "\033[A", true},
    {{"\033[5", "~"}, "", "\033[5~", true},
    {{"\033", "", "[?62c"}, "\033[?62c", "\033", false},
    {{"\033[?\377\376x"}, "", "\377\376x", true},
    {{"\033P", "", "a\r"}, "", "\033Pa\r", true}, /* Alt-P */
    {{"\033Pa", "b\r"}, "", "b\r", true},
    {{"\033P>|xterm", "(3)\033\\x"}, "\033P>|xterm(3)\033\\", "x", true},
    {{"\033[A\033[1;5C\033[200~1\033[201~"},
     "",
     "\033[A\033[1;5C\033[200~1\033[201~",
     true},
    {{"\033"}, "", "\033", true},
    {{"\033[", "A"}, "", "\033[A", true},
    {{"\033]1337;ReportCellSize=1;2\a\033[6;20;10t"},
     "\033]1337;ReportCellSize=1;2\a\033[6;20;10t",
     "",
     true},
    {{"\033Pnever ends"}, "", "", true},
    {{"\033[?62c\033[?1c"},
     "\033[?62c",
     "\033[?1c",
     false}, /* asked once, answered once */
};

START_TEST(test_parted) {
    struct buf said = {0}, keys = {0};
    unsigned char byte;
    answers_expect();
    for (int i = 0; i < 6 && cases[_i].pieces[i]; i++) {
        size_t n = strlen(cases[_i].pieces[i]);
        if (n) answers_take(cases[_i].pieces[i], n, &said);
        else answers_give_up();
        while (answers_key(&byte)) buf_add_n(&keys, (char *)&byte, 1);
    }
    answers_give_up();
    while (answers_key(&byte)) buf_add_n(&keys, (char *)&byte, 1);
    ck_assert_str_eq(buf_text(&said), cases[_i].said);
    ck_assert_str_eq(buf_text(&keys), cases[_i].keys);
    ck_assert(answers_expected() == cases[_i].more);
    answers_give_up();
    ck_assert(!answers_waiting());
    buf_free(&said);
    buf_free(&keys);
}
END_TEST

/* What is begun is swallowed to its end, however long; of keys a line is kept. */
static const struct {
    const char *start, *end, *tail, *keys;
} floods[] = {
    {"\033_", "\033\\", "w\r", "w\r"}, {"\033]1337;", "\a", "w\r", "w\r"},
    {"\033P1$r", "\033\\", "w", "w"},  {"\033[?1;", "c", "w", "w"},
    {"\033[1;", "A", "w", "w"},        {"\033_", "\033[A", "w", "\033[Aw"},
    {"\033[?1;", "\r", "w", "\rw"},
};
enum { FLOOD = 1000000, PIECE = 1000, LINE = 4095 };

static size_t read_keys(struct buf *keys) {
    unsigned char byte;
    while (answers_key(&byte)) buf_add_n(keys, (char *)&byte, 1);
    return keys->len;
}

START_TEST(test_flood) {
    struct buf said = {0}, keys = {0};
    char piece[PIECE];
    memset(piece, '9', PIECE);
    answers_expect();
    answers_take(floods[_i].start, strlen(floods[_i].start), &said);
    for (int i = 0; i < FLOOD; i += PIECE) {
        answers_take(piece, PIECE, &said);
        if (i == FLOOD / 2) answers_give_up();
        if (i == FLOOD / 4) answers_forget_keys();
        ck_assert_uint_eq(read_keys(&keys), 0);
    }
    answers_take(floods[_i].end, strlen(floods[_i].end), &said);
    answers_take(floods[_i].tail, strlen(floods[_i].tail), &said);
    read_keys(&keys);
    ck_assert_str_eq(buf_text(&keys), floods[_i].keys);
    ck_assert_str_eq(buf_text(&said), "");
    buf_free(&keys);
}
END_TEST

START_TEST(test_flood_of_keys) {
    struct buf said = {0}, keys = {0};
    char piece[PIECE];
    memset(piece, 'x', PIECE);
    answers_expect();
    for (int i = 0; i < FLOOD; i += PIECE) answers_take(piece, PIECE, &said);
    answers_take("\rw", 2, &said);
    ck_assert_uint_eq(read_keys(&keys), LINE + 2);
    ck_assert_str_eq(keys.data + LINE, "\rw");
    answers_take(piece, PIECE, &said);
    answers_forget_keys();
    ck_assert(!answers_waiting());
    for (int i = 0; i < 10; i++) answers_take(piece, PIECE, NULL); /* at the prompt */
    buf_clear(&keys);
    ck_assert_uint_eq(read_keys(&keys), 10 * PIECE);
    buf_free(&keys);
}
END_TEST

int main(void) {
    Suite *s = suite_create("answers");
    TCase *c = tcase_create("parted");
    tcase_add_loop_test(c, test_parted, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_loop_test(c, test_flood, 0, (int)(sizeof floods / sizeof *floods));
    tcase_add_test(c, test_flood_of_keys);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
