/* A demo script as a talk has it: pages, notes in both languages, lines. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "present/demo.h"

static struct demo *load(const char *text) {
    char path[] = "/tmp/demoXXXXXX";
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    struct demo *s;
    fputs(text, f);
    fclose(f);
    ck_assert_ptr_null(demo_load(path, &s));
    unlink(path);
    return s;
}

START_TEST(test_pages_notes_and_lines) {
    struct demo *s = load(
        "# of the file\n"
        "w = 0\n"
        "## en: Down\n"
        "## ko: 아래로\r\n"
        "\n"
        "# en: Ask.\n"
        "# en: Wait.\n"
        "# ko: 물어보세요.\n"
        "w = [1,\n"
        "# within\n"
        "  2]\n"
        "E = w^2 # behind\n"
        "## Last\n"
        "## en: Another\n");
    ck_assert_int_eq(s->n, 5);
    ck_assert_str_eq(s->steps[0].line, "w = 0");
    ck_assert_ptr_null(s->steps[0].title[TEXT_EN]);
    ck_assert_ptr_null(s->steps[0].note[TEXT_EN]);
    ck_assert_str_eq(s->steps[1].title[TEXT_EN], "Down");
    ck_assert_str_eq(s->steps[1].title[TEXT_KO], "아래로");
    ck_assert_str_eq(s->steps[1].note[TEXT_EN], "Ask.\nWait.");
    ck_assert_str_eq(s->steps[1].note[TEXT_KO], "물어보세요.");
    ck_assert_str_eq(s->steps[1].line, "w = [1,\n# within\n  2]");
    ck_assert_int_eq(s->steps[1].at, 9);
    ck_assert_str_eq(s->steps[2].line, "E = w^2 # behind");
    ck_assert_ptr_null(s->steps[2].note[TEXT_KO]);
    ck_assert_str_eq(s->steps[3].title[TEXT_KO], "Last");
    ck_assert_ptr_null(s->steps[3].line);
    ck_assert_str_eq(s->steps[4].title[TEXT_KO], "Another");
    demo_free(s);
}
END_TEST

START_TEST(test_without_pages) {
    struct demo *s = load("# Ask.\nw = 3\n# The end.");
    ck_assert_int_eq(s->n, 1);
    ck_assert_str_eq(s->steps[0].note[TEXT_KO], "Ask.\nThe end.");
    demo_free(s);
    s = load("# Ask.\nw = [1,\n## within\n 2]\n");
    ck_assert_int_eq(s->n, 1);
    ck_assert_str_eq(s->steps[0].note[TEXT_EN], "Ask.");
    demo_free(s);
    s = load("# of the file\nw = 3\n# too\n\t ## en: Down\n# Ask.\nw = 4\n");
    ck_assert_int_eq(s->n, 2);
    ck_assert_ptr_null(s->steps[0].note[TEXT_EN]);
    ck_assert_str_eq(s->steps[1].title[TEXT_EN], "Down");
    ck_assert_str_eq(s->steps[1].note[TEXT_EN], "Ask.");
    demo_free(s);
    s = load("");
    ck_assert_int_eq(s->n, 0);
    demo_free(s);
}
END_TEST

int main(void) {
    Suite *s = suite_create("demo");
    TCase *c = tcase_create("steps");
    tcase_add_test(c, test_pages_notes_and_lines);
    tcase_add_test(c, test_without_pages);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
