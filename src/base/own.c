#include "base/own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/file.h"
#include "base/keep.h"

#define MOST ((size_t)128 << 20)
#define WORDS "# written by learn: "
enum { SUM = 8, LINE = sizeof WORDS + SUM }; /* its figures; the line with its end */

/* The first line, with the sum of what follows it. */
static void print_line(char line[LINE + 1], const char *text, size_t n) {
    snprintf(line, LINE + 1, WORDS "%08lx\n",
             crc32_z(0, (const unsigned char *)text, n));
}

static struct error *judge(const char *path, const char *text, size_t n) {
    char line[LINE + 1];
    if (!n) return NULL;
    if (n < LINE || strncmp(text, WORDS, sizeof WORDS - 1) != 0)
        return error_new("file-there", "file", path, NULL);
    print_line(line, text + LINE, n - LINE);
    bool same = strncmp(text, line, LINE) == 0;
    return same ? NULL : error_new("file-changed", "file", path, NULL);
}

static struct error *check(const char *path,
                           struct error *(*judged)(const char *path, const char *text,
                                                   size_t n)) {
    struct stat st;
    char *text;
    size_t n;
    struct error *e = file_check_name(path);
    if (e || stat(path, &st) != 0) return e; /* writing says what is wrong there */
    if (S_ISREG(st.st_mode) && (size_t)st.st_size > MOST)
        return error_new("file-there", "file", path, NULL);
    if ((e = file_read(path, MOST, &text, &n))) return e;
    e = judged(path, text, n);
    free(text);
    return e;
}

struct error *own_check(const char *path) {
    return check(path, judge);
}

void own_begin(struct buf *b) { buf_add(b, WORDS "00000000\n"); }

struct error *own_write(const char *path, struct buf *b) {
    char line[LINE + 1];
    print_line(line, b->data + LINE, b->len - LINE);
    memcpy(b->data, line, LINE);
    return file_write(path, b->data, b->len);
}

/* ---- what has no place for a line of ours ---- */

static const char kept[] = "tables";
enum { SUMS = 400 }; /* the last ones: a line of them is what keep_read takes */

static void print_sum(char sum[SUM + 1], const char *data, size_t n) {
    snprintf(sum, SUM + 1, "%08lx", crc32_z(0, (const unsigned char *)data, n));
}

static struct error *judge_bare(const char *path, const char *text, size_t n) {
    char sum[SUM + 1], *sums = keep_read(kept);
    print_sum(sum, text, n);
    bool ours = !n || (sums && strstr(sums, sum));
    free(sums);
    return ours ? NULL : error_new("file-there", "file", path, NULL);
}

struct error *own_check_bare(const char *path) {
    return check(path, judge_bare);
}

struct error *own_write_bare(const char *path, const char *data, size_t n) {
    struct error *e = file_write(path, data, n);
    char sum[SUM + 1], *sums = keep_read(kept);
    struct buf b = {0};
    print_sum(sum, data, n);
    if (!e && !(sums && strstr(sums, sum))) {
        buf_printf(&b, "%s %.*s", sum, (SUM + 1) * (SUMS - 1), sums ? sums : "");
        error_free(keep_write(kept, buf_text(&b))); /* then it stays, next time */
    }
    buf_free(&b);
    free(sums);
    return e;
}
