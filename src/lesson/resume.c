#include "lesson/resume.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "board/mark.h"
#include "lesson/build.h"
#include "lesson/load.h"
#include "lesson/play.h"
#include "lesson/progress.h"
#include "lesson/save.h"
#include "lesson/steps.h"
#include "session/files.h"
#include "session/run.h"
#include "session/weights.h"
#include "text/number.h"

static void load_records(struct lesson_play *p, const cJSON *entry) {
    const cJSON *records = cJSON_GetObjectItemCaseSensitive(entry, "records");
    for (int i = 0; i < p->lesson->n_steps; i++) {
        const char *name = p->lesson->steps[i].name;
        record_clear(&p->records[i]);
        p->records[i] = record_read(cJSON_GetObjectItemCaseSensitive(records, name));
    }
    p->seconds = json_whole(entry, "seconds", 0);
}

static int load_place(const struct lesson_play *p, const cJSON *place) {
    const char *after = json_string(place, "after");
    int at = json_whole(place, "step", 0);
    for (int i = 0; after && i < p->lesson->n_steps; i++) {
        if (strcmp(p->lesson->steps[i].name, after) != 0) continue;
        int number = p->lesson->steps[i].number + json_whole(place, "plus", 1);
        at = lesson_find_step(p->lesson, number);
    }
    return at < p->lesson->n_steps ? at : 0;
}

/* The boxes that were filled; of another edition they may be others. */
static struct fill load_boxes(const struct lesson *l, const cJSON *entry) {
    const cJSON *place = cJSON_GetObjectItemCaseSensitive(entry, "place"), *box;
    const char *edition = json_string(entry, "edition");
    struct fill fill = {0};
    if (!edition || strcmp(edition, l->edition) != 0) return fill;
    cJSON_ArrayForEach(box, cJSON_GetObjectItemCaseSensitive(place, "boxes")) {
        double i = cJSON_IsNumber(box) ? box->valuedouble : -1;
        if (i >= 0 && i < (double)FILL_BLANKS) fill.boxes |= (uint64_t)1 << (int)i;
    }
    return fill;
}

/* What was learnt is put into the board: since the step began, or before. The board as
 * it was left, to be put in place when the step has begun anew, or NULL. */
static struct error *load_weights(struct session *s, const cJSON *place,
                                  const char *since, struct board **left) {
    const char *file =
        json_string(place, "weights-file"); /* NULL: kept by an older one */
    char *base = progress_weights(desk_here(s)->lesson->id);
    char *path = base && file ? file_beside(base, file) : base;
    struct board *before = mark_take(s->board);
    struct error *e = path ? weights_read(s->board, path) : NULL;
    if (!error_is_stop(e) && !error_is_short(e)) {
        session_report(s, e);
        e = NULL;
    }
    if (!e && strcmp(since, "now") == 0) {
        *left = mark_take(s->board);
        mark_restore(s->board, before, "");
    }
    board_free(before);
    if (path != base) free(path);
    free(base);
    return e;
}

static bool is_board(const struct session *s, const char *text) {
    struct buf b = {0};
    files_write_board(&b, s->board, NULL);
    bool same = strcmp(buf_text(&b), text) == 0;
    buf_free(&b);
    return same;
}

/* A line each, so that a formula that no longer fits does not stop the rest. */
static struct error *run_board(struct session *s, const char *text) {
    struct error *e = NULL;
    while (*text && !e) {
        size_t n = strcspn(text, "\n");
        struct buf line = {0};
        buf_add_n(&line, text, n);
        e = build_line(s, buf_text(&line));
        buf_free(&line);
        text += n + (text[n] == '\n');
    }
    return e;
}

/* Plays lines from..to on the board, which then must be as `text` has it. */
static struct error *load_board(struct session *s, const cJSON *place, int from, int to,
                                const char *text) {
    struct error *e = NULL;
    const cJSON *lines = cJSON_GetObjectItemCaseSensitive(place, "lines");
    for (int i = from; i < to && !e; i++) {
        const cJSON *line = cJSON_GetArrayItem(lines, i);
        if (cJSON_IsString(line)) e = build_line(s, line->valuestring);
    }
    if (e || is_board(s, text)) return e;
    struct board *none = board_new();
    mark_restore(s->board, none, "");
    board_free(none);
    return run_board(s, text);
}

static struct error *come_back(struct session *s, const cJSON *place, int at) {
    int n = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(place, "lines"));
    const char *now = json_string(place, "board"), *began = json_string(place, "began");
    const char *weights = json_string(place, "weights");
    struct board *left = NULL;
    struct error *e;
    int first = json_whole(place, "began-lines", n);
    if (!began || first > n) first = n;
    const struct lesson *l = desk_here(s)->lesson;
    bool own = at < l->n_steps && l->steps[at].kind->prepare; /* its own numbers */
    if (now && !own) {
        desk_clear(s);
        e = load_board(s, place, 0, first, began ? began : now);
    } else { /* too large to be kept */
        e = build_board(s, at);
        if (!e && weights) e = load_weights(s, place, weights, &left);
    }
    if (!e) play_come_to(s, at);
    if (left) {
        mark_put_back(s->board, left, "");
        board_free(left);
    }
    return e || own || !began || !now ? e : load_board(s, place, first, n, now);
}

void resume_records(struct session *s) {
    const cJSON *entry = progress_of(desk_here(s)->progress, desk_here(s)->lesson->id);
    if (entry) load_records(desk_here(s), entry);
}

bool resume_load(struct session *s, struct error **e) {
    struct lesson_play *p = desk_here(s);
    const cJSON *kept = progress_of(p->progress, p->lesson->id);
    int at = kept ? load_place(p, cJSON_GetObjectItemCaseSensitive(kept, "place")) : 0;
    struct fill fill = load_boxes(p->lesson, kept);
    resume_records(s);
    if (at == 0 && !fill.boxes) return false;
    /* it may be read anew on the way; it is not written */
    cJSON *place = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(kept, "place"), 1);
    out_say(s->out, lesson_says(p->lesson, SAYS_RESUMED), "n",
            NUM(s->out, p->lesson->number), "step",
            NUM(s->out, p->lesson->steps[at].number), NULL);
    p->resuming = true;
    p->fill = fill;
    *e = come_back(s, place, at);
    p->resuming = false;
    cJSON_Delete(place);
    if (*e) desk_leave(s);
    else save_all(s);
    return true;
}
