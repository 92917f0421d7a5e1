#include "lesson/content.h"

#include <stdlib.h>
#include <string.h>

const cJSON *lesson_field(const struct step *s, const char *name) {
    return cJSON_GetObjectItemCaseSensitive(s->json, name);
}

const char *lesson_text(const cJSON *text, enum text_lang lang) {
    if (cJSON_IsString(text)) return text->valuestring;
    const char *said = text ? json_string(text, text_lang_name(lang)) : NULL;
    return said ? said : "";
}

bool lesson_is_id(const char *id) {
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        "0123456789";
    size_t signs = strspn(id, "-");
    while (id[signs] && strchr(letters, id[signs]))
        signs += 1 + strspn(id + signs + 1, "-");
    return !id[signs] && strpbrk(id, letters);
}

int lesson_find_step(const struct lesson *l, int number) {
    int i = 0;
    while (i < l->n_steps && l->steps[i].number < number) i++;
    return i; /* notes come after the step whose number they have */
}

void lesson_free(struct lesson *l) {
    if (!l) return;
    for (int i = 0; i < l->n_steps; i++) free(l->steps[i].name);
    free(l->steps);
    free(l->id);
    free(l->folder);
    json_close(&l->doc);
    free(l);
}
