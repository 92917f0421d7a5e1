/* The gates and the optimisers once more, in float: the same sources, under other
 * names. */
#define gates_arithmetic OF_SET(gates_arithmetic)
#define gates_functions OF_SET(gates_functions)
#define gates_tensors OF_SET(gates_tensors)
#define gates_losses OF_SET(gates_losses)
#define gates_layers OF_SET(gates_layers)
#define gate_larger OF_SET(gate_larger)
#define gate_smaller OF_SET(gate_smaller)
#define gate_find OF_SET(gate_find)
#define gate_typed OF_SET(gate_typed)
#define gate_at OF_SET(gate_at)
#define gate_count OF_SET(gate_count)
#define gate_form OF_SET(gate_form)
#define gate_logits OF_SET(gate_logits)
#define gate_shape_same OF_SET(gate_shape_same)
#define gate_shape_over OF_SET(gate_shape_over)
#define gate_shape_mean OF_SET(gate_shape_mean)
#define gate_forward_each OF_SET(gate_forward_each)
#define gate_backward_each OF_SET(gate_backward_each)
#define gate_shape_mismatch OF_SET(gate_shape_mismatch)
#define optimiser_find OF_SET(optimiser_find)
#define optimiser_at OF_SET(optimiser_at)
#define optimiser_count OF_SET(optimiser_count)

#pragma GCC diagnostic push
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

#pragma GCC diagnostic pop

static const struct gate *kernel_gate(const char *name, int n_in) {
    if (n_in == 2 && strcmp(name, gate_larger.name) == 0) return &gate_larger;
    if (n_in == 2 && strcmp(name, gate_smaller.name) == 0) return &gate_smaller;
    if (n_in == 3 && strcmp(name, gate_logits.name) == 0) return &gate_logits;
    return gate_find(name);
}

static const struct optimiser *kernel_optimiser(const char *name) {
    return optimiser_find(name);
}
