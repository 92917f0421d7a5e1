#include "lesson/progress.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/places.h"
#include "lesson/content.h"
#include "lesson/progress_file.h"
#include "lesson/record.h"

struct progress {
    struct progress_file file;
    cJSON *root;  /* what the file held, and ours */
    cJSON *ours;  /* {ID: entry} that are not in the file yet */
    cJSON *own;   /* {SECTION: {ID: entry}}: the same of what is no lesson's */
    cJSON *blind; /* {ID: true}: lessons begun while it could not be read */
    bool unread;  /* it is there and could not be read: it is not written over */
    bool told;    /* what failed has been said, and nothing went well since */
};

char *progress_weights(const char *id) {
    struct buf name = {0};
    if (!lesson_is_id(id)) return NULL;
    buf_printf(&name, "%s.weights", id);
    char *path = places_state(buf_text(&name));
    buf_free(&name);
    return path;
}

/* ---- what is said ---- */

/* Once, until something goes well again. e may be NULL. */
static void tell(struct progress *p, struct out *o, const char *key,
                 const struct error *e) {
    if (p->told) return;
    p->told = true;
    if (e) out_say_why(o, key, e);
    else out_say(o, key, NULL);
    bool others = p->file.left.st_ino && p->file.left.st_uid != geteuid();
    if (others) out_say(o, "progress.owner", "file", p->file.path, NULL);
}

static void tell_recovery(struct progress *p, struct out *o, const char *key) {
    if (p->told) out_say(o, key, NULL);
    p->told = false;
}

/* ---- entries ---- */

static cJSON *lessons_in(const cJSON *root) {
    return cJSON_GetObjectItemCaseSensitive(root, "lessons");
}

static cJSON *fresh(void) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "format", PROGRESS_FORMAT);
    cJSON_AddObjectToObject(root, "lessons");
    return root;
}

static void copy_item(cJSON *to, const cJSON *from, const char *key) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(from, key);
    bool there = cJSON_GetObjectItemCaseSensitive(to, key) != NULL;
    cJSON *copy = item ? cJSON_Duplicate(item, 1) : NULL;
    if (!copy) cJSON_DeleteItemFromObjectCaseSensitive(to, key);
    else if (there) cJSON_ReplaceItemInObjectCaseSensitive(to, key, copy);
    else cJSON_AddItemToObject(to, key, copy);
}

/* What another terminal knows and we don't, and what only a newer learn does, stays. */
static void keep_unknown(cJSON *to, const cJSON *was) {
    const cJSON *item;
    if (!cJSON_IsObject(was)) return;
    cJSON_ArrayForEach(item, was) {
        if (!cJSON_GetObjectItemCaseSensitive(to, item->string))
            copy_item(to, was, item->string);
    }
}

/* Of each question the better result is kept. */
static void merge_records(cJSON *records, const cJSON *was) {
    const cJSON *old;
    if (!cJSON_IsObject(was)) return;
    cJSON_ArrayForEach(old, was) {
        cJSON *mine = cJSON_GetObjectItemCaseSensitive(records, old->string);
        bool better =
            json_number(mine, "result", -1) >= json_number(old, "result", RESULT_OPEN);
        if (mine && better) keep_unknown(mine, old);
        else copy_item(records, was, old->string);
    }
}

/* The fields of an entry that are not the last one's to say. */
enum { FIRST, MORE, ONCE }; /* the earlier; the greater; true for good */
static const struct {
    const char *name;
    int which;
} shared[] = {{"began", FIRST}, {"seconds", MORE}, {"done", ONCE}};

static void merge(cJSON *entry, const cJSON *was) {
    merge_records(cJSON_GetObjectItemCaseSensitive(entry, "records"),
                  cJSON_GetObjectItemCaseSensitive(was, "records"));
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        const char *name = shared[i].name;
        const cJSON *old = cJSON_GetObjectItemCaseSensitive(was, name);
        double mine = json_number(entry, name, 0),
               theirs = json_number(was, name, mine);
        bool older = (shared[i].which == FIRST && theirs < mine) ||
                     (shared[i].which == MORE && theirs > mine) ||
                     (shared[i].which == ONCE && cJSON_IsTrue(old));
        if (older) copy_item(entry, was, name);
    }
    keep_unknown(entry, was);
}

static double step_of(const cJSON *entry) {
    return json_number(cJSON_GetObjectItemCaseSensitive(entry, "place"), "step", 0);
}

static void put(const struct progress *p, cJSON *lessons, const char *id,
                cJSON *entry) {
    const cJSON *was = cJSON_GetObjectItemCaseSensitive(lessons, id);
    merge(entry, was);
    /* where we are is ours to say, unless we began without knowing */
    bool further = step_of(was) > step_of(entry);
    if (progress_is_blind(p, id) && further) copy_item(entry, was, "place");
    cJSON_DeleteItemFromObjectCaseSensitive(lessons, id);
    cJSON_AddItemToObject(lessons, id, entry);
}

const cJSON *progress_all(const struct progress *p) { return lessons_in(p->root); }

const cJSON *progress_of(const struct progress *p, const char *id) {
    const cJSON *entry = cJSON_GetObjectItemCaseSensitive(lessons_in(p->root), id);
    return cJSON_IsObject(entry) ? entry : NULL;
}

void progress_begin(struct progress *p, const char *id) {
    cJSON_DeleteItemFromObjectCaseSensitive(p->blind, id);
    if (p->unread) cJSON_AddTrueToObject(p->blind, id);
}

bool progress_is_blind(const struct progress *p, const char *id) {
    return cJSON_GetObjectItemCaseSensitive(p->blind, id) != NULL;
}

static bool is_unwritten(const struct progress *p) {
    return p->ours->child || p->own->child;
}

bool progress_in_memory(const struct progress *p) {
    return p && (p->unread || is_unwritten(p));
}

/* ---- sections: whole entries, whose fields are not ours to compare ---- */

static void put_section(cJSON *root, const char *section, const char *id,
                        cJSON *entry) {
    cJSON *all = json_object_in(root, section);
    cJSON_DeleteItemFromObjectCaseSensitive(all, id);
    cJSON_AddItemToObject(all, id, entry);
}

const cJSON *progress_section(const struct progress *p, const char *section) {
    return cJSON_GetObjectItemCaseSensitive(p->root, section);
}

const cJSON *progress_kept(const struct progress *p, const char *section,
                           const char *id) {
    const cJSON *entry =
        cJSON_GetObjectItemCaseSensitive(progress_section(p, section), id);
    return cJSON_IsObject(entry) ? entry : NULL;
}

/* ---- the file ---- */

/* What fails for a moment (a network home, too many open files) is asked again before
 * it is said. */
static enum reading read_patiently(struct progress *p, cJSON **root,
                                   struct error **why) {
    enum reading r = progress_file_read(&p->file, root, why);
    for (int tries = 0; r == READING_FAILED && !p->told && tries < 2; tries++) {
        error_free(*why);
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        r = progress_file_read(&p->file, root, why);
    }
    return r;
}

/* Where it can't be moved it isn't written over either. */
static enum reading set_aside(struct progress *p, struct out *o) {
    char *to = progress_file_set_aside(&p->file);
    if (!to) return READING_FAILED;
    out_say(o, "progress.damaged", "file", to, NULL);
    free(to);
    return READING_NONE;
}

/* The file as it is now, with ours. False where it can't be known. */
static bool take_in(struct progress *p, struct out *o) {
    cJSON *root = NULL;
    struct error *why;
    const cJSON *mine;
    if (!p->unread && progress_file_is_left(&p->file)) return true;
    enum reading r = read_patiently(p, &root, &why);
    if (r == READING_DAMAGED) r = set_aside(p, o);
    p->unread = r == READING_FAILED;
    if (p->unread) tell(p, o, "progress.unread", why);
    error_free(why);
    if (r != READING_GOOD) return !p->unread;
    cJSON_Delete(p->root);
    p->root = root;
    cJSON_ArrayForEach(mine, p->ours) {
        put(p, lessons_in(root), mine->string, cJSON_Duplicate(mine, 1));
    }
    const cJSON *section;
    cJSON_ArrayForEach(section, p->own) {
        cJSON_ArrayForEach(mine, section) {
            put_section(root, section->string, mine->string, cJSON_Duplicate(mine, 1));
        }
    }
    return true;
}

static void write_out(struct progress *p, struct out *o) {
    char *text;
    struct error *e = json_print(p->root, &text);
    if (!e) e = file_write(p->file.path, text, strlen(text));
    progress_file_note(&p->file);
    if (e) {
        tell(p, o, "progress.unsaved", e);
    } else {
        cJSON_Delete(p->ours);
        cJSON_Delete(p->own);
        p->ours = cJSON_CreateObject();
        p->own = cJSON_CreateObject();
        tell_recovery(p, o, "progress.again");
    }
    error_free(e);
    free(text);
}

void progress_look(struct progress *p, struct out *o) {
    if (!p->file.path) {
        if (is_unwritten(p)) tell(p, o, "progress.memory", NULL);
        return;
    }
    int lock = progress_file_lock(&p->file);
    if (take_in(p, o)) {
        if (is_unwritten(p)) write_out(p, o);
        else tell_recovery(p, o, "progress.readable");
    }
    progress_file_unlock(lock);
}

void progress_save(struct progress *p, struct out *o, const char *id, cJSON *entry) {
    put(p, lessons_in(p->root), id, cJSON_Duplicate(entry, 1));
    put(p, p->ours, id, entry);
    progress_look(p, o);
}

void progress_keep(struct progress *p, struct out *o, const char *section,
                   const char *id, cJSON *entry) {
    put_section(p->root, section, id, cJSON_Duplicate(entry, 1));
    put_section(p->own, section, id, entry);
    progress_look(p, o);
}

struct progress *progress_open(struct out *o) {
    struct progress *p = mem_alloc(1, sizeof *p);
    p->file.path = places_state("progress.json");
    p->root = fresh();
    p->ours = cJSON_CreateObject();
    p->own = cJSON_CreateObject();
    p->blind = cJSON_CreateObject();
    progress_look(p, o);
    return p;
}

void progress_close(struct progress *p) {
    if (!p) return;
    cJSON_Delete(p->root);
    cJSON_Delete(p->ours);
    cJSON_Delete(p->own);
    cJSON_Delete(p->blind);
    free(p->file.path);
    free(p);
}
