#include "lesson/lint_naming.h"

#include <stdlib.h>

#include "base/memory.h"
#include "lesson/load.h"
#include "lesson/naming.h"

static void tell(struct lint *t, const cJSON *at, struct error *e) {
    if (lesson_is_own(t->home, t->path)) lint_warn(t, at, e);
    else lint_fault(t, at, e);
}

static void check_string(struct lint *t, const cJSON *at) {
    const char *end, *from = at->valuestring;
    for (char *id; naming_find(from, &id, &end); from = end) {
        if (lesson_number_named(t->home, t->lesson, id) < 0)
            tell(t, at, error_new("lint-no-lesson", "id", id, NULL));
        free(id);
    }
    const char *typed = naming_typed(at->valuestring, &end);
    if (!typed) return;
    char *number = mem_copy_n(typed, (size_t)(end - typed));
    tell(t, at,
         error_new("lint-lesson-number", "number", number, "way", "{lesson:ID}", NULL));
    free(number);
}

static void check_text(void *to, const cJSON *j, enum field_type type) {
    const cJSON *part;
    if (!field_kinds[type].prose) return;
    if (cJSON_IsString(j)) check_string(to, j);
    cJSON_ArrayForEach(part, j) check_text(to, part, type);
}

void lint_naming(struct lint *t) {
    form_walk(t->lesson->doc.root, FIELD_LESSON, check_text, t);
}
