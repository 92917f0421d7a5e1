/* The terminal of a page, as the calls of a system know one: the worker (worker.js;
 * under node node.js) has its keys and its size. page_wait is the one place where the
 * program waits: it is suspended there while the page lives on. */
#include <emscripten.h>
#include <errno.h>
#include <poll.h>
#include <readline/readline.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* What has come, as bits; worker.js says the same. */
enum { CAME_KEYS = 1, CAME_SIZE = 2, CAME_STOP = 4 };

/* For what the person is waited for, so that the page can say so. */
enum wait { WAIT_TIME, WAIT_KEY, WAIT_LINE };

// clang-format off
EM_JS(int, page_wait, (double ms, int wait), { return Module.wait(ms, wait); })
EM_JS(int, page_terminal, (int fd), { return Module.terminal(fd) ? 1 : 0; })
EM_JS(int, page_rows, (void), { return Module.size().rows; })
EM_JS(int, page_columns, (void), { return Module.size().columns; })
EM_JS(void, page_forget, (void), { Module.forget(); })
// clang-format on

/* ---- waiting ---- */

/* ms < 0: for ever. Are there keys, where they are waited for? -1: a signal came. */
static int await(double ms, bool keys) {
    bool line = RL_ISSTATE(RL_STATE_CALLBACK);
    int came = page_wait(ms, !keys ? WAIT_TIME : line ? WAIT_LINE : WAIT_KEY);
    if (came & CAME_STOP) raise(SIGINT);
    if (came & CAME_SIZE) raise(SIGWINCH);
    if (!(came & (CAME_STOP | CAME_SIZE))) return keys ? came & CAME_KEYS : 0;
    errno = EINTR;
    return -1;
}

static double milliseconds(const struct timespec *t) {
    return t ? 1e3 * (double)t->tv_sec + 1e-6 * (double)t->tv_nsec : -1;
}

/* Nothing but keys is ever waited for. */
int pselect(int n, fd_set *in, fd_set *out, fd_set *except, const struct timespec *most,
            const sigset_t *mask) {
    sigset_t before;
    bool keys = n > STDIN_FILENO && in && FD_ISSET(STDIN_FILENO, in);
    if (in) FD_ZERO(in);
    if (out) FD_ZERO(out);
    if (except) FD_ZERO(except);
    sigprocmask(SIG_SETMASK, mask, &before);
    int came = await(milliseconds(most), keys);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (came > 0) FD_SET(STDIN_FILENO, in);
    return came;
}

int poll(struct pollfd *p, nfds_t n, int ms) {
    bool keys = false;
    int ready = 0;
    for (nfds_t i = 0; i < n; i++) {
        p[i].revents = p[i].events & POLLOUT;
        keys |= p[i].fd == STDIN_FILENO && p[i].events & POLLIN;
        ready += p[i].revents != 0;
    }
    if (ready) return ready;
    int came = await(ms, keys);
    for (nfds_t i = 0; i < n && came > 0; i++) {
        if (p[i].fd != STDIN_FILENO) continue;
        p[i].revents = POLLIN;
        ready++;
    }
    return came < 0 ? -1 : ready;
}

int nanosleep(const struct timespec *time, struct timespec *rest) {
    if (rest) *rest = (struct timespec){0};
    return await(milliseconds(time), false) < 0 ? -1 : 0;
}

/* ---- the terminal itself ---- */

int isatty(int fd) { return page_terminal(fd); }

static struct termios modes = {.c_iflag = ICRNL,
                               .c_oflag = OPOST | ONLCR,
                               .c_cflag = CS8 | CREAD,
                               .c_lflag = ISIG | ICANON | ECHO,
                               .c_cc = {[VINTR] = 3, [VEOF] = 4, [VERASE] = 0x7f}};

int ioctl(int fd, int request, ...) {
    va_list more;
    va_start(more, request);
    void *with = va_arg(more, void *);
    va_end(more);
    if (!page_terminal(fd)) {
        errno = ENOTTY;
        return -1;
    }
    switch (request) {
        case TIOCGWINSZ:
            *(struct winsize *)with =
                (struct winsize){.ws_row = (unsigned short)page_rows(),
                                 .ws_col = (unsigned short)page_columns()};
            return 0;
        case TCGETS: *(struct termios *)with = modes; return 0;
        case TCSETSF: page_forget(); /* falls through */
        case TCSETS:
        case TCSETSW: modes = *(struct termios *)with; return 0;
        case TCFLSH: page_forget(); return 0;
    }
    return 0;
}
