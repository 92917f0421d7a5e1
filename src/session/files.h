/* files: the board as a script (show, save, run). */
#ifndef SESSION_FILES_H
#define SESSION_FILES_H

#include "board/session.h"

/* The definitions as a script that makes the same board: names in an order that works,
 * numbers that read back bit for bit, a data set as the line that brings it. A table or
 * tensors of one's own are written out: their file may change or be elsewhere. weights:
 * the file that large tensors are restored from, or NULL: everything is in the
 * script. A formula that no longer fits is there as a comment. */
void files_write_board(struct buf *b, struct board *board, const char *weights);

/* A name as its definition and what it comes to: h = w*x = 6. */
void files_show_one(struct session *s, const char *name, const struct def *d);
struct error *files_show_command(struct session *s, const struct stmt *c);
struct error *files_save_command(struct session *s, const struct stmt *c);
struct error *files_run_command(struct session *s, const struct stmt *c);
/* A script's text, which is the caller's. */
struct error *files_read(const char *path, char **text);
/* Runs a script file: run "demo.learn" and `learn run demo.learn`. */
struct error *files_run(struct session *s, const char *path);

#endif
