/* The writer of pages: a stranger's text stays text. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "classroom/html.h"

static void is(struct buf *b, const char *wanted) {
    ck_assert_str_eq(buf_text(b), wanted);
    buf_free(b);
}

START_TEST(text_stays_text) {
    struct buf b = {0};
    html_text(&b, "</style><script>alert('x')</script> \"&\"");
    is(&b,
       "&lt;/style&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; "
       "&quot;&amp;&quot;");
    html_text(&b,
              "a\x1b[31mb\u202ec\u200bd\x7f\xc2\x85"
              "e\ufdd1f\xff 가\n");
    is(&b, "a[31mbcdef\ufffd 가\n");
    html_image(&b, "image/png", "\0\1\2\3", 4, "\"><img src=x onerror=alert(1)>");
    is(&b,
       "<img src=\"data:image/png;base64,AAECAw==\" alt=\"&quot;&gt;&lt;img src=x "
       "onerror=alert(1)&gt;\">\n");
}
END_TEST

START_TEST(prose_has_paragraphs) {
    struct buf b = {0};
    html_prose(&b, "So `w<3` is.\nSo.\n\n  w ← 2\n  E ← `1\nEnd.");
    is(&b,
       "<p>So <code>w&lt;3</code> is.<br>\nSo.</p>\n"
       "<pre tabindex=\"0\">  w ← 2\n  E ← `1</pre>\n<p>End.</p>\n");
    html_prose(&b, "");
    is(&b, "");
    html_tag(&b, "p class=\"x\"", "1 < 2");
    is(&b, "<p class=\"x\">1 &lt; 2</p>\n");
}
END_TEST

/* The last row is short, a corner is empty. */
START_TEST(tables_have_heads) {
    struct buf b = {0};
    struct out_table *t = table_new(2);
    const char *const cells[] = {"", "E", "first", "1.5", "<b>"};
    for (int i = 0; i < 5; i++) table_cell(t, cells[i], OUT_PLAIN);
    html_table(&b, t, 1, "E & w");
    is(&b,
       "<div class=\"wide\" tabindex=\"0\">\n<table>\n<caption>E &amp; w</caption>\n"
       "<thead>\n<tr><td class=\"say\"></td><th scope=\"col\">E</th></tr>\n</thead>\n"
       "<tbody>\n<tr><th scope=\"row\" class=\"say\">first</th><td>1.5</td></tr>\n"
       "<tr><th scope=\"row\" class=\"say\">&lt;b&gt;</th><td></td></tr>\n"
       "</tbody>\n</table>\n</div>\n");
    html_table(&b, t, 0, NULL);
    ck_assert_ptr_null(strstr(buf_text(&b), "thead"));
    buf_free(&b);
    table_free(t);
    t = table_new(2);
    html_table(&b, t, 1, NULL);
    is(&b, "<div class=\"wide\" tabindex=\"0\">\n<table>\n</table>\n</div>\n");
    table_free(t);
}
END_TEST

START_TEST(page_fetches_nothing) {
    struct buf b = {0};
    html_open(&b, "ko", "경사하강 </title><script>", "both");
    html_close(&b);
    ck_assert_ptr_nonnull(strstr(buf_text(&b), "default-src 'none'"));
    ck_assert_ptr_nonnull(strstr(buf_text(&b), "<html lang=\"ko\">"));
    ck_assert_ptr_null(strstr(buf_text(&b), "<script"));
    ck_assert_ptr_null(strstr(buf_text(&b), "http:"));
    buf_free(&b);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("html");
    TCase *tests = tcase_create("html");
    tcase_add_test(tests, text_stays_text);
    tcase_add_test(tests, prose_has_paragraphs);
    tcase_add_test(tests, tables_have_heads);
    tcase_add_test(tests, page_fetches_nothing);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
