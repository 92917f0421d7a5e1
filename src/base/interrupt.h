/* interrupt: the one flag that signals set. Ctrl-C sets it, and the alarm of a lesson's
 * check that takes too long; whatever takes long looks at it, or is left.
 *
 *     interrupt_catch(SIGINT, 0);
 *     while (!interrupt_flag) …                            // looks at it
 *     if (!interrupt_run(multiply, &matrices)) …           // is left where it stands
 *
 * What was left is half a value: until interrupt_settle, nothing is printed on standard
 * output (text/out.c), and who keeps or writes what came of it looks first.
 */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

#include "base/error.h"

extern volatile sig_atomic_t interrupt_flag;

/* What a loop that owns something, and so can't be left, ends with: NULL, or that it
 * was stopped. */
struct error *interrupt_error(void);
/* The error alone, for whoever knows already that work was left. */
struct error *interrupt_stopped(void);

/* From now on the signal sets the flag, under sigaction's flags. */
void interrupt_catch(int signal_number, int flags);
/* What that does, for a handler of one's own (under SA_NODEFER): it may not return. */
void interrupt_now(void);

/* Has it been hit? Called by what takes long, where no signal comes by itself: in a
 * page; elsewhere it does nothing. */
void interrupt_look(void);

/* Does the work, and leaves it at once when the flag is set: it may take nothing that
 * would have to be given back (memory, files, locks), and only one thread does such
 * work. False: it was left, or not begun. Work within work is left as one. */
bool interrupt_run(void (*work)(void *context), void *context);
/* Was work left since interrupt_settle? */
bool interrupt_left(void);
/* Nothing is kept any more of what was left. */
void interrupt_settle(void);
/* Between the two Ctrl-C waits: what has begun to change is changed to its end. */
void interrupt_hold(void);
void interrupt_release(void);
/* The line that was to be stopped is over: the next one runs. */
void interrupt_clear(void);

#endif
