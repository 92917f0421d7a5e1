/* The kernels for one set of instructions, and the gates and the optimisers in
 * float: all in one file, built once for each set, that shows only `kernels` under
 * its name. */
#define ENGINE_FLOAT
#define ENGINE_API static __attribute__((unused))
#define JOIN(name, set) name##_##set
#define JOIN_SET(name, set) JOIN(name, set)
#define OF_SET(name) JOIN_SET(name, SET)
#define TEXT(set) #set
#define TEXT_OF(set) TEXT(set)

/* Before the gates give abs and exp their own names. */
#include <math.h>
#include <string.h>

#include "base/interrupt.h"
#ifdef __AVX2__
#include <immintrin.h>
#endif

#pragma GCC diagnostic push
/* The formulas' constants are double; what they come to is rounded to float. */
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wfloat-conversion"
#include "engine/gates.c"
#include "engine/optimisers.c"

#include "engine/gate_arithmetic.c"
#include "engine/gate_folds.c"
#include "engine/gate_functions.c"
#include "engine/gate_layers.c"
#include "engine/gate_losses.c"
#include "engine/gate_norms.c"
#include "engine/gate_products.c"
#include "engine/gate_sequences.c"
#include "engine/gate_tensors.c"
#pragma GCC diagnostic pop

#include "train/kernel_dense.c"

#include "train/kernel_conv.c"

#include "train/kernel_recurrent.c"

extern const struct kernels OF_SET(kernels);
const struct kernels OF_SET(kernels) = {
    .name = TEXT_OF(SET),
    .lanes = WIDE,
    .gate = gate_at,
    .optimiser = optimiser_find,
    .product = kernel_product,
    .transpose = kernel_transpose,
    .activate = kernel_activate,
    .deactivate = kernel_deactivate,
    .sum_rows = kernel_sum_rows,
    .cross_entropy = kernel_cross_entropy,
    .l2 = kernel_l2,
    .cell = kernel_cell,
    .cell_back = kernel_cell_back,
    .conv = kernel_conv,
    .conv_scatter = kernel_conv_scatter,
    .conv_work = kernel_conv_work,
    .conv_slopes = kernel_conv_slopes,
    .conv_weights = kernel_conv_weights,
};
