#include "lesson/load.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/file.h"
#include "base/map.h"
#include "base/memory.h"
#include "lesson/naming.h"
#include "lesson/steps.h"

/* ---- the lessons there are ---- */

bool lesson_read_name(const char *path, struct lesson_name *to) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t digits = strspn(name, "0123456789");
    if (digits < 1 || digits > 4 || name[digits] != '-') return false;
    *to = (struct lesson_name){(int)strtol(name, NULL, 10), name + digits + 1, 0};
    to->n = strlen(to->id);
    if (to->n >= 5 && strcmp(to->id + to->n - 5, ".json") == 0) to->n -= 5;
    return to->n;
}

/* Is it a file of the course? */
static bool is_lesson(const char *path, struct lesson_name *to) {
    return lesson_read_name(path, to) && to->id[to->n];
}

/* The program's own folders of lessons. */
static const char *const folders[] = {
    [LESSONS_COURSE] = "lessons", [LESSONS_CHALLENGES] = "lessons/challenges"};

static char *path_of(const char *home, enum lessons which) {
    return file_at_home(home, folders[which]);
}

static DIR *open_folder(const char *home, enum lessons which) {
    char *path = path_of(home, which);
    DIR *folder = opendir(path);
    if (!folder && errno == ENOMEM) mem_none(1, sizeof(struct dirent));
    free(path);
    return folder;
}

bool lesson_is_challenge(const struct lesson *l) {
    const char *ours = folders[LESSONS_CHALLENGES];
    size_t n = strlen(ours), folder = l->folder ? strlen(l->folder) : 0;
    return folder >= n && strcmp(l->folder + folder - n, ours) == 0;
}

const char *lesson_says(const struct lesson *l, enum lesson_says what) {
    static const char *const keys[][LESSONS_FOLDERS] = {
        [SAYS_TITLE] = {"play.title", "challenge.title"},
        [SAYS_RESUMED] = {"play.resumed", "challenge.resumed"},
        [SAYS_END] = {"play.end", "challenge.end"},
        [SAYS_THEN] = {"play.then", "challenge.then"},
        [SAYS_LAST] = {"play.last", "challenge.last"},
        [SAYS_OVER] = {"play.over", "challenge.over"}};
    return keys[what][lesson_is_challenge(l) ? LESSONS_CHALLENGES : LESSONS_COURSE];
}

char *lesson_find(const char *home, int number) {
    struct buf b = {0};
    struct lesson_name name;
    for (enum lessons which = 0; which < LESSONS_FOLDERS && !b.len; which++) {
        DIR *folder = open_folder(home, which);
        const struct dirent *entry;
        while (folder && !b.len && (entry = readdir(folder))) {
            if (!is_lesson(entry->d_name, &name) || name.number != number) continue;
            buf_printf(&b, "%s/%s/%s", home ? home : ".", folders[which],
                       entry->d_name);
        }
        if (folder) closedir(folder);
    }
    return b.len ? buf_take(&b) : NULL;
}

bool lesson_is_own(const char *home, const char *path) {
    struct stat ours, its;
    char *beside = file_beside(path, "."); /* of a link: the folder it stands in */
    bool same = false, is = stat(beside, &its) == 0;
    for (enum lessons which = 0; which < LESSONS_FOLDERS && is; which++) {
        char *folder = path_of(home, which);
        same |= stat(folder, &ours) == 0 && ours.st_dev == its.st_dev &&
                ours.st_ino == its.st_ino;
        free(folder);
    }
    free(beside);
    struct lesson_name name;
    return !same || !is_lesson(path, &name);
}

static int number_in(DIR *folder, const char *id) {
    const struct dirent *entry;
    struct lesson_name name;
    int number = -1;
    while (folder && number < 0 && (entry = readdir(folder)))
        if (is_lesson(entry->d_name, &name) && strlen(id) == name.n &&
            strncmp(name.id, id, name.n) == 0)
            number = name.number;
    if (folder) closedir(folder);
    return number;
}

int lesson_number_of(const char *home, const char *id) {
    int number = -1;
    for (enum lessons which = 0; which < LESSONS_FOLDERS && number < 0; which++)
        number = number_in(open_folder(home, which), id);
    return number;
}

char *lesson_find_id(const char *home, const char *id) {
    int number = lesson_number_of(home, id);
    return number < 0 ? NULL : lesson_find(home, number);
}

int lesson_number_named(const char *home, const struct lesson *l, const char *id) {
    int number = lesson_number_of(home, id);
    if (number < 0 && l->folder) number = number_in(opendir(l->folder), id);
    return number;
}

bool lesson_is_taken(const char *home, const char *id) {
    return lesson_number_of(home, id) >= 0;
}

void lesson_set_own(const char *home, struct lesson *l) {
    l->own = lesson_is_own(home, l->doc.path);
    if (!l->own || !lesson_is_taken(home, l->id)) return;
    struct buf id = {0};
    buf_printf(&id, "own-%s", l->id);
    free(l->id);
    l->id = buf_take(&id);
}

static int by_number(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

int lesson_numbers(const char *home, enum lessons which, int *numbers, int most) {
    DIR *folder = open_folder(home, which);
    const struct dirent *entry;
    struct lesson_name name;
    int n = 0;
    while (folder && n < most && (entry = readdir(folder)))
        if (is_lesson(entry->d_name, &name)) numbers[n++] = name.number;
    if (folder) closedir(folder);
    qsort(numbers, (size_t)n, sizeof *numbers, by_number);
    return n;
}

/* ---- reading ---- */

static void check_names(struct check *c, const struct lesson *l) {
    struct map seen = {0};
    for (int i = 0; i < l->n_steps; i++) {
        if (map_get(&seen, l->steps[i].name) >= 0) {
            form_fault(c, l->steps[i].json, "lesson-same-name", l->steps[i].name, "");
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
        const struct step_kind *kind = form_kind(json);
        bool shown = kind && kind->show;
        l->n_shown += shown;
        int number = shown ? l->n_shown : l->n_steps - l->n_shown;
        if (own) buf_add(&name, own);
        else buf_printf(&name, shown ? "step-%d" : "note-%d", number);
        *step = (struct step){kind, json, buf_take(&name), l->n_shown};
    }
}

/* One that there is none of is called by its id. */
static void name_lessons(struct lesson *l, const char *home, cJSON *j) {
    cJSON *part;
    struct buf b = {0};
    const char *from = j->valuestring, *at, *end;
    for (char *id; from && (at = naming_find(from, &id, &end)); from = end) {
        int number = lesson_number_named(home, l, id);
        buf_add_n(&b, from, (size_t)(at - from));
        if (number < 0) buf_add(&b, id);
        else buf_printf(&b, "%d", number);
        free(id);
    }
    if (b.len) {
        buf_add(&b, from);
        cJSON_SetValuestring(j, buf_text(&b));
    }
    buf_free(&b);
    cJSON_ArrayForEach(part, j) name_lessons(l, home, part);
}

/* Of what was read, or e says why it was not. */
static struct error *read_lesson(const char *home, struct lesson *l, struct error *e,
                                 struct faults *all, struct lesson **out) {
    const char *path = l->doc.path;
    struct faults mine = {0};
    struct check c = {&l->doc, all ? all : &mine};
    if (e) {
        faults_add(c.faults, e);
    } else {
        const cJSON *format = cJSON_GetObjectItemCaseSensitive(l->doc.root, "format");
        if (cJSON_IsNumber(format)) form_check(&c, format, FIELD_FORMAT);
        /* of another format nothing else is known */
        if (!c.faults->n) form_check(&c, l->doc.root, FIELD_LESSON);
    }
    if (!c.faults->n) {
        l->number = json_whole(l->doc.root, "lesson", 0);
        l->id = mem_copy(json_string(l->doc.root, "id"));
        char *beside = file_beside(path, ".");
        l->folder = realpath(beside, NULL);
        free(beside);
        unsigned long crc = crc32_z(0, (const unsigned char *)l->doc.text, l->doc.n);
        snprintf(l->edition, sizeof l->edition, "%08lx", crc & 0xffffffff);
        read_steps(l);
        check_names(&c, l);
        if (!all) name_lessons(l, home, l->doc.root);
    }
    *out = c.faults->n ? NULL : l;
    if (!*out) lesson_free(l);
    e = NULL;
    if (mine.n) {
        e = mine.at[0];
        mine.at[0] = NULL; /* the caller's */
    }
    faults_free(&mine);
    return e;
}

struct error *lesson_load(const char *home, const char *path, struct faults *all,
                          struct lesson **out) {
    struct lesson *l = mem_alloc(1, sizeof *l);
    struct error *e = json_open(path, JSON_MOST, &l->doc);
    return read_lesson(home, l, e, all, out);
}

struct error *lesson_parse(const char *home, char *text, const char *called,
                           struct lesson **out) {
    struct lesson *l = mem_alloc(1, sizeof *l);
    struct error *e = json_take(text, strlen(text), called, &l->doc);
    return read_lesson(home, l, e, NULL, out);
}
