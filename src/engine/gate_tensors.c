/* Putting numbers together, [a, b], and taking them out, a[0]. */
#include <math.h>
#include <string.h>

#include "engine/forms.h"
#include "engine/gate_formulas.h"

static struct error *shape_list(struct node *n) {
    const struct shape *s = &n->in[0]->shape;
    for (int k = 1; k < n->n_in; k++) {
        if (!shape_equal(s, &n->in[k]->shape)) {
            return gate_shape_mismatch(n->in[0], n->in[k], "list-shapes");
        }
    }
    if (s->n == MAX_DIMS) return gate_shape_mismatch(n->in[0], NULL, "list-dims");
    n->shape.n = s->n + 1;
    n->shape.dim[0] = (size_t)n->n_in;
    memcpy(n->shape.dim + 1, s->dim, (size_t)s->n * sizeof *s->dim);
    return NULL;
}

static void list_forward(struct node *n) {
    size_t size = n->in[0]->size;
    for (int k = 0; k < n->n_in; k++) {
        memcpy(n->value + (size_t)k * size, n->in[k]->value, size * sizeof(real));
    }
}

static void list_backward(const struct node *n, int k, const real *up, real *out) {
    size_t size = n->in[0]->size;
    for (size_t i = 0; i < size; i++) out[i] += up[(size_t)k * size + i];
}

static struct error *shape_index(struct node *n) {
    const struct shape *s = &n->in[0]->shape;
    n->shape.n = 0;
    for (int d = 0; d < s->n; d++) {
        bool given = d < n->attr.n_index && !n->attr.index[d].all;
        size_t count =
            given ? n->attr.index[d].to - n->attr.index[d].from + 1 : s->dim[d];
        if (!given || !n->attr.index[d].single) n->shape.dim[n->shape.n++] = count;
    }
    return NULL;
}

/* Where element i of the result stands in the operand. */
static size_t index_offset(const struct node *n, size_t i) {
    const struct shape *s = &n->in[0]->shape;
    size_t offset = 0, stride = 1;
    for (int d = s->n - 1; d >= 0; d--) {
        size_t from = 0, count = s->dim[d];
        if (d < n->attr.n_index && !n->attr.index[d].all) {
            from = n->attr.index[d].from;
            count = n->attr.index[d].to - from + 1;
        }
        offset += (from + i % count) * stride;
        i /= count;
        stride *= s->dim[d];
    }
    return offset;
}

static void index_forward(struct node *n) {
    for (size_t i = 0; i < n->size; i++) {
        n->value[i] = n->in[0]->value[index_offset(n, i)];
    }
}

static void index_backward(const struct node *n, int k, const real *up, real *out) {
    (void)k;
    for (size_t i = 0; i < n->size; i++) out[index_offset(n, i)] += up[i];
}

static void forms_index(const struct node *n, struct forms *f) {
    long from[MAX_DIMS], behind[MAX_DIMS];
    buf_add(&f->torch, "A[");
    for (int d = 0; d < n->attr.n_index; d++) {
        bool all = n->attr.index[d].all;
        from[d] = (long)n->attr.index[d].from;
        behind[d] = all ? INT32_MAX : (long)n->attr.index[d].to + 1;
        buf_add(&f->torch, d ? ", " : "");
        if (!all) buf_printf(&f->torch, "%ld", from[d]);
        if (all) buf_add(&f->torch, ":");
        else if (!n->attr.index[d].single) buf_printf(&f->torch, ":%ld", behind[d]);
    }
    buf_add(&f->torch, "]");
    buf_add(&f->onnx, "Reshape(Slice(A, ");
    form_list(f, &f->onnx, from, n->attr.n_index);
    buf_add(&f->onnx, ", ");
    form_list(f, &f->onnx, behind, n->attr.n_index);
    buf_add(&f->onnx, "), ");
    form_list(f, &f->onnx, f->size, n->shape.n);
    buf_add(&f->onnx, ")");
}

/* ---- what people do instead ---- */

/* Another's place of the list. */
static void list_other(const struct node *n, int k, const real *up, real *out) {
    list_backward(n, (k + 1) % n->n_in, up, out);
}

/* To all of it, taken out or not. */
static void index_all(const struct node *n, int k, const real *up, real *out) {
    (void)k;
    for (size_t i = 0; i < n->in[0]->size; i++) out[i] += up[i % n->size];
}

/* Counted from 1. */
static void index_from_1(const struct node *n, int e, const real *up, real *out) {
    size_t at = index_offset(n, (size_t)e);
    (void)up;
    *out = at ? n->in[0]->value[at - 1] : (real)NAN;
}

// clang-format off
static const struct gate_slip list_slips[] = {
    {"beside.other", SLIP_EACH, WRONG_WALK, NULL, list_other},
    {0},
};
static const struct gate_slip index_slips[] = {
    {"part.all",    0, WRONG_WALK, NULL, index_all},
    {"part.from-1", 0, WRONG_VALUE, NULL, index_from_1},
    {0},
};

static const struct gate tensors[] = {
    {.name = "list", .sign = "[ ]", .min_in = 1, .max_in = GATE_ANY,
     .shape = shape_list,
     .forward = list_forward, .backward = list_backward, .role = ROLE_LIST,
     .slips = list_slips,
     .torch = "torch.stack([A, ...])",
     .onnx = "Concat(Unsqueeze(A, [0]), ..., axis=0)",
     .example = "[1, 2]", .test_from = -2, .test_to = 2},
    {.name = "index", .sign = "[i]", .min_in = 1, .max_in = 1, .shape = shape_index,
     .forward = index_forward, .backward = index_backward, .role = ROLE_PART,
     .slips = index_slips,
     .forms = forms_index,
     .example = "[5, 6, 7][1..2]", .test_from = -2, .test_to = 2},
    {0},
};
// clang-format on

const struct gate *gates_tensors(void) { return tensors; }
