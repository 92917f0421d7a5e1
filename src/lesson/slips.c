#include "lesson/slips.h"

#include <stdlib.h>

#include "text/number.h"

static void read_slip(struct session *s, const struct step *step, const cJSON *json,
                      struct slip *slip) {
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(json, "value");
    slip->say = cJSON_GetObjectItemCaseSensitive(json, "say");
    step->kind->wrong(s, step, slip->next, &slip->typed); /* its first is no slip's */
    if (slip->typed.len) return;
    bool number = cJSON_IsNumber(value);
    buf_add(&slip->typed, number  ? NUM(s->out, value->valuedouble)
                          : value ? value->valuestring
                                  : "");
}

/* A choice goes by its number, from 0; else it is a word. */
static void read_wrong(const struct step *step, const cJSON *json, struct slip *slip) {
    const cJSON *choices = lesson_field(step, "choices");
    char *end;
    long i = strtol(json->string, &end, 10);
    bool one = *json->string && !*end && i >= 0 && i < cJSON_GetArraySize(choices);
    if (one) buf_printf(&slip->typed, "%ld", i + 1);
    else buf_add(&slip->typed, json->string);
    slip->choice = one ? cJSON_GetArrayItem(choices, (int)i) : NULL;
    slip->say = json;
}

bool slip_next(struct session *s, const struct step *step, struct slip *slip) {
    const cJSON *slips = lesson_field(step, "slips");
    const cJSON *list = slips ? slips : lesson_field(step, "wrong");
    const cJSON *json = cJSON_GetArrayItem(list, slip->next++);
    buf_free(&slip->typed);
    slip->choice = slip->say = NULL;
    if (json && slips) read_slip(s, step, json, slip);
    else if (json) read_wrong(step, json, slip);
    return json != NULL;
}
