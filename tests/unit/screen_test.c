/* The page of a terminal: what is written, where it is folded, when it is full. */
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "text/screen.h"

static struct buf paper;
static enum screen_turn turn;

static void write_paper(void *self, FILE *file, const char *s) {
    (void)self, (void)file;
    buf_add(&paper, s);
}

static enum screen_turn full(void *self) {
    (void)self;
    buf_add(&paper, "<key>\n");
    return turn;
}

static struct screen *open_screen(void) {
    turn = SCREEN_ON;
    return screen_open((struct screen_owner){NULL, write_paper, full});
}

/* Descriptor 1 becomes a terminal of this size. */
static void be_terminal(unsigned short rows, unsigned short columns) {
    int to = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert(to >= 0 && grantpt(to) == 0 && unlockpt(to) == 0);
    int at = open(ptsname(to), O_RDWR | O_NOCTTY);
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    ck_assert(at >= 0 && ioctl(at, TIOCSWINSZ, &size) == 0);
    fflush(stdout);
    dup2(at, STDOUT_FILENO);
}

static void put_rows(struct screen *s, int from, int to) {
    for (int i = from; i <= to; i++) {
        char row[16];
        snprintf(row, sizeof row, "%d\n", i);
        screen_put(s, stdout, row);
    }
}

static const struct {
    int columns;
    const char *said, *seen;
} folds[] = {
    {40, "w = 3\n", "w = 3\n"},
    {10, "0123456789\n", "0123456789\n"},
    {10, "one two three\n", "one two\n  three\n"},
    {10, "  one two three\n", "  one two\n    three\n"},
    {10, "0123456789abc\n", "0123456789\n  abc\n"},
    {10, "가나다라마바사\n", "가나다라마\n  바사\n"},
    {10, "one 가나다라마\n", "one\n  가나다라\n  마\n"},
    {10, "a\tb\n", "a    b\n"},
    {10, "          deep and deeper\n", "deep and\ndeeper\n"},
    {1, "ab\n", "a\nb\n"},
};

START_TEST(test_fold) {
    be_terminal(24, (unsigned short)folds[_i].columns);
    struct screen *s = open_screen();
    screen_put(s, stdout, folds[_i].said);
    ck_assert_str_eq(buf_text(&paper), folds[_i].seen);
    screen_close(s);
}
END_TEST

START_TEST(test_parts_are_one_line) {
    be_terminal(24, 10);
    struct screen *s = open_screen();
    screen_put(s, stdout, "one ");
    screen_put(s, stdout, "two ");
    ck_assert_str_eq(buf_text(&paper), ""); /* not before the line ends, or a flush */
    screen_put(s, stdout, "three\n> ");
    screen_flush(s);
    screen_put(s, stdout, "123456 78\n");
    ck_assert_str_eq(buf_text(&paper), "one two\n  three\n> 123456\n  78\n");
    screen_close(s);
}
END_TEST

/* The last row is the prompt's: seven of eight are a page. */
START_TEST(test_page) {
    be_terminal(8, 40);
    struct screen *s = open_screen();
    screen_turn(s, 1);
    put_rows(s, 1, 6);
    ck_assert_str_eq(buf_text(&paper),
                     "1\n2\n3\n4\n5\n6\n"); /* what fits asks nothing */
    put_rows(s, 7, 14);
    ck_assert_str_eq(buf_text(&paper),
                     "1\n2\n3\n4\n5\n6\n<key>\n"
                     "7\n8\n9\n10\n11\n12\n13\n<key>\n14\n");
    screen_close(s);
}
END_TEST

START_TEST(test_unwanted) {
    be_terminal(8, 40);
    struct screen *s = open_screen();
    turn = SCREEN_STOP;
    put_rows(s, 1, 100);
    ck_assert_str_eq(buf_text(&paper), "1\n2\n3\n4\n5\n6\n7\n<key>\n");
    screen_turn(s, 1);
    put_rows(s, 101, 101);
    ck_assert_str_eq(buf_text(&paper), "1\n2\n3\n4\n5\n6\n7\n<key>\n101\n");
    screen_close(s);
}
END_TEST

/* What is left comes to its end; what was stopped does not. */
START_TEST(test_left) {
    static const char page[] = "1\n2\n3\n4\n5\n6\n7\n<key>\n";
    for (int i = 0; i < 2; i++) {
        buf_clear(&paper);
        be_terminal(8, 40);
        struct screen *s = open_screen();
        turn = i ? SCREEN_STOP : SCREEN_LEFT;
        put_rows(s, 1, 100);
        ck_assert_str_eq(buf_text(&paper), page);
        screen_want(s);
        put_rows(s, 101, 101);
        ck_assert_int_eq(strstr(buf_text(&paper), "101\n") != NULL, !i);
        screen_close(s);
    }
}
END_TEST

static const struct {
    int before, held;
    const char *seen;
} blocks[] = {
    {3, 2, "1\n2\n3\n4\n5\n"},
    {3, 4, "1\n2\n3\n4\n5\n6\n7\n"},
    {4, 5, "1\n2\n3\n4\n<key>\n5\n6\n7\n8\n9\n"},
    {0, 7, "1\n2\n3\n4\n5\n6\n7\n"},
    {1, 7, "1\n<key>\n2\n3\n4\n5\n6\n7\n8\n"},
    /* more than a page fits nowhere */
    {2, 8, "1\n2\n3\n4\n5\n6\n7\n<key>\n8\n9\n10\n"},
};

START_TEST(test_block) {
    int before = blocks[_i].before, held = blocks[_i].held;
    be_terminal(8, 40);
    struct screen *s = open_screen();
    put_rows(s, 1, before);
    screen_hold(s);
    screen_hold(s);
    put_rows(s, before + 1, before + held);
    screen_release(s);
    screen_release(s);
    ck_assert_str_eq(buf_text(&paper), blocks[_i].seen);
    screen_close(s);
}
END_TEST

/* A row that is only begun, an ink that ends, stays behind what was said before it. */
START_TEST(test_block_begun) {
    be_terminal(8, 40);
    struct screen *s = open_screen();
    screen_hold(s);
    put_rows(s, 1, 2);
    screen_put(s, stdout, "begun");
    screen_release(s);
    ck_assert_str_eq(buf_text(&paper), "1\n2\nbegun");
    screen_close(s);
}
END_TEST

/* … and turns no page, where that is full: a prompt is to come. */
START_TEST(test_block_ink) {
    be_terminal(8, 40);
    struct screen *s = open_screen();
    screen_hold(s);
    put_rows(s, 1, 7);
    screen_put(s, stdout, "\uFDD0");
    screen_release(s);
    ck_assert_str_eq(buf_text(&paper), "1\n2\n3\n4\n5\n6\n7\n\uFDD0");
    screen_close(s);
}
END_TEST

/* A window that was made wider while a line was typed: what is held has its width. */
START_TEST(test_wider) {
    be_terminal(8, 10);
    struct screen *s = open_screen();
    put_rows(s, 1, 1);
    be_terminal(8, 40);
    screen_turn(s, 1);
    screen_hold(s);
    screen_put(s, stdout, "one two three\n");
    screen_release(s);
    ck_assert_str_eq(buf_text(&paper), "1\none two three\n");
    screen_close(s);
}
END_TEST

START_TEST(test_block_known) {
    be_terminal(8, 40);
    struct screen *s = open_screen();
    put_rows(s, 1, 4);
    screen_need(s, 5);
    put_rows(s, 5, 9);
    ck_assert_str_eq(buf_text(&paper), "1\n2\n3\n4\n<key>\n5\n6\n7\n8\n9\n");
    screen_close(s);
}
END_TEST

/* A head goes with what comes next: a row, what is held, another head; or alone, where
 * nothing comes. */
START_TEST(test_head) {
    static const char *const seen[] = {"1\n2\n3\n4\n5\n6\n7\n<key>\n8\n",
                                       "1\n2\n3\n4\n5\n6\n<key>\n7\n8\n",
                                       "1\n2\n3\n4\n5\n<key>\n6\n7\n8\n"};
    be_terminal(8, 40);
    struct screen *s = open_screen();
    int heads = _i, first = 8 - heads;
    put_rows(s, 1, first - 1);
    for (int i = first; i < 8; i++) {
        screen_hold(s);
        put_rows(s, i, i);
        screen_release_with_next(s);
    }
    if (_i == 1) screen_hold(s);
    put_rows(s, 8, 8);
    if (_i == 1) screen_release(s);
    ck_assert_str_eq(buf_text(&paper), seen[_i]);
    screen_hold(s);
    put_rows(s, 9, 9);
    screen_release_with_next(s);
    ck_assert(!strstr(buf_text(&paper), "9"));
    screen_flush(s);
    ck_assert(strstr(buf_text(&paper), "9"));
    screen_close(s);
}
END_TEST

/* Too small for pages: everything goes through, and nothing waits. */
START_TEST(test_tiny) {
    be_terminal((unsigned short)_i, 10);
    struct screen *s = open_screen();
    put_rows(s, 1, 20);
    ck_assert(_i == 0 || !strstr(buf_text(&paper), "<key>"));
    screen_hold(s);
    put_rows(s, 21, 60);
    screen_release(s);
    ck_assert(strstr(buf_text(&paper), "60\n"));
    screen_close(s);
}
END_TEST

START_TEST(test_control) {
    be_terminal(8, 10);
    struct screen *s = open_screen();
    put_rows(s, 1, 3);
    screen_up(s, stdout, 3);
    put_rows(s, 4, 10); /* over the first three */
    ck_assert_str_eq(buf_text(&paper), "1\n2\n3\n\033[3A4\n5\n6\n7\n8\n9\n10\n");
    screen_close(s);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("screen");
    TCase *t = tcase_create("screen");
    tcase_add_loop_test(t, test_fold, 0, sizeof folds / sizeof *folds);
    tcase_add_test(t, test_parts_are_one_line);
    tcase_add_test(t, test_page);
    tcase_add_test(t, test_unwanted);
    tcase_add_test(t, test_left);
    tcase_add_loop_test(t, test_block, 0, sizeof blocks / sizeof *blocks);
    tcase_add_test(t, test_block_begun);
    tcase_add_test(t, test_block_ink);
    tcase_add_test(t, test_wider);
    tcase_add_test(t, test_block_known);
    tcase_add_loop_test(t, test_head, 0, 3);
    tcase_add_loop_test(t, test_tiny, 0, 4);
    tcase_add_test(t, test_control);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
