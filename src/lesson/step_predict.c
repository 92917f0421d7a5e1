/* predict: a number, judged with the tolerance that the prompt states. The answer is an
 * expression, worked out on the board as it was when the step began. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/steps.h"
#include "text/number.h"

const struct field predict_fields[] = {
    {"predict", FIELD_TEXT, true},  {"answer", FIELD_EXPR, true},
    {"within", FIELD_NUMBER, true}, {"why", FIELD_TEXT, false},
    {"hints", FIELD_TEXTS, false},  {"slips", FIELD_SLIPS, false},
    {"name", FIELD_NAME, false},    {0},
};

void predict_show(struct session *s, const struct step *step) {
    double within = json_number(step->json, "within", 0);
    play_say(s, play_text(s, lesson_field(step, "predict")));
    out_puts(s->out, out_ink(s->out, OUT_DIM));
    out_say(s->out, within > 0 ? "step.predict.within" : "step.predict.exactly",
            "within", NUM(s->out, within), NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
}

struct error *predict_number(struct session *s, const cJSON *expr, double *out) {
    if (cJSON_IsString(expr)) {
        return play_number(s, play_began(s), expr->valuestring, out);
    }
    *out = expr->valuedouble;
    return NULL;
}

/* A number alone: -1.4, .5, 1e-6. */
static bool is_number(const char *s, double *v) {
    char *end;
    if (s[strspn(s, "+-0123456789.eE")] || !strpbrk(s, "0123456789")) return false;
    *v = strtod(s, &end);
    return end != s && !*end && isfinite(*v);
}

/* As near as the prompt says; the little more is for the rounding of the difference. */
static bool is_near(double typed, double wanted, double within) {
    return fabs(typed - wanted) <= within + 1e-12 * fmax(1, fabs(wanted));
}

enum verdict predict_judge(struct session *s, const struct step *step,
                           const char *line) {
    double typed, wanted, within = json_number(step->json, "within", 0);
    if (!is_number(line, &typed)) return VERDICT_NONE;
    struct error *e = predict_number(s, lesson_field(step, "answer"), &wanted);
    if (e) { /* lint finds these; a stranger's lesson may not have met it */
        out_error(s->out, e);
        error_free(e);
        return VERDICT_UNCLEAR;
    }
    if (is_near(typed, wanted, within)) return VERDICT_RIGHT;
    const cJSON *slip;
    cJSON_ArrayForEach(slip, lesson_field(step, "slips")) {
        e = predict_number(s, cJSON_GetObjectItemCaseSensitive(slip, "value"), &wanted);
        if (!e && is_near(typed, wanted, within)) break;
        error_free(e);
    }
    if (slip)
        out_wrap(s->out, play_text(s, cJSON_GetObjectItemCaseSensitive(slip, "say")),
                 0);
    else out_say(s->out, "step.predict.wrong", NULL);
    return VERDICT_WRONG;
}

void predict_digits(const struct session *s, const struct step *step, double value,
                    char shown[NUM_SIZE]) {
    double within = json_number(step->json, "within", 0);
    int digits = s->out->digits;
    do num_format(shown, value, digits);
    while (!is_near(strtod(shown, NULL), value, within) && ++digits <= 17);
}

struct error *predict_solution(struct session *s, const struct step *step,
                               struct buf *b) {
    double answer;
    struct error *e = predict_number(s, lesson_field(step, "answer"), &answer);
    if (e) return e;
    char shown[NUM_SIZE];
    predict_digits(s, step, answer, shown);
    buf_add(b, shown);
    return NULL;
}

void predict_reveal(struct session *s, const struct step *step) {
    struct buf answer = {0};
    struct error *e = predict_solution(s, step, &answer);
    if (e) {
        out_error(s->out, e);
        error_free(e);
        return;
    }
    out_say(s->out, "step.answer", "answer", buf_text(&answer), NULL);
    buf_free(&answer);
}
