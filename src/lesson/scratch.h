/* scratch: a folder in /tmp where lint runs the lines that write files. It is made when
 * the first of them comes, and gone when the program ends; one that a killed learn left
 * there is removed by the next.
 *
 *     int here = scratch_enter();          // -1: there is none
 *     …                                    // what is written now is written there
 *     scratch_leave(here);
 *     scratch_remove();
 */
#ifndef LESSON_SCRATCH_H
#define LESSON_SCRATCH_H

int scratch_enter(void);
void scratch_leave(int here);
void scratch_remove(void); /* and all that is in it */

#endif
