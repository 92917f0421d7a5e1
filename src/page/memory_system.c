/* base/memory_system in a page: it has what 32 bits reach, or a little less. */
#include "base/memory_system.h"

#include <emscripten/heap.h>
#include <malloc.h>
#include <unistd.h>

double memory_system_left(double piece) {
    (void)piece;
    double taken = (double)(size_t)sbrk(0), free = (double)(size_t)mallinfo().fordblks;
    return (double)emscripten_get_heap_max() - taken + free;
}

void memory_system_trim(void) {}
