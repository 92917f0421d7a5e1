/* Emscripten's newer libraries have no such header: as much of it as lesson/watch.c
 * says. missing.c answers that there is none. */
#ifndef PAGE_INOTIFY_H
#define PAGE_INOTIFY_H

#include <fcntl.h>
#include <stdint.h>

enum {
    IN_CLOSE_WRITE = 0x8,
    IN_MOVED_TO = 0x80,
    IN_CREATE = 0x100,
    IN_DELETE = 0x200,
    IN_NONBLOCK = O_NONBLOCK,
    IN_CLOEXEC = O_CLOEXEC
};

int inotify_init1(int flags);
int inotify_add_watch(int fd, const char *path, uint32_t what);

#endif
