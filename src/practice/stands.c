#include "practice/stands.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "board/define.h"
#include "lesson/steps.h"

enum { MOST = 8, NUMBERS = 9 };

/* By their places on the board. */
struct stands {
    const struct board *board;
    size_t at[MOST];
    int n;
};

static void add(struct stands *x, const char *name) {
    size_t i = 0, n = board_count(x->board);
    while (i < n && strcmp(board_at(x->board, i)->name, name) != 0) i++;
    bool is = i < n && board_at(x->board, i)->def;
    for (int k = 0; k < x->n; k++) is &= x->at[k] != i;
    if (is && x->n < MOST) x->at[x->n++] = i;
}

/* Names are what is no Hangul: h는, dE/dw. */
static void add_names(struct stands *x, const char *text) {
    while (text && *text) {
        size_t n = 0;
        while (isalnum((unsigned char)text[n]) || text[n] == '_') n++;
        char *name = mem_copy_n(text, n);
        if (n) add(x, name);
        if (n > 1 && *name == 'd') add(x, name + 1);
        free(name);
        text += n ? n : 1;
    }
}

static void add_field(struct stands *x, const struct step *step, const char *field) {
    const cJSON *f = lesson_field(step, field);
    if (cJSON_IsString(f)) add_names(x, f->valuestring);
    else if (cJSON_IsObject(f)) add_names(x, json_string(f, "ko"));
}

/* What those are made of; a list that grows while it is walked. */
static void add_parts(struct stands *x) {
    for (int i = 0; i < x->n; i++) {
        const struct def *d = board_at(x->board, x->at[i])->def;
        if (d->kind != DEF_FORMULA && d->kind != DEF_FUNCTION) continue;
        for (int k = 0; k < d->expr->n; k++) {
            const struct expr_node *n = &d->expr->nodes[k];
            if (n->name && n->kind != EXPR_GATE) add(x, n->name);
            if (n->kind == EXPR_DERIVATIVE) add(x, n->wrt);
        }
    }
}

static int by_place(const void *a, const void *b) {
    const size_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* x = 2; h = w*x; f(x) = x^2 */
static void print(struct session *s, const struct slot *slot, struct buf *b) {
    const struct def *d = slot->def;
    buf_add(b, slot->name);
    if (d->kind != DEF_FORMULA && d->kind != DEF_FUNCTION) {
        define_add_value(s, b, slot->name, NUMBERS);
        return;
    }
    struct buf args = {0};
    for (int i = 0; i < d->n_args; i++) buf_add_listed(&args, "%s", d->args[i]);
    if (d->n_args) buf_printf(b, "(%s)", buf_text(&args));
    buf_add(b, " = ");
    expr_print(b, d->expr);
    buf_free(&args);
}

/* As many on a line as fit. */
static void show(struct session *s, const struct stands *x) {
    struct buf line = {0};
    for (int i = 0; i < x->n; i++) {
        struct buf one = {0};
        print(s, board_at(x->board, x->at[i]), &one);
        bool many = strchr(buf_text(&one), '\n') || strchr(buf_text(&line), '\n');
        bool fits = utf8_width(buf_text(&line)) + utf8_width(buf_text(&one)) + 4 <=
                    s->out->width;
        if (line.len && (many || !fits)) {
            out_printf(s->out, "  %s\n", buf_text(&line));
            buf_clear(&line);
        }
        buf_printf(&line, "%s%s", line.len ? "; " : "", buf_text(&one));
        buf_free(&one);
    }
    out_printf(s->out, "  %s\n", buf_text(&line));
    buf_free(&line);
}

/* A number that is asked itself is not shown. */
static void leave_out(struct stands *x, const struct step *step) {
    const cJSON *answer = lesson_field(step, "answer");
    int n = 0;
    for (int i = 0; i < x->n; i++) {
        const struct slot *slot = board_at(x->board, x->at[i]);
        bool given = slot->def->kind == DEF_VALUE || slot->def->kind == DEF_PARAM;
        bool asked =
            cJSON_IsString(answer) && strcmp(answer->valuestring, slot->name) == 0;
        if (!given || !asked) x->at[n++] = x->at[i];
    }
    x->n = n;
}

void stands_show(struct session *s, const struct step *step) {
    struct stands x = {.board = s->board};
    const char *const fields[] = {"answer", "until", "solution", step->kind->name};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        add_field(&x, step, fields[i]);
    add_parts(&x);
    leave_out(&x, step);
    if (!x.n) return;
    qsort(x.at, (size_t)x.n, sizeof *x.at, by_place);
    out_puts(s->out, out_ink(s->out, OUT_DIM));
    show(s, &x);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
}
