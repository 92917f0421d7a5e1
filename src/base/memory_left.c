#include "base/memory_left.h"

#include <math.h>

#include "base/memory.h"
#include "base/memory_system.h"
#include "base/units.h"

#define GOING_ON ((double)(8 << 20)) /* kept, to say so and for the next line */
#define UNASKED ((double)(64 << 20)) /* at most, before the system is asked again */

/* For pieces of up to `piece` bytes. */
static double left_for_piece(double piece) {
    return fmax(memory_system_left(piece) - GOING_ON, 0);
}

double memory_left(void) { return left_for_piece(0); }

struct error *memory_left_short(double bytes) {
    char wants[UNITS_SIZE], has[UNITS_SIZE];
    double left = fmin(left_for_piece(bytes), bytes);
    return error_new("memory-short", "memory", units_bytes(wants, bytes), "has",
                     units_bytes(has, floor(left)), NULL);
}

struct error *memory_left_for(double bytes) {
    static double asked = 0,
                  fine = GOING_ON; /* taken when asked; without asking again */
    if (mem_taken() - asked + bytes <= fine) return NULL;
    double left = left_for_piece(bytes);
    if (bytes > left) {
        memory_system_trim(); /* what was freed between others goes back, too */
        left = left_for_piece(bytes);
    }
    asked = mem_taken();
    fine = fmin(left / 4, UNASKED);
    return bytes <= left ? NULL : memory_left_short(bytes);
}

struct error *memory_left_for_more(const struct buf *b, size_t bytes) {
    double wanted = (double)b->len + (double)bytes + 1;
    return wanted <= (double)b->cap ? NULL : memory_left_for(2 * wanted);
}
