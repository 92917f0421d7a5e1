/* interrupt: the one flag that signals set. Ctrl-C sets it, and the alarm of a lesson's
 * check that takes too long; whatever takes long looks at it.
 *
 *     interrupt_catch(SIGINT, 0);
 *     for (interrupt_flag = 0; !interrupt_flag;) …
 */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

#include <signal.h>

extern volatile sig_atomic_t interrupt_flag;

/* From now on the signal sets the flag, under sigaction's flags. */
void interrupt_catch(int signal_number, int flags);

#endif
