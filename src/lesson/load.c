#include "lesson/load.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/memory.h"
#include "lesson/steps.h"

enum { MOST_STEPS = 1000 };

void faults_add(struct faults *f, struct error *e) {
    if (f->n == f->cap) {
        f->cap = f->cap ? 2 * f->cap : 16;
        f->at = mem_grow(f->at, f->cap, sizeof *f->at);
    }
    f->at[f->n++] = e;
}

void faults_free(struct faults *f) {
    for (size_t i = 0; i < f->n; i++) error_free(f->at[i]);
    free(f->at);
    *f = (struct faults){0};
}

/* ---- fields ---- */

static const struct field lesson_fields[] = {
    {"$schema", FIELD_NAME, false}, {"format", FIELD_WHOLE, true},
    {"lesson", FIELD_WHOLE, true},  {"id", FIELD_NAME, true},
    {"title", FIELD_TEXT, true},    {"minutes", FIELD_NUMBER, true},
    {"goals", FIELD_TEXTS, true},   {"setup", FIELD_LINES, true},
    {"steps", FIELD_STEPS, true},   {0},
};

static const struct field slip_fields[] = {
    {"value", FIELD_EXPR, true},
    {"say", FIELD_TEXT, true},
    {"line", FIELD_LINE, false}, /* of a try: what a student types to make the slip */
    {0},
};

struct check {
    const struct json_doc *doc;
    struct faults *faults;
};

static void fault(struct check *c, const cJSON *at, const char *key, const char *name,
                  const char *known) {
    struct error *e = error_new(key, "name", name, "known", known, NULL);
    faults_add(c->faults, json_fault(c->doc, at, e));
}

static const struct field *field_find(const struct field *fields, const char *name) {
    for (; fields->name; fields++) {
        if (strcmp(fields->name, name) == 0) return fields;
    }
    return NULL;
}

static bool has_string(const cJSON *j) {
    return cJSON_IsString(j) && j->valuestring[strspn(j->valuestring, " \t\r\n")];
}

static void check_text(struct check *c, const cJSON *j) {
    if (cJSON_IsString(j)) {
        if (!has_string(j)) fault(c, j, "lesson-empty", "", "");
        return;
    }
    if (!cJSON_IsObject(j)) {
        fault(c, j, "lesson-text", "", "");
        return;
    }
    for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++) {
        const char *name = text_lang_name(lang);
        const cJSON *said = cJSON_GetObjectItemCaseSensitive(j, name);
        if (!said) fault(c, j, "lesson-language", name, "");
        else if (!has_string(said)) fault(c, said, "lesson-empty", "", "");
    }
    const cJSON *child;
    cJSON_ArrayForEach(child, j) {
        if (strcmp(child->string, "en") != 0 && strcmp(child->string, "ko") != 0) {
            fault(c, child, "lesson-key", child->string, "en, ko");
        }
    }
}

static void check_line(struct check *c, const cJSON *j) {
    size_t before = c->faults->n;
    check_text(c, j);
    for (enum text_lang lang = 0; lang < TEXT_LANGS && c->faults->n == before; lang++) {
        if (strchr(lesson_text(j, lang), '\n')) fault(c, j, "lesson-line", "", "");
    }
}

static void check_fields(struct check *c, const cJSON *object,
                         const struct field *fields);
static void check_steps(struct check *c, const cJSON *steps);

static void check_list(struct check *c, const cJSON *list, enum field_type type) {
    const cJSON *j;
    if (!cJSON_IsArray(list)) {
        fault(c, list, "lesson-list", "", "");
        return;
    }
    cJSON_ArrayForEach(j, list) {
        if (type == FIELD_TEXTS) check_text(c, j);
        else if (type == FIELD_LINES) check_line(c, j);
        else if (cJSON_IsObject(j)) check_fields(c, j, slip_fields);
        else fault(c, j, "lesson-object", "", "");
    }
}

static bool is_whole(const cJSON *j) {
    return cJSON_IsNumber(j) && j->valuedouble >= 0 && j->valuedouble < 10000 &&
           j->valuedouble == floor(j->valuedouble);
}

static void check_wrong(struct check *c, const cJSON *j) {
    const cJSON *child;
    if (!cJSON_IsObject(j)) fault(c, j, "lesson-object", "", "");
    else cJSON_ArrayForEach(child, j) check_text(c, child);
}

static void check_field(struct check *c, const cJSON *j, enum field_type type) {
    switch (type) {
        case FIELD_TEXT: check_text(c, j); break;
        case FIELD_LINE: check_line(c, j); break;
        case FIELD_EXPR:
            if (!cJSON_IsNumber(j) && !has_string(j))
                fault(c, j, "lesson-expr", "", "");
            break;
        case FIELD_NUMBER:
            if (!cJSON_IsNumber(j) || !(j->valuedouble >= 0) || isinf(j->valuedouble)) {
                fault(c, j, "lesson-number", "", "");
            }
            break;
        case FIELD_WHOLE:
            if (!is_whole(j)) fault(c, j, "lesson-whole", "", "");
            break;
        case FIELD_NAME:
            if (!has_string(j)) fault(c, j, "lesson-name", "", "");
            break;
        case FIELD_TEXTS:
        case FIELD_LINES:
        case FIELD_SLIPS: check_list(c, j, type); break;
        case FIELD_ANSWER:
            if (cJSON_IsArray(j)) check_list(c, j, FIELD_TEXTS);
            else if (!is_whole(j)) check_text(c, j);
            break;
        case FIELD_WRONG: check_wrong(c, j); break;
        case FIELD_STEPS: check_steps(c, j); break;
    }
}

static void check_fields(struct check *c, const cJSON *object,
                         const struct field *fields) {
    struct buf known = {0};
    for (const struct field *f = fields; f->name; f++) {
        buf_printf(&known, "%s%s", known.len ? ", " : "", f->name);
        if (f->needed && !cJSON_GetObjectItemCaseSensitive(object, f->name)) {
            fault(c, object, "lesson-missing", f->name, "");
        }
    }
    const cJSON *j;
    cJSON_ArrayForEach(j, object) {
        const struct field *f = field_find(fields, j->string);
        if (f) check_field(c, j, f->type);
        else fault(c, j, "lesson-key", j->string, buf_text(&known));
    }
    buf_free(&known);
}

/* ---- steps ---- */

static const struct step_kind *kind_of(const cJSON *json) {
    for (const struct step_kind *k = step_kinds; k->name; k++) {
        if (cJSON_GetObjectItemCaseSensitive(json, k->name)) return k;
    }
    return NULL;
}

/* A choice must be one of those there are; a word wants no choices. */
static void check_answer(struct check *c, const cJSON *json) {
    const cJSON *choices = cJSON_GetObjectItemCaseSensitive(json, "choices");
    const cJSON *answer = cJSON_GetObjectItemCaseSensitive(json, "answer");
    if (!answer) return;
    if (cJSON_IsNumber(answer) != cJSON_IsArray(choices)) {
        fault(c, answer, choices ? "lesson-answer-choice" : "lesson-answer-word", "",
              "");
    } else if (choices && answer->valuedouble >= cJSON_GetArraySize(choices)) {
        fault(c, answer, "lesson-answer-range", "", "");
    }
}

static void check_steps(struct check *c, const cJSON *steps) {
    const cJSON *json;
    if (!cJSON_IsArray(steps) || !steps->child) {
        fault(c, steps, "lesson-steps", "", "");
        return;
    }
    if (cJSON_GetArraySize(steps) > MOST_STEPS) fault(c, steps, "json-members", "", "");
    struct buf known = {0};
    for (const struct step_kind *k = step_kinds; k->name; k++) {
        buf_printf(&known, "%s%s", known.len ? ", " : "", k->name);
    }
    cJSON_ArrayForEach(json, steps) {
        const struct step_kind *kind = cJSON_IsObject(json) ? kind_of(json) : NULL;
        if (!kind) {
            fault(c, json, "lesson-kind", "", buf_text(&known));
            continue;
        }
        check_fields(c, json, kind->fields);
        if (strcmp(kind->name, "ask") == 0) check_answer(c, json);
    }
    buf_free(&known);
}

static void check_names(struct check *c, const struct lesson *l) {
    struct map seen = {0};
    for (int i = 0; i < l->n_steps; i++) {
        if (map_get(&seen, l->steps[i].name) >= 0) {
            fault(c, l->steps[i].json, "lesson-same-name", l->steps[i].name, "");
        }
        map_set(&seen, l->steps[i].name, i);
    }
    map_free(&seen);
}

static void read_steps(struct lesson *l) {
    const cJSON *steps = cJSON_GetObjectItemCaseSensitive(l->doc.root, "steps"), *json;
    l->steps = mem_alloc((size_t)cJSON_GetArraySize(steps), sizeof *l->steps);
    cJSON_ArrayForEach(json, steps) {
        struct step *step = &l->steps[l->n_steps++];
        struct buf name = {0};
        const char *own = json_string(json, "name");
        if (own) buf_add(&name, own);
        else buf_printf(&name, "step-%d", l->n_steps);
        *step = (struct step){kind_of(json), json, buf_take(&name)};
    }
}

/* ---- loading ---- */

struct error *lesson_load(const char *path, struct faults *all, struct lesson **out) {
    struct faults mine = {0};
    struct lesson *l = mem_alloc(1, sizeof *l);
    struct error *e = json_open(path, JSON_MOST, &l->doc);
    struct check c = {&l->doc, all ? all : &mine};
    if (e) {
        faults_add(c.faults, e);
    } else if (!cJSON_IsObject(l->doc.root)) {
        fault(&c, l->doc.root, "lesson-object", "", "");
    } else if (json_number(l->doc.root, "format", 1) != 1) {
        fault(&c, cJSON_GetObjectItemCaseSensitive(l->doc.root, "format"),
              "lesson-format", "", "");
    } else {
        check_fields(&c, l->doc.root, lesson_fields);
    }
    if (!c.faults->n) {
        l->number = json_whole(l->doc.root, "lesson", 0);
        l->id = json_string(l->doc.root, "id");
        read_steps(l);
        check_names(&c, l);
    }
    *out = c.faults->n ? NULL : l;
    if (!*out) lesson_free(l);
    e = NULL;
    if (mine.n) {
        e = mine.at[0];
        mine.at[0] = NULL;
    }
    faults_free(&mine);
    return e;
}

void lesson_free(struct lesson *l) {
    if (!l) return;
    for (int i = 0; i < l->n_steps; i++) free(l->steps[i].name);
    free(l->steps);
    json_close(&l->doc);
    free(l);
}

const cJSON *lesson_field(const struct step *s, const char *name) {
    return cJSON_GetObjectItemCaseSensitive(s->json, name);
}

const char *lesson_text(const cJSON *text, enum text_lang lang) {
    if (cJSON_IsString(text)) return text->valuestring;
    const char *said = text ? json_string(text, text_lang_name(lang)) : NULL;
    return said ? said : "";
}

/* ---- the lessons there are ---- */

/* lessons/03-gradient-descent.json is number 3; -1: no lesson. */
static int number_of(const char *name) {
    size_t n = strlen(name), digits = strspn(name, "0123456789");
    bool fits = digits >= 1 && digits <= 4 && name[digits] == '-' && n > 5 &&
                strcmp(name + n - 5, ".json") == 0;
    return fits ? (int)strtol(name, NULL, 10) : -1;
}

static DIR *open_folder(const char *home) {
    struct buf b = {0};
    buf_printf(&b, "%s/lessons", home ? home : ".");
    DIR *folder = opendir(buf_text(&b));
    buf_free(&b);
    return folder;
}

char *lesson_find(const char *home, int number) {
    DIR *folder = open_folder(home);
    struct buf b = {0};
    const struct dirent *entry;
    while (folder && !b.len && (entry = readdir(folder))) {
        if (number_of(entry->d_name) != number) continue;
        buf_printf(&b, "%s/lessons/%s", home ? home : ".", entry->d_name);
    }
    if (folder) closedir(folder);
    return b.len ? buf_take(&b) : NULL;
}

static int by_number(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

int lesson_numbers(const char *home, int *numbers, int most) {
    DIR *folder = open_folder(home);
    const struct dirent *entry;
    int n = 0;
    while (folder && n < most && (entry = readdir(folder))) {
        int number = number_of(entry->d_name);
        if (number >= 0) numbers[n++] = number;
    }
    if (folder) closedir(folder);
    qsort(numbers, (size_t)n, sizeof *numbers, by_number);
    return n;
}
