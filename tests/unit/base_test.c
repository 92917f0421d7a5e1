/* The ground floor: code points and their widths, in the C locale; files; amounts with
 * a unit. And the first thing done with a typed line: normalise. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/units.h"
#include "base/utf8.h"
#include "base/whole.h"
#include "syntax/korean_keys.h"
#include "syntax/normalise.h"
#include "text/number.h"
#include "text/text.h"

/* ---- utf8 ---- */

static const struct {
    const char *bytes;
    uint32_t code;
    size_t len;
} codes[] = {
    {"", 0, 0},
    {"w", 'w', 1},
    {"×2", 0xD7, 2},
    {"기", 0xAE30, 3},
    {"𝑤", 0x1D464, 4},
    {"\x80", 0xFFFD, 1},             /* a continuation without a beginning */
    {"\xC0\x80", 0xFFFD, 1},         /* longer than it need be */
    {"\xE2\x82", 0xFFFD, 1},         /* cut short by the end */
    {"\xE2\x28\xA1", 0xFFFD, 1},     /* cut short by a letter */
    {"\xED\xA0\x80", 0xFFFD, 1},     /* half of a UTF-16 pair */
    {"\xF4\x90\x80\x80", 0xFFFD, 1}, /* beyond Unicode */
    {"\xFF", 0xFFFD, 1},
};

START_TEST(test_code) {
    size_t len;
    struct buf b = {0};
    ck_assert_uint_eq(utf8_decode(codes[_i].bytes, &len), codes[_i].code);
    ck_assert_uint_eq(len, codes[_i].len);
    if (codes[_i].code && codes[_i].code != 0xFFFD) {
        utf8_encode(&b, codes[_i].code);
        ck_assert_uint_eq(b.len, len);
        ck_assert_mem_eq(b.data, codes[_i].bytes, len);
    }
    buf_free(&b);
}
END_TEST

static const struct {
    const char *bytes;
    size_t n, bad; /* bad == n: none */
} texts[] = {
    {"", 0, 0},       {"기울기 w", 11, 11}, {"ab\0c", 4, 2}, {"a\xE2\x82", 3, 1},
    {"a\xFFz", 3, 1}, {"a\0\xFF", 3, 1},    {"기", 2, 0},    {"\xED\xA0\x80", 3, 0},
};

START_TEST(test_valid) {
    size_t bad = texts[_i].n;
    bool valid = utf8_valid(texts[_i].bytes, texts[_i].n, &bad);
    ck_assert_int_eq(valid, texts[_i].bad == texts[_i].n);
    ck_assert_uint_eq(bad, texts[_i].bad);
}
END_TEST

static const struct {
    const char *text;
    int columns;
    size_t points, fit; /* code points; bytes that fit in three columns */
} widths[] = {
    {"", 0, 0, 0},
    {"w = 3", 5, 5, 3},
    {"기울기", 6, 3, 3},
    {"\u1100\u1175", 2, 2, 6},       /* 기 as two jamo: the vowel stands inside */
    {"\u1100\u1161\u11A8", 2, 3, 9}, /* 각 as three */
    {"e\u0301", 1, 2, 3},            /* an accent of its own */
    {"∂E/∂w", 5, 5, 5},
    {"├─·²", 4, 4, 8},
    {"ｗ＝３", 6, 3, 3},
    {"a\033[1mb\x7F", 5, 7, 4}, /* what controls has no width */
    {"\xFF\xFF", 2, 2, 2},
    {"\u200B", 0, 1, 3},
};

START_TEST(test_width) {
    const char *s = widths[_i].text;
    ck_assert_int_eq(utf8_width(s), widths[_i].columns);
    ck_assert_uint_eq(utf8_count(s, strlen(s)), widths[_i].points);
    ck_assert_uint_eq(utf8_fit(s, 3), widths[_i].fit);
}
END_TEST

static const struct {
    const char *text, *shown;
} unsafe[] = {
    {"기울기 ∂ ½ 👍", "기울기 ∂ ½ 👍"},
    {"\u1100\u1161\u11A8 \u115F\u1161", "\u1100\u1161\u11A8 \u115F\u1161"},
    {"e\u0301 ❤\uFE0F", "e\u0301 ❤\uFE0F"},
    {"\033]0;owned\007", "]0;owned"},
    {"a\nb\tc\rd\x7F", "a b cd"},
    {"\xC2\x9B"
     "1m\xC2\x85",
     "1m"}, /* C1's way to say ESC [ */
    {"a\u202Eb\u2067c\u2069\u200E\u200F\u061Cd", "abcd"},
    {"a\u200Bb\u200C\u200D\u2060\uFEFF\u00AD\u3164\u034Fc", "abc"},
    {"a\u2028b\u2029c", "abc"},
    {"a\U000E0041\U000E007Fb\uFFF9c", "abc"},
    {"\uFDD3red\uFDEF\uFFFE\U0010FFFF", "red"}, /* out's own signs */
    {"a\xFFz\xE2\x82", "a\uFFFDz\uFFFD\uFFFD"},
    {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"}, /* half of a surrogate pair */
};

START_TEST(test_safe) {
    struct buf b = {0};
    utf8_add_line(&b, unsafe[_i].text);
    ck_assert_str_eq(buf_text(&b), unsafe[_i].shown);
    if (!strchr(unsafe[_i].text, '\n')) /* what is dropped has no width */
        ck_assert_int_eq(utf8_width(unsafe[_i].text), utf8_width(buf_text(&b)));
    buf_free(&b);
}
END_TEST

static const struct {
    const char *a, *b;
    int edits;
} pairs[] = {
    {"", "", 0},
    {"sigmoid", "sigmoid", 0},
    {"simgoid", "sigmoid", 1},
    {"relu", "rel", 1},
    {"w", "h", 1},
    {"기울기", "기욱기", 1},
    {"tanh", "softmax", 6},
};

START_TEST(test_distance) {
    ck_assert_int_eq(utf8_distance(pairs[_i].a, pairs[_i].b), pairs[_i].edits);
    ck_assert_int_eq(utf8_distance(pairs[_i].b, pairs[_i].a), pairs[_i].edits);
}
END_TEST

START_TEST(test_rows_letters_quotes) {
    struct buf b = {0};
    char text[24];
    ck_assert_int_eq(utf8_rows("a\nb\n\nc", 4), 2);
    ck_assert_int_eq(utf8_rows("", 0), 0);
    ck_assert(utf8_is_letter("w") && utf8_is_letter("가") && utf8_is_letter(&"가"[1]));
    ck_assert(!utf8_is_letter("1") && !utf8_is_letter("") && !utf8_is_letter("_"));
    buf_add(&b, "x: ");
    buf_add_json(&b, "a\"b\\ 가\n\x1b");
    ck_assert_str_eq(buf_text(&b), "x: \"a\\\"b\\\\ 가\\n\\u001b\"");
    buf_free(&b);
    ck_assert_str_eq(whole_text(text, (size_t)-1), "18446744073709551615");
}
END_TEST

/* ---- files ---- */

static void write_and_read(const char *path, const char *text) {
    char *back;
    size_t n;
    ck_assert_ptr_null(file_write(path, text, strlen(text)));
    ck_assert_ptr_null(file_read(path, 100, &back, &n));
    ck_assert_str_eq(back, text);
    free(back);
}

static bool is_link(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

/* As a person who is not root, in a folder of their own. */
START_TEST(test_file) {
    char dir[] = "/tmp/learn-base-XXXXXX";
    struct stat st;
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(chmod(dir, 0777), 0);
    ck_assert(geteuid() != 0 || seteuid(65534) == 0);
    ck_assert_int_eq(chdir(dir), 0);
    write_and_read("new", "one");
    ck_assert_int_eq(chmod("new", 0640), 0);
    ck_assert_int_eq(symlink("new", "link"), 0);
    ck_assert_int_eq(symlink("link", "second"), 0);
    ck_assert_int_eq(symlink("later", "nowhere"), 0);
    write_and_read("second", "two"); /* links stay links, and the mode what it was */
    write_and_read("nowhere", "three");
    ck_assert(is_link("link") && is_link("second") && is_link("nowhere"));
    ck_assert(stat("new", &st) == 0 && (st.st_mode & 0777) == 0640 && st.st_size == 3);
    ck_assert(stat("later", &st) == 0 && st.st_size == 5);
    ck_assert_int_eq(mkdir("closed", 0777), 0);
    write_and_read("closed/old", "a longer one");
    ck_assert_int_eq(chmod("closed", 0555), 0);
    write_and_read("closed/old", "short"); /* it may be written, though not made */
    struct error *e = file_write("closed/fresh", "x", 1);
    ck_assert_str_eq(e->key, "cannot-write");
    error_free(e);
    e = file_write("closed", "x", 1);
    ck_assert_str_eq(e->key, "not-a-file");
    error_free(e);
    ck_assert_int_eq(chmod("closed", 0777), 0);
    const char *const made[] = {"new",     "link",  "second",
                                "nowhere", "later", "closed/old"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        ck_assert_int_eq(unlink(made[i]), 0);
    ck_assert_int_eq(rmdir("closed"), 0);
    ck_assert(seteuid(getuid()) == 0 && chdir("/") == 0 && rmdir(dir) == 0);
}
END_TEST

/* ---- units ---- */

START_TEST(test_units) {
    char to[UNITS_SIZE];
    ck_assert_str_eq(units_bytes(to, 0), "0 B");
    ck_assert_str_eq(units_bytes(to, 1023), "1023 B");
    ck_assert_str_eq(units_bytes(to, 1536), "1.50 KiB");
    ck_assert_str_eq(units_bytes(to, 12897485), "12.3 MiB");
    ck_assert_str_eq(units_bytes(to, 8e18), "6.94 EiB");
    ck_assert_str_eq(units_bytes(to, 2e24), "1734723 EiB");
    ck_assert_str_eq(units_large(to, 105e6), "105 M");
    ck_assert_str_eq(units_large(to, 1.85e9), "1.85 G");
    ck_assert_str_eq(units_time(to, 75.9), "1:15");
    ck_assert_str_eq(units_time(to, 3e12), "50000000000:00"); /* epochs 1e9 */
    ck_assert_str_eq(units_time(to, INFINITY), "16666666666666:40");
    ck_assert_str_eq(units_time(to, NAN), "0:00");
}
END_TEST

/* ---- a typed line ---- */

static const struct {
    const char *typed, *means;
} lines[] = {
    {"w = 3", "w = 3"},
    {"ｙ ＝ ｗ×ｘ²", "y = w*x^2"},
    {"x₁ − x₂ ÷ 𝑤", "x1 - x2 / w"},
    {"a ≤ b ≥ c ≠ d ≈ e", "a <= b >= c != d ~= e"},
    {"x⁻¹ + y¹²", "x^-1 + y^12"},
    {"“a×b” × c", "\"a×b\" * c"},       /* a text keeps its signs */
    {"\"a×b\" # c×d", "\"a×b\" # c×d"}, /* so does a comment */
    {"w·x # 값·", "w*x # 값·"},
    {"\u1100\u1175 = 1", "기 = 1"},
    {"a\u200Bb\uFEFF", "ab"},
};

START_TEST(test_normalise) {
    char *once = normalise(lines[_i].typed), *twice = normalise(once);
    ck_assert_str_eq(once, lines[_i].means);
    ck_assert_str_eq(twice, once);
    free(once);
    free(twice);
}
END_TEST

static const struct {
    const char *typed, *keys; /* NULL: no such word */
} hangul[] = {
    {"ㅜㄷㅌㅅ", "next"}, {"노ㅐㅈ", "show"}, {"next", NULL},
    {"ㅜ1", "n1"},        {"ㅜ w", NULL},
};

START_TEST(test_keys) {
    struct buf b = {0};
    ck_assert_int_eq(korean_keys_read(hangul[_i].typed, &b), hangul[_i].keys != NULL);
    ck_assert_str_eq(buf_text(&b), hangul[_i].keys ? hangul[_i].keys : "");
    buf_free(&b);
}
END_TEST

/* One result for each row of a table. */
#define ADD_ROWS(c, test, table) \
    tcase_add_loop_test(c, test, 0, (int)(sizeof table / sizeof *table))

START_TEST(test_number) {
    static const struct {
        double v;
        const char *shown;
    } rows[] = {{-0.0, "0"},           {-3, "-3"},
                {0.1 + 0.2, "0.3"},    {1e-7, "1e-7"},
                {2.0 / 3, "0.666667"}, {1e15, "1000000000000000"},
                {0.0 / 0.0, "nan"},    {1e300, "1e300"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char shown[NUM_SIZE];
        ck_assert_str_eq(num_format(shown, rows[i].v, 6), rows[i].shown);
    }
}
END_TEST

/* A word, and whether it ends in a consonant as Korean reads it. */
static const struct {
    const char *word, *with;
} spoken[] = {
    {"step", "은"},  {"plot", "은"},   {"net", "은"},     {"reset", "은"},
    {"quit", "은"},  {"out", "은"},    {"look", "은"},    {"dot", "은"},
    {"skip", "은"},  {"run", "은"},    {"lang", "은"},    {"learn", "은"},
    {"model", "은"}, {"L", "은"},      {"lr", "은"},      {"save", "는"},
    {"hint", "는"},  {"layer", "는"},  {"show", "는"},    {"export", "는"},
    {"help", "는"},  {"next", "는"},   {"repeat", "는"},  {"batch", "는"},
    {"check", "는"}, {"seed", "는"},   {"rate", "는"},    {"w", "는"},
    {"SGD", "는"},   {"h1.W", "는"},   {"x1", "은"},      {"가중치", "는"},
    {"뉴런", "은"},  {"`step`", "은"}, {"linear", "는"},  {"file", "은"},
    {"table", "은"}, {"rule", "은"},   {"example", "은"}, {"name", "은"},
    {"time", "은"},  {"line", "은"},   {"machine", "은"}, {"one", "은"},
    {"stack", "은"}, {"block", "은"},  {"use", "는"},     {"score", "는"},
    {"image", "는"}, {"me", "는"},     {"le", "는"},
};
START_TEST(test_spoken) {
    struct buf b = {0}, wanted = {0};
    text_fill(&b, "{name:은/는}", "name", spoken[_i].word, NULL);
    buf_printf(&wanted, "%s%s", spoken[_i].word, spoken[_i].with);
    ck_assert_str_eq(buf_text(&b), buf_text(&wanted));
    buf_free(&b);
    buf_free(&wanted);
}
END_TEST

/* All of them, or so many. */
START_TEST(test_all) {
    const char *sentence =
        "{all}개{n:=all/를 모두/ 가운데 {n}개를} {n:을/를}, {n:=all/{all}/x}";
    struct buf b = {0};
    text_fill(&b, sentence, "n", "3", "all", "4", NULL);
    ck_assert_str_eq(buf_text(&b), "4개 가운데 3개를 3을, x");
    buf_clear(&b);
    text_fill(&b, sentence, "n", "4", "all", "4", NULL);
    ck_assert_str_eq(buf_text(&b), "4개를 모두 4를, 4");
    buf_clear(&b);
    text_fill(&b, "{n:=all/a} {n:=none/a/b} {n", "n", "4", NULL);
    ck_assert_str_eq(buf_text(&b), " b {n");
    buf_free(&b);
}
END_TEST

int main(void) {
    Suite *s = suite_create("base");
    TCase *c = tcase_create("text");
    ADD_ROWS(c, test_code, codes);
    ADD_ROWS(c, test_valid, texts);
    ADD_ROWS(c, test_width, widths);
    ADD_ROWS(c, test_safe, unsafe);
    ADD_ROWS(c, test_distance, pairs);
    tcase_add_test(c, test_rows_letters_quotes);
    tcase_add_test(c, test_file);
    tcase_add_test(c, test_units);
    tcase_add_test(c, test_number);
    tcase_add_test(c, test_all);
    ADD_ROWS(c, test_normalise, lines);
    ADD_ROWS(c, test_keys, hangul);
    ADD_ROWS(c, test_spoken, spoken);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
