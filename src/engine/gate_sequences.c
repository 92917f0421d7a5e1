/* Layers of sequences: a text's numbers, [N, time], become vectors, [N, time, width].
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/forms.h"
#include "engine/gates_inside.h"

/* ---- embedding(X, W): each number of X, a word's, becomes row X of W ---- */

static struct error *shape_embedding(struct node *n) {
    const struct shape *w = &n->in[1]->shape;
    n->shape = n->in[0]->shape;
    if (n->shape.n == MAX_DIMS || w->n != 2)
        return gate_shape_mismatch(n->in[0], n->in[1], "embedding-dims");
    n->shape.dim[n->shape.n++] = w->dim[1];
    return NULL;
}

/* The row of W; its number of rows where there is none. */
static size_t word_row(const struct node *n, size_t i) {
    real x = n->in[0]->value[i];
    size_t words = n->in[1]->shape.dim[0];
    return x >= 0 && x < (real)words && x == (real)floor((double)x) ? (size_t)x : words;
}

static void embedding_forward(struct node *n) {
    size_t words = n->in[1]->shape.dim[0], width = n->in[1]->shape.dim[1];
    for (size_t i = 0; i < n->in[0]->size; i++) {
        size_t row = word_row(n, i);
        for (size_t c = 0; c < width; c++)
            n->value[i * width + c] =
                row < words ? n->in[1]->value[row * width + c] : (real)NAN;
    }
}

static void embedding_backward(const struct node *n, int k, const real *up, real *out) {
    size_t words = n->in[1]->shape.dim[0], width = n->in[1]->shape.dim[1];
    for (size_t i = 0; k == 1 && i < n->in[0]->size; i++) {
        size_t row = word_row(n, i);
        for (size_t c = 0; row < words && c < width; c++)
            out[row * width + c] += up[i * width + c];
    }
}

static bool embedding_passes(const struct node *n, int k) {
    (void)n;
    return k == 1;
}

// clang-format off
static const struct gate sequences[] = {
    {.name = "embedding", .sign = "embed", .min_in = 2, .max_in = 2,
     .shape = shape_embedding, .forward = embedding_forward,
     .backward = embedding_backward, .passes = embedding_passes, .rows = ROWS_EACH,
     .rule = {"0", "rows of U, added up"},
     .torch = "torch.nn.functional.embedding(A.long(), B)",
     .onnx = "Gather(B, Cast(A, to=7), axis=0)"},
    {0},
};
// clang-format on

const struct gate *gates_sequences(void) { return sequences; }
