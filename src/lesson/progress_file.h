/* progress_file: the file that progress is kept in: locked, read, set aside. What could
 * not be read is not what is damaged: only a file that was read whole and holds no
 * progress is; anything else may be well again in a moment, and is left alone.
 *
 *     struct progress_file f = {.path = places_state("progress.json")};
 *     int lock = progress_file_lock(&f);
 *     switch (progress_file_read(&f, &root, &why)) …
 *     progress_file_unlock(lock);
 */
#ifndef LESSON_PROGRESS_FILE_H
#define LESSON_PROGRESS_FILE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "base/error.h"

#define PROGRESS_FORMAT 2

enum reading {
    READING_NONE,    /* there is no such file */
    READING_GOOD,    /* root: the caller's */
    READING_DAMAGED, /* read whole, and no progress; why says where */
    READING_FAILED   /* why: what the system says, or what a newer learn wrote */
};

struct progress_file {
    char *path;       /* NULL: no home */
    struct stat left; /* as we read or wrote it last */
    bool impatient;   /* somebody holds the lock for ever: it is not waited for again */
};

/* Waits a little for another terminal. -1: without a lock, then. */
int progress_file_lock(struct progress_file *f);
void progress_file_unlock(int lock);
enum reading progress_file_read(struct progress_file *f, cJSON **root,
                                struct error **why);
/* Has nobody written it since? */
bool progress_file_is_left(const struct progress_file *f);
void progress_file_note(struct progress_file *f);
/* Moves it out of the way. The new name, the caller's; NULL where that can't be. */
char *progress_file_set_aside(struct progress_file *f);

#endif
