/* screen: the page that a person sees between two keys. What runs past on a terminal is
 * read by nobody: at a full page somebody is to press a key, what belongs together is
 * never split, and a line wider than the terminal is folded between two words.
 *
 *     struct screen *s = screen_open(&owner);
 *     screen_put(s, stdout, "w = 3\n");
 *     screen_hold(s); …; screen_release(s); // these rows stay together
 *     screen_turn(s, 1);                    // a line was typed: the page begins anew
 *
 * The owner writes (the file is his), and says that the page is full.
 */
#ifndef TEXT_SCREEN_H
#define TEXT_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"

/* What a key at a full page says of what is to come: none of it is wanted, all of it,
 * all but the rest of what is being said (screen_want). */
enum screen_turn { SCREEN_STOP, SCREEN_ON, SCREEN_LEFT };

struct screen_owner {
    void *self;
    void (*write)(void *self, FILE *file, const char *s);
    enum screen_turn (*full)(void *self); /* waits for a key */
};

struct screen;
struct screen *screen_open(struct screen_owner owner);
void screen_close(struct screen *s); /* s may be NULL, here alone */

/* Rows and columns of the terminal on descriptor 1; 0: not known. */
void screen_size(int *rows, int *columns);

/* Text with newlines; what follows the last one waits for its end, or for a flush. */
void screen_put(struct screen *s, FILE *file, const char *text);
/* What moves nothing down, as it is: colours, or back to the line's first column. */
void screen_control(struct screen *s, FILE *file, const char *bytes);
/* Back to the start of a line `rows` above. */
void screen_up(struct screen *s, FILE *file, int rows);
void screen_flush(struct screen *s);
/* Rows of this page that are free; 0: of none, or where there are no pages. */
int screen_free(struct screen *s);
/* The next rows stay together: what does not fit under what is there begins a page. */
void screen_need(struct screen *s, int rows);
/* The same of all that is put between the two, however much it turns out to be; more
 * than a page goes on as if nothing had been held. They nest. */
void screen_hold(struct screen *s);
void screen_release(struct screen *s);
/* The same of a head: it stays with the next row, or what is held next. */
void screen_release_with_next(struct screen *s);
/* What stands there is read: a key turns the page, where there is anything on it. */
void screen_end_page(struct screen *s);
/* The cursor goes back over so many columns of its row, which will be written anew. */
void screen_back(struct screen *s, FILE *file, int columns);
/* A line's rows on so many columns, a newline between them; the first begins at
 * `column`. */
void screen_fold(struct buf *b, const char *line, int column, int columns);
/* The size of a terminal that there is not; 0: that of descriptor 1 again. */
void screen_set_size(int rows, int columns);
/* What was left ends here; what comes now is wanted again. */
void screen_want(struct screen *s);
/* A key was pressed, a line typed on the last `rows`: a page begins under it. */
void screen_turn(struct screen *s, int rows);

#endif
