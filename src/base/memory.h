/* memory: the one caller of calloc and realloc.
 *
 * mem_alloc and mem_grow never return NULL: a program that cannot get a few bytes says
 * what asked for how much and ends. Anything whose size a student chooses (tensors,
 * files, long lines) asks memory_left first, and is refused with an error instead.
 *
 * An arena owns everything allocated from it; arena_free releases it all at once.
 *
 *     struct arena *a = arena_new();
 *     double *v = arena_alloc(a, 10, sizeof *v);
 *     char *s = arena_copy(a, "text");
 *     arena_free(a);
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

void *mem_alloc(size_t count, size_t size); /* zeroed; count * size is checked */
void *mem_grow(void *p, size_t count, size_t size);
void *mem_bytes(size_t n); /* mem_alloc, for libraries that are given a malloc */
char *mem_copy(const char *s);
char *mem_copy_n(const char *s, size_t n);         /* the first n bytes, terminated */
bool mem_product(size_t a, size_t b, size_t *out); /* false where a * b overflows */
/* Says it and ends: for what libc could not get memory for by itself. */
_Noreturn void mem_none(size_t count, size_t size);
void *mem_try(size_t count, size_t size); /* NULL where there is none */
size_t mem_allocations(void); /* how many so far: a test counts them in a loop */
double mem_taken(void);       /* bytes so far, whatever was given back */

struct arena;
struct arena *arena_new(void);
void arena_free(struct arena *a);
/* zeroed, 64-byte aligned */
void *arena_alloc(struct arena *a, size_t count, size_t size);
char *arena_copy(struct arena *a, const char *s);

#endif
