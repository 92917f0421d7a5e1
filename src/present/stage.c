#include "present/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

#define STEP_MOST ((size_t)1 << 20) /* pictures are large */
#define ALL_MOST ((size_t)8 << 20)

/* Another screen, without a cursor, and back. */
#define AWAY "\033[?1049h\033[?25l\033[H\033[2J"
#define HOME "\033[?1049l\033[?25h"

struct scene {
    struct buf said;
    int rows, columns;
    enum text_lang lang;
    bool whole; /* nothing of it is lost */
};

struct stage {
    struct out *o;
    struct scene *scenes;
    int n, heard; /* -1: none is */
    int oldest;   /* nothing is kept before it */
    size_t bytes; /* of all */
    bool away;    /* on the other screen */
    bool tells;   /* a text of the speaker's is in the last row */
};

/* ---- what is kept ---- */

static void forget(struct stage *st, int i) {
    struct scene *scene = &st->scenes[i];
    st->bytes -= scene->said.len;
    buf_free(&scene->said);
    *scene = (struct scene){0};
}

/* The oldest goes, where it is too much. */
static void make_room(struct stage *st) {
    for (int i = st->oldest; i < st->heard && st->bytes > ALL_MOST; i++)
        forget(st, st->oldest = i);
    for (int i = st->n - 1; i > st->heard && st->bytes > ALL_MOST; i--) forget(st, i);
}

static void heard(void *self, const char *bytes, size_t n) {
    struct stage *st = self;
    if (st->heard < 0) return;
    struct scene *scene = &st->scenes[st->heard];
    scene->whole = scene->whole && scene->said.len + n <= STEP_MOST;
    if (!scene->whole) return;
    buf_add_n(&scene->said, bytes, n);
    st->bytes += n;
    make_room(st);
}

struct stage *stage_open(struct out *o, int steps) {
    struct stage *st = mem_alloc(1, sizeof *st);
    *st = (struct stage){.o = o, .n = steps, .heard = -1};
    st->scenes = mem_alloc((size_t)steps, sizeof *st->scenes);
    out_listen(o, st, heard);
    return st;
}

void stage_close(struct stage *st) {
    out_unlisten(st->o, st);
    for (int i = 0; i < st->n; i++) forget(st, i);
    free(st->scenes);
    free(st);
}

void stage_hear(struct stage *st, int i) {
    struct scene *scene = &st->scenes[i];
    forget(st, i);
    if (i < st->oldest) st->oldest = i;
    scene->whole = true;
    scene->lang = text_lang(st->o->text);
    screen_size(&scene->rows, &scene->columns);
    st->heard = i;
}

int stage_deafen(struct stage *st) {
    int was = st->heard;
    st->heard = -1;
    return was;
}

void stage_hear_on(struct stage *st, int i) { st->heard = i; }

bool stage_is_whole(const struct stage *st, int i) { return st->scenes[i].whole; }

bool stage_has_words(const struct stage *st, int i) {
    const struct scene *scene = &st->scenes[i];
    return scene->whole && scene->lang == text_lang(st->o->text);
}

bool stage_changed(const struct stage *st, int i) {
    const struct scene *scene = &st->scenes[i];
    int rows, columns;
    screen_size(&rows, &columns);
    return scene->rows != rows || scene->columns != columns;
}

bool stage_has(const struct stage *st, int from, int to) {
    bool has = true;
    for (int i = from; i <= to; i++)
        has = has && stage_has_words(st, i) && !stage_changed(st, i);
    return has;
}

size_t stage_bytes(const struct stage *st, int i) { return st->scenes[i].said.len; }

/* ---- drawing ---- */

/* Past the page, which may be waiting for a key. */
static void pass(struct stage *st, const char *bytes) {
    if (st->o->moves) out_pass(st->o, bytes, strlen(bytes));
}

static void come_home(struct stage *st) {
    if (st->away) pass(st, HOME);
    st->away = false;
}

/* Where nothing may be drawn over a page is an empty line. */
void stage_fresh(struct stage *st) {
    struct out *o = st->o;
    int was = stage_deafen(st), rows, columns;
    struct buf b = {0};
    out_fit(o);
    come_home(st);
    st->tells = false;
    screen_size(&rows, &columns);
    buf_printf(&b, "\033[%d;1H", rows ? rows : 24);
    for (int i = 0; i < rows; i++) buf_add(&b, "\n");
    buf_add(&b, "\033[H\033[J");
    pass(st, buf_text(&b));
    if (!o->moves) out_puts(o, "\n");
    out_turn(o, "", "");
    buf_free(&b);
    st->heard = was;
}

void stage_add(struct stage *st, int i) {
    pass(st, buf_text(&st->scenes[i].said));
    out_turn(st->o, "", "");
}

void stage_draw(struct stage *st, int from, int to) {
    int was = stage_deafen(st);
    come_home(st);
    st->tells = false;
    pass(st, "\033[H\033[2J");
    for (int i = from; i <= to; i++) pass(st, buf_text(&st->scenes[i].said));
    out_turn(st->o, "", "");
    st->heard = was;
}

void stage_blank(struct stage *st) {
    int was = stage_deafen(st);
    pass(st, AWAY);
    st->away = true;
    st->heard = was;
}

/* Without what colours it: on the way to the last letter of ESC [ … m. */
static char *uncoloured(const char *s) {
    struct buf b = {0};
    while (*s) {
        size_t n = s[0] == '\033' && s[1] == '[' ? 2 + strspn(s + 2, "0123456789;") : 0;
        if (n && s[n] == 'm') {
            s += n + 1;
        } else {
            buf_add_n(&b, s, 1);
            s++;
        }
    }
    return buf_take(&b);
}

void stage_zoom(struct stage *st, int i) {
    char *text = uncoloured(buf_text(&st->scenes[i].said));
    stage_blank(st);
    int was = stage_deafen(st);
    pass(st, "\033[1m");
    pass(st, text + strspn(text, "\n"));
    pass(st, "\033[0m");
    st->heard = was;
    free(text);
}

void stage_over(struct stage *st, const char *text) {
    int was = stage_deafen(st);
    pass(st, "\033[H\033[2J");
    pass(st, text);
    if (!st->o->moves) out_puts(st->o, text);
    st->heard = was;
}

void stage_status(struct stage *st, const char *text) {
    int was = stage_deafen(st), rows, columns;
    struct buf line = {0}, b = {0};
    screen_size(&rows, &columns);
    utf8_add_line(&line, text);
    size_t fit = utf8_fit(buf_text(&line), (columns ? columns : 80) - 1);
    buf_printf(&b, "\0337\033[%d;1H\033[2m%.*s\033[0m\033[K\0338", rows, (int)fit,
               buf_text(&line));
    pass(st, buf_text(&b));
    if (!st->o->moves) out_printf(st->o, "%s\n", buf_text(&line));
    st->tells = st->o->moves;
    buf_free(&line);
    buf_free(&b);
    st->heard = was;
}

bool stage_tells(const struct stage *st) { return st->tells; }
