/* What Tab offers: each row of a command says it. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/lesson.h"
#include "plot/plot.h"
#include "session/run.h"
#include "shell/complete.h"
#include "shell/shell.h"

static const struct command *const tables[] = {session_commands, plot_commands,
                                               lesson_commands, shell_commands, NULL};

static const struct {
    const char *line, *words; /* the last word of the line is being typed */
} lines[] = {
    {"par", "param parameters"},
    {"x = 1; rep", "repeat"},
    {"repeat 3 { des", "descend"},
    {"tempe", "temperature"},
    {"sig", "sign sigmoid"},
    {"h = den", "dense"},
    {"param W[2, 3] = xav", "xavier"},
    {"plot tempe", "temperature"},
    {"plot bou", "boundary"},
    {"plot temperature fro", "from"},
    {"plot temperature vs w from 0 to", "to"},
    {"plot E vs w, b as c", "contour"},
    {"animate E rate 0.1 with m", "momentum"},
    {"step E rate 0.1 with a", "adagrad adam"},
    {"descend E wi", "with"},
    {"train E with mo", "momentum"},
    {"graph E as f", "formulas"},
    {"use xo", "xor"},
    {"seed ra", "random"},
    {"lang k", "ko"},
    {"lang ", "en ko"},
    {"log o", "off"},
    {"help desc", "descend"},
    {"help tempe", "temperature"},
    {"lesson 3", "3"},
    {"lesson 3 ste", "step"},
    {"learn lesson 3", "3"},
    {"learn lang e", "en"},
    {"learn des", "descend"},
    {"도움", "도움말"},
    {"nonsense tempe", "temperature"},
    {"lang x", ""},
};

START_TEST(test_complete) {
    struct out out = {.file = stdout, .errors = stderr, .text = text_open(TEXT_EN)};
    struct session *s = session_open(&out, tables);
    ck_assert(session_run(s, "temperature = 21", NULL));
    s->home = ".";
    const char *line = lines[_i].line, *word = strrchr(line, ' ');
    word = word ? word + 1 : line;
    char **words = complete_words(s, line, (int)(word - line), word);
    struct buf got = {0};
    for (size_t i = 0; words[i]; i++) {
        buf_printf(&got, "%s%s", i ? " " : "", words[i]);
        free(words[i]);
    }
    ck_assert_str_eq(buf_text(&got), lines[_i].words);
    buf_free(&got);
    free(words);
    session_close(s);
    text_close(out.text);
}
END_TEST

int main(void) {
    Suite *s = suite_create("complete");
    TCase *c = tcase_create("lines");
    tcase_set_timeout(c, 300);
    tcase_add_loop_test(c, test_complete, 0, (int)(sizeof lines / sizeof *lines));
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
