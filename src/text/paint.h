/* paint: colours by their depth: what a terminal says it can show. Red, green and blue
 * as 0xRRGGBB become the escape of the nearest colour there is.
 *
 *     enum paint_depth d = paint_depth(getenv("TERM"), getenv("COLORTERM"));
 *     paint_add(&b, d, PAINT_INK, 0xff7f0e);     // "\033[38;5;208m", with 256
 */
#ifndef TEXT_PAINT_H
#define TEXT_PAINT_H

#include <stdbool.h>

#include "base/buf.h"

enum paint_depth { PAINT_NONE, PAINT_16, PAINT_256, PAINT_TRUE };
enum paint_side { PAINT_INK, PAINT_GROUND };

/* Either may be NULL: not set. */
enum paint_depth paint_depth(const char *term, const char *colorterm);
void paint_add(struct buf *b, enum paint_depth depth, enum paint_side side,
               unsigned rgb);

#endif
