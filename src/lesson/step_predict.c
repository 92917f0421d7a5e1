/* predict: a number, judged with the tolerance that the prompt states. The answer is an
 * expression, worked out on the board as it was when the step began. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/answer.h"
#include "lesson/lint_play.h"
#include "lesson/steps.h"
#include "lesson/told.h"
#include "text/number.h"

const struct field predict_fields[] = {
    {"predict", FIELD_TEXT, true},  {"answer", FIELD_EXPR, true},
    {"within", FIELD_NUMBER, true}, {"why", FIELD_TEXT, false},
    {"hints", FIELD_TEXTS, false},  {"slips", FIELD_SLIPS, false},
    {"name", FIELD_NAME, false},    {0},
};

/* 0.00001, as it would be typed, not 1e-5. */
static const char *decimal(char number[NUM_SIZE], double v) {
    for (int places = 3; places < 18; places++) {
        snprintf(number, NUM_SIZE, "%.*f", places, v);
        if (fabs(strtod(number, NULL) - v) <= 1e-6 * v) break;
    }
    return number;
}

void predict_show(struct session *s, const struct step *step) {
    double within = json_number(step->json, "within", 0);
    char number[NUM_SIZE];
    desk_say(s, desk_text(s, lesson_field(step, "predict")));
    if (desk_here(s)->talk) return;
    out_puts(s->out, out_ink(s->out, OUT_DIM));
    out_say(s->out, within > 0 ? "step.predict.within" : "step.predict.exactly",
            "within", within < 1e-3 ? decimal(number, within) : NUM(s->out, within),
            NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
}

/* The number of an expression of the step (a string, or a number) on the board as it
 * was when the step began. */
static struct error *number_of(struct session *s, const cJSON *expr, double *out) {
    *out = expr->valuedouble;
    if (!cJSON_IsString(expr)) return NULL;
    struct error *e = desk_number(s, desk_began(s), expr->valuestring, out);
    if (!e && !isfinite(*out))
        e = error_new("lesson-not-finite", "value", NUM(s->out, *out), "text",
                      expr->valuestring, NULL);
    return e;
}

/* As near as the prompt says; the little more is for the rounding of the difference. */
static bool is_near(double typed, double wanted, double within) {
    return fabs(typed - wanted) <= within + 1e-12 * fmax(1, fabs(wanted));
}

static bool is_one(const struct answer *a, double wanted, double within) {
    for (int i = 0; i < a->n; i++) {
        if (is_near(a->value[i], wanted, within)) return true;
    }
    return false;
}

/* The mistake that makes this number, or NULL; *at: which. */
static const cJSON *slip_of(struct session *s, const struct step *step,
                            const struct answer *a, double within, int *at) {
    const cJSON *slip;
    *at = 0;
    cJSON_ArrayForEach(slip, lesson_field(step, "slips")) {
        double value;
        struct error *e =
            number_of(s, cJSON_GetObjectItemCaseSensitive(slip, "value"), &value);
        bool is = !e && is_one(a, value, within);
        error_free(e);
        if (is) return slip;
        ++*at;
    }
    return NULL;
}

/* The number as it was typed, or of a sentence the number alone. */
static void note_wrong(struct session *s, const char *line,
                       const struct answer *typed) {
    bool bare = !line[strspn(line, "0123456789.,+-eE% ")];
    record_wrong(desk_record(s), bare ? line : NUM(s->out, typed->value[0]));
}

/* A mistake that no slip of the step is about. False: nobody knows it. */
static bool says_mistake(struct session *s, const char *asked, double typed,
                         double within) {
    struct buf said = {0};
    const char *key =
        asked ? told_by(s, desk_began(s), asked, typed, within, &said) : NULL;
    if (key) {
        out_wrap(s->out, buf_text(&said), 0);
        buf_clear(&said);
        buf_printf(&said, "mistake.%s", key);
        desk_told(s, buf_text(&said));
    }
    buf_free(&said);
    return key;
}

/* Right but for its sign, which is told of any number. */
static bool says_turned(struct session *s, const struct answer *typed, double wanted,
                        double within) {
    bool turned = wanted != 0 && is_one(typed, -wanted, within);
    if (turned) out_say(s->out, "mistake.minus", NULL);
    if (turned) desk_told(s, "mistake.minus");
    return turned;
}

enum verdict predict_judge(struct session *s, const struct step *step, const char *line,
                           const struct program *p) {
    const cJSON *answer = lesson_field(step, "answer");
    double wanted, within = json_number(step->json, "within", 0);
    const char *asked = cJSON_IsString(answer) ? answer->valuestring : NULL;
    const char *question = desk_text(s, lesson_field(step, "predict"));
    struct answer typed = answer_number(s, line, p, asked, question);
    if (!typed.n) return VERDICT_NONE;
    if (answer_is_which(line, lesson_text(lesson_field(step, "predict"), TEXT_KO))) {
        out_say(s->out, "step.predict.which", "n", NUM(s->out, typed.value[0]), NULL);
        return VERDICT_UNCLEAR;
    }
    struct error *e = number_of(s, answer, &wanted);
    if (e) { /* lint finds these; a stranger's lesson may not have met it */
        desk_unjudged(s, e);
        return VERDICT_UNCLEAR;
    }
    bool other = typed.states || typed.other;
    bool right = is_one(&typed, wanted, within) && !other;
    if (right && typed.strays) {
        out_say(s->out, "step.predict.strays", "working", NUM(s->out, typed.working),
                "n", NUM(s->out, typed.value[0]), NULL);
        return VERDICT_UNCLEAR;
    }
    if (right) {
        bool tell = typed.defines && !desk_here(s)->number_told;
        if (tell) out_say(s->out, "step.predict.just-number", NULL);
        desk_here(s)->number_told |= tell;
        return VERDICT_RIGHT;
    }
    int at;
    const cJSON *slip =
        typed.defines || typed.other ? NULL : slip_of(s, step, &typed, within, &at);
    if (other && !slip) {
        const char *said;
        char *subject = answer_subject(line, asked, &said);
        out_say(s->out, typed.states ? "step.predict.states" : "step.predict.other",
                "name", subject, NULL);
        free(subject);
        return VERDICT_UNCLEAR;
    }
    if (typed.is_line && !slip) return VERDICT_NONE;
    const char *say = desk_text(s, cJSON_GetObjectItemCaseSensitive(slip, "say"));
    const char *name = slip ? json_string(slip, "name") : NULL;
    desk_told(s, name ? name : "");
    if (slip) {
        out_wrap(s->out, say, 0);
        record_slip(desk_record(s), at);
    } else if (!says_mistake(s, asked, typed.value[0], within) &&
               !says_turned(s, &typed, wanted, within)) {
        char *wrong = desk_key(s, "step.predict.wrong");
        out_say(s->out, wrong, NULL);
        free(wrong);
    }
    note_wrong(s, line, &typed);
    return VERDICT_WRONG;
}

/* Between which of the wrong numbers it lies. */
char *predict_clue(struct session *s, const struct step *step) {
    const struct record *r = desk_record(s);
    double wanted, low = -INFINITY, high = INFINITY;
    struct error *e = number_of(s, lesson_field(step, "answer"), &wanted);
    for (int i = 0; !e && i < RECORD_WRONG && r->wrong[i]; i++) {
        char *end;
        double v = strtod(r->wrong[i], &end);
        bool whole = end > r->wrong[i] && !*end;
        if (whole && v < wanted) low = fmax(low, v);
        if (whole && v > wanted) high = fmin(high, v);
    }
    error_free(e);
    bool above = isfinite(low), below = isfinite(high);
    if (!above && !below) return NULL;
    const char *key = !below ? "hint.above" : above ? "hint.between" : "hint.below";
    return out_sentence(s->out, key, "low", NUM(s->out, low), "high", NUM(s->out, high),
                        NULL);
}

/* A number with as many figures as `within` asks for, as a student would type it. */
static void add_digits(const struct session *s, const struct step *step, double value,
                       struct buf *b) {
    char shown[NUM_SIZE];
    double within = json_number(step->json, "within", 0);
    int digits = s->out->digits;
    do num_format(shown, value, digits);
    while (!is_near(strtod(shown, NULL), value, within) && ++digits <= 17);
    buf_add(b, shown);
}

struct error *predict_solution(struct session *s, const struct step *step,
                               struct buf *b) {
    double answer;
    struct error *e = number_of(s, lesson_field(step, "answer"), &answer);
    if (!e) add_digits(s, step, answer, b);
    return e;
}

/* To two places, where two are asked. */
static void round_to(struct buf *b, double within) {
    char shown[NUM_SIZE];
    double place = pow(10, floor(log10(within) + 1e-9));
    double v = strtod(buf_text(b), NULL);
    buf_clear(b);
    buf_add(b, num_format(shown, round(v / place) * place, 15));
}

void predict_reveal(struct session *s, const struct step *step) {
    struct buf answer = {0};
    double within = json_number(step->json, "within", 0);
    struct error *e = predict_solution(s, step, &answer);
    if (!e && within > 0 && desk_here(s)->host) round_to(&answer, within);
    if (e) {
        out_error(s->out, e);
        error_free(e);
        return;
    }
    out_say(s->out, "step.answer", "answer", buf_text(&answer), NULL);
    buf_free(&answer);
}

/* ---- what goes wrong ---- */

static const cJSON *slip_value(const struct step *step, int i) {
    const cJSON *slip = cJSON_GetArrayItem(lesson_field(step, "slips"), i);
    return cJSON_GetObjectItemCaseSensitive(slip, "value");
}

/* A number far off; then those of the slips. */
const cJSON *predict_wrong(struct session *s, const struct step *step, int i,
                           struct buf *b) {
    const cJSON *answer = lesson_field(step, "answer");
    const cJSON *at = i ? slip_value(step, i - 1) : answer;
    double right, value, within = json_number(step->json, "within", 0);
    struct error *e = number_of(s, answer, &right);
    if (e) at = NULL;
    if (!e && i == 0) {
        buf_add(b, NUM(s->out, ceil(2 * fabs(right) + 3 * within + 1)));
    } else if (!e && at) {
        e = number_of(s, at, &value);
        if (!e && !is_near(value, right, within)) add_digits(s, step, value, b);
    }
    error_free(e); /* lint says it */
    return at;
}

static void check_slip(struct game *g, struct session *s, const struct step *step,
                       int i) {
    double within = json_number(step->json, "within", 0), right, value, other;
    const cJSON *at = slip_value(step, i);
    struct error *e = number_of(s, at, &value);
    if (e) {
        game_error(g, at, "lint-fails", e);
        return;
    }
    e = number_of(s, lesson_field(step, "answer"), &right);
    if (!e && is_near(value, right, within)) game_say(g, at, "lint-slip", "", "");
    error_free(e);
    for (int k = 0; k < i; k++) {
        e = number_of(s, slip_value(step, k), &other);
        bool same = !e && fabs(other - value) <= 1e-12 * (1 + fabs(value));
        if (same) game_say(g, at, "lint-slip-same", "", "");
        error_free(e);
    }
}

void predict_lint(struct game *g, struct session *s, const struct step *step) {
    int n = cJSON_GetArraySize(lesson_field(step, "slips"));
    const cJSON *answer = lesson_field(step, "answer");
    char *above = cJSON_IsString(answer) ? game_saw(g, answer->valuestring) : NULL;
    double value, within = json_number(step->json, "within", 0);
    struct error *e = number_of(s, answer, &value);
    if (e && strcmp(e->key, "lesson-not-finite") == 0) {
        game_error(g, answer, "lint-not-finite", e);
        free(above);
        return;
    }
    if (!e && !above) game_look(g, answer, value);
    if (!e && cJSON_IsString(answer)) game_seen(g, answer, answer->valuestring, value);
    if (!e && fabs(value) > 0 && within > fabs(value) / 2)
        game_warn(g, lesson_field(step, "within"),
                  error_new("warn-within", "within", NUM(s->out, within), "answer",
                            NUM(s->out, value), NULL));
    error_free(e);
    for (int i = 0; i < n; i++) check_slip(g, s, step, i);
    if (above) game_say(g, answer, "lint-above", "", above);
    free(above);
}
