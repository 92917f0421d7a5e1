/* export: formulas as files that other programs run: ONNX, PyTorch. What is not a
 * parameter is an input: X, y and what is as long as X, or, where the formula knows no
 * X, every value it stands on; other values and parameters go along as they are now. To
 * add a format: a row in export.c and a file beside it.
 *
 *     struct exported x;
 *     struct error *e = export_open(&x, board, expr);
 *     export_varies(&x, x.inputs[0], 0);     // X's rows: as many as one likes
 *     export_close(&x);
 */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include "board/compile.h"
#include "board/session.h"
#include "engine/forms.h"

struct exported {
    /* worked out, with the first few rows in the place of all */
    struct compiled c;
    /* the same with a row more, by shape: what differs varies */
    struct compiled longer;
    struct node **inputs; /* leaves, in the graph's arena; they hold the first rows */
    int n_inputs;
    size_t few; /* rows in c; 0: the sizes are fixed */
};

struct error *export_open(struct exported *x, struct board *b, const struct expr *e);
void export_close(struct exported *x);
/* Does a dimension of n grow with the number of rows? */
bool export_varies(const struct exported *x, const struct node *n, int dim);
/* How a gate's node is written; the caller frees both forms. */
struct forms export_forms(const struct exported *x, const struct node *n);
/* Is a leaf what the board has by its name? (Not what an `at` put in its place.) */
bool export_is_own(const struct board *b, const struct node *n);
bool export_is_input(const struct exported *x, const struct node *n);
/* A formula's own name in the file: the node's, or result. */
const char *export_title(const struct node *n);

/* The formats: write the file (and what belongs beside it) or say why not. */
struct error *export_onnx(struct session *s, struct exported *x, const char *path);
struct error *export_torch(struct session *s, struct exported *x, const char *path);

struct error *export_command(struct session *s, const struct stmt *c);

#endif
