/* schema: the JSON Schema of lessons, from the tables that check them: form.c's of what
 * a field holds, steps.c's of the kinds of step. Its words are "schema.…" in
 * text/words/lesson.json. */
#include <string.h>

#include "lesson/form.h"
#include "lesson/lesson.h"
#include "lesson/steps.h"

/* "description": "…", of the first key there is. */
static void put_words(struct out *o, const char *within, const char *otherwise,
                      const char *name) {
    struct buf key = {0};
    buf_printf(&key, "%s.%s", within, name);
    const char *s = text_get(o->text, buf_text(&key));
    if (!s && otherwise) {
        buf_clear(&key);
        buf_printf(&key, "%s.%s", otherwise, name);
        s = text_get(o->text, buf_text(&key));
    }
    if (s) {
        buf_clear(&key);
        buf_add_json(&key, s);
        out_printf(o, "\"description\": %s, ", buf_text(&key));
    }
    buf_free(&key);
}

static void put_type(struct out *o, enum field_type type) {
    out_printf(o, "\"$ref\": \"#/$defs/%s\"", field_kinds[type].name);
}

/* An object of these fields, a line each. */
static void put_fields(struct out *o, const struct field *fields, const char *within,
                       const char *otherwise, int indent) {
    out_puts(o,
             "\"type\": \"object\", \"additionalProperties\": false, \"required\": [");
    bool first = true;
    for (const struct field *f = fields; f->name; f++) {
        if (f->needed) out_printf(o, "%s\"%s\"", first ? "" : ", ", f->name);
        first &= !f->needed;
    }
    out_puts(o, "], \"properties\": {");
    for (const struct field *f = fields; f->name; f++) {
        out_printf(o, "%s\n%*s\"%s\": {", f == fields ? "" : ",", indent, "", f->name);
        put_words(o, within, otherwise, f->name);
        put_type(o, f->type);
        out_puts(o, "}");
    }
    out_puts(o, "}");
}

/* A string, or one for each language. */
static void put_sides(struct out *o, const char *string) {
    out_printf(o, "\"oneOf\": [{%s}, {\"type\": \"object\", ", string);
    out_puts(o, "\"additionalProperties\": false, \"required\": [");
    for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++) {
        out_printf(o, "%s\"%s\"", lang ? ", " : "", text_lang_name(lang));
    }
    out_puts(o, "], \"properties\": {");
    for (enum text_lang lang = 0; lang < TEXT_LANGS; lang++) {
        out_printf(o, "%s\"%s\": {%s}", lang ? ", " : "", text_lang_name(lang), string);
    }
    out_puts(o, "}}]");
}

static void put_kinds(struct out *o) {
    out_puts(o, "\"oneOf\": [");
    for (const struct step_kind *k = step_kinds; k->name; k++) {
        out_printf(o, "%s{\"$ref\": \"#/$defs/step.%s\"}", k == step_kinds ? "" : ", ",
                   k->name);
    }
    out_puts(o, "]");
}

static void put_definition(struct out *o, enum field_type type) {
    const struct field_kind *k = &field_kinds[type];
    out_printf(o, ",\n    \"%s\": {", k->name);
    put_words(o, "schema.type", NULL, k->name);
    if (k->sided) {
        put_sides(o, k->schema);
    } else if (k->fields) {
        struct buf words = {0};
        buf_printf(&words, "schema.type.%s", k->name);
        put_fields(o, k->fields, buf_text(&words), NULL, 6);
        buf_free(&words);
    } else if (k->items || k->values) {
        out_printf(o, "\"type\": \"%s\", \"%s\": {", k->items ? "array" : "object",
                   k->items ? "items" : "additionalProperties");
        put_type(o, k->items ? k->items : k->values);
        out_printf(o, "}%s%s", k->schema ? ", " : "", k->schema ? k->schema : "");
    } else if (k->schema) {
        out_puts(o, k->schema);
    } else {
        put_kinds(o);
    }
    out_puts(o, "}");
}

void lesson_schema(struct out *o) {
    out_puts(o, "{\n  \"$schema\": \"" LESSON_SCHEMA "\",\n  ");
    put_words(o, "schema", NULL, "lesson");
    put_fields(o, field_kinds[FIELD_LESSON].fields, "schema.lesson", NULL, 4);
    out_puts(o, ",\n  \"$defs\": {");
    bool first = true;
    for (const struct step_kind *k = step_kinds; k->name; k++) {
        struct buf words = {0};
        buf_printf(&words, "schema.step.%s", k->name);
        out_printf(o, "%s\n    \"step.%s\": {", first ? "" : ",", k->name);
        put_words(o, "schema.step", NULL, k->name);
        put_fields(o, k->fields, buf_text(&words), "schema.step", 6);
        out_printf(o, "%s%s}", k->schema ? ",\n      " : "",
                   k->schema ? k->schema : "");
        buf_free(&words);
        first = false;
    }
    for (enum field_type type = FIELD_TEXT; type < FIELD_LESSON; type++) {
        put_definition(o, type);
    }
    out_puts(o, "}\n}\n");
}
