#include "classroom/roster.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/utf8.h"
#include "classroom/cells.h"

#define ROSTER_MOST ((size_t)4 << 20)
enum { ROOM = 256 }; /* bytes that one of the file may take here */

/* ---- reading ---- */

static char separator_of(const char *text) {
    size_t line = strcspn(text, "\r\n"), best = 0;
    char separator = ',';
    for (const char *s = ",;\t"; *s; s++) {
        size_t n = 0;
        for (size_t i = 0; i < line; i++) n += text[i] == *s;
        if (n > best) best = n, separator = *s;
    }
    return separator;
}

/* What the bytes of a cell say. */
static char *said(const char *s, size_t n) {
    struct buf b = {0};
    while (n && (*s == ' ' || *s == '\t')) s++, n--;
    while (n && (s[n - 1] == ' ' || s[n - 1] == '\t')) n--;
    bool quoted = n > 1 && *s == '"' && s[n - 1] == '"';
    if (quoted) s++, n -= 2;
    for (size_t i = 0; i < n; i++) {
        buf_add_n(&b, s + i, 1);
        if (quoted && s[i] == '"') i++; /* "" is one */
    }
    char *inside = mem_copy(buf_text(&b));
    buf_free(&b);
    size_t from = strspn(inside, " \t"), end = strlen(inside);
    while (end > from && (inside[end - 1] == ' ' || inside[end - 1] == '\t')) end--;
    char *trimmed = mem_copy_n(inside + from, end - from);
    free(inside);
    return trimmed;
}

static struct roster_cell *add_cell(struct roster_row *row) {
    if (row->n == row->cap) {
        row->cap = row->cap ? 2 * row->cap : 4;
        row->cells = mem_grow(row->cells, row->cap, sizeof *row->cells);
    }
    row->cells[row->n] = (struct roster_cell){0};
    return &row->cells[row->n++];
}

/* One row from *at on, which goes behind its line's end. False: a quote stays open. */
static bool read_row(const struct roster *r, size_t *at, struct roster_row *row) {
    const char *text = r->text;
    size_t i = *at, from = i;
    bool quotes = false, quoted = false; /* it begins with one; we are between them */
    *row = (struct roster_row){0};
    for (;; i++) {
        bool end = i == r->n || (!quoted && (text[i] == '\n' || text[i] == '\r'));
        if (!end && text[i] == '"' && strspn(text + from, " \t") == i - from)
            quotes = true;
        if (!end && text[i] == '"' && quotes) quoted = !quoted;
        if (!end && (quoted || text[i] != r->separator)) continue;
        *add_cell(row) =
            (struct roster_cell){from, i, said(text + from, i - from), NULL};
        from = i + 1;
        quotes = false;
        if (end) break;
    }
    if (i < r->n && text[i] == '\r') i++;
    if (i < r->n && text[i] == '\n') i++;
    *at = i;
    return !quoted;
}

bool roster_read(char *text, size_t n, struct roster *r) {
    *r = (struct roster){.text = text, .n = n, .separator = separator_of(text)};
    size_t at = r->n >= 3 && memcmp(r->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    bool whole = true;
    while (at < r->n && whole) {
        if (r->n_rows == r->rows_cap) {
            r->rows_cap = r->rows_cap ? 2 * r->rows_cap : 256;
            r->rows = mem_grow(r->rows, r->rows_cap, sizeof *r->rows);
        }
        struct roster_row *row = &r->rows[r->n_rows++];
        whole = read_row(r, &at, row);
        if (row->n > r->widest) r->widest = row->n;
    }
    r->columns = r->n_rows ? r->rows[0].n : 0;
    return whole;
}

struct error *roster_open(const char *path, struct roster *r) {
    *r = (struct roster){0};
    char *text;
    size_t n;
    struct error *e = file_read(path, ROSTER_MOST, &text, &n);
    if (e) return e;
    if ((e = memory_left_for((double)(n * ROOM)))) {
        free(text);
        return e;
    }
    bool is_text = !memchr(text, 0, n); /* else UTF-16, or what not */
    bool fine = roster_read(text, is_text ? n : 0, r) && is_text;
    if (fine && r->n_rows > 1 && r->columns > 1) return NULL;
    roster_close(r);
    return error_new("roster-none", "file", path, NULL);
}

void roster_close(struct roster *r) {
    for (size_t i = 0; i < r->n_rows; i++) {
        for (size_t k = 0; k < r->rows[i].n; k++) {
            free(r->rows[i].cells[k].text);
            free(r->rows[i].cells[k].filled);
        }
        free(r->rows[i].cells);
    }
    free(r->rows);
    free(r->text);
    *r = (struct roster){0};
}

/* ---- who ---- */

static bool same(const char *a, const char *b, bool without_case) {
    bool mail = without_case && strchr(a, '@') && strchr(b, '@');
    return *a && (mail ? strcasecmp(a, b) : strcmp(a, b)) == 0;
}

static int compare_ids(const void *x, const void *y) {
    return strcasecmp(*(const char *const *)x, *(const char *const *)y);
}

/* Among those that differ in case alone. */
static bool is_known(const char *const *ids, size_t n, const char *text) {
    const char *const *at = bsearch(&text, ids, n, sizeof *ids, compare_ids);
    bool found = false;
    if (!at || !*text) return false;
    while (at > ids && strcasecmp(at[-1], text) == 0) at--;
    for (; at < ids + n && strcasecmp(*at, text) == 0; at++)
        found = found || same(*at, text, true);
    return found;
}

bool roster_match(struct roster *r, const char *const *ids, size_t n) {
    const char **sorted = mem_alloc(n + 1, sizeof *sorted);
    size_t most = 0;
    memcpy(sorted, ids, n * sizeof *sorted);
    if (n) qsort(sorted, n, sizeof *sorted, compare_ids);
    for (size_t k = 0; k < r->columns; k++) {
        size_t found = 0;
        for (size_t i = 1; i < r->n_rows; i++)
            if (k < r->rows[i].n)
                found += is_known(sorted, n, r->rows[i].cells[k].text);
        if (found > most) most = found, r->who = k;
    }
    free(sorted);
    return most > 0;
}

const char *roster_id(const struct roster *r, size_t row) {
    const struct roster_row *at = &r->rows[row];
    return r->who < at->n ? at->cells[r->who].text : "";
}

/* Exactly, else without case. */
int roster_row(const struct roster *r, const char *id) {
    for (int loose = 0; loose < 2; loose++)
        for (size_t i = 1; i < r->n_rows; i++)
            if (same(roster_id(r, i), id, loose)) return (int)i;
    return -1;
}

size_t roster_points_row(const struct roster *r) {
    const char *text = r->n_rows > 1 && r->rows[1].n ? r->rows[1].cells[0].text : "";
    return strcasecmp(text, "Points Possible") == 0;
}

size_t roster_next(const struct roster *r, size_t row) {
    size_t i = row ? row + 1 : 1 + roster_points_row(r);
    while (i < r->n_rows && !*roster_id(r, i)) i++;
    return i;
}

/* ---- scores ---- */

static bool in_word(const char *s) {
    return utf8_is_letter(s) || isdigit((unsigned char)*s);
}

/* Is it in there as words of their own? whole: it is all, but for (1234) behind it. */
static bool heads(const char *text, const char *head, bool whole) {
    size_t n = strlen(head);
    for (const char *at = text; *at; at++) {
        if (strncasecmp(at, head, n) != 0) continue;
        if (at > text && in_word(at - 1)) continue;
        if (in_word(at + n)) continue;
        if (!whole && strncmp(at + n, " [", 2) == 0) continue; /* [cafe]: another's */
        if (!whole) return true;
        const char *rest = at + n + strspn(at + n, " ");
        if (*rest == '(') rest += 1 + strspn(rest + 1, "0123456789");
        if (*rest == ')') rest++;
        if (at == text && !*rest) return true;
    }
    return false;
}

static size_t find_column(const struct roster *r, const char *const *words, size_t n,
                          bool whole, size_t *found) {
    size_t at = 0;
    *found = 0;
    for (size_t k = 0; k < r->columns; k++) {
        bool is = false;
        for (size_t i = 0; i < n; i++)
            is = is || heads(r->rows[0].cells[k].text, words[i], whole);
        if (is && k != r->who && !(*found)++) at = k;
    }
    return at;
}

/* In quotes where it needs them. */
static void fill_text(struct roster *r, size_t column, size_t row, const char *text) {
    struct cells c = {0};
    bool plain = !strpbrk(text, ",;\t\"\r\n");
    if (!plain) cells_text(&c, text);
    roster_fill(r, column, row, plain ? text : buf_text(&c.text));
    buf_free(&c.text);
}

size_t roster_column(struct roster *r, const char *const *words, size_t n) {
    size_t found, at = find_column(r, words, n, true, &found);
    if (found) return at;
    at = find_column(r, words, n, false, &found);
    if (found == 1) return at;
    at = r->widest + r->new_columns++;
    fill_text(r, at, 0, words[0]);
    return at;
}

void roster_fill(struct roster *r, size_t column, size_t row, const char *score) {
    struct roster_row *at = &r->rows[row];
    while (at->n <= column) *add_cell(at) = (struct roster_cell){.text = mem_copy("")};
    free(at->cells[column].filled);
    at->cells[column].filled = mem_copy(score);
}

/* Is there nothing in this line at all? It stays as it is. */
static bool is_blank(const struct roster_row *row) {
    return row->n == 1 && row->cells[0].from == row->cells[0].to;
}

/* A row that was shorter goes on with empty cells. */
void roster_write(const struct roster *r, struct buf *b) {
    size_t at = 0, columns = r->new_columns ? r->widest + r->new_columns : 0;
    for (size_t i = 0; i < r->n_rows; i++) {
        const struct roster_row *row = &r->rows[i];
        for (size_t k = 0; k < row->n; k++) {
            const struct roster_cell *cell = &row->cells[k];
            bool was = k == 0 || cell->from; /* else it is added */
            if (was) buf_add_n(b, r->text + at, cell->from - at);
            else buf_add_n(b, &r->separator, 1);
            if (cell->filled) buf_add(b, cell->filled);
            else buf_add_n(b, r->text + cell->from, cell->to - cell->from);
            if (was) at = cell->to;
        }
        for (size_t k = row->n; k < columns && !is_blank(row); k++)
            buf_add_n(b, &r->separator, 1);
        size_t next = i + 1 < r->n_rows ? r->rows[i + 1].cells[0].from : r->n;
        buf_add_n(b, r->text + at, next - at);
        at = next;
    }
}
