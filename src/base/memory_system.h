/* memory_system: what memory_left asks of the system. */
#ifndef BASE_MEMORY_SYSTEM_H
#define BASE_MEMORY_SYSTEM_H

/* What it has for pieces of up to `piece` bytes each. */
double memory_system_left(double piece);
/* What the machine whose /proc and /sys stand under `root` ("" for this one) has left
 * for a process: for tests. */
double memory_system_under(const char *root);
/* Gives back what is free between pieces that are not. */
void memory_system_trim(void);

#endif
