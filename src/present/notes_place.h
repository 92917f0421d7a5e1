/* notes_place: where the pages of notes are put and their keys come from: a file and a
 * socket in this person's runtime folder. In a web page it is another window
 * (src/page/notes_place.c).
 *
 *     struct notes_place *p;
 *     struct error *e = notes_place_open(&p);
 *     notes_place_put(p, text, len);              // whole, in one move, or not at all
 *     while ((c = notes_place_key(p)) >= 0) …      // notes_place_fd: it is readable
 *     notes_place_close(p);                       // both are gone
 */
#ifndef PRESENT_NOTES_PLACE_H
#define PRESENT_NOTES_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct notes_place;

struct error *notes_place_open(struct notes_place **out);
void notes_place_put(struct notes_place *p, const char *page, size_t len);
int notes_place_fd(const struct notes_place *p); /* -1: keys come from the terminal */
int notes_place_key(struct notes_place *p);      /* the next byte, or -1 */
bool notes_place_seen(const struct notes_place *p); /* does somebody look, just now? */
void notes_place_close(struct notes_place *p);

#endif
