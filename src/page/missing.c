/* What emscripten's library has not, or has another way than a system at home. */
#include <errno.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <uniwidth.h>
#include <wchar.h>

/* It begins with a mask of 0777: what is written could not be read again. */
__attribute__((constructor)) static void begin(void) { umask(022); }

/* Jamo that join the syllable before them are none wide. */
int wcwidth(wchar_t c) { return uc_width((ucs4_t)c, "UTF-8"); }

static int none(void) {
    errno = ENOSYS;
    return -1;
}

int fallocate(int fd, int mode, off_t from, off_t n) {
    (void)fd, (void)mode, (void)from, (void)n;
    return none();
}

int inotify_init1(int flags) {
    (void)flags;
    return none();
}

int inotify_add_watch(int fd, const char *path, uint32_t what) {
    (void)fd, (void)path, (void)what;
    return none();
}
