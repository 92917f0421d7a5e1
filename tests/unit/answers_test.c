/* What a terminal says is parted from what a person types, however it comes. */
#include <check.h>
#include <string.h>

#include "shell/answers.h"

static const struct {
    const char *pieces[4]; /* as they are read; NULL: nothing more came */
    const char *said, *keys;
    bool more; /* an answer is still expected */
} cases[] = {
    {{"\033[?62;4c"}, "\033[?62;4c", "", false},
    {{"w\033_Gi=31;OK\033\\ = \033[?62c3\r"},
     "\033_Gi=31;OK\033\\\033[?62c",
     "w = 3\r",
     false},
    {{"\033[?6", "2;4", "c"}, "\033[?62;4c", "", false},
    {{"a\033[?6", "b\r"}, "", "ab\r", true},
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
    for (int i = 0; i < 4 && cases[_i].pieces[i]; i++) {
        answers_take(cases[_i].pieces[i], strlen(cases[_i].pieces[i]), &said);
        while (answers_key(&byte)) buf_add_n(&keys, (char *)&byte, 1);
    }
    answers_give_up();
    while (answers_key(&byte)) buf_add_n(&keys, (char *)&byte, 1);
    ck_assert_str_eq(buf_text(&said), cases[_i].said);
    ck_assert_str_eq(buf_text(&keys), cases[_i].keys);
    ck_assert(answers_expected() == cases[_i].more);
    ck_assert(!answers_waiting());
    buf_free(&said);
    buf_free(&keys);
}
END_TEST

int main(void) {
    Suite *s = suite_create("answers");
    TCase *c = tcase_create("parted");
    tcase_add_loop_test(c, test_parted, 0, (int)(sizeof cases / sizeof *cases));
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
