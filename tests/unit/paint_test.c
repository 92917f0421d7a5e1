/* How many colours a terminal is believed to have, and which escapes they become. */
#include <check.h>

#include "text/paint.h"

static const struct {
    const char *term, *colorterm;
    enum paint_depth depth;
} terminals[] = {
    {"xterm-256color", "truecolor", PAINT_TRUE},
    {"xterm-256color", "24bit", PAINT_TRUE},
    {"xterm-256color", NULL, PAINT_256},
    {"screen-256color", "", PAINT_256},
    {"xterm", NULL, PAINT_16},
    {"linux", "yes", PAINT_16},
    {"screen", NULL, PAINT_16},
    {"dumb", "truecolor", PAINT_NONE},
    {"vt100", NULL, PAINT_NONE},
    {"xterm-mono", NULL, PAINT_NONE},
    {NULL, NULL, PAINT_NONE},
};

START_TEST(test_depth) {
    ck_assert_int_eq(paint_depth(terminals[_i].term, terminals[_i].colorterm),
                     terminals[_i].depth);
}
END_TEST

static const struct {
    enum paint_depth depth;
    enum paint_side side;
    unsigned rgb;
    const char *escape;
} colours[] = {
    {PAINT_TRUE, PAINT_INK, 0xff7f0e, "\033[38;2;255;127;14m"},
    {PAINT_TRUE, PAINT_GROUND, 0x0000ff, "\033[48;2;0;0;255m"},
    {PAINT_256, PAINT_INK, 0xff8700, "\033[38;5;208m"},
    {PAINT_256, PAINT_GROUND, 0x005f87, "\033[48;5;24m"},
    {PAINT_256, PAINT_INK, 0x777777, "\033[38;5;243m"},
    {PAINT_16, PAINT_INK, 0x000000, "\033[30m"},
    {PAINT_16, PAINT_INK, 0xffffff, "\033[97m"},
    {PAINT_16, PAINT_GROUND, 0x870000, "\033[41m"},
    {PAINT_16, PAINT_GROUND, 0xfefefe, "\033[107m"},
    {PAINT_NONE, PAINT_INK, 0xffffff, ""},
};

START_TEST(test_escape) {
    struct buf b = {0};
    paint_add(&b, colours[_i].depth, colours[_i].side, colours[_i].rgb);
    ck_assert_str_eq(buf_text(&b), colours[_i].escape);
    buf_free(&b);
}
END_TEST

int main(void) {
    Suite *s = suite_create("paint");
    TCase *c = tcase_create("depths");
    tcase_add_loop_test(c, test_depth, 0, (int)(sizeof terminals / sizeof *terminals));
    tcase_add_loop_test(c, test_escape, 0, (int)(sizeof colours / sizeof *colours));
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
