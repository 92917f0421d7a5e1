/* base/built in a page. */
#include "base/built.h"

#include <emscripten.h> /* newer ones have their version there */

#define TEXT(number) #number
#define TEXT_OF(number) TEXT(number)
#define VERSION                   \
    TEXT_OF(__EMSCRIPTEN_major__) \
    "." TEXT_OF(__EMSCRIPTEN_minor__) "." TEXT_OF(__EMSCRIPTEN_tiny__)

const char *built_by(void) { return "emscripten " VERSION ", WebAssembly SIMD128"; }
