/* Who listens to what is said hears every byte of it, in order, and nothing else. */
#include <check.h>
#include <stdlib.h>

#include "base/buf.h"
#include "text/out.h"

static void keep(void *self, const char *bytes, size_t n) { buf_add_n(self, bytes, n); }

/* What is said, also into `file`: all ways out. */
static void say(struct out *o) {
    out_printf(o, "w = %s3%s\n", out_ink(o, OUT_PARAM), out_ink(o, OUT_PLAIN));
    out_control(o, "\033[%dA", 2);
    out_puts(o, "시냅스\a\n");
    out_paint(o, PAINT_GROUND, 0x0000ff);
    out_pass(o, "> w\x08", 4);
    out_flush(o);
}

START_TEST(test_two_hear_what_is_written) {
    struct buf first = {0}, second = {0};
    char *written;
    size_t n;
    FILE *file = open_memstream(&written, &n);
    struct out o = {.file = file, .width = 80, .colour = true, .depth = PAINT_TRUE};
    say(&o);
    fflush(file);
    size_t once = n;
    out_listen(&o, &first, keep);
    out_listen(&o, &second, keep);
    ck_assert(out_is_heard(&o));
    say(&o);
    fflush(file);
    ck_assert_uint_eq(first.len, once);
    ck_assert_str_eq(buf_text(&first), written + once);
    ck_assert_str_eq(buf_text(&second), buf_text(&first));
    out_unlisten(&o, &first);
    say(&o);
    ck_assert_uint_eq(first.len, once);
    ck_assert_uint_eq(second.len, 2 * once);
    out_unlisten(&o, &second);
    ck_assert(!out_is_heard(&o));
    fclose(file);
    free(written);
    buf_free(&first);
    buf_free(&second);
}
END_TEST

START_TEST(test_nowhere_is_heard) {
    struct buf b = {0};
    struct out o = {.width = 80};
    out_listen(&o, &b, keep);
    out_puts(&o, "E = 4\n");
    out_flush(&o);
    ck_assert_str_eq(buf_text(&b), "E = 4\n");
    buf_free(&b);
}
END_TEST

int main(void) {
    Suite *s = suite_create("heard");
    TCase *c = tcase_create("listeners");
    tcase_add_test(c, test_two_hear_what_is_written);
    tcase_add_test(c, test_nowhere_is_heard);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
