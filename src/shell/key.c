#include "shell/key.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "shell/answers.h"

/* ---- signals ---- */

/* Ctrl-C, what ends a program, a stop and its end; a window that changes. */
static const int watched[] = {SIGINT,  SIGHUP,  SIGQUIT, SIGTERM, SIGALRM,
                              SIGXCPU, SIGUSR1, SIGUSR2, SIGTSTP, SIGCONT};
enum { WATCHED = sizeof watched / sizeof *watched };

/* How long a terminal may think, and how long the rest of an answer may take. */
enum { ASK_MS = 400, HALF_MS = 200 };

static sigset_t mask; /* as it was while nothing is waited for */
static struct sigaction usual[WATCHED];
static volatile sig_atomic_t ending, stopping, going_on;

static void note(int n) {
    if (n == SIGTSTP) stopping = 1;
    else if (n == SIGCONT) going_on = 1;
    else ending = n;
}

static bool time_left(const struct timespec *deadline, struct timespec *left) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    left->tv_sec = deadline->tv_sec - now.tv_sec;
    left->tv_nsec = deadline->tv_nsec - now.tv_nsec;
    if (left->tv_nsec < 0) left->tv_sec--, left->tv_nsec += 1000000000;
    return left->tv_sec >= 0;
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

/* Until `deadline`, or for ever (NULL): false: Ctrl-C, or it is over. */
static bool wait_until(const struct key_hooks *hooks, const struct timespec *deadline) {
    for (;;) {
        struct timespec left = {0};
        if (deadline && !time_left(deadline, &left)) return false;
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
        int n =
            pselect(STDIN_FILENO + 1, &in, NULL, NULL, deadline ? &left : NULL, &mask);
        if (n > 0 || (n < 0 && errno != EINTR)) return true;
        if (!n || interrupt_flag || ending || stopping || going_on) continue;
        hooks->resize();
        if (hooks->once) return true;
    }
}

bool key_wait(const struct key_hooks *hooks) {
    return answers_waiting() || wait_until(hooks, NULL);
}

/* ---- keys, among which answers may come ---- */

static void in_a_while(struct timespec *deadline, long milliseconds) {
    clock_gettime(CLOCK_MONOTONIC, deadline);
    deadline->tv_nsec += milliseconds % 1000 * 1000000;
    deadline->tv_sec += milliseconds / 1000 + deadline->tv_nsec / 1000000000;
    deadline->tv_nsec %= 1000000000;
}

/* What has come; one byte where no answer is expected: the others stay the terminal's.
 * False: nobody is there. */
static bool read_more(struct buf *said) {
    char bytes[256];
    ssize_t n = read(STDIN_FILENO, bytes, answers_expected() ? sizeof bytes : 1);
    if (n > 0) answers_take(bytes, (size_t)n, said);
    return n > 0 || (n < 0 && errno == EINTR);
}

bool key_read(const struct key_hooks *hooks, unsigned char *byte) {
    while (!answers_key(byte)) {
        struct timespec soon;
        in_a_while(&soon, HALF_MS);
        bool more = wait_until(hooks, answers_half() ? &soon : NULL);
        if (!more && interrupt_flag) return false;
        if (!more) answers_give_up();
        else if (!read_more(NULL)) return false;
    }
    return true;
}

/* ---- any key ---- */

static struct termios before;
static bool again;

static void as_before(void) { tcsetattr(STDIN_FILENO, TCSADRAIN, &before); }

/* Byte by byte and unseen; Ctrl-C and Ctrl-Z remain what they are. */
static void listen(int how) {
    struct termios raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, how, &raw);
}

static void note_again(void) { again = true; }

/* The window is another: readline would notice that itself. */
static void on_resize(int n) { (void)n; }

int key_press(void) {
    static const struct key_hooks hooks = {as_before, as_before, note_again, note_again,
                                           true};
    struct sigaction winch = {.sa_handler = on_resize}, usually;
    if (tcgetattr(STDIN_FILENO, &before) != 0) return KEY_STOP;
    key_watch();
    sigaction(SIGWINCH, &winch, &usually);
    listen(TCSAFLUSH);
    answers_forget_keys();
    again = false;
    unsigned char byte = KEY_STOP;
    while (!again && !answers_key(&byte)) {
        if (!wait_until(&hooks, NULL) || again || !read_more(NULL)) break;
        if (answers_half()) answers_give_up(); /* the key Esc */
    }
    tcflush(STDIN_FILENO, TCIFLUSH); /* an arrow is three bytes */
    answers_forget_keys();
    as_before();
    sigaction(SIGWINCH, &usually, NULL);
    key_unwatch();
    return again && !interrupt_flag ? KEY_AGAIN : byte;
}

/* ---- asking the terminal ---- */

static void listen_again(void) { listen(TCSADRAIN); }
static void nothing(void) {}

/* A terminal that is held (Ctrl-S) is not asked. */
static bool can_write(void) {
    struct pollfd p = {STDOUT_FILENO, POLLOUT, 0};
    return poll(&p, 1, 0) == 1;
}

char *key_ask(const char *question) {
    static const struct key_hooks hooks = {as_before, as_before, listen_again, nothing,
                                           false};
    struct buf said = {0};
    struct timespec deadline;
    if (tcgetattr(STDIN_FILENO, &before) != 0) return buf_take(&said);
    key_watch();
    listen(TCSADRAIN);
    answers_expect();
    size_t n = strlen(question);
    bool asked = can_write() && write(STDOUT_FILENO, question, n) == (ssize_t)n;
    in_a_while(&deadline, ASK_MS);
    while (asked && answers_expected() && wait_until(&hooks, &deadline)) {
        if (!read_more(&said)) break;
    }
    /* what a terminal shows that did not understand */
    if (asked && write(STDOUT_FILENO, "\r\033[K", 4) < 0) asked = false;
    as_before();
    key_unwatch();
    return buf_take(&said);
}
