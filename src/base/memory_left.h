/* memory_left: is there memory for what is about to be asked for? What is too large is
 * refused before it is begun, not ended half-way by the system: the board is still
 * there. Whatever a person decides the size of asks here first: values, the nodes of a
 * formula, files, long lines.
 *
 * Left is the least of what the machine has available, of what ulimit -v and -d leave
 * this process, and of what each cgroup above it has; less what was promised to it
 * already and not touched yet, and a little to go on with. Asking costs a comparison;
 * the system itself is asked when a good part of what was left is taken since.
 *
 *     struct error *e = memory_left_for(8e9);    // NULL: there is
 */
#ifndef BASE_MEMORY_LEFT_H
#define BASE_MEMORY_LEFT_H

#include "base/buf.h"
#include "base/error.h"

/* The error says how much is wanted and what is left. */
struct error *memory_left_for(double bytes);
/* So that so many more fit into b; where they do already, nothing is asked. */
struct error *memory_left_for_more(const struct buf *b, size_t bytes);
/* The error alone: for who was refused by the system although there seemed to be. */
struct error *memory_left_short(double bytes);
double memory_left(void);

#endif
