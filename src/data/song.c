/* A text as a data set: its letters, numbered in their order, in windows of so many;
 * each row's answer is the next letter. Before the first stand line ends, so that how
 * it begins is learned as well. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "base/whole.h"
#include "data/data.h"
#include "data/text_file.h"

static int by_code(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

size_t data_letter(const struct tensor *letters, uint32_t code) {
    size_t low = 0, high = letters->size;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (letters->data[middle] < (real)code) low = middle + 1;
        else high = middle;
    }
    return low < letters->size && letters->data[low] == (real)code ? low
                                                                   : letters->size;
}

bool data_are_letters(const struct tensor *t) {
    real before = 0;
    for (size_t i = 0; i < t->size; before = t->data[i++]) {
        real code = t->data[i];
        if (!(code > before && code <= 0x10FFFF && code == floor(code))) return false;
    }
    return t->shape.n == 1;
}

void data_show_letter(struct buf *to, uint32_t code) {
    if (code == '\n') buf_add(to, "⏎");
    else if (code == ' ') buf_add(to, "␣");
    else utf8_encode(to, code);
}

/* The letters' codes, composed (가, not ㄱ and ㅏ), behind `before` line ends; those at
 * the end are one. */
static uint32_t *read_codes(const struct text_file *f, size_t before, size_t *n) {
    size_t bytes = 0, len;
    uint8_t *text =
        u8_normalize(UNINORM_NFC, (const uint8_t *)f->text, f->n, NULL, &bytes);
    uint32_t *codes = mem_alloc(before + bytes + 1, sizeof *codes);
    struct buf all = {0};
    if (text) buf_add_n(&all, (const char *)text, bytes);
    free(text);
    *n = before;
    for (size_t i = 0; i < before; i++) codes[i] = '\n';
    for (const char *s = buf_text(&all); *s; s += len)
        codes[(*n)++] = utf8_decode(s, &len);
    while (*n > before && codes[*n - 1] == '\n') --*n;
    if (*n > before) codes[(*n)++] = '\n';
    buf_free(&all);
    return codes;
}

static struct tensor *find_letters(const uint32_t *codes, size_t n) {
    uint32_t *sorted = mem_alloc(n, sizeof *sorted);
    size_t k = 0;
    memcpy(sorted, codes, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_code);
    for (size_t i = 0; i < n; i++) {
        if (!k || sorted[k - 1] != sorted[i]) sorted[k++] = sorted[i];
    }
    struct tensor *letters = tensor_zeros((struct shape){1, {k}});
    for (size_t i = 0; i < k; i++) letters->data[i] = (real)sorted[i];
    free(sorted);
    return letters;
}

/* Each letter becomes its number. */
static void number_all(const struct tensor *letters, uint32_t *codes, size_t n) {
    for (size_t i = 0; i < n; i++) codes[i] = (uint32_t)data_letter(letters, codes[i]);
}

/* Rows from `from` on: w numbers, and the next. */
static struct error *cut(const uint32_t *numbers, size_t w, size_t from, size_t rows,
                         struct tensor **x, struct tensor **y) {
    struct error *e = tensor_new((struct shape){2, {rows, w}}, x);
    if (!e) e = tensor_new((struct shape){2, {rows, 1}}, y);
    for (size_t i = 0; i < rows && !e; i++) {
        const uint32_t *at = numbers + from + i;
        for (size_t k = 0; k < w; k++) (*x)->data[i * w + k] = (real)at[k];
        (*y)->data[i] = (real)at[w];
    }
    return e;
}

static void note_letters(struct dataset *d) {
    enum { SHOWN = 30 };
    struct buf b = {0};
    char n[24];
    for (size_t i = 0; i < d->letters->size && i < SHOWN; i++)
        data_show_letter(&b, (uint32_t)d->letters->data[i]);
    if (d->letters->size > SHOWN) buf_add(&b, "…");
    data_note(d, "data.letters", "n", whole_text(n, d->letters->size), "letters",
              buf_text(&b), NULL);
    buf_free(&b);
}

struct error *data_load_text(struct dataset *d, const char *path,
                             const struct data_order *how) {
    struct text_file f;
    size_t n, w = how->window;
    *d = (struct dataset){0};
    struct error *e = text_file_read(&f, how->beside, path);
    if (e) return e;
    if (f.charset)
        data_note(d, "data.charset", "file", path, "charset", f.charset, NULL);
    uint32_t *codes = read_codes(&f, w, &n);
    size_t rows = n - w, test = how->test > 0 ? data_share(rows, how->test) : 0;
    free(f.text);
    char has[24], wants[24];
    if (rows < 2) e = error_new("data-no-letters", "file", path, NULL);
    else if (rows <= w)
        e = error_new("data-window-letters", "file", path, "letters",
                      whole_text(has, rows), "window", whole_text(wants, w), NULL);
    if (!e) {
        d->letters = find_letters(codes, n);
        d->classes = d->letters->size;
        number_all(d->letters, codes, n);
        e = cut(codes, w, 0, rows - test, &d->x, &d->y);
    }
    if (!e && test) e = cut(codes, w, rows - test, test, &d->x_test, &d->y_test);
    if (!e) note_letters(d);
    free(codes);
    return e;
}
