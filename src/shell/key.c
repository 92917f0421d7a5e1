#include "shell/key.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/raw.h"
#include "shell/answers.h"

/* ---- signals ---- */

/* Ctrl-C, what ends a program, a stop and its end; a window that changes. */
static const int watched[] = {SIGINT,  SIGHUP,  SIGQUIT, SIGTERM, SIGALRM,
                              SIGXCPU, SIGUSR1, SIGUSR2, SIGTSTP, SIGCONT};
enum { WATCHED = sizeof watched / sizeof *watched };

enum {
    ASK_MS = 400,   /* how long a terminal may think */
    LINGER_MS = 400 /* and a person between two letters of a word that begins with q */
};

static sigset_t mask; /* as it was while nothing is waited for */
static struct sigaction usual[WATCHED];
static volatile sig_atomic_t ending, stopping, going_on;

static void note(int n) {
    if (n == SIGTSTP) stopping = 1;
    else if (n == SIGCONT) going_on = 1;
    else ending = n;
}

/* The window is another: readline would notice that itself. */
static void on_resize(int n) { (void)n; }

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

/* What has come, though keys may have, too: pselect alone would see only those. False:
 * Ctrl-C, and what was typed before it is nothing. */
static bool take_signals(const struct key_hooks *hooks, bool *back) {
    pselect(0, NULL, NULL, NULL, &(struct timespec){0}, &mask);
    if (interrupt_flag) {
        answers_forget_keys();
        return false;
    }
    if (ending) {
        hooks->leave();
        take_usually(ending);
    }
    if (stopping) {
        hooks->rest();
        take_usually(SIGTSTP);
        going_on = 1; /* nobody may have stopped us */
    }
    *back = going_on;
    going_on = 0;
    if (*back) hooks->back();
    return true;
}

/* Until `deadline`, or for ever (NULL); for `other` as well, where it is none of -1. */
static enum key_came wait_for(const struct key_hooks *hooks,
                              const struct timespec *deadline, int other) {
    for (;;) {
        struct timespec left = {0};
        bool back;
        if (!take_signals(hooks, &back)) return KEY_INTERRUPT;
        if (back && hooks->once) return KEY_SCREEN;
        if (deadline && !time_left(deadline, &left)) return KEY_TIME;
        fd_set in;
        FD_ZERO(&in);
        FD_SET(STDIN_FILENO, &in);
        if (other >= 0) FD_SET(other, &in);
        int most = other > STDIN_FILENO ? other : STDIN_FILENO;
        int n = pselect(most + 1, &in, NULL, NULL, deadline ? &left : NULL, &mask);
        if (n > 0 && !FD_ISSET(STDIN_FILENO, &in)) return KEY_OTHER;
        if (n > 0 || (n < 0 && errno != EINTR)) return KEY_CAME;
        if (!n || interrupt_flag || ending || stopping || going_on) continue;
        hooks->resize();
        if (hooks->once) return KEY_SCREEN;
    }
}

/* False: Ctrl-C, or it is over. */
static bool wait_until(const struct key_hooks *hooks, const struct timespec *deadline) {
    enum key_came came = wait_for(hooks, deadline, -1);
    return came == KEY_CAME || came == KEY_SCREEN;
}

bool key_wait(const struct key_hooks *hooks) {
    bool back;
    if (!answers_waiting()) return wait_until(hooks, NULL);
    return take_signals(hooks, &back);
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
    char bytes[4096]; /* a terminal gives no more at once */
    ssize_t n = read(STDIN_FILENO, bytes, answers_expected() ? sizeof bytes : 1);
    if (n > 0) answers_take(bytes, (size_t)n, said);
    return n > 0 || (n < 0 && errno == EINTR);
}

static bool can(int fd, short what) {
    struct pollfd p = {fd, what, 0};
    return poll(&p, 1, 0) == 1;
}

static bool is_before(const struct timespec *a, const struct timespec *b) {
    return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/* Waits for more until `deadline`, or for ever (NULL); what has begun is given up in
 * its time. False: Ctrl-C, or it is over, or nobody is there. */
static bool wait_and_read(const struct key_hooks *hooks,
                          const struct timespec *deadline, struct buf *said) {
    struct timespec soon;
    int patience = answers_patience();
    in_a_while(&soon, patience);
    bool sooner = patience && (!deadline || is_before(&soon, deadline));
    if (wait_until(hooks, sooner ? &soon : deadline)) return read_more(said);
    if (!sooner || interrupt_flag) return false;
    answers_give_up();
    return true;
}

/* Read ahead where it may be an answer: else Ctrl-C would stand behind what was typed
 * faster than it is shown. */
bool key_read(const struct key_hooks *hooks, unsigned char *byte) {
    bool back;
    if (!take_signals(hooks, &back)) return false;
    if (answers_expected() && can(STDIN_FILENO, POLLIN)) read_more(NULL);
    while (!answers_key(byte)) {
        if (!wait_and_read(hooks, NULL, NULL)) return false;
    }
    return true;
}

static enum key_came wait_a_byte(const struct key_hooks *hooks, int other,
                                 const struct timespec *deadline, unsigned char *byte) {
    bool back;
    if (!take_signals(hooks, &back)) return KEY_INTERRUPT;
    if (back) return KEY_SCREEN;
    while (!answers_key(byte)) {
        struct timespec soon;
        int patience = answers_patience();
        in_a_while(&soon, patience);
        bool sooner = patience && (!deadline || is_before(&soon, deadline));
        enum key_came came = wait_for(hooks, sooner ? &soon : deadline, other);
        if (came == KEY_TIME && can(STDIN_FILENO, POLLIN)) came = KEY_CAME;
        if (came == KEY_TIME && sooner) answers_give_up();
        else if (came != KEY_CAME) return came;
        else if (!read_more(NULL)) return KEY_GONE;
    }
    return KEY_CAME;
}

enum key_came key_next(const struct key_hooks *hooks, int other, int milliseconds,
                       unsigned char *byte) {
    struct timespec deadline;
    struct sigaction winch = {.sa_handler = on_resize}, usually;
    in_a_while(&deadline, milliseconds);
    key_watch();
    sigaction(SIGWINCH, &winch, &usually);
    enum key_came came =
        wait_a_byte(hooks, other, milliseconds < 0 ? NULL : &deadline, byte);
    sigaction(SIGWINCH, &usually, NULL);
    key_unwatch();
    return came;
}

void key_forget(void) {
    tcflush(STDIN_FILENO, TCIFLUSH);
    answers_forget_keys();
}

/* ---- any key ---- */

static struct termios before;
static bool again;

static void as_before(void) { raw_end(&before); }

static void note_again(void) { again = true; }

static struct buf typed, kept; /* at a full page; it waits there for a prompt */

/* Keys that leave: q, and where Hangul is on, what stands on it. More may follow. */
static bool may_leave(void) {
    static const char hangul[] = "ㅂ";
    const char *s = buf_text(&typed);
    return typed.len && (strcmp(s, "q") == 0 || strncmp(s, hangul, typed.len) == 0);
}

static void erase_letter(void) {
    while (typed.len && ((unsigned char)typed.data[--typed.len] & 0xC0) == 0x80) {}
    if (typed.data) typed.data[typed.len] = '\0';
}

static bool next_byte(const struct key_hooks *hooks, const struct timespec *deadline,
                      unsigned char *byte) {
    while (!again && !answers_key(byte)) {
        if (!wait_until(hooks, deadline) || again || !read_more(NULL)) return false;
        if (answers_patience()) answers_give_up(); /* the key Esc */
    }
    return !again;
}

/* Enter, Space, Esc and what begins with it, of which only the first byte is looked at;
 * else it is a line that somebody types who takes this for a prompt. */
static int turning_key(const struct key_hooks *hooks) {
    struct timespec soon = {0};
    unsigned char byte;
    bool begun = typed.len;
    int key = KEY_STOP;
    while (next_byte(hooks, may_leave() ? &soon : NULL, &byte)) {
        bool erases = byte == 0x7f || byte == '\b';
        bool turns = typed.len ? byte < ' ' && !erases : byte <= ' ' || erases;
        if (turns) key = byte;
        else if (erases) erase_letter();
        else buf_add_n(&typed, (const char *)&byte, 1);
        if (turns) break;
        if (may_leave()) in_a_while(&soon, LINGER_MS);
        else if (typed.len && !begun) return KEY_TYPED;
    }
    if (again && !interrupt_flag) return KEY_AGAIN;
    if (may_leave() && !interrupt_flag) key = 'q';
    if (key == 'q' || key == KEY_STOP) buf_clear(&typed);
    if (key == KEY_STOP) buf_clear(&kept);
    if (typed.len) buf_clear(&kept), buf_add(&kept, buf_text(&typed));
    return key;
}

static int any_key(const struct key_hooks *hooks) {
    unsigned char byte;
    bool pressed = next_byte(hooks, NULL, &byte);
    return again && !interrupt_flag ? KEY_AGAIN : pressed ? byte : KEY_STOP;
}

int key_press(bool turns) {
    static const struct key_hooks hooks = {as_before, as_before, note_again, note_again,
                                           true};
    static bool goes_on; /* the line is still being typed */
    struct sigaction winch = {.sa_handler = on_resize}, usually;
    if (!raw_can(&before)) return KEY_STOP;
    key_watch();
    sigaction(SIGWINCH, &winch, &usually);
    raw_begin(&before, goes_on ? TCSADRAIN : TCSAFLUSH);
    if (!goes_on) answers_forget_keys();
    if (!goes_on && turns) buf_clear(&typed);
    again = false;
    int key = turns ? turning_key(&hooks) : any_key(&hooks);
    goes_on = turns && (key == KEY_TYPED || key == KEY_AGAIN);
    if (!goes_on) key_forget(); /* an arrow is three bytes */
    as_before();
    sigaction(SIGWINCH, &usually, NULL);
    key_unwatch();
    return key;
}

void key_give_typed(void) {
    answers_put(buf_text(&kept));
    buf_clear(&kept);
}

/* ---- asking the terminal ---- */

static void listen_again(void) { raw_begin(&before, TCSADRAIN); }
static void nothing(void) {}

char *key_ask(const char *question) {
    static const struct key_hooks hooks = {as_before, as_before, listen_again, nothing,
                                           false};
    struct buf said = {0};
    struct timespec deadline;
    if (!raw_can(&before)) return buf_take(&said);
    key_watch();
    raw_begin(&before, TCSADRAIN);
    answers_expect();
    size_t n = strlen(question);
    /* A terminal that is held (Ctrl-S) is not asked. */
    bool asked =
        can(STDOUT_FILENO, POLLOUT) && write(STDOUT_FILENO, question, n) == (ssize_t)n;
    in_a_while(&deadline, ASK_MS);
    while (asked && answers_expected() && wait_and_read(&hooks, &deadline, &said)) {}
    /* what a terminal shows that did not understand */
    if (asked && write(STDOUT_FILENO, "\r\033[K", 4) < 0) asked = false;
    as_before();
    key_unwatch();
    return buf_take(&said);
}
