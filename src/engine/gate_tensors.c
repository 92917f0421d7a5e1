/* Gates that look at more than one number: sums along an axis, products of matrices,
 * putting together and taking out. */
#include <string.h>

#include "engine/forms.h"
#include "engine/gate_formulas.h"

/* ---- along an axis ----
 * The operand as outer × along × inner numbers; one result for each outer and inner. */
struct lanes {
    size_t outer, along, inner;
};

static struct lanes lanes_of(const struct node *n) {
    const struct node *in = n->in[0];
    struct lanes l = {1, in->size, 1};
    if (n->attr.has_axis) {
        l.along = 1;
        for (int d = 0; d < in->shape.n; d++) {
            size_t *part = d < n->attr.axis   ? &l.outer
                           : d > n->attr.axis ? &l.inner
                                              : &l.along;
            *part *= in->shape.dim[d];
        }
    }
    return l;
}

static struct error *check_axis(const struct node *n) {
    const struct node *in = n->in[0];
    if (!n->attr.has_axis || n->attr.axis < in->shape.n) return NULL;
    struct buf shape = {0}, axis = {0};
    shape_print(&shape, &in->shape);
    buf_printf(&axis, "%d", n->attr.axis);
    struct error *e = error_new("no-such-axis", "shape", buf_text(&shape), "axis",
                                buf_text(&axis), NULL);
    buf_free(&shape);
    buf_free(&axis);
    return e;
}

static struct error *shape_along(struct node *n) {
    n->shape = (struct shape){0};
    if (!n->attr.has_axis) return NULL;
    struct error *e = check_axis(n);
    n->shape = n->in[0]->shape;
    if (!e) n->shape.dim[n->attr.axis] = 1;
    return e;
}

/* For each lane: where it begins in the operand, and its place in the result. */
#define EACH_LANE(l, at, to)                            \
    for (size_t to = 0, at = 0; to < l.outer * l.inner; \
         to++, at = to / l.inner * l.along * l.inner + to % l.inner)

static void sum_forward(struct node *n) {
    struct lanes l = lanes_of(n);
    EACH_LANE(l, at, to) {
        real sum = 0;
        const real *in = n->in[0]->value + at;
        for (size_t i = 0; i < l.along; i++) sum += in[i * l.inner];
        n->value[to] = sum;
    }
}

static void sum_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of(n);
    (void)k;
    EACH_LANE(l, at, to) {
        for (size_t i = 0; i < l.along; i++) out[at + i * l.inner] += up[to];
    }
}

static void mean_forward(struct node *n) {
    size_t along = lanes_of(n).along;
    sum_forward(n);
    for (size_t i = 0; i < n->size; i++) n->value[i] /= (real)along;
}

static void mean_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of(n);
    (void)k;
    EACH_LANE(l, at, to) {
        real each = up[to] / (real)l.along;
        for (size_t i = 0; i < l.along; i++) out[at + i * l.inner] += each;
    }
}

/* The deviation divides by n. */
static real lane_mean(const struct node *n, struct lanes l, size_t at) {
    real sum = 0;
    for (size_t i = 0; i < l.along; i++) sum += n->in[0]->value[at + i * l.inner];
    return sum / (real)l.along;
}

static void std_forward(struct node *n) {
    struct lanes l = lanes_of(n);
    EACH_LANE(l, at, to) {
        real mean = lane_mean(n, l, at), sum = 0;
        for (size_t i = 0; i < l.along; i++) {
            real off = n->in[0]->value[at + i * l.inner] - mean;
            sum += off * off;
        }
        n->value[to] = sqrt(sum / (real)l.along);
    }
}

static void std_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of(n);
    (void)k;
    EACH_LANE(l, at, to) {
        real mean = lane_mean(n, l, at), scale = (real)l.along * n->value[to];
        if (scale == 0) continue; /* all the same: a kink, flat by choice */
        for (size_t i = 0; i < l.along; i++) {
            real off = n->in[0]->value[at + i * l.inner] - mean;
            out[at + i * l.inner] += up[to] * off / scale;
        }
    }
}

static void var_forward(struct node *n) {
    std_forward(n);
    for (size_t i = 0; i < n->size; i++) n->value[i] *= n->value[i];
}

static void var_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of(n);
    (void)k;
    EACH_LANE(l, at, to) {
        real mean = lane_mean(n, l, at), each = 2 * up[to] / (real)l.along;
        for (size_t i = 0; i < l.along; i++)
            out[at + i * l.inner] += each * (n->in[0]->value[at + i * l.inner] - mean);
    }
}

static void norm_forward(struct node *n) {
    struct lanes l = lanes_of(n);
    EACH_LANE(l, at, to) {
        real sum = 0;
        for (size_t i = 0; i < l.along; i++) {
            real v = n->in[0]->value[at + i * l.inner];
            sum += v * v;
        }
        n->value[to] = sqrt(sum);
    }
}

static void norm_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of(n);
    (void)k;
    EACH_LANE(l, at, to) {
        if (n->value[to] == 0) continue; /* a kink, flat by choice */
        for (size_t i = 0; i < l.along; i++)
            out[at + i * l.inner] +=
                up[to] * n->in[0]->value[at + i * l.inner] / n->value[to];
    }
}

/* The product of a lane but for the number at `but` (l.along: of all). */
static real lane_product(const struct node *n, struct lanes l, size_t at, size_t but) {
    real product = 1;
    for (size_t i = 0; i < l.along; i++)
        product *= i == but ? 1 : n->in[0]->value[at + i * l.inner];
    return product;
}

static void prod_forward(struct node *n) {
    struct lanes l = lanes_of(n);
    EACH_LANE(l, at, to) n->value[to] = lane_product(n, l, at, l.along);
}

/* What a number is multiplied with; where it is 0 that is no quotient. */
static void prod_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of(n);
    (void)k;
    EACH_LANE(l, at, to) {
        for (size_t i = 0; i < l.along; i++) {
            real v = n->in[0]->value[at + i * l.inner];
            out[at + i * l.inner] +=
                up[to] * (v == 0 ? lane_product(n, l, at, i) : n->value[to] / v);
        }
    }
}

/* The first of the largest (or, sign −1, smallest) in a lane. */
static size_t lane_best(const struct node *n, struct lanes l, size_t at, real sign) {
    size_t best = 0;
    const real *in = n->in[0]->value + at;
    for (size_t i = 1; i < l.along; i++) {
        if (sign * in[i * l.inner] > sign * in[best * l.inner]) best = i;
    }
    return best;
}

static void best_forward(struct node *n, real sign) {
    struct lanes l = lanes_of(n);
    EACH_LANE(l, at, to) {
        n->value[to] = n->in[0]->value[at + lane_best(n, l, at, sign) * l.inner];
    }
}

static void best_backward(const struct node *n, const real *up, real *out, real sign) {
    struct lanes l = lanes_of(n);
    EACH_LANE(l, at, to) out[at + lane_best(n, l, at, sign) * l.inner] += up[to];
}

static void max_forward(struct node *n) { best_forward(n, 1); }
static void min_forward(struct node *n) { best_forward(n, -1); }
static void max_backward(const struct node *n, int k, const real *up, real *out) {
    (void)k;
    best_backward(n, up, out, 1);
}
static void min_backward(const struct node *n, int k, const real *up, real *out) {
    (void)k;
    best_backward(n, up, out, -1);
}

/* max(a) looks along, max(a, b) element by element: then it is the row below. A tie
 * goes to the first. */
// clang-format off
GATE_TWO(larger,  where(a >= b, a, b), a >= b, a < b)
GATE_TWO(smaller, where(a <= b, a, b), a <= b, a > b)
// clang-format on

static struct error *shape_max(struct node *n) {
    if (n->n_in == 1) return shape_along(n);
    n->gate++;
    return gate_shape_over(n);
}

static struct error *shape_min(struct node *n) {
    if (n->n_in == 1) return shape_along(n);
    n->gate++;
    return gate_shape_over(n);
}

/* ---- of the last axis ---- */

static size_t row_length(const struct node *in) {
    return in->shape.n ? in->shape.dim[in->shape.n - 1] : 1;
}

static struct error *shape_place(struct node *n) { /* the last axis goes away */
    n->shape = n->in[0]->shape;
    if (n->shape.n) n->shape.n--;
    return NULL;
}

static void place_forward(struct node *n, real sign) {
    struct lanes l = {n->size, row_length(n->in[0]), 1};
    for (size_t i = 0; i < n->size; i++) {
        n->value[i] = (real)lane_best(n, l, i * l.along, sign);
    }
}

static void argmax_forward(struct node *n) { place_forward(n, 1); }
static void argmin_forward(struct node *n) { place_forward(n, -1); }

static struct error *shape_softmax(struct node *n) {
    struct error *e = check_axis(n);
    return e ? e : gate_shape_same(n);
}

static struct lanes lanes_of_softmax(const struct node *n) {
    size_t length = row_length(n->in[0]);
    return n->attr.has_axis ? lanes_of(n) : (struct lanes){n->size / length, length, 1};
}

/* e^x over the lane's sum of them; its largest is taken off first, so that none
 * overflows. */
static void softmax_forward(struct node *n) {
    struct lanes l = lanes_of_softmax(n);
    EACH_LANE(l, at, lane) {
        const real *in = n->in[0]->value + at;
        real *f = n->value + at, top = in[lane_best(n, l, at, 1) * l.inner], sum = 0;
        for (size_t i = 0; i < l.along * l.inner; i += l.inner)
            sum += f[i] = exp(in[i] - top);
        for (size_t i = 0; i < l.along * l.inner; i += l.inner) f[i] /= sum;
    }
}

static void softmax_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of_softmax(n);
    (void)k;
    EACH_LANE(l, at, lane) {
        const real *f = n->value + at, *u = up + at;
        real sum = 0;
        for (size_t i = 0; i < l.along * l.inner; i += l.inner) sum += u[i] * f[i];
        for (size_t i = 0; i < l.along * l.inner; i += l.inner)
            out[at + i] += f[i] * (u[i] - sum);
    }
}

static void forms_softmax(const struct node *n, struct forms *f) {
    int axis = n->attr.has_axis ? n->attr.axis : -1;
    buf_printf(&f->torch, "torch.softmax(A, %d)", axis);
    buf_printf(&f->onnx, "Softmax(A, axis=%d)", axis);
}

/* Class numbers [N] or [N, 1] become rows [N, classes]. */
static struct error *shape_one_hot(struct node *n) {
    const struct node *in = n->in[0];
    n->shape = in->shape;
    if (in->shape.n == 2 && in->shape.dim[1] == 1) n->shape.n = 1;
    if (n->shape.n == MAX_DIMS) return gate_shape_mismatch(in, NULL, "one-hot-dims");
    n->shape.dim[n->shape.n++] = (size_t)n->attr.count;
    return NULL;
}

static void one_hot_forward(struct node *n) {
    size_t classes = (size_t)n->attr.count;
    for (size_t i = 0; i < n->in[0]->size; i++) {
        real y = n->in[0]->value[i];
        bool is_class = y >= 0 && y < (real)classes && y == floor(y);
        for (size_t c = 0; c < classes; c++) {
            n->value[i * classes + c] = is_class ? y == (real)c : (real)NAN;
        }
    }
}

/* A column of class numbers beside a row of them all. */
static void forms_one_hot(const struct node *n, struct forms *f) {
    int rows = n->shape.n - 1;
    long column[MAX_DIMS];
    memcpy(column, f->size, sizeof column);
    column[rows] = 1;
    buf_add(&f->torch, "torch.nn.functional.one_hot(A.long().reshape(");
    form_list(f, &f->torch, f->size, rows);
    buf_printf(&f->torch, "), %d) * 1.0", n->attr.count);
    buf_add(&f->onnx, "Cast(Equal(Reshape(A, ");
    form_list(f, &f->onnx, column, rows + 1);
    buf_printf(&f->onnx, "), Range(0, %d, 1)), to=1)", n->attr.count);
}

/* ---- products ---- */

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

/* Solves for x in place: to has b, a row of `columns` for each unknown. The room's
 * matrix is eliminated below each pivot, the largest that is left in its column. */
static void eliminate(real *m, real *to, size_t size, size_t columns) {
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

/* ---- putting together, taking out ---- */

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

/* ---- along an axis, elsewhere ---- */

/* ONNX's sum alone takes its axes as a tensor. */
static void forms_sum(const struct node *n, struct forms *f) {
    buf_printf(&f->torch, "torch.sum(A%s)", form_along(&n->attr).torch);
    if (!n->attr.has_axis) buf_add(&f->onnx, "ReduceSum(A, keepdims=0)");
    else buf_printf(&f->onnx, "ReduceSum(A, [%d], keepdims=1)", n->attr.axis);
}

static void forms_mean(const struct node *n, struct forms *f) {
    buf_printf(&f->torch, "torch.mean(A%s)", form_along(&n->attr).torch);
    buf_printf(&f->onnx, "ReduceMean(A%s)", form_along(&n->attr).onnx);
}

static void forms_std(const struct node *n, struct forms *f) {
    struct form_along s = form_along(&n->attr);
    buf_printf(&f->torch, "torch.std(A%s, unbiased=False)", s.torch);
    buf_printf(&f->onnx, "Sqrt(ReduceMean(Pow(Sub(A, ReduceMean(A%s)), 2)%s))", s.onnx,
               s.onnx);
}

static void forms_var(const struct node *n, struct forms *f) {
    struct form_along s = form_along(&n->attr);
    buf_printf(&f->torch, "torch.var(A%s, unbiased=False)", s.torch);
    buf_printf(&f->onnx, "ReduceMean(Pow(Sub(A, ReduceMean(A%s)), 2)%s)", s.onnx,
               s.onnx);
}

static void forms_norm(const struct node *n, struct forms *f) {
    buf_printf(&f->torch, "torch.sqrt(torch.sum(A * A%s))", form_along(&n->attr).torch);
    buf_printf(&f->onnx, "Sqrt(ReduceSumSquare(A%s))", form_along(&n->attr).onnx);
}

static void forms_prod(const struct node *n, struct forms *f) {
    buf_printf(&f->torch, "torch.prod(A%s)", form_along(&n->attr).torch);
    buf_printf(&f->onnx, "ReduceProd(A%s)", form_along(&n->attr).onnx);
}

static void forms_max(const struct node *n, struct forms *f) {
    buf_printf(&f->torch, "torch.amax(A%s)", form_along(&n->attr).torch);
    buf_printf(&f->onnx, "ReduceMax(A%s)", form_along(&n->attr).onnx);
}

static void forms_min(const struct node *n, struct forms *f) {
    buf_printf(&f->torch, "torch.amin(A%s)", form_along(&n->attr).torch);
    buf_printf(&f->onnx, "ReduceMin(A%s)", form_along(&n->attr).onnx);
}

#define ALONG                                                                       \
    .min_in = 1, .max_in = 1, .shape = shape_along, .flags = GATE_CALL | GATE_AXIS, \
    .test_from = -2, .test_to = 2

// clang-format off
static const struct gate tensors[] = {
    {.name = "sum", .sign = "Σ", ALONG, .forward = sum_forward,
     .backward = sum_backward, .fold = FOLD_SUM, .rule = {"U"},
     .forms = forms_sum,
     .example = "sum([1, 2, 3])"},
    {.name = "mean", .sign = "mean", ALONG, .forward = mean_forward,
     .backward = mean_backward, .fold = FOLD_MEAN, .rule = {"U / n"},
     .forms = forms_mean,
     .example = "mean([1, 2, 3])"},
    {.name = "std", .sign = "std", ALONG, .forward = std_forward,
     .backward = std_backward, .fold = FOLD_SPREAD, .rule = {"U·(a − mean(a))/(n·f)"},
     .forms = forms_std,
     .example = "std([1, 2, 3])"},
    {.name = "var", .sign = "var", ALONG, .forward = var_forward,
     .backward = var_backward, .fold = FOLD_SPREAD, .rule = {"2·U·(a − mean(a))/n"},
     .forms = forms_var,
     .example = "var([1, 2, 3])"},
    {.name = "norm", .sign = "norm", ALONG, .forward = norm_forward,
     .backward = norm_backward, .fold = FOLD_SPREAD, .rule = {"U·a/f"},
     .forms = forms_norm,
     .example = "norm([3, 4])"},
    {.name = "prod", .sign = "Π", ALONG, .forward = prod_forward,
     .backward = prod_backward, .fold = FOLD_SPREAD, .rule = {"U·f/a"},
     .forms = forms_prod,
     .example = "prod([2, 3, 4])"},
    {.name = "max", .sign = "max", .min_in = 1, .max_in = 2, .shape = shape_max,
     .forward = max_forward, .backward = max_backward, .flags = GATE_CALL | GATE_AXIS,
     .fold = FOLD_MOST, .rule = {"U → the first largest"},
     .forms = forms_max,
     .example = "max([1, 3, 2])", .test_from = -2, .test_to = 2},
    {.name = "max", .sign = "max", .min_in = 2, .max_in = 2, .shape = gate_shape_over,
     GATE_TWO_OF(larger), .flags = GATE_ELEMENTWISE, .fold = FOLD_MOST,
     .torch = "torch.maximum(A, B)", .onnx = "Max(A, B)",
     .example = "max(2, 3)", .test_from = -2, .test_to = 2},
    {.name = "min", .sign = "min", .min_in = 1, .max_in = 2, .shape = shape_min,
     .forward = min_forward, .backward = min_backward, .flags = GATE_CALL | GATE_AXIS,
     .fold = FOLD_LEAST, .rule = {"U → the first smallest"},
     .forms = forms_min,
     .example = "min([3, 1, 2])", .test_from = -2, .test_to = 2},
    {.name = "min", .sign = "min", .min_in = 2, .max_in = 2, .shape = gate_shape_over,
     GATE_TWO_OF(smaller), .flags = GATE_ELEMENTWISE, .fold = FOLD_LEAST,
     .torch = "torch.minimum(A, B)", .onnx = "Min(A, B)",
     .example = "min(2, 3)", .test_from = -2, .test_to = 2},
    {.name = "argmax", .sign = "argmax", .min_in = 1, .max_in = 1, .shape = shape_place,
     .forward = argmax_forward, .flags = GATE_CALL | GATE_NO_GRADIENT,
     .rows = ROWS_LAST,
     .torch = "torch.argmax(A, -1) * 1.0",
     .onnx = "Cast(ArgMax(A, axis=-1, keepdims=0), to=1)",
     .example = "argmax([1, 3, 2])"},
    {.name = "argmin", .sign = "argmin", .min_in = 1, .max_in = 1, .shape = shape_place,
     .forward = argmin_forward, .flags = GATE_CALL | GATE_NO_GRADIENT,
     .rows = ROWS_LAST,
     .torch = "torch.argmin(A, -1) * 1.0",
     .onnx = "Cast(ArgMin(A, axis=-1, keepdims=0), to=1)",
     .example = "argmin([3, 1, 2])"},
    {.name = "softmax", .sign = "softmax", .min_in = 1, .max_in = 1,
     .shape = shape_softmax, .forward = softmax_forward, .backward = softmax_backward,
     .flags = GATE_CALL | GATE_AXIS, .role = ROLE_SHARES, .rows = ROWS_LAST,
     .rule = {"f·(U − sum(U·f))"},
     .forms = forms_softmax,
     .example = "softmax([1, 2, 3])", .test_from = -2, .test_to = 2},
    {.name = "one_hot", .sign = "one_hot", .min_in = 1, .max_in = 1,
     .shape = shape_one_hot, .forward = one_hot_forward,
     .flags = GATE_CALL | GATE_NO_GRADIENT | GATE_COUNT, .rows = ROWS_EACH,
     .forms = forms_one_hot,
     .example = "one_hot([0, 2], 3)"},
    {.name = "matmul", .sign = "@", .infix = " @ ", .typed = "@",
     .precedence = HOLDS_TERM,
     .min_in = 2, .max_in = 2, .shape = shape_matmul, .forward = matmul_forward,
     .backward = matmul_backward, .plan = matmul_plan, .terms = matmul_terms,
     .role = ROLE_MATMUL, .rows = ROWS_LAST, .kernel = KERNEL_PRODUCT,
     .rule = {"U @ b^T", "a^T @ U"},
     .torch = "A @ B", .onnx = "MatMul(A, B)",
     .example = "[1, 2] @ [3, 4]", .test_from = -2, .test_to = 2},
    {.name = "solve", .sign = "solve", .min_in = 2, .max_in = 2, .shape = shape_solve,
     .room = room_solve, .forward = solve_forward, .backward = solve_backward,
     .flags = GATE_CALL,
     .rule = {"−v f^T, A^T v = U", "v, A^T v = U"},
     .torch = "torch.linalg.solve(A, B)",
     .example = "solve([[2, 1], [1, 3]], [3, 5])", .test_from = -2, .test_to = 2},
    {.name = "list", .sign = "[ ]", .min_in = 1, .max_in = GATE_ANY,
     .shape = shape_list,
     .forward = list_forward, .backward = list_backward, .role = ROLE_LIST,
     .torch = "torch.stack([A, ...])",
     .onnx = "Concat(Unsqueeze(A, [0]), ..., axis=0)",
     .example = "[1, 2]", .test_from = -2, .test_to = 2},
    {.name = "index", .sign = "[i]", .min_in = 1, .max_in = 1, .shape = shape_index,
     .forward = index_forward, .backward = index_backward, .role = ROLE_PART,
     .forms = forms_index,
     .example = "[5, 6, 7][1..2]", .test_from = -2, .test_to = 2},
    {0},
};
// clang-format on

const struct gate *gates_tensors(void) { return tensors; }
