/* Products of matrices, and what undoes one: solve. */
#include <float.h>
#include <string.h>

#include "engine/forms.h"
#include "engine/gate_formulas.h"

/* [rows, inner] @ [inner, columns]; a vector is a row on the left, a column on the
 * right. */
struct product {
    size_t rows, inner, columns;
};

static struct product product_of(const struct node *n) {
    const struct shape *a = &n->in[0]->shape, *b = &n->in[1]->shape;
    return (struct product){a->n == 2 ? a->dim[0] : 1, a->dim[a->n - 1],
                            b->n == 2 ? b->dim[1] : 1};
}

static struct error *shape_matmul(struct node *n) {
    const struct shape *a = &n->in[0]->shape, *b = &n->in[1]->shape;
    if (a->n < 1 || b->n < 1 || a->n > 2 || b->n > 2) {
        return gate_shape_mismatch(n->in[0], n->in[1], "matmul-dims");
    }
    if (a->dim[a->n - 1] != b->dim[0]) {
        return gate_shape_mismatch(n->in[0], n->in[1], "matmul-inner");
    }
    n->shape.n = 0;
    if (a->n == 2) n->shape.dim[n->shape.n++] = a->dim[0];
    if (b->n == 2) n->shape.dim[n->shape.n++] = b->dim[1];
    return NULL;
}

/* As spans: rows of n numbers, each the sum of `inner` products: the left operand's
 * number at r·row + i·step times the right one's row i. What goes back is one as well:
 * a^T @ U, and U @ b^T where few columns make its turned rows short. */
typedef real four
    __attribute__((vector_size(4 * sizeof(real)), aligned(sizeof(real)), may_alias));

/* Four columns, their sums kept out of memory. */
GATE_LOOP void columns_4(const struct span *s, size_t at, size_t inner, real *to,
                         bool add) {
    size_t n = s->n;
    for (size_t r = 0; r < s->rows; r++) {
        const real *a = s->in[0] + r * s->row[0], *b = s->in[1] + at;
        real *c = to + r * n + at;
        four sum = {0};
        if (add) sum = *(const four *)c;
        for (size_t i = 0; i < inner; i++) {
            sum += a[i * s->step[0]] * *(const four *)(b + i * n);
        }
        *(four *)c = sum;
    }
}

/* One: four rows at a time, where it is all there is. */
static inline void column_1(const struct span *s, size_t at, real *to, bool add) {
    size_t n = s->n, r = 0, row = s->row[0];
    const real *b = s->in[1] + at;
    for (; n == 1 && r + 4 <= s->rows; r += 4) {
        const real *a = s->in[0] + r * row;
        four sum = {0};
        if (add) sum = *(const four *)(to + r);
        for (size_t i = 0; i < s->inner; i++, a += s->step[0]) {
            sum += b[i] * (four){a[0], a[row], a[2 * row], a[3 * row]};
        }
        *(four *)(to + r) = sum;
    }
    for (; r < s->rows; r++) {
        const real *a = s->in[0] + r * row;
        real *c = to + r * n + at, sum = add ? *c : 0;
        for (size_t i = 0; i < s->inner; i++) sum += a[i * s->step[0]] * b[i * n];
        *c = sum;
    }
}

GATE_LOOP void product(const struct span *s, real *to, bool add) {
    size_t at = 0;
    for (; at + 4 <= s->n; at += 4) {
        if (s->inner == 1) columns_4(s, at, 1, to, add);
        else if (s->inner == 2) columns_4(s, at, 2, to, add);
        else if (s->inner == 3) columns_4(s, at, 3, to, add);
        else if (s->inner == 4) columns_4(s, at, 4, to, add);
        else columns_4(s, at, s->inner, to, add);
    }
    for (; at < s->n; at++) column_1(s, at, to, add);
}

GATE_WIDE static void product_few(const struct span *s) { product(s, s->value, false); }
GATE_WIDE static void product_few_more(const struct span *s) {
    product(s, s->out, true);
}

static void product_wide_more(const struct span *s) {
    for (size_t r = 0; r < s->rows; r++) {
        for (size_t i = 0; i < s->inner; i++) {
            const real *b = s->in[1] + i * s->n;
            real left = s->in[0][r * s->row[0] + i * s->step[0]],
                 *to = s->out + r * s->n;
            for (size_t c = 0; c < s->n; c++) to[c] += left * b[c];
        }
    }
}

static void product_wide(const struct span *s) {
    struct span more = *s;
    more.out = memset(s->value, 0, s->rows * s->n * sizeof(real));
    product_wide_more(&more);
}

/* The right operand's rows stand where its columns should: U @ b^T. */
static void product_turned_more(const struct span *s) {
    for (size_t r = 0; r < s->rows; r++) {
        const real *u = s->in[0] + r * s->inner;
        for (size_t c = 0; c < s->n; c++) {
            real sum = 0;
            for (size_t i = 0; i < s->inner; i++)
                sum += u[i] * s->in[1][c * s->inner + i];
            s->out[r * s->n + c] += sum;
        }
    }
}

static gate_span *matmul_plan(const struct node *n, int k, struct span *s) {
    struct product p = product_of(n);
    const real *a = n->in[0]->value, *b = n->in[1]->value;
    bool column = p.columns == 1 && p.inner <= 16;
    s->value = n->value;
    s->in[0] = k < 0 ? a : s->up;
    s->in[1] = k == 1 ? a : b;
    s->step[0] = 1;
    s->rows = p.rows, s->n = p.inner, s->inner = p.columns, s->row[0] = p.columns;
    if (k == 0) return column ? product_few_more : product_turned_more;
    if (k == 1 && p.columns == 1) { /* a column out is a row as well: U^T @ a */
        s->rows = 1, s->inner = p.rows;
        return product_few_more;
    }
    s->n = p.columns;
    if (k < 0) {
        s->inner = s->row[0] = p.inner;
        return p.columns <= 16 ? product_few : product_wide;
    }
    s->in[0] = a, s->in[1] = s->up;
    s->rows = s->step[0] = p.inner, s->inner = p.rows, s->row[0] = 1;
    return p.columns <= 16 ? product_few_more : product_wide_more;
}

static size_t matmul_terms(const struct node *n) { return product_of(n).inner; }

static void matmul_forward(struct node *n) {
    struct span s = {0};
    matmul_plan(n, -1, &s)(&s);
}

static void matmul_backward(const struct node *n, int k, const real *up, real *out) {
    struct span s = {.up = up, .out = out};
    matmul_plan(n, k, &s)(&s);
}

/* ---- A x = b ---- */

static struct error *shape_solve(struct node *n) {
    const struct shape *a = &n->in[0]->shape, *b = &n->in[1]->shape;
    bool square = a->n == 2 && a->dim[0] == a->dim[1];
    if (!square || b->n < 1 || b->n > 2 || b->dim[0] != a->dim[0])
        return gate_shape_mismatch(n->in[0], n->in[1], "solve-shapes");
    n->shape = *b;
    return NULL;
}

/* A matrix, and as much as n, to work in. */
static size_t room_solve(const struct node *n) {
    return n->in[0]->size + n->in[1]->size;
}

/* Pivots below this are what rounding left of 0. */
static real least_pivot(const real *m, size_t size) {
    real most = 0;
    for (size_t i = 0; i < size * size; i++) most = fmax(most, fabs(m[i]));
    return most * (real)size * (real)DBL_EPSILON;
}

/* Solves for x in place: to has b, a row of `columns` for each unknown. The room's
 * matrix is eliminated below each pivot, the largest that is left in its column. Where
 * there is none, no x is the answer: nan. */
static void eliminate(real *m, real *to, size_t size, size_t columns) {
    real least = least_pivot(m, size);
    for (size_t p = 0; p < size; p++) {
        size_t best = p;
        for (size_t r = p + 1; r < size; r++) {
            if (fabs(m[r * size + p]) > fabs(m[best * size + p])) best = r;
        }
        for (size_t c = 0; c < size + columns && best != p; c++) {
            real *x = c < size ? m + p * size + c : to + p * columns + c - size;
            real *y = c < size ? m + best * size + c : to + best * columns + c - size;
            real was = *x;
            *x = *y, *y = was;
        }
        if (fabs(m[p * size + p]) <= least) m[p * size + p] = (real)NAN;
        for (size_t r = p + 1; r < size; r++) {
            real times = m[r * size + p] / m[p * size + p];
            for (size_t c = p; c < size; c++)
                m[r * size + c] -= times * m[p * size + c];
            for (size_t c = 0; c < columns; c++)
                to[r * columns + c] -= times * to[p * columns + c];
        }
    }
    for (size_t p = size; p-- > 0;) {
        for (size_t c = 0; c < columns; c++) {
            real sum = to[p * columns + c];
            for (size_t k = p + 1; k < size; k++)
                sum -= m[p * size + k] * to[k * columns + c];
            to[p * columns + c] = sum / m[p * size + p];
        }
    }
}

static void solve_forward(struct node *n) {
    size_t size = n->in[0]->shape.dim[0];
    memcpy(n->room, n->in[0]->value, size * size * sizeof(real));
    memcpy(n->value, n->in[1]->value, n->size * sizeof(real));
    eliminate(n->room, n->value, size, n->size / size);
}

/* To b goes v, where A^T v = U; to A −v f^T. */
static void solve_backward(const struct node *n, int k, const real *up, real *out) {
    size_t size = n->in[0]->shape.dim[0], columns = n->size / size;
    real *m = n->room, *v = m + size * size;
    for (size_t r = 0; r < size; r++) {
        for (size_t c = 0; c < size; c++)
            m[c * size + r] = n->in[0]->value[r * size + c];
    }
    memcpy(v, up, n->size * sizeof(real));
    eliminate(m, v, size, columns);
    for (size_t i = 0; k == 1 && i < n->size; i++) out[i] += v[i];
    for (size_t i = 0; k == 0 && i < size * size; i++) {
        for (size_t c = 0; c < columns; c++)
            out[i] -= v[i / size * columns + c] * n->value[i % size * columns + c];
    }
}

// clang-format off
/* What people do instead: xδ for δxᵀ, and W for Wᵀ on the way back. */
static const struct gate_slip product_slips[] = {
    {"matmul.back",   SLIP_EACH, WRONG_BACK, NULL, NULL},
    {"matmul.turned", SLIP_EACH, WRONG_TURNED, NULL, NULL},
    {0},
};

static const struct gate products[] = {
    {.name = "matmul", .sign = "@", .infix = " @ ", .typed = "@",
     .precedence = HOLDS_TERM,
     .min_in = 2, .max_in = 2, .shape = shape_matmul, .forward = matmul_forward,
     .backward = matmul_backward, .plan = matmul_plan, .terms = matmul_terms,
     .role = ROLE_MATMUL, .rows = ROWS_LAST, .kernel = KERNEL_PRODUCT,
     .rule = {"U @ b^T", "a^T @ U"}, .slips = product_slips,
     .torch = "A @ B", .onnx = "MatMul(A, B)",
     .example = "[1, 2] @ [3, 4]", .test_from = -2, .test_to = 2},
    {.name = "solve", .sign = "solve", .min_in = 2, .max_in = 2, .shape = shape_solve,
     .unfit = "unfit-singular", .room = room_solve, .forward = solve_forward, .backward = solve_backward,
     .flags = GATE_CALL,
     .rule = {"−v f^T, A^T v = U", "v, A^T v = U"},
     .torch = "torch.linalg.solve(A, B)",
     .example = "solve([[2, 1], [1, 3]], [3, 5])", .test_from = -2, .test_to = 2},
    {0},
};
// clang-format on

const struct gate *gates_products(void) { return products; }
