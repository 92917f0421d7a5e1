#include "syntax/habits.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"

/* To add one: a row. In the pattern %1 %2 stand for anything, a space for any number of
 * spaces; the answer takes them up. No answer: it is not needed here. */
struct habit {
    const char *pattern, *here;
};

static const struct habit habits[] = {
    {"print(%1)", "%1"},
    {"%1.backward()", "backward %1"},
    {"%1.grad", "dE/d%1"},
    {"%1.item()", "%1"},
    {"%1.zero_grad()", NULL},
    {"%1.step()", "step E rate 0.1"},
    {"exit()", "quit"},
    {"quit()", "quit"},
    {"np.array(%1)", "%1"},
    {"%1 = np.array(%2)", "%1 = %2"},
    {"torch.tensor(%1)", "%1"},
    {"%1 = torch.tensor(%2)", "%1 = %2"},
    {"np.dot(%1, %2)", "%1 @ %2"},
    {"%1 = np.dot(%2, %3)", "%1 = %2 @ %3"},
    {"np.matmul(%1, %2)", "%1 @ %2"},
    {"nn.Linear(%1, %2)", "dense(X, %2)"},
    {"%1 = nn.Linear(%2, %3)", "%1 = dense(X, %3)"},
    {"import %1", NULL},
    {"from %1 import %2", NULL},
    {"for %1 in range(%2):%3", "repeat %2 as %1 { … }"},
    {"for %1 in %2:%3", "repeat 5 as %1 { … }"},
    {"while %1:%2", "repeat 10 { … }"},
    {"if %1:%2", "where(%1, 1, 0)"},
    {"def %1(%2):%3", "%1(%2) = …"},
    {"lambda %1:%2", "f(%1) = %2"},
    {"%1 = lambda %2:%3", "%1(%2) = %3"},
    {"%1 *= %2", "%1 = %1*(%2)"},
    {"%1 /= %2", "%1 = %1/(%2)"},
};

/* Single words, with a module's name before them or not; signs. To add one: a row. */
static const struct {
    const char *word, *here;
} words[] = {
    {"mse", "l2"},
    {"MSELoss", "l2"},
    {"mae", "l1"},
    {"L1Loss", "l1"},
    {"mean_squared_error", "l2"},
    {"CrossEntropyLoss", "cross_entropy"},
    {"BCELoss", "binary_cross_entropy"},
    {"BCEWithLogitsLoss", "binary_cross_entropy"},
    {"rand", "uniform(0, 1, 3)"},
    {"randn", "normal(0, 1, 3)"},
    {"inv", "solve(A, b)"},
    {"swish", "silu"},
    {"ceil", "-floor(-x)"},
    {"variance", "var"},
    {"product", "prod"},
    {"MaxPool2d", "maxpool"},
    {"AvgPool2d", "avgpool"},
    {"pad", "conv(X, 8, pad=1)"},
    {"ln", "log"},
    {"range", "repeat 5 as k { … }"},
    {"array", "[1, 2]"},
    {"tensor", "[1, 2]"},
    {"dot", "a @ b"},
    {"matmul", "a @ b"},
    {"mm", "a @ b"},
    {"Linear", "dense(X, 3)"},
    {"Dense", "dense(X, 3)"},
    {"Conv2d", "conv(X, 8)"},
    {"arange", "[0 .. 5]"},
    {"slope", "dE/dw"},
    {"gradient", "dE/dw"},
    {"기울기", "dE/dw"},
    {"error", "E"},
    {"loss", "E"},
    {"오류", "E"},
    {"α", "0.1"},
    {"alpha", "0.1"},
    {"lr", "0.1"},
    {"learning_rate", "0.1"},
    {"η", "0.1"},
    {"학습률", "0.1"},
    {"Adam", "with adam"},
    {"SGD", "descend E rate 0.1"},
    {"power", "a^b"},
    {"pow", "a^b"},
    {"ReLU", "relu"},
    {"absolute", "abs"},
    {"σ", "sigmoid"},
    {"Σ", "sum"},
    {"∑", "sum"},
    {"√", "sqrt"},
    {"←", "="},
};

const char *habit_word(const char *word) {
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].word, word) == 0) return words[i].here;
    }
    return NULL;
}

#define PARTS 4

struct part {
    const char *start;
    size_t n;
};

/* Patterns are a few dozen characters; of the line each %n takes as little as will do,
 * so only the first place where what follows it matches needs to be looked at. */
static bool matches(const char *pattern, const char *s, struct part *parts) {
    for (;; pattern++) {
        if (*pattern == ' ') {
            while (isspace((unsigned char)*s)) s++;
        } else if (*pattern != '%') {
            if (*pattern != *s) return false;
            if (!*s++) return true;
        } else {
            break;
        }
    }
    struct part *part = &parts[pattern[1] - '1'];
    const char *rest = pattern + 2;
    bool may_be_empty = *rest == '\0';
    size_t literal = strcspn(rest, "% ");
    if (may_be_empty) {
        *part = (struct part){s, strlen(s)};
        return true;
    }
    bool to_end = rest[literal] == '\0';
    size_t left = strlen(s);
    const char *at = to_end ? (left > literal ? s + left - literal : NULL) : s + 1;
    for (; at && left && *at; at++) {
        if (strncmp(at, rest, literal) != 0) {
            if (to_end) return false;
            continue;
        }
        *part = (struct part){s, (size_t)(at - s)};
        if (matches(rest, at, parts)) return true;
        if (to_end || literal > 0) return false;
    }
    return false;
}

static bool is_bare_word(const struct part *p) {
    if (!p->start) return true;
    for (size_t i = 0; i < p->n; i++) {
        if (strchr(" ()=,+*/\"", p->start[i])) return false;
    }
    return p->n > 0;
}

struct error *habit_error(const char *line) {
    size_t n = strlen(line);
    while (n && isspace((unsigned char)line[n - 1])) n--;
    char *s = mem_copy_n(line, n);
    struct error *e = NULL;
    for (size_t i = 0; i < sizeof habits / sizeof *habits && !e; i++) {
        const struct habit *h = &habits[i];
        struct part parts[PARTS] = {{0}};
        bool named = h->pattern[0] != '%'; /* else it hangs on a name: w.grad */
        if (!matches(h->pattern, s, parts) || (!named && !is_bare_word(&parts[0]))) {
            continue;
        }
        struct buf here = {0};
        for (const char *p = h->here; p && *p; p++) {
            if (*p == '%') {
                const struct part *part = &parts[*++p - '1'];
                buf_add_n(&here, part->start, part->n);
            } else {
                buf_add_n(&here, p, 1);
            }
        }
        e = h->here ? error_new("habit", "here", buf_text(&here), NULL)
                    : error_new("habit-needless", NULL);
        buf_free(&here);
    }
    free(s);
    return e;
}
