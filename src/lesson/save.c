#include "lesson/save.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/places.h"
#include "board/mark.h"
#include "lesson/progress.h"
#include "lesson/steps.h"
#include "session/files.h"
#include "session/weights.h"

#define BOARD_MOST ((size_t)4 << 20)
#define NUMBERS_MOST ((size_t)20000)
#define WEIGHTS_MOST ((size_t)1000000)

/* Where we are, told by the question before, so that it holds when steps are put in. */
static void save_place(const struct lesson_play *p, cJSON *place) {
    int before = p->at - 1;
    while (before >= 0 && !p->lesson->steps[before].kind->answer) before--;
    cJSON_AddNumberToObject(place, "step", p->at);
    if (before < 0) return;
    cJSON_AddStringToObject(place, "after", p->lesson->steps[before].name);
    const struct lesson *l = p->lesson;
    int here = p->at < l->n_steps ? l->steps[p->at].number : l->n_shown + 1;
    cJSON_AddNumberToObject(place, "plus", here - l->steps[before].number);
}

static void save_records(const struct lesson_play *p, cJSON *entry) {
    cJSON *records = cJSON_AddObjectToObject(entry, "records");
    int questions = 0;
    for (int i = 0; i < p->lesson->n_steps; i++) {
        const struct record *r = &p->records[i];
        if (!p->lesson->steps[i].kind->answer) continue;
        questions++;
        if (!record_says(r)) continue;
        cJSON *one = cJSON_AddObjectToObject(records, p->lesson->steps[i].name);
        cJSON_AddStringToObject(one, "kind", p->lesson->steps[i].kind->name);
        record_put(r, one);
    }
    cJSON_AddNumberToObject(entry, "questions", questions);
}

static size_t count_numbers(const struct board *b, bool params_only) {
    size_t numbers = 0;
    for (size_t i = 0; i < board_count(b); i++) {
        const struct def *d = board_at(b, i)->def;
        bool counts = d && (params_only ? d->kind == DEF_PARAM : d->kind <= DEF_PARAM);
        if (counts) numbers += shape_size(&d->shape);
    }
    return numbers;
}

/* A data set or a large net is not written out at every step: it is made again, and
 * only what was learnt is kept, in a file of its own. */
static bool is_large(const struct board *b) {
    return count_numbers(b, false) > NUMBERS_MOST;
}

static bool is_learnt(const struct def *d) { return d->kind == DEF_PARAM; }

/* What fails for a moment is tried again before it is said. */
static struct error *write_patiently(const struct session *s, const char *base,
                                     char **path) {
    bool there;
    struct error *e = weights_write(base, s->board, is_learnt, path, &there);
    for (int tries = 0; e && tries < 2; tries++) {
        error_free(e);
        free(*path);
        *path = NULL;
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        e = weights_write(base, s->board, is_learnt, path, &there);
    }
    return e;
}

/* Under a name that hangs on the numbers: the file that the progress of before names
 * stays until the new one is written. Where it can't be, that is said once. */
static void save_weights(const struct session *s, cJSON *place) {
    const char *id = desk_here(s)->lesson->id;
    bool blind = progress_is_blind(desk_here(s)->progress, id);
    bool *told = &desk_here(s)->weights_told;
    char *base = blind ? NULL : progress_weights(id), *path = NULL;
    if (base && count_numbers(s->board, true) <= WEIGHTS_MOST) {
        struct error *e = write_patiently(s, base, &path);
        if (e && !*told) out_say_why(s->out, "progress.unsaved", e);
        *told = e;
        if (!e) {
            bool same = mark_same(s->board, desk_began(s));
            cJSON_AddStringToObject(place, "weights", same ? "began" : "now");
            cJSON_AddStringToObject(place, "weights-file", pair_last(path));
        }
        error_free(e);
    }
    free(base);
    free(path);
}

static void save_definitions(struct board *b, cJSON *place, const char *key) {
    struct buf text = {0};
    if (is_large(b)) return;
    files_write_board(&text, b, NULL);
    if (text.len <= BOARD_MOST) cJSON_AddStringToObject(place, key, buf_text(&text));
    buf_free(&text);
}

/* Which of a board step's are filled. */
static void save_boxes(const struct lesson_play *p, cJSON *place) {
    if (!p->fill.boxes) return;
    cJSON *boxes = cJSON_AddArrayToObject(place, "boxes");
    for (int i = 0; i < FILL_BLANKS; i++) {
        bool filled = p->fill.boxes >> i & 1;
        if (filled) cJSON_AddItemToArray(boxes, cJSON_CreateNumber(i));
    }
}

/* The board, and where it differs the board as it was when the step began. */
static void save_board(const struct session *s, cJSON *place) {
    const struct lesson_play *p = desk_here(s);
    const struct mark *mark = &p->marks[p->at];
    cJSON *lines = cJSON_AddArrayToObject(place, "lines");
    for (size_t i = 0; i < p->lines.n; i++) {
        cJSON_AddItemToArray(lines, cJSON_CreateString(p->lines.at[i]));
    }
    if (is_large(s->board)) save_weights(s, place);
    save_definitions(s->board, place, "board");
    if (mark_same(s->board, mark->board)) return;
    cJSON_AddNumberToObject(place, "began-lines", (double)mark->lines);
    save_definitions(mark->board, place, "began");
}

/* Beside all else: that time goes by is no reason to write. */
static void save_times(const struct lesson_play *p, cJSON *entry) {
    cJSON *records = cJSON_GetObjectItemCaseSensitive(entry, "records");
    double now = (double)time(NULL);
    for (int i = 0; i < p->lesson->n_steps; i++) {
        const char *name = p->lesson->steps[i].name;
        cJSON *one = cJSON_GetObjectItemCaseSensitive(records, name);
        if (one) cJSON_AddNumberToObject(one, "seconds", floor(p->records[i].seconds));
    }
    cJSON_AddNumberToObject(entry, "seconds", floor(p->seconds));
    cJSON_AddNumberToObject(entry, "began", now);
    cJSON_AddNumberToObject(entry, "when", now);
}

static void save_entry(struct session *s) {
    struct lesson_play *p = desk_here(s);
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddNumberToObject(entry, "number", p->lesson->number);
    cJSON_AddStringToObject(entry, "lang", text_lang_name(text_lang(s->out->text)));
    cJSON_AddStringToObject(entry, "edition", p->lesson->edition);
    char *file = p->lesson->own ? realpath(p->lesson->doc.path, NULL) : NULL;
    if (file) cJSON_AddStringToObject(entry, "file", file);
    free(file);
    cJSON_AddBoolToObject(entry, "done", p->at == p->lesson->n_steps);
    save_records(p, entry);
    cJSON *place = cJSON_AddObjectToObject(entry, "place");
    save_place(p, place);
    save_boxes(p, place);
    if (p->at < p->lesson->n_steps) save_board(s, place);
    char *text = cJSON_PrintUnformatted(entry);
    if (p->kept && text && strcmp(p->kept, text) == 0) { /* nothing new */
        cJSON_Delete(entry);
        cJSON_free(text);
        if (progress_in_memory(p->progress)) progress_look(p->progress, s->out);
        return;
    }
    cJSON_free(p->kept);
    p->kept = text;
    save_times(p, entry);
    progress_save(p->progress, s->out, p->lesson->id, entry);
}

/* The weights that no entry names any more go last. */
void save_all(struct session *s) {
    const struct lesson_play *p = desk_here(s);
    if (p->practice || p->resuming) return;
    if (p->host) {
        p->host->save(s);
        return;
    }
    char *base = progress_weights(p->lesson->id),
         *owner = places_state("progress.json");
    int lock = base ? file_lock(base) : -1;
    save_entry(s);
    struct pair pair = weights_pair(base);
    if (lock >= 0 && owner && !progress_in_memory(p->progress))
        pair_sweep(&pair, owner, NULL);
    file_unlock(lock);
    free(base);
    free(owner);
}
