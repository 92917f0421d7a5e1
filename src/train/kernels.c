/* Which set of instructions the machine runs. */
#define ENGINE_FLOAT
#include "train/kernels.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

extern const struct kernels kernels_baseline, kernels_avx2, kernels_avx512;

const struct kernels *kernels_at(size_t i) {
#if defined(__x86_64__)
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    bool avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                  __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512vl");
    if (avx512 && i-- == 0) return &kernels_avx512;
    if (avx2 && i-- == 0) return &kernels_avx2;
#endif
    return i == 0 ? &kernels_baseline : NULL;
}

struct error *kernels_choose(const struct kernels **out) {
    const char *named = getenv("LEARN_KERNELS");
    struct buf sets = {0};
    for (size_t i = 0; (*out = kernels_at(i)); i++) {
        if (!named || !*named || strcmp((*out)->name, named) == 0) break;
        buf_printf(&sets, i ? ", %s" : "%s", (*out)->name);
    }
    struct error *e =
        *out ? NULL
             : error_new("no-kernels", "name", named, "sets", buf_text(&sets), NULL);
    buf_free(&sets);
    return e;
}
