/* file: files in and out. What is written is made beside its place and then put there
 * in one move, so that a full disk or a killed process leaves the old one as it was;
 * only where the folder takes no new file is it written over. Through a symbolic link
 * the file behind it is written; another hard link goes on naming the old file, which
 * is the price of a move that is whole or not at all. A writer who was killed leaves a
 * `.learn-XXXXXX.tmp`: the next that writes into its folder removes it.
 *
 *     struct error *e = file_write("w.learn", text, strlen(text));
 *     if (!e) e = file_read("w.learn", 1 << 20, &text, &n);
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* Before anything else is opened: where standard input, output or error is closed,
 * /dev/null takes its number, which else a file or a child's socket would get, and all
 * that is said with it. It is opened the wrong way, so that reading or writing there
 * fails. */
bool file_hold_standard(void);
/* HOME/name, of the program's own files; home NULL: where it was started. Owned. */
char *file_at_home(const char *home, const char *name);
/* A line break or another control character in a name could pass for more than a name,
 * in a script or a log: such a file is neither read nor written. */
struct error *file_check_name(const char *path);
struct error *file_write(const char *path, const char *data, size_t n);
/* Only where nothing has that name yet: else error `file-there`. */
struct error *file_write_new(const char *path, const char *data, size_t n);
/* Over what is there only where this program wrote that, too: where its first
 * FILE_MARK_IN bytes hold the mark, or it is empty. Else error `file-there`. */
enum { FILE_MARK_IN = 1024 };
struct error *file_write_again(const char *path, const char *mark, const char *data,
                               size_t n);
/* Would it be? */
struct error *file_check_again(const char *path, const char *mark);
/* How it begins: 0 bytes where there is nothing, -1 where it can't be read. */
ssize_t file_head(const char *path, char head[FILE_MARK_IN]);
/* A name that no person chose: STEM.END, or with -2 … -9999 where that is there. What
 * is free now (the caller's) may be taken by then: it is written to what is free then,
 * *path (the caller's, where it failed too), and never over anything. */
char *file_free_name(const char *stem, const char *end);
struct error *file_write_free(const char *stem, const char *end, const char *data,
                              size_t n, char **path);
/* *out is the caller's, with a zero after its *n bytes. Folders, devices and files
 * larger than `most` are refused. */
struct error *file_read(const char *path, size_t most, char **out, size_t *n);

/* Where what is written to a path stands: behind its links. The caller frees both. */
char *file_behind(const char *path);
char *file_beside(const char *path, const char *name); /* name in path's folder */

/* Between the two what was done before is done once more, only to be seen (a page of a
 * talk that is laid out anew): everything is as it was but that nothing is put in its
 * place. Whoever writes past this file asks. */
void file_rehearse(bool on);
bool file_rehearses(void);

/* ---- piece by piece: what is too large to be held twice ---- */

/* A file in the making, which Ctrl-C stops, as it does reading one (file_write it lets
 * be, up to 16 MB). Its name may hang on what is in it: sum is zlib's crc32 of what
 * was added. The first thing that goes wrong is kept, and told at the end. */
struct file_out {
    char *temp; /* owned */
    int fd;
    size_t size;
    unsigned long sum;
    int why; /* errno; 0: nothing went wrong */
};

void file_out_open(struct file_out *f, const char *path); /* in this path's folder */
void file_out_add(struct file_out *f, const void *data, size_t n);
/* To its place, over what is there; path NULL: it is dropped. */
struct error *file_out_close(struct file_out *f, const char *path);

struct file_in {
    const char *path; /* borrowed */
    int fd;
    size_t size; /* of all of it */
    unsigned long sum;
};

struct error *file_in_open(struct file_in *f, const char *path);
/* The next n bytes, all of them, or an error. */
struct error *file_in_take(struct file_in *f, void *to, size_t n);
void file_in_close(struct file_in *f);

/* Opens to read what a stranger's file names: a plain file that stands in `folder`
 * itself. No path, no link, no device, whatever is put there meanwhile. */
struct error *file_open_beside(const char *folder, const char *name, int *fd);
bool file_is_beside(const char *name); /* a name and no path: a.csv */

/* ---- an open file ---- */

/* All of it, or errno says why not. */
bool file_write_all(int fd, const void *data, size_t n);
/* Up to n bytes, fewer where the file ends before; -1: errno says why. */
ssize_t file_read_all(int fd, void *data, size_t n);

/* ---- several files that belong together ---- */

/* Locks an open file, waiting up to so many seconds for whoever holds it. 0, or errno:
 * EWOULDBLOCK: he still does; others: there are no locks there. */
int file_lock_open(int fd, double seconds);
/* Waits a little for whoever else writes such files into path's folder, and keeps him
 * out until it is unlocked; -1: it can't. */
int file_lock(const char *path);
void file_unlock(int lock);

#endif
