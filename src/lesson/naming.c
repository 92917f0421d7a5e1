#include "lesson/naming.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

const char *naming_find(const char *s, char **id, const char **end) {
    static const char opens[] = "{lesson:";
    for (; (s = strstr(s, opens)); s++) {
        const char *from = s + strlen(opens);
        size_t n = strcspn(from, "} \n");
        if (!n || from[n] != '}') continue;
        *id = mem_copy_n(from, n);
        *end = from + n + 1;
        return s;
    }
    return NULL;
}

/* What stands before the number, or behind it. To add one: a row. */
static const struct {
    const char *before, *behind;
} calls[] = {{"lesson ", ""},
             {"lessons ", ""},
             {"수업 ", ""},
             {"", "번 수업"},
             {"", "번째 수업"}};

static const char *call_end(const char *number, const char *from) {
    size_t digits = strspn(number, "0123456789");
    const char *behind = number + digits;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        size_t b = strlen(calls[i].before), n = strlen(calls[i].behind);
        bool fits = (size_t)(number - from) >= b &&
                    strncasecmp(number - b, calls[i].before, b) == 0;
        if (fits && strncmp(behind, calls[i].behind, n) == 0) return behind + n;
    }
    return NULL;
}

const char *naming_typed(const char *s, const char **end) {
    const char *from = s;
    while ((s = strpbrk(s, "0123456789"))) {
        *end = call_end(s, from);
        if (*end) return s;
        s += strspn(s, "0123456789");
    }
    return NULL;
}
