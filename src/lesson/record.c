#include "lesson/record.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/json.h"

/* ---- what happens ---- */

static char *cut(const char *answer) {
    size_t n = 0, len;
    for (int i = 0; answer[n] && i < RECORD_CHARACTERS; i++) {
        utf8_decode(answer + n, &len);
        n += len;
    }
    return mem_copy_n(answer, n);
}

void record_wrong(struct record *r, const char *answer) {
    if (r->result == RESULT_SOLVED) return;
    r->tries++;
    for (int i = 0; answer && i < RECORD_WRONG; i++) {
        if (r->wrong[i]) continue;
        r->wrong[i] = cut(answer);
        break;
    }
}

void record_slip(struct record *r, int slip) {
    if (r->result == RESULT_SOLVED) return;
    for (int i = 0; i < RECORD_SLIPS; i++) {
        if (r->slips[i] == slip + 1) return;
        if (r->slips[i]) continue;
        r->slips[i] = slip + 1;
        return;
    }
}

void record_told(struct record *r, const char *mistake) {
    if (r->result == RESULT_SOLVED || !*mistake) return;
    for (int i = 0; i < RECORD_TOLD; i++) {
        if (!r->told[i]) r->told[i] = cut(mistake);
        else if (strcmp(r->told[i], mistake) != 0) continue;
        return;
    }
}

void record_right(struct record *r) {
    if (r->result != RESULT_SOLVED) r->tries++;
    r->result = RESULT_SOLVED;
}

void record_shown(struct record *r) {
    if (r->result == RESULT_OPEN) r->result = RESULT_SKIPPED, r->shown = 1;
}

bool record_knew(const struct record *r) {
    return r->result == RESULT_SOLVED && r->tries == 1 && !r->hints && !r->shown;
}

void record_mark(struct record *r, int day) {
    if (!r->day && !record_knew(r)) r->day = day;
}

void tally_add(struct tally *t, const struct record *r) {
    bool solved = r->result == RESULT_SOLVED;
    t->of[r->result]++;
    t->first += solved && r->tries == 1 && !r->shown;
    t->hinted += solved && r->hints > 0;
}

bool record_says(const struct record *r) { return r->result || r->hints || r->tries; }

void record_clear(struct record *r) {
    for (int i = 0; i < RECORD_WRONG; i++) free(r->wrong[i]);
    for (int i = 0; i < RECORD_TOLD; i++) free(r->told[i]);
    *r = (struct record){0};
}

/* ---- as it is kept ---- */

/* THE TABLE. To add a field: a row (of a whole number), or lines in the three functions
 * below it; unknown ones are kept by progress. */
static const struct {
    const char *name;
    size_t at;
} numbers[] = {
    {"result", offsetof(struct record, result)},
    {"tries", offsetof(struct record, tries)},
    {"hints", offsetof(struct record, hints)},
    {"shown", offsetof(struct record, shown)},
    {"day", offsetof(struct record, day)},
    {"box", offsetof(struct record, box)},
};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

static int *number_of(struct record *r, size_t i) {
    return (int *)(void *)((char *)r + numbers[i].at);
}

void record_put(const struct record *r, cJSON *object) {
    struct record own = *r;
    for (size_t i = 0; i < NUMBERS; i++) {
        bool rare = numbers[i].at >= offsetof(struct record, day);
        if (rare && !own.day) continue;
        cJSON_AddNumberToObject(object, numbers[i].name, *number_of(&own, i));
    }
    if (r->draw) cJSON_AddNumberToObject(object, "draw", r->draw);
    cJSON *wrong = cJSON_AddArrayToObject(object, "wrong");
    cJSON *slips = cJSON_AddArrayToObject(object, "slips");
    for (int i = 0; i < RECORD_WRONG && r->wrong[i]; i++) {
        cJSON_AddItemToArray(wrong, cJSON_CreateString(r->wrong[i]));
    }
    for (int i = 0; i < RECORD_SLIPS && r->slips[i]; i++) {
        cJSON_AddItemToArray(slips, cJSON_CreateNumber(r->slips[i] - 1));
    }
    cJSON *told = r->told[0] ? cJSON_AddArrayToObject(object, "told") : NULL;
    for (int i = 0; i < RECORD_TOLD && r->told[i]; i++) {
        cJSON_AddItemToArray(told, cJSON_CreateString(r->told[i]));
    }
}

static void read_texts(char **to, int most, const cJSON *list) {
    const cJSON *item;
    int n = 0;
    cJSON_ArrayForEach(item, list) {
        if (cJSON_IsString(item) && n < most) to[n++] = cut(item->valuestring);
    }
}

struct record record_read(const cJSON *object) {
    struct record r = {0};
    const cJSON *wrong = cJSON_GetObjectItemCaseSensitive(object, "wrong"), *item;
    const cJSON *slips = cJSON_GetObjectItemCaseSensitive(object, "slips");
    for (size_t i = 0; i < NUMBERS; i++) {
        *number_of(&r, i) = json_whole(object, numbers[i].name, 0);
    }
    if (r.result >= RESULTS) r.result = RESULT_OPEN;
    r.draw = json_whole(object, "draw", 0);
    r.seconds = json_whole(object, "seconds", 0);
    read_texts(r.wrong, RECORD_WRONG, wrong);
    read_texts(r.told, RECORD_TOLD, cJSON_GetObjectItemCaseSensitive(object, "told"));
    int n = 0;
    cJSON_ArrayForEach(item, slips) {
        bool is =
            cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble < 1000;
        if (is && n < RECORD_SLIPS) r.slips[n++] = (int)item->valuedouble + 1;
    }
    return r;
}

/* It counted misses alone. */
void record_from_1(cJSON *object) {
    int solved = json_whole(object, "result", 0) == RESULT_SOLVED;
    int tries = json_whole(object, "misses", 0) + solved;
    cJSON_DeleteItemFromObjectCaseSensitive(object, "misses");
    json_set_number(object, "tries", tries);
}
