#include "data/text_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/utf8.h"

#define FILE_MOST ((size_t)1 << 30)
enum { PART = 1 << 20 }; /* looked at between two Ctrl-C */

/* ---- names that are no file's here ---- */

static struct error *with_home(const char *path) {
    const char *home = getenv("HOME");
    struct buf whole = {0};
    buf_printf(&whole, "%s%s", home ? home : "/home/…", path + 1);
    struct error *e =
        error_new("data-home", "file", path, "whole", buf_text(&whole), NULL);
    buf_free(&whole);
    return e;
}

/* C:\a\b, which WSL shows as /mnt/c/a/b. */
static struct error *of_windows(const char *path) {
    struct buf whole = {0};
    buf_printf(&whole, "/mnt/%c", tolower((unsigned char)path[0]));
    for (const char *s = path + 2; *s; s++) buf_add_n(&whole, *s == '\\' ? "/" : s, 1);
    struct error *e =
        error_new("data-windows", "file", path, "whole", buf_text(&whole), NULL);
    buf_free(&whole);
    return e;
}

/* What a name that cannot be opened is likely to be. */
static struct error *named(const char *path, int why) {
    const char *const schemes[] = {"http://", "https://", "ftp://", "file://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strncasecmp(path, schemes[i], strlen(schemes[i])) == 0)
            return error_new("data-url", "file", path, NULL);
    }
    if (path[0] == '~' && path[1] == '/') return with_home(path);
    if (isalpha((unsigned char)path[0]) && path[1] == ':' &&
        (path[2] == '\\' || path[2] == '/')) {
        return of_windows(path);
    }
    if (strchr(path, '\\')) return error_new("data-backslash", "file", path, NULL);
    return error_new("file-open", "file", path, "why", strerror(why), NULL);
}

static struct error *open_file(const char *path, int *fd) {
    struct stat is;
    struct error *e = file_check_name(path);
    if (e) return e;
    /* a FIFO is not waited for */
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (*fd < 0) return named(path, errno);
    if (fstat(*fd, &is) == 0 && S_ISREG(is.st_mode)) return NULL;
    close(*fd);
    return error_new("data-not-file", "file", path, NULL);
}

/* Reads plain files as they are. Takes fd over. */
static struct error *unpack(const char *path, int fd, gzFile *out) {
    *out = gzdopen(fd, "rb");
    if (*out) return NULL;
    close(fd);
    return error_new("file-open", "file", path, "why", strerror(errno), NULL);
}

struct error *text_file_open(const char *path, gzFile *out) {
    int fd;
    struct error *e = open_file(path, &fd);
    return e ? e : unpack(path, fd, out);
}

/* ---- its bytes ---- */

static size_t size_of(int fd) {
    struct stat is;
    bool known = fstat(fd, &is) == 0 && is.st_size > 0;
    return known && (size_t)is.st_size < FILE_MOST ? (size_t)is.st_size : 0;
}

static struct error *read_all(struct text_file *f, const char *folder,
                              const char *path) {
    gzFile file;
    int fd;
    struct error *e =
        folder ? file_open_beside(folder, path, &fd) : open_file(path, &fd);
    if (e) return e;
    size_t cap = size_of(fd) + (1 << 16); /* a plain one fits at once */
    if ((e = unpack(path, fd, &file))) return e;
    int got = 0, fault = 0;
    gzbuffer(file, 1 << 18);
    if (!(e = memory_left_for((double)cap))) f->text = mem_alloc(cap, 1);
    while (!e) {
        size_t room = cap - f->n - TEXT_ZEROS;
        got = gzread(file, f->text + f->n, room < PART ? (unsigned)room : PART);
        f->n += got > 0 ? (size_t)got : 0;
        if (got <= 0 || f->n > FILE_MOST || (e = interrupt_error())) break;
        if (cap - f->n > TEXT_ZEROS) continue;
        if ((e = memory_left_for((double)cap))) break; /* as much again */
        f->text = mem_grow(f->text, cap *= 2, 1);
    }
    gzerror(file, &fault);
    gzclose(file);
    if (e) return e;
    memset(f->text + f->n, 0, TEXT_ZEROS);
    if (got >= 0 && fault == Z_OK && f->n <= FILE_MOST) return NULL;
    return error_new(f->n > FILE_MOST ? "data-file-large" : "data-file-damaged", "file",
                     path, NULL);
}

/* ---- what is no text, or no table ---- */

static const struct {
    const char *head;
    size_t n;
    const char *key, *what;
} kinds[] = {
    {"PK\x03\x04", 4, "data-spreadsheet", "zip"},
    {"\xD0\xCF\x11\xE0", 4, "data-spreadsheet", "xls"},
    {"%PDF", 4, "data-format", "PDF"},
    {"\x89PNG", 4, "data-format", "PNG"},
    {"\xFF\xD8\xFF", 3, "data-format", "JPEG"},
    {"GIF8", 4, "data-format", "GIF"},
    {"\x93NUMPY", 6, "data-format", "NumPy"},
    {"\x89HDF", 4, "data-format", "HDF5"},
    {"PAR1", 4, "data-format", "Parquet"},
    {"ARROW1", 6, "data-format", "Arrow"},
    {"SQLite format 3", 15, "data-format", "SQLite"},
    {"MATLAB 5.0", 10, "data-format", "MATLAB"},
    {"{\\rtf", 5, "data-format", "RTF"},
    {"BZh", 3, "data-archive", "bzip2"},
    {"\xFD"
     "7zXZ",
     5, "data-archive", "xz"},
    {"\x28\xB5\x2F\xFD", 4, "data-archive", "zstd"},
    {"7z\xBC\xAF", 4, "data-archive", "7z"},
    {"Rar!", 4, "data-archive", "rar"},
};

static bool begins(const char *s, const char *with) {
    return strncasecmp(s, with, strlen(with)) == 0;
}

static struct error *what_it_is(const struct text_file *f, const char *path) {
    const char *s = f->text;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (f->n < kinds[i].n || memcmp(s, kinds[i].head, kinds[i].n) != 0) continue;
        return error_new(kinds[i].key, "file", path, "what", kinds[i].what, NULL);
    }
    if (begins(s, "\xEF\xBB\xBF")) s += 3;
    while (isspace((unsigned char)*s)) s++;
    if (begins(s, "<!doctype html") || begins(s, "<html") || begins(s, "<head"))
        return error_new("data-web-page", "file", path, NULL);
    if (begins(s, "<?xml") || begins(s, "<svg"))
        return error_new("data-format", "file", path, "what", "XML", NULL);
    if (*s == '{' || (*s == '[' && strchr("{[\"", s[1 + strspn(s + 1, " \r\n\t")])))
        return error_new("data-format", "file", path, "what", "JSON", NULL);
    return NULL;
}

/* ---- into UTF-8 ---- */

/* The text in UTF-8; NULL where it is not what it is taken for. */
static char *from(const char *charset, const struct text_file *f, size_t *n) {
    iconv_t to = iconv_open("UTF-8", charset);
    if (to == (iconv_t)-1) return NULL;
    char *utf8 = mem_alloc(3 * f->n + 1, 1), *in = f->text, *out = utf8;
    size_t out_left = 3 * f->n;
    bool fine = true;
    for (size_t left = f->n; left && fine && !interrupt_flag;) {
        size_t part = left < PART ? left : PART, rest = left - part;
        fine = iconv(to, &in, &part, &out, &out_left) != (size_t)-1 ||
               (errno == EINVAL && rest); /* a character goes on in the next part */
        left = rest + part;
    }
    iconv_close(to);
    *n = (size_t)(out - utf8);
    if (fine && !memchr(utf8, '\0', *n)) return utf8;
    free(utf8);
    return NULL;
}

/* How many bytes from the start on are ASCII, a few at the end perhaps not counted. */
static size_t ascii_of(const char *text, size_t n) {
    size_t at = 0;
    for (uint64_t word; at + sizeof word <= n; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        if (word & 0x8080808080808080) break;
    }
    return at;
}

static bool is_utf8(const char *text, size_t n) {
    size_t bad;
    for (size_t at = ascii_of(text, n), part; at < n && !interrupt_flag; at += part) {
        const char *end =
            n - at > PART ? memchr(text + at + PART, '\n', n - at - PART) : NULL;
        part = end ? (size_t)(end - text) - at : n - at;
        if (!utf8_valid(text + at, part, &bad)) return false;
    }
    return true;
}

/* Is a pair of bytes here that Korean writes its usual syllables with? Without one,
 * CP949 would make rare syllables of Latin-1's Á and the letter behind it. */
static bool has_hangul(const char *text, size_t n) {
    const unsigned char *s = (const unsigned char *)text;
    for (size_t i = 0; i + 1 < n; i++) {
        if (s[i] >= 0xB0 && s[i] <= 0xC8 && s[i + 1] >= 0xA1) return true;
    }
    return false;
}

static struct error *to_utf8(struct text_file *f, const char *path) {
    const char *charset = utf8_wide(f->text, f->n);
    bool narrow = !charset;
    if (narrow && is_utf8(f->text, f->n)) {
        bool text = !memchr(f->text, '\0', f->n);
        return text ? NULL : error_new("data-not-text", "file", path, NULL);
    }
    struct error *e = memory_left_for(3.0 * (double)f->n);
    if (e) return e;
    size_t n = 0;
    if (narrow) charset = has_hangul(f->text, f->n) ? "CP949" : "WINDOWS-1252";
    char *utf8 = from(charset, f, &n);
    if (!utf8 && narrow && strcmp(charset, "CP949") == 0)
        utf8 = from(charset = "WINDOWS-1252", f, &n);
    e = interrupt_error();
    if (!e && !utf8) e = error_new("data-not-text", "file", path, NULL);
    if (e) {
        free(utf8);
        return e;
    }
    free(f->text);
    f->text = mem_grow(utf8, n + TEXT_ZEROS, 1);
    memset(f->text + n, 0, TEXT_ZEROS);
    f->n = n;
    f->charset = charset[0] == 'W' ? "Latin-1" : charset[3] == '-' ? "UTF-16" : "CP949";
    return NULL;
}

/* CR LF, as on Windows, and CR alone, as on a Macintosh, end a line too. */
static void end_lines(struct text_file *f) {
    char *first = memchr(f->text, '\r', f->n), *to = first;
    if (!first) return;
    for (const char *s = first; *s && !interrupt_flag; s++) {
        if (*s == '\r' && s[1] == '\n') continue;
        *to++ = *s == '\r' ? '\n' : *s;
    }
    memset(to, 0, (size_t)(f->text + f->n - to));
    f->n = (size_t)(to - f->text);
}

struct error *text_file_read(struct text_file *f, const char *folder,
                             const char *path) {
    *f = (struct text_file){0};
    struct error *e = read_all(f, folder, path);
    if (!e) e = what_it_is(f, path);
    if (!e) e = to_utf8(f, path);
    if (!e) {
        end_lines(f);
        e = interrupt_error();
    }
    if (!e && strncmp(f->text, "\xEF\xBB\xBF", 3) == 0) {
        f->n -= 3;
        memmove(f->text, f->text + 3, f->n + TEXT_ZEROS);
    }
    if (!e) return NULL;
    free(f->text);
    f->text = NULL;
    return e;
}
