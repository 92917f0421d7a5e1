/* memory_left: is there memory for what is about to be asked for? A graph too large for
 * the machine is refused before it runs, not ended half-way by the system.
 *
 *     struct error *e = memory_left_for(8e9);    // NULL: there is
 */
#ifndef BASE_MEMORY_LEFT_H
#define BASE_MEMORY_LEFT_H

#include "base/error.h"

/* What the machine has left, or this process's share of it (cgroup, ulimit). A few
 * bytes are always fine, without looking. The error says how much is wanted and what is
 * left. */
struct error *memory_left_for(double bytes);

#endif
