/* gates: THE TABLE of what a graph can be made of. To add one: a row, with its
 * functions above it, in the file of its family (gate_*.c); gates.c joins the families.
 * Parser, help, completion, forward, backward, algebra, export and the
 * finite-difference test follow from the row.
 *
 * Some operands want another formula, as max(a, b) does: its row stands below the one
 * that the name finds, under the same name, and shape goes over to it: n->gate++.
 *
 * forward(n) fills n->value from n->in[k]->value.
 * backward(n, k, upstream, out) adds upstream · ∂n/∂in[k] to out, the size of in[k]:
 * training passes n->grad and in[k]->grad; the teacher passes ones and shows the two
 * factors apart.
 */
#ifndef ENGINE_GATES_H
#define ENGINE_GATES_H

#include "engine/graph.h"

struct forms;

enum gate_flags {
    GATE_CALL = 1,        /* may be called by its name: sigmoid(x) */
    GATE_ELEMENTWISE = 2, /* element by element, operands may be broadcast */
    GATE_AXIS = 4,        /* takes axis= */
    GATE_ACTIVATION = 8, /* one input: plot NAME from … draws it with its derivative */
    GATE_LOSS = 16,
    GATE_FLAT = 32,        /* gradient 0 everywhere: comparisons, binary_step */
    GATE_NO_GRADIENT = 64, /* learning cannot pass: argmax, accuracy, a derivative */
    GATE_CURVE = 128,      /* an activation with a second operand: prelu, elu */
    GATE_MEAN = 256, /* the mean of an elementwise formula: `local` is one element's,
                        before the division by their number (n->over_size) */
    /* What is written behind the operands, and kept in attr: */
    GATE_COUNT = 512,  /* a whole number: one_hot(y, 10) */
    GATE_SHARE = 1024, /* a share: dropout(x, 0.5) */
    GATE_SHAPE = 2048  /* a shape: reshape(x, 2, 3) */
};

/* What it is to the algebra, in print and in a drawing. Most are functions that are
 * called by their name. */
enum gate_role {
    ROLE_FUNCTION,
    ROLE_SAME, /* its operand itself, under another name */
    ROLE_SUM,
    ROLE_DIFFERENCE,
    ROLE_PRODUCT,
    ROLE_QUOTIENT,
    ROLE_POWER,
    ROLE_NEGATIVE,
    ROLE_EQUALITY,
    ROLE_CHOICE, /* where: one operand or another */
    ROLE_LIST,   /* [a, b] */
    ROLE_PART,   /* a[0] */
    ROLE_MATMUL, /* rows times columns */
    ROLE_SHARES  /* softmax: each e^x over the sum of them */
};

/* How several numbers become one; and so are parts put together where a large set is
 * worked out a few rows at a time. */
enum gate_fold {
    FOLD_NONE,
    FOLD_SUM,
    FOLD_MEAN,
    FOLD_MOST,
    FOLD_LEAST,
    FOLD_SPREAD /* a deviation, a length: not made of its parts' ones */
};

/* What becomes of a batch's rows, where it is neither element by element nor a fold. */
enum gate_rows {
    ROWS_ALL,     /* it looks at all of them at once */
    ROWS_EACH,    /* each row of the first operand by itself */
    ROWS_LAST,    /* … where that has two dimensions or more: along the last one */
    ROWS_SETTLED, /* … of all operands but one that has averages to go by: settled */
    ROWS_OPEN,    /* … where its first size is left open, and comes to as many */
    ROWS_PAIRED,  /* the mean over rows of the first beside those of the second */
    ROWS_BESIDE   /* rows of all operands beside each other */
};

/* What a loss takes the operand a for: numbers, the chance of a yes, or a row of
 * classes. */
enum gate_answers { ANSWERS_NUMBERS, ANSWERS_YES, ANSWERS_CLASSES };

/* What train's fast kernels do in the gate's place (train/fuse.h). */
enum gate_kernel {
    KERNEL_NONE,
    KERNEL_PRODUCT,
    KERNEL_BIAS,
    KERNEL_RELU,
    KERNEL_SIGMOID,
    KERNEL_TANH,
    KERNEL_CONV,
    KERNEL_MAXPOOL,
    KERNEL_FLATTEN,
    KERNEL_RNN,
    KERNEL_LSTM,
    KERNEL_GRU,
    KERNEL_ENTROPY,
    KERNEL_SQUARES
};

/* Rows of an elementwise gate: n numbers out each, one row behind the other, and where
 * they come from. */
struct span {
    const real *in[2];
    real *value;
    /* backward: the gradient of each number out, and where what comes */
    const real *up;
    real *out; /* down of it is added: the operand's gradient */
    /* from one number to the next: 1, or 0 where broadcast */
    size_t n, step[2], out_step;
    size_t rows, row[2], out_row; /* from one row to the next */
    /* a product's: how many are added up; a mean's: of how many it is one */
    size_t inner;
};
typedef void gate_span(const struct span *s);

/* How tightly an infix gate holds its operands together. */
enum {
    HOLDS_COMPARE = 1,
    HOLDS_SUM,
    HOLDS_TERM,
    HOLDS_SIGN,
    HOLDS_POWER,
    HOLDS_ALL
}; /* HOLDS_ALL: a name, a number, a call */

/* A wrong rule that people follow in the place of a right one, so that a number can be
 * told by its mistake (explain/mistakes.h). */
enum gate_wrong {
    WRONG_LOCAL,  /* the formula in the place of `local`, element by element */
    WRONG_TIMES,  /* the right one, times the formula */
    WRONG_WALK,   /* `walk` in the place of the row's backward */
    WRONG_TURNED, /* the right one, transposed */
    WRONG_BACK,   /* a product's: the other operand not transposed */
    WRONG_VALUE   /* forwards: the formula, or walk, in the place of the value */
};

/* Of the operands, the value f, and n: of how many numbers a mean or sum is. */
typedef real gate_slip_formula(real a, real b, real f, real n);
/* As backward; of WRONG_VALUE k is the element, up NULL, and out one number. */
typedef void gate_slip_walk(const struct node *n, int k, const real *up, real *out);

struct gate_slip {
    const char *key; /* its kind, "mul.own"; its sentence is "mistake.KEY" */
    int operand;     /* what goes to this one is wrong; SLIP_EACH: to any */
    enum gate_wrong way;
    gate_slip_formula *formula;
    gate_slip_walk *walk;
};

#define SLIP_EACH -1
#define GATE_ANY -1      /* max_in: as many as there are */
enum { GATE_RULED = 5 }; /* operands of which a row may say what comes to them */

struct gate {
    const char *name;  /* "mul", "sigmoid": as called and as the help key gate.NAME */
    const char *sign;  /* in a drawn graph: "×", "σ" */
    const char *infix; /* between operands when printed: " + ", "·"; NULL: name(a, b) */
    const char *typed;  /* … and how that is typed: "+", "*" */
    int precedence;     /* of infix ones: HOLDS_… */
    int min_in, max_in; /* as written; a node may look at more (gate_written) */
    unsigned flags;
    enum gate_role role;
    enum gate_fold fold; /* of all its operand, or along an axis */
    enum gate_fold pool; /* of each window */
    enum gate_rows rows;
    enum gate_kernel kernel;
    enum gate_answers answers; /* a loss's */
    bool usual;                /* … and whoever names none takes this one for them */
    /* of a loss: may y be this? of other gates: may the first operand, a word's number?
     * NULL: it may be any number */
    bool (*labels)(const struct node *n, real y);
    double yes_from; /* an answer that ends with it means yes from here on: 0.5, or 0 */
    /* How many products each number out adds up; NULL: it is no sum of products. */
    size_t (*terms)(const struct node *n);
    /* Numbers it keeps beside its value (node.room); NULL: none. */
    size_t (*room)(const struct node *n);
    struct error *(*shape)(struct node *n); /* sets n->shape, reads in, attr */
    void (*forward)(struct node *n);
    void (*backward)(const struct node *n, int k, const real *upstream, real *out);
    /* Does anything go to operand k, at the values now? NULL: always. */
    bool (*passes)(const struct node *n, int k);
    /* Keeps averages over the batches in its last operands: they go a little towards
     * this one, or back to where they begin. */
    void (*settle)(const struct node *n, bool begin);
    /* the value, in the signs of `local`; NULL where it has none */
    const char *formula;
    /* Element by element the same of one span, where the gate is made of a formula of
     * one or two operands: forward and backward walk over the spans. */
    gate_span *each, *each_back[2];
    /* Of other gates: what of forward (k < 0) or of backward to operand k can be
     * decided once. Fills the span, whose up and out are there, for the function that
     * it returns; NULL where nothing can. */
    gate_span *(*plan)(const struct node *n, int k, struct span *s);
    /* ∂n/∂in[k] as a formula of the operands a, b, c and the value f itself, element by
     * element: "b", "f*(1-f)". NULL where it is none: then `rule` says it in the
     * field's signs, with U for upstream: "U @ b^T". The algebraic method and the
     * explanations both read these. */
    const char *local[GATE_RULED];
    const char *rule[GATE_RULED];
    /* What people do instead, the commonest first, ended by no key; NULL: nothing
     * known. */
    const struct gate_slip *slips;
    /* The same elsewhere, for export (engine/forms.h): "A + B" in PyTorch, "Add(A, B)"
     * in ONNX. What is not the same for every node is NULL, and `forms` adds it. */
    const char *torch, *onnx;
    void (*forms)(const struct node *n, struct forms *f);
    const char *unfit;   /* the error that says when it makes no number; or NULL */
    const char *example; /* run by the tests: "sigmoid(0)" */
    /* where finite differences of its test are taken (inputs away from kinks) */
    double test_from, test_to;
};

/* Is n a gate of this role? */
static inline bool gate_is(const struct node *n, enum gate_role role) {
    return n->gate && n->gate->role == role;
}
/* From where on one neuron's answer means yes: 0.5 behind a sigmoid, else 0: its
 * sign. */
static inline double gate_yes_from(const struct node *n) {
    while (gate_is(n, ROLE_SAME)) n = n->in[0];
    return n->gate ? n->gate->yes_from : 0;
}

/* How many of its operands are written: binary_cross_entropy(p, y) looks behind p. */
static inline int gate_written(const struct node *n) {
    int most = n->gate->max_in;
    return most == GATE_ANY || n->n_in < most ? n->n_in : most;
}

/* NULL where there is none */
ENGINE_API const struct gate *gate_find(const char *name);
/* - of 1 is neg; or NULL */
ENGINE_API const struct gate *gate_typed(const char *sign, int operands);
ENGINE_API size_t gate_count(void);
ENGINE_API const struct gate *gate_at(size_t i); /* NULL after the last */
/* Its i; gate_count() where it is in no table (a derivative). The float rows have the
 * same places (train/kernels.h). */
ENGINE_API size_t gate_place(const struct gate *gate);
#endif
