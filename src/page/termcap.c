/* termcap in a page, for readline: xterm.js is the one terminal. */
#include <stdio.h>
#include <string.h>

// clang-format off
static const char *const capabilities[][2] = {
    {"ce", "\033[K"}, {"cd", "\033[J"}, {"cl", "\033[H\033[2J"}, {"cr", "\r"},
    {"nd", "\033[C"}, {"le", "\b"}, {"up", "\033[A"}, {"do", "\n"}, {"bl", "\a"},
    {"ku", "\033[A"}, {"kd", "\033[B"}, {"kr", "\033[C"}, {"kl", "\033[D"},
    {"kh", "\033[H"}, {"@7", "\033[F"}, {"kD", "\033[3~"},
    {"dc", "\033[P"}, {"DC", "\033[%dP"}, {"ic", "\033[@"}, {"IC", "\033[%d@"},
};
// clang-format on

int tgetent(char *buffer, const char *name) {
    (void)buffer, (void)name;
    return 1;
}

int tgetflag(const char *id) {
    return strcmp(id, "am") == 0 || strcmp(id, "xn") == 0 || strcmp(id, "km") == 0;
}

int tgetnum(const char *id) {
    return strcmp(id, "co") == 0 ? 80 : strcmp(id, "li") == 0 ? 24 : -1;
}

char *tgetstr(const char *id, char **area) {
    (void)area;
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
        if (strcmp(capabilities[i][0], id) == 0) return (char *)capabilities[i][1];
    return NULL;
}

int tputs(const char *s, int n, int (*put)(int)) {
    (void)n;
    while (s && *s) put((unsigned char)*s++);
    return 0;
}

/* Only DC and IC have a number in them, the last. */
char *tgoto(const char *capability, int column, int row) {
    static char made[32];
    const char *number = strstr(capability, "%d");
    (void)column;
    snprintf(made, sizeof made, "%.*s%d%s", (int)(number - capability), capability, row,
             number + 2);
    return made;
}
