/* ask: a choice by its number or its words, or (where there are none to choose from) a
 * word. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/answer.h"
#include "lesson/form.h"
#include "lesson/lint_play.h"
#include "lesson/saying.h"
#include "lesson/steps.h"
#include "lesson/wording.h"
#include "text/number.h"

const struct field ask_fields[] = {
    {"ask", FIELD_TEXT, true},      {"choices", FIELD_TEXTS, false},
    {"answer", FIELD_ANSWER, true}, {"wrong", FIELD_WRONG, false},
    {"why", FIELD_TEXT, false},     {"hints", FIELD_TEXTS, false},
    {"name", FIELD_NAME, false},    {0},
};

/* A choice must be one of those there are; a word wants no choices. */
void ask_check(struct check *c, const cJSON *json) {
    const cJSON *choices = cJSON_GetObjectItemCaseSensitive(json, "choices");
    const cJSON *answer = cJSON_GetObjectItemCaseSensitive(json, "answer");
    if (!answer) return;
    if (cJSON_IsNumber(answer) != cJSON_IsArray(choices)) {
        const char *key = choices ? "lesson-answer-choice" : "lesson-answer-word";
        form_fault(c, answer, key, "", "");
    } else if (choices && answer->valuedouble >= cJSON_GetArraySize(choices)) {
        int n = cJSON_GetArraySize(choices);
        char last[16];
        snprintf(last, sizeof last, "%d", n - 1);
        bool one = answer->valuedouble <= n && n;
        const char *key = one ? "lint-from-one" : "lesson-answer-range";
        faults_add_at(c->faults, c->doc, answer, error_new(key, "n", last, NULL));
    }
}

// clang-format off
const char ask_schema[] = JSON(
    "if": {"required": ["choices"]},
    "then": {"properties": {"answer": {"type": "integer"}}},
    "else": {"properties": {"answer": {"type": ["string", "object", "array"]}}});
// clang-format on

void ask_show(struct session *s, const struct step *step) {
    const cJSON *choice;
    int i = 0;
    desk_say(s, desk_text(s, lesson_field(step, "ask")));
    cJSON_ArrayForEach(choice, lesson_field(step, "choices")) {
        struct buf b = {0};
        buf_printf(&b, "%d. %s", ++i, desk_text(s, choice));
        out_wrap(s->out, buf_text(&b), 2);
        buf_free(&b);
    }
    if (i) desk_aside(s, "step.ask.choose");
}

/* ---- judging ---- */

/* A fact alone ("A square is never negative.") might be taken for praise; and half of
 * an answer may be right. */
static void reply(struct session *s, const cJSON *said) {
    struct buf b = {0};
    char *wrong = desk_key(s, "step.ask.wrong");
    text_add(s->out->text, &b, said ? "step.ask.no" : wrong, NULL);
    free(wrong);
    if (said) buf_printf(&b, " %s", desk_text(s, said));
    out_wrap(s->out, buf_text(&b), 0);
    buf_free(&b);
}

static enum verdict judge_choice(struct session *s, const struct step *step, int i,
                                 int n) {
    if (i < 0 || i >= n) {
        out_say(s->out, "step.ask.range", "n", NUM(s->out, n), NULL);
        return VERDICT_UNCLEAR;
    }
    if (i == json_whole(step->json, "answer", -1)) return VERDICT_RIGHT;
    char key[24];
    snprintf(key, sizeof key, "%d", i);
    reply(s, cJSON_GetObjectItemCaseSensitive(lesson_field(step, "wrong"), key));
    record_wrong(desk_record(s), NUM(s->out, i + 1)); /* whatever it was said with */
    return VERDICT_WRONG;
}

static const cJSON *reply_to(const struct step *step, const char *line) {
    const cJSON *wrong;
    char *typed = wording_words(line);
    cJSON_ArrayForEach(wrong, lesson_field(step, "wrong")) {
        char *known = wording_words(wrong->string);
        bool same = strcmp(typed, known) == 0;
        free(known);
        if (same) break;
    }
    free(typed);
    return wrong;
}

static enum verdict judge_word(struct session *s, const struct step *step,
                               const char *line, const struct program *p) {
    const cJSON *answer = lesson_field(step, "answer");
    if (answer_says_of(line, lesson_field(step, "ask"), answer)) return VERDICT_RIGHT;
    if (answer_is_line(s, p) || saying_is_signs(line)) return VERDICT_NONE;
    reply(s, reply_to(step, line));
    record_wrong(desk_record(s), line);
    return VERDICT_WRONG;
}

/* What is neither a choice nor a line was meant as a choice. */
static enum verdict ask_again(struct session *s, const char *line,
                              const struct program *p, int n, const char *fits) {
    bool words = strpbrk(line, "=+*/^[]<>|") == NULL; /* 1번 2번; 1 and 2 */
    if (answer_is_line(s, p) || (!p && !words)) return VERDICT_NONE;
    char *which = desk_key(s, "step.ask.which");
    if (*fits) out_say(s->out, "step.ask.fits", "which", fits, NULL);
    else out_say(s->out, which, "n", NUM(s->out, n), NULL);
    free(which);
    return VERDICT_UNCLEAR;
}

enum verdict ask_judge(struct session *s, const struct step *step, const char *line,
                       const struct program *p) {
    const cJSON *choices = lesson_field(step, "choices");
    if (!choices) return judge_word(s, step, line, p);
    struct buf fits = {0};
    int i = answer_choice(s, line, p, choices, &fits), n = cJSON_GetArraySize(choices);
    enum verdict v = i == ANSWER_NONE ? ask_again(s, line, p, n, buf_text(&fits))
                                      : judge_choice(s, step, i, n);
    buf_free(&fits);
    return v;
}

/* ---- the answer ---- */

static const cJSON *right_one(const struct step *step) {
    const cJSON *choices = lesson_field(step, "choices");
    const cJSON *answer = lesson_field(step, "answer");
    if (choices)
        return cJSON_GetArrayItem(choices, json_whole(step->json, "answer", 0));
    return cJSON_IsArray(answer) ? answer->child : answer;
}

struct error *ask_solution(struct session *s, const struct step *step, struct buf *b) {
    const cJSON *answer = lesson_field(step, "answer");
    if (cJSON_IsNumber(answer))
        buf_printf(b, "%d", json_whole(step->json, "answer", 0) + 1);
    else buf_add(b, desk_text(s, right_one(step)));
    return NULL;
}

static bool was_tried(const struct record *r, const char *answer) {
    bool was = false;
    for (int i = 0; i < RECORD_WRONG && r->wrong[i]; i++)
        was |= strcmp(r->wrong[i], answer) == 0;
    return was;
}

/* A choice that it is not; or the letter that the word begins with. */
char *ask_clue(struct session *s, const struct step *step) {
    const char *word = desk_text(s, right_one(step));
    int n = cJSON_GetArraySize(lesson_field(step, "choices"));
    size_t len;
    for (int i = 0; i < n; i++) {
        bool right = i == json_whole(step->json, "answer", 0);
        if (!right && !was_tried(desk_record(s), NUM(s->out, i + 1)))
            return out_sentence(s->out, "hint.not", "n", NUM(s->out, i + 1), NULL);
    }
    utf8_decode(word, &len);
    if (n || !word[len]) return NULL;
    char *letter = mem_copy_n(word, len);
    char *says = out_sentence(s->out, "hint.begins", "begin", letter, NULL);
    free(letter);
    return says;
}

void ask_reveal(struct session *s, const struct step *step) {
    out_say(s->out, "step.answer", "answer", desk_text(s, right_one(step)), NULL);
}

/* ---- what goes wrong ---- */

/* Every other choice; or the words that have a reply, and one that has none. */
const cJSON *ask_wrong(struct session *s, const struct step *step, int i,
                       struct buf *b) {
    const cJSON *answer = lesson_field(step, "answer");
    int n = cJSON_GetArraySize(lesson_field(step, "choices"));
    (void)s;
    if (n) {
        if (i != json_whole(step->json, "answer", 0)) buf_printf(b, "%d", i + 1);
        return i < n ? answer : NULL;
    }
    const cJSON *wrong = lesson_field(step, "wrong");
    const cJSON *reply = cJSON_GetArrayItem(wrong, i);
    buf_add(b, reply ? reply->string : "zzz");
    if (reply) return reply;
    return i == cJSON_GetArraySize(wrong) ? answer : NULL;
}

static bool same_choice(const cJSON *a, const cJSON *b) {
    bool same = false;
    for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++) {
        same |= strcmp(lesson_text(a, lang), lesson_text(b, lang)) == 0;
    }
    return same;
}

static bool has_reply(struct session *s, const cJSON *wrong, int i) {
    return cJSON_GetObjectItemCaseSensitive(wrong, NUM(s->out, i));
}

/* Counted from 1: the right one has a reply, and just one other has none; or so in
 * `wrong`. That is one fault. */
static bool is_shifted(struct game *g, struct session *s, const struct step *step,
                       int n, int right) {
    const cJSON *wrong = lesson_field(step, "wrong");
    int without = 0, which = -1, from_one = 0;
    for (int i = 0; i < n; i++) {
        if (!has_reply(s, wrong, i)) without++, which = i;
        from_one += i != right && has_reply(s, wrong, i + 1);
    }
    if (without == 1 && which != right && cJSON_GetArraySize(wrong) == n - 1) {
        game_fault(g, lesson_field(step, "answer"),
                   error_new("lint-from-one", "n", NUM(s->out, which), NULL));
        return true;
    }
    if (!has_reply(s, wrong, n) || from_one != n - 1) return false;
    game_fault(g, wrong, error_new("lint-wrong-from-one", NULL));
    return true;
}

void ask_lint(struct game *g, struct session *s, const struct step *step) {
    const cJSON *choices = lesson_field(step, "choices"), *a, *b, *reply;
    const cJSON *wrong = lesson_field(step, "wrong");
    int n = cJSON_GetArraySize(choices), right = json_whole(step->json, "answer", -1);
    if (!choices || is_shifted(g, s, step, n, right)) return;
    for (int i = 0; i < n; i++) {
        const char *key = NUM(s->out, i);
        if (i == right || cJSON_GetObjectItemCaseSensitive(wrong, key)) continue;
        const cJSON *at = wrong ? wrong : step->json;
        game_fault(g, at, error_new("lint-no-wrong", "i", key, NULL));
    }
    cJSON_ArrayForEach(reply, wrong) {
        char *end;
        long i = strtol(reply->string, &end, 10);
        if (*end || end == reply->string || i < 0 || i >= n || i == right) {
            game_fault(g, reply, error_new("lint-wrong-right", NULL));
        }
    }
    cJSON_ArrayForEach(a, choices) {
        for (b = a->next; b; b = b->next) {
            if (same_choice(a, b))
                game_fault(g, b, error_new("lint-same-choice", NULL));
        }
    }
}
