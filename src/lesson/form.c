#include "lesson/form.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/near.h"
#include "explain/blanks.h"
#include "lesson/draw.h"
#include "lesson/steps.h"

#define MOST_STEPS 1000
#define MOST_WHOLE 9999

void faults_add(struct faults *f, struct error *e) {
    if (f->n < FAULTS_SHOWN) f->at[f->n] = e;
    else error_free(e);
    f->n++;
}

size_t faults_shown(const struct faults *f) {
    return f->n < FAULTS_SHOWN ? f->n : FAULTS_SHOWN;
}

void faults_add_at(struct faults *f, const struct json_doc *doc, const cJSON *at,
                   struct error *e) {
    faults_add(f, f->n < FAULTS_SHOWN ? json_fault(doc, at, e) : e);
}

void faults_free(struct faults *f) {
    for (size_t i = 0; i < faults_shown(f); i++) error_free(f->at[i]);
    *f = (struct faults){0};
}

void form_fault(struct check *c, const cJSON *at, const char *key, const char *name,
                const char *known) {
    faults_add_at(c->faults, c->doc, at,
                  error_new(key, "name", name, "known", known, NULL));
}

static void fault(struct check *c, const cJSON *at, const char *key) {
    form_fault(c, at, key, "", "");
}

/* ---- keys ---- */

/* Is it one of the words of a list, with ", " between them? */
static bool is_listed(const char *list, const char *word) {
    size_t n = strlen(word);
    for (const char *s = list; (s = strstr(s, word)); s += n) {
        bool starts = s == list || s[-1] == ' ';
        if (starts && (!s[n] || s[n] == ',')) return true;
    }
    return false;
}

/* What people write for a key of ours; near words are found without this. */
static const char *const habits[][2] = {
    {"text", "say"},         {"command", "run"},     {"question", "ask"},
    {"options", "choices"},  {"correct", "answer"},  {"tolerance", "within"},
    {"tips", "hints"},       {"explanation", "why"}, {"reason", "why"},
    {"number", "lesson"},    {"korean", "ko"},       {"한국어", "ko"},
    {"english", "en"},       {"replies", "wrong"},   {"mistakes", "slips"},
    {"duration", "minutes"}, {"time", "minutes"},    {"objectives", "goals"},
    {"condition", "until"},  {"comment", "note"},    {"notes", "note"},
};

/* Of those that are missing the one that was meant; false: none is near. */
static bool find_meant(const char *key, const char *missing, struct near *n) {
    *n = (struct near){.word = key};
    near_try_list(n, missing);
    for (size_t i = 0; !n->best && i < sizeof habits / sizeof *habits; i++) {
        if (strcasecmp(habits[i][0], key) == 0 && is_listed(missing, habits[i][1]))
            near_meant(n, habits[i][1]);
    }
    return n->best;
}

/* A key that nothing knows: what was meant is not missed besides. */
static void key_fault(struct check *c, const cJSON *j, const char *known,
                      const char *missing, struct buf *meant) {
    struct near n;
    if (!find_meant(j->string, missing, &n)) {
        form_fault(c, j, "lesson-key", j->string, known);
        return;
    }
    char *best = mem_copy_n(n.best, n.length);
    faults_add_at(c->faults, c->doc, j,
                  error_new("lesson-key-near", "name", j->string, "near", best, NULL));
    buf_add_listed(meant, "%s", best);
    free(best);
}

/* ---- texts and numbers ---- */

static bool has_string(const cJSON *j) {
    return cJSON_IsString(j) && j->valuestring[strspn(j->valuestring, " \t\r\n")];
}

static bool is_lang(const char *name) {
    enum text_lang lang = 0;
    while (lang < TEXT_LANGS && strcmp(name, text_lang_name(lang)) != 0) lang++;
    return lang < TEXT_LANGS;
}

static void check_text(struct check *c, const cJSON *j) {
    if (cJSON_IsString(j)) {
        if (!has_string(j)) fault(c, j, "lesson-empty");
        return;
    }
    if (!cJSON_IsObject(j)) {
        fault(c, j, "lesson-text");
        return;
    }
    struct buf known = {0}, missing = {0}, meant = {0};
    for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++) {
        const char *name = text_lang_name(lang);
        const cJSON *said = cJSON_GetObjectItemCaseSensitive(j, name);
        if (said && !has_string(said)) fault(c, said, "lesson-empty");
        if (!said) buf_add_listed(&missing, "%s", name);
        buf_printf(&known, "%s%s", lang ? ", " : "", name);
    }
    const cJSON *child;
    cJSON_ArrayForEach(child, j) {
        if (is_lang(child->string)) continue;
        key_fault(c, child, buf_text(&known), buf_text(&missing), &meant);
    }
    for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++) {
        const char *name = text_lang_name(lang);
        if (!cJSON_GetObjectItemCaseSensitive(j, name) &&
            !is_listed(buf_text(&meant), name))
            form_fault(c, j, "lesson-language", name, "");
    }
    buf_free(&known);
    buf_free(&missing);
    buf_free(&meant);
}

static void check_line(struct check *c, const cJSON *j) {
    size_t before = c->faults->n;
    check_text(c, j);
    for (enum text_lang lang = 0; lang < TEXT_LANGS && c->faults->n == before; lang++) {
        if (strchr(lesson_text(j, lang), '\n')) fault(c, j, "lesson-line");
    }
}

static void check_expr(struct check *c, const cJSON *j) {
    if (!cJSON_IsNumber(j) && !has_string(j)) fault(c, j, "lesson-expr");
}

static void check_number(struct check *c, const cJSON *j) {
    if (!cJSON_IsNumber(j) || !(j->valuedouble >= 0) || isinf(j->valuedouble)) {
        fault(c, j, "lesson-number");
    }
}

static bool is_whole(const cJSON *j) {
    return cJSON_IsNumber(j) && j->valuedouble >= 0 && j->valuedouble <= MOST_WHOLE &&
           j->valuedouble == floor(j->valuedouble);
}

static void check_whole(struct check *c, const cJSON *j) {
    if (!is_whole(j)) fault(c, j, "lesson-whole");
}

static void check_format(struct check *c, const cJSON *j) {
    if (!cJSON_IsNumber(j) || j->valuedouble != 1) fault(c, j, "lesson-format");
}

static void check_id(struct check *c, const cJSON *j) {
    if (!has_string(j) || !lesson_is_id(j->valuestring)) fault(c, j, "lesson-id");
}

static void check_name(struct check *c, const cJSON *j) {
    if (!has_string(j)) fault(c, j, "lesson-name");
}

static void check_answer(struct check *c, const cJSON *j) {
    if (cJSON_IsArray(j)) form_check(c, j, FIELD_TEXTS);
    else if (!is_whole(j)) check_text(c, j);
}

static void check_fill(struct check *c, const cJSON *j) {
    if (!cJSON_IsString(j) || !blanks_which(j->valuestring)) fault(c, j, "lesson-fill");
}

static void check_draw(struct check *c, const cJSON *j) {
    struct draw d = {0};
    if (!has_string(j) || !draw_read(j->valuestring, &d)) fault(c, j, "lesson-draw");
    draw_free(&d);
}

/* ---- steps ---- */

const struct step_kind *form_kind(const cJSON *step) {
    for (const struct step_kind *k = step_kinds; k->name; k++) {
        if (cJSON_GetObjectItemCaseSensitive(step, k->name)) return k;
    }
    return NULL;
}

static void check_fields(struct check *c, const cJSON *object,
                         const struct field *fields);

/* Is the step of one kind? */
static bool is_one(struct check *c, const cJSON *step) {
    const char *first = NULL;
    const cJSON *j;
    cJSON_ArrayForEach(j, step) {
        const struct step_kind *k = step_kinds;
        while (k->name && strcmp(j->string, k->name) != 0) k++;
        if (k->name && first) {
            faults_add_at(
                c->faults, c->doc, j,
                error_new("lesson-two-kinds", "name", k->name, "kind", first, NULL));
            return false;
        }
        if (k->name) first = k->name;
    }
    return true;
}

static void check_step(struct check *c, const cJSON *j) {
    const struct step_kind *kind = cJSON_IsObject(j) ? form_kind(j) : NULL;
    if (kind && !is_one(c, j)) return;
    if (kind) {
        check_fields(c, j, kind->fields);
        if (kind->check) kind->check(c, j);
        return;
    }
    struct buf known = {0};
    struct near n = {0};
    for (const struct step_kind *k = step_kinds; k->name; k++) {
        buf_add_listed(&known, "%s", k->name);
    }
    const cJSON *key = cJSON_IsObject(j) ? j->child : NULL;
    while (key && !find_meant(key->string, buf_text(&known), &n)) key = key->next;
    if (key) {
        char *best = mem_copy_n(n.best, n.length);
        faults_add_at(
            c->faults, c->doc, key,
            error_new("lesson-key-near", "name", key->string, "near", best, NULL));
        free(best);
    } else {
        form_fault(c, j, "lesson-kind", "", buf_text(&known));
    }
    buf_free(&known);
}

static void check_list(struct check *c, const cJSON *list, enum field_type type);

static void check_steps(struct check *c, const cJSON *j) {
    if (!cJSON_IsArray(j) || !j->child) {
        fault(c, j, "lesson-steps");
        return;
    }
    if (cJSON_GetArraySize(j) > MOST_STEPS) fault(c, j, "json-members");
    check_list(c, j, FIELD_STEP);
}

/* ---- THE TABLE ----
 * To add a type of field: its name in content.h, a row here, and its words
 * "schema.type.NAME" in text/words/lesson.json. Lint and the schema follow. */

static const struct field slip_fields[] = {
    {"name", FIELD_NAME, false},
    {"value", FIELD_EXPR, true},
    {"say", FIELD_TEXT, true},
    {"line", FIELD_LINE, false}, /* of a try: what a student types to make the slip */
    {0},
};

static const struct field lesson_fields[] = {
    {"$schema", FIELD_NAME, false}, {"format", FIELD_FORMAT, true},
    {"lesson", FIELD_WHOLE, true},  {"id", FIELD_ID, true},
    {"title", FIELD_TEXT, true},    {"minutes", FIELD_NUMBER, true},
    {"goals", FIELD_TEXTS, true},   {"setup", FIELD_LINES, true},
    {"steps", FIELD_STEPS, true},   {0},
};

// clang-format off
const struct field_kind field_kinds[FIELD_TYPES] = {
    [FIELD_TEXT] = {"text", check_text, .sided = true, .prose = true,
        .schema = JSON("type": "string", "pattern": "[^ \\t\\r\\n]")},
    [FIELD_LINE] = {"line", check_line, .sided = true,
        .schema = JSON("type": "string", "pattern": "^[^\\n]*[^ \\t\\r\\n][^\\n]*$")},
    [FIELD_EXPR] = {"expression", check_expr,
        .schema = JSON("oneOf": [{"$ref": "#/$defs/name"}, {"type": "number"}])},
    [FIELD_NUMBER] = {"number", check_number,
        .schema = JSON("type": "number", "minimum": 0)},
    [FIELD_WHOLE] = {"whole", check_whole,
        .schema = JSON("type": "integer", "minimum": 0, "maximum": MOST_WHOLE)},
    [FIELD_NAME] = {"name", check_name,
        .schema = JSON("type": "string", "pattern": "[^ \\t\\r\\n]")},
    [FIELD_ID] = {"id", check_id, .schema = JSON("type": "string",
        "pattern": "^-*[A-Za-z0-9][A-Za-z0-9-]*$")},
    [FIELD_FORMAT] = {"format", check_format, .schema = JSON("const": 1)},
    [FIELD_TEXTS] = {"texts", .items = FIELD_TEXT},
    [FIELD_LINES] = {"lines", .items = FIELD_LINE},
    [FIELD_ANSWER] = {"answer", check_answer,
        .schema = JSON("oneOf": [{"$ref": "#/$defs/whole"}, {"$ref": "#/$defs/text"},
                                 {"$ref": "#/$defs/texts"}])},
    [FIELD_WRONG] = {"replies", .values = FIELD_TEXT},
    [FIELD_SLIP] = {"slip", .fields = slip_fields},
    [FIELD_SLIPS] = {"slips", .items = FIELD_SLIP},
    [FIELD_FILL] = {"fill", check_fill,
        .schema = JSON("enum": [BLANKS_WORDS])},
    [FIELD_DRAW] = {"draw", check_draw,
        .schema = JSON("type": "string", "pattern": "^(param )?[^ =]+ *= *-?[0-9.]+\\.\\.")},
    [FIELD_DRAWS] = {"draws", .items = FIELD_DRAW},
    [FIELD_STEP] = {.name = "step", .check = check_step},
    [FIELD_STEPS] = {"steps", check_steps, .items = FIELD_STEP,
        .schema = JSON("minItems": 1, "maxItems": MOST_STEPS)},
    [FIELD_LESSON] = {"lesson", .fields = lesson_fields},
};
// clang-format on

/* ---- checking by the table ---- */

static void check_list(struct check *c, const cJSON *list, enum field_type type) {
    const cJSON *j;
    if (!cJSON_IsArray(list)) fault(c, list, "lesson-list");
    else cJSON_ArrayForEach(j, list) form_check(c, j, type);
}

static void check_values(struct check *c, const cJSON *object, enum field_type type) {
    const cJSON *j;
    if (!cJSON_IsObject(object)) fault(c, object, "lesson-object");
    else cJSON_ArrayForEach(j, object) form_check(c, j, type);
}

static const struct field *field_find(const struct field *fields, const char *name) {
    for (; fields->name; fields++) {
        if (strcmp(fields->name, name) == 0) return fields;
    }
    return NULL;
}

static void check_fields(struct check *c, const cJSON *object,
                         const struct field *fields) {
    if (!cJSON_IsObject(object)) {
        fault(c, object, "lesson-object");
        return;
    }
    struct buf known = {0}, missing = {0}, meant = {0};
    for (const struct field *f = fields; f->name; f++) {
        bool there = cJSON_GetObjectItemCaseSensitive(object, f->name);
        buf_add_listed(&known, "%s", f->name);
        if (!there) buf_add_listed(&missing, "%s", f->name);
    }
    const cJSON *j;
    cJSON_ArrayForEach(j, object) {
        const struct field *f = field_find(fields, j->string);
        if (f) form_check(c, j, f->type);
        else key_fault(c, j, buf_text(&known), buf_text(&missing), &meant);
    }
    for (const struct field *f = fields; f->name; f++) {
        if (f->needed && !cJSON_GetObjectItemCaseSensitive(object, f->name) &&
            !is_listed(buf_text(&meant), f->name))
            form_fault(c, object, "lesson-missing", f->name, "");
    }
    buf_free(&known);
    buf_free(&missing);
    buf_free(&meant);
}

void form_check(struct check *c, const cJSON *j, enum field_type type) {
    const struct field_kind *k = &field_kinds[type];
    if (k->check) k->check(c, j);
    else if (k->items) check_list(c, j, k->items);
    else if (k->values) check_values(c, j, k->values);
    else check_fields(c, j, k->fields);
}

void form_walk(const cJSON *j, enum field_type type,
               void (*visit)(void *to, const cJSON *j, enum field_type type),
               void *to) {
    const struct field_kind *k = &field_kinds[type];
    const struct field *fields = type == FIELD_STEP ? form_kind(j)->fields : k->fields;
    enum field_type all = k->items ? k->items : k->values;
    const cJSON *child;
    if (!fields && !all) {
        visit(to, j, type);
        return;
    }
    cJSON_ArrayForEach(child, j) {
        form_walk(child, fields ? field_find(fields, child->string)->type : all, visit,
                  to);
    }
}
