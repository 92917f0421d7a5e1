/* text_file: the whole of a person's file as text: plain or .gz, UTF-8 with its mark or
 * without, UTF-16, CP949 or Latin-1, lines ended by LF, CR LF or CR. What is no text is
 * named as what it is: a saved web page, a spreadsheet, a picture.
 *
 *     struct text_file f;
 *     struct error *e = text_file_read(&f, NULL, "marks.csv");
 *     f.text, f.n, f.charset                    // UTF-8, LF, TEXT_ZEROS after it
 *     free(f.text);
 */
#ifndef DATA_TEXT_FILE_H
#define DATA_TEXT_FILE_H

#include <stddef.h>
#include <zlib.h>

#include "base/error.h"

enum { TEXT_ZEROS = 8 }; /* whoever looks at eight bytes at once stays inside */

struct text_file {
    char *text; /* owned; NULL after an error */
    size_t n;
    const char *charset; /* NULL: UTF-8; else what it was read as */
};

/* folder: where the file itself must stand (file_open_beside), or NULL: any. */
struct error *text_file_read(struct text_file *f, const char *folder, const char *path);
/* A file to be read, plain or .gz: not a folder, a device or a pipe; nor an address on
 * the web, `~/` or `C:\`, which are named. */
struct error *text_file_open(const char *path, gzFile *out);

#endif
