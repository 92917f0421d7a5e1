#include "base/interrupt.h"

#include <setjmp.h>
#include <stddef.h>

volatile sig_atomic_t interrupt_flag;

static volatile sig_atomic_t working;
static sigjmp_buf way_out; /* of the work in hand */
static bool left;

void interrupt_now(void) {
    interrupt_flag = 1;
    if (!working) return;
    working = 0;
    siglongjmp(way_out, 1);
}

static void set_flag(int signal_number) {
    (void)signal_number;
    interrupt_now();
}

struct error *interrupt_stopped(void) {
    return error_new("stopped", NULL);
}

struct error *interrupt_error(void) {
    return interrupt_flag ? interrupt_stopped() : NULL;
}

/* SA_NODEFER: the handler may be left by the jump, and the signal comes again. */
void interrupt_catch(int signal_number, int flags) {
    struct sigaction act = {.sa_handler = set_flag, .sa_flags = flags | SA_NODEFER};
    sigaction(signal_number, &act, NULL);
}

bool interrupt_run(void (*work)(void *context), void *context) {
    if (working) {
        work(context);
        return true;
    }
    if (sigsetjmp(way_out, 0)) {
        left = true;
        return false;
    }
    working = 1;
    if (!interrupt_flag) work(context); /* set before: it would not jump */
    working = 0;
    left = left || interrupt_flag;
    return !interrupt_flag;
}

bool interrupt_left(void) { return left; }
void interrupt_settle(void) { left = false; }

static sigset_t unheld;
static bool held;

void interrupt_hold(void) {
    sigset_t both;
    sigemptyset(&both);
    sigaddset(&both, SIGINT);
    sigaddset(&both, SIGALRM);
    sigprocmask(SIG_BLOCK, &both, &unheld);
    held = interrupt_flag;
    interrupt_flag = 0;
}

void interrupt_release(void) {
    interrupt_flag = held;
    sigprocmask(SIG_SETMASK, &unheld, NULL);
}

void interrupt_clear(void) {
    interrupt_flag = 0;
    left = false;
}
