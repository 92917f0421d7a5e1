#include "base/raw.h"

#include <unistd.h>

bool raw_can(struct termios *before) { return tcgetattr(STDIN_FILENO, before) == 0; }

void raw_begin(const struct termios *before, int how) {
    struct termios t = *before;
    t.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    t.c_cc[VMIN] = 1;
    t.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, how, &t);
}

void raw_end(const struct termios *before) {
    tcsetattr(STDIN_FILENO, TCSADRAIN, before);
}
