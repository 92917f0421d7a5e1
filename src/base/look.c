#include "base/interrupt.h"

/* Signals come by themselves. (In a page none does: page/look.c.) */
void interrupt_look(void) {}
