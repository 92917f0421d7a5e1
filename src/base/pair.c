#include "base/pair.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"

enum { SUM_SIZE = 9 }; /* -1a2b3c4d */
#define TEXT_MOST ((size_t)64 << 20)

const char *pair_last(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *pair_sum(const struct pair *p, const char *name) {
    size_t n = strlen(name), tail = SUM_SIZE + strlen(p->ending);
    if (n < tail) return NULL;
    const char *sum = name + n - tail;
    bool is = *sum == '-' && strspn(sum + 1, "0123456789abcdef") >= SUM_SIZE - 1 &&
              strcmp(sum + SUM_SIZE, p->ending) == 0;
    return is ? sum : NULL;
}

bool pair_is_ours(const struct pair *p, const char *path) {
    struct file_in f;
    char *head = mem_alloc(p->head_size, 1);
    struct error *e = file_in_open(&f, path);
    if (!e) e = file_in_take(&f, head, p->head_size);
    file_in_close(&f);
    bool ours = !e && memcmp(head, p->head, p->head_size) == 0;
    error_free(e);
    free(head);
    return ours;
}

struct error *pair_close(const struct pair *p, struct file_out *f, char **path,
                         bool *there) {
    struct buf b = {0};
    buf_printf(&b, "%s-%08lx%s", p->base, f->sum, p->ending);
    *path = buf_take(&b);
    *there = access(*path, F_OK) == 0;
    if (!*there || pair_is_ours(p, *path))
        return file_out_close(f, f->why ? p->base : *path);
    file_out_close(f, NULL);
    return error_new("weights-foreign", "file", *path, NULL);
}

/* ---- what is left of earlier ones ---- */

struct stale {
    char **names;
    size_t n;
};

/* The bare name is that of before there were checksums. */
static bool is_stale(const struct pair *p, const char *name, const char *old) {
    const char *base = pair_last(p->base);
    size_t n = strlen(base);
    if (old && strcmp(name, old) == 0) return true;
    if (strncmp(name, base, n) != 0) return false;
    return pair_sum(p, name) == name + n || (!name[n] && !*p->ending);
}

/* Those that this text names are kept; all of them, where it can't be read. */
static void keep_named(const struct pair *p, struct stale *s, const char *path) {
    char *text = NULL;
    size_t n = 0;
    struct stat st;
    if (stat(path, &st) == 0 ? !S_ISREG(st.st_mode) : errno == ENOENT) return;
    struct error *e = file_read(path, TEXT_MOST, &text, &n);
    for (size_t i = 0; i < s->n; i++) {
        struct buf said = {0};
        const char *sum = pair_sum(p, s->names[i]);
        buf_printf(&said, "%s\"", sum ? sum : s->names[i]);
        if (e || memmem(text, n, said.data, said.len - (sum != NULL))) {
            free(s->names[i]);
            s->names[i--] = s->names[--s->n];
        }
        buf_free(&said);
    }
    if (!e) free(text);
    error_free(e);
}

static bool has_ending(const char *name, const char *text) {
    const char *ending = strrchr(pair_last(text), '.'), *dot = strrchr(name, '.');
    return strcmp(name, pair_last(text)) == 0 ||
           (ending && dot && strcmp(dot, ending) == 0);
}

/* False where not all of the folder could be looked through. */
static bool find_stale(const struct pair *p, struct stale *s, DIR *d, const char *text,
                       const char *old) {
    errno = 0;
    for (struct dirent *entry; (entry = readdir(d));) {
        if (!is_stale(p, entry->d_name, old)) continue;
        s->names = mem_grow(s->names, s->n + 1, sizeof *s->names);
        s->names[s->n++] = mem_copy(entry->d_name);
    }
    rewinddir(d);
    for (struct dirent *entry; !errno && s->n && (entry = readdir(d));) {
        if (!has_ending(entry->d_name, text)) continue;
        char *path = file_beside(p->base, entry->d_name);
        keep_named(p, s, path);
        free(path);
        errno = 0;
    }
    return errno == 0;
}

void pair_sweep(const struct pair *p, const char *text, const char *old) {
    struct stale s = {0};
    char *folder = file_beside(p->base, ".");
    DIR *d = opendir(folder);
    bool sure = d && find_stale(p, &s, d, text, old);
    for (size_t i = 0; i < s.n; i++) {
        char *path = file_beside(p->base, s.names[i]);
        if (sure && pair_is_ours(p, path)) unlink(path);
        free(path);
        free(s.names[i]);
    }
    if (d) closedir(d);
    free(s.names);
    free(folder);
}

void pair_end(const struct pair *p, const char *text, const struct error *e,
              const char *path, bool there, const char *old, int lock) {
    /* without the lock another may be about to name what nobody names yet */
    if (!e && lock >= 0 && !file_rehearses()) pair_sweep(p, text, old);
    if (e && path && !there && pair_is_ours(p, path)) unlink(path);
    file_unlock(lock);
}
