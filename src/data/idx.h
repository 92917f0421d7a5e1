/* idx: the files of MNIST and its like: a count of dimensions, their sizes, then bytes.
 * http://yann.lecun.com/exdb/mnist
 */
#ifndef DATA_IDX_H
#define DATA_IDX_H

#include "data/packed.h"

/* Reads a file, plain or .gz, of bytes in `dims` dimensions, of which `white` means 1.
 * *out owned. A file that is cut short or goes on, or whose header says what is not
 * there, is refused: memory is taken as bytes arrive, not as the header says. */
struct error *idx_open(const char *path, int dims, double white, struct packed **out);

#endif
