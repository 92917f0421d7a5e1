/* notes_view: `learn notes`: the speaker's page of a talk that runs in another
 * terminal, followed; what is pressed here are the talk's keys.
 *
 *     int status = notes_view(out, 0);        // the newest talk; until Ctrl-C
 */
#ifndef PRESENT_NOTES_VIEW_H
#define PRESENT_NOTES_VIEW_H

#include "text/out.h"

/* pid 0: the newest; it need not have begun. */
int notes_view(struct out *o, long pid);

#endif
