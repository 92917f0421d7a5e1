/* npz: numpy's archive of named arrays, written whole: a zip of .npy files, stored.
 *
 *     struct npz z = {0};
 *     npz_add(&z, "w", &shape, numbers);
 *     struct error *e = npz_write(&z, "m.npz");      // frees it
 */
#ifndef EXPORT_NPZ_H
#define EXPORT_NPZ_H

#include "engine/tensor.h"

struct npz {
    struct buf file, directory; /* of the zip */
    unsigned count;
};

/* As 4-byte numbers where none loses by it, or where there are very many; else as 8. */
void npz_add(struct npz *z, const char *name, const struct shape *s, const real *v);
/* Refused above 4 GB, which is all a plain zip holds. */
struct error *npz_write(struct npz *z, const char *path);

#endif
