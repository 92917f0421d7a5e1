#include "classroom/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "classroom/roster.h"
#include "data/text_file.h"

enum { ROOM = 256 }; /* bytes that one of the file may take here */

/* What columns are headed, where there is a head. To add one: a word. */
static const char *const heads[] = {
    "name",       "student",   "student name", "full name", "first name",
    "last name",  "surname",   "이름",         "성명",      "성",
    "학생",       "학생 이름", "id",           "id number", "student id",
    "student no", "number",    "학번",         "번호"};
enum { HEADS = sizeof heads / sizeof *heads };

static bool is_head(const char *text) {
    for (int i = 0; i < HEADS; i++)
        if (strcasecmp(text, heads[i]) == 0) return true;
    return false;
}

static bool has_head(const struct roster_row *row) {
    for (size_t k = 0; k < row->n; k++)
        if (is_head(row->cells[k].text)) return true;
    return false;
}

/* head: what tells which cells; NULL: all. */
static char *label_of(const struct roster_row *row, const struct roster_row *head) {
    struct buf b = {0};
    for (size_t k = 0; k < row->n; k++) {
        const char *text = row->cells[k].text;
        bool counts = !head || (k < head->n && is_head(head->cells[k].text));
        if (counts && *text) buf_printf(&b, "%s%s", b.len ? " " : "", text);
    }
    buf_add(&b, "");
    return buf_take(&b);
}

static void take(const struct roster *r, struct names *out) {
    const struct roster_row *head = has_head(&r->rows[0]) ? &r->rows[0] : NULL;
    out->at = mem_alloc(r->n_rows, sizeof *out->at);
    for (size_t i = head != NULL; i < r->n_rows && out->n <= NAMES_MOST; i++) {
        char *label = label_of(&r->rows[i], head);
        if (*label && strcmp(label, "Points Possible") != 0) out->at[out->n++] = label;
        else free(label);
    }
}

struct error *names_read(const char *path, struct names *out) {
    struct text_file f;
    struct roster r = {0};
    *out = (struct names){0};
    struct error *e = text_file_read(&f, NULL, path);
    if (!e) e = memory_left_for((double)(f.n * ROOM));
    if (e) {
        free(f.text);
        return e;
    }
    bool whole = roster_read(f.text, f.n, &r);
    if (whole && r.n_rows) take(&r, out);
    roster_close(&r);
    char most[24];
    snprintf(most, sizeof most, "%d", NAMES_MOST);
    if (!whole) e = error_new("names-quote", "file", path, NULL);
    else if (!out->n) e = error_new("names-none", "file", path, NULL);
    else if (out->n > NAMES_MOST)
        e = error_new("names-many", "file", path, "most", most, NULL);
    if (e) names_free(out);
    return e;
}

void names_free(struct names *l) {
    for (size_t i = 0; i < l->n; i++) free(l->at[i]);
    free(l->at);
    *l = (struct names){0};
}
