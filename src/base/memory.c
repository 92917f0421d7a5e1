#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t allocations; /* for tests: nothing else may look at it */

void mem_none(size_t count, size_t size) {
    fprintf(stderr, "learn: no memory for %zu items of %zu bytes\n", count, size);
    exit(1);
}

bool mem_product(size_t a, size_t b, size_t *out) {
    return !__builtin_mul_overflow(a, b, out);
}

void *mem_alloc(size_t count, size_t size) {
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (!p) mem_none(count, size);
    allocations++;
    return p;
}

void *mem_grow(void *p, size_t count, size_t size) {
    size_t bytes;
    if (!mem_product(count, size, &bytes)) mem_none(count, size);
    void *q = realloc(p, bytes ? bytes : 1);
    if (!q) mem_none(count, size);
    allocations++;
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

/* ---- arena: a list of blocks, the newest first ---- */

#define ALIGN 64u
#define BLOCK 4096u

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

void *arena_alloc(struct arena *a, size_t count, size_t size) {
    size_t bytes;
    if (!mem_product(count, size, &bytes) || bytes > SIZE_MAX - ALIGN) {
        mem_none(count, size);
    }
    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    struct block *b = a->newest;
    if (!b || b->size - b->used < bytes) {
        size_t grown = b ? b->size * 2 : BLOCK; /* so n bytes cost log n blocks */
        if (grown > (1u << 24)) grown = 1u << 24;
        struct block *fresh = mem_alloc(1, sizeof *fresh);
        fresh->size = bytes > grown ? bytes : grown;
        fresh->own = calloc(1, fresh->size + ALIGN);
        if (!fresh->own) mem_none(count, size);
        allocations++;
        fresh->bytes = fresh->own;
        fresh->bytes += ALIGN - (uintptr_t)fresh->own % ALIGN;
        fresh->next = b;
        a->newest = b = fresh;
    }
    void *p = b->bytes + b->used; /* zeros, as no byte is given out twice */
    b->used += bytes;
    return p;
}

char *arena_copy(struct arena *a, const char *s) {
    size_t n = strlen(s) + 1;
    return memcpy(arena_alloc(a, n, 1), s, n);
}
