#include "lesson/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "learn-lint-"

static char folder[64]; /* empty: there is none */

static void remove_folder(int in, const char *name) {
    int fd = openat(in, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    while (d && (entry = readdir(d))) unlinkat(fd, entry->d_name, 0);
    if (d) closedir(d);
    else if (fd >= 0) close(fd);
    unlinkat(in, name, AT_REMOVEDIR);
}

/* learn-lint-PID-XXXXXX is ours, and nobody's any more. */
static bool is_left(int in, const char *name) {
    struct stat st;
    if (strncmp(name, NAME, strlen(NAME)) != 0) return false;
    long pid = strtol(name + strlen(NAME), NULL, 10);
    return pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH &&
           fstatat(in, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_uid == geteuid() &&
           S_ISDIR(st.st_mode);
}

static void sweep(void) {
    DIR *d = opendir("/tmp");
    const struct dirent *entry;
    while (d && (entry = readdir(d))) {
        if (is_left(dirfd(d), entry->d_name)) remove_folder(dirfd(d), entry->d_name);
    }
    if (d) closedir(d);
}

static bool make(void) {
    static bool watched;
    if (!watched && atexit(scratch_remove) != 0) return false;
    watched = true;
    sweep();
    snprintf(folder, sizeof folder, "/tmp/" NAME "%ld-XXXXXX", (long)getpid());
    if (!mkdtemp(folder)) folder[0] = '\0';
    return folder[0];
}

int scratch_enter(void) {
    int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (here >= 0 && (folder[0] || make()) && chdir(folder) == 0) return here;
    if (here >= 0) close(here);
    return -1;
}

void scratch_leave(int here) {
    if (fchdir(here) != 0) folder[0] = '\0'; /* we stand in it */
    close(here);
}

void scratch_remove(void) {
    if (folder[0]) remove_folder(AT_FDCWD, folder);
    folder[0] = '\0';
}
