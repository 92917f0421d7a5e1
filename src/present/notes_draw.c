#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/units.h"
#include "base/utf8.h"
#include "lesson/json.h"
#include "present/notes_inside.h"
#include "text/number.h"

/* What stays longest where the screen is low; of two alike the upper. */
enum worth { BLANK, RULE, FURTHER, KEYS, BAR, SLIP, NEXT, REST, ANSWER, HEAD };

enum { ROWS_MOST = 200, HEADS_MOST = 3, BAR_MOST = 40, BAR_LEAST = 8 };
#define LATE 60.0 /* seconds */

struct row {
    char *text; /* owned */
    enum worth worth;
    bool note;
};

struct page {
    struct out *o;
    const cJSON *json;
    int columns;
    struct row rows[ROWS_MOST];
    int n;
};

/* ---- rows ---- */

static void add_row(struct page *p, enum worth worth, const char *text) {
    if (p->n == ROWS_MOST) return;
    struct buf b = {0};
    size_t fit = utf8_fit(text, p->columns);
    buf_add_n(&b, text, fit);
    buf_add(&b, out_ink(p->o, OUT_PLAIN));
    p->rows[p->n++] = (struct row){.text = buf_take(&b), .worth = worth};
}

static void add_rule(struct page *p) {
    struct buf b = {0};
    if (p->o->plain) return;
    buf_add(&b, out_ink(p->o, OUT_DIM));
    for (int i = 0; i < p->columns; i++) buf_add(&b, "─");
    add_row(p, RULE, buf_text(&b));
    buf_free(&b);
}

/* Each of the text's lines, made clean. */
static char *clean(const char *text) {
    struct buf b = {0};
    while (*text) {
        size_t n = strcspn(text, "\n");
        char *line = mem_copy_n(text, n);
        utf8_add_line(&b, line);
        free(line);
        text += n + (text[n] == '\n');
        if (*text) buf_add(&b, "\n");
    }
    return buf_take(&b);
}

/* Wrapped; the first rows are worth more than what follows. */
static void add_text(struct page *p, const char *text, int indent, enum worth first,
                     int n_first, enum worth rest) {
    char *tidy = clean(text), *wrapped = out_wrapped(p->o, tidy, indent);
    int i = 0;
    for (char *row = wrapped, *next; row && *row; row = next, i++) {
        next = strchr(row, '\n');
        if (next) *next++ = '\0';
        add_row(p, i < n_first ? first : rest, row);
    }
    free(wrapped);
    free(tidy);
}

/* The label stands where the text's first indent was. */
static void add_labelled(struct page *p, const char *label, int indent,
                         const char *text, enum worth first, enum worth rest) {
    int from = p->n;
    add_text(p, text, indent, first, 1, rest);
    if (from == p->n) return;
    struct buf b = {0};
    int pad = indent - 1 - utf8_width(label);
    size_t blank = strspn(p->rows[from].text, " "); /* less where the row was cut */
    if (blank > (size_t)indent) blank = (size_t)indent;
    buf_printf(&b, " %s%s%s%*s%s", out_ink(p->o, OUT_STRONG), label,
               out_ink(p->o, OUT_PLAIN), pad > 0 ? pad : 0, "",
               p->rows[from].text + blank);
    free(p->rows[from].text);
    p->rows[from].text = buf_take(&b);
}

static void add_two_sides(struct page *p, enum worth worth, const char *left,
                          const char *right) {
    struct buf b = {0};
    int room = p->columns - 2 - utf8_width(right);
    size_t fit = utf8_fit(left, room > 0 ? room : 0);
    char *start = mem_copy_n(left, fit);
    int pad = room - utf8_width(start);
    buf_printf(&b, "%s%s%*s %s", start, out_ink(p->o, OUT_PLAIN), pad > 0 ? pad : 0, "",
               right);
    add_row(p, worth, buf_text(&b));
    free(start);
    buf_free(&b);
}

/* ---- what stands in the page ---- */

static const char *text_of(const struct page *p, const char *key) {
    const char *s = json_string(p->json, key);
    return s && *s ? s : NULL;
}

static double number_of(const struct page *p, const char *key, double most) {
    double v = json_number(p->json, key, 0);
    return v > most ? most : v > 0 ? v : 0;
}

static char *words(const struct page *p, const char *key) {
    return out_sentence(p->o, key, NULL);
}

/* "typed" in words, where there are some for it. Owned. */
static char *named(const struct page *p, const char *table, const char *word) {
    struct buf key = {0}, b = {0};
    buf_printf(&key, "notes.%s.%s", table, word);
    const char *known = text_get(p->o->text, buf_text(&key));
    utf8_add_line(&b, known ? known : word);
    buf_free(&key);
    return buf_take(&b);
}

/* ---- its parts ---- */

/* "12:40 of 20:00   2 min behind": behind the lesson's even pace. */
static char *pace(const struct page *p, double now) {
    const double most = 359999;
    bool runs = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(p->json, "running"));
    double so_far = number_of(p, "elapsed", most), at = json_number(p->json, "at", now);
    double planned = number_of(p, "minutes", 6000) * 60;
    double steps = number_of(p, "steps", 1e6), step = number_of(p, "step", steps);
    if (runs && now > at) so_far = fmin(so_far + now - at, most);
    char elapsed[UNITS_SIZE], all[UNITS_SIZE], n[NUM_SIZE];
    units_time(elapsed, so_far);
    units_time(all, planned);
    struct buf b = {0};
    const struct text *t = p->o->text;
    if (planned > 0)
        text_add(t, &b, "notes.time", "elapsed", elapsed, "planned", all, NULL);
    else buf_add(&b, elapsed);
    double late = so_far - planned * (step - 1) / fmax(steps, 1);
    const char *how = late > LATE    ? "notes.behind"
                      : late < -LATE ? "notes.ahead"
                                     : "notes.on-time";
    if (!runs) how = "notes.stands";
    buf_add(&b, "   ");
    if (planned > 0 || !runs)
        text_add(t, &b, how, "n", num_format(n, floor(fabs(late) / 60), 6), NULL);
    return buf_take(&b);
}

static void add_head(struct page *p, double now) {
    time_t second = (time_t)now;
    struct tm local;
    char clock[16] = "";
    struct buf left = {0}, right = {0};
    double number = json_number(p->json, "number", -1);
    const char *title = text_of(p, "title");
    if (localtime_r(&second, &local)) strftime(clock, sizeof clock, "%H:%M:%S", &local);
    buf_printf(&left, " %s", out_ink(p->o, OUT_STRONG));
    if (number >= 0 && number < 1e6) buf_printf(&left, "%d · ", (int)number);
    utf8_add_line(&left, title ? title : "");
    char *how = pace(p, now);
    buf_printf(&right, "%s   %s", how, clock);
    int width = utf8_width(buf_text(&left)) + utf8_width(buf_text(&right)) + 3;
    if (width <= p->columns) add_two_sides(p, HEAD, buf_text(&left), buf_text(&right));
    else add_two_sides(p, HEAD, buf_text(&left), clock);
    if (width > p->columns) add_two_sides(p, KEYS, "", how);
    free(how);
    buf_free(&left);
    buf_free(&right);
}

static void add_bar(struct page *p) {
    double steps = number_of(p, "steps", 1e6), step = number_of(p, "step", steps);
    struct buf b = {0}, said = {0};
    text_add(p->o->text, &said, "notes.step", "n", NUM(p->o, step), "all",
             NUM(p->o, steps), NULL);
    int room = p->columns - 6 - utf8_width(buf_text(&said));
    if (room > BAR_MOST) room = BAR_MOST;
    int full = steps > 0 ? (int)(room * step / steps) : 0;
    buf_add(&b, " ");
    if (room >= BAR_LEAST && !p->o->plain) {
        buf_add(&b, "[");
        for (int i = 0; i < room; i++) buf_add(&b, i < full ? "█" : "░");
        buf_add(&b, "]  ");
    }
    buf_add(&b, buf_text(&said));
    if (steps > 0) add_row(p, BAR, buf_text(&b));
    buf_free(&b);
    buf_free(&said);
}

static void add_now(struct page *p) {
    const char *kind = text_of(p, "kind"), *name = text_of(p, "name"),
               *state = text_of(p, "state"), *line = text_of(p, "line"),
               *said = text_of(p, "said");
    struct buf left = {0};
    char *now = words(p, "notes.now"), *what = named(p, "kind", kind ? kind : ""),
         *how = named(p, "state", state ? state : "");
    buf_printf(&left, " %s%s%s   %s   ", out_ink(p->o, OUT_STRONG), now,
               out_ink(p->o, OUT_PLAIN), what);
    int room = p->columns - 2 - utf8_width(buf_text(&left)) - utf8_width(how);
    if (name && utf8_width(name) < room) utf8_add_line(&left, name);
    add_two_sides(p, HEAD, buf_text(&left), how);
    if (line) {
        buf_clear(&left);
        buf_printf(&left, "> %s", line);
        add_text(p, buf_text(&left), 3, HEAD, 1, FURTHER);
    }
    int from = p->n;
    if (said) add_text(p, said, 3, HEAD, 2, REST);
    if (from < p->n) {
        buf_clear(&left);
        buf_printf(&left, "%s%s", out_ink(p->o, OUT_LOSS), p->rows[from].text);
        free(p->rows[from].text);
        p->rows[from].text = buf_take(&left);
    }
    buf_free(&left);
    free(now);
    free(what);
    free(how);
}

/* Labels of the answer, the slips, what is next stand above each other. */
static const char *const labels[HEADS_MOST] = {"notes.answer", "notes.slips",
                                               "notes.next"};

static int label_width(const struct page *p) {
    int most = 0;
    for (int i = 0; i < HEADS_MOST; i++) {
        int width = utf8_width(text_get(p->o->text, labels[i]));
        if (width > most) most = width;
    }
    return most + 3;
}

static void add_answer(struct page *p) {
    const char *answer = text_of(p, "answer");
    const cJSON *slip, *slips = cJSON_GetObjectItemCaseSensitive(p->json, "slips");
    int indent = label_width(p);
    char *label = words(p, "notes.answer");
    if (answer) add_labelled(p, label, indent, answer, ANSWER, REST);
    free(label);
    label = words(p, "notes.slips");
    enum worth worth = NEXT;
    cJSON_ArrayForEach(slip, slips) {
        if (!cJSON_IsString(slip)) continue;
        add_labelled(p, worth == NEXT ? label : "", indent, slip->valuestring, worth,
                     FURTHER);
        worth = SLIP;
    }
    free(label);
}

static void add_note(struct page *p) {
    const char *keys = text_of(p, "keys"), *note = keys ? keys : text_of(p, "note");
    char *label = words(p, keys ? "notes.help" : "notes.note");
    struct buf b = {0};
    if (note) {
        buf_printf(&b, " %s%s", out_ink(p->o, OUT_STRONG), label);
        add_row(p, ANSWER, buf_text(&b));
        int from = p->n;
        add_text(p, note, 3, ANSWER, 3, REST);
        for (int i = from; i < p->n; i++) p->rows[i].note = true;
        add_row(p, BLANK, "");
        add_rule(p);
    }
    buf_free(&b);
    free(label);
}

/* "ask: Why?": its kind in words. */
static void add_next(struct page *p) {
    const cJSON *step, *next = cJSON_GetObjectItemCaseSensitive(p->json, "next");
    char *label = words(p, "notes.next");
    int indent = label_width(p);
    enum worth worth = NEXT;
    cJSON_ArrayForEach(step, next) {
        const char *text = cJSON_IsString(step) ? step->valuestring : "";
        const char *colon = strstr(text, ": ");
        char *kind = mem_copy_n(text, colon ? (size_t)(colon - text) : 0);
        char *what = named(p, "kind", kind);
        struct buf b = {0}, tidy = {0};
        int pad = indent - 1 - utf8_width(worth == NEXT ? label : "");
        buf_printf(&b, " %s%s%s%*s%s   ", out_ink(p->o, OUT_STRONG),
                   worth == NEXT ? label : "", out_ink(p->o, OUT_PLAIN), pad, "", what);
        utf8_add_line(&tidy, colon ? colon + 2 : text);
        buf_add(&b, buf_text(&tidy));
        add_row(p, worth, buf_text(&b));
        worth = FURTHER;
        free(kind);
        free(what);
        buf_free(&b);
        buf_free(&tidy);
    }
    free(label);
}

/* With its double spaces where it fits. */
static void add_foot(struct page *p, const char *foot) {
    struct buf b = {0};
    buf_add(&b, " ");
    utf8_add_line(&b, foot);
    if (utf8_width(buf_text(&b)) <= p->columns) add_row(p, KEYS, buf_text(&b));
    else add_text(p, foot, 1, KEYS, 1, FURTHER);
    buf_free(&b);
}

/* ---- all of it ---- */

static void drop_row(struct page *p, int i) {
    free(p->rows[i].text);
    p->n--;
    memmove(&p->rows[i], &p->rows[i + 1], (size_t)(p->n - i) * sizeof p->rows[0]);
}

/* A note that ends early says so. */
static void mark_cut(struct page *p) {
    int last = p->n - 1;
    while (last >= 0 && !p->rows[last].note) last--;
    if (last < 0) return;
    struct buf b = {0};
    size_t fit = utf8_fit(p->rows[last].text, p->columns - 2);
    buf_add_n(&b, p->rows[last].text, fit);
    buf_printf(&b, "%s …", out_ink(p->o, OUT_PLAIN));
    free(p->rows[last].text);
    p->rows[last].text = buf_take(&b);
}

static void fit_rows(struct page *p, int rows) {
    bool cut = false;
    while (p->n > rows) {
        int least = 0;
        for (int i = 1; i < p->n; i++)
            if (p->rows[i].worth <= p->rows[least].worth) least = i;
        cut |= p->rows[least].note;
        drop_row(p, least);
    }
    if (cut) mark_cut(p);
}

char *notes_draw(struct out *o, const cJSON *json, double now, int rows, int columns) {
    struct page *p = mem_alloc(1, sizeof *p);
    *p = (struct page){.o = o, .json = json, .columns = columns};
    add_head(p, now);
    add_bar(p);
    add_rule(p);
    add_now(p);
    add_answer(p);
    add_rule(p);
    add_note(p);
    add_next(p);
    const char *foot = text_of(p, "foot");
    add_row(p, BLANK, "");
    if (foot) add_foot(p, foot);
    fit_rows(p, rows);
    struct buf b = {0};
    for (int i = 0; i < p->n; i++) {
        buf_printf(&b, "%s%s", i ? "\n" : "", p->rows[i].text);
        free(p->rows[i].text);
    }
    free(p);
    return buf_take(&b);
}
