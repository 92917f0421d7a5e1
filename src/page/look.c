/* base/look in a page: no signal comes by itself while a program runs. */
#include <emscripten.h>
#include <signal.h>

#include "base/interrupt.h"

#define LOOK_MS 50.0

EM_JS(int, page_stopped, (void), { return Module.stopped(); })

void interrupt_look(void) {
    static double last;
    double now = emscripten_get_now();
    if (now - last < LOOK_MS) return;
    last = now;
    if (page_stopped()) raise(SIGINT);
}
