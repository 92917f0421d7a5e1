/* idx: the files of MNIST and its like: a count of dimensions, their sizes, then bytes.
 * http://yann.lecun.com/exdb/mnist
 */
#ifndef DATA_IDX_H
#define DATA_IDX_H

#include "engine/tensor.h"

/* Reads a file, plain or .gz, of bytes in `dims` dimensions. *out owned: values 0 to 255. A
 * file that is cut short, or whose header says what is not there, is refused. */
struct error *idx_open(const char *path, int dims, struct tensor **out);

#endif
