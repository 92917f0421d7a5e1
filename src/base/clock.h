/* clock: how long something takes.
 *
 *     double began = clock_seconds();
 *     if (clock_seconds() - began > 0.5) …
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

double clock_seconds(void); /* since some moment; never set back */
double clock_wall(void);    /* of the day's clock, since 1970 */
/* The day, here, counted since 1970; SOURCE_DATE_EPOCH's where that is set. */
long clock_day(void);

#endif
