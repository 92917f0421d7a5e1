/* Data: tables as people write them, IDX files that lie, made sets that repeat. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "data/cell.h"
#include "data/csv.h"
#include "data/data.h"
#include "data/idx.h"

/* ---- tables ---- */

static const struct {
    const char *text;
    size_t rows, columns;
    const char *name, *last; /* first column's name (NULL: no header), last cell */
    const char *error;
} tables[] = {
    {"1,2\n3,4\n", 2, 2, NULL, "4", NULL},
    {"1,2\n3,4", 2, 2, NULL, "4", NULL},
    {"hours,mark\n1,50\n2,60\n", 2, 2, "hours", "60", NULL},
    {"hours;mark\n1;50\n", 1, 2, "hours", "50", NULL},
    {"a\tb\n1\t2\n", 1, 2, "a", "2", NULL},
    {"1,\"two, or 2\"\n", 1, 2, NULL, "two, or 2", NULL},
    {"1,\"say \"\"hi\"\"\"\n", 1, 2, NULL, "say \"hi\"", NULL},
    {"\n\n1,2\n\n3,4\n\n", 2, 2, NULL, "4", NULL},
    {" 1 , 2 \n", 1, 2, NULL, "2", NULL},
    {"이름,점수\n가,1\n", 1, 2, "이름", "1", NULL},
    {"name,kind\nann,x\nbob,y\n", 2, 2, "name", "y", NULL},
    {"a,b\n1,\"two\nlines\"\n3,4\n", 2, 2, "a", "4", NULL},
    {"1,\"2\n3,4\n", 0, 0, NULL, NULL, "data-quote"},
    {"1\n2\n", 2, 1, NULL, "2", NULL},
    /* what parts the cells is looked for outside quotes, and by what comes of it */
    {"a;b\n1,5;2\n2,5;3\n", 2, 2, "a", "3", NULL},
    {"1,5;2,5\n3,5;4,5\n", 2, 2, NULL, "4,5", NULL},
    {"\"a;b\",\"c;d;e\",y\n1,2,3\n", 1, 3, "a;b", "3", NULL},
    {"a|b\n1|2\n", 1, 2, "a", "2", NULL},
    {" 1.5  2   3\n 4.5  5   6 \n", 2, 3, NULL, "6", NULL},
    {"18. 8\t\"a car\"\n15. 8\t\"b car\"\n", 2, 3, NULL, "b car", NULL},
    {"1,\t2\n3,\t4\n", 2, 2, NULL, "4", NULL},
    {"1, 2, 3\n4, 5, 6\n", 2, 3, NULL, "6", NULL},
    {"a\tb c\nx y\t1\n", 1, 2, "a", "1", NULL},
    {"sep=;\na;b\n1;2\n", 1, 2, "a", "2", NULL},
    {"1\t\t3\n4\t5\t6\n", 2, 3, NULL, "6", NULL},
    /* lines of remarks, and numpy's, which names the columns */
    {"# made by Kim\na,b\n1,2\n# and so on\n3,4\n", 2, 2, "a", "4", NULL},
    {"# a,b\n1,2\n", 1, 2, "a", "2", NULL},
    {"#,b\n1,2\n", 1, 2, "#", "2", NULL},
    {"#N/A,2\n3,4\n", 2, 2, NULL, "4", NULL},
    /* a line of names, or none */
    {"red,s,no\nblue,m,yes\nred,m,yes\nblue,s,no\n", 4, 3, NULL, "no", NULL},
    {"a,b\n?,x\n2,y\n", 2, 2, "a", "y", NULL},
    {"price\n\"2,590\"\n", 1, 1, "price", "2,590", NULL},
    {"d,v\n2020-01-01,$5\n", 1, 2, "d", "$5", NULL},
    {"", 0, 0, NULL, NULL, "data-empty"},
    {"\n\n", 0, 0, NULL, NULL, "data-empty"},
};

START_TEST(test_table) {
    struct csv t;
    struct error *e = csv_read(&t, tables[_i].text, "t.csv");
    size_t rows = 0;
    struct cell c = {0};
    if (!e) {
        struct csv_walk w = csv_rows(&t);
        for (; csv_row(&w); rows++) {
            size_t cells = 0;
            while (csv_cell(&w, &c)) cells++;
            if (!w.open) ck_assert_uint_eq(cells, t.columns);
        }
        if (w.open) e = error_new("data-quote", NULL);
    }
    if (tables[_i].error) {
        ck_assert_ptr_nonnull(e);
        ck_assert_str_eq(e->key, tables[_i].error);
    } else {
        ck_assert_ptr_null(e);
        ck_assert_uint_eq(rows, tables[_i].rows);
        ck_assert_uint_eq(t.columns, tables[_i].columns);
        char *last = cell_text(c);
        ck_assert_str_eq(last, tables[_i].last);
        free(last);
        ck_assert(!t.names == !tables[_i].name);
        if (t.names) ck_assert_str_eq(t.names[0], tables[_i].name);
    }
    error_free(e);
    csv_close(&t);
}
END_TEST

/* What is taken as digits at once, the cell between two commas and as the last one. */
static const struct {
    const char *cell;
    bool digits;
    int64_t mantissa;
    int places;
} digits[] = {
    {"0", true, 0, 0},
    {"7", true, 7, 0},
    {"255", true, 255, 0},
    {"007", true, 7, 0},
    {"-3", true, -3, 0},
    {"-0", false, 0, 0},
    {"1234567", true, 1234567, 0},
    {"12345678", true, 12345678, 0},
    {"123456789012345", true, 123456789012345, 0},
    {"1234567890123456", false, 0, 0},
    {"1.5", true, 15, 1},
    {"-0.25", true, -25, 2},
    {".5", true, 5, 1},
    {"5.", true, 5, 0},
    {".", false, 0, 0},
    {"1.2345678", true, 12345678, 7},
    {"1234567.7654321", true, 12345677654321, 7},
    {"1.2.3", false, 0, 0},
    {"1e3", false, 0, 0},
    {"1/2", false, 0, 0},
    {"1:2", false, 0, 0},
    {"3 ", false, 0, 0},
    {"가", false, 0, 0},
    {"", false, 0, 0},
};

START_TEST(test_digits) {
    struct buf b = {0};
    struct csv t;
    buf_printf(&b, "1,%s,2,%s", digits[_i].cell, digits[_i].cell);
    ck_assert_ptr_null(csv_read(&t, buf_text(&b), "t.csv"));
    struct csv_walk w = csv_rows(&t);
    struct cell c;
    ck_assert(csv_row(&w));
    for (int side = 0; side < 2; side++) {
        int64_t mantissa = 0;
        int places = 0;
        ck_assert(csv_cell(&w, &c));
        ck_assert_int_eq(csv_digits(&w, &mantissa, &places), digits[_i].digits);
        if (digits[_i].digits) {
            ck_assert_int_eq(mantissa, digits[_i].mantissa);
            ck_assert_int_eq(places, digits[_i].places);
        } else { /* it is still to be taken */
            ck_assert(csv_cell(&w, &c));
            char *text = cell_text(c);
            ck_assert_int_eq(strncmp(text, digits[_i].cell, strlen(text)), 0);
            free(text);
        }
    }
    ck_assert(!csv_cell(&w, &c));
    csv_close(&t);
    buf_free(&b);
}
END_TEST

/* What a cell is: a number, a gap, or a text. */
enum { NUMBER, GAP, TEXT };

static const struct {
    const char *cell;
    int is;
    double value;
} cells[] = {
    {"3", NUMBER, 3},
    {"-2.5", NUMBER, -2.5},
    {"+7", NUMBER, 7},
    {".5", NUMBER, 0.5},
    {"5.", NUMBER, 5},
    {"1e-3", NUMBER, 1e-3},
    {"-1.5E+2", NUMBER, -150},
    {"007", NUMBER, 7},
    {" 4 ", NUMBER, 4},
    {"", GAP, 0},
    {"-", GAP, 0},
    {"?", GAP, 0},
    {"NA", GAP, 0},
    {"na", GAP, 0},
    {"N/A", GAP, 0},
    {"n/a", GAP, 0},
    {"#N/A", GAP, 0},
    {"NaN", GAP, 0},
    {"nan", GAP, 0},
    {"NAN", GAP, 0},
    {"NULL", GAP, 0},
    {"null", GAP, 0},
    {"0x10", TEXT, 0},
    {"0x1p3", TEXT, 0},
    {"inf", TEXT, 0},
    {"-inf", TEXT, 0},
    {"Infinity", TEXT, 0},
    {"nan(1)", TEXT, 0},
    {"-nan", TEXT, 0},
    {"1e999", TEXT, 0},
    {"--", TEXT, 0},
    {"+", TEXT, 0},
    {".", TEXT, 0},
    {"e5", TEXT, 0},
    {"1e", TEXT, 0},
    {"1-2", TEXT, 0},
    {"1 2", TEXT, 0},
    {"1,5", TEXT, 0},
    {"51,360,454", NUMBER, 51360454},
    {"-1,234.5", NUMBER, -1234.5},
    {"1,234,5", TEXT, 0},
    {"1234,567", TEXT, 0},
    {"1 234 567", NUMBER, 1234567},
    {"1'234", NUMBER, 1234},
    {"$200", NUMBER, 200},
    {"-$200", NUMBER, -200},
    {"$ -200.50", NUMBER, -200.5},
    {"\u20A92,590", NUMBER, 2590},
    {"2,590원", NUMBER, 2590},
    {"12 \u20AC", NUMBER, 12},
    {"$", TEXT, 0},
    {"$1$", TEXT, 0},
    {"(1,234)", NUMBER, -1234},
    {"(1)", NUMBER, -1},
    {"$(1,234)", NUMBER, -1234},
    {"(-1)", TEXT, 0},
    {"(1", TEXT, 0},
    {"300-", NUMBER, -300},
    {"-300-", TEXT, 0},
    {"0,500", TEXT, 0},
    {"12%", NUMBER, 12},
    {"12.5 %", NUMBER, 12.5},
    {"%", TEXT, 0},
    {"12%%", TEXT, 0},
    {"\u22125", NUMBER, -5},
    {"--5", TEXT, 0},
    {"+-5", TEXT, 0},
    {"#DIV/0!", GAP, 0},
    {"<NA>", GAP, 0},
    {"2020-01-01", TEXT, 0},
    {"10:30", TEXT, 0},
    {"1.2.3", TEXT, 0},
    {"2kg", TEXT, 0},
    {"none", TEXT, 0},
    {"nation", TEXT, 0},
    {"가", TEXT, 0},
};

START_TEST(test_cell) {
    double v;
    unsigned signs = 0;
    struct cell c = {cells[_i].cell, strlen(cells[_i].cell), false};
    bool number = cell_number(c, '.', &v, &signs), gap = cell_gap(c);
    ck_assert_msg(number == (cells[_i].is == NUMBER), "number: %s", cells[_i].cell);
    ck_assert_msg(gap == (cells[_i].is == GAP), "gap: %s", cells[_i].cell);
    if (number) ck_assert_double_eq(v, cells[_i].value);
}
END_TEST

static const char *temporary(const char *bytes, size_t n) {
    static char path[64];
    snprintf(path, sizeof path, "/tmp/learn-data-%d", (int)getpid());
    FILE *f = fopen(path, "wb");
    fwrite(bytes, 1, n, f);
    fclose(f);
    return path;
}

/* What a file's bytes are read as, and its columns' names. */
static const struct {
    const char *bytes;
    size_t n;
    const char *charset, *first, *last;
} letters[] = {
    {"\xC0\xCC\xB8\xA7,\xC1\xA1\xBC\xF6\n1,2\n", 14, "CP949", "이름", "점수"},
    {"\xFF\xFE"
     "a\0,\0b\0\n\0"
     "1\0,\0"
     "2\0\n\0",
     18, "UTF-16", "a", "b"},
    {"\xFE\xFF"
     "\0a\0,\0b\0\n"
     "\0"
     "1\0,\0"
     "2\0\n",
     18, "UTF-16", "a", "b"},
    {"a\0,\0b\0\n\0"
     "1\0,\0"
     "2\0\n\0",
     16, "UTF-16", "a", "b"},
    /* 가,b and 1,2: the zero of 가 stands in its first byte */
    {"\0\xAC,\0b\0\n\0"
     "1\0,\0"
     "2\0\n\0",
     16, "UTF-16", "가", "b"},
    {"\xAC\0\0,\0b\0\n"
     "\0"
     "1\0,\0"
     "2\0\n",
     16, "UTF-16", "가", "b"},
    {"caf\xE9,b\n1,2\n", 11, "Latin-1", "café", "b"},
    {"\xC1ngel,M\xFCller\n1,2\n", 17, "Latin-1", "Ángel", "Müller"},
    {"\xEF\xBB\xBF"
     "a,b\n1,2\n",
     11, NULL, "a", "b"},
    {"\xEF\xBB\xBFhours;mark\r\n1;50\r\n", 21, NULL, "hours", "mark"},
    {"a,b\r1,2\r3,4\r", 12, NULL, "a", "b"},
    {"a,b\r\n1,2\r\n", 10, NULL, "a", "b"},
    {"a,b\r\r1,2\r\r\r3,4", 14, NULL, "a", "b"},
};

START_TEST(test_letters) {
    struct csv t;
    const char *path = temporary(letters[_i].bytes, letters[_i].n);
    ck_assert_ptr_null(csv_open(&t, path));
    ck_assert_pstr_eq(t.charset, letters[_i].charset);
    ck_assert_str_eq(t.names[0], letters[_i].first);
    ck_assert_str_eq(t.names[1], letters[_i].last);
    csv_close(&t);
    unlink(path);
}
END_TEST

/* Refused as what they are, and nothing of them kept. */
static const struct {
    const char *path, *bytes; /* bytes: a file is written */
    size_t n;
    const char *error;
} hostile[] = {
    {"/tmp", NULL, 0, "data-not-file"},
    {"/dev/zero", NULL, 0, "data-not-file"},
    {"/tmp/there/is/none", NULL, 0, "file-open"},
    {NULL, "", 0, "data-empty"},
    {NULL, "1,2\0,3\n", 7, "data-not-text"},
    {NULL, "\xFF\xFE\x00\xD8", 4, "data-not-text"}, /* half a pair */
    {NULL, "\xFF\xFF,\x81\n", 5, "data-not-text"},
    {NULL, "\x1f\x8b\x08\0junk", 8, "data-file-damaged"},
    {"https://a.b/c.csv", NULL, 0, "data-url"},
    {"~/there/is/none.csv", NULL, 0, "data-home"},
    {"C:\\Users\\me\\a.csv", NULL, 0, "data-windows"},
    {"data\\a.csv", NULL, 0, "data-backslash"},
    {NULL, "<!DOCTYPE html>\n<html>", 22, "data-web-page"},
    {NULL, "\n  <html>", 9, "data-web-page"},
    {NULL, "PK\x03\x04rest", 8, "data-spreadsheet"},
    {NULL, "\xD0\xCF\x11\xE0\xA1\xB1", 6, "data-spreadsheet"},
    {NULL, "%PDF-1.4", 8, "data-format"},
    {NULL, "{\"a\": [1, 2]}", 13, "data-format"},
    {NULL, "[{\"a\": 1}]", 10, "data-format"},
    {NULL, "BZh9", 4, "data-archive"},
};

START_TEST(test_hostile) {
    struct csv t;
    const char *path = hostile[_i].path;
    if (!path) path = temporary(hostile[_i].bytes, hostile[_i].n);
    struct error *e = csv_open(&t, path);
    ck_assert_ptr_nonnull(e);
    ck_assert_str_eq(e->key, hostile[_i].error);
    error_free(e);
    csv_close(&t);
    if (!hostile[_i].path) unlink(path);
}
END_TEST

/* ---- IDX ---- */

static const struct {
    const char *bytes;
    size_t n;
    const char *error;
} files[] = {
    {"\0\0\x08\x01\0\0\0\x02\x05\x07", 10, NULL},
    {"\0\0\x08\x01\0\0\0\x03\x05\x07", 10, "idx-short"},
    {"\0\0\x08\x01\0\0\0\x01\x05\x07", 10, "idx-long"},
    {"\0\0\x08\x01\0\0\0\0", 8, "data-empty"},
    {"", 0, "idx-magic"},
    {"\0\0\x08\x01\xff\xff\xff\xff\x05\x07", 10, "idx-short"},
    {"\0\0\x08\x03\0\0\0\x02\x05\x07", 10, "idx-dims"},
    {"\0\0\x0d\x01\0\0\0\x02\x05\x07", 10, "idx-magic"},
    {"\0\0\x08\x01\0", 5, "idx-short"},
    {"no", 2, "idx-magic"},
    {"\x1f\x8b\x08\0junk", 8, "data-file-damaged"},
};

START_TEST(test_idx) {
    struct packed *t = NULL;
    const char *path = temporary(files[_i].bytes, files[_i].n);
    struct error *e = idx_open(path, 1, 1, &t);
    if (files[_i].error) {
        ck_assert_ptr_nonnull(e);
        ck_assert_str_eq(e->key, files[_i].error);
    } else {
        ck_assert_ptr_null(e);
        ck_assert_int_eq(t->bytes[1], 7);
    }
    error_free(e);
    packed_unref(t);
    unlink(path);
}
END_TEST

/* ---- sets ---- */

/* Each row of the table brings what it says: so many rows, less those with gaps, which
 * are told; such inputs and classes; twice the same with the same seed. */
static size_t rows_told(const struct dataset *d) {
    for (size_t i = 0; i < d->n_notes; i++) {
        if (strcmp(d->notes[i].key, "data.gaps") != 0) continue;
        ck_assert_str_eq(d->notes[i].names[0], "n");
        return strtoull(d->notes[i].values[0], NULL, 10);
    }
    return 0;
}

static void check_pair(const struct data_row *row, const struct tensor *x,
                       const struct packed *pictures, const struct tensor *y) {
    struct shape s = x ? x->shape : pictures->shape;
    ck_assert_uint_eq(s.dim[0], y->shape.dim[0]);
    ck_assert_int_eq(s.n, row->x.n + 1);
    ck_assert_mem_eq(s.dim + 1, row->x.dim, (size_t)row->x.n * sizeof *s.dim);
    for (size_t i = 0; i < y->size; i++)
        ck_assert(y->data[i] >= 0 && y->data[i] < (real)row->classes);
}

static void check_classes(const struct tensor *y, size_t classes) {
    for (size_t c = 0; c < classes; c++) {
        bool seen = false;
        for (size_t i = 0; i < y->size; i++) seen |= y->data[i] == (real)c;
        ck_assert_msg(seen, "class %zu", c);
    }
}

START_TEST(test_set) {
    const struct data_row *row = data_at((size_t)_i);
    struct data_order how = {.seed = 1, .test = -1, .home = getenv("LEARN_HOME")};
    struct dataset a, b;
    struct error *e = data_load(&a, row->name, &how);
    if (e && row->missing && strcmp(e->key, row->missing) == 0) {
        error_free(e); /* not installed here */
        data_close(&a);
        return;
    }
    ck_assert_ptr_null(e);
    ck_assert_ptr_null(data_load(&b, row->name, &how));
    ck_assert(!a.x == !!a.packed);
    check_pair(row, a.x, a.packed, a.y);
    check_classes(a.y, row->classes);
    size_t rows = a.y->shape.dim[0], test = a.y_test ? a.y_test->shape.dim[0] : 0;
    if (test) check_pair(row, a.x_test, a.packed_test, a.y_test);
    if (row->test_rows) ck_assert_uint_eq(test, row->test_rows);
    else rows += test;
    ck_assert_uint_eq(rows + rows_told(&a), row->rows);
    ck_assert_uint_eq(a.classes, row->classes);
    if (a.x) ck_assert_mem_eq(a.x->data, b.x->data, a.x->size * sizeof(real));
    ck_assert_mem_eq(a.y->data, b.y->data, a.y->size * sizeof(real));
    data_close(&a);
    data_close(&b);
}
END_TEST

/* How many are set aside where nobody says otherwise, and what is told. */
static const struct {
    const char *name;
    size_t rows, test, notes;
} parts[] = {{"xor", 4, 0, 0},        {"moons", 200, 100, 0},
             {"iris", 120, 30, 2},    {"penguins", 274, 68, 3},
             {"cancer", 455, 114, 2}, {"digits", 1438, 359, 1}};

START_TEST(test_parts) {
    struct data_order how = {.seed = 1, .test = -1, .home = getenv("LEARN_HOME")};
    struct dataset d;
    ck_assert_ptr_null(data_load(&d, parts[_i].name, &how));
    ck_assert_uint_eq(d.y->shape.dim[0], parts[_i].rows);
    ck_assert_uint_eq(d.y_test ? d.y_test->shape.dim[0] : 0, parts[_i].test);
    ck_assert_uint_eq(d.n_notes, parts[_i].notes);
    data_close(&d);
}
END_TEST

/* One result for each row of a table. */
#define ADD_ROWS(c, test, table) \
    tcase_add_loop_test(c, test, 0, (int)(sizeof table / sizeof *table))

int main(void) {
    Suite *s = suite_create("data");
    TCase *c = tcase_create("files");
    tcase_set_timeout(c, 300);
    ADD_ROWS(c, test_table, tables);
    ADD_ROWS(c, test_digits, digits);
    ADD_ROWS(c, test_cell, cells);
    ADD_ROWS(c, test_letters, letters);
    ADD_ROWS(c, test_hostile, hostile);
    ADD_ROWS(c, test_idx, files);
    int sets = 0;
    while (data_at((size_t)sets)) sets++;
    tcase_add_loop_test(c, test_set, 0, sets);
    ADD_ROWS(c, test_parts, parts);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
