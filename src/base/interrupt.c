#include "base/interrupt.h"

#include <stddef.h>

volatile sig_atomic_t interrupt_flag;

static void set_flag(int signal_number) {
    (void)signal_number;
    interrupt_flag = 1;
}

void interrupt_catch(int signal_number, int flags) {
    struct sigaction act = {.sa_handler = set_flag, .sa_flags = flags};
    sigaction(signal_number, &act, NULL);
}
