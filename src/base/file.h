/* file: whole files in and out. A file is written beside its place and then put there
 * in one move, so that a full disk or a killed process leaves the old one as it was;
 * only where the folder takes no new file is it written over. Through a symbolic link
 * the file behind it is written.
 *
 *     struct error *e = file_write("w.learn", text, strlen(text));
 *     if (!e) e = file_read("w.learn", 1 << 20, &text, &n);
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Before anything else is opened: where standard input, output or error is closed,
 * /dev/null takes its number, which else a file or a child's socket would get, and all
 * that is said with it. It is opened the wrong way, so that reading or writing there
 * fails. */
bool file_hold_standard(void);
struct error *file_write(const char *path, const char *data, size_t n);
/* *out is the caller's, with a zero after its *n bytes. Folders, devices and files
 * larger than `most` are refused. */
struct error *file_read(const char *path, size_t most, char **out, size_t *n);

#endif
