#include "present/notes.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "present/notes_place.h"

#define LEAST_WAIT 0.1 /* seconds between two pages that are written */
#define DRIFT 0.5      /* seconds by which a clock may be off */

struct notes {
    struct notes_place *place;
    char *text, *waits;    /* the page that is written, but for its clock; the next */
    double elapsed, shown; /* of the page that is written, and when it was */
    bool running;
    double next_elapsed; /* of the one that waits, when it came */
    double came;
    bool next_running;
};

struct error *notes_open(struct notes **out) {
    struct notes_place *place;
    struct error *e = notes_place_open(&place);
    if (e) return e;
    *out = mem_alloc(1, sizeof **out);
    (*out)->place = place;
    return NULL;
}

void notes_close(struct notes *n) {
    if (!n) return;
    notes_place_close(n->place);
    free(n->text);
    free(n->waits);
    free(n);
}

/* ---- the page ---- */

static void add_text(cJSON *to, const char *key, const char *text) {
    if (text) cJSON_AddStringToObject(to, key, text);
    else cJSON_AddNullToObject(to, key);
}

static void add_list(cJSON *to, const char *key, const char *const *texts) {
    cJSON *list = cJSON_AddArrayToObject(to, key);
    for (; *texts; texts++) cJSON_AddItemToArray(list, cJSON_CreateString(*texts));
}

/* All but the clock, with its bracket open. Owned. */
static char *print_page(const struct notes_page *p) {
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "format", NOTES_FORMAT);
    cJSON_AddNumberToObject(o, "pid", (double)getpid());
    cJSON_AddNumberToObject(o, "number", p->number);
    cJSON_AddNumberToObject(o, "step", p->step);
    cJSON_AddNumberToObject(o, "steps", p->steps);
    cJSON_AddNumberToObject(o, "hints", p->hints);
    cJSON_AddNumberToObject(o, "minutes", p->minutes);
    add_text(o, "title", p->title);
    add_text(o, "lang", p->lang);
    add_text(o, "name", p->name);
    add_text(o, "kind", p->kind);
    add_text(o, "state", p->state);
    add_text(o, "line", p->line);
    add_text(o, "note", p->note);
    add_text(o, "answer", p->answer);
    add_text(o, "said", p->said);
    add_text(o, "foot", p->foot);
    add_text(o, "keys", p->keys);
    add_list(o, "slips", p->slips);
    add_list(o, "next", p->next);
    char *printed = cJSON_PrintUnformatted(o);
    size_t len = strlen(printed);
    char *text = mem_copy_n(printed, len - 1);
    cJSON_free(printed);
    cJSON_Delete(o);
    return text;
}

static void write_page(struct notes *n) {
    struct buf b = {0};
    buf_printf(&b, "%s,\"elapsed\":%.3f,\"at\":%.3f,\"running\":%s}\n", n->text,
               n->elapsed, clock_wall(), n->running ? "true" : "false");
    notes_place_put(n->place, b.data, b.len);
    buf_free(&b);
}

/* What a clock that was set when a page came says by now. */
static double by_now(double elapsed, double since, bool running) {
    return running ? elapsed + clock_seconds() - since : elapsed;
}

void notes_show(struct notes *n, const struct notes_page *page) {
    char *text = print_page(page);
    double expected = by_now(n->elapsed, n->shown, n->running);
    bool same = n->text && !n->waits && strcmp(text, n->text) == 0 &&
                page->running == n->running && fabs(page->elapsed - expected) < DRIFT;
    if (same) {
        free(text);
        return;
    }
    free(n->waits);
    n->waits = text;
    n->next_elapsed = page->elapsed;
    n->next_running = page->running;
    n->came = clock_seconds();
    notes_due(n);
}

int notes_due(struct notes *n) {
    double wait = n->shown + LEAST_WAIT - clock_seconds();
    if (!n->waits) return -1;
    if (n->text && wait > 0) return (int)ceil(wait * 1000);
    free(n->text);
    n->text = n->waits;
    n->waits = NULL;
    n->elapsed = by_now(n->next_elapsed, n->came, n->next_running);
    n->running = n->next_running;
    n->shown = clock_seconds();
    write_page(n);
    return -1;
}

/* ---- keys ---- */

int notes_fd(const struct notes *n) { return notes_place_fd(n->place); }
int notes_key(struct notes *n) { return notes_place_key(n->place); }
bool notes_seen(const struct notes *n) { return notes_place_seen(n->place); }
