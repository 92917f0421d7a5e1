/* wishes: what may be said of how a talk is to be given: the options behind `learn
 * present`. The words are the caller's.
 *
 *     struct talk_options o = {.speed = 3, .automatic = -1, .pace = 0.25};
 */
#ifndef PRESENT_WISHES_H
#define PRESENT_WISHES_H

#include <stdbool.h>

struct talk_options {
    const char *from; /* a step's number or name, or NULL */
    double automatic; /* seconds for an average page; less than 0: somebody is there */
    const char *record; /* a file, or NULL */
    int speed;          /* of typing, 1 to 5; 0: at once */
    double pace;        /* seconds for a row of what is learning */
    bool loop;          /* from the end on to the beginning */
    bool anyway;        /* whatever lint says */
};

#endif
