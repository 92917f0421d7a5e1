#include "base/built.h"

const char *built_by(void) {
#ifdef __clang__
    return __VERSION__; /* has its name in it */
#else
    return "gcc " __VERSION__;
#endif
}
