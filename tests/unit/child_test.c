/* Another program that we talk to: however it behaves, the wait for it ends in time. */
#include <check.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "plot/child.h"

static volatile sig_atomic_t stop;

static void on_interrupt(int number) {
    (void)number;
    stop = 1;
}

static bool has_end(void *context, const struct buf *answer) {
    size_t seen = answer->len > 100000 ? answer->len - 100000 : 0;
    return strstr(buf_text(answer) + seen, context) != NULL;
}

static const struct {
    const char *script;    /* of sh */
    double silence, whole; /* patience */
    double interrupt;      /* Ctrl-C after so many seconds; 0: none */
    bool before;           /* Ctrl-C was hit before */
    enum child_end end;
    double least; /* seconds until then; at most its patience */
} talks[] = {
    {"read line; echo $line the end", 5, 5, 0, false, CHILD_DONE, 0},
    {"read line; echo $line the end", 5, 5, 0, true, CHILD_DONE, 0},
    {"exit 3", 5, 5, 0, false, CHILD_GONE, 0},
    {"exec sleep 100", 0.3, 60, 0, false, CHILD_SILENT, 0.29},
    {"exec sleep 100", 60, 0.3, 0, false, CHILD_SILENT, 0.29},
    {"while echo busy; do sleep 0.1; done", 60, 0.5, 0, false, CHILD_SILENT, 0.49},
    {"while echo busy; do sleep 0.1; done", 60, 60, 0.3, false, CHILD_STOPPED, 0.29},
    {"exec sleep 100", 60, 60, 0.3, false, CHILD_STOPPED, 0.29},
    {"exec sleep 100", 60, 60, 0.3, true, CHILD_STOPPED, 0.29},
    {"exec yes", 250, 250, 0, false, CHILD_FLOODS, 0},
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

START_TEST(test_talk) {
    struct child c;
    struct buf answer = {0};
    char script[100];
    char *argv[] = {"sh", "-c", strcpy(script, talks[_i].script), NULL};
    struct patience patience = {talks[_i].silence, talks[_i].whole};
    sigaction(SIGINT, &(struct sigaction){.sa_handler = on_interrupt}, NULL);
    stop = talks[_i].before;
    pid_t me = getpid();
    if (talks[_i].interrupt > 0 && !fork()) {
        usleep((useconds_t)(1e6 * talks[_i].interrupt));
        kill(me, SIGINT);
        _exit(0);
    }
    double began = now();
    ck_assert(child_open(&c, argv, &stop));
    enum child_end end =
        child_talk(&c, "this is\n", 8, &answer, &patience, has_end, "the end");
    child_close(&c);
    double took = now() - began;
    ck_assert_int_eq(end, talks[_i].end);
    ck_assert_double_ge(took, talks[_i].least);
    ck_assert_double_lt(took, fmax(patience.silence, patience.whole));
    ck_assert_int_eq(stop, talks[_i].before || end == CHILD_STOPPED);
    if (end == CHILD_DONE) ck_assert_str_eq(buf_text(&answer), "this is the end\n");
    buf_free(&answer);
}
END_TEST

int main(void) {
    Suite *s = suite_create("child");
    TCase *c = tcase_create("talks");
    tcase_set_timeout(c, 300);
    tcase_add_loop_test(c, test_talk, 0, (int)(sizeof talks / sizeof *talks));
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
