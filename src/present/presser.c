#include "present/presser.h"

#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/raw.h"
#include "shell/key.h"

/* ---- the terminal ---- */

static struct termios before;
static volatile sig_atomic_t raw; /* it is not as it was */
static volatile sig_atomic_t came_back;

static void listen(void) {
    raw_begin(&before, TCSADRAIN);
    raw = 1;
}

/* In a handler too: the screen that scrolls, a cursor, no ink, and the modes. */
static void as_before(void) {
    static const char usual[] = "\033[?1049l\033[?25h\033[0m\r\n";
    if (!raw) return;
    raw = 0;
    if (write(STDOUT_FILENO, usual, sizeof usual - 1) < 0) raw = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

static void end(int n) {
    as_before();
    signal(n, SIG_DFL);
    raise(n);
}

/* What stops a program stops it here; it goes on where the shell says so. */
static void stop(int n) {
    bool was = raw;
    as_before();
    struct sigaction usual = {.sa_handler = SIG_DFL}, ours;
    sigset_t it;
    sigaction(n, &usual, &ours);
    sigemptyset(&it);
    sigaddset(&it, n);
    sigprocmask(SIG_UNBLOCK, &it, NULL);
    raise(n);
    sigaction(n, &ours, NULL);
    if (was) listen();
    came_back = 1;
}

static const struct {
    int n;
    void (*handle)(int n);
    bool fault; /* the program's own: who already looks at it sees it alone */
} signals[] = {{SIGTERM, end, false}, {SIGHUP, end, false},   {SIGQUIT, end, false},
               {SIGALRM, end, false}, {SIGXCPU, end, false},  {SIGUSR1, end, false},
               {SIGUSR2, end, false}, {SIGTSTP, stop, false}, {SIGSEGV, end, true},
               {SIGBUS, end, true},   {SIGFPE, end, true},    {SIGABRT, end, true}};
enum { SIGNALS = sizeof signals / sizeof *signals };
static struct sigaction usual[SIGNALS];

void presser_open(struct presser *h) {
    if (!h->person || !raw_can(&before)) return;
    for (int i = 0; i < SIGNALS; i++) {
        struct sigaction ours = {.sa_handler = signals[i].handle};
        sigaction(signals[i].n, NULL, &usual[i]);
        bool taken = signals[i].fault ? usual[i].sa_handler != SIG_DFL
                                      : usual[i].sa_handler == SIG_IGN;
        if (!taken) sigaction(signals[i].n, &ours, NULL);
    }
    atexit(as_before);
    listen();
}

void presser_lend(struct presser *h) {
    if (!h->person) return;
    raw = 0;
    raw_end(&before);
}

void presser_take_back(struct presser *h) {
    if (h->person) listen();
}

void presser_close(struct presser *h) {
    if (!h->person) return;
    presser_lend(h);
    for (int i = 0; i < SIGNALS; i++) sigaction(signals[i].n, &usual[i], NULL);
}

/* ---- keys ---- */

bool presser_pressed(const struct presser *h) {
    struct pollfd p = {STDIN_FILENO, POLLIN, 0};
    return h->person && poll(&p, 1, 0) == 1;
}

static void nothing(void) {}
static void back(void) {
    listen(); /* a shell may have done what it likes */
    came_back = 1;
}

/* Ended or stopped the program is by the handlers above. */
static const struct key_hooks hooks = {nothing, nothing, back, nothing, true};

enum { SEQUENCE_MOST = 16, SEQUENCE_MS = 50 };

static bool is_whole(const char *sent, size_t n) {
    unsigned char first = (unsigned char)sent[0], last = (unsigned char)sent[n - 1];
    if (first == 0x1B && n == 1) return false;
    if (first == 0x1B && n == 2) return last != '[' && last != 'O';
    if (first == 0x1B) return sent[1] == 'O' || (last >= 0x40 && last <= 0x7E);
    return n >= (first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1);
}

static enum presser_event event_of(enum key_came came) {
    static const enum presser_event events[] = {[KEY_CAME] = PRESSER_KEY,
                                                [KEY_OTHER] = PRESSER_KEY,
                                                [KEY_TIME] = PRESSER_TIME,
                                                [KEY_SCREEN] = PRESSER_SCREEN,
                                                [KEY_INTERRUPT] = PRESSER_INTERRUPT,
                                                [KEY_GONE] = PRESSER_GONE};
    return events[came];
}

/* other: its rest comes from there. */
static enum talk_key read_key(const struct presser *h, char first, bool other,
                              bool asked) {
    char sent[SEQUENCE_MOST] = {first}, more = 0;
    size_t n = 1;
    unsigned char byte = 0;
    while (!is_whole(sent, n) && n < sizeof sent - 1) {
        bool came = other ? h->other_key(h->self, &more)
                          : key_next(&hooks, -1, SEQUENCE_MS, &byte) == KEY_CAME;
        if (!came) break;
        sent[n++] = other ? more : (char)byte;
    }
    return keys_find(sent, n, asked);
}

/* From the terminal, or the notes. */
static struct press next_press(struct presser *h, double seconds, bool asked) {
    struct press p = {PRESSER_TIME, TALK_NOTHING, 0};
    unsigned char byte = 0;
    double until = clock_seconds() + seconds;
    enum key_came came;
    bool other;
    do { /* a look at the notes comes from there, too, and is no key */
        double left = fmax(0, until - clock_seconds());
        int ms = seconds < 0 ? -1 : (int)(left * 1000);
        came = key_next(&hooks, h->other, ms, &byte);
        other = came == KEY_OTHER && h->other_key(h->self, &p.sent);
    } while (came == KEY_OTHER && !other);
    p.event = came_back ? PRESSER_SCREEN : event_of(came);
    came_back = 0;
    if (came == KEY_CAME) p.sent = (char)byte;
    if (came == KEY_CAME || other) p.key = read_key(h, p.sent, other, asked);
    return p;
}

struct press presser_wait(struct presser *h, double seconds, bool asked) {
    struct press p = {PRESSER_TIME, TALK_NOTHING, 0};
    if (!h->person) {
        clock_wait(&h->clock, seconds < 0 ? 0 : seconds);
        if (interrupt_flag) p.event = PRESSER_INTERRUPT;
    } else if (h->quits) {
        h->quits--;
        p = (struct press){PRESSER_KEY, TALK_QUIT, 'q'};
    } else {
        p = next_press(h, seconds, asked);
        if (p.event == PRESSER_INTERRUPT) interrupt_clear();
    }
    return p;
}

void presser_keep(struct presser *h, struct press p) {
    h->quits += p.event == PRESSER_KEY && p.key == TALK_QUIT;
}

enum { FORGOTTEN_MOST = 4096 }; /* what a terminal keeps */

void presser_forget(struct presser *h) {
    struct press p = {0};
    bool screen = false;
    for (int n = 0; h->person && p.event <= PRESSER_SCREEN && n < FORGOTTEN_MOST; n++) {
        p = next_press(h, 0, false);
        screen |= p.event == PRESSER_SCREEN;
        presser_keep(h, p);
        if (p.event == PRESSER_TIME) break;
    }
    if (h->person) key_forget();
    came_back |= screen;
}
