/* What goes out: formulas as PyTorch's, whose precedence is another; and an ONNX file
 * whose messages fill each other to the byte. (tests/export_test.py runs both.) */
#include "typed.h"

#include <unistd.h>

#include "base/file.h"

static char folder[] = "/tmp/learn-export-XXXXXX";

/* Exports E into a file of that ending; what stands in it, to be freed. */
static char *exported(const char *formula, const char *ending, size_t *n) {
    struct buf line = {0}, path = {0};
    char *data;
    strcpy(folder, "/tmp/learn-export-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    buf_printf(&path, "%s/e%s", folder, ending);
    buf_printf(&line, "E = %s; export E into \"%s\"", formula, buf_text(&path));
    type("x = 2; y = 1; param w = 3, b = 0.5; v = [1, 2]");
    type(buf_text(&line));
    ck_assert_ptr_null(file_read(buf_text(&path), 1 << 20, &data, n));
    unlink(buf_text(&path));
    rmdir(folder);
    buf_free(&line);
    buf_free(&path);
    return data;
}

static const struct {
    const char *formula, *python;
} rows[] = {
    {"(w*x - y)^2", "(w * x - y) ** 2"},
    {"w - (x - y)", "w - (x - y)"},
    {"-w^2", "-w ** 2"},
    {"w/(x*y)", "w / (x * y)"},
    {"max(w, b)", "torch.maximum(w, b)"},
    {"sum(w*v)", "torch.sum(w * v)"},
    {"sigmoid(w)", "torch.sigmoid(w)"},
};

START_TEST(test_python) {
    size_t n;
    char *script = exported(rows[_i].formula, ".py", &n);
    struct buf line = {0};
    buf_printf(&line, "E = %s\n", rows[_i].python);
    ck_assert_msg(strstr(script, buf_text(&line)), "%s: no %s in\n%s", rows[_i].formula,
                  buf_text(&line), script);
    buf_free(&line);
    free(script);
}
END_TEST

static uint64_t varint(const unsigned char *b, size_t n, size_t *at) {
    uint64_t v = 0;
    for (int shift = 0; *at < n && shift < 64; shift += 7) {
        unsigned char byte = b[(*at)++];
        v |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) break;
    }
    return v;
}

/* Whether fields fill a message to its end; of the graph (field 7), its nodes (1) and
 * their attributes (5) too. */
static bool is_whole(const unsigned char *b, size_t n, const unsigned *inside) {
    size_t at = 0;
    while (at < n) {
        uint64_t key = varint(b, n, &at), field = key >> 3, length = 0;
        if (!field || at > n) return false;
        if ((key & 7) == 0) varint(b, n, &at);
        else if ((key & 7) == 5) length = 4;
        else if ((key & 7) == 2) length = varint(b, n, &at);
        else return false;
        if (length > n - at) return false;
        if (field == *inside && !is_whole(b + at, length, inside + 1)) return false;
        at += length;
    }
    return at == n;
}

static const char *const formulas[] = {
    "(w*x - y)^2", "sum(sigmoid(w*v + b)*[1, 2])",
    /* tensors and names of more than 127 bytes */
    "sum(w*[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, "
    "21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40])",
    "std(v*w) + mean(v)",
    "binary_cross_entropy(sigmoid(v*w), [0, 1])", /* its row of three operands */
};

START_TEST(test_onnx) {
    size_t n;
    char *file = exported(formulas[_i], ".onnx", &n);
    ck_assert(is_whole((unsigned char *)file, n, (unsigned[]){7, 1, 5, 0}));
    free(file);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("export");
    TCase *c = tcase_create("rows");
    tcase_add_checked_fixture(c, typed_open, typed_close);
    tcase_add_loop_test(c, test_python, 0, ROWS(rows));
    tcase_add_loop_test(c, test_onnx, 0, ROWS(formulas));
    suite_add_tcase(suite, c);
    return typed_run(suite);
}
