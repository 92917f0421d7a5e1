/* recorder: all that is said goes into a cast, at the time it is said (`--record`);
 * where a step or a page begins is a chapter.
 *
 *     struct recorder *r;
 *     struct error *e = recorder_open(out, "3.cast", "learn lesson 3", &r);
 *     …
 *     e = recorder_close(r);                       // not all of it could be written
 */
#ifndef PRESENT_RECORDER_H
#define PRESENT_RECORDER_H

#include "text/out.h"

struct recorder;
struct error *recorder_open(struct out *o, const char *path, const char *title,
                            struct recorder **out);
struct error *recorder_close(struct recorder *r); /* r may be NULL */

#endif
