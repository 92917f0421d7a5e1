#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t allocations; /* for tests: nothing else may look at it */
static double taken;

void mem_none(size_t n, size_t size) {
    fprintf(stderr, "learn: no memory for %zu items of %zu bytes\n", n, size);
    exit(1);
}

bool mem_product(size_t a, size_t b, size_t *out) {
    return !__builtin_mul_overflow(a, b, out);
}

static void count(double bytes) {
    allocations++;
    taken += bytes;
}

void *mem_try(size_t n, size_t size) {
    void *p = calloc(n ? n : 1, size ? size : 1);
    if (p) count((double)n * (double)size);
    return p;
}

void *mem_alloc(size_t n, size_t size) {
    void *p = mem_try(n, size);
    if (!p) mem_none(n, size);
    return p;
}

void *mem_grow(void *p, size_t n, size_t size) {
    size_t bytes;
    if (!mem_product(n, size, &bytes)) mem_none(n, size);
    void *q = realloc(p, bytes ? bytes : 1);
    if (!q) mem_none(n, size);
    count((double)bytes);
    return q;
}

char *mem_copy_n(const char *s, size_t n) {
    char *p = mem_alloc(n + 1, 1);
    memcpy(p, s, n);
    return p;
}

void *mem_bytes(size_t n) { return mem_alloc(n, 1); }

char *mem_copy(const char *s) { return mem_copy_n(s, strlen(s)); }

size_t mem_allocations(void) { return allocations; }
double mem_taken(void) { return taken; }

/* ---- arena: a list of blocks, the newest first ---- */

#define ALIGN 64u
#define BLOCK 4096u
#define LARGEST ((size_t)4 << 20) /* of blocks for many pieces */

struct block {
    struct block *next;
    size_t used, size;
    unsigned char *bytes;
    void *own; /* to be freed */
};

struct arena {
    struct block *newest;
};

struct arena *arena_new(void) {
    return mem_alloc(1, sizeof(struct arena));
}

void arena_free(struct arena *a) {
    if (!a) return;
    for (struct block *b = a->newest, *next; b; b = next) {
        next = b->next;
        free(b->own);
        free(b);
    }
    free(a);
}

/* A block of `size` bytes; one for one piece alone stands behind the newest, into which
 * what comes next still goes. */
static struct block *add_block(struct arena *a, size_t size, bool alone) {
    struct block *fresh = mem_alloc(1, sizeof *fresh);
    struct block **at = alone && a->newest ? &a->newest->next : &a->newest;
    fresh->own = calloc(1, size + ALIGN);
    if (!fresh->own) mem_none(1, size);
    count((double)size);
    fresh->bytes = fresh->own;
    fresh->bytes += ALIGN - (uintptr_t)fresh->own % ALIGN;
    fresh->size = size;
    fresh->next = *at;
    return *at = fresh;
}

void *arena_alloc(struct arena *a, size_t n, size_t size) {
    size_t bytes;
    if (!mem_product(n, size, &bytes) || bytes > SIZE_MAX - ALIGN) {
        mem_none(n, size);
    }
    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    struct block *b = a->newest;
    if (!b || b->size - b->used < bytes) {
        size_t grown = b ? b->size * 2 : BLOCK; /* so n bytes cost log n blocks */
        if (grown > LARGEST) grown = LARGEST;
        b = add_block(a, bytes > grown ? bytes : grown, bytes > grown);
    }
    void *p = b->bytes + b->used; /* zeros, as no byte is given out twice */
    b->used += bytes;
    return p;
}

char *arena_copy(struct arena *a, const char *s) {
    size_t n = strlen(s) + 1;
    return memcpy(arena_alloc(a, n, 1), s, n);
}
