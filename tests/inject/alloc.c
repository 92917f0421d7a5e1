/* alloc: a library put before libc (LD_PRELOAD, so not into the sanitized build), in
 * which the n-th allocation of the program, or of any library it uses, gets nothing.
 * tests/alloc_test.py drives it:
 *
 *     ALLOC_AT=3        the third of them
 *     ALLOC_ON=1        and every one after it (a machine whose memory is full)
 *     ALLOC_SAW=FILE    file that says at the end how many there were
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);

static long counted, at = -1;
static bool on;

static bool fails(void) {
    long n = __atomic_add_fetch(&counted, 1, __ATOMIC_RELAXED);
    if (at < 0 || n < at || (n > at && !on)) return false;
    errno = ENOMEM;
    return true;
}

__attribute__((constructor)) static void begin(void) {
    const char *word = getenv("ALLOC_AT");
    on = getenv("ALLOC_ON") != NULL;
    counted = 0;
    if (word) at = atol(word);
}

__attribute__((destructor)) static void say(void) {
    const char *file = getenv("ALLOC_SAW");
    int fd = file ? open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (fd < 0) return;
    char line[32];
    int n = snprintf(line, sizeof line, "%ld", counted);
    if (write(fd, line, (size_t)n) != n) _exit(99);
    close(fd);
}

void *malloc(size_t n) { return fails() ? NULL : __libc_malloc(n); }
void *calloc(size_t count, size_t size) {
    return fails() ? NULL : __libc_calloc(count, size);
}
void *realloc(void *p, size_t n) { return fails() ? NULL : __libc_realloc(p, n); }
void *memalign(size_t align, size_t n) {
    return fails() ? NULL : __libc_memalign(align, n);
}
void *aligned_alloc(size_t align, size_t n) { return memalign(align, n); }
int posix_memalign(void **to, size_t align, size_t n) {
    void *p = memalign(align, n);
    if (!p) return ENOMEM;
    *to = p;
    return 0;
}
