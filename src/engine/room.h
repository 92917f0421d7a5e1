/* room: is there memory for what is about to be asked for? A graph too large for the
 * machine is refused before it runs, not ended half-way by the system.
 *
 *     struct error *e = room_for_bytes(8e9);    // NULL: there is
 */
#ifndef ENGINE_ROOM_H
#define ENGINE_ROOM_H

#include "base/error.h"

/* What the machine has left, or this process's share of it (cgroup, ulimit). A few
 * bytes are always fine, without looking. The error says how much is wanted and what is
 * left. */
struct error *room_for_bytes(double bytes);

#endif
