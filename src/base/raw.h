/* raw: keys byte by byte and unseen; Ctrl-C and Ctrl-Z remain what they are.
 *
 *     struct termios before;
 *     if (!raw_can(&before)) …                  // no terminal
 *     raw_begin(&before, TCSADRAIN);
 *     …
 *     raw_end(&before);
 *
 * The latter two may be called by a signal's handler.
 */
#ifndef BASE_RAW_H
#define BASE_RAW_H

#include <stdbool.h>
#include <termios.h>

/* How the terminal is now, whose keys are standard input; false: it is none. */
bool raw_can(struct termios *before);
/* how: as of tcsetattr. With TCSAFLUSH what was typed before is nobody's. */
void raw_begin(const struct termios *before, int how);
void raw_end(const struct termios *before);

#endif
