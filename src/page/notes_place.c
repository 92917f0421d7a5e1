/* present/notes_place in a page: a second window, which shows what is put here. What is
 * pressed there comes as the terminal's own keys. */
#include "present/notes_place.h"

#include <emscripten.h>
#include <stdlib.h>

#include "base/memory.h"
#include "present/notes_inside.h"

struct notes_place {
    bool shown; /* a page, which is to be taken away */
};

// clang-format off
EM_JS(void, page_notes, (const char *page, size_t n), {
    if (Module.notes) Module.notes(UTF8ToString(page, n));
})
// clang-format on

struct error *notes_place_open(struct notes_place **out) {
    *out = mem_alloc(1, sizeof **out);
    return NULL;
}

void notes_place_put(struct notes_place *p, const char *page, size_t len) {
    p->shown = true;
    page_notes(page, len);
}

int notes_place_fd(const struct notes_place *p) {
    (void)p;
    return -1;
}

int notes_place_key(struct notes_place *p) {
    (void)p;
    return -1;
}

bool notes_place_seen(const struct notes_place *p) {
    (void)p;
    return false;
}

void notes_place_close(struct notes_place *p) {
    if (p->shown) page_notes("null", 4);
    free(p);
}

/* `learn notes` finds no folder here: its window opens from the menu. */
int notes_places(char *paths[NOTES_PLACES]) {
    (void)paths;
    return 0;
}

int notes_folder(const char *path, bool make, struct error **e) {
    (void)path, (void)make;
    *e = NULL;
    return -1;
}

void notes_address(struct sockaddr_un *to, int folder, const char *name) {
    (void)folder, (void)name;
    *to = (struct sockaddr_un){0};
}
