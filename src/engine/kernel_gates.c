/* The gates and the optimisers once more, in float: the same sources, under other
 * names. */
#define ENGINE_FLOAT
#define gates_arithmetic float_gates_arithmetic
#define gates_functions float_gates_functions
#define gates_tensors float_gates_tensors
#define gates_losses float_gates_losses
#define gates_layers float_gates_layers
#define gate_larger float_gate_larger
#define gate_smaller float_gate_smaller
#define gate_find float_gate_find
#define gate_at float_gate_at
#define gate_count float_gate_count
#define gate_shape_same float_gate_shape_same
#define gate_shape_over float_gate_shape_over
#define gate_shape_mean float_gate_shape_mean
#define gate_shape_mismatch float_gate_shape_mismatch
#define optimiser_find float_optimiser_find
#define optimiser_at float_optimiser_at
#define optimiser_count float_optimiser_count

/* The formulas' constants are double; what they come to is rounded to float. */
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wfloat-conversion"

#include "engine/gates.c"
#include "engine/optimisers.c"

#include "engine/gate_arithmetic.c"
#include "engine/gate_functions.c"
#include "engine/gate_layers.c"
#include "engine/gate_losses.c"
#include "engine/gate_tensors.c"
#include "engine/kernels.h"

const struct gate *kernel_gate(const char *name, int n_in) {
    if (n_in == 2 && strcmp(name, gate_larger.name) == 0) return &gate_larger;
    if (n_in == 2 && strcmp(name, gate_smaller.name) == 0) return &gate_smaller;
    return gate_find(name);
}

const struct optimiser *kernel_optimiser(const char *name) {
    return optimiser_find(name);
}
