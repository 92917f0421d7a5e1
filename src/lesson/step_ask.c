/* ask: a choice by its number or its words, or (where there are none to choose from) a
 * word. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lesson/steps.h"
#include "syntax/normalise.h"
#include "text/number.h"

const struct field ask_fields[] = {
    {"ask", FIELD_TEXT, true},      {"choices", FIELD_TEXTS, false},
    {"answer", FIELD_ANSWER, true}, {"wrong", FIELD_WRONG, false},
    {"why", FIELD_TEXT, false},     {"hints", FIELD_TEXTS, false},
    {"name", FIELD_NAME, false},    {0},
};

void ask_show(struct session *s, const struct step *step) {
    const cJSON *choice;
    int i = 0;
    play_say(s, play_text(s, lesson_field(step, "ask")));
    cJSON_ArrayForEach(choice, lesson_field(step, "choices")) {
        struct buf b = {0};
        buf_printf(&b, "%d. %s", ++i, play_text(s, choice));
        out_wrap(s->out, buf_text(&b), 2);
        buf_free(&b);
    }
    if (i) play_aside(s, "step.ask.choose");
}

/* ---- comparing words ---- */

/* Letters and digits only, small: "It grows." is "it grows". */
static char *plain(const char *s) {
    struct buf b = {0};
    char *clean = normalise(s);
    for (const char *p = clean; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 'A' && c <= 'Z') c = (unsigned char)(c - 'A' + 'a');
        if (strchr(" \t.!?\"'`", c)) continue;
        buf_add_n(&b, (const char *)&c, 1);
    }
    free(clean);
    buf_add(&b, "");
    return buf_take(&b);
}

/* Does the line say the text, in either language? */
static bool says(const char *line, const cJSON *text) {
    char *typed = plain(line);
    bool same = false;
    for (enum text_lang lang = 0; lang < TEXT_LANGS && !same; lang++) {
        char *wanted = plain(lesson_text(text, lang));
        same = *typed && strcmp(typed, wanted) == 0;
        free(wanted);
    }
    free(typed);
    return same;
}

static bool says_one(const char *line, const cJSON *texts) {
    const cJSON *text;
    if (!cJSON_IsArray(texts)) return says(line, texts);
    cJSON_ArrayForEach(text, texts) {
        if (says(line, text)) return true;
    }
    return false;
}

/* ---- judging ---- */

static void reply(struct session *s, const cJSON *said) {
    if (said) out_wrap(s->out, play_text(s, said), 0);
    else out_say(s->out, "step.ask.wrong", NULL);
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
    return VERDICT_WRONG;
}

/* A word that is neither a command nor a name was meant as an answer. */
static bool is_line(struct session *s, const char *line) {
    struct program *p;
    struct error *e = session_parse(s, line, &p);
    if (e) {
        error_free(e);
        return false;
    }
    const struct stmt *st = p->n == 1 ? p->stmts : NULL;
    bool word = st && st->kind == STMT_ITEMS && st->n_items == 1 && st->items[0].expr;
    if (word) {
        const struct expr *x = st->items[0].expr;
        const struct expr_node *root = &x->nodes[x->n - 1];
        word = root->kind == EXPR_NUMBER ||
               (root->kind == EXPR_NAME && !board_get(s->board, root->name));
    }
    program_free(p);
    return !word;
}

static enum verdict judge_word(struct session *s, const struct step *step,
                               const char *line) {
    if (says_one(line, lesson_field(step, "answer"))) return VERDICT_RIGHT;
    if (is_line(s, line)) return VERDICT_NONE;
    const cJSON *wrong;
    cJSON_ArrayForEach(wrong, lesson_field(step, "wrong")) {
        char *typed = plain(line), *known = plain(wrong->string);
        bool same = strcmp(typed, known) == 0;
        free(typed);
        free(known);
        if (same) break;
    }
    reply(s, wrong);
    return VERDICT_WRONG;
}

enum verdict ask_judge(struct session *s, const struct step *step, const char *line) {
    const cJSON *choices = lesson_field(step, "choices"), *choice;
    if (!choices) return judge_word(s, step, line);
    int n = cJSON_GetArraySize(choices), i = 0;
    size_t digits = strspn(line, "0123456789");
    if (digits &&
        (!line[digits] || (strchr(".)", line[digits]) && !line[digits + 1]))) {
        return judge_choice(s, step, digits > 4 ? -1 : (int)strtol(line, NULL, 10) - 1,
                            n);
    }
    cJSON_ArrayForEach(choice, choices) {
        if (says(line, choice)) return judge_choice(s, step, i, n);
        i++;
    }
    return VERDICT_NONE;
}

/* ---- the answer ---- */

static const cJSON *right_one(const struct step *step) {
    const cJSON *choices = lesson_field(step, "choices");
    const cJSON *answer = lesson_field(step, "answer");
    if (choices) return cJSON_GetArrayItem(choices, (int)answer->valuedouble);
    return cJSON_IsArray(answer) ? answer->child : answer;
}

struct error *ask_solution(struct session *s, const struct step *step, struct buf *b) {
    const cJSON *answer = lesson_field(step, "answer");
    if (cJSON_IsNumber(answer)) buf_printf(b, "%d", (int)answer->valuedouble + 1);
    else buf_add(b, play_text(s, right_one(step)));
    return NULL;
}

void ask_reveal(struct session *s, const struct step *step) {
    out_say(s->out, "step.answer", "answer", play_text(s, right_one(step)), NULL);
}
