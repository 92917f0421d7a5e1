/* resume: coming back to where a lesson was left: the same step, and the same board,
 * run and all. What made the board is kept as lines and played again; the definitions
 * are kept beside them, and where the two do not agree the definitions are believed. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "lesson/mark.h"
#include "lesson/play.h"
#include "lesson/progress.h"
#include "lesson/steps.h"
#include "session/files.h"
#include "text/number.h"

#define BOARD_MOST ((size_t)4 << 20)
#define NUMBERS_MOST ((size_t)20000)
#define WEIGHTS_MOST ((size_t)1000000)

/* ---- a board made for a step ---- */

static bool only_shows(struct session *s, const char *line) {
    struct program *p;
    struct error *e = session_parse(s, line, &p);
    bool only = !e;
    for (int i = 0; !e && i < p->n && only; i++) {
        const struct stmt *st = &p->stmts[i];
        only = st->kind == STMT_ITEMS ||
               (st->kind == STMT_COMMAND && !(st->command->flags & COMMAND_CHANGES) &&
                strcmp(st->command->name, "undo") != 0 &&
                strcmp(st->command->name, "redo") != 0);
    }
    if (!e) program_free(p);
    error_free(e);
    return only;
}

static void play_silently(struct session *s, const char *line) {
    if (!*line || only_shows(s, line)) return;
    error_free(play_run_silently(s, line));
}

static void play_step_silently(struct session *s, const struct step *step) {
    struct buf line = {0};
    if (strcmp(step->kind->name, "run") == 0) {
        buf_add(&line, play_text(s, lesson_field(step, "run")));
    } else if (step->kind->settled) {
        error_free(step->kind->solution(s, step, &line));
    }
    play_silently(s, buf_text(&line));
    buf_free(&line);
}

/* An empty board in the place of the lesson's, which the line may still be using. */
static void begin_afresh(struct session *s) {
    struct lesson_play *p = play_here(s);
    p->behind = mem_grow(p->behind, p->n_behind + 1, sizeof *p->behind);
    p->behind[p->n_behind++] = s->board;
    s->board = board_new();
    lines_cut(&p->lines, 0);
}

void resume_build(struct session *s, int i) {
    const struct lesson *l = play_here(s)->lesson;
    const cJSON *line;
    begin_afresh(s);
    cJSON_ArrayForEach(line, cJSON_GetObjectItemCaseSensitive(l->doc.root, "setup")) {
        play_silently(s, play_text(s, line));
    }
    for (int k = 0; k < i && k < l->n_steps; k++) play_step_silently(s, &l->steps[k]);
}

/* ---- saving ---- */

/* Where we are, told by the question before, so that it holds when steps are put in. */
static void save_place(const struct lesson_play *p, cJSON *entry) {
    int before = p->at - 1;
    while (before >= 0 && !p->lesson->steps[before].kind->asks) before--;
    cJSON_AddNumberToObject(entry, "step", p->at);
    if (before < 0) return;
    cJSON_AddStringToObject(entry, "after", p->lesson->steps[before].name);
    cJSON_AddNumberToObject(entry, "plus", p->at - before);
}

static void save_records(const struct lesson_play *p, cJSON *entry) {
    cJSON *records = cJSON_AddObjectToObject(entry, "records");
    int questions = 0;
    for (int i = 0; i < p->lesson->n_steps; i++) {
        const struct record *r = &p->records[i];
        if (!p->lesson->steps[i].kind->asks) continue;
        questions++;
        if (r->result == RESULT_OPEN && !r->hints && !r->misses) continue;
        cJSON *one = cJSON_AddObjectToObject(records, p->lesson->steps[i].name);
        cJSON_AddNumberToObject(one, "result", r->result);
        cJSON_AddNumberToObject(one, "hints", r->hints);
        cJSON_AddNumberToObject(one, "misses", r->misses);
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

static void save_weights(const struct session *s, cJSON *entry) {
    struct buf weights = {0};
    char *path = progress_weights(play_here(s)->lesson->id);
    if (path && count_numbers(s->board, true) <= WEIGHTS_MOST) {
        files_write_weights(&weights, s->board);
        struct error *e = file_write(path, buf_text(&weights), weights.len);
        if (!e) {
            bool same = mark_same(s->board, play_began(s));
            cJSON_AddStringToObject(entry, "weights", same ? "began" : "now");
        }
        error_free(e);
    }
    buf_free(&weights);
    free(path);
}

/* What was learnt is put into the board: since the step began, or before. The board as
 * it was left, to be put in place when the step has begun anew, or NULL. */
static struct board *load_weights(struct session *s, const char *since) {
    char *path = progress_weights(play_here(s)->lesson->id);
    struct board *before = mark_take(s->board), *left = NULL;
    if (path) error_free(files_read_weights(s->board, path));
    if (strcmp(since, "now") == 0) {
        left = mark_take(s->board);
        mark_restore(s->board, before, "");
    }
    board_free(before);
    free(path);
    return left;
}

static void save_definitions(struct board *b, cJSON *entry, const char *key) {
    struct buf text = {0};
    if (is_large(b)) return;
    files_write_board(&text, b, NULL);
    if (text.len <= BOARD_MOST) cJSON_AddStringToObject(entry, key, buf_text(&text));
    buf_free(&text);
}

/* The board, and where it differs the board as it was when the step began. */
static void save_board(const struct session *s, cJSON *entry) {
    const struct lesson_play *p = play_here(s);
    const struct mark *mark = &p->marks[p->at];
    cJSON *lines = cJSON_AddArrayToObject(entry, "lines");
    for (size_t i = 0; i < p->lines.n; i++) {
        cJSON_AddItemToArray(lines, cJSON_CreateString(p->lines.at[i]));
    }
    if (is_large(s->board)) save_weights(s, entry);
    save_definitions(s->board, entry, "board");
    if (mark_same(s->board, mark->board)) return;
    cJSON_AddNumberToObject(entry, "began-lines", (double)mark->lines);
    save_definitions(mark->board, entry, "began");
}

void resume_save(struct session *s) {
    struct lesson_play *p = play_here(s);
    if (p->practice) return;
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddNumberToObject(entry, "number", p->lesson->number);
    cJSON_AddNumberToObject(entry, "when", (double)time(NULL));
    cJSON_AddBoolToObject(entry, "done", p->at == p->lesson->n_steps);
    save_place(p, entry);
    save_records(p, entry);
    if (p->at < p->lesson->n_steps) save_board(s, entry);
    progress_save(p->progress, s->out, p->lesson->id, entry);
}

/* ---- coming back ---- */

static void load_records(struct lesson_play *p, const cJSON *entry) {
    const cJSON *records = cJSON_GetObjectItemCaseSensitive(entry, "records");
    for (int i = 0; i < p->lesson->n_steps; i++) {
        const cJSON *one =
            cJSON_GetObjectItemCaseSensitive(records, p->lesson->steps[i].name);
        int result = json_whole(one, "result", RESULT_OPEN);
        p->records[i] = (struct record){
            .result = result < RESULTS ? (enum result)result : RESULT_OPEN,
            .hints = json_whole(one, "hints", 0),
            .misses = json_whole(one, "misses", 0),
        };
    }
}

static int load_place(const struct lesson_play *p, const cJSON *entry) {
    const char *after = json_string(entry, "after");
    int at = json_whole(entry, "step", 0);
    for (int i = 0; after && i < p->lesson->n_steps; i++) {
        if (strcmp(p->lesson->steps[i].name, after) != 0) continue;
        at = i + json_whole(entry, "plus", 1);
    }
    return at < p->lesson->n_steps ? at : 0;
}

static bool is_board(const struct session *s, const char *text) {
    struct buf b = {0};
    files_write_board(&b, s->board, NULL);
    bool same = strcmp(buf_text(&b), text) == 0;
    buf_free(&b);
    return same;
}

/* A line each, so that a formula that no longer fits does not stop the rest. */
static void run_board(struct session *s, const char *text) {
    while (*text) {
        size_t n = strcspn(text, "\n");
        struct buf line = {0};
        buf_add_n(&line, text, n);
        error_free(play_run_silently(s, buf_text(&line)));
        buf_free(&line);
        text += n + (text[n] == '\n');
    }
}

/* Plays lines from..to on the board, which then must be as `text` has it. */
static void load_board(struct session *s, const cJSON *entry, int from, int to,
                       const char *text) {
    const cJSON *lines = cJSON_GetObjectItemCaseSensitive(entry, "lines");
    for (int i = from; i < to; i++) {
        const cJSON *line = cJSON_GetArrayItem(lines, i);
        if (cJSON_IsString(line)) error_free(play_run_silently(s, line->valuestring));
    }
    if (is_board(s, text)) return;
    struct board *none = board_new();
    mark_restore(s->board, none, "");
    board_free(none);
    run_board(s, text);
}

static void come_back(struct session *s, const cJSON *entry, int at) {
    int n = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(entry, "lines"));
    const char *now = json_string(entry, "board"), *began = json_string(entry, "began");
    const char *weights = json_string(entry, "weights");
    struct board *left = NULL;
    int first = json_whole(entry, "began-lines", n);
    if (!began || first > n) first = n;
    if (now) {
        begin_afresh(s);
        load_board(s, entry, 0, first, began ? began : now);
    } else { /* too large to be kept */
        resume_build(s, at);
        if (weights) left = load_weights(s, weights);
    }
    play_from(s, at);
    if (left) {
        mark_put_back(s->board, left, "");
        resume_save(s);
        board_free(left);
    }
    if (!began || !now) return;
    load_board(s, entry, first, n, now);
    resume_save(s);
}

void resume_records(struct session *s) {
    const cJSON *entry = progress_of(play_here(s)->progress, play_here(s)->lesson->id);
    if (entry) load_records(play_here(s), entry);
}

bool resume_load(struct session *s) {
    struct lesson_play *p = play_here(s);
    const cJSON *kept = progress_of(p->progress, p->lesson->id);
    int at = kept ? load_place(p, kept) : 0;
    resume_records(s);
    if (at == 0) return false;
    cJSON *entry = cJSON_Duplicate(kept, 1); /* saving on the way replaces it */
    out_say(s->out, "play.resumed", "n", NUM(s->out, p->lesson->number), "step",
            NUM(s->out, at + 1), NULL);
    come_back(s, entry, at);
    cJSON_Delete(entry);
    return true;
}
