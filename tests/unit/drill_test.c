/* Exercises drawn and played, DRILLS of each kind and level (tests/drill_test.py: a
 * thousand): the answer passes, each mistake is told by its number, numbers are short,
 * nothing is wider than 80 columns in either language. */
#include <math.h>
#include "base/utf8.h"
#include "lesson/load.h"
#include "lesson/play.h"
#include "lesson/slips.h"
#include "lesson/told.h"
#include "plot/plot.h"
#include "practice/exercise.h"
#include "practice/practice.h"
#include "text/number.h"

#include "typed.h"

/* Plots take their time: they are drawn in the first few, and not known in the rest. */
static const struct command *const all[] = {session_commands, plot_commands, NULL};

static int drills(void) {
    const char *set = getenv("DRILLS");
    return set ? atoi(set) : 20;
}

static const char *label(const struct drill_kind *k, int level, int n) {
    static char at[80];
    snprintf(at, sizeof at, "%s level %d, number %d", k->name, level, n);
    return at;
}

static void is_narrow(const char *at) {
    fflush(out.file);
    for (const char *line = said; line && *line;) {
        size_t n = strcspn(line, "\n");
        char *one = mem_copy_n(line, n);
        ck_assert_msg(utf8_width(one) <= 80, "%s: %s", at, one);
        ck_assert_msg((!strchr(one, '{') || strstr(one, "repeat")) &&
                          !strstr(one, "[slip.") && !strstr(one, "[drill."),
                      "%s: %s", at, one);
        free(one);
        line += n + (line[n] == '\n');
    }
}

static void clear_said(void) {
    fclose(out.file);
    free(said);
    out.file = open_memstream(&said, &said_size);
}

static const struct step *begin(const char *text) {
    struct lesson *l;
    struct error *e = lesson_parse(s->home, mem_copy(text), "drill", &l);
    ck_assert_msg(!e, "%s: %s", e ? e->key : "", text);
    l->own = true;
    desk_of(s)->practice = true;
    ck_assert(!play_open(s, l));
    play_go(s, 0);
    ck_assert_msg(desk_step(s) && desk_step(s)->kind->answer, "%s", text);
    return desk_step(s);
}

static enum verdict answer(const struct step *step, const char *line) {
    struct typed t = session_read(s, line, false);
    enum verdict v =
        step->kind->judge ? step->kind->judge(s, step, line, t.program) : VERDICT_RIGHT;
    typed_free(&t);
    return v;
}

/* It is not done from the start, and its solution does it. */
static void mend(const struct step *step, const char *line, const char *at) {
    ck_assert_msg(!step->kind->settled(s, step), "%s", at);
    struct error *e = desk_run(s, line, false);
    ck_assert_msg(!e, "%s: %s", at, e ? e->key : "");
    ck_assert_msg(step->kind->settled(s, step), "%s: %s", at, line);
}

static void solve(const struct step *step, const char *at) {
    struct buf b = {0};
    struct error *e = step->kind->solution(s, step, &b);
    ck_assert_msg(!e, "%s: %s", at, e ? e->key : "");
    if (step->kind->settled) {
        mend(step, buf_text(&b), at);
        buf_free(&b);
        return;
    }
    ck_assert_msg(answer(step, buf_text(&b)) == VERDICT_RIGHT, "%s: %s", at,
                  buf_text(&b));
    const cJSON *within = lesson_field(step, "within");
    if (within && within->valuedouble == 0)
        ck_assert_msg(strspn(buf_text(&b), "-.0") + 4 >=
                          b.len - (strchr(buf_text(&b), '.') != NULL),
                      "%s: %s", at, buf_text(&b));
    buf_free(&b);
}

static void slip(const struct step *step, const char *at) {
    struct slip slip = {0};
    int i = 0;
    while (slip_next(s, step, &slip)) {
        if (!lesson_field(step, "slips")) continue;
        record_clear(desk_record(s));
        ck_assert_msg(answer(step, buf_text(&slip.typed)) == VERDICT_WRONG, "%s: %s",
                      at, buf_text(&slip.typed));
        i++;
        ck_assert_msg(desk_record(s)->slips[0] == i, "%s: %s is %d", at,
                      buf_text(&slip.typed), desk_record(s)->slips[0]);
    }
}

static int told_all, told_two, told_none;

/* Every number that a common mistake of the gates makes is told by it. */
static void mistakes(const struct step *step, const char *at) {
    enum { MOST = 64 };
    const cJSON *asked = lesson_field(step, "answer");
    double to[MOST], right;
    if (!cJSON_IsString(asked)) return;
    int n = told_numbers(s, desk_began(s), asked->valuestring, to, MOST);
    if (n) ck_assert(!desk_number(s, desk_began(s), asked->valuestring, &right));
    for (int i = 0; i < n; i++) {
        struct buf b = {0};
        char number[NUM_SIZE];
        buf_add(&b, num_exact(number, to[i]));
        bool hidden = fabs(to[i] - right) <= 1e-9 * fmax(1, fabs(right));
        record_clear(desk_record(s));
        enum verdict v = answer(step, buf_text(&b));
        ck_assert_msg(v == (hidden ? VERDICT_RIGHT : VERDICT_WRONG), "%s: %s", at,
                      buf_text(&b));
        told_all += !hidden;
        told_none += !hidden && !*desk_here(s)->told;
        buf_free(&b);
    }
    told_two += !told_apart(s, desk_began(s), asked->valuestring);
}

static void play(const char *text, const char *at) {
    const struct step *step = begin(text);
    slip(step, at);
    mistakes(step, at);
    solve(step, at);
    if (desk_here(s)->at + 1 < desk_here(s)->lesson->n_steps)
        play_go(s, desk_here(s)->at + 1);
    desk_leave(s);
    desk_bury(s);
    is_narrow(at);
    clear_said();
}

START_TEST(test_kind) {
    const struct drill_kind *k = &drill_kinds[_i];
    cJSON *past = cJSON_CreateArray();
    for (int level = 1; level <= drill_levels(k); level++) {
        for (int n = 0; n < drills(); n++) {
            char *text = NULL;
            struct dice d = dice_for(20251234, k->name, (uint64_t)n);
            s->tables = all;
            struct error *e = exercise_make(s, k, level, &d, past, &text);
            ck_assert_msg(!e, "%s: %s", label(k, level, n), e ? e->key : "");
            text_set_lang(out.text, n % 2 ? TEXT_KO : TEXT_EN);
            if (n > 2) s->tables = tables;
            play(text, label(k, level, n));
            free(text);
        }
    }
    cJSON_Delete(past);
    ck_assert_int_ge(drill_levels(k), 3);
    ck_assert_msg(told_none * 5 <= told_all + 10,
                  "%s: of %d wrong numbers %d are nobody's", k->name, told_all,
                  told_none);
    if (getenv("DRILLS"))
        printf(
            "%s: %d wrong numbers told, %d not; in %d exercises two kinds make one\n",
            k->name, told_all - told_none, told_none, told_two);
}
END_TEST

static void open_all(void) {
    typed_open();
    out.errors = NULL;
}

int main(void) {
    Suite *suite = suite_create("drill");
    TCase *t = tcase_create("kinds");
    int kinds = 0;
    while (drill_kinds[kinds].name) kinds++;
    tcase_add_checked_fixture(t, open_all, typed_close);
    tcase_add_loop_test(t, test_kind, 0, kinds);
    suite_add_tcase(suite, t);
    return typed_run(suite);
}
