#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/near.h"
#include "base/random.h"
#include "base/whole.h"
#include "data/idx.h"
#include "data/loaders.h"

#define FASHION "/usr/share/datasets/fashion-mnist"

/* ---- THE TABLE ---- */

#define PLANE    \
    {            \
        1, { 2 } \
    }
#define SMALL          \
    {                  \
        3, { 1, 8, 8 } \
    }
#define LARGE            \
    {                    \
        3, { 1, 28, 28 } \
    }

// clang-format off
static const struct data_row rows[] = {
    /* name, loader, rows, to test with, shape of a row, classes */
    {"or",  made_gate, 4, 0, PLANE, 2, .truth = {0, 1, 1, 1}},
    {"and", made_gate, 4, 0, PLANE, 2, .truth = {0, 0, 0, 1}},
    {"xor", made_gate, 4, 0, PLANE, 2, .truth = {0, 1, 1, 0}},
    {"circle", made_cloud, 300, 0, PLANE, 2, .point = made_circle},
    {"moons",  made_cloud, 300, 0, PLANE, 2, .point = made_moons},
    {"gauss",  made_cloud, 300, 0, PLANE, 2, .point = made_gauss},
    {"spiral", made_cloud, 300, 0, PLANE, 2, .point = made_spiral},
    {"iris",     table_load, 150, 0, {1, {4}},  3, .file = "iris.csv"},
    {"penguins", table_load, 344, 0, {1, {4}},  3, .file = "penguins.csv",
                                                   .answer = "species", .leave = "island,sex,year"},
    {"cancer",   table_load, 569, 0, {1, {30}}, 2, .file = "cancer.csv"},
    {"digits",   pictures_load, 1797, 0, SMALL, 10, .file = "digits.csv.gz", .white = 16},
    {"digits28", pictures_load, 1797, 0, LARGE, 10, .file = "digits.csv.gz", .white = 16},
    {"fashion", idx_load, 2000, 500, LARGE, 10, .white = 255, .missing = "mnist-missing",
     .file = "fashion-train", .test_file = "fashion-t10k"},
    {"fashion_mnist", idx_load, 60000, 10000, LARGE, 10, .white = 255,
     .file = FASHION "/train", .test_file = FASHION "/t10k", .missing = "fashion-missing"},
    {"mnist", idx_load, 60000, 10000, LARGE, 10, .white = 255, .missing = "mnist-missing",
     .file = "train", .test_file = "t10k"},
};
// clang-format on

const struct data_row *data_at(size_t i) {
    return i < sizeof rows / sizeof *rows ? &rows[i] : NULL;
}

/* A gate has its four rows to learn from, IDX files have a test part of their own. */
static struct error *check_share(const struct data_row *row,
                                 const struct data_order *how) {
    bool whole = row->load == made_gate && how->test > 0;
    if (!whole && !(row->test_file && how->test >= 0)) return NULL;
    return error_new(whole ? "use-whole" : "use-parted", "name", row->name, NULL);
}

struct error *data_load(struct dataset *d, const char *name,
                        const struct data_order *how) {
    struct near near = {.word = name};
    *d = (struct dataset){0};
    for (size_t i = 0; data_at(i); i++) {
        if (strcmp(rows[i].name, name) == 0) {
            d->name = rows[i].name;
            struct error *e = check_share(&rows[i], how);
            if (!e) e = rows[i].load(d, &rows[i], how);
            if (!e) data_note_shuffled(d, how);
            return e;
        }
        near_try(&near, rows[i].name);
    }
    return near_tell(&near, error_new("no-dataset", "name", name, NULL));
}

void data_close(struct dataset *d) {
    tensor_unref(d->x);
    tensor_unref(d->y);
    tensor_unref(d->x_test);
    tensor_unref(d->y_test);
    packed_unref(d->packed);
    packed_unref(d->packed_test);
    tensor_unref(d->mean);
    tensor_unref(d->deviation);
    tensor_unref(d->letters);
    for (size_t i = 0; i < d->n_notes * NOTE_VALUES; i++)
        free(d->notes[i / NOTE_VALUES].values[i % NOTE_VALUES]);
    free(d->notes);
    *d = (struct dataset){0};
}

void data_note(struct dataset *d, const char *key, ...) {
    d->notes = mem_grow(d->notes, d->n_notes + 1, sizeof *d->notes);
    struct data_note *note = &d->notes[d->n_notes++];
    *note = (struct data_note){.key = key};
    va_list args;
    va_start(args, key);
    const char *name = va_arg(args, const char *);
    for (int i = 0; name; i++, name = va_arg(args, const char *)) {
        assert(i < NOTE_VALUES);
        note->names[i] = name;
        note->values[i] = mem_copy(va_arg(args, const char *));
    }
    va_end(args);
}

/* ---- rows in another order, cut in two ---- */

static struct tensor *take_rows(const struct tensor *t, const size_t *order, size_t n) {
    struct shape s = t->shape;
    size_t row = t->size / s.dim[0];
    s.dim[0] = n;
    struct tensor *out = tensor_zeros(s);
    for (size_t i = 0; i < n; i++) {
        memcpy(out->data + i * row, t->data + order[i] * row, row * sizeof(real));
    }
    return out;
}

size_t data_share(size_t n, double share) {
    size_t test = (size_t)(share * (double)n + 0.5);
    return test < n ? test : n - 1;
}

size_t *data_shuffled(size_t n, uint64_t seed) {
    struct dice dice = dice_for(seed, "split", 0);
    size_t *order = mem_alloc(n, sizeof *order);
    dice_shuffle(&dice, order, n);
    return order;
}

void data_split(struct dataset *d, struct tensor *x, struct tensor *y, double share,
                uint64_t seed) {
    size_t n = x->shape.dim[0], test = data_share(n, share);
    if (!test) { /* then nothing is shuffled */
        d->x = x;
        d->y = y;
        return;
    }
    size_t *order = data_shuffled(n, seed);
    d->x = take_rows(x, order, n - test);
    d->y = take_rows(y, order, n - test);
    d->x_test = take_rows(x, order + n - test, test);
    d->y_test = take_rows(y, order + n - test, test);
    free(order);
    tensor_unref(x);
    tensor_unref(y);
}

void data_take(struct dataset *d, struct tensor *x, struct tensor *y,
               const struct data_order *how) {
    if (how->test > 0) {
        data_split(d, x, y, how->test, how->seed);
    } else {
        d->x = x;
        d->y = y;
    }
    if (how->scaled) data_scale(d);
    data_note_shuffled(d, how);
}

void data_note_shuffled(struct dataset *d, const struct data_order *how) {
    char seed[24], test[24];
    if (how->test <= 0 || how->window || !d->y_test) return;
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)how->seed);
    data_note(d, "data.shuffled", "seed", seed, "test",
              whole_text(test, d->y_test->shape.dim[0]), NULL);
}

size_t data_classes(const struct tensor *y, const struct tensor *test) {
    enum { MOST = 20 };
    const struct tensor *const both[] = {y, test};
    bool seen[MOST] = {0};
    size_t top = 0;
    if (!y || !y->shape.n || y->shape.dim[0] != y->size) return 0;
    for (size_t part = 0; part < 2; part++) {
        for (size_t i = 0; both[part] && i < both[part]->size; i++) {
            real v = both[part]->data[i];
            if (!(v >= 0 && v < (real)MOST && v == (real)(size_t)v)) return 0;
            seen[(size_t)v] = true;
            if ((size_t)v > top) top = (size_t)v;
        }
    }
    for (size_t k = 0; k <= top && top > 1; k++) {
        if (!seen[k]) return 0;
    }
    return top > 1 ? top + 1 : 2; /* only 0 or only 1: nobody measures that */
}

/* ---- IDX files ---- */

/* FOLDER/NAME-images-idx3-ubyte, with .gz or without, or with a dot as some unpack
 * it. */
static char *find_file(const char *start, const char *what) {
    char dotted[40];
    snprintf(dotted, sizeof dotted, "%s", what);
    *strchr(dotted, '-') = '.';
    for (int i = 0; i < 4; i++) {
        struct buf b = {0};
        buf_printf(&b, "%s-%s-ubyte%s", start, i < 2 ? what : dotted,
                   i % 2 ? ".gz" : "");
        if (access(buf_text(&b), R_OK) == 0) return buf_take(&b);
        buf_free(&b);
    }
    return NULL;
}

/* Labels become numbers; pictures stay packed. *classes: the largest label and one. */
static struct error *read_pair(const char *start, double white, struct packed **x,
                               struct tensor **y, size_t *classes) {
    char *images = find_file(start, "images-idx3"),
         *labels = find_file(start, "labels-idx1");
    struct packed *answers = NULL;
    struct error *e =
        images && labels ? NULL : error_new("idx-missing", "file", start, NULL);
    if (!e) e = idx_open(images, 3, white, x);
    if (!e) e = idx_open(labels, 1, 1, &answers);
    if (!e && (*x)->shape.dim[0] != answers->shape.dim[0]) {
        char n[24], m[24];
        snprintf(n, sizeof n, "%zu", (*x)->shape.dim[0]);
        snprintf(m, sizeof m, "%zu", answers->shape.dim[0]);
        e = error_new("idx-counts", "images", n, "labels", m, NULL);
    }
    free(images);
    free(labels);
    if (!e) {
        struct shape s = (*x)->shape;
        (*x)->shape = (struct shape){4, {s.dim[0], 1, s.dim[1], s.dim[2]}};
        *y = tensor_zeros((struct shape){2, {s.dim[0], 1}});
        packed_read(answers, 0, s.dim[0], (*y)->data);
        for (size_t i = 0; i < s.dim[0]; i++) {
            if (answers->bytes[i] >= *classes) *classes = (size_t)answers->bytes[i] + 1;
        }
    }
    packed_unref(answers);
    return e;
}

/* The program's own data folder, as a path that can be typed anywhere. */
static char *data_folder(const struct data_order *how) {
    char *path = file_at_home(how->home, "data"), *real_path = realpath(path, NULL);
    if (!real_path) return path;
    free(path);
    return real_path;
}

/* Where a set's files are: as they stand, or in the data folders, one after another. */
static char *find_start(const char *name, const struct data_order *how) {
    const char *own = getenv("LEARN_DATA");
    const char *folders[] = {own, "data", NULL, NULL};
    char *home = file_at_home(how->home, "data");
    folders[2] = home;
    char *found = NULL;
    for (int i = 0; i < 3 && !found; i++) {
        struct buf b = {0};
        if (name[0] == '/') buf_add(&b, name);
        else if (folders[i]) buf_printf(&b, "%s/%s", folders[i], name);
        char *file = b.len ? find_file(buf_text(&b), "images-idx3") : NULL;
        if (file) found = mem_copy(buf_text(&b));
        free(file);
        buf_free(&b);
    }
    free(home);
    return found;
}

struct error *idx_load(struct dataset *d, const struct data_row *row,
                       const struct data_order *how) {
    char *train = find_start(row->file, how), *test = find_start(row->test_file, how);
    struct error *e = NULL;
    if (!train || !test) {
        char *folder = data_folder(how);
        e = error_new(row->missing, "name", row->name, "folder", folder, NULL);
        free(folder);
    }
    if (!e) e = read_pair(train, row->white, &d->packed, &d->y, &d->classes);
    if (!e) e = read_pair(test, row->white, &d->packed_test, &d->y_test, &d->classes);
    free(train);
    free(test);
    if (!e) {
        char white[24];
        snprintf(white, sizeof white, "%g", row->white);
        data_note(d, "data.greys", "white", white, NULL);
    }
    return e;
}
