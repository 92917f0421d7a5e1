#include "shell/key.h"

#include <errno.h>
#include <signal.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "base/interrupt.h"

/* ---- signals ---- */

/* Ctrl-C, what ends a program, a stop and its end; a window that changes. */
static const int watched[] = {SIGINT,  SIGHUP,  SIGQUIT, SIGTERM, SIGALRM,
                              SIGXCPU, SIGUSR1, SIGUSR2, SIGTSTP, SIGCONT};
enum { WATCHED = sizeof watched / sizeof *watched };

static sigset_t mask; /* as it was while nothing is waited for */
static struct sigaction usual[WATCHED];
static volatile sig_atomic_t ending, stopping, going_on;

static void note(int n) {
    if (n == SIGTSTP) stopping = 1;
    else if (n == SIGCONT) going_on = 1;
    else ending = n;
}

/* They come only while pselect waits, so none is lost between looking and waiting.
 * What is ignored (nohup) stays so. */
void key_watch(void) {
    sigset_t block;
    sigemptyset(&block);
    for (int i = 0; i < WATCHED; i++) sigaddset(&block, watched[i]);
    sigprocmask(SIG_BLOCK, &block, &mask);
    ending = stopping = going_on = 0;
    for (int i = 0; i < WATCHED; i++) {
        struct sigaction ours = {.sa_handler = note};
        sigaction(watched[i], NULL, &usual[i]);
        bool ignored = usual[i].sa_handler == SIG_IGN;
        if (watched[i] != SIGINT && !ignored) sigaction(watched[i], &ours, NULL);
    }
}

void key_unwatch(void) {
    for (int i = 0; i < WATCHED; i++) sigaction(watched[i], &usual[i], NULL);
    sigprocmask(SIG_SETMASK, &mask, NULL);
}

/* Takes the signal that was noted as if nobody had been watching. */
static void take_usually(int n) {
    key_unwatch();
    raise(n);
    key_watch();
}

bool key_wait(const struct key_hooks *hooks) {
    for (;;) {
        if (interrupt_flag) return false;
        if (ending) {
            hooks->leave();
            take_usually(ending);
        }
        if (stopping) {
            hooks->rest();
            take_usually(SIGTSTP);
            going_on = 1; /* nobody may have stopped us */
        }
        if (going_on) {
            going_on = 0;
            hooks->back();
            if (hooks->once) return true;
        }
        fd_set in;
        FD_ZERO(&in);
        FD_SET(STDIN_FILENO, &in);
        int n = pselect(STDIN_FILENO + 1, &in, NULL, NULL, NULL, &mask);
        if (n > 0 || (n < 0 && errno != EINTR)) return true;
        if (interrupt_flag || ending || stopping || going_on) continue;
        hooks->resize();
        if (hooks->once) return true;
    }
}

/* ---- any key ---- */

static struct termios before;
static bool again;

static void as_before(void) { tcsetattr(STDIN_FILENO, TCSADRAIN, &before); }

/* Byte by byte and unseen; Ctrl-C and Ctrl-Z remain what they are. */
static void listen(void) {
    struct termios raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
}

static void note_again(void) { again = true; }

/* The window is another: readline would notice that itself. */
static void on_resize(int n) { (void)n; }

int key_press(void) {
    static const struct key_hooks hooks = {as_before, as_before, note_again, note_again,
                                           true};
    struct sigaction winch = {.sa_handler = on_resize}, usually;
    char bytes[64]; /* an arrow is three */
    if (tcgetattr(STDIN_FILENO, &before) != 0) return KEY_STOP;
    key_watch();
    sigaction(SIGWINCH, &winch, &usually);
    listen();
    again = false;
    bool pressed = key_wait(&hooks) && !again;
    ssize_t n = pressed ? read(STDIN_FILENO, bytes, sizeof bytes) : 0;
    as_before();
    sigaction(SIGWINCH, &usually, NULL);
    key_unwatch();
    if (again && !interrupt_flag) return KEY_AGAIN;
    return n > 0 && *bytes ? (unsigned char)*bytes : KEY_STOP;
}
