/* notes_inside: where the notes of a talk stand, for its writer (notes_place.c) and its
 * reader (notes_view.c). */
#ifndef PRESENT_NOTES_INSIDE_H
#define PRESENT_NOTES_INSIDE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <sys/un.h>

#include "text/out.h"

#define NOTES_FILE "present-%ld.json"
#define NOTES_KEYS "present-%ld.sock"

/* Bytes of a name; of what is pressed at once; the folders there may be. */
enum { NOTES_NAME = 64, NOTES_PRESS = 16, NOTES_PLACES = 2 };

/* The folders in which talks may stand, the writer's first choice first: how many.
 * Owned. */
int notes_places(char *paths[NOTES_PLACES]);
/* A descriptor of the folder, which is this person's alone; -1: it is not there, or,
 * with an error, somebody else could write in it. */
int notes_folder(const char *path, bool make, struct error **e);
/* Of a socket in the folder, however long its path. */
void notes_address(struct sockaddr_un *to, int folder, const char *name);

/* The page, as its file has it (NULL: there is none), on a screen of so many rows, the
 * least needed left out: its rows in turn, each with its newline but for the last;
 * owned. Whatever the file holds, it is only text. */
char *notes_draw(struct out *o, const cJSON *page, double now, int rows, int columns);

#endif
