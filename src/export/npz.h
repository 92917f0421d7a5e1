/* npz: numpy's archive of named arrays: a zip of .npy files, stored, written array by
 * array under a name that ends in its checksum (base/pair.h).
 *
 *     struct npz z;
 *     npz_open(&z, "m");
 *     npz_add(&z, "w", &shape, numbers);
 *     struct error *e = npz_close(&z, &path, &there);      // m-1a2b3c4d.npz
 */
#ifndef EXPORT_NPZ_H
#define EXPORT_NPZ_H

#include "base/pair.h"
#include "data/packed.h"
#include "engine/tensor.h"

struct npz {
    struct pair pair;
    struct file_out file;
    struct buf directory; /* of the zip */
    unsigned count;
    unsigned long sum; /* of the array in hand */
    bool large;        /* it would be more than a plain zip holds: 4 GB */
};

struct pair npz_pair(const char *base); /* how ours are called */
void npz_open(struct npz *z, const char *base);
/* As 4-byte numbers where none loses by it, or where there are very many; else as 8. */
void npz_add(struct npz *z, const char *name, const struct shape *s, const real *v);
/* As the whole numbers that they are, not over p->over. */
void npz_add_packed(struct npz *z, const char *name, const struct packed *p);
void npz_drop(struct npz *z); /* instead: nothing was written */
/* As pair_close. */
struct error *npz_close(struct npz *z, char **path, bool *there);

#endif
